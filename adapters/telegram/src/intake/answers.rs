//! What is answered at once, without a turn of the desk: a press stops spinning, a list is shown.

use firstline_engine::{
    desk::{Desk, StaffError},
    inbound::PlaceRef,
    outbound::{Content, Speaker},
    people::Platform,
};
use teloxide::{
    Bot,
    payloads::{AnswerCallbackQuery, SendMessage, SendMessageSetters as _},
    requests::JsonRequest,
    types::{CallbackQueryId, ChatId, MessageId, ReplyParameters, ThreadId},
};

use crate::{failure::Failure, inbound::Asked, markup::Styled};

/// What waits for an answer.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    pub(super) presses: Vec<String>,
    pub(super) lists: Vec<Asked>,
}

/// Answers all of it, one after the other.
pub(super) async fn answer(bot: Bot, desk: Desk, waiting: Waiting) {
    for press in waiting.presses {
        stop_spinning(&bot, press).await;
    }
    for asked in waiting.lists {
        show(&bot, &desk, asked).await;
    }
}

/// Stops the spinner on a button. Only a courtesy: the press itself is committed.
async fn stop_spinning(bot: &Bot, press: String) {
    if let Err(error) = JsonRequest::new(bot.clone(), AnswerCallbackQuery::new(CallbackQueryId(press))).await {
        tracing::debug!(reason = %Failure::of(&error, bot.token()), "a press could not be answered");
    }
}

/// Shows a list where it was asked for, in the language of the room: all who are there read it.
async fn show(bot: &Bot, desk: &Desk, asked: Asked) {
    let room = PlaceRef { platform: Platform::Telegram, key: asked.room.to_string() };
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
