//! The keys that exist, and the nearest one to a key that does not.

/// Every key. A key added to [`super::raw::Raw`] needs a line here and one in `firstline.default.toml`; tests compare the three.
pub(super) const KEYS: &[&str] = &[
    "desk.name", "desk.language", "desk.attempts_before_human", "desk.leave_after", "desk.collect_for",
    "desk.rate_for", "desk.reopen_within", "desk.queues", "sla.first_response", "sla.next_response", "sla.resolution",
    "sla.hours", "sla.time_zone", "sla.holidays", "knowledge.wrong_at_most", "knowledge.snapshot", "database.url",
    "telegram.token", "telegram.token_file", "telegram.api_url", "telegram.local_files", "telegram.rooms",
    "telegram.per_group", "telegram.per_group_within", "telegram.mode", "telegram.webhook.listen",
    "telegram.webhook.public_url", "telegram.webhook.secret", "discord.token", "discord.token_file", "discord.api_url",
    "discord.gateway_url", "discord.rooms", "discord.staff_roles", "discord.help_channels", "discord.help_threads",
    "discord.guilds", "discord.look_again", "web.listen", "log.format", "log.filter",
];

/// Below this likeness (0 to 1) a suggestion would puzzle more than help.
const ALIKE: f64 = 0.5;

pub(super) fn is_key(key: &str) -> bool {
    KEYS.contains(&key)
}

/// There are keys under this name.
pub(super) fn is_section(name: &str) -> bool {
    keys_of(name).next().is_some()
}

/// What to write instead of a key that does not exist, as the rest of a sentence. `spell` writes a key the way its author
/// does: with dots in a file, in capitals in the environment.
pub(super) fn instead_of(key: &str, spell: impl Fn(&str) -> String) -> String {
    if is_section(key) {
        return format!("it is a section; its keys are {}", list(keys_of(key), &spell));
    }
    if let Some(near) = nearest(key) {
        return format!("did you mean {}?", spell(near));
    }
    let section = section_of(key);
    if is_section(section) {
        format!("the keys of this section are {}", list(keys_of(section), &spell))
    } else {
        format!("the sections are {}", sections().join(", "))
    }
}

/// What to write instead of a section that does not exist.
pub(super) fn instead_of_section(name: &str) -> String {
    let likeness = |known: &str| strsim::normalized_damerau_levenshtein(name, known);
    match sections().into_iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b))) {
        Some(near) if likeness(near) >= ALIKE => format!("did you mean {near:?}?"),
        _ => format!("the sections are {}", sections().join(", ")),
    }
}

fn sections() -> Vec<&'static str> {
    let mut sections: Vec<_> = KEYS.iter().map(|key| section_of(key)).collect();
    sections.dedup();
    sections
}

fn section_of(key: &str) -> &str {
    key.split('.').next().unwrap_or_default()
}

fn nearest(key: &str) -> Option<&'static str> {
    // One underscore where two belong is the likeliest slip of all, so the separators count as the same.
    let flat = |key: &str| key.replace(['.', '_'], "");
    let wanted = flat(key);
    let last = key.rsplit('.').next().unwrap_or(key);
    KEYS.iter()
        .map(|&known| {
            let whole = strsim::normalized_damerau_levenshtein(&wanted, &flat(known));
            // A key in the wrong section: its own name alone counts, a little less.
            let own =
                known.rsplit('.').next().map_or(0.0, |own| strsim::normalized_damerau_levenshtein(last, own) * 0.9);
            (known, whole.max(own))
        })
        .filter(|&(_, likeness)| likeness >= ALIKE)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(known, _)| known)
}

fn keys_of(section: &str) -> impl Iterator<Item = &'static str> {
    KEYS.iter().copied().filter(move |key| key.strip_prefix(section).is_some_and(|rest| rest.starts_with('.')))
}

fn list(keys: impl Iterator<Item = &'static str>, spell: impl Fn(&str) -> String) -> String {
    keys.map(spell).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_key_is_found() {
        let check = |key: &str, expected: Option<&str>| assert_eq!(nearest(key), expected, "{key}");
        check("databse.url", Some("database.url"));
        check("database.ulr", Some("database.url"));
        check("database_url", Some("database.url"));
        check("telegram.tokn", Some("telegram.token"));
        check("telegramm.token_file", Some("telegram.token_file"));
        check("desk.leave_afer", Some("desk.leave_after"));
        check("server.listen", Some("web.listen"));
        check("zzz.qqq", None);
    }

    #[test]
    fn a_section_is_no_key() {
        assert!(instead_of("telegram", str::to_owned).contains("telegram.token_file"));
        assert!(is_section("web"));
        assert!(!is_section("we"));
        assert!(!is_section("web.listen"));
    }
}
