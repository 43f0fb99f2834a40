//! Where several meet: servers, their channels, and the threads in those.

use super::{
    Discord, Person, Right, Shown, State,
    world::{Channel, Guild as Kept, Kind},
};

/// A server.
#[derive(Debug)]
pub struct Guild<'d> {
    discord: &'d Discord,
    id: u64,
}

/// A channel of a server, or its forum.
#[derive(Debug)]
pub struct Room<'d> {
    discord: &'d Discord,
    id: u64,
}

/// A thread, or a post in a forum.
#[derive(Debug)]
pub struct Thread<'d> {
    discord: &'d Discord,
    id: u64,
}

impl Discord {
    /// A server that the bot is in, with all rights.
    pub fn guild(&self, name: &str) -> Guild<'_> {
        let id = self.change(|state| {
            let id = state.world.id();
            state.world.guilds.insert(id, Kept { name: name.to_owned(), ..Kept::default() });
            id
        });
        Guild { discord: self, id }
    }
}

impl<'d> Guild<'d> {
    /// Its id.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Makes a role; its id.
    pub fn role(&self, name: &str) -> u64 {
        self.discord.change(|state| {
            let id = state.world.id();
            if let Some(guild) = state.world.guilds.get_mut(&self.id) {
                guild.roles.insert(id, name.to_owned());
            }
            id
        })
    }

    /// So many threads can be open in it, and no more.
    pub fn has_room_for_threads(&self, most: usize) {
        self.discord.change(|state| {
            if let Some(guild) = state.world.guilds.get_mut(&self.id) {
                guild.most_threads = Some(most);
            }
        });
    }

    /// Its members have boosted it to this level.
    pub fn is_boosted_to(&self, level: u64) {
        self.discord.change(|state| {
            if let Some(guild) = state.world.guilds.get_mut(&self.id) {
                guild.level = level;
            }
        });
    }

    /// Makes a channel.
    pub fn channel(&self, name: &str) -> Room<'d> {
        self.make(name, Kind::Text { guild: self.id })
    }

    /// Makes a forum.
    pub fn forum(&self, name: &str) -> Room<'d> {
        self.make(name, Kind::Forum { guild: self.id })
    }

    fn make(&self, name: &str, kind: Kind) -> Room<'d> {
        let id = self.discord.change(|state| {
            let id = state.world.id();
            state.world.channels.insert(id, Channel::new(id, kind, name));
            id
        });
        Room { discord: self.discord, id }
    }

    /// Somebody joins, or has these roles from now on.
    pub fn takes_in(&self, person: &Person<'_>, roles: &[u64]) {
        self.discord.change(|state| {
            if let Some(guild) = state.world.guilds.get_mut(&self.id) {
                guild.members.insert(person.id(), roles.to_vec());
            }
        });
    }
}

impl<'d> Room<'d> {
    /// Its id, as the settings name it.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The bot may not do this here, or in its threads, any more.
    pub fn denies(&self, right: Right) {
        self.discord.change(|state| {
            if let Some(channel) = state.world.channels.get_mut(&self.id) {
                channel.denied.insert(right);
            }
        });
    }

    /// The bot may do everything again.
    pub fn allows_everything(&self) {
        self.discord.change(|state| {
            if let Some(channel) = state.world.channels.get_mut(&self.id) {
                channel.denied.clear();
            }
        });
    }

    /// Waits for a thread with this in its name; of several, the newest.
    pub async fn thread(&self, part: &str) -> Thread<'d> {
        let look = |state: &mut State| {
            let threads = state.world.channels.values().rev().filter(|it| it.parent() == Some(self.id));
            threads.filter(|it| it.name.contains(part)).map(|it| it.id).next()
        };
        match self.discord.finds(look).await {
            Some(id) => Thread { discord: self.discord, id },
            None => panic!("there is no thread {part:?}; there are {:?}", self.threads()),
        }
    }

    /// It takes no post without a tag.
    pub fn wants_tags(&self) {
        self.discord.change(|state| {
            if let Some(forum) = state.world.channels.get_mut(&self.id) {
                forum.wants_tags = true;
            }
        });
    }

    /// Its posts can have these tags.
    pub fn has_tags(&self, names: &[&str]) {
        self.discord.change(|state| {
            let tags: Vec<(u64, String)> = names.iter().map(|name| (state.world.id(), (*name).to_owned())).collect();
            if let Some(forum) = state.world.channels.get_mut(&self.id) {
                forum.tags = tags;
            }
        });
    }

    /// The names of its threads, in the order in which they were begun.
    pub fn threads(&self) -> Vec<String> {
        let state = self.discord.platform.state();
        let threads = state.world.channels.values().filter(|it| it.parent() == Some(self.id));
        threads.map(|it| it.name.clone()).collect()
    }
}

impl<'d> Thread<'d> {
    pub(super) const fn at(discord: &'d Discord, id: u64) -> Self {
        Self { discord, id }
    }
}

impl Thread<'_> {
    /// Its id.
    pub fn id(&self) -> u64 {
        self.id
    }

    fn look<T>(&self, look: impl FnOnce(&Channel) -> T) -> T {
        let state = self.discord.platform.state();
        match state.world.channels.get(&self.id) {
            Some(channel) => look(channel),
            None => panic!("there is no thread {} any more", self.id),
        }
    }

    /// Its name.
    pub fn name(&self) -> String {
        self.look(|channel| channel.name.clone())
    }

    /// Only its members see it.
    pub fn is_private(&self) -> bool {
        self.look(|channel| matches!(channel.kind, Kind::Thread { private: true, .. }))
    }

    /// Everything in it, in order.
    pub fn messages(&self) -> Vec<Shown> {
        self.look(|it| {
            it.messages.iter().filter(|message| !message.deleted).map(super::world::Message::shown).collect()
        })
    }

    /// How many messages of the bot's in it have this in them.
    pub fn count(&self, part: &str) -> usize {
        self.messages().iter().filter(|message| message.by_bot && message.text.contains(part)).count()
    }

    /// Waits until it is put away, or brought back.
    pub async fn becomes_archived(&self, archived: bool) {
        let id = self.id;
        let look = move |state: &mut State| {
            let thread = state.world.channels.get(&id)?;
            (thread.is_archived() == archived).then_some(())
        };
        assert!(self.discord.finds(look).await.is_some(), "thread {id} does not become archived: {archived}");
    }

    /// Waits until it has exactly these tags, in any order.
    pub async fn becomes_tagged(&self, names: &[&str]) {
        let (id, mut wanted) = (self.id, names.to_vec());
        wanted.sort_unstable();
        let look = |state: &mut State| {
            let mut tags: Vec<&str> =
                state.world.channels.get(&id)?.tags.iter().map(|(_, name)| name.as_str()).collect();
            tags.sort_unstable();
            (tags == wanted).then_some(())
        };
        assert!(self.discord.finds(look).await.is_some(), "the post {id} is not tagged {names:?}");
    }

    /// Somebody puts it away.
    pub fn is_put_away(&self) {
        self.discord.change(|state| state.world.archive(self.id, true, None));
    }

    /// Somebody deletes it, with everything in it.
    pub fn is_deleted(&self) {
        let deleted = self.discord.change(|state| state.world.delete_channel(self.id));
        assert!(deleted, "there is no thread {} any more", self.id);
    }
}
