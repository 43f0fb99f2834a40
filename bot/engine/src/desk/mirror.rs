//! The mirror: every room of a ticket's queue has a thread that shows the ticket as it is, wherever something was done to it. It
//! looks at what has happened since each thread was told last, and takes no hint what that may be: a claim in a terminal, an
//! answer in another room, a thread that was deleted, a room that was bound yesterday.

mod card;
mod crowd;
mod ended;
mod lines;

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use firstline_knowledge::Language;

use self::crowd::Crowd;
use crate::{
    desk::{Desk, DeskError, moved::now_at, turn::guarded},
    ids::{EntryId, ThreadId},
    inbound::{ExternalId, PlaceRef},
    outbound::{Content, Operation, OutboundMessage, Speaker},
    people::Person,
    ports::{Copies, Loaded, News, Shown, StoreError, Telling},
    room::Thread,
    sla::Clocks,
    ticket::Ticket,
    timeline::{Entry, Happening},
};

/// How many lines are passed on at once.
const PAGE: u32 = 200;

/// How long a ticket waits after its rooms could not be told of it: from the first wait doubling to the longest.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// The longest name of a thread, in characters: what every platform takes.
const LONGEST_TITLE: usize = 90;

impl Desk {
    /// Tells the rooms of one ticket what they do not know. False when all rooms know everything. A ticket of which they cannot
    /// be told waits by itself, longer and longer, and holds up no other.
    pub async fn mirror_one(&self) -> Result<bool, DeskError> {
        if self.inner.rooms.is_empty() {
            return Ok(false);
        }
        let Some(news) = self.store().next_news(self.now()).await? else { return Ok(false) };
        match self.tell_news(news).await {
            // The database is away, and with it everything that could be put off.
            Err(error @ DeskError::Store(StoreError::Database { .. })) if self.store().ping().await.is_err() => {
                Err(error)
            }
            Err(error) => {
                let failures = self.store().put_off_news(&news, FIRST_WAIT, LONGEST_WAIT, self.now()).await?;
                tracing::error!(conversation = %news.conversation, failures, error = %error, "the rooms of a ticket could not be told of it");
                Ok(true)
            }
            told => told,
        }
    }

    async fn tell_news(&self, news: News) -> Result<bool, DeskError> {
        let missing =
            |what: &str| StoreError::Unreadable { table: "tickets", reason: format!("its {what} is missing") };
        let loaded = self.store().load(news.conversation).await?.ok_or_else(|| missing("conversation"))?;
        let ticket = loaded.ticket.clone().ok_or_else(|| missing("ticket"))?;
        let moved = self.store().moved_rooms().await?;
        let languages = self.languages(&moved);
        let threads = self.threads_of(&loaded, &ticket, &moved);
        let after = threads.iter().filter(|it| it.is_served()).map(|it| it.thread.shown).min().unwrap_or(0);
        let entries = self.store().timeline(news.conversation, after, PAGE, true).await?;
        let assignee = match ticket.assignee {
            Some(person) => self.store().person(person).await?,
            None => None,
        };
        let now = self.now();
        let copies = self.store().copies(news.conversation, now).await?;
        let quoted = self.quoted(&loaded, &entries).await?;
        let view = View {
            desk: self,
            loaded: &loaded,
            ticket: &ticket,
            language: self.policy().default_language,
            assignee: assignee.as_ref(),
            entries: &entries,
            copies: &copies,
            quoted: &quoted,
            clocks: self.clocks(&ticket),
        };
        // A bug in what is shown must not take the worker down, and with it all other tickets.
        let telling = guarded(|| view.tell(news, threads, &languages)).map_err(|_| StoreError::Unreadable {
            table: "entries",
            reason: "our own code panicked while it made a room's messages of them".to_owned(),
        })?;
        self.store().tell_rooms(&telling, self.now()).await?;
        Ok(true)
    }

    /// The lines that others of these answer, by the message in the requester's chat that was quoted.
    async fn quoted(&self, loaded: &Loaded, entries: &[Entry]) -> Result<BTreeMap<String, Quoted>, StoreError> {
        let mut quoted = BTreeMap::new();
        for entry in entries {
            let Happening::Said { reply_to: Some(message), .. } = &entry.what else { continue };
            let copies = self.store().copies_of(&loaded.conversation.place, message).await?;
            let Some(line) = copies.first().map(|copy| copy.entry) else { continue };
            let lines = self.store().timeline(loaded.conversation.id, 0, PAGE, false).await?;
            let text = lines.into_iter().find(|it| it.id == line).and_then(|it| match it.what {
                Happening::Said { text, .. } => Some(text),
                _ => None,
            });
            quoted.insert(message.0.clone(), Quoted { line, text: text.unwrap_or_default() });
        }
        Ok(quoted)
    }

    /// The languages that were chosen for rooms, by where those are now.
    fn languages(&self, moved: &[(PlaceRef, PlaceRef)]) -> Languages {
        let chosen = self.inner.rooms.iter().filter_map(|it| Some((now_at(&it.room, moved), it.language?)));
        chosen.collect()
    }

    /// A platform tells that the thread of a ticket was deleted: where the ticket is open, it is shown there anew, which makes the
    /// thread again. False where that is nobody's thread.
    pub async fn show_again(&self, room: &PlaceRef, thread: &ExternalId) -> Result<bool, DeskError> {
        Ok(self.store().show_again(room, thread).await?)
    }

    /// The language of what the desk says in a staff room.
    pub async fn room_language(&self, room: &PlaceRef) -> Language {
        // Without the store, in the wrong language rather than not at all.
        self.language_of_room(room).await.ok().flatten().unwrap_or(self.policy().default_language)
    }

    /// The language that was chosen for a room.
    pub(super) async fn language_of_room(&self, room: &PlaceRef) -> Result<Option<Language>, StoreError> {
        if self.inner.rooms.iter().all(|it| it.language.is_none()) {
            return Ok(None);
        }
        Ok(self.languages(&self.store().moved_rooms().await?).get(room).copied())
    }

    /// The threads that there are, and those that there should be.
    fn threads_of(&self, loaded: &Loaded, ticket: &Ticket, moved: &[(PlaceRef, PlaceRef)]) -> Vec<Served> {
        let bound = self.inner.rooms.iter().filter(|it| it.queue == ticket.queue);
        let rooms: Vec<PlaceRef> = bound.map(|it| now_at(&it.room, moved)).collect();
        let served = |thread: &Thread| Served {
            bound: rooms.contains(&thread.room),
            open: ticket.status.is_open(),
            new: false,
            thread: thread.clone(),
        };
        let mut threads: Vec<Served> = loaded.threads.iter().map(served).collect();
        // A ticket that was over before its room was bound needs no thread.
        for room in rooms.into_iter().filter(|_| ticket.status.is_open()) {
            if !threads.iter().any(|it| it.thread.room == room) {
                let thread = Thread {
                    id: ThreadId(self.inner.ids.fresh()),
                    conversation: ticket.conversation,
                    room,
                    title: title(ticket),
                    opened: false,
                    external: None,
                    card: None,
                    card_id: None,
                    closed: false,
                    menu: None,
                    notes: false,
                    shown: 0,
                };
                threads.push(Served { bound: true, open: true, new: true, thread });
            }
        }
        threads
    }
}

/// What a thread is called: `#1001 My printer does not print`.
fn title(ticket: &Ticket) -> String {
    let summary: Vec<&str> = ticket.summary.split_whitespace().collect();
    let title = format!("{} {}", ticket.number, summary.join(" "));
    if title.chars().count() <= LONGEST_TITLE {
        return title;
    }
    let mut short: String = title.chars().take(LONGEST_TITLE - 1).collect();
    short.push('…');
    short
}

/// A thread, and whether it is to be told anything.
struct Served {
    thread: Thread,
    /// Its room belongs to the ticket's queue.
    bound: bool,
    /// The ticket is open.
    open: bool,
    /// Nobody knows of it yet.
    new: bool,
}

impl Served {
    /// A thread that was closed because its ticket went to another queue is left alone until it comes back.
    const fn is_served(&self) -> bool {
        self.bound || !self.thread.closed
    }

    const fn should_be_closed(&self) -> bool {
        !(self.bound && self.open)
    }
}

type Languages = HashMap<PlaceRef, Language>;

/// A line that another one answers.
struct Quoted {
    line: EntryId,
    text: String,
}

/// All that the mirror shows.
#[derive(Clone, Copy)]
struct View<'a> {
    desk: &'a Desk,
    loaded: &'a Loaded,
    ticket: &'a Ticket,
    /// The language of the room that is being told.
    language: Language,
    assignee: Option<&'a Person>,
    entries: &'a [Entry],
    copies: &'a Copies,
    quoted: &'a BTreeMap<String, Quoted>,
    clocks: Clocks,
}

impl View<'_> {
    fn tell(&self, news: News, threads: Vec<Served>, languages: &Languages) -> Telling {
        let mut telling = Telling {
            news,
            complete: self.entries.len() < PAGE as usize,
            opened: Vec::new(),
            shown: Vec::new(),
            outbound: Vec::new(),
            appended: Vec::new(),
            copies: Vec::new(),
            ended: self.copies.ended.iter().map(|ended| (ended.message, ended.attempt)).collect(),
            clock_at: self.clocks.next_turn(),
        };
        for served in threads.into_iter().filter(Served::is_served) {
            let language = languages.get(&served.thread.room).copied().unwrap_or(self.language);
            View { language, ..*self }.tell_thread(served, &mut telling);
        }
        telling
    }

    fn tell_thread(&self, served: Served, telling: &mut Telling) {
        let should_be_closed = served.should_be_closed();
        let Served { mut thread, new, .. } = served;
        if thread.closed && !should_be_closed {
            telling.outbound.push(self.message(&thread, Speaker::Desk, Operation::ReopenThread));
            thread.closed = false;
        }
        let card = self.card(&thread);
        let new_card = thread.card.as_ref() != Some(&card);
        if new_card {
            telling.outbound.push(self.message(&thread, Speaker::Desk, Operation::Card { content: card.clone() }));
            thread.card = Some(card);
        }
        let place = thread.place();
        let crowded = self.copies.crowded.iter().find(|crowded| crowded.place == place);
        let mut crowd = crowded.map(|crowded| Crowd::new(crowded.last.clone()));
        let before = telling.copies.len();
        for entry in self.entries.iter().filter(|entry| entry.seq > thread.shown) {
            // A line that is told just now may have been changed since it was said.
            let fresh = telling.copies.get(before..).unwrap_or_default();
            let Some(message) = self.line(&thread, entry, fresh) else { continue };
            let is_post = matches!(message.operation, Operation::Post { .. });
            if let (false, Some(crowd)) = (is_post, &mut crowd) {
                crowd.is_passed();
            }
            let joined = crowd.as_mut().filter(|_| is_post).and_then(|crowd| crowd.take(&message, telling));
            if is_post {
                telling.copies.push((entry.id, joined.unwrap_or(message.id)));
            }
            if joined.is_none() {
                telling.outbound.push(message);
            }
        }
        thread.shown = self.entries.last().map_or(thread.shown, |entry| entry.seq.max(thread.shown));
        // A new thread begins with what is, and not with what became of messages before it.
        if !new {
            telling.outbound.extend(self.copies.ended.iter().filter_map(|ended| self.ended(&thread, ended)));
        }
        if should_be_closed && !thread.closed {
            telling.outbound.push(self.message(&thread, Speaker::Desk, Operation::CloseThread));
            thread.closed = true;
        }
        if new {
            telling.opened.push(thread);
        } else {
            telling.shown.push(Shown { thread, new_card });
        }
    }

    fn message(&self, thread: &Thread, speaker: Speaker, operation: Operation) -> OutboundMessage {
        let message = self.desk.to_thread(thread, Content::plain(""), None);
        OutboundMessage { speaker, operation, ..message }
    }

    /// A sentence of the desk's, in the room's language: a thread is read by several people.
    fn say(&self, key: &str, arguments: &[(&str, &str)]) -> String {
        self.desk.phrases().ui(self.language, key, arguments)
    }
}
