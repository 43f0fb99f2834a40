use firstline_engine::room::StaffInput;
use serde::Deserialize as _;
use serde_json::json;

use super::*;

fn erika() -> Value {
    json!({"id": 4711, "is_bot": false, "first_name": "Erika", "last_name": "Muster", "username": "erika",
           "language_code": "de-AT"})
}

pub(super) fn message(more: &Value) -> Value {
    let mut message = json!({"message_id": 7, "date": 1_700_000_000, "from": erika(),
                             "chat": {"id": 4711, "type": "private", "first_name": "Erika"}});
    merge(&mut message, more);
    json!({"update_id": 100, "message": message})
}

pub(super) fn merge(into: &mut Value, more: &Value) {
    for (name, value) in more.as_object().expect("an object") {
        into[name] = value.clone();
    }
}

fn read_one(update: Value) -> InboundEvent {
    let mut batch = Batch::read(&[update], &Rooms::default(), &Me::default(), &Albums::default());
    assert_eq!((batch.events.len(), batch.left_out), (1, 0), "{batch:?}");
    batch.events.remove(0)
}

#[test]
fn a_text_becomes_a_message() {
    let update = message(&json!({"text": "mein VPN geht nicht", "reply_to_message": {"message_id": 5, "date": 1}}));
    let event = read_one(update.clone());
    assert_eq!(event.dedupe_key, "update:0:100", "every bot numbers its updates by itself");
    assert_eq!(event.account.user_id, "4711");
    assert_eq!(event.account.display_name, "Erika Muster");
    assert_eq!(event.account.language, Some(Language::De));
    assert_eq!(event.place, PlaceRef { platform: Platform::Telegram, key: "4711".to_owned() });
    assert_eq!(event.sent_at, Some(Timestamp(1_700_000_000_000)));
    assert_eq!(event.raw, update);
    let InboundKind::Message { message, text, reply_to, attachments, .. } = event.kind else { panic!("{event:?}") };
    assert_eq!((message, text.as_str()), (ExternalId("7".to_owned()), "mein VPN geht nicht"));
    assert_eq!(reply_to, Some(ExternalId("5".to_owned())));
    assert!(attachments.is_empty());
}

#[test]
fn files_are_told_with_their_caption() {
    let check = |more: Value, text: &str, expected: (&str, Option<&str>, Option<u64>, &str)| {
        let event = read_one(message(&more));
        let InboundKind::Message { text: said, attachments, .. } = event.kind else { panic!("{event:?}") };
        assert_eq!(said, text);
        let [file] = attachments.as_slice() else { panic!("{attachments:?}") };
        let told = (file.name.as_str(), file.media_type.as_deref(), file.size, file.handle.as_str());
        assert_eq!(told, expected);
    };
    check(
        json!({"caption": "so sieht das aus", "photo": [{"file_id": "small", "file_size": 10, "width": 1, "height": 1},
                                                      {"file_id": "big", "file_size": 99, "width": 9, "height": 9}]}),
        "so sieht das aus",
        ("photo.jpg", Some("image/jpeg"), Some(99), "big"),
    );
    check(
        json!({"document": {"file_id": "d", "file_name": "log.txt", "mime_type": "text/plain", "file_size": 3}}),
        "",
        ("log.txt", Some("text/plain"), Some(3), "d"),
    );
    check(
        json!({"voice": {"file_id": "v", "duration": 2, "mime_type": "audio/ogg"}}),
        "",
        ("voice.ogg", Some("audio/ogg"), None, "v"),
    );
    check(
        json!({"animation": {"file_id": "a", "mime_type": "video/mp4"}, "document": {"file_id": "a"}}),
        "",
        ("animation.mp4", Some("video/mp4"), None, "a"),
    );
}

#[test]
fn an_edit_tells_the_new_text_and_its_time() {
    let mut update = message(&json!({"text": "mein WLAN geht nicht", "edit_date": 1_700_000_100}));
    update["edited_message"] = update["message"].take();
    let event = read_one(update);
    assert_eq!(event.sent_at, Some(Timestamp(1_700_000_100_000)));
    let expected = InboundKind::Edited { message: ExternalId("7".to_owned()), text: "mein WLAN geht nicht".to_owned() };
    assert_eq!(event.kind, expected);
}

#[test]
fn a_press_becomes_a_choice_and_waits_for_its_answer() {
    let update = json!({"update_id": 101, "callback_query": {"id": "988", "from": erika(), "chat_instance": "1",
        "data": "token", "message": {"message_id": 8, "date": 0, "chat": {"id": 4711, "type": "private"}}}});
    let batch = Batch::read(&[update], &Rooms::default(), &Me::default(), &Albums::default());
    assert_eq!(batch.presses, ["988"]);
    assert_eq!(batch.events[0].kind, InboundKind::Choice { token: "token".to_owned() });
    assert_eq!(batch.events[0].sent_at, None);
}

#[test]
fn what_is_not_for_the_desk_is_left_out_and_the_position_moves_on() {
    let mut group = message(&json!({"text": "hi", "chat": {"id": -5, "type": "group"}}));
    group["update_id"] = json!(200);
    let mut bot = message(&json!({"text": "hi"}));
    bot["message"]["from"]["is_bot"] = json!(true);
    let in_group = json!({"update_id": 204, "callback_query": {"id": "989", "from": erika(), "data": "x",
        "message": {"message_id": 8, "date": 1, "chat": {"id": -5, "type": "supergroup"}}}});
    let updates = vec![
        message(&json!({"text": "first"})),
        group,
        bot,
        message(&json!({"pinned_message": {"message_id": 1}})),
        json!({"update_id": 203, "something_new": {"a": 1}}),
        json!({"update_id": 202, "message": {"some fields are missing": true}}),
        in_group,
        json!("nonsense"),
    ];
    let batch = Batch::read(&updates, &Rooms::default(), &Me::default(), &Albums::default());
    assert_eq!(batch.events.len(), 1);
    assert_eq!((batch.left_out, batch.strange.len()), (5, 2));
    assert_eq!(batch.last, Some(204));
    assert_eq!(batch.presses, ["989"]);
    assert_eq!(Batch::read(&[], &Rooms::default(), &Me::default(), &Albums::default()), Batch::default());
}

#[test]
fn names_and_languages() {
    let user = |value: Value| account(User::deserialize(value).expect("a user"));
    assert_eq!(user(json!({"id": 1, "first_name": "A"})).display_name, "A");
    assert_eq!(user(json!({"id": 1, "first_name": "", "username": "u"})).display_name, "u");
    assert_eq!(user(json!({"id": 1})).display_name, "1");
    let check = |tag, expected| assert_eq!(language(tag), expected, "{tag}");
    check("de", Some(Language::De));
    check("en-US", Some(Language::En));
    check("pt-br", None);
    check("", None);
}

#[test]
fn what_is_no_text_is_put_into_words() {
    let check = |more: Value, expected: &str| {
        let InboundKind::Message { text, .. } = read_one(message(&more)).kind else { panic!("a message") };
        assert_eq!(text, expected);
    };
    check(json!({"location": {"latitude": 52.52, "longitude": 13.405}}), "📍 52.52000, 13.40500");
    check(
        json!({"location": {"latitude": 1, "longitude": 2}, "venue": {"title": "Office", "address": "Main St", "location": {}}}),
        "📍 1.00000, 2.00000 (Office, Main St)",
    );
    check(json!({"poll": {"question": "Down?", "options": [{"text": "Yes"}, {"text": "No"}]}}), "📊 Down?\nYes\nNo");
    check(json!({"dice": {"emoji": "🎲", "value": 4}}), "🎲 4");
    check(json!({"contact": {"phone_number": "+49 1", "first_name": "Ben"}}), "👤 Ben, +49 1");
    let forwarded = |origin: Value| json!({"text": "/start down", "forward_origin": origin});
    check(forwarded(json!({"type": "hidden_user", "date": 1, "sender_user_name": "Ben"})), "↪ Ben:\n/start down");
    check(
        forwarded(json!({"type": "user", "date": 1, "sender_user": {"id": 1, "first_name": "Ben"}})),
        "↪ Ben:\n/start down",
    );
    check(
        forwarded(json!({"type": "channel", "date": 1, "chat": {"id": -1, "title": "News"}})),
        "↪ News:\n/start down",
    );
    check(forwarded(json!({"type": "newer"})), "↪ ?:\n/start down");
}

#[test]
fn a_person_in_a_group_has_a_place_there_and_a_topic_of_a_private_chat_is_one() {
    let me = Me { id: 7, username: "desk_bot".to_owned(), has_topics_enabled: false };
    let key = |more: Value| {
        let batch = Batch::read(&[message(&more)], &Rooms::new([-9]).with_moved(&moved()), &me, &Albums::default());
        batch.events.first().map(|event| (event.place.key.clone(), matches!(event.kind, InboundKind::Public { .. })))
    };
    let group = |more: Value| {
        let mut all = json!({"chat": {"id": -5, "type": "supergroup"}, "text": "@desk_bot hi",
                             "entities": [{"type": "mention", "offset": 0, "length": 9}]});
        merge(&mut all, &more);
        key(all)
    };
    assert_eq!(group(json!({})), Some(("-5/0/4711".to_owned(), true)));
    assert_eq!(group(json!({"message_thread_id": 3})), Some(("-5/0/4711".to_owned(), true)), "a thread of answers");
    let topic = json!({"message_thread_id": 3, "is_topic_message": true});
    assert_eq!(group(topic.clone()), Some(("-5/3/4711".to_owned(), true)));
    assert_eq!(group(json!({"chat": {"id": -5, "type": "channel"}})), None);
    assert_eq!(group(json!({"sender_chat": {"id": -5}})), None);
    // A staff room stays one wherever it is.
    for chat in [-9, -10] {
        assert_eq!(group(json!({"chat": {"id": chat, "type": "supergroup"}})), Some(("-10".to_owned(), false)));
    }
    let mut private = json!({"text": "hi"});
    assert_eq!(key(private.clone()), Some(("4711".to_owned(), false)));
    merge(&mut private, &topic);
    assert_eq!(key(private), Some(("4711/3".to_owned(), false)));
}

fn moved() -> [(PlaceRef, PlaceRef); 1] {
    let place = |key: &str| PlaceRef { platform: Platform::Telegram, key: key.to_owned() };
    [(place("-9"), place("-10"))]
}

#[test]
fn who_blocks_the_bot_and_what_moves_is_read() {
    let member = |kind: &str, old: &str, new: &str| {
        json!({"update_id": 1, "my_chat_member": {"chat": {"id": 4711, "type": kind}, "from": erika(), "date": 1,
               "old_chat_member": {"status": old}, "new_chat_member": {"status": new}}})
    };
    let kind = |update: Value| {
        let batch = Batch::read(&[update], &Rooms::default(), &Me::default(), &Albums::default());
        batch.events.into_iter().next().map(|event| event.kind)
    };
    assert_eq!(kind(member("private", "member", "kicked")), Some(InboundKind::Blocked));
    assert_eq!(kind(member("private", "kicked", "member")), Some(InboundKind::Unblocked));
    assert_eq!(kind(member("private", "left", "member")), None);
    assert_eq!(kind(member("supergroup", "member", "kicked")), None);
    let to = json!({"update_id": 1, "message": {"chat": {"id": -5}, "migrate_to_chat_id": -1005}});
    let from = json!({"update_id": 2, "message": {"chat": {"id": -1005}, "migrate_from_chat_id": -5}});
    assert_eq!([moves(&to), moves(&from), moves(&json!({}))], [Some((-5, -1005)), Some((-5, -1005)), None]);
}

#[test]
fn what_is_of_no_known_kind_is_a_message_without_words_and_kept() {
    let check = |more: Value, rooms: &Rooms, expected: (usize, usize)| {
        let batch = Batch::read(&[message(&more)], rooms, &Me::default(), &Albums::default());
        assert_eq!((batch.events.len(), batch.strange.len()), expected, "{more}");
        assert!(batch.events.iter().all(|event| says_nothing(&event.kind)) || expected.1 == 0);
    };
    let checklist = json!({"checklist": {"title": "Today", "tasks": []}});
    check(checklist.clone(), &Rooms::default(), (1, 1));
    check(json!({"newer_than_we_are": {}}), &Rooms::default(), (1, 1));
    check(json!({"new_chat_photo": []}), &Rooms::default(), (0, 0));
    // With words it is understood, whatever else is new in it.
    check(json!({"text": "hello", "newer_than_we_are": {}}), &Rooms::default(), (1, 0));
    let mut in_room = checklist;
    merge(&mut in_room, &json!({"chat": {"id": -9, "type": "supergroup"}}));
    check(in_room, &Rooms::new([-9]), (1, 1));
}

#[test]
fn a_step_of_somebody_who_shares_where_they_are_is_no_change_and_words_taken_away_are_one() {
    let changed = |more: &Value, chat: i64| {
        let mut update = message(more);
        update["message"]["edit_date"] = json!(9);
        update["message"]["chat"] = json!({"id": chat, "type": if chat < 0 { "supergroup" } else { "private" }});
        update["edited_message"] = update["message"].take();
        let batch = Batch::read(&[update], &Rooms::new([-9]), &Me::default(), &Albums::default());
        batch.events.into_iter().next().map(|event| match event.kind {
            InboundKind::Edited { text, .. }
            | InboundKind::Staff(StaffInput { what: StaffDid::Edited { text, .. }, .. }) => text,
            other => panic!("{other:?}"),
        })
    };
    for chat in [4711, -9] {
        let photo = json!({"photo": [{"file_id": "p"}]});
        assert_eq!(changed(&photo, chat), Some(String::new()));
        assert_eq!(changed(&json!({"location": {"latitude": 1, "longitude": 2, "live_period": 60}}), chat), None);
        assert_eq!(changed(&json!({"sticker": {"file_id": "s"}}), chat), None);
        assert_eq!(changed(&json!({"text": "new"}), chat), Some("new".to_owned()));
    }
}

#[test]
fn addresses_behind_words_are_read() {
    let link = json!([{"type": "text_link", "offset": 4, "length": 4, "url": "https://example.org/login"}]);
    let check = |more: Value| {
        let InboundKind::Message { text, .. } = read_one(message(&more)).kind else { panic!("a message") };
        assert_eq!(text, "see here (https://example.org/login)");
    };
    check(json!({"text": "see here", "entities": link}));
    check(json!({"caption": "see here", "caption_entities": link, "photo": [{"file_id": "p"}]}));
    // In a group the bot's name is found behind one.
    let me = Me { id: 7, username: "desk_bot".to_owned(), has_topics_enabled: false };
    let update = message(&json!({"chat": {"id": -5, "type": "group"}, "text": "see here, @desk_bot",
        "forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Ben"},
        "entities": [link[0], {"type": "mention", "offset": 10, "length": 9}]}));
    let batch = Batch::read(&[update], &Rooms::default(), &me, &Albums::default());
    let InboundKind::Public { text, .. } = &batch.events[0].kind else { panic!("{batch:?}") };
    assert_eq!(text, "↪ Ben:\nsee here (https://example.org/login),");
}

#[test]
fn in_a_staff_room_another_bot_is_nobody_and_a_channel_is_no_person() {
    let author = |more: &Value| {
        let mut all = json!({"chat": {"id": -9, "type": "supergroup"}, "text": "hello"});
        merge(&mut all, more);
        let batch = Batch::read(&[message(&all)], &Rooms::new([-9]), &Me::default(), &Albums::default());
        batch.events.into_iter().next().map(|event| event.account.user_id)
    };
    assert_eq!(author(&json!({})).as_deref(), Some("4711"));
    assert_eq!(author(&json!({"from": {"id": 5, "is_bot": true, "first_name": "Other"}})), None);
    let channel = json!({"sender_chat": {"id": -100_777, "type": "channel", "title": "News"},
                         "from": {"id": 136_817_688, "is_bot": true, "first_name": "Channel"}});
    assert_eq!(author(&channel).as_deref(), Some("chat:-100777"));
}
