use std::time::Duration;

use firstline_discord::StaffRole;
use firstline_engine::{conversation::Policy, people::Role};
use firstline_knowledge::Language;
use firstline_telegram::Mode;
use secrecy::ExposeSecret as _;
use tempfile::TempDir;

use super::{keys::KEYS, *};

/// A configuration in the making: a directory of its own, and an environment that holds nothing but what the test says.
struct Try {
    directory: TempDir,
    sources: Sources,
}

fn with_file(text: &str) -> Try {
    let here = nothing();
    std::fs::write(here.directory.path().join(FILE_NAME), text).unwrap();
    here
}

fn nothing() -> Try {
    let directory = tempfile::tempdir().unwrap();
    let sources = Sources { directory: directory.path().to_owned(), ..Sources::default() };
    Try { directory, sources }
}

impl Try {
    fn env(mut self, name: &str, value: &str) -> Self {
        self.sources.environment.push((name.into(), value.into()));
        self
    }

    fn flag(mut self, key: &'static str, value: &str, flag: &'static str) -> Self {
        self.sources.flags.push((key, value.to_owned(), flag));
        self
    }

    fn load(self) -> Settings {
        load(self.sources).unwrap()
    }

    fn refused(self, parts: &[&str]) -> String {
        let message = load(self.sources).unwrap_err().to_string();
        for part in parts {
            assert!(message.contains(part), "{message:?} lacks {part:?}");
        }
        message
    }
}

#[test]
fn without_anything_there_are_defaults() {
    let settings = nothing().load();
    assert_eq!(settings.desk, Policy::default());
    assert_eq!(settings.database.to_string(), "sqlite:firstline.db");
    assert_eq!(settings.web.unwrap().to_string(), "127.0.0.1:8080");
    assert!(settings.telegram.token.is_none() && settings.discord.token.is_none());
    assert_eq!(settings.log.format, LogFormat::Text);
    assert!(settings.file.is_none());
}

/// The default file with each `#key = value` turned into a setting.
fn uncommented() -> String {
    let line = |line: &'static str| match line.strip_prefix('#') {
        Some(setting) if setting.starts_with(|first: char| first.is_ascii_lowercase()) => setting,
        _ => line,
    };
    DEFAULT_FILE.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_default_file_says_the_defaults() {
    let said = with_file(&uncommented()).load();
    let built_in = nothing().load();
    let comparable = |settings: Settings| format!("{:?}", Settings { file: None, ..settings });
    assert_eq!(comparable(said), comparable(built_in));
}

#[test]
fn the_default_file_as_it_is_changes_nothing() {
    let as_it_is = with_file(DEFAULT_FILE).load();
    assert!(as_it_is.file.is_some());
    assert_eq!(as_it_is.desk, Policy::default());
}

#[test]
fn the_default_file_names_every_key() {
    let mut section = "";
    let mut named = Vec::new();
    for line in DEFAULT_FILE.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name;
        } else if let Some((key, _)) = line.strip_prefix('#').and_then(|line| line.trim_start().split_once(" = ")) {
            named.push(format!("{section}.{key}"));
        }
    }
    for key in KEYS {
        assert!(named.iter().any(|name| name == key), "{key} is not in the default file");
    }
}

#[test]
fn flags_win_over_environment_over_file_over_defaults() {
    let file = "[desk]\nname = \"from the file\"\n[database]\nurl = \"sqlite:file.db\"\n[log]\nformat = \"json\"\n";
    let name = |layers: Try| layers.load().desk.desk_name;
    assert_eq!(name(nothing()), "Firstline");
    assert_eq!(name(with_file(file)), "from the file");
    assert_eq!(name(with_file(file).env("FIRSTLINE_DESK__NAME", "from the environment")), "from the environment");

    let all = with_file(file)
        .env("FIRSTLINE_DATABASE__URL", "sqlite:env.db")
        .flag("database.url", "sqlite:flag.db", "--database")
        .load();
    assert_eq!(all.database.to_string(), "sqlite:flag.db");
    assert_eq!(all.desk.desk_name, "from the file", "a layer replaces keys and not sections");
    assert_eq!(all.log.format, LogFormat::Json);
}

#[test]
fn a_file_can_be_named_and_must_be_there_then() {
    let here = with_file("[desk]\nname = \"not this one\"\n");
    let other = here.directory.path().join("other.toml");
    std::fs::write(&other, "[desk]\nname = \"this one\"\n").unwrap();
    let mut named = here;
    named.sources.file = Some(other.clone());
    assert_eq!(named.load().desk.desk_name, "this one");

    let by_variable = nothing().env("FIRSTLINE_CONFIG", other.to_str().unwrap());
    by_variable.refused(&["other.toml", "cannot be read", "firstline init"]);
}

#[test]
fn unknown_keys_are_named_with_their_place_and_the_nearest_key() {
    let check = |text: &str, parts: &[&str]| {
        with_file(text).refused(parts);
    };
    check(
        "[desk]\n\nlanguag = \"de\"\n",
        &["firstline.toml, line 3", "\"desk.languag\"", "did you mean \"desk.language\"?"],
    );
    check("[databse]\nurl = \"sqlite:a.db\"\n", &["line 1", "no section \"databse\"", "did you mean \"database\"?"]);
    check(
        "[smtp]\nhost = \"hunter2\"\n",
        &["no section \"smtp\"", "the sections are desk, sla, knowledge, database, telegram, discord, web, log"],
    );
    check("telegram = \"hunter2\"\n", &["line 1", "it is a section", "\"telegram.token\""]);
    check("[telegram.token]\nvalue = \"hunter2\"\n", &["\"telegram.token\" cannot take a table"]);
    check("[web]\nport = 80\n", &["\"web.port\"", "the keys of this section are \"web.listen\""]);
    let both = with_file("[desk]\nnam = 1\nqueue = 2\n").refused(&["desk.nam", "desk.queue"]);
    assert_eq!(both.lines().count(), 3, "all problems are told at once: {both}");
}

#[test]
fn unknown_variables_are_named_with_the_nearest_one() {
    let check = |name: &str, parts: &[&str]| {
        let message = nothing().env(name, "hunter2").refused(parts);
        assert!(!message.contains("hunter2"), "{message}");
    };
    check("FIRSTLINE_DATABSE__URL", &["FIRSTLINE_DATABSE__URL", "did you mean FIRSTLINE_DATABASE__URL?"]);
    check("FIRSTLINE_DATABASE_URL", &["did you mean FIRSTLINE_DATABASE__URL?"]);
    check("FIRSTLINE_TOKEN", &["FIRSTLINE_TOKEN: there is no such setting"]);
    check("FIRSTLINE_TELEGRAM", &["it is a section", "FIRSTLINE_TELEGRAM__TOKEN_FILE"]);
    nothing().env("FIRSTLINE_TEST_DATABASE", "x").env("HOME", "x").env("FIRSTLINE_CONFIG", "").load();
}

#[test]
fn environment_values_keep_their_text() {
    let settings = nothing()
        .env("FIRSTLINE_TELEGRAM__TOKEN", "00123456")
        .env("FIRSTLINE_DISCORD__TOKEN", "true")
        .env("FIRSTLINE_DESK__NAME", "1e3")
        .env("FIRSTLINE_DESK__ATTEMPTS_BEFORE_HUMAN", "3")
        .env("FIRSTLINE_DESK__QUEUES", "it, hr")
        .env("FIRSTLINE_DESK__LANGUAGE", "de")
        .env("FIRSTLINE_WEB__LISTEN", "")
        .load();
    assert_eq!(settings.telegram.token.unwrap().secret.expose_secret(), "00123456");
    assert_eq!(settings.discord.token.unwrap().secret.expose_secret(), "true");
    assert_eq!(settings.desk.desk_name, "1e3");
    assert_eq!(settings.desk.attempts_before_human, 3);
    assert_eq!(settings.desk.queues, ["it", "hr"]);
    assert_eq!(settings.desk.default_language, Language::De);
    assert_eq!(settings.web, None);
}

#[test]
fn values_are_checked_and_the_error_says_what_to_write() {
    let check = |text: &str, parts: &[&str]| {
        with_file(text).refused(parts);
    };
    check("[desk]\nleave_after = \"soon\"\n", &["desk.leave_after (firstline.toml, line 2)", "\"15m\""]);
    check("[desk]\nlanguage = \"fr\"\n", &["desk.language", "\"en\""]);
    check("[desk]\nattempts_before_human = 0\n", &["desk.attempts_before_human", "from 1 to 20"]);
    check("[desk]\nattempts_before_human = 300\n", &["desk.attempts_before_human (firstline.toml, line 2)"]);
    check("[desk]\nattempts_before_human = \"many\"\n", &["desk.attempts_before_human", "line 2"]);
    check("[desk]\nqueues = []\n", &["desk.queues", "at least one"]);
    check("[desk]\nqueues = [\"a\", \"a\"]\n", &["desk.queues", "twice"]);
    check("[desk]\nqueues = [\"\"]\n", &["desk.queues", "blank"]);
    check("[desk]\nname = \" \"\n", &["desk.name", "blank"]);
    check("[database]\nurl = \"mysql://a\"\n", &["database.url", "sqlite:"]);
    check("[web]\nlisten = \"80\"\n", &["web.listen", "127.0.0.1:8080"]);
    check("[log]\nformat = \"xml\"\n", &["log.format", "\"json\""]);
    check("[log]\nfilter = \"a=b=c\"\n", &["log.filter", "warn,firstline=debug"]);
    check("[telegram]\napi_url = \"http://api.example.org\"\n", &["telegram.api_url", "unencrypted"]);
    check("[discord]\ngateway_url = \"ws://gateway.example.org\"\n", &["discord.gateway_url", "wss://"]);
    with_file("[desk]\nrate_for = \"3d\"\n[discord]\ngateway_url = \"ws://127.0.0.1:1\"\n").load();
    assert_eq!(with_file("[desk]\nrate_for = \"3d\"\n").load().desk.rate_for, Duration::from_hours(72));
    nothing().flag("database.url", "firstline.db", "--database").refused(&["database.url (the flag --database)"]);
}

#[test]
fn tokens_come_from_one_place() {
    let here = nothing();
    let file = here.directory.path().join("token");
    std::fs::write(&file, "  123:abc\n").unwrap();
    let token = here.env("FIRSTLINE_TELEGRAM__TOKEN_FILE", file.to_str().unwrap()).load().telegram.token.unwrap();
    assert_eq!(token.secret.expose_secret(), "123:abc");
    assert_eq!(token.file, Some(file));

    with_file("[telegram]\ntoken_file = \"/nowhere\"\n").env("FIRSTLINE_TELEGRAM__TOKEN", "hunter2").refused(&[
        "telegram.token (the environment variable FIRSTLINE_TELEGRAM__TOKEN)",
        "telegram.token_file is set, too (firstline.toml, line 2)",
    ]);
    with_file("[discord]\ntoken_file = \"/nowhere/token\"\n")
        .refused(&["discord.token_file", "/nowhere/token", "cannot be read"]);
    assert!(nothing().env("FIRSTLINE_TELEGRAM__TOKEN", " ").load().telegram.token.is_none(), "a blank token is none");
}

#[test]
fn secrets_are_never_shown() {
    let settings = with_file("[telegram]\ntoken = \"hunter2\"\n")
        .env("FIRSTLINE_DISCORD__TOKEN", "hunter2")
        .env("FIRSTLINE_DATABASE__URL", "postgres://desk:hunter2@127.0.0.1/desk")
        .load();
    assert!(!format!("{settings:?}").contains("hunter2"));
    assert!(!settings.database.to_string().contains("hunter2"));

    let hidden = |message: String| assert!(!message.contains("hunter2"), "{message}");
    hidden(with_file("[telegram]\ntoken = hunter2\n").refused(&["firstline.toml, line 2", "quotation marks"]));
    hidden(with_file("[telegram]\ntoken = [\"hunter2\"]\n").refused(&["telegram.token"]));
    hidden(with_file("[telegram]\ntoken = { value = \"hunter2\" }\n").refused(&["telegram.token"]));
    hidden(with_file("[database]\nurl = \"postgress://desk:hunter2@127.0.0.1/desk\"\n").refused(&["database.url"]));
}

#[test]
fn the_snapshot_is_somewhere_or_nowhere() {
    let snapshot = |value: &str| nothing().env("FIRSTLINE_KNOWLEDGE__SNAPSHOT", value).load().snapshot;
    assert_eq!(nothing().load().snapshot, SnapshotSetting::Default);
    assert_eq!(snapshot(""), SnapshotSetting::Default);
    assert_eq!(snapshot("off"), SnapshotSetting::Off);
    assert_eq!(snapshot("/var/cache/desk.index"), SnapshotSetting::At("/var/cache/desk.index".into()));
}

#[test]
fn how_often_the_desk_may_be_wrong_is_a_share() {
    assert_eq!(nothing().load().matching, firstline_knowledge::MatchSettings::default());
    let strict = nothing().env("FIRSTLINE_KNOWLEDGE__WRONG_AT_MOST", "0.01").load();
    assert!((strict.matching.wrong_at_most - 0.01).abs() < 1e-9);
    with_file("[knowledge]\nwrong_at_most = 3.0\n").refused(&["knowledge.wrong_at_most", "0.03 for 3 in 100"]);
}

#[test]
fn a_webhook_needs_an_address_and_a_secret() {
    assert!(matches!(nothing().load().telegram.mode, Mode::Polling));
    let webhook = || nothing().env("FIRSTLINE_TELEGRAM__MODE", "webhook");
    let url = ("FIRSTLINE_TELEGRAM__WEBHOOK__PUBLIC_URL", "https://desk.example.org/telegram");
    webhook().refused(&["telegram.webhook.public_url", "telegram.webhook.secret", "openssl rand -hex 32"]);
    webhook().env(url.0, url.1).refused(&["telegram.webhook.secret"]);
    webhook().env(url.0, url.1).env("FIRSTLINE_TELEGRAM__WEBHOOK__SECRET", " ").refused(&["telegram.webhook.secret"]);
    let short = webhook().env(url.0, url.1).env("FIRSTLINE_TELEGRAM__WEBHOOK__SECRET", "hunter2");
    let message = short.refused(&["telegram.webhook.secret", "16 to 256"]);
    assert!(!message.contains("hunter2"), "{message}");
    let plain = webhook().env(url.0, "http://desk.example.org/telegram");
    plain.refused(&["telegram.webhook.public_url", "https://"]);
    let port = webhook().env(url.0, "https://desk.example.org:9000/telegram");
    port.refused(&["443, 80, 88 and 8443", "9000"]);
    nothing().env("FIRSTLINE_TELEGRAM__MODE", "push").refused(&["telegram.mode", "\"webhook\""]);

    let whole = webhook().env(url.0, url.1).env("FIRSTLINE_TELEGRAM__WEBHOOK__SECRET", "0123456789abcdef-_");
    let settings = whole.load();
    let Mode::Webhook(found) = &settings.telegram.mode else { panic!("{settings:?}") };
    assert_eq!((found.listen.to_string().as_str(), found.public_url.path()), ("127.0.0.1:8443", "/telegram"));
    assert!(!format!("{settings:?}").contains("0123456789"), "{settings:?}");
}

#[test]
fn the_desk_has_hours() {
    use firstline_engine::{sla::Calendar, time::Timestamp};

    assert_eq!(nothing().load().desk.sla.calendar, Calendar::default());
    let file = "[sla]\nhours = [\"mon-fri 9:00-17:00\"]\ntime_zone = \"Europe/Berlin\"\nholidays = [\"2026-11-26\"]\n";
    let calendar = with_file(file).load().desk.sla.calendar;
    // A Wednesday at 16:00 in Berlin.
    let due = calendar.after(Timestamp(1_795_618_800_000), Duration::from_hours(2));
    assert_eq!(calendar.tell(due), "2026-11-27 10:00 CET");
    let by_variable =
        nothing().env("FIRSTLINE_SLA__HOURS", "mon-fri 9:00-17:00").env("FIRSTLINE_SLA__TIME_ZONE", "Europe/Berlin");
    assert_eq!(by_variable.env("FIRSTLINE_SLA__HOLIDAYS", "2026-11-26").load().desk.sla.calendar, calendar);
    with_file("[sla]\nhours = [\"8-17\"]\n").refused(&["sla.hours (firstline.toml, line 2)", "mon-fri 08:00-17:00"]);
    with_file("[sla]\ntime_zone = \"Berlin\"\n").refused(&["sla.time_zone", "Europe/Berlin"]);
    with_file("[sla]\nholidays = [\"24.12.\"]\n").refused(&["sla.holidays", "\"12-25\""]);
}

#[test]
fn a_role_gives_a_right() {
    let role = |id, right| StaffRole { id, right };
    let settings = nothing().env("FIRSTLINE_DISCORD__STAFF_ROLES", "7, admin = 8,agent=9").load();
    let expected = [role(7, Role::Agent), role(8, Role::Admin), role(9, Role::Agent)];
    assert_eq!(settings.discord.staff_roles, expected);
    let refused = |line: &str, parts: &[&str]| {
        with_file(&format!("[discord]\nstaff_roles = [{line}]\n")).refused(parts);
    };
    refused("\"boss=7\"", &["discord.staff_roles (firstline.toml, line 2)", "\"boss\" is no right", "\"admin=7\""]);
    refused("\"requester=7\"", &["discord.staff_roles", "agent or admin"]);
    refused("\"admin=Chef\"", &["discord.staff_roles", "\"Chef\" is no id"]);
    refused("\"7\", \"admin=7\"", &["discord.staff_roles", "role 7 is there with two rights"]);
}

#[test]
fn a_room_can_have_a_language_of_its_own() {
    let settings = nothing()
        .env("FIRSTLINE_TELEGRAM__ROOMS", "helpdesk=-1001:de, second-level=-1002")
        .env("FIRSTLINE_DISCORD__ROOMS", "helpdesk=7:en")
        .load();
    let rooms = settings.telegram.rooms.iter().map(|room| (room.queue.as_str(), room.id, room.language));
    assert_eq!(rooms.collect::<Vec<_>>(), [("helpdesk", -1001, Some(Language::De)), ("second-level", -1002, None)]);
    assert_eq!((settings.discord.rooms[0].id, settings.discord.rooms[0].language), (7, Some(Language::En)));
    nothing().env("FIRSTLINE_TELEGRAM__ROOMS", "helpdesk=-1001:fr").refused(&["telegram.rooms", "\"de\" for German"]);
}
