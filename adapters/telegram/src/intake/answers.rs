//! What is answered at once, without a turn of the desk: a press stops spinning, a list is shown.

use std::time::Duration;

use firstline_engine::{
    desk::{Desk, StaffError},
    inbound::PlaceRef,
    outbound::{Content, Speaker},
    people::Platform,
    ports::Limits,
};
use teloxide::{
    Bot,
    payloads::{AnswerCallbackQuery, SendMessage, SendMessageSetters as _},
    requests::JsonRequest,
    types::{CallbackQueryId, ChatId, MessageId, ReplyParameters, ThreadId},
};
use tokio::time::Instant;

use super::Intake;
use crate::{failure::Failure, inbound::Asked, markup::Styled};

/// Whoever asks for a list waits for it no longer than this.
const PATIENCE: Duration = Duration::from_mins(2);
/// How often it is looked whether a room may have one more message.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// What waits for an answer.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    pub(super) presses: Vec<String>,
    pub(super) lists: Vec<Asked>,
}

/// Answers all of it, one after the other.
pub(super) async fn answer(intake: Intake, waiting: Waiting) {
    for press in waiting.presses {
        stop_spinning(&intake.bot, press).await;
    }
    for asked in waiting.lists {
        show(&intake, asked).await;
    }
}

/// Stops the spinner on a button. Only a courtesy: the press itself is committed.
async fn stop_spinning(bot: &Bot, press: String) {
    if let Err(error) = JsonRequest::new(bot.clone(), AnswerCallbackQuery::new(CallbackQueryId(press))).await {
        tracing::debug!(reason = %Failure::of(&error, bot.token()), "a press could not be answered");
    }
}

/// Waits until a room may have one more message. False where that takes longer than anybody waits for a list.
async fn turn_comes(desk: &Desk, room: &PlaceRef, limits: &Limits) -> bool {
    let begun = Instant::now();
    loop {
        match desk.may_say_in(room, limits).await {
            Ok(false) if begun.elapsed() < PATIENCE => tokio::time::sleep(LOOK_AGAIN).await,
            Ok(false) => return false,
            // Without the store there is no list either, and that is said.
            Ok(true) | Err(_) => return true,
        }
    }
}

/// Shows a list where it was asked for, in the language of the room: all who are there read it.
async fn show(intake: &Intake, asked: Asked) {
    let Intake { bot, desk, limits, .. } = intake;
    let room = PlaceRef { platform: Platform::Telegram, key: asked.room.to_string() };
    if !turn_comes(desk, &room, limits).await {
        tracing::warn!(room = room.key, "a list was not shown: the group has had as many messages as Telegram allows");
        return;
    }
    let language = desk.room_language(&room).await;
    let text = match desk.list(asked.list, &asked.account, false, Some(language)).await {
        Ok(text) => text,
        Err(error) => desk.explain(language, &StaffError::Desk(error)),
    };
    // A list is cut so that it fits into one message.
    let Some(part) = Styled::of(&Speaker::Desk, &Content::markdown(text)).parts().into_iter().next() else { return };
    let (Ok(message), Ok(topic)) = (i32::try_from(asked.message), asked.topic.map(i32::try_from).transpose()) else {
        return;
    };
    let mut request = SendMessage::new(ChatId(asked.room), part.text)
        .entities(part.entities)
        .reply_parameters(ReplyParameters::new(MessageId(message)).allow_sending_without_reply());
    if let Some(topic) = topic {
        request = request.message_thread_id(ThreadId(MessageId(topic)));
    }
    if let Err(error) = JsonRequest::new(bot.clone(), request).await {
        tracing::warn!(reason = %Failure::of(&error, bot.token()), "a list could not be shown");
    }
}
