//! What a ticket's topic or thread has to look like after a steady stream, whatever happened to the server meanwhile.

/// What a thread says when a line of it may be missing.
const PERHAPS_MISSING: &str = "Vielleicht fehlt hier";

/// What a thread says when a line may not have reached the requester.
const PERHAPS_NOT_READ: &str = "Vielleicht ist das nicht bei der anfragenden Person angekommen";

/// A message in a ticket's topic or thread.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) by_bot: bool,
    pub(crate) text: String,
    pub(crate) buttons: usize,
}

/// A ticket's topic or thread as it is.
pub(crate) struct InRoom {
    /// The lines that it does not show.
    pub(crate) missing: Vec<String>,
    /// How often it says that something may be missing.
    pub(crate) notices: usize,
}

impl InRoom {
    /// Looks for what was written elsewhere: each line once at most, and in order. A message may have several of them.
    pub(crate) fn of(messages: &[Seen], written: &[String], seed: u64) -> Self {
        let ours = || messages.iter().filter(|message| message.by_bot);
        // What is said of a line may quote it.
        let lines = || ours().filter(|message| !message.text.contains(PERHAPS_NOT_READ));
        let all = lines().map(|message| message.text.as_str()).collect::<Vec<_>>().join("\n");
        let mut places = Vec::new();
        let mut missing = Vec::new();
        for line in written {
            let found: Vec<usize> = all.match_indices(line.as_str()).map(|(place, _)| place).collect();
            assert!(found.len() <= 1, "seed {seed}: {line:?} is there {} times in\n{all}", found.len());
            match found.first() {
                Some(place) => places.push(*place),
                None => missing.push(line.clone()),
            }
        }
        assert!(places.is_sorted(), "seed {seed}: out of order\n{all}");
        Self { missing, notices: ours().filter(|message| message.text.contains(PERHAPS_MISSING)).count() }
    }

    /// What is missing is said to be, perhaps.
    pub(crate) fn is_honest(&self, seed: u64) {
        let silent = self.notices == 0 && !self.missing.is_empty();
        assert!(!silent, "seed {seed}: {:?} are missing, and nobody is told", self.missing);
    }
}

/// How many cards of a ticket there are.
pub(crate) fn cards(messages: &[Seen], number: i64) -> usize {
    let is_card = |it: &&Seen| it.by_bot && it.buttons > 1 && it.text.contains(&format!("#{number}"));
    messages.iter().filter(is_card).count()
}

/// How a card shows where a ticket stands, in German: whoever wrote last decides that.
pub(crate) fn shown_status(status: &str) -> &'static str {
    match status {
        "open" => "offen",
        "waiting_for_requester" => "wartet auf Anfragende",
        other => panic!("nobody has made the ticket {other}"),
    }
}
