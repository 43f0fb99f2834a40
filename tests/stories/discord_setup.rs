//! Getting an app ready: `firstline discord setup` registers its commands and says what is still to be clicked, until nothing is.

use firstline_tests::{
    both_databases,
    cli::Ran,
    desk::{Desk, run},
    discord::{Discord, Right, TOKEN},
};
use serde_json::{Value, json};

both_databases!(an_app_is_made_ready, only_the_servers_that_are_served_have_commands);

async fn firstline(desk: &Desk, discord: &Discord, line: &[&str], settings: &[(&str, String)]) -> Ran {
    let mut command = desk.command(line);
    command.env("FIRSTLINE_DISCORD__TOKEN", TOKEN).env("FIRSTLINE_DISCORD__API_URL", discord.url());
    for (name, value) in settings {
        command.env(name, value);
    }
    run(command, line).await
}

fn named<'a>(commands: &'a [Value], name: &str) -> &'a Value {
    let found = commands.iter().find(|command| command["name"] == name);
    found.unwrap_or_else(|| panic!("there is no command {name}: {commands:?}"))
}

async fn an_app_is_made_ready(desk: &Desk) {
    let discord = Discord::start().await;
    let guild = discord.guild("Acme");
    let (room, help, role) = (guild.channel("helpdesk"), guild.channel("hilfe"), guild.role("support"));
    let settings = [
        ("FIRSTLINE_DISCORD__ROOMS", format!("helpdesk={}", room.id())),
        ("FIRSTLINE_DISCORD__HELP_CHANNELS", help.id().to_string()),
        ("FIRSTLINE_DISCORD__STAFF_ROLES", format!("{role},admin=4242")),
    ];
    discord.lets_read_messages(false);
    room.denies(Right::ManageThreads);
    room.denies(Right::AddReactions);
    room.denies(Right::PinMessages);
    help.denies(Right::CreatePrivateThreads);
    let doctor = firstline(desk, &discord, &["doctor"], &settings).await;
    assert!(doctor.stdout.contains("Message Content Intent"), "{}", doctor.stdout);
    assert!(discord.commands().is_empty(), "doctor changes nothing");

    let first = firstline(desk, &discord, &["discord", "setup"], &settings).await.succeeds();
    for part in [
        "switch on \"Message Content Intent\" in the developer portal (Bot > Privileged Gateway Intents)",
        "allow the app in the channel #helpdesk of Acme (discord.rooms): ",
        "Manage Threads",
        "Add Reactions",
        "Pin Messages",
        "allow the app in the channel #hilfe of Acme (discord.help_channels): Create Private Threads.",
        "Edit Channel > Permissions > add the app's role",
        "correct the role 4242 (discord.staff_roles)",
        "Server Settings > Roles",
        // View, send, attach, history, react, manage threads, pin, public and private threads, write in threads.
        "https://discord.com/oauth2/authorize?client_id=4711&scope=bot+applications.commands&permissions=2252194950777920",
    ] {
        assert!(first.stdout.contains(part), "{part:?}: {}", first.stdout);
    }
    let commands = discord.commands();
    let ask = named(&commands, "ask");
    assert_eq!(
        (&ask["name_localizations"]["de"], &ask["options"][0]["autocomplete"], &ask["contexts"]),
        (&json!("frage"), &json!(true), &json!([0, 1]))
    );
    let ticket = named(&commands, "ticket")["options"].as_array().cloned().unwrap_or_default();
    let below: Vec<&Value> = ticket.iter().map(|below| &below["name"]).collect();
    assert_eq!(below, [&json!("new"), &json!("status"), &json!("close")]);
    for name in ["help", "human", "language", "privacy", "claim", "note"] {
        let described = &named(&commands, name)["description_localizations"]["de"];
        assert!(described.as_str().is_some_and(|text| !text.is_empty()), "{name}");
    }
    let menu = named(&commands, "Create ticket from this message");
    assert_eq!((&menu["type"], &menu["name_localizations"]["de"]), (&json!(3), &json!("Ticket aus dieser Nachricht")));

    // Whoever starts without it is told, and the rest of the desk goes on.
    let mut all = vec![("FIRSTLINE_DISCORD__TOKEN", TOKEN.to_owned()), ("FIRSTLINE_DISCORD__API_URL", discord.url())];
    all.extend(settings.iter().cloned());
    let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut server = desk.serve_with(&all).await;
    let told = server.logs("nothing is taken in any more until this is mended").await;
    assert!(told.contains("switch on") && told.contains("Message Content Intent"), "{told}");
    assert_eq!((server.get("/").await.0, server.is_terminated().await), (200, Some(0)));

    // What it said is done.
    discord.lets_read_messages(true);
    room.allows_everything();
    help.allows_everything();
    room.denies(Right::View);
    let settings = [settings[0].clone(), settings[1].clone(), ("FIRSTLINE_DISCORD__STAFF_ROLES", role.to_string())];
    let again = firstline(desk, &discord, &["discord", "setup"], &settings).await.succeeds();
    assert!(again.stdout.contains("Missing Access") && again.stdout.contains("View Channel"), "{}", again.stdout);
    room.allows_everything();
    let last = firstline(desk, &discord, &["discord", "setup", "--json"], &settings).await.succeeds();
    assert_eq!(last.json()["to_do"], json!([]), "{}", last.stdout);
    assert_eq!(discord.commands().len(), commands.len(), "setting up twice changes nothing");
    let doctor = firstline(desk, &discord, &["doctor"], &settings).await;
    assert!(doctor.stdout.contains("the token is that of @helpdesk"), "{}", doctor.stdout);
    assert!(
        !format!("{}{}{}", first.stdout, last.stdout, doctor.stdout).contains(TOKEN),
        "the token is printed nowhere"
    );
}

async fn only_the_servers_that_are_served_have_commands(desk: &Desk) {
    let discord = Discord::start().await;
    let (guild, other) = (discord.guild("Acme"), discord.guild("Elsewhere"));
    let stray = other.channel("hilfe");
    let settings = [
        ("FIRSTLINE_DISCORD__GUILDS", format!("{},4243", guild.id())),
        ("FIRSTLINE_DISCORD__HELP_CHANNELS", stray.id().to_string()),
    ];
    let set_up = firstline(desk, &discord, &["discord", "setup"], &settings).await.succeeds();
    for part in [
        "invite the app to the server 4243 (discord.guilds)".to_owned(),
        format!("add the server {} to discord.guilds", other.id()),
    ] {
        assert!(set_up.stdout.contains(&part), "{part:?}: {}", set_up.stdout);
    }
    assert_eq!(named(&discord.commands(), "ask")["contexts"], json!([1]), "direct messages with the app only");
    let here = discord.commands_in(&guild);
    assert_eq!(named(&here, "ask")["contexts"], json!([0]));
    assert_eq!(named(&here, "claim")["contexts"], json!([0]));
    assert!(discord.commands_in(&other).is_empty());
}
