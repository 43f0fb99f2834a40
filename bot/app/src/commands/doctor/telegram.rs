//! The bot on Telegram: its token, how its updates come, and whether it may do in the staff rooms what it has to.

use firstline_telegram::{Examination, Mode, Room, TelegramError, Way};
use tokio::time::timeout;

use super::{
    Check,
    tokens::{PATIENCE, absent, accepted, refused, unknown, unusable},
};
use crate::{compose::platforms, config::Settings, output};

const NAME: &str = "telegram";

/// Looks at everything and changes nothing. `command` is how this program is called.
pub(in crate::commands) async fn checks(settings: &Settings, command: &str) -> Vec<Check> {
    let telegram = match platforms::telegram(settings) {
        Ok(None) => return vec![absent(NAME)],
        Ok(Some(telegram)) => telegram,
        Err(error) => return vec![unusable(NAME, &error)],
    };
    match timeout(PATIENCE, telegram.check()).await {
        Ok(Ok(who)) => {
            let mut checks = vec![accepted(NAME, &who)];
            match timeout(PATIENCE, telegram.examine()).await {
                Ok(Ok(found)) => checks.extend(judged(&found, settings, command)),
                Ok(Err(error)) => checks.push(unknown(NAME, &error)),
                Err(late) => checks.push(unknown(NAME, &late)),
            }
            checks
        }
        Ok(Err(error @ TelegramError::Token)) => vec![refused(NAME, &error)],
        Ok(Err(error)) => vec![unknown(NAME, &error)],
        Err(late) => vec![unknown(NAME, &late)],
    }
}

/// What was found, judged.
fn judged(found: &Examination, settings: &Settings, command: &str) -> Vec<Check> {
    let bot = format!("@{}", output::tame_line(&found.username));
    let mut checks = vec![way(&found.way, &settings.telegram.mode, command), privacy(found, &bot)];
    if !found.can_join_groups && !found.rooms.is_empty() {
        let mend = format!("open a chat with @BotFather, type /setjoingroups, choose {bot}, then Enable");
        checks.push(Check::fail(NAME, "the bot may not be added to groups", mend));
    }
    checks.extend(topics(found, &bot));
    if found.rooms.is_empty() {
        let message = "no staff room: tickets are worked on in the terminal; telegram.rooms names groups for them";
        checks.push(Check::ok(NAME, message));
    }
    for (chat, room) in &found.rooms {
        checks.push(match room {
            Ok(room) => judged_room(*chat, room, &bot),
            Err(reason) => Check::fail(
                NAME,
                format!("the group {chat} cannot be looked at: {}", output::tame_line(reason)),
                format!("add {bot} to the group, and see that telegram.rooms has the group's id"),
            ),
        });
    }
    checks
}

fn way(way: &Way, mode: &Mode, command: &str) -> Check {
    let setup = format!("`{command} telegram setup`");
    match (way, mode) {
        (Way::AsConfigured { waiting, failed: None }, Mode::Polling) => {
            Check::ok(NAME, format!("updates are asked for (polling); {waiting} wait"))
        }
        (Way::AsConfigured { waiting, failed: None }, Mode::Webhook(_)) => {
            Check::ok(NAME, format!("Telegram calls the webhook; {waiting} updates wait"))
        }
        (Way::AsConfigured { waiting, failed: Some(reason) }, _) => Check::warn(
            NAME,
            format!("{waiting} updates wait; Telegram's last call failed: {}", output::tame_line(reason)),
            "see that telegram.webhook.public_url can be reached from the internet and leads to telegram.webhook.listen",
        ),
        (Way::OtherWebhook { host }, Mode::Polling) => Check::fail(
            NAME,
            format!("Telegram calls a webhook on {}, so nothing can be asked for", output::tame_line(host)),
            format!("if nobody needs it any more, {setup} removes it"),
        ),
        (Way::OtherWebhook { host }, Mode::Webhook(_)) => Check::fail(
            NAME,
            format!("Telegram calls another webhook, on {}", output::tame_line(host)),
            format!("if nobody needs it any more, {setup} sets yours"),
        ),
        (Way::NoWebhook, _) => {
            Check::warn(NAME, "Telegram does not call the webhook yet", format!("{setup} sets it, and so does serve"))
        }
    }
}

fn privacy(found: &Examination, bot: &str) -> Check {
    if found.reads_everything {
        let mend = format!("open a chat with @BotFather, type /setprivacy, choose {bot}, then Enable");
        return Check::warn(NAME, "privacy mode is off: the bot is sent everything that is said in its groups", mend);
    }
    Check::ok(
        NAME,
        "privacy mode is on: in groups the bot sees what is meant for it, and all where it is an administrator",
    )
}

/// Topics in private chats, where the server has them.
fn topics(found: &Examination, bot: &str) -> Option<Check> {
    let may = "people may have topics in their private chats";
    match (found.has_private_topics, found.people_begin_topics) {
        (false, _) => None,
        (true, true) => Some(Check::ok(NAME, format!("{may}; each is answered in it"))),
        (true, false) => Some(Check::warn(
            NAME,
            format!("{may}, but not begin any, so that all they write is one conversation"),
            format!("in @BotFather's app, in the settings of {bot}, let users create topics"),
        )),
    }
}

fn judged_room(chat: i64, room: &Room, bot: &str) -> Check {
    let title = output::tame_line(&room.title);
    let name = format!("the group {title:?} ({chat})");
    let rights = || {
        let lacks = [
            (room.can_manage_topics, "Manage topics"),
            (room.can_pin_messages, "Pin messages"),
            (room.can_delete_messages, "Delete messages"),
        ];
        lacks.into_iter().filter(|(has, _)| !has).map(|(_, right)| right).collect::<Vec<_>>()
    };
    if let Some(new) = room.moved_to {
        let mend = format!("in telegram.rooms, write {new} in place of {chat}");
        return Check::warn(NAME, format!("{name} has another id now; its tickets go along"), mend);
    }
    if !room.is_administrator {
        let mend = format!(
            "in the group: its name > Edit > Administrators > Add administrator > {bot}, with Manage topics, Pin messages \
             and Delete messages"
        );
        return Check::fail(NAME, format!("in {name} the bot is no administrator"), mend);
    }
    let click = format!("in the group: its name > Edit > Administrators > {bot}");
    match rights().as_slice() {
        lacking if room.is_forum && !room.can_manage_topics => Check::fail(
            NAME,
            format!("in {name} the bot lacks: {}", lacking.join(", ")),
            format!("{click}, switch them on"),
        ),
        _ if !room.is_forum => Check::warn(
            NAME,
            format!("{name} has no topics, so tickets are worked on by replies to their cards"),
            "in the group: its name > Edit > Topics, switch it on",
        ),
        [] => Check::ok(NAME, format!("{name}: the bot may do all it has to")),
        lacking => Check::warn(
            NAME,
            format!("in {name} the bot lacks: {}", lacking.join(", ")),
            format!("{click}, switch them on"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Status, *};

    #[test]
    fn topics_that_nobody_can_begin_are_a_warning() {
        let check = |has_private_topics, people_begin_topics, expected: Option<Status>| {
            let found = Examination {
                username: "desk_bot".to_owned(),
                can_join_groups: true,
                reads_everything: false,
                has_private_topics,
                people_begin_topics,
                way: Way::NoWebhook,
                rooms: Vec::new(),
            };
            assert_eq!(topics(&found, "@desk_bot").map(|check| check.status), expected, "{found:?}");
        };
        check(false, true, None);
        check(true, true, Some(Status::Ok));
        check(true, false, Some(Status::Warn));
    }
}
