//! The requester is on one platform and the agent on the other: words, changes, deletions, a file and a note go as if they were
//! in one place.

use firstline_tests::{
    both_databases,
    desk::Desk,
    discord::{self, Discord},
    server::Server,
    telegram::{self, Telegram, people::Sent},
};

both_databases!(telegram_asks_and_discord_answers, discord_asks_and_telegram_answers);

async fn serve(desk: &Desk, telegram: &Telegram, discord: &Discord, more: &[(&str, &str)]) -> Server {
    let (telegram_url, discord_url) = (telegram.url(), discord.url());
    let mut settings = vec![
        ("FIRSTLINE_TELEGRAM__TOKEN", telegram::TOKEN),
        ("FIRSTLINE_TELEGRAM__API_URL", &telegram_url),
        ("FIRSTLINE_TELEGRAM__PER_GROUP", "1000"),
        ("FIRSTLINE_DISCORD__TOKEN", discord::TOKEN),
        ("FIRSTLINE_DISCORD__API_URL", &discord_url),
        ("FIRSTLINE_DESK__LANGUAGE", "de"),
    ];
    settings.extend(more);
    let server = desk.serve_with(&settings).await;
    discord.is_heard().await;
    server
}

async fn telegram_asks_and_discord_answers(desk: &Desk) {
    let (telegram, discord) = (Telegram::start().await, Discord::start().await);
    let guild = discord.guild("Acme");
    let (room, role) = (guild.channel("helpdesk"), guild.role("support"));
    let (rooms, roles) = (format!("helpdesk={}", room.id()), role.to_string());
    let more = [("FIRSTLINE_DISCORD__ROOMS", rooms.as_str()), ("FIRSTLINE_DISCORD__STAFF_ROLES", &roles)];
    let mut server = serve(desk, &telegram, &discord, &more).await;
    let anna = discord.person("Anna", "de");
    guild.takes_in(&anna, &[role]);
    let mut erika = telegram.person(1234, "Erika", "de");
    crate::telegram::asks_for_help(&mut erika).await;

    let thread = room.thread("#1001").await;
    let in_room = anna.in_room(&room);
    let mut anna = anna.in_thread(&thread);
    in_room.sees("the card", |it| it.text.contains("Anfrage von: Erika (telegram)") && !it.buttons.is_empty()).await;
    in_room.presses("Übernehmen");
    erika.reads("Anna vom Helpdesk hat Ticket #1001 übernommen").await;
    anna.says("// Hotel-WLAN sperrt IPsec");
    let answer = anna.says("Nimm <b>bitte</b> den *Hotspot*.");
    let shown = erika.reads("Nimm <b>bitte</b> den *Hotspot*.").await;
    anna.rewrites(answer, "Nimm bitte das Kabel.");
    erika.sees("the changed answer", |it| it.id == shown.id && it.text.contains("das Kabel.")).await;
    erika.replies(shown.id, "Welches Kabel?");
    let asked = erika.last_own().id;
    let seen = anna.reads("Welches Kabel?").await;
    // Nobody answers as quickly as we write down what there is to answer.
    desk.settles().await;
    anna.replies(seen.id, "Das blaue.");
    erika.sees("the reply", |it| it.text.contains("Das blaue.") && it.reply_to == Some(asked)).await;
    erika.rewrites(asked, "Welches Netzwerkkabel?");
    anna.sees("the changed question", |it| it.id == seen.id && it.text.contains("Netzwerkkabel")).await;
    let slip = anna.says("Mein Kennwort ist 1234");
    erika.reads("Mein Kennwort ist 1234").await;
    anna.deletes(slip);
    desk.until("the slip is gone", async || (erika.count("Kennwort ist 1234") == 0).then_some(())).await;
    erika.sends(Sent::document("fehler.txt", "text/plain", b"Zeit ist um").with("so sieht es aus"));
    let shown = anna.reads("so sieht es aus").await;
    assert_eq!(anna.opens(shown.id), b"Zeit ist um");
    anna.sends("anleitung.pdf", "application/pdf", b"%PDF", "so geht es");
    let shown = erika.reads("so geht es").await;
    assert_eq!(erika.opens(shown.id), b"%PDF");
    in_room.presses("Lösen");
    erika.reads("Anna hat Ticket #1001 gelöst.").await;
    erika.presses("5");
    in_room.sees("the rating", |it| it.text.contains("Bewertung: 5 von 5")).await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert!(erika.chat().iter().all(|it| !it.text.contains("IPsec")), "a note left the staff side");
    let ticket = desk.ticket(1001).await;
    assert_eq!((ticket.platform(), ticket.field("rating")), (Some("telegram"), "5".to_owned()), "{ticket}");
}

async fn discord_asks_and_telegram_answers(desk: &Desk) {
    let (telegram, discord) = (Telegram::start().await, Discord::start().await);
    let group = telegram.forum(-1001, "Helpdesk");
    let more = [("FIRSTLINE_TELEGRAM__ROOMS", "helpdesk=-1001")];
    let mut server = serve(desk, &telegram, &discord, &more).await;
    let anna = telegram.person(77, "Anna", "de");
    let _ = desk.run(&["agent", "add", "Anna", "--platform", "telegram", "--user-id", "77"]).await.succeeds();
    let mut erika = discord.person("Erika", "de");
    crate::discord::asks_for_help(&mut erika).await;

    let topic = group.topic("#1001").await;
    let mut anna = anna.in_topic(&topic);
    let card = anna.reads("#1001").await;
    assert!(card.text.contains("Anfrage von: Erika (discord)"), "{card}");
    anna.presses("Übernehmen");
    erika.reads("**Anna** vom Helpdesk hat Ticket #1001 übernommen").await;
    anna.says("// Hotel-WLAN sperrt IPsec");
    anna.says("Nimm bitte den Hotspot.");
    let answer = anna.last_own().id;
    let shown = erika.reads("Nimm bitte den Hotspot.").await;
    anna.rewrites(answer, "Nimm bitte das Kabel.");
    erika.sees("the changed answer", |it| it.id == shown.id && it.text.contains("das Kabel.")).await;
    let asked = erika.replies(shown.id, "Welches Kabel?");
    let seen = anna.reads("Welches Kabel?").await;
    // Nobody answers as quickly as we write down what there is to answer.
    desk.settles().await;
    anna.replies(seen.id, "Das blaue.");
    erika.sees("the reply", |it| it.text.contains("Das blaue.") && it.reply_to == Some(asked)).await;
    erika.rewrites(asked, "Welches Netzwerkkabel?");
    anna.sees("the changed question", |it| it.id == seen.id && it.text.contains("Netzwerkkabel")).await;
    let slip = erika.says("Mein Kennwort ist 1234");
    anna.reads("Mein Kennwort ist 1234").await;
    erika.deletes(slip);
    desk.until("the slip is gone", async || (topic.count("Kennwort ist 1234") == 0).then_some(())).await;
    anna.sends(Sent::document("anleitung.pdf", "application/pdf", b"%PDF").with("so geht es"));
    let shown = erika.reads("so geht es").await;
    assert_eq!(erika.opens(shown.id), b"%PDF");
    erika.sends("fehler.txt", "text/plain", b"Zeit ist um", "so sieht es aus");
    let shown = anna.reads("so sieht es aus").await;
    assert_eq!(anna.opens(shown.id), b"Zeit ist um");
    anna.presses("Lösen");
    erika.reads("Anna hat Ticket #1001 gelöst.").await;
    erika.presses("5");
    anna.sees("the rating", |it| it.id == card.id && it.text.contains("Bewertung: 5 von 5")).await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert!(erika.chat().iter().all(|it| !it.text.contains("IPsec")), "a note left the staff side");
}
