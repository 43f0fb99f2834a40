//! Copying files when they arrive, and having them at hand when a message with them goes out.

use std::time::Duration;

use crate::{
    desk::{Channels, Desk, DeskError},
    files::{File, FileOutcome, FileState, LARGEST, WaitingFile},
    ids::FileId,
    inbound::{InboundEvent, InboundKind},
    outbound::{Delivery, Format, Operation},
    phrases::escape_markdown,
    ports::{Channel, FetchError, SendError, StoreError},
    room::StaffDid,
    timeline::Happening,
};

/// How long fetching one file may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// After this many attempts a file is missing.
const MOST_ATTEMPTS: u32 = 5;

impl Desk {
    /// Copies the next file that has arrived. False when there is none.
    pub async fn copy_one_file(&self, channels: &Channels) -> Result<bool, DeskError> {
        let platforms = channels.platforms();
        let Some(file) = self.store().next_file(&platforms, PATIENCE * 2, self.now()).await? else { return Ok(false) };
        let outcome = self.fetch(channels, &file).await;
        if let FileOutcome::TooLarge | FileOutcome::Missing = outcome {
            tracing::warn!(file = %file.id, platform = %file.platform, size = file.size, "a file was not copied");
        }
        self.store().finish_file(file.id, file.attempt, &outcome).await?;
        Ok(true)
    }

    async fn fetch(&self, channels: &Channels, file: &WaitingFile) -> FileOutcome {
        if file.size.is_some_and(|size| size > LARGEST) {
            return FileOutcome::TooLarge;
        }
        let Some(channel) = channels.get(file.platform) else { return FileOutcome::Missing };
        match tokio::time::timeout(PATIENCE, channel.fetch(&file.handle, LARGEST)).await {
            Ok(Ok(bytes)) if bytes.len() as u64 <= LARGEST => FileOutcome::Stored(bytes),
            Ok(Ok(_) | Err(FetchError::TooLarge)) => FileOutcome::TooLarge,
            Ok(Err(FetchError::Gone { reason })) => {
                tracing::warn!(file = %file.id, reason, "a platform does not give a file out");
                FileOutcome::Missing
            }
            Ok(Err(FetchError::Failed { .. })) | Err(_) if file.attempt >= MOST_ATTEMPTS => FileOutcome::Missing,
            Ok(Err(FetchError::Failed { .. })) | Err(_) => {
                FileOutcome::Retry(self.now().after(Duration::from_secs(u64::from(file.attempt))))
            }
        }
    }

    /// Gives every file that came with an event its id, under which it is copied.
    pub(super) fn name_files(&self, event: &mut InboundEvent) {
        let attachments = match &mut event.kind {
            InboundKind::Message { attachments, .. }
            | InboundKind::Public { attachments, .. }
            | InboundKind::Request { attachments, .. } => attachments,
            InboundKind::Staff(input) => match &mut input.what {
                StaffDid::Said { attachments, .. } => attachments,
                _ => return,
            },
            _ => return,
        };
        for attachment in attachments {
            attachment.file.get_or_insert_with(|| FileId(self.inner.ids.fresh()));
        }
    }

    /// Takes the files of a message along. Refuses for now while one of them is still being copied, or where the platform does not
    /// tell what it takes. Files that could not be copied are told of in its text, and so are those larger than the platform takes;
    /// those are returned.
    pub(super) async fn take_files(
        &self,
        channel: &dyn Channel,
        delivery: &mut Delivery,
    ) -> Result<Result<Vec<Happening>, SendError>, StoreError> {
        let files = match &delivery.message.operation {
            Operation::Post { content, .. } if !content.files.is_empty() => self.store().files(&content.files).await?,
            _ => return Ok(Ok(Vec::new())),
        };
        if files.iter().any(|file| file.state == FileState::Waiting) {
            // With growing waits: every look counts as a message that the chat has had.
            return Ok(Err(SendError::NotSent { reason: "a file is still being copied".to_owned(), wait: None }));
        }
        delivery.files = files;
        let largest = match tokio::time::timeout(channel.send_timeout(), channel.largest_file(delivery)).await {
            Ok(Ok(largest)) => largest,
            Ok(Err(error)) => return Ok(Err(error)),
            Err(_) => return Ok(Err(SendError::NotSent { reason: "no answer in time".to_owned(), wait: None })),
        };
        let fits = |file: &File| file.state == FileState::Stored && file.bytes.len() as u64 <= largest;
        let (stored, left): (Vec<File>, Vec<File>) = std::mem::take(&mut delivery.files).into_iter().partition(fits);
        let mut told = Vec::new();
        if !left.is_empty() {
            let language = match &delivery.thread {
                Some(thread) => {
                    let chosen = self.language_of_room(&thread.room).await?;
                    chosen.unwrap_or(self.policy().default_language)
                }
                None => match self.store().load(delivery.message.conversation).await? {
                    Some(loaded) => loaded.requester.language,
                    None => self.policy().default_language,
                },
            };
            let Operation::Post { content, .. } = &mut delivery.message.operation else { return Ok(Ok(told)) };
            for file in left {
                let is_missing = matches!(file.state, FileState::Missing | FileState::Waiting);
                let key = if is_missing { "file-left-missing" } else { "file-left-too-large" };
                let limit = largest.min(LARGEST) / (1024 * 1024);
                let line = self.phrases().ui(language, key, &[("name", &file.name), ("limit", &limit.to_string())]);
                let line = if content.format == Format::Markdown { escape_markdown(&line) } else { line };
                let gap = if content.text.is_empty() { "" } else { "\n\n" };
                content.text = [content.text.as_str(), gap, &line].concat();
                // Of what nobody could have passed on its author knows already.
                if file.size.is_none_or(|size| size <= LARGEST) {
                    told.push(Happening::LeftOut { name: file.name, limit: (!is_missing).then_some(limit) });
                }
            }
        }
        delivery.files = stored;
        Ok(Ok(told))
    }
}
