use firstline_engine::{command::Command, people::Role, room::StaffDid};
use serde_json::json;

use super::*;
use crate::{DiscordSettings, StaffRole};

/// Whoever has the role 77 is an agent.
fn settings() -> DiscordSettings {
    DiscordSettings { staff_roles: vec![StaffRole { id: 77, right: Role::Agent }], ..crate::intake::tests::settings() }
}

fn erika() -> Value {
    json!({"id": "80351110224678912", "username": "erika", "global_name": "Erika M.", "discriminator": "0"})
}

fn message(more: &Value) -> Value {
    let mut message = json!({"id": "1000000000000000001", "channel_id": "55", "type": 0, "author": erika(),
        "content": "mein VPN geht nicht", "timestamp": "2023-11-14T22:13:20.000000+00:00", "attachments": [], "embeds": []});
    for (name, value) in more.as_object().expect("an object") {
        message[name] = value.clone();
    }
    message
}

fn event(kind: &str, data: &Value) -> InboundEvent {
    match read(kind, data).expect("readable") {
        Dispatch::Direct(event) => *event,
        other => panic!("{other:?}"),
    }
}

fn left_out(kind: &str, data: &Value) {
    assert_eq!(read(kind, data).expect("readable"), Dispatch::LeftOut, "{kind} {data}");
}

#[test]
fn a_direct_message_becomes_a_message() {
    let data = message(&json!({"type": 19, "message_reference": {"message_id": "7", "channel_id": "55"}}));
    let event = event("MESSAGE_CREATE", &data);
    assert_eq!(event.dedupe_key, "message:1000000000000000001");
    assert_eq!(event.account.user_id, "80351110224678912");
    assert_eq!(event.account.display_name, "Erika M.");
    assert_eq!(event.account.language, None);
    assert_eq!(event.place, PlaceRef { platform: Platform::Discord, key: "55".to_owned() });
    assert_eq!(event.sent_at, Some(Timestamp(1_658_488_979_101)));
    assert_eq!(event.raw, data);
    let expected = InboundKind::Message {
        message: ExternalId("1000000000000000001".to_owned()),
        text: "mein VPN geht nicht".to_owned(),
        reply_to: Some(ExternalId("7".to_owned())),
        quote: None,
        attachments: Vec::new(),
        album: None,
    };
    assert_eq!(event.kind, expected);
}

#[test]
fn what_is_passed_on_comes_with_its_words_and_files() {
    let data = message(&json!({"content": "", "message_reference": {"type": 1, "message_id": "7", "channel_id": "9"},
        "message_snapshots": [{"message": {"type": 0, "content": "Drucker brennt", "embeds": [], "attachments": [
            {"id": "9", "filename": "brand.png", "size": 10, "url": "https://cdn.example/brand.png"}]}}]}));
    let InboundKind::Message { text, reply_to, attachments, .. } = event("MESSAGE_CREATE", &data).kind else {
        panic!("a message");
    };
    assert_eq!((text.as_str(), reply_to), ("Drucker brennt", None));
    assert_eq!(attachments.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["brand.png"]);
}

#[test]
fn a_thread_that_is_deleted_is_told() {
    let data = json!({"id": "1", "guild_id": "9", "parent_id": "55", "type": 11});
    let expected = Dispatch::ThreadGone { thread: "1".to_owned(), channel: "55".to_owned() };
    assert_eq!(read("THREAD_DELETE", &data).expect("readable"), expected);
}

#[test]
fn ids_tell_when() {
    // The example of Discord's documentation: 2016-04-30 11:18:25.796 UTC.
    assert_eq!(made_at("175928847299117063"), Some(Timestamp(1_462_015_105_796)));
    assert_eq!(made_at("nonsense"), None);
}

#[test]
fn files_are_told() {
    let data = message(&json!({"content": "", "attachments": [{"id": "9", "filename": "fehler.png",
        "content_type": "image/png", "size": 1234, "url": "https://cdn.example/fehler.png"}],
        "sticker_items": [{"id": "3", "name": "wave", "format_type": 1}]}));
    let InboundKind::Message { text, attachments, .. } = event("MESSAGE_CREATE", &data).kind else {
        panic!("a message")
    };
    assert_eq!(text, "");
    let told: Vec<_> = attachments.iter().map(|file| (file.name.as_str(), file.size, file.handle.as_str())).collect();
    assert_eq!(told, [("fehler.png", Some(1234), "https://cdn.example/fehler.png"), ("wave", None, "sticker:3")]);
}

#[test]
fn only_an_authors_change_is_an_edit() {
    let edited = message(&json!({"content": "mein WLAN", "edited_timestamp": "2023-11-14T22:15:00.000000+00:00"}));
    let event = event("MESSAGE_UPDATE", &edited);
    assert_eq!(event.dedupe_key, "edit:1000000000000000001:2023-11-14T22:15:00.000000+00:00");
    assert_eq!(event.sent_at, Some(Timestamp(1_700_000_100_000)));
    let message_id = ExternalId("1000000000000000001".to_owned());
    assert_eq!(event.kind, InboundKind::Edited { message: message_id, text: "mein WLAN".to_owned() });
    left_out("MESSAGE_UPDATE", &message(&json!({"edited_timestamp": null})));
    left_out("MESSAGE_UPDATE", &json!({"id": "1", "channel_id": "55", "embeds": []}));
}

#[test]
fn a_deletion_is_told_without_its_author() {
    let data = json!({"id": "1", "channel_id": "55"});
    let expected = |server: Option<&str>| Dispatch::Deleted {
        messages: vec!["1".to_owned()],
        channel: "55".to_owned(),
        server: server.map(str::to_owned),
    };
    assert_eq!(read("MESSAGE_DELETE", &data).expect("readable"), expected(None));
    let in_server = json!({"id": "1", "channel_id": "55", "guild_id": "9"});
    assert_eq!(read("MESSAGE_DELETE", &in_server).expect("readable"), expected(Some("9")));

    let many = json!({"ids": ["1", "2"], "channel_id": "55"});
    let Dispatch::Deleted { messages, .. } = read("MESSAGE_DELETE_BULK", &many).expect("readable") else {
        panic!("a deletion");
    };
    assert_eq!(messages, ["1", "2"]);

    let account = AccountRef {
        platform: Platform::Discord,
        user_id: "80351110224678912".to_owned(),
        display_name: "Erika M.".to_owned(),
        language: None,
    };
    let event = deleted("1".to_owned(), "55", account, &data);
    assert_eq!((event.dedupe_key.as_str(), event.account.user_id.as_str()), ("delete:1", "80351110224678912"));
    assert_eq!(event.kind, InboundKind::Deleted { message: ExternalId("1".to_owned()) });
}

fn interaction(data: &Value, more: &Value) -> Value {
    let mut interaction = json!({"id": "1000000000000000002", "application_id": "4", "type": 3, "token": "secret",
        "channel_id": "55", "locale": "de", "data": data, "version": 1});
    for (name, value) in more.as_object().expect("an object") {
        interaction[name] = value.clone();
    }
    interaction
}

#[test]
fn presses_on_buttons_and_in_lists_are_choices() {
    let check = |data: Value, token: &str| {
        let interaction = interaction(&data, &json!({"user": erika()}));
        let event = event("INTERACTION_CREATE", &interaction);
        let expected = Waiting {
            id: 1_000_000_000_000_000_002,
            token: "secret".to_owned(),
            language: Some(Language::De),
            with: Acknowledgement::Silent,
        };
        assert_eq!(waiting("INTERACTION_CREATE", &interaction, |_| true), Some(expected));
        assert_eq!(event.dedupe_key, "interaction:1000000000000000002");
        assert_eq!(event.account.language, Some(Language::De));
        assert_eq!(event.kind, InboundKind::Choice { token: token.to_owned() });
    };
    check(json!({"component_type": 2, "custom_id": "t1"}), "t1");
    check(json!({"component_type": 3, "custom_id": "choose:0", "values": ["t9"]}), "t9");
}

fn acknowledged(interaction: &Value) -> Option<Acknowledgement> {
    waiting("INTERACTION_CREATE", interaction, |server| server == "9").map(|waiting| waiting.with)
}

#[test]
fn slash_commands_are_commands_and_get_a_word() {
    let check = |data: Value, command: Command| {
        let interaction = interaction(&data, &json!({"user": erika(), "type": 2}));
        assert_eq!(event("INTERACTION_CREATE", &interaction).kind, InboundKind::Command { command });
        assert_eq!(acknowledged(&interaction), Some(Acknowledgement::Word));
    };
    check(json!({"name": "human"}), Command::Human);
    check(
        json!({"name": "language", "options": [{"name": "name", "type": 3, "value": "de"}]}),
        Command::Language(Some(Language::De)),
    );
    check(json!({"name": "ticket", "options": [{"name": "close", "type": 1, "options": []}]}), Command::Close);
    left_out("INTERACTION_CREATE", &interaction(&json!({"name": "other"}), &json!({"user": erika(), "type": 2})));
}

fn in_server(kind: &str, data: &Value) -> Deed {
    match read(kind, data).expect("readable") {
        Dispatch::InServer(deed) => *deed,
        other => panic!("{other:?}"),
    }
}

fn staff(kind: &str, data: &Value, room: &str) -> InboundEvent {
    in_server(kind, data).in_room(room, &settings()).expect("it is staff's")
}

/// What somebody does in a server as its member.
fn as_member(more: &Value) -> Value {
    let mut fields = json!({"guild_id": "9", "member": {"user": erika(), "roles": []}, "type": 2});
    for (name, value) in more.as_object().expect("an object") {
        fields[name] = value.clone();
    }
    fields
}

#[test]
fn commands_of_requesters_are_theirs_in_servers_and_answered_to_them_alone() {
    let asked = interaction(
        &json!({"name": "ask", "type": 1, "options": [{"name": "question", "type": 3, "value": "vpn?"}]}),
        &as_member(&json!({})),
    );
    assert_eq!(acknowledged(&asked), Some(Acknowledgement::Later));
    let deed = in_server("INTERACTION_CREATE", &asked);
    assert!(deed.is_personal() && deed.clone().in_room("55", &settings()).is_none());
    let event = deed.by_requester(place("55"), false);
    assert_eq!(event.circumstances.via.as_deref(), Some("4/secret/de"));
    assert!(matches!(event.kind, InboundKind::Message { text, .. } if text == "vpn?"));

    let elsewhere = interaction(&json!({"name": "ask", "type": 1}), &as_member(&json!({"guild_id": "8"})));
    assert_eq!(acknowledged(&elsewhere), Some(Acknowledgement::NotHere));
    let of_staff = interaction(&json!({"name": "claim", "type": 1}), &as_member(&json!({})));
    assert_eq!(acknowledged(&of_staff), Some(Acknowledgement::Later));
    let event = staff("INTERACTION_CREATE", &of_staff, "50");
    assert_eq!(event.circumstances.via.as_deref(), Some("4/secret/de"), "theirs are answered like that, too");
    assert!(!in_server("INTERACTION_CREATE", &of_staff).is_personal());

    let typing = interaction(
        &json!({"name": "ask", "type": 1, "options": [{"name": "question", "type": 3, "value": "vp", "focused": true}]}),
        &as_member(&json!({"type": 4})),
    );
    assert_eq!(acknowledged(&typing), Some(Acknowledgement::Suggestions("vp".to_owned())));
    left_out("INTERACTION_CREATE", &typing);
}

#[test]
fn a_form_is_shown_and_read() {
    let new = json!({"name": "ticket", "type": 1, "options": [{"name": "new", "type": 1, "options": []}]});
    let new = interaction(&new, &as_member(&json!({})));
    assert_eq!(acknowledged(&new), Some(Acknowledgement::Form(Form::Request { about: None })));
    left_out("INTERACTION_CREATE", &new);
    let menu = json!({"name": FROM_MESSAGE, "type": 3, "target_id": "7",
        "resolved": {"messages": {"7": message(&json!({"id": "7"}))}}});
    let menu = interaction(&menu, &as_member(&json!({})));
    let form_of = |menu: &Value| match acknowledged(menu) {
        Some(Acknowledgement::Form(Form::Request { about: Some(about) })) => about,
        other => panic!("a form, not {other:?}"),
    };
    let about = form_of(&menu);
    assert_eq!((about.author.as_str(), about.text.as_str()), ("Erika M.", "mein VPN geht nicht"));
    assert_eq!(about.form(), REQUEST, "there are no files to be fetched");
    let picture =
        json!([{"id": "8", "filename": "a.png", "size": 3, "url": "https://cdn.discordapp.com/a", "proxy_url": "x"}]);
    let menu = json!({"name": FROM_MESSAGE, "type": 3, "target_id": "7",
        "resolved": {"messages": {"7": message(&json!({"id": "7", "attachments": picture}))}}});
    let form = form_of(&interaction(&menu, &as_member(&json!({})))).form();
    let handed_in = json!({"data": {"custom_id": form}});
    assert_eq!(super::files_wanted(&handed_in).map(|(_, message)| message), Some(7));
    assert_eq!(super::files_wanted(&json!({"data": {"custom_id": REQUEST}})), None);

    let fields = [(SUMMARY, "Drucker"), (DESCRIPTION, "druckt nicht")]
        .map(|(name, value)| json!({"type": 18, "component": {"type": 4, "custom_id": name, "value": value}}));
    let handed_in = interaction(&json!({"custom_id": REQUEST, "components": fields}), &as_member(&json!({"type": 5})));
    assert_eq!(acknowledged(&handed_in), Some(Acknowledgement::Later));
    let event = in_server("INTERACTION_CREATE", &handed_in).by_requester(place("55"), false);
    let expected = InboundKind::Request {
        message: ExternalId("1000000000000000002".to_owned()),
        summary: "Drucker".to_owned(),
        description: "druckt nicht".to_owned(),
        attachments: Vec::new(),
    };
    assert_eq!(event.kind, expected);
}

#[test]
fn a_form_of_staffs_is_opened_by_a_button_and_read() {
    let card = json!({"id": "60"});
    let press = |data: Value| interaction(&data, &as_member(&json!({"type": 3, "message": card})));
    let reason = press(json!({"component_type": 3, "custom_id": "choose:0", "values": ["t.queue.1"]}));
    let token = "t.queue.1".to_owned();
    assert_eq!(acknowledged(&reason), Some(Acknowledgement::Form(Form::Reason(token.clone()))));
    left_out("INTERACTION_CREATE", &reason);
    let note = press(json!({"component_type": 2, "custom_id": "t.notes.on"}));
    assert_eq!(acknowledged(&note), Some(Acknowledgement::Form(Form::Note("t.notes.on".to_owned()))));

    let field = json!({"type": 18, "component": {"type": 4, "custom_id": DESCRIPTION, "value": "weil"}});
    let data = json!({"custom_id": "staff:t.queue.1", "components": [field]});
    let handed_in = interaction(&data, &as_member(&json!({"type": 5, "message": card})));
    assert_eq!(acknowledged(&handed_in), Some(Acknowledgement::Later));
    let event = staff("INTERACTION_CREATE", &handed_in, "55");
    assert!(event.circumstances.via.is_some());
    let InboundKind::Staff(input) = event.kind else { panic!("staff") };
    assert_eq!(input.what, StaffDid::Filled { token, text: "weil".to_owned() });
    assert_eq!(input.thread, Some(ExternalId("60".to_owned())));
}

#[test]
fn what_a_command_is_given_is_read_in_its_own_order() {
    let typed = |name: &str, options: Value| {
        let used = interaction(&json!({"name": name, "type": 1, "options": options}), &as_member(&json!({})));
        let InboundKind::Staff(input) = staff("INTERACTION_CREATE", &used, "50").kind else { panic!("staff") };
        let StaffDid::Said { text, .. } = input.what else { panic!("said") };
        text
    };
    let given = |name: &str, value: Value| json!({"name": name, "type": 3, "value": value});
    assert_eq!(
        typed("merge", json!([given("confirm", json!("confirm")), given("number", json!(1001))])),
        "/merge 1001 confirm"
    );
    assert_eq!(
        typed("transfer", json!([given("reason", json!("weil es drängt")), given("queue", json!("second level"))])),
        "/transfer second level weil es drängt"
    );
    assert_eq!(typed("note", json!([])), "/note");
}

#[test]
fn what_is_asked_at_once_is_no_event() {
    let of = |more: &Value, name: &str, options: Value| {
        interaction(&json!({"name": name, "type": 1, "options": options}), &as_member(more))
    };
    let off = of(&json!({}), "duty", json!([{"name": "state", "type": 3, "value": "off"}]));
    let Some(Acknowledgement::Asked(asked)) = acknowledged(&off) else { panic!("asked") };
    assert_eq!((asked.what, asked.by.account.user_id.as_str()), (Wanted::Duty(Some(false)), "80351110224678912"));
    left_out("INTERACTION_CREATE", &off);
    let options = json!([{"name": "macro", "type": 3, "value": "vp", "focused": true}]);
    let typing = of(&json!({"type": 4}), "macro", options);
    assert!(matches!(acknowledged(&typing), Some(Acknowledgement::Macros(_, typed)) if typed == "vp"));
}

#[test]
fn what_is_pressed_below_an_answer_of_ones_own_is_personal() {
    let pressed = interaction(
        &json!({"component_type": 2, "custom_id": "t1"}),
        &as_member(&json!({"type": 3, "message": {"id": "60", "flags": 64}})),
    );
    let deed = in_server("INTERACTION_CREATE", &pressed);
    assert!(deed.is_personal());
    let event = deed.by_requester(place("55"), false);
    assert_eq!(event.kind, InboundKind::Choice { token: "t1".to_owned() });
    assert!(event.circumstances.via.is_some());
}

#[test]
fn only_a_message_that_answers_none_begins_something() {
    let said = |more: Value| in_server("MESSAGE_CREATE", &message(&more)).begins_something();
    assert!(said(json!({"guild_id": "9"})));
    assert!(!said(json!({"guild_id": "9", "type": 19, "message_reference": {"message_id": "7"}})));
    let command = interaction(&json!({"name": "claim", "type": 1}), &as_member(&json!({})));
    assert!(!in_server("INTERACTION_CREATE", &command).begins_something());
}

#[test]
fn what_is_done_in_a_thread_belongs_to_its_room() {
    let said = message(&json!({"guild_id": "9", "member": {"roles": ["76", "77"]}}));
    let event = staff("MESSAGE_CREATE", &said, "50");
    assert_eq!((event.place.key.as_str(), event.dedupe_key.as_str()), ("50", "message:1000000000000000001"));
    let InboundKind::Staff(input) = event.kind else { panic!("staff") };
    assert_eq!((input.thread, input.granted), (Some(ExternalId("55".to_owned())), true));
    let expected = StaffDid::Said {
        message: ExternalId("1000000000000000001".to_owned()),
        text: "mein VPN geht nicht".to_owned(),
        attachments: Vec::new(),
        album: None,
    };
    assert_eq!(input.what, expected);

    let pressed = interaction(
        &json!({"component_type": 2, "custom_id": "t.claim"}),
        &json!({"guild_id": "9", "member": {"user": erika(), "roles": []}, "message": {"id": "60"}}),
    );
    let InboundKind::Staff(input) = staff("INTERACTION_CREATE", &pressed, "55").kind else { panic!("staff") };
    let thread = Some(ExternalId("60".to_owned()));
    assert_eq!((input.thread, input.granted), (thread, false), "the card in the room means the thread below it");
    assert_eq!(input.what, StaffDid::Pressed { token: "t.claim".to_owned() });
}

#[test]
fn threads_are_learned() {
    let created = json!({"id": "60", "parent_id": "50", "guild_id": "9"});
    let pair = vec![("60".to_owned(), "50".to_owned())];
    assert_eq!(read("THREAD_CREATE", &created).expect("readable"), Dispatch::Threads(pair.clone()));
    assert_eq!(
        read("GUILD_CREATE", &json!({"id": "9", "threads": [created]})).expect("readable"),
        Dispatch::Threads(pair)
    );
}

#[test]
fn what_is_not_for_the_desk_is_left_out() {
    left_out("MESSAGE_CREATE", &message(&json!({"type": 6})));
    left_out("MESSAGE_CREATE", &message(&json!({"author": {"id": "4", "username": "us", "bot": true}})));
    left_out("READY", &json!({"v": 10}));
    left_out("SOMETHING_NEW", &json!({"a": 1}));
    assert!(read("MESSAGE_CREATE", &json!({"id": 5})).is_err(), "what cannot be read is said");
}
