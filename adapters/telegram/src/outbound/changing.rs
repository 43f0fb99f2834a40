//! Changing what was sent. Words stand in messages of their own or below the first file; files are never touched: only their author
//! can have taken one away, and of that Telegram tells nobody.
//!
//! What we have of a message is the ids of what it became, words before files. Which of them are which, Telegram says when
//! their words are to be changed.

use firstline_engine::{inbound::ExternalId, ports::SendError};
use teloxide::{
    payloads::{
        DeleteMessage, EditMessageCaption, EditMessageCaptionSetters as _, EditMessageText, EditMessageTextSetters as _,
    },
    types::{InlineKeyboardMarkup, MessageId},
};

use super::{
    Brief, Message, TelegramChannel,
    address::{Address, message_id},
    after,
    media::LONGEST_CAPTION,
    no_preview,
};
use crate::{failure::Failure, markup::Part};

/// What a message says for the moment before it is deleted.
const NO_WORDS: &str = "…";

/// What became of a message whose words were to be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Changed {
    /// It says that now.
    Words,
    /// It is a file, and nothing was changed.
    File,
}

impl TelegramChannel {
    /// Changes a message: part by part; what no longer fits follows, and parts that are not needed any more go. The words of a file
    /// stand below it as long as they fit there, and else in a reply to it.
    pub(super) async fn edit<'a>(
        &self,
        at: Address,
        targets: &'a [ExternalId],
        mut message: Message<'a>,
    ) -> Result<Vec<ExternalId>, SendError> {
        let mut words: Vec<ExternalId> = Vec::with_capacity(message.parts.len());
        for ((index, part), target) in message.parts.iter().enumerate().zip(targets) {
            match self.edit_words(at, message_id(target)?, part, message.keyboard_of(index)).await? {
                Changed::Words => words.push(target.clone()),
                Changed::File => break,
            }
        }
        let rest = targets.get(words.len()..).unwrap_or_default();
        if words.len() == message.parts.len() {
            let files = self.take_back_words(at, rest).await?;
            return Ok([words.as_slice(), files].concat());
        }
        if let (true, Some(file)) = (words.is_empty(), rest.first()) {
            let fitting = match message.parts.as_slice() {
                [only] if only.length() <= LONGEST_CAPTION => Some(only),
                _ => None,
            };
            self.edit_caption(at, message_id(file)?, fitting).await?;
            if fitting.is_some() {
                return Ok(targets.to_vec());
            }
            message.quoted = Some(file);
        }
        for index in words.len()..message.parts.len() {
            let posted = patiently!(index, self.post_part(at, &message, index));
            words.push(posted.map_err(|failure| after(index, message.parts.len(), failure))?);
        }
        Ok([words.as_slice(), rest].concat())
    }

    /// Changes the card of a ticket.
    pub(super) async fn edit_card(
        &self,
        at: Address,
        card: &ExternalId,
        message: &Message<'_>,
    ) -> Result<(), SendError> {
        let Some(part) = message.parts.first() else { return Ok(()) };
        self.edit_words(at, message_id(card)?, part, message.keyboard_of(0)).await?;
        Ok(())
    }

    /// Changes the words of a message that has nothing else.
    async fn edit_words(
        &self,
        at: Address,
        target: MessageId,
        part: &Part,
        keyboard: Option<InlineKeyboardMarkup>,
    ) -> Result<Changed, Failure> {
        let mut request = EditMessageText::new(at.chat, target, &part.text)
            .entities(part.entities.clone())
            .link_preview_options(no_preview());
        if let Some(keyboard) = keyboard {
            request = request.reply_markup(keyboard);
        }
        match self.call(Brief(request)).await {
            Err(Failure::Refused(reason)) if reason.contains("no text in the message to edit") => Ok(Changed::File),
            changed => changed_or_so_already(changed.map(drop)).map(|()| Changed::Words),
        }
    }

    /// Changes the words below a file, or takes them away.
    async fn edit_caption(&self, at: Address, target: MessageId, words: Option<&Part>) -> Result<(), Failure> {
        let mut request = EditMessageCaption::new(at.chat, target);
        if let Some(words) = words {
            request = request.caption(&words.text).caption_entities(words.entities.clone());
        }
        changed_or_so_already(self.call(Brief(request)).await.map(drop))
    }

    /// Deletes the messages that are words and not needed any more; what is left are files.
    async fn take_back_words<'t>(&self, at: Address, rest: &'t [ExternalId]) -> Result<&'t [ExternalId], SendError> {
        for (index, target) in rest.iter().enumerate() {
            let nothing = Part { text: NO_WORDS.to_owned(), entities: Vec::new() };
            match self.edit_words(at, message_id(target)?, &nothing, None).await {
                Ok(Changed::Words) => {}
                Ok(Changed::File) => return Ok(rest.get(index..).unwrap_or_default()),
                // Somebody was faster.
                Err(Failure::MessageGone(_)) => continue,
                Err(failure) => return Err(failure.into()),
            }
            match self.delete(at, target).await {
                // It is too old to be deleted, and says nothing any more.
                Err(SendError::Refused { .. }) | Ok(()) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(&[])
    }

    pub(super) async fn delete(&self, at: Address, target: &ExternalId) -> Result<(), SendError> {
        match self.call(DeleteMessage::new(at.chat, message_id(target)?)).await {
            Ok(_) => Ok(()),
            // Somebody was faster; it is gone, which is what was wanted.
            Err(Failure::Refused(reason)) if reason.contains("message to delete not found") => Ok(()),
            Err(failure) => Err(failure.into()),
        }
    }
}

fn changed_or_so_already(changed: Result<(), Failure>) -> Result<(), Failure> {
    match changed {
        Err(Failure::Refused(reason)) if reason.contains("message is not modified") => Ok(()),
        changed => changed,
    }
}
