//! Staff work from a channel on Discord: a card and a thread per ticket.
//!
//! ```text
//! erika (direct):  ich komme von zu hause nicht ins vpn … presses her way to ticket #1001
//! bot   (channel): the card with [Übernehmen] …            anna presses it
//! anna  (thread):  // a note      an answer, changed once         both ways, the note stays
//! anna  (channel): presses [Lösen]                                erika rates 5; the thread is put away
//! ```

use firstline_tests::{
    both_databases,
    desk::Desk,
    discord::{Discord, Person},
};

use crate::discord_office::Office;

both_databases!(
    a_ticket_is_worked_in_its_thread,
    of_fifty_who_press_claim_at_once_one_has_it,
    a_deleted_thread_is_made_again,
    a_role_makes_staff_and_its_loss_ends_that,
    closed_direct_messages_are_told,
    what_staff_wrote_during_an_absence_is_passed_on,
    files_go_both_ways,
    lists_are_shown_to_staff_alone,
);

async fn a_ticket_is_worked_in_its_thread(desk: &Desk) {
    let discord = Discord::start().await;
    let office = Office::open(&discord);
    let (mut server, anna, mut erika, thread) = office.has_a_ticket(desk, &discord).await;
    let (mut in_room, mut anna) = (anna.in_room(&office.room), anna.in_thread(&thread));
    let card = in_room.reads("#1001").await;
    assert_eq!((card.id, card.buttons[0].as_str()), (thread.id(), "Übernehmen"), "the thread begins with its card");
    assert!(card.text.contains("Anfrage von: Erika (discord)"), "{card}");
    assert!(card.text.contains("(Schritte: 2): hat nicht geholfen"), "{card}");
    anna.reads("ich komme von zu hause nicht ins vpn").await;

    anna.says("Hallo?");
    anna.reads("Übernimm dieses Ticket zuerst.").await;
    in_room.presses("Übernehmen");
    erika.reads("**Anna** vom Helpdesk hat Ticket #1001 übernommen").await;
    in_room.sees("the claimed card", |it| it.id == card.id && it.text.contains("offen, Anna")).await;
    anna.says("// Hotel-WLAN sperrt IPsec");
    let answer = anna.says("Nimm bitte den Hotspot.");
    let shown = erika.reads("Nimm bitte den Hotspot.").await;
    anna.sees("the sign that it arrived", |it| it.id == answer && !it.reactions.is_empty()).await;
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
    let slip = anna.says("Mein Kennwort ist 1234");
    erika.reads("Mein Kennwort ist 1234").await;
    anna.deletes(slip);
    desk.until("the slip is gone", async || (erika.count("Kennwort ist 1234") == 0).then_some(())).await;
    // An answer that becomes a note is taken back, and nothing of the note leaves the thread.
    let answer = anna.says("Ich frage nach.");
    erika.reads("Ich frage nach.").await;
    anna.rewrites(answer, "/note Kabelfarbe ist gelogen");
    anna.reads("Anna: Das war bisher eine Antwort").await;
    desk.until("the answer is gone", async || (erika.count("Ich frage nach.") == 0).then_some(())).await;

    in_room.presses("Priorität");
    in_room.sees("the priorities", |it| it.buttons.contains(&"kritisch".to_owned())).await;
    in_room.presses("kritisch");
    in_room.sees("the new priority", |it| it.id == card.id && it.text.contains("Priorität: kritisch")).await;
    in_room.sees("the usual buttons", |it| it.id == card.id && it.buttons.contains(&"Lösen".to_owned())).await;
    in_room.presses("Lösen");
    erika.reads("Anna hat Ticket #1001 gelöst.").await;
    thread.becomes_archived(true).await;
    erika.presses("5");
    in_room.sees("the rating", |it| it.id == card.id && it.text.contains("Bewertung: 5 von 5")).await;

    // A word of the requester's opens it again.
    erika.reads("Möchtest du etwas dazu sagen?").await;
    erika.says("es geht wieder nicht");
    erika.reads("wieder geöffnet").await;
    anna.reads("es geht wieder nicht").await;
    thread.becomes_archived(false).await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));

    let ticket = desk.ticket(1001).await;
    assert_eq!((ticket.assignee(), ticket.field("rating")), (Some("Anna"), "5".to_owned()), "{ticket}");
    assert_eq!(ticket.field("priority"), "critical");
    assert_eq!(ticket.count("note"), 2, "{ticket}");
    let to_erika = discord.journal().into_iter().filter(|it| it.path.contains(&erika.channel().to_string()));
    let to_erika = format!("{:?}", to_erika.collect::<Vec<_>>());
    assert!(!to_erika.contains("IPsec") && !to_erika.contains("gelogen"), "a note left the staff side: {to_erika}");
    assert_eq!(office.room.threads().len(), 1);
    assert!(thread.messages().iter().all(|it| it.pings == 0));
    assert_eq!(discord.unanswered(), 0, "every press is acknowledged");
}

async fn of_fifty_who_press_claim_at_once_one_has_it(desk: &Desk) {
    let discord = Discord::start().await;
    let office = Office::open(&discord);
    let (mut server, anna, mut erika, thread) = office.has_a_ticket(desk, &discord).await;
    let staff: Vec<Person<'_>> = (1..=50)
        .map(|number| {
            let person = discord.person(&format!("Agent {number}"), "de");
            office.guild.takes_in(&person, &[office.role]);
            person.in_room(&office.room)
        })
        .collect();
    for agent in &staff {
        agent.presses("Übernehmen");
    }
    erika.reads("vom Helpdesk hat Ticket #1001 übernommen").await;
    // Each alone: nobody else reads it, in the room or in the thread.
    let told = |agent: &Person<'_>| agent.count("war schneller und hat dieses Ticket.");
    desk.until("the others are told", async || (staff.iter().map(told).sum::<usize>() == 49).then_some(())).await;
    assert!(staff.iter().all(|agent| told(agent) <= 1), "nobody reads what another was told");
    assert_eq!(anna.in_thread(&thread).count("war schneller"), 0);
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    let ticket = desk.ticket(1001).await;
    assert_eq!(ticket.count("claimed"), 1, "{ticket}");
    assert_eq!(erika.count("hat Ticket #1001 übernommen"), 1);
    assert_eq!(discord.unanswered(), 0);
}

async fn a_deleted_thread_is_made_again(desk: &Desk) {
    let discord = Discord::start().await;
    let office = Office::open(&discord);
    let (mut server, anna, mut erika, first) = office.has_a_ticket(desk, &discord).await;
    desk.settles().await;
    first.is_deleted();
    let second = office.room.thread("#1001").await;
    assert_ne!(second.id(), first.id());
    let in_room = anna.in_room(&office.room);
    erika.says("seid ihr noch da?");
    anna.in_thread(&second).reads("seid ihr noch da?").await;
    in_room.sees("the new card", |it| it.id == second.id() && it.buttons.contains(&"Übernehmen".to_owned())).await;
    desk.until("the old card is gone", async || in_room.chat().iter().all(|it| it.id != first.id()).then_some(()))
        .await;
    in_room.presses("Übernehmen");
    erika.reads("**Anna** vom Helpdesk hat Ticket #1001 übernommen").await;

    // Where only the card is deleted, it stands in the thread from then on.
    desk.settles().await;
    in_room.deletes(second.id());
    let inside = anna.in_thread(&second);
    inside.commands("priority", &[("level", "critical")]);
    inside.sees("the card", |it| it.text.contains("kritisch") && it.buttons.contains(&"Freigeben".to_owned())).await;
    inside.presses("Freigeben");
    inside.sees("the same card", |it| it.buttons.contains(&"Übernehmen".to_owned())).await;
    desk.settles().await;
    assert_eq!((office.room.threads().len(), inside.count("Anfrage von: Erika")), (1, 1));
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn a_role_makes_staff_and_its_loss_ends_that(desk: &Desk) {
    let discord = Discord::start().await;
    let office = Office::open(&discord);
    let roles = format!("agent=4242,admin={}", office.role);
    let mut server = office.serve_with(desk, &discord, &[("FIRSTLINE_DISCORD__STAFF_ROLES", &roles)]).await;
    let ben = discord.person("Ben", "de");
    office.guild.takes_in(&ben, &[office.role]);
    let mut erika = discord.person("Erika", "de");
    let thread = office.handed_over(&mut erika, &ben).await;
    let mut ben = ben.in_thread(&thread);
    ben.in_room(&office.room).presses("Übernehmen");
    erika.reads("**Ben** vom Helpdesk hat Ticket #1001 übernommen").await;
    ben.says("Ich sehe es mir an.");
    erika.reads("Ich sehe es mir an.").await;
    office.guild.takes_in(&ben, &[]);
    ben.says("Noch etwas.");
    ben.reads("Ben: ").await;
    let in_room = ben.in_room(&office.room);
    in_room.presses("Lösen");
    in_room.sees("the refusal", |it| it.secret && it.text.contains("nur Agenten und Admins")).await;
    desk.settles().await;
    assert_eq!((erika.count("Noch etwas."), desk.ticket(1001).await.count("resolved")), (0, 0));
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn closed_direct_messages_are_told(desk: &Desk) {
    let discord = Discord::start().await;
    let office = Office::open(&discord);
    let (mut server, anna, mut erika, thread) = office.has_a_claimed_ticket(desk, &discord).await;
    let mut anna = anna.in_thread(&thread);
    erika.closes_dms(true);
    anna.says("Hörst du mich?");
    let told = anna.reads("Das ist nicht bei der anfragenden Person angekommen").await;
    assert!(told.text.contains("nimmt keine Direktnachrichten"), "{told}");
    erika.closes_dms(false);
    anna.presses("Noch einmal senden");
    erika.reads("Hörst du mich?").await;
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn what_staff_wrote_during_an_absence_is_passed_on(desk: &Desk) {
    let discord = Discord::start().await;
    let office = Office::open(&discord);
    let mut server = office.serve(desk, &discord).await;
    let ben = discord.person("Ben", "de");
    office.guild.takes_in(&ben, &[office.role]);
    let mut erika = discord.person("Erika", "de");
    let thread = office.handed_over(&mut erika, &ben).await;
    ben.in_room(&office.room).presses("Übernehmen");
    erika.reads("**Ben** vom Helpdesk hat Ticket #1001 übernommen").await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    discord.forgets_sessions();
    let ben = ben.in_thread(&thread);
    ben.says("Bin gleich da.");
    ben.says("Jetzt.");
    thread.is_put_away();
    server = office.serve(desk, &discord).await;
    erika.reads("Bin gleich da.").await;
    erika.reads("Jetzt.").await;
    desk.settles().await;
    assert_eq!((erika.count("Bin gleich da."), erika.count("Jetzt.")), (1, 1));
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn files_go_both_ways(desk: &Desk) {
    let discord = Discord::start().await;
    let office = Office::open(&discord);
    let (mut server, anna, mut erika, thread) = office.has_a_claimed_ticket(desk, &discord).await;
    let mut anna = anna.in_thread(&thread);
    erika.sends("fehler.txt", "text/plain", b"Zeit ist um", "so sieht es aus");
    let shown = anna.reads("so sieht es aus").await;
    assert_eq!(shown.files, ["fehler.txt"]);
    assert_eq!(anna.opens(shown.id), b"Zeit ist um");
    anna.sends("anleitung.pdf", "application/pdf", b"%PDF", "");
    let shown = erika.sees("the file", |it| it.by_bot && it.files == ["anleitung.pdf"]).await;
    assert_eq!(erika.opens(shown.id), b"%PDF");
    // Larger than Discord takes, and not larger than we keep.
    let large = vec![7; 11 * 1024 * 1024];
    erika.sends("protokoll.bin", "application/octet-stream", &large, "und das Protokoll");
    let shown = anna.reads("und das Protokoll").await;
    assert!(shown.files.is_empty() && shown.text.contains("höchstens 10 MB"), "{shown}");
    // A server whose members have boosted it takes more; direct messages do not.
    office.guild.is_boosted_to(2);
    erika.sends("protokoll.bin", "application/octet-stream", &large, "noch einmal");
    let shown = anna.reads("noch einmal").await;
    assert_eq!(
        (shown.files.as_slice(), anna.opens(shown.id).len()),
        (["protokoll.bin".to_owned()].as_slice(), large.len())
    );
    anna.sends("antwort.bin", "application/octet-stream", &large, "zurück");
    let shown = erika.reads("zurück").await;
    assert!(shown.files.is_empty() && shown.text.contains("höchstens 10 MB"), "{shown}");
    anna.reads("**antwort.bin** ist nicht bei **Erika** angekommen: Dort sind Dateien bis 10 MB möglich.").await;
    assert_eq!(server.is_terminated().await, Some(0));
}

/// `/queue` and `/mine`: nobody else sees the answer, and who is no staff is told so; a role counts as long as it is held.
async fn lists_are_shown_to_staff_alone(desk: &Desk) {
    let discord = Discord::start().await;
    let office = Office::open(&discord);
    let mut server = office.serve(desk, &discord).await;
    let ben = discord.person("Ben", "en");
    office.guild.takes_in(&ben, &[office.role]);
    let mut erika = discord.person("Erika", "de");
    let _ = office.handed_over(&mut erika, &ben).await;
    let (mut ben, carla) = (ben.in_room(&office.room), discord.person("Carla", "de").in_room(&office.room));
    office.guild.takes_in(&carla, &[]);
    let before = carla.chat().len();
    ben.commands("queue", &[]);
    let waiting = ben.reads("Waiting:").await;
    assert!(waiting.text.contains("#1001") && waiting.text.contains("Erika; priority"), "{waiting}");
    ben.commands("mine", &[]);
    ben.reads("You have no ticket.").await;
    ben.presses("Übernehmen");
    erika.reads("**Ben** vom Helpdesk hat Ticket #1001 übernommen").await;
    ben.commands("mine", &[]);
    ben.reads("Your tickets:").await;
    ben.commands("queue", &[]);
    ben.reads("No ticket is waiting.").await;
    assert_eq!(carla.chat().len(), before, "others see nothing of it");

    carla.commands("queue", &[]);
    carla.sees("the refusal", |it| it.text.contains("nur Agenten und Admins")).await;
    office.guild.takes_in(&ben, &[]);
    ben.commands("queue", &[]);
    ben.reads("agents").await;
    assert_eq!(discord.unanswered(), 0);
    assert_eq!(server.is_terminated().await, Some(0));
}
