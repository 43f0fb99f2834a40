//! Files: sending the copies that the desk keeps, and fetching what people send.

use std::{collections::VecDeque, path::Path};

use firstline_engine::{
    files::{File, FileKind},
    inbound::ExternalId,
    ports::{FetchError, SendError},
};
use serde::Serialize;
use teloxide::{
    payloads::{
        GetFile, SendAudio, SendAudioSetters as _, SendDocument, SendDocumentSetters as _, SendMediaGroup,
        SendMediaGroupSetters as _, SendPhoto, SendPhotoSetters as _, SendVideo, SendVideoSetters as _, SendVoice,
        SendVoiceSetters as _,
    },
    requests::{JsonRequest, MultipartPayload, MultipartRequest, Payload},
    types::{FileId, InputFile, InputMedia, InputMediaPhoto, InputMediaVideo},
};

use super::{Message, Posted, TelegramChannel, address::Address, after, local};
use crate::{failure::Failure, markup::Part};

/// The longest text below a file, in UTF-16 code units.
pub(super) const LONGEST_CAPTION: usize = 1024;

/// The most files that Telegram shows as one album.
const ALBUM: usize = 10;

/// A request that sends one file: with its words below it, in its topic.
macro_rules! addressed {
    ($method:ident, $at:expr, $file:expr, $caption:expr) => {{
        let mut request = $method::new($at.chat, input($file));
        if let Some(topic) = $at.topic {
            request = request.message_thread_id(topic);
        }
        if let Some(caption) = $caption {
            request = request.caption(caption.text.clone()).caption_entities(caption.entities.clone());
        }
        request
    }};
}
/// What is to be sent: words alone, words below a file, a file alone, an album.
enum Piece<'a> {
    Words(usize),
    One(&'a File),
    Album(&'a [File]),
}

impl TelegramChannel {
    /// Sends a message with its files: the words below the first file where they fit there, else before it.
    pub(super) async fn post_with_files(
        &self,
        at: Address,
        message: &Message<'_>,
        files: &[File],
    ) -> Result<Vec<ExternalId>, SendError> {
        let caption = match message.parts.as_slice() {
            [only] if only.length() <= LONGEST_CAPTION && message.keyboard.is_none() => Some(only),
            _ => None,
        };
        let mut pieces: VecDeque<Piece<'_>> = VecDeque::new();
        if caption.is_none() {
            pieces.extend((0..message.parts.len()).map(Piece::Words));
        }
        pieces.extend(in_pieces(files));
        let (mut ids, mut below, mut done) = (Vec::new(), caption, 0);
        while let Some(piece) = pieces.pop_front() {
            let sent = match &piece {
                Piece::Words(part) => patiently!(done, self.post_part(at, message, *part)).map(|id| vec![id]),
                Piece::One(file) => patiently!(done, self.send_file(at, file, below)).map(|id| vec![id]),
                Piece::Album(files) => patiently!(done, self.send_album(at, files, below)),
            };
            match (sent, &piece) {
                (Ok(sent), _) => {
                    ids.extend(sent);
                    done += 1;
                    if !matches!(piece, Piece::Words(_)) {
                        below = None;
                    }
                }
                // One of them is no picture that Telegram can show, or they are too much together; nothing of it was sent.
                (Err(Failure::Refused(reason)), Piece::Album(files)) => {
                    tracing::debug!(reason, "an album goes file by file");
                    files.iter().rev().for_each(|file| pieces.push_front(Piece::One(file)));
                }
                (Err(failure), _) => return Err(after(done, done + 1 + pieces.len(), failure)),
            }
        }
        Ok(ids)
    }

    async fn send_file(&self, at: Address, file: &File, caption: Option<&Part>) -> Result<ExternalId, Failure> {
        let sent = match file.kind {
            FileKind::Photo => self.upload(addressed!(SendPhoto, at, file, caption)).await,
            FileKind::Video => self.upload(addressed!(SendVideo, at, file, caption)).await,
            FileKind::Audio => self.upload(addressed!(SendAudio, at, file, caption)).await,
            FileKind::Voice => self.upload(addressed!(SendVoice, at, file, caption)).await,
            FileKind::Document => return self.upload(addressed!(SendDocument, at, file, caption)).await,
        };
        match sent {
            // No picture that Telegram can show, or forbidden by the reader: it goes as the file that it is.
            Err(Failure::Refused(reason)) if is_about_the_kind(&reason) => {
                self.upload(addressed!(SendDocument, at, file, caption)).await
            }
            sent => sent,
        }
    }

    async fn send_album(
        &self,
        at: Address,
        files: &[File],
        mut caption: Option<&Part>,
    ) -> Result<Vec<ExternalId>, Failure> {
        let media = files.iter().map(|file| {
            let words = caption.take();
            let text = words.map(|part| part.text.clone());
            let entities = words.map(|part| part.entities.clone());
            match file.kind {
                FileKind::Video => InputMedia::Video(InputMediaVideo {
                    caption: text,
                    caption_entities: entities,
                    ..InputMediaVideo::new(input(file))
                }),
                _ => InputMedia::Photo(InputMediaPhoto {
                    caption: text,
                    caption_entities: entities,
                    ..InputMediaPhoto::new(input(file))
                }),
            }
        });
        let mut request = SendMediaGroup::new(at.chat, media.collect::<Vec<_>>());
        if let Some(topic) = at.topic {
            request = request.message_thread_id(topic);
        }
        let posted = self.send_multipart(Several(request)).await?;
        Ok(posted.into_iter().map(|message: Posted| ExternalId(message.message_id.to_string())).collect())
    }

    async fn upload<P>(&self, payload: P) -> Result<ExternalId, Failure>
    where
        P: MultipartPayload + Serialize + Clone + Sync + 'static,
    {
        let posted = self.send_multipart(One(payload)).await?;
        Ok(ExternalId(posted.message_id.to_string()))
    }

    async fn send_multipart<P>(&self, payload: P) -> Result<P::Output, Failure>
    where
        P: MultipartPayload + Serialize + Clone + Sync + 'static,
        P::Output: serde::de::DeserializeOwned + Send + 'static,
    {
        let request = MultipartRequest::new(self.files.clone(), payload);
        request.await.map_err(|error| Failure::of(&error, self.bot.token()))
    }

    /// Fetches a file, and stops as soon as there is more of it than allowed, whatever was said of its size.
    pub(super) async fn fetch_file(&self, handle: &str, limit: u64) -> Result<Vec<u8>, FetchError> {
        // With the patience of files: a server of one's own answers when it has the whole of it.
        let request = JsonRequest::new(self.files.clone(), GetFile::new(FileId(handle.to_owned())));
        let file = match request.await.map_err(|error| Failure::of(&error, self.bot.token())) {
            Ok(file) => file,
            Err(Failure::Refused(reason)) if reason.contains("file is too big") => return Err(FetchError::TooLarge),
            Err(Failure::Refused(reason)) => return Err(FetchError::Gone { reason }),
            Err(failure) => return Err(FetchError::Failed { reason: failure.to_string() }),
        };
        if Path::new(&file.path).is_absolute() {
            return local::read(self.local_files.as_deref(), &file.path, limit).await;
        }
        // The URL contains the token: no error that names it may get out.
        let failed = |reason: &str| FetchError::Failed { reason: reason.to_owned() };
        let path = format!("file/bot{}/{}", self.bot.token(), file.path);
        let url = self.bot.api_url().join(&path).map_err(|_| failed("the file's path is none"))?;
        let mut answer = self.files.client().get(url).send().await.map_err(|_| failed("no connection"))?;
        if !answer.status().is_success() {
            let reason = format!("the file is answered with {}", answer.status());
            let gone = answer.status().is_client_error() || answer.status().is_redirection();
            return Err(if gone { FetchError::Gone { reason } } else { FetchError::Failed { reason } });
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|_| failed("the connection was lost"))? {
            if (bytes.len() + chunk.len()) as u64 > limit {
                return Err(FetchError::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

fn input(file: &File) -> InputFile {
    InputFile::memory(file.bytes.clone()).file_name(file.name.clone())
}

/// Pictures and videos beside each other are an album.
fn in_pieces(files: &[File]) -> Vec<Piece<'_>> {
    let shown = |file: &File| matches!(file.kind, FileKind::Photo | FileKind::Video);
    let mut pieces = Vec::new();
    for run in files.chunk_by(|a, b| shown(a) && shown(b)) {
        for part in run.chunks(ALBUM) {
            match part {
                [one] => pieces.push(Piece::One(one)),
                several => pieces.push(Piece::Album(several)),
            }
        }
    }
    pieces
}

fn is_about_the_kind(reason: &str) -> bool {
    const SIGNS: [&str; 7] = [
        "PHOTO_", "IMAGE_PROCESS_FAILED", "VIDEO_", "VOICE_MESSAGES_FORBIDDEN", "wrong type", "can't parse file",
        "too big for a photo",
    ];
    SIGNS.iter().any(|part| reason.contains(part))
}

macro_rules! brief {
    ($(#[$doc:meta])* $name:ident -> $output:ty) => {
        $(#[$doc])*
        #[derive(Clone, Serialize)]
        #[serde(transparent)]
        struct $name<P>(P);

        impl<P: Payload> Payload for $name<P> {
            type Output = $output;

            const NAME: &'static str = P::NAME;
        }

        impl<P: MultipartPayload> MultipartPayload for $name<P> {
            fn copy_files(&self, into: &mut dyn FnMut(InputFile)) {
                self.0.copy_files(into);
            }

            fn move_files(&mut self, into: &mut dyn FnMut(InputFile)) {
                self.0.move_files(into);
            }
        }
    };
}
brief! {
    /// Sends one message, of which only the id is read in the answer.
    One -> Posted
}
brief! {
    /// Sends several messages, of which only the ids are read in the answer.
    Several -> Vec<Posted>
}
