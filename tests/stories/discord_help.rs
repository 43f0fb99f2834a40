//! People ask in a channel of their server, and are helped in a thread.
//!
//! ```text
//! erika (#hilfe):   ich komme von zu hause nicht ins vpn
//! bot   (thread):   @Erika Hier antworte ich dir …                  only erika sees it, where the server allows that
//! bot   (thread):   Schritt 1 von 6 …                               erika presses her way to ticket #1001
//! anna  (terminal): Welche Fehlermeldung kommt?                     goes to the thread
//! ```

use firstline_tests::{
    both_databases,
    desk::Desk,
    discord::{Discord, Guild, Person, Right, Room, TOKEN},
    server::Server,
};

both_databases!(
    a_question_is_answered_in_a_thread_of_its_own,
    where_others_read_along_only_the_one_who_asked_counts,
    what_was_asked_during_an_absence_is_answered_once,
    other_servers_are_left_alone,
    a_post_in_a_forum_is_a_question,
    a_lost_thread_is_made_again,
    who_takes_no_direct_messages_is_reached_in_a_thread,
    without_a_help_channel_the_ticket_says_what_to_do,
);

pub(crate) struct Help<'d> {
    pub(crate) guild: Guild<'d>,
    pub(crate) channel: Room<'d>,
}

impl<'d> Help<'d> {
    pub(crate) fn open(discord: &'d Discord) -> Self {
        let guild = discord.guild("Acme");
        let channel = guild.channel("hilfe");
        Self { guild, channel }
    }

    pub(crate) async fn serve(&self, desk: &Desk, discord: &Discord, more: &[(&str, &str)]) -> Server {
        let (url, channel) = (discord.url(), self.channel.id().to_string());
        let mut settings = vec![
            ("FIRSTLINE_DISCORD__TOKEN", TOKEN),
            ("FIRSTLINE_DISCORD__API_URL", &url),
            ("FIRSTLINE_DISCORD__HELP_CHANNELS", &channel),
            ("FIRSTLINE_DESK__LANGUAGE", "de"),
        ];
        settings.extend_from_slice(more);
        let server = desk.serve_with(&settings).await;
        discord.is_heard().await;
        server
    }

    /// A member of the server, in the help channel.
    pub(crate) fn member(&self, discord: &'d Discord, name: &str) -> Person<'d> {
        let person = discord.person(name, "de");
        self.guild.takes_in(&person, &[]);
        person.in_room(&self.channel)
    }
}

const QUESTION: &str = "ich komme von zu hause nicht ins vpn";

/// From the first step to ticket #1001.
pub(crate) async fn asks_for_a_human(erika: &mut Person<'_>) {
    erika.reads("Schritt 1 von 6").await;
    erika.presses("Mit einem Menschen sprechen");
    erika.reads("Wer ist betroffen?").await;
    erika.presses("Nur ich");
    erika.reads("Wie sehr hindert es dich an der Arbeit?").await;
    erika.presses("Ich kann gar nicht arbeiten");
    erika.reads("Ich habe Ticket **#1001** eröffnet").await;
}

async fn a_question_is_answered_in_a_thread_of_its_own(desk: &Desk) {
    let discord = Discord::start().await;
    let help = Help::open(&discord);
    let (erika, ben) = (help.member(&discord, "Erika"), help.member(&discord, "Ben"));
    erika.says("das war vor eurer Zeit");
    let mut server = help.serve(desk, &discord, &[]).await;
    let asked = erika.says(QUESTION);
    ben.replies(asked, "geht bei mir auch nicht");
    let thread = help.channel.thread("Helpdesk für Erika").await;
    assert!(thread.is_private());
    let mut erika = erika.in_thread(&thread);
    let greeting = erika.reads("Außer dir liest nur der Helpdesk mit").await;
    assert_eq!((greeting.pings, greeting.text.contains(&format!("<@{}>", erika.id()))), (1, true), "{greeting}");
    asks_for_a_human(&mut erika).await;

    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    erika.reads("**anna** vom Helpdesk hat Ticket #1001 übernommen").await;
    anna.says("Welche Fehlermeldung kommt?").await;
    erika.reads("Welche Fehlermeldung kommt?").await;
    let said = erika.says("Zeitüberschreitung beim Verbinden");
    anna.reads("requester(Erika)> Zeitüberschreitung beim Verbinden").await;
    erika.rewrites(said, "Zeitüberschreitung beim Anmelden");
    anna.reads("Zeitüberschreitung beim Anmelden").await;
    anna.resolves().await;
    erika.reads("anna hat Ticket #1001 gelöst.").await;
    anna.leaves().await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(help.channel.threads().len(), 1, "one question, one thread: {:?}", help.channel.threads());
    assert!(thread.messages().iter().skip(1).all(|it| it.pings == 0), "nobody is called again");
    assert!(ben.chat().iter().all(|it| !it.by_bot), "the channel itself stays as it is");
    assert_eq!(discord.unanswered(), 0);
}

async fn where_others_read_along_only_the_one_who_asked_counts(desk: &Desk) {
    let discord = Discord::start().await;
    let help = Help::open(&discord);
    help.channel.denies(Right::CreatePrivateThreads);
    let mut server = help.serve(desk, &discord, &[]).await;
    let (erika, ben) = (help.member(&discord, "Erika"), help.member(&discord, "Ben"));
    let asked = erika.says(QUESTION);
    let thread = help.channel.thread("Helpdesk für Erika").await;
    assert_eq!((thread.is_private(), thread.id()), (false, asked), "it begins with the question");
    let (mut erika, mut ben) = (erika.in_thread(&thread), ben.in_thread(&thread));
    let greeting = erika.reads("können andere mitlesen").await;
    assert!(greeting.text.contains("Direktnachricht"), "{greeting}");
    erika.reads("Schritt 1 von 6").await;
    ben.says("geht bei mir auch nicht");
    ben.presses("Nein, geht nicht");
    let told = ben.reads("gehört zum Gespräch von jemand anderem").await;
    assert!(told.secret);
    erika.presses("Nein, geht nicht");
    erika.reads("Schritt 2 von 6").await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(erika.count("Schritt"), 2, "what others say and press moves nothing");
    let stored = desk.everything_stored().await;
    assert!(!stored.contains("geht bei mir auch nicht"), "what bystanders say is not kept");
}

/// Hours away, the session forgotten: a question and what was written in a thread are answered once, and nothing older.
async fn what_was_asked_during_an_absence_is_answered_once(desk: &Desk) {
    let discord = Discord::start().await;
    let help = Help::open(&discord);
    let (erika, ben) = (help.member(&discord, "Erika"), help.member(&discord, "Ben"));
    ben.says("mein outlook startet nicht");
    let mut server = help.serve(desk, &discord, &[]).await;
    let asking = erika.says(QUESTION);
    let thread = help.channel.thread("Helpdesk für Erika").await;
    let mut erika = erika.in_thread(&thread);
    erika.reads("Schritt 1 von 6").await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));

    discord.forgets_sessions();
    erika.says("nein");
    ben.says("wie setze ich mein passwort zurück?");
    server = help.serve(desk, &discord, &[]).await;
    server.logs("has been fetched").await;
    erika.reads("Schritt 2 von 6").await;
    let other = help.channel.thread("Helpdesk für Ben").await;
    ben.in_thread(&other).reads("Passwort").await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(help.channel.threads().len(), 2, "{asking}: {:?}", help.channel.threads());
    assert_eq!((erika.count("Schritt 1 von 6"), erika.count("Schritt 2 von 6")), (1, 1));
}

async fn other_servers_are_left_alone(desk: &Desk) {
    let discord = Discord::start().await;
    let help = Help::open(&discord);
    let elsewhere = discord.guild("Elsewhere");
    let general = elsewhere.channel("general");
    let own = help.guild.id().to_string();
    let mut server = help.serve(desk, &discord, &[("FIRSTLINE_DISCORD__GUILDS", &own)]).await;
    let stranger = discord.person("Stranger", "de");
    elsewhere.takes_in(&stranger, &[]);
    let mut stranger = stranger.in_room(&general);
    stranger.says("hallo?");
    server.logs("discord.guilds does not name").await;
    stranger.commands("ask", &[("question", QUESTION)]);
    let told = stranger.reads("Auf diesem Server bin ich nicht im Dienst").await;
    assert!(told.secret);
    let erika = help.member(&discord, "Erika");
    erika.says(QUESTION);
    let thread = help.channel.thread("Helpdesk für Erika").await;
    erika.in_thread(&thread).reads("Schritt 1 von 6").await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(stranger.chat().len(), 2, "nothing else is said there");
}

async fn a_post_in_a_forum_is_a_question(desk: &Desk) {
    let discord = Discord::start().await;
    let guild = discord.guild("Acme");
    let help = Help { channel: guild.forum("fragen"), guild };
    let mut server = help.serve(desk, &discord, &[]).await;
    let erika = help.member(&discord, "Erika");
    let post = erika.posts("VPN", QUESTION);
    let mut erika = erika.in_thread(&post);
    erika.reads("können andere mitlesen").await;
    erika.reads("Schritt 1 von 6").await;
    erika.says("nein");
    erika.reads("Schritt 2 von 6").await;
    assert_eq!(server.is_terminated().await, Some(0));
    assert_eq!(help.channel.threads().len(), 1);
}

async fn a_lost_thread_is_made_again(desk: &Desk) {
    let discord = Discord::start().await;
    let help = Help::open(&discord);
    let mut server = help.serve(desk, &discord, &[]).await;
    let erika = help.member(&discord, "Erika");
    erika.says(QUESTION);
    let first = help.channel.thread("Helpdesk für Erika").await;
    let mut in_thread = erika.in_thread(&first);
    asks_for_a_human(&mut in_thread).await;
    desk.settles().await;
    first.is_deleted();
    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    anna.says("Ich melde mich gleich.").await;
    let second = help.channel.thread("Helpdesk für Erika").await;
    assert_ne!(first.id(), second.id());
    let mut erika = erika.in_thread(&second);
    erika.reads("Außer dir liest nur der Helpdesk mit").await;
    erika.reads("hat Ticket #1001 übernommen").await;
    erika.reads("Ich melde mich gleich.").await;
    erika.says("danke");
    anna.reads("requester(Erika)> danke").await;
    anna.leaves().await;
    assert_eq!(server.is_terminated().await, Some(0));
}

/// Closed direct messages: it goes on in a thread that mentions her alone, and her ticket says so. What was sent before can still
/// be changed, and when she writes in the direct messages again, she is answered there.
async fn who_takes_no_direct_messages_is_reached_in_a_thread(desk: &Desk) {
    let discord = Discord::start().await;
    let help = Help::open(&discord);
    let mut server = help.serve(desk, &discord, &[]).await;
    let mut erika = discord.person("Erika", "de");
    help.guild.takes_in(&erika, &[]);
    crate::discord::asks_for_help(&mut erika).await;
    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    erika.reads("hat Ticket #1001 übernommen").await;
    erika.closes_dms(true);
    anna.says("Hörst du mich?").await;
    let thread = help.channel.thread("Helpdesk für Erika").await;
    assert!(thread.is_private());
    let mut in_thread = erika.in_thread(&thread);
    let greeting = in_thread.reads("Du nimmst keine Direktnachrichten von mir an").await;
    assert_eq!(greeting.pings, 1, "{greeting}");
    in_thread.reads("Hörst du mich?").await;
    anna.reads("The requester takes no messages; it goes on in a thread that mentions them").await;
    in_thread.says("Ja, hier.");
    anna.reads("requester(Erika)> Ja, hier.").await;
    anna.says("Gut.").await;
    in_thread.reads("Gut.").await;

    erika.closes_dms(false);
    erika.says("Und jetzt wieder hier.");
    anna.reads("requester(Erika)> Und jetzt wieder hier.").await;
    anna.says("Auch gut.").await;
    erika.reads("Auch gut.").await;
    anna.leaves().await;
    desk.settles().await;
    assert_eq!(server.is_terminated().await, Some(0));
    let ticket = desk.ticket(1001).await;
    assert_eq!(ticket.count("rerouted"), 1, "{ticket}");
    assert!(ticket.sent().iter().all(|said| said.delivery.as_deref() == Some("sent")), "{ticket}");
}

async fn without_a_help_channel_the_ticket_says_what_to_do(desk: &Desk) {
    let discord = Discord::start().await;
    let mut server = crate::discord::serve(desk, &discord).await;
    let mut erika = discord.person("Erika", "de");
    crate::discord::asks_for_help(&mut erika).await;
    let mut anna = desk.agent("anna");
    anna.claims(1001).await;
    erika.reads("hat Ticket #1001 übernommen").await;
    erika.closes_dms(true);
    anna.says("Hörst du mich?").await;
    anna.reads("The requester takes no messages, and there is no other way").await;
    anna.leaves().await;
    assert_eq!(server.is_terminated().await, Some(0));
}
