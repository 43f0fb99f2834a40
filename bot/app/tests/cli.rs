//! The real binary, as somebody types it: each test has a folder of its own, and an environment without settings.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "a test fails by panicking")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

/// Somebody's folder to type commands in.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn type_with(&self, environment: &[(&str, &str)], line: &[&str]) -> Typed {
        let mut command = Command::new(env!("CARGO_BIN_EXE_firstline"));
        command.args(line).current_dir(self.folder.path()).env("RUST_BACKTRACE", "0");
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("FIRSTLINE_") {
                command.env_remove(name);
            }
        }
        let Output { status, stdout, stderr } = command.envs(environment.iter().copied()).output().unwrap();
        Typed {
            line: line.join(" "),
            code: status.code().unwrap(),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }

    fn types(&self, line: &[&str]) -> Typed {
        self.type_with(&[], line)
    }
}

/// What came of a command.
#[derive(Debug)]
struct Typed {
    line: String,
    code: i32,
    stdout: String,
    stderr: String,
}

impl Typed {
    #[track_caller]
    fn succeeds(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// Ends with this exit code, and says these things on standard error.
    #[track_caller]
    fn fails(self, code: i32, parts: &[&str]) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        for part in parts {
            assert!(self.stderr.contains(part), "`{}` says {:?}, which lacks {part:?}", self.line, self.stderr);
        }
        self
    }

    #[track_caller]
    fn says(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.stdout.contains(part), "`{}` says {:?}, which lacks {part:?}", self.line, self.stdout);
        }
        self
    }

    /// Standard output as JSON, with nothing else on it.
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

const ARTICLE: &str = "---\nid: coffee-machine\nlanguage: en\ntitle: The coffee machine leaks\ncategory: facilities\n---\n\nTell facilities.\n";

#[test]
fn a_question_to_a_fresh_database_is_answered() {
    let desk = Desk::new();
    let asked = desk.types(&["kb", "ask", "my outloook wont conect", "--json"]).succeeds();
    assert_eq!(asked.stderr, "", "nothing but the answer");
    let answer = asked.json();
    let keys: Vec<&String> = answer.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["articles", "confidence", "verdict"]);
    assert!(["answer", "ambiguous"].contains(&answer["verdict"].as_str().unwrap()), "{answer}");
    assert!((0.0..=1.0).contains(&answer["confidence"].as_f64().unwrap()));
    let first = answer["articles"][0].as_object().unwrap();
    assert_eq!(first.keys().collect::<Vec<_>>(), ["id", "language", "score", "title"]);
    assert!(first["title"].as_str().unwrap().contains("Outlook"), "{answer}");
    assert!(desk.path("firstline.db").exists());

    let unknown =
        desk.types(&["kb", "ask", "what", "is", "the", "capital", "of", "France", "--json"]).succeeds().json();
    assert_eq!(unknown["verdict"], "unknown");
    desk.types(&["kb", "ask", "drucker druckt nicht"]).succeeds().says(&["  de  "]);
}

#[test]
fn articles_go_out_and_come_back_the_same() {
    let (desk, other) = (Desk::new(), Desk::new());
    desk.types(&["kb", "export", "articles"]).succeeds().says(&["Wrote ", " articles to articles"]);
    assert!(desk.path("articles/en").is_dir() && desk.path("articles/de").is_dir());
    desk.types(&["kb", "export", "articles"]).fails(1, &["not empty", "--force"]);
    desk.types(&["kb", "export", "articles", "--force"]).succeeds();

    let again = desk.types(&["kb", "import", "articles", "--prune", "--json"]).succeeds().json();
    assert_eq!((&again["inserted"], &again["replaced"], &again["removed"]), (&0.into(), &0.into(), &0.into()));
    assert_eq!(again["unchanged"], desk.types(&["kb", "list", "--json"]).json().as_array().unwrap().len());

    other.write("one/coffee.md", ARTICLE);
    other.types(&["kb", "import", "one", "--prune"]).succeeds().says(&["1 added"]);
    let articles = desk.path("articles");
    other.types(&["kb", "import", articles.to_str().unwrap(), "--prune"]).succeeds().says(&["1 removed"]);
    other.types(&["kb", "export", "back"]).succeeds();
    assert_eq!(contents(&articles), contents(&other.path("back")));
}

/// The files of a folder with their texts, by name.
fn contents(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for language in ["de", "en"] {
        for entry in fs::read_dir(folder.join(language)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().display().to_string();
            found.push((name, fs::read_to_string(path).unwrap()));
        }
    }
    found.sort();
    assert!(!found.is_empty());
    found
}

#[test]
fn an_import_with_errors_lists_them_all_and_changes_nothing() {
    let desk = Desk::new();
    desk.write("new/good.md", ARTICLE);
    desk.write("new/double.md", ARTICLE);
    desk.write("new/sub/typo.md", &ARTICLE.replace("category", "catgory"));
    desk.write("new/sub/plain.md", "# No front matter\n");
    let before = desk.types(&["kb", "list", "--json"]).succeeds().stdout;
    desk.types(&["kb", "import", "new"]).fails(
        1,
        &["nothing was imported", "new/sub/typo.md: line 5", "new/sub/plain.md", "coffee-machine", "new/double.md"],
    );
    assert_eq!(desk.types(&["kb", "list", "--json"]).stdout, before);

    let only = desk.types(&["kb", "import", "new/good.md", "--prune", "--dry-run", "--json"]).succeeds().json();
    assert_eq!((&only["inserted"], &only["dry_run"]), (&1.into(), &true.into()));
    assert!(only["removed"].as_u64().unwrap() > 0);
    assert_eq!(desk.types(&["kb", "list", "--json"]).stdout, before);
    desk.types(&["kb", "import", "nowhere"]).fails(1, &["nowhere"]);
    desk.types(&["kb", "import", "new/good.md"]).succeeds().says(&["1 added, 0 replaced"]);
    desk.types(&["kb", "import", "new/good.md"]).succeeds().says(&["0 added, 0 replaced, 1 unchanged"]);
    let asked = desk.types(&["kb", "ask", "the coffee machine leaks", "--json"]).json();
    assert_eq!(asked["articles"][0]["id"], "coffee-machine");
}

#[test]
fn articles_that_were_removed_stay_away() {
    let desk = Desk::new();
    desk.write("coffee.md", ARTICLE);
    desk.types(&["kb", "import", "coffee.md", "--prune"]).succeeds();
    assert_eq!(
        desk.types(&["kb", "list", "--json"]).json().as_array().unwrap().len(),
        1,
        "the starter base is loaded once"
    );
}

#[test]
fn init_writes_a_file_once() {
    let desk = Desk::new();
    desk.types(&["init"]).succeeds().says(&["firstline.toml"]);
    let text = fs::read_to_string(desk.path("firstline.toml")).unwrap();
    assert!(text.contains("[desk]") && text.contains("#leave_after"));
    desk.write("firstline.toml", "[desk]\nname = \"Mine\"\n");
    desk.types(&["init"]).fails(1, &["firstline.toml is there already", "--force"]);
    assert!(fs::read_to_string(desk.path("firstline.toml")).unwrap().contains("Mine"));
    desk.types(&["init", "--force"]).succeeds();
    desk.types(&["--config", "other.toml", "init"]).succeeds();
    assert!(desk.path("other.toml").exists());
    desk.types(&["doctor"]).succeeds();
}

#[test]
fn doctor_tells_what_is_wrong_and_touches_nothing() {
    let desk = Desk::new();
    let off = [("FIRSTLINE_WEB__LISTEN", "")];
    desk.type_with(&off, &["doctor"])
        .succeeds()
        .says(&["ok    configuration", "warn  database", "is not there yet", "serve"]);
    assert!(!desk.path("firstline.db").exists());
    desk.types(&["migrate"]).succeeds();
    let report = desk.type_with(&off, &["doctor", "--json"]).succeeds().json();
    assert_eq!(report["ok"], true);
    let names: Vec<&str> =
        report["checks"].as_array().unwrap().iter().map(|check| check["name"].as_str().unwrap()).collect();
    for name in ["configuration", "database", "articles", "agents", "inbox", "outbox", "web", "telegram", "discord"] {
        assert!(names.contains(&name), "{name} is not checked: {names:?}");
    }

    desk.write("firstline.toml", "[desk]\nlanguag = \"de\"\n");
    let wrong = desk.types(&["doctor", "--json"]);
    assert_eq!(wrong.code, 1);
    assert_eq!(wrong.json()["ok"], false);
    assert!(wrong.stdout.contains("desk.languag"));
    desk.write("firstline.toml", "");
    let nowhere = desk.types(&["doctor", "--database", "sqlite:no/such/folder/a.db"]);
    assert_eq!(nowhere.code, 1);
    nowhere.says(&["FAIL  database", "create it"]);
}

#[test]
fn tokens_are_never_printed() {
    let desk = Desk::new();
    desk.write("token", "hunter2");
    let secrets = [
        ("FIRSTLINE_TELEGRAM__TOKEN", "hunter2"),
        // Nobody listens there.
        ("FIRSTLINE_TELEGRAM__API_URL", "http://127.0.0.1:1"),
        ("FIRSTLINE_DISCORD__TOKEN_FILE", "token"),
        ("FIRSTLINE_WEB__LISTEN", ""),
    ];
    let checked = desk.type_with(&secrets, &["doctor", "--log", "trace"]).succeeds().says(&["there is a token"]);
    assert!(!format!("{checked:?}").contains("hunter2"));
}

#[test]
fn what_cannot_be_used_ends_with_two() {
    let desk = Desk::new();
    desk.types(&["sevre"]).fails(2, &["serve"]);
    desk.types(&["ticket", "show", "abc"]).fails(2, &["abc"]);
    desk.types(&["--config", "missing.toml", "kb", "list"]).fails(2, &["missing.toml", "firstline init"]);
    desk.type_with(&[("FIRSTLINE_DATABSE__URL", "x")], &["kb", "list"])
        .fails(2, &["FIRSTLINE_DATABSE__URL", "FIRSTLINE_DATABASE__URL"]);
    desk.types(&["--database", "mysql://root:hunter2@host/a", "kb", "list"]).fails(2, &["database.url", "--database"]);
    desk.types(&["ticket", "show", "1001"]).fails(1, &["no ticket #1001"]);
    desk.types(&["--help"]).succeeds().says(&["Examples:", "serve", "doctor", "Exit codes"]);
}

#[test]
fn migrations_are_applied_once() {
    let desk = Desk::new();
    let status = desk.types(&["migrate", "--status", "--json"]).succeeds().json();
    assert!(!status["pending"].as_array().unwrap().is_empty());
    assert!(!desk.path("firstline.db").exists(), "--status changes nothing");
    let first = desk.types(&["migrate", "--json"]).succeeds().json();
    assert_eq!(first["applied_now"], status["pending"]);
    let second = desk.types(&["migrate", "--json"]).succeeds().json();
    assert_eq!(second["applied_now"], Value::Array(Vec::new()));
    assert_eq!(second["applied"], status["pending"]);
    desk.types(&["migrate"]).succeeds().says(&["up to date"]);
}

#[test]
fn agents_come_and_go() {
    let desk = Desk::new();
    desk.types(&["agent", "list"]).succeeds().says(&["Nobody is an agent yet"]);
    desk.types(&["agent", "add", "anna"]).succeeds().says(&["anna is an agent now"]);
    desk.types(&["agent", "add", "Bo", "--platform", "telegram", "--user-id", "123", "--admin"])
        .succeeds()
        .says(&["an admin"]);
    desk.types(&["agent", "add", "Bo", "--platform", "telegram", "--user-id", "@bo"]).fails(1, &["never changes"]);
    let staff = desk.types(&["agent", "list", "--json"]).succeeds().json();
    let roles: Vec<&str> = staff.as_array().unwrap().iter().map(|person| person["role"].as_str().unwrap()).collect();
    assert_eq!(roles.len(), 2);
    assert!(roles.contains(&"agent") && roles.contains(&"admin"));
    desk.types(&["agent", "remove", "anna"]).succeeds().says(&["no agent any more"]);
    desk.types(&["agent", "remove", "anna"]).fails(1, &["is no agent"]);
    desk.types(&["agent", "remove", "nobody"]).fails(1, &["there is no account"]);
    desk.types(&["chat", "--agent", "anna"]).fails(1, &["agent add anna"]);
}
