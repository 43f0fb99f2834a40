//! Where staff work on Discord: a server with a channel for tickets and a role for those who work them.

use firstline_tests::{
    desk::Desk,
    discord::{Discord, Guild, Person, Room, TOKEN, Thread},
    server::Server,
};

use crate::discord::asks_for_help;

pub(crate) struct Office<'d> {
    pub(crate) guild: Guild<'d>,
    pub(crate) room: Room<'d>,
    pub(crate) role: u64,
}

impl<'d> Office<'d> {
    pub(crate) fn open(discord: &'d Discord) -> Self {
        let guild = discord.guild("Acme");
        let (room, role) = (guild.channel("helpdesk"), guild.role("support"));
        Self { guild, room, role }
    }

    pub(crate) async fn serve(&self, desk: &Desk, discord: &Discord) -> Server {
        self.serve_with(desk, discord, &[]).await
    }

    pub(crate) async fn serve_with(&self, desk: &Desk, discord: &Discord, more: &[(&str, &str)]) -> Server {
        let (url, rooms, roles) = (discord.url(), format!("helpdesk={}", self.room.id()), self.role.to_string());
        let mut settings = vec![
            ("FIRSTLINE_DISCORD__TOKEN", TOKEN),
            ("FIRSTLINE_DISCORD__API_URL", url.as_str()),
            ("FIRSTLINE_DISCORD__ROOMS", &rooms),
            ("FIRSTLINE_DISCORD__STAFF_ROLES", &roles),
            ("FIRSTLINE_DESK__LANGUAGE", "de"),
        ];
        settings.extend_from_slice(more);
        let server = desk.serve_with(&settings).await;
        discord.is_heard().await;
        server
    }

    /// Somebody of the staff, by the roster.
    pub(crate) async fn agent(&self, desk: &Desk, discord: &'d Discord, name: &str) -> Person<'d> {
        let person = discord.person(name, "de");
        self.guild.takes_in(&person, &[]);
        let id = person.id().to_string();
        let _ = desk.run(&["agent", "add", name, "--platform", "discord", "--user-id", &id]).await.succeeds();
        person
    }

    /// Erika is handed over: her ticket's thread, when its card is there.
    pub(crate) async fn handed_over(&self, erika: &mut Person<'_>, anna: &Person<'d>) -> Thread<'d> {
        asks_for_help(erika).await;
        let thread = self.room.thread("#1001").await;
        anna.in_room(&self.room).sees("the card", |it| it.text.contains("#1001") && !it.buttons.is_empty()).await;
        thread
    }

    /// The office is open, Anna works in it, and Erika's ticket #1001 waits in its thread.
    pub(crate) async fn has_a_ticket(
        &self,
        desk: &Desk,
        discord: &'d Discord,
    ) -> (Server, Person<'d>, Person<'d>, Thread<'d>) {
        let server = self.serve(desk, discord).await;
        let anna = self.agent(desk, discord, "Anna").await;
        let mut erika = discord.person("Erika", "de");
        let thread = self.handed_over(&mut erika, &anna).await;
        (server, anna, erika, thread)
    }

    /// The same, and Anna has the ticket.
    pub(crate) async fn has_a_claimed_ticket(
        &self,
        desk: &Desk,
        discord: &'d Discord,
    ) -> (Server, Person<'d>, Person<'d>, Thread<'d>) {
        let (server, anna, mut erika, thread) = self.has_a_ticket(desk, discord).await;
        anna.in_room(&self.room).presses("Übernehmen");
        erika.reads("**Anna** vom Helpdesk hat Ticket #1001 übernommen").await;
        (server, anna, erika, thread)
    }
}
