//! Employees turn to the bot in a group, where others read along, and go on in private.
//!
//! ```text
//! erika (group):   @firstline_test_bot ich komme von zu hause nicht ins vpn
//! bot   (group):   what everybody may read, and [Unter vier Augen weitermachen]
//! erika (private): presses it, and is led through the guide without typing anything again
//! ben   (private): the same link, sent to him, says nothing of hers
//! ```

use firstline_tests::{
    both_databases,
    desk::Desk,
    telegram::{Person, Telegram, people::Sent},
};

use crate::telegram::serve;

both_databases!(
    in_a_group_only_what_is_meant_is_answered_and_nothing_personal_said,
    in_a_forum_the_topic_is_kept,
    an_album_is_one_question_and_a_changed_question_is_answered_anew,
);

const BOT: &str = "@firstline_test_bot";
const IN_PRIVATE: &str = "Unter vier Augen weitermachen";

/// How many messages the bot has written here.
fn answers(person: &Person<'_>) -> usize {
    person.chat().iter().filter(|message| message.by_bot && message.service.is_none()).count()
}

async fn in_a_group_only_what_is_meant_is_answered_and_nothing_personal_said(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.supergroup(-2001, "Büro");
    let (mut erika, mut ben) = (telegram.person(1234, "Erika", "de"), telegram.person(1235, "Ben", "de"));
    // What nobody meant for the bot it is not to answer even where it is told.
    telegram.has_privacy_mode(false);
    let mut server = serve(desk, &telegram).await;
    let mut here = erika.in_group(&group);
    let bens = ben.in_group(&group);

    here.says("mein vpn geht auch nicht");
    here.says("/roll@other_bot 6");
    here.anonymously().says(&format!("{BOT} hallo"));
    here.says(&format!("{BOT} ich komme von zu hause nicht ins vpn"));
    let asked = here.last_own().id;
    let answer = here.reads("VPN").await;
    assert_eq!((answer.buttons.as_slice(), answer.reply_to), ([IN_PRIVATE.to_owned()].as_slice(), Some(asked)));
    assert!(answer.text.contains("Die 6 Schritte gehe ich unter vier Augen mit dir durch."), "{answer}");
    let link = here.follows(IN_PRIVATE);
    erika.reads("Schritt 1 von 6").await;
    // Pressed again it says nothing new, and to others nothing at all.
    erika.says(&link);
    erika.reads("Hallo, ich bin").await;
    ben.says(&link);
    ben.reads("Hallo, ich bin").await;
    assert_eq!((erika.count("Schritt 1 von 6"), ben.count("VPN")), (1, 0));

    here.replies(answer.id, "danke");
    here.reads("Gern geschehen").await;
    here.says(&format!("/human{BOT}"));
    here.reads("Das betrifft nur dich").await;
    bens.says(&format!("/status{BOT}"));
    here.reads("Das betrifft nur dich").await;
    bens.follows(IN_PRIVATE);
    ben.reads("keine offenen Tickets").await;
    erika.says("mensch");
    erika.reads("Ich hole dir einen Menschen.").await;
    erika.says("mensch");
    erika.reads("Ich habe Ticket #1001 eröffnet").await;
    here.sends(Sent::photo(b"the screen").with(&format!("{BOT} mein passwort ist Sommer2024!")));
    here.reads("Bitte lösch sie hier").await;
    here.follows(IN_PRIVATE);
    erika.reads("stand anscheinend ein Passwort").await;

    desk.settles().await;
    assert_eq!(answers(&here), 5, "{:?}", here.chat());
    assert!(here.chat().iter().all(|it| !it.by_bot || !it.text.contains("#1001")), "{:?}", here.chat());
    assert!(!desk.everything_stored().await.contains("Sommer2024"), "a secret is kept");
    let ticket = desk.ticket(1001).await;
    let files = ticket.happened("said").filter(|line| !line["what"]["attachments"].is_null());
    assert_eq!(files.count(), 1, "the photo came along: {ticket}");
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn in_a_forum_the_topic_is_kept(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.forum(-2002, "Alle");
    let topic = group.begins("IT");
    let mut erika = telegram.person(1234, "Erika", "de");
    let mut server = serve(desk, &telegram).await;
    let mut here = erika.in_topic(&topic);
    here.says(&format!("{BOT} was ist die hauptstadt von frankreich"));
    let answer = here.reads("Das sehen wir uns unter vier Augen an.").await;
    here.says("mein vpn geht auch nicht");
    here.follows(IN_PRIVATE);
    erika.reads("Darauf weiß ich keine Antwort").await;
    // In General there is no topic to name.
    let mut general = erika.in_group(&group);
    general.says(&format!("/help{BOT}"));
    general.reads("Erwähne mich mit deiner Frage").await;
    desk.settles().await;
    assert_eq!((answers(&here), answers(&general)), (1, 1), "{answer}");
    assert_eq!(server.is_terminated().await, Some(0));
}

async fn an_album_is_one_question_and_a_changed_question_is_answered_anew(desk: &Desk) {
    let telegram = Telegram::start().await;
    let group = telegram.supergroup(-2001, "Büro");
    let mut erika = telegram.person(1234, "Erika", "de");
    telegram.has_privacy_mode(false);
    let mut server = serve(desk, &telegram).await;
    let mut here = erika.in_group(&group);
    let question = format!("{BOT} was ist die hauptstadt von frankreich");
    // The words come behind a picture that Telegram has told of by itself.
    let first = here.sends_part("78", Sent::photo(b"one"));
    telegram.is_done_with(first).await;
    here.sends_part("78", Sent::photo(b"two").with(&question));
    here.sends_part("78", Sent::photo(b"three"));
    let answer = here.reads("Das sehen wir uns unter vier Augen an.").await;
    let asked = here.sees("her question", |it| !it.by_bot && it.text == question).await.id;
    assert_eq!(answer.reply_to, Some(asked), "{answer}");
    here.follows(IN_PRIVATE);
    erika.reads("Darauf weiß ich keine Antwort").await;
    erika.presses("Mit einem Menschen sprechen");
    erika.reads("Ich hole dir einen Menschen.").await;
    erika.says("mensch");
    erika.reads("Ich habe Ticket #1001 eröffnet").await;

    // Pictures that are for others, and a change of what was asked last.
    here.sends_album(vec![Sent::photo(b"four").with("Mittagessen"), Sent::photo(b"five")]);
    here.says(&question);
    here.reads("Das sehen wir uns unter vier Augen an.").await;
    let asked = here.last_own().id;
    here.rewrites(asked, &format!("{BOT} ich komme von zu hause nicht ins vpn"));
    let anew = here.reads("Die 6 Schritte gehe ich unter vier Augen mit dir durch.").await;
    assert_eq!(anew.reply_to, Some(asked), "{anew}");
    here.rewrites(asked, &format!("{BOT} ich komme von zu hause nicht ins vpn"));
    here.rewrites(asked, "schon gut");
    telegram.is_done_with_everything().await;
    desk.settles().await;
    assert_eq!(answers(&here), 3, "{:?}", here.chat());
    let ticket = desk.ticket(1001).await;
    let files = ticket.happened("said").find_map(|line| line["what"]["attachments"].as_array().cloned());
    assert_eq!(files.map(|files| files.len()), Some(3), "the whole album came along: {ticket}");
    assert_eq!(server.is_terminated().await, Some(0));
}
