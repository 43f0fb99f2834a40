//! What agents can do besides answering, on Discord: canned answers, two tickets that are one, being away, forms. What a command
//! comes to is told to nobody but the one who used it.
//!
//! ```text
//! anna (thread #1001): /macro vp…  → vpn-reset          erika reads it in English, which she has chosen
//! erika (#hilfe):      asks something else              ticket #1002, in a thread of its own
//! anna (thread #1002): /merge 1001                      erika writes on in the thread of #1002, and anna reads it in #1001
//! anna (anywhere):     /duty off                        and the card of her ticket says so
//! ```

use firstline_tests::{
    both_databases,
    desk::Desk,
    discord::{Discord, Person},
};

use crate::{discord_help::Help, discord_office::Office};

both_databases!(
    a_macro_speaks_the_requesters_language, two_tickets_of_one_person_become_one, who_is_off_duty_is_shown_so,
    a_ticket_goes_from_channel_to_channel, a_command_outside_of_a_ticket_says_so,
);

/// An answer of the desk's that only they see.
async fn is_told(person: &Person<'_>, part: &str) {
    let shown = person.sees(part, |it| it.by_bot && it.text.contains(part)).await;
    assert!(shown.secret, "others read along: {shown}");
}

async fn a_macro_speaks_the_requesters_language(desk: &Desk) {
    let discord = Discord::start().await;
    let office = Office::open(&discord);
    let mut server = office.serve(desk, &discord).await;
    let texts = [
        "--en",
        "Hi {requester}, {ticket} is done. {agent}",
        "--de",
        "Hallo {requester}, {ticket} ist erledigt. {agent}",
    ];
    let set = [&["macro", "set", "vpn-reset"], &texts[..], &["--do", "priority=low", "--do", "resolve"]].concat();
    let _ = desk.run(&set).await.succeeds();
    let _ = desk.run(&["macro", "set", "drucker", "--de", "Bitte Papier nachlegen."]).await.succeeds();
    let (anna, carla) = (office.agent(desk, &discord, "Anna").await, discord.person("Carla", "de"));
    office.guild.takes_in(&carla, &[]);
    let mut erika = discord.person("Erika", "de");
    let thread = office.handed_over(&mut erika, &anna).await;
    erika.says("/language en");
    erika.reads("English").await;
    let (anna, mut carla) = (anna.in_thread(&thread), carla.in_thread(&thread));

    assert_eq!(anna.types("macro", "macro", "VP").await, ["vpn-reset"]);
    assert_eq!(anna.types("macro", "macro", "").await, ["drucker", "vpn-reset"]);
    assert!(carla.types("macro", "macro", "").await.is_empty(), "who is no staff is offered nothing");
    anna.commands("macro", &[("macro", "vpn-reset")]);
    is_told(&anna, "Übernimm dieses Ticket zuerst.").await;
    anna.commands("claim", &[]);
    is_told(&anna, "Das Ticket ist jetzt deins.").await;
    anna.commands("macro", &[("macro", "vpn")]);
    is_told(&anna, "Es gibt: drucker, vpn-reset").await;
    anna.commands("macro", &[("macro", "vpn-reset")]);
    erika.reads("Hi Erika, #1001 is done. Anna").await;
    erika.reads("Anna has resolved ticket #1001.").await;
    is_told(&anna, "Die Antwort ist unterwegs").await;
    // The others see what was sent, and nothing of what Anna was told.
    carla.reads("Hi Erika, #1001 is done. Anna").await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert!(["zuerst", "deins", "unterwegs"].iter().all(|part| carla.count(part) == 0), "{:?}", carla.chat());
    assert_eq!((anna.count("Hi Erika"), erika.count("Hi Erika")), (1, 1));
    let ticket = desk.ticket(1001).await;
    assert_eq!((ticket.status(), ticket.field("priority")), ("resolved".to_owned(), "low".to_owned()), "{ticket}");
    assert_eq!(discord.unanswered(), 0);
}

async fn two_tickets_of_one_person_become_one(desk: &Desk) {
    let discord = Discord::start().await;
    let office = Office::open(&discord);
    let help = Help { channel: office.guild.channel("hilfe"), guild: discord.guild("Other") };
    let channel = help.channel.id().to_string();
    let mut server = office.serve_with(desk, &discord, &[("FIRSTLINE_DISCORD__HELP_CHANNELS", &channel)]).await;
    let anna = office.agent(desk, &discord, "Anna").await;
    let mut erika = discord.person("Erika", "de");
    office.guild.takes_in(&erika, &[]);
    let first = office.handed_over(&mut erika, &anna).await;

    erika.in_room(&help.channel).says("mensch");
    let asked = help.channel.thread("Helpdesk für Erika").await;
    let mut there = erika.in_thread(&asked);
    for question in ["Worum geht es?", "Worum geht es ungefähr?", "Wer ist betroffen?", "Wie sehr hindert es dich"] {
        there.reads(question).await;
        if question == "Worum geht es?" {
            there.says("auch vom Hotel aus");
            // She sees that an answer is coming, in the thread where she asked.
            desk.until("typing was shown", async || (discord.typing_in(asked.id()) > 0).then_some(())).await;
        } else {
            there.presses("Weglassen");
        }
    }
    there.reads("Ich habe Ticket **#1002** eröffnet").await;
    let second = office.room.thread("#1002").await;
    let (in_room, card) = (anna.in_room(&office.room), second.id());
    let (mut first, second) = (anna.in_thread(&first), anna.in_thread(&second));
    in_room.sees("the card", |it| it.id == card && !it.buttons.is_empty()).await;
    first.commands("claim", &[]);
    erika.reads("**Anna** vom Helpdesk hat Ticket #1001 übernommen").await;

    second.commands("merge", &[("number", "1002")]);
    is_told(&second, "nicht mit sich selbst").await;
    second.commands("merge", &[("number", "4711")]);
    is_told(&second, "Dieses Ticket gibt es nicht.").await;
    second.commands("merge", &[("number", "1001")]);
    is_told(&second, "Dieses Ticket wurde mit #1001 zusammengeführt.").await;
    there.reads("wird ab jetzt zusammen mit **#1001** bearbeitet").await;
    let taken = first.reads("**#1002**").await;
    assert!(
        taken.text.contains("mit diesem Ticket zusammengeführt") && taken.text.contains("auch vom Hotel aus"),
        "{taken}"
    );
    let is_linked = |text: &str| text.contains("zusammengeführt mit #1001");
    in_room.sees("the link", |it| it.id == card && is_linked(&it.text) && it.buttons.is_empty()).await;

    // Whatever she writes in either place belongs to what is left, and is answered where she wrote.
    let said = there.says("und vom Zug aus");
    first.reads("und vom Zug aus").await;
    first.says("Ich sehe es mir an.");
    there.reads("Ich sehe es mir an.").await;
    there.rewrites(said, "und vom ICE aus");
    first.sees("the changed line", |it| it.text.contains("vom ICE aus")).await;
    erika.says("hier bin ich auch noch");
    first.reads("hier bin ich auch noch").await;
    first.says("Gut.");
    erika.reads("Gut.").await;
    second.commands("claim", &[]);
    is_told(&second, "mit #1001 zusammengeführt; dort geht es weiter").await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(erika.count("Ich sehe es mir an."), 0);

    let (left, merged) = (desk.ticket(1001).await, desk.ticket(1002).await);
    assert_eq!((merged.status(), merged.field("merged_into")), ("closed".to_owned(), "1001".to_owned()), "{merged}");
    assert!(merged.said_by("requester").contains(&"auch vom Hotel aus".to_owned()), "what was said stays: {merged}");
    assert_eq!(left.said_by("requester").iter().filter(|it| *it == "und vom Zug aus").count(), 1, "{left}");
    let shown = desk.run(&["ticket", "show", "1002"]).await.stdout;
    assert!(shown.contains("merged     into #1001"), "{shown}");
    assert_eq!(discord.unanswered(), 0);
}

async fn who_is_off_duty_is_shown_so(desk: &Desk) {
    let discord = Discord::start().await;
    let office = Office::open(&discord);
    let mut server = office.serve(desk, &discord).await;
    let (anna, ben) = (office.agent(desk, &discord, "Anna").await, office.agent(desk, &discord, "Ben").await);
    let mut erika = discord.person("Erika", "de");
    let thread = office.handed_over(&mut erika, &anna).await;
    let (anna, ben) = (anna.in_room(&office.room), ben.in_thread(&thread));
    anna.presses("Übernehmen");
    erika.reads("**Anna** vom Helpdesk hat Ticket #1001 übernommen").await;
    anna.commands("duty", &[("state", "off")]);
    is_told(&anna, "Du bist nicht im Dienst.").await;
    anna.sees("the card", |it| it.text.contains("Anna (nicht im Dienst)")).await;
    // Whom a role makes staff is named as well, as soon as they have said so or have a ticket.
    let dora = discord.person("Dora", "de");
    office.guild.takes_in(&dora, &[office.role]);
    let dora = dora.in_room(&office.room);
    dora.commands("duty", &[("state", "off")]);
    is_told(&dora, "Du bist nicht im Dienst.").await;
    ben.commands("duty", &[]);
    is_told(&ben, "Nicht im Dienst: Anna, Dora").await;
    let list = desk.run(&["agent", "list", "--json"]).await.succeeds().json();
    let on_duty =
        |name: &str| list.as_array().and_then(|all| all.iter().find(|it| it["name"] == name)?["on_duty"].as_bool());
    assert_eq!((on_duty("Anna"), on_duty("Ben")), (Some(false), Some(true)), "{list}");

    // Reopened, the ticket is nobody's, so that somebody takes it.
    anna.presses("Lösen");
    erika.reads("Anna hat Ticket #1001 gelöst.").await;
    erika.says("es geht wieder nicht");
    erika.reads("wieder geöffnet").await;
    desk.until("it waits", async || (desk.ticket(1001).await.status() == "new").then_some(())).await;
    anna.commands("duty", &[("state", "on")]);
    is_told(&anna, "Du bist im Dienst.").await;
    let carla = discord.person("Carla", "de").in_room(&office.room);
    office.guild.takes_in(&carla, &[]);
    carla.commands("duty", &[("state", "off")]);
    is_told(&carla, "nur Agenten und Admins").await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(discord.unanswered(), 0);
}

/// Forms take a note and the reason for which a ticket is moved; each queue has a channel of its own.
async fn a_ticket_goes_from_channel_to_channel(desk: &Desk) {
    let discord = Discord::start().await;
    let office = Office::open(&discord);
    let second = office.guild.channel("second-level");
    let rooms = format!("helpdesk={},second-level={}", office.room.id(), second.id());
    let queues = [("FIRSTLINE_DESK__QUEUES", "helpdesk,second-level"), ("FIRSTLINE_DISCORD__ROOMS", rooms.as_str())];
    let mut server = office.serve_with(desk, &discord, &queues).await;
    let anna = office.agent(desk, &discord, "Anna").await;
    let carla = discord.person("Carla", "de");
    office.guild.takes_in(&carla, &[]);
    let mut erika = discord.person("Erika", "de");
    let thread = office.handed_over(&mut erika, &anna).await;
    let (in_room, mut inside) = (anna.in_room(&office.room), anna.in_thread(&thread));
    let form = in_room.presses("Notizen schreiben");
    in_room.fills_in(form, &[("Das sieht die anfragende Person nie", "Hotel-WLAN sperrt IPsec")]).await;
    is_told(&in_room, "Die Notiz steht im Ticket.").await;
    inside.reads("Hotel-WLAN sperrt IPsec").await;
    inside.commands("note", &[("text", "zweite Notiz")]);
    inside.reads("zweite Notiz").await;

    // A form is open to everybody, and what it says counts only from staff.
    let carla = carla.in_room(&office.room);
    let form = carla.presses("Notizen schreiben");
    carla.fills_in(form, &[("Das sieht die anfragende Person nie", "Ich war hier")]).await;
    is_told(&carla, "nur Agenten und Admins").await;

    in_room.presses("Verschieben");
    in_room.sees("the queues", |it| it.buttons.contains(&"second-level".to_owned())).await;
    let form = in_room.presses("second-level");
    in_room.fills_in(form, &[("Warum, für deine Kolleginnen und Kollegen", "kennt sich mit IPsec aus")]).await;
    is_told(&in_room, "Das Ticket ist verschoben.").await;
    inside.reads("nach second-level verschoben: kennt sich mit IPsec aus").await;
    erika.reads("ging an Kolleginnen und Kollegen").await;

    // Each queue has its channel: there the ticket stands now, with everything that was said, and comes back from there.
    thread.becomes_archived(true).await;
    let there = second.thread("#1001").await;
    let mut there = anna.in_thread(&there);
    there.reads("ich komme von zu hause nicht ins vpn").await;
    there.reads("zweite Notiz").await;
    anna.in_room(&second).sees("the card", |it| it.text.contains("Warteschlange: second-level")).await;
    there.commands("transfer", &[("reason", "doch nicht"), ("queue", "helpdesk")]);
    is_told(&there, "Das Ticket ist verschoben.").await;
    thread.becomes_archived(false).await;
    inside.reads("nach helpdesk verschoben: doch nicht").await;
    for (command, done) in [
        ("claim", "Das Ticket ist jetzt deins."),
        ("hold", "Das Ticket ist zurückgestellt."),
        ("resume", "Mit dem Ticket geht es weiter."),
        ("release", "zurück in seiner Warteschlange"),
    ] {
        inside.commands(command, &[]);
        is_told(&inside, done).await;
    }
    carla.presses("Schließen");
    is_told(&carla, "nur Agenten und Admins").await;
    in_room.sees("the free card", |it| it.buttons.contains(&"Übernehmen".to_owned())).await;
    in_room.presses("Schließen");
    thread.becomes_archived(true).await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    let ticket = desk.ticket(1001).await;
    assert_eq!((ticket.field("queue"), ticket.count("note")), ("helpdesk".to_owned(), 2), "{ticket}");
    assert_eq!((ticket.status(), ticket.count("transferred")), ("closed".to_owned(), 2), "{ticket}");
    assert_eq!((office.room.threads().len(), second.threads().len()), (1, 1));
    assert!(erika.chat().iter().all(|it| !it.text.contains("IPsec")), "a note left the staff side");
    assert_eq!(discord.unanswered(), 0);
}

async fn a_command_outside_of_a_ticket_says_so(desk: &Desk) {
    let discord = Discord::start().await;
    let office = Office::open(&discord);
    let mut server = office.serve(desk, &discord).await;
    let anna = office.agent(desk, &discord, "Anna").await;
    for channel in [&office.room, &office.guild.channel("allgemein")] {
        let anna = anna.in_room(channel);
        anna.commands("claim", &[]);
        is_told(&anna, "gehört in den Thread eines Tickets").await;
    }
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(discord.unanswered(), 0);
}
