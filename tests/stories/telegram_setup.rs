//! Getting a bot ready: `firstline telegram setup` introduces it and says what is still to be clicked, until nothing is.

use firstline_tests::{
    both_databases,
    cli::Ran,
    desk::{Desk, run},
    telegram::{Right, TOKEN, Telegram},
};
use serde_json::json;

both_databases!(a_bot_is_made_ready);

async fn setup(desk: &Desk, telegram: &Telegram, line: &[&str]) -> Ran {
    let mut command = desk.command(line);
    command
        .env("FIRSTLINE_TELEGRAM__TOKEN", TOKEN)
        .env("FIRSTLINE_TELEGRAM__API_URL", telegram.url())
        .env("FIRSTLINE_TELEGRAM__ROOMS", "helpdesk=-1001,second-level=-1002");
    run(command, line).await
}

async fn a_bot_is_made_ready(desk: &Desk) {
    const LINE: [&str; 2] = ["telegram", "setup"];
    let telegram = Telegram::start().await;
    let helpdesk = telegram.forum(-1001, "Helpdesk");
    // Somebody has tried another program with this token, and switched privacy mode off.
    telegram.calls_another_program("https://elsewhere.example.org/secret-path");
    telegram.has_privacy_mode(false);
    helpdesk.takes_the_bots_rights();
    let doctor = setup(desk, &telegram, &["doctor"]).await;
    for part in ["FAIL  telegram", "calls a webhook on elsewhere.example.org", "telegram setup` removes it"] {
        assert!(doctor.stdout.contains(part), "{part:?}: {}", doctor.stdout);
    }
    assert!(!doctor.stdout.contains("secret-path"), "{}", doctor.stdout);
    assert!(telegram.menu("all_private_chats", "").is_empty(), "doctor changes nothing");

    let first = setup(desk, &telegram, &LINE).await;
    assert_eq!(first.code, Some(1), "{}{}", first.stdout, first.stderr);
    for part in [
        "/setprivacy",
        "in the group \"Helpdesk\" (-1001) the bot is no administrator",
        "Add administrator > @firstline_test_bot",
        "the group -1002 cannot be looked at: Bad Request: chat not found",
    ] {
        assert!(first.stdout.contains(part), "{part:?}: {}", first.stdout);
    }
    assert_eq!(telegram.webhook(), None, "what was in the way is gone");
    for (language, human) in [("", "Talk to a human"), ("en", "Talk to a human"), ("de", "Mit einem Menschen sprechen")]
    {
        let menu = telegram.menu("all_private_chats", language);
        assert!(menu.contains(&("human".to_owned(), human.to_owned())), "{language:?}: {menu:?}");
        let names = |scope: &str| telegram.menu(scope, language).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(names("all_group_chats"), ["help", "human", "status"]);
        assert_eq!(
            names("chat -1001"),
            ["queue", "mine", "claim", "note", "reply", "macro", "merge", "resolve", "duty"]
        );
    }
    let german = telegram.bots_text("description", "de").unwrap_or_default();
    assert!(german.contains("Schritt für Schritt"), "{german}");
    assert!(telegram.bots_text("short_description", "en").is_some_and(|text| text.contains("helpdesk")));

    // What it said is done.
    telegram.has_privacy_mode(true);
    helpdesk.lets_the_bot(&[Right::PinMessages, Right::DeleteMessages]);
    let second = telegram.supergroup(-1002, "Second level");
    second.lets_the_bot(&Right::ALL);
    let again = setup(desk, &telegram, &LINE).await;
    for part in
        ["in the group \"Helpdesk\" (-1001) the bot lacks: Manage topics", "\"Second level\" (-1002) has no topics"]
    {
        assert!(again.stdout.contains(part), "{part:?}: {}", again.stdout);
    }
    helpdesk.lets_the_bot(&Right::ALL);
    let last = setup(desk, &telegram, &["telegram", "setup", "--json"]).await.succeeds();
    assert_eq!(last.json()["ok"], json!(true));
    assert!(!format!("{}{}", last.stdout, last.stderr).contains(TOKEN), "the token is printed nowhere");
}
