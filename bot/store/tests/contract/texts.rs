//! Whatever people write.

use firstline_engine::{
    files::FileKind,
    inbound::{Attachment, ExternalId, InboundEvent, InboundKind, PlaceRef},
    people::{AccountRef, Platform},
    ports::{AuditEntry, TicketWrite, Turn, Watermark},
    ticket::Ticket,
    timeline::Happening,
};
use firstline_knowledge::{Article, ArticleKind, Audience, Language};
use serde_json::json;

use crate::support::{Desk, NOW, handled, message, note, place, post, said, text_of, turn};

/// Sends a text through every column that takes one, and expects `back` everywhere.
async fn round_trip(desk: &Desk, text: &str, back: &str) {
    let here = PlaceRef { platform: Platform::Web, key: format!("web {text}") };
    let account = AccountRef {
        platform: Platform::Web,
        user_id: format!("user {text}"),
        display_name: text.to_owned(),
        language: None,
    };
    let attachment =
        Attachment {
            name: text.to_owned(),
            media_type: Some(text.to_owned()),
            size: Some(1 << 40),
            handle: text.to_owned(),
            kind: FileKind::Document,
            file: None,
        };
    let event = InboundEvent {
        dedupe_key: format!("key {text}"),
        account,
        kind: InboundKind::Message {
            message: ExternalId(text.to_owned()),
            text: text.to_owned(),
            reply_to: Some(ExternalId(text.to_owned())),
            quote: Some(text.to_owned()),
            attachments: vec![attachment],
            album: None,
        },
        raw: json!({ text: [text, { "deep": text }], "number": 0.1, "big": u64::MAX }),
        ..message(&here, "")
    };
    let mark = Watermark { source: format!("source {text}"), position: text.to_owned() };
    let first = desk.store.accept(std::slice::from_ref(&event), Some(&mark), NOW).await.unwrap()[0];
    assert_eq!(desk.store.accept(&[event], None, NOW).await.unwrap()[0].event, None, "it is known again");
    assert_eq!(desk.store.watermark(&mark.source).await.unwrap().as_deref(), Some(back));
    assert_eq!(desk.store.count_failure(first.event.unwrap(), text).await.unwrap(), 1);
    let loaded = desk.load(first.conversation).await;
    assert_eq!((text_of(&loaded.events[0].kind), loaded.requester.name.as_str()), (back, back));
    assert_eq!(loaded.conversation.place.key, format!("web {back}"));
    assert!(desk.store.active_conversation(&here).await.unwrap().is_some());
    assert!(desk.store.account(Platform::Web, &format!("user {text}")).await.unwrap().is_some());

    let ticket = desk.ticket_of(first.conversation).await;
    let ticket = Ticket { summary: text.to_owned(), queue: text.to_owned(), rating_comment: Some(text.to_owned()), ..ticket };
    let line = AuditEntry {
        at: NOW,
        actor: text.to_owned(),
        action: text.to_owned(),
        subject: text.to_owned(),
        detail: json!({ "text": text }),
    };
    let mut saying = handled([first]);
    saying.ticket = Some(TicketWrite::Open(ticket.clone()));
    saying.outbound = vec![post(first.conversation, &here, text)];
    saying.entries = vec![said(text), note(text)];
    saying.audit = vec![line];
    desk.turn(first.conversation, saying).await;
    let stored = desk.store.ticket(ticket.number).await.unwrap().unwrap();
    assert_eq!((stored.summary.as_str(), stored.rating_comment.as_deref()), (back, Some(back)));
    for entry in desk.timeline(first.conversation).await {
        let (Happening::Said { text, .. } | Happening::Note { text, .. }) = entry.what else { panic!("{entry:?}") };
        assert_eq!(text, back);
    }
    assert_eq!(desk.store.recent_in_place(&here, 9).await.unwrap().len(), 1);
    let line = &desk.store.audit(1).await.unwrap()[0];
    assert_eq!((line.actor.as_str(), &line.detail), (back, &json!({ "text": back })));
    let delivery = desk.next().await.unwrap();
    assert_eq!(delivery.message.operation, post(first.conversation, &here, back).operation);
    assert!(desk.finish(&delivery, &crate::support::sent_as(text)).await);
    desk.turn(first.conversation, turn()).await;
}

pub(crate) async fn every_text_comes_back_as_it_went_in(desk: &Desk) {
    for text in [
        "'; DROP TABLE persons; --",
        "\"quotes\" \\backslashes\\ \\u0000 {\"json\": [1]}",
        "line\nbreak\r\n\ttab \u{1}\u{7f}\u{85}\u{2028}",
        "\u{202E}right to left\u{2066} مرحبا",
        "👩‍👩‍👧‍👦 Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘ \u{10FFFF}\u{FFFE}\u{FEFF}",
        "$1 ? %s ${x} _%",
    ] {
        round_trip(desk, text, text).await;
    }
}

pub(crate) async fn nul_becomes_the_replacement_character(desk: &Desk) {
    round_trip(desk, "a\0b\0", "a\u{FFFD}b\u{FFFD}").await;
    let words = |text: &str| Article {
        id: "nul".parse().unwrap(),
        language: Language::En,
        title: text.to_owned(),
        category: text.to_owned(),
        kind: ArticleKind::Incident,
        audience: Audience::Everyone,
        phrasings: vec![text.to_owned()],
        not_for: vec![text.to_owned()],
        steps: vec![text.to_owned()],
        body: text.to_owned(),
    };
    let given = words("a\0b");
    assert_eq!(desk.store.put_articles(std::slice::from_ref(&given), false, "a\0b", NOW).await.unwrap(), (1, 0, 0, 0));
    assert_eq!(desk.store.put_articles(&[given], false, "a\0b", NOW).await.unwrap(), (0, 0, 1, 0));
    assert_eq!(desk.store.articles().await.unwrap().1, [words("a\u{FFFD}b")]);
}

pub(crate) async fn a_megabyte_of_marks_is_kept(desk: &Desk) {
    let text = format!("a{}", "\u{0336}\u{0489}".repeat(250_000));
    let accepted = desk.receive(&place("anna"), &text).await;
    assert_eq!(text_of(&desk.load(accepted.conversation).await.events[0].kind), text);
    let saying = Turn { entries: vec![said(&text)], ..handled([accepted]) };
    desk.turn(accepted.conversation, saying).await;
    let Happening::Said { text: kept, .. } = &desk.timeline(accepted.conversation).await[0].what else { panic!() };
    assert_eq!(*kept, text);
}
