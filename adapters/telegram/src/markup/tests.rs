use firstline_engine::outbound::Choice;
use proptest::prelude::*;

use super::*;

/// A text with its entities shown as `{kind:words}` behind it.
fn shown(content: &Content) -> String {
    let parts = Styled::of(&Speaker::Bot, content).parts();
    assert!(parts.len() <= 1, "{parts:?}");
    parts.first().map(marked).unwrap_or_default()
}

fn marked(part: &Part) -> String {
    let units: Vec<u16> = part.text.encode_utf16().collect();
    let mut out = part.text.clone();
    for entity in &part.entities {
        let words = String::from_utf16(&units[entity.offset..entity.offset + entity.length]).expect("whole characters");
        let kind = match &entity.kind {
            MessageEntityKind::TextLink { url } => url.to_string(),
            MessageEntityKind::Pre { language } => format!("pre {}", language.as_deref().unwrap_or("-")),
            other => format!("{other:?}").to_lowercase(),
        };
        out = format!("{out} {{{kind}:{words}}}");
    }
    out
}

#[test]
fn markdown_becomes_text_with_entities() {
    let check = |text: &str, expected: &str| assert_eq!(shown(&Content::markdown(text)), expected, "{text:?}");
    check("", "");
    check("one\ntwo\n\nthree", "one\ntwo\n\nthree");
    check("**Step 1 of 3**\nRestart.\n\nDid that help?", "Step 1 of 3\nRestart.\n\nDid that help? {bold:Step 1 of 3}");
    check("type `ping` _now_", "type ping now {code:ping} {italic:now}");
    check("`/human`, `/language de` or `/etc`", "/human, /language de or /etc {code:/language de} {code:/etc}");
    check("It needs:\n- a\n- b\n\nDone.", "It needs:\n• a\n• b\n\nDone.");
    check("1. one\n2. two\n   - inner\n3. three", "1. one\n2. two\n   • inner\n3. three");
    check("# Title\ntext", "Title\n\ntext {bold:Title}");
    check("see [the portal](https://it.example/a)", "see the portal {https://it.example/a:the portal}");
    check("[x](javascript:alert(1))", "x");
    check("> quoted\n\nafter", "quoted\n\nafter {blockquote:quoted}");
    check("```sh\nping x\n\n  y\n```\nthen", "ping x\n\n  y\n\nthen {pre sh:ping x\n\n  y}");
    check("a <b>bold</b>", "a <b>bold</b>");
    check(r"2 \* 3 \#1 a\_b", "2 * 3 #1 a_b");
    check("😀 **ü😀** x", "😀 ü😀 x {bold:ü😀}");
}

#[test]
fn other_peoples_words_are_not_markup() {
    assert_eq!(shown(&Content::plain("**a** [b](c) _d_ `e`\n# f")), "**a** [b](c) _d_ `e`\n# f");
}

#[test]
fn an_agents_words_stand_below_the_name() {
    let speaker = Speaker::Agent { name: "Anna *A*".to_owned() };
    let parts = Styled::of(&speaker, &Content::plain("Hallo!")).parts();
    assert_eq!(marked(&parts[0]), "Anna *A*:\nHallo! {bold:Anna *A*}");
}

#[test]
fn cuts_are_made_where_they_hurt_least() {
    let check = |text: &str, limit: usize, expected: &[&str]| {
        let pieces: Vec<&str> = split(text, limit).into_iter().map(|range| &text[range]).collect();
        assert_eq!(pieces, expected, "{text:?}");
    };
    check("", 10, &[]);
    check(" \n ", 10, &[]);
    check("short", 10, &["short"]);
    check("first one\n\nsecond", 12, &["first one", "second"]);
    check("line one\nline two", 12, &["line one", "line two"]);
    check("One two. Three four", 12, &["One two.", "Three four"]);
    check("alpha beta gamma", 12, &["alpha beta", "gamma"]);
    check("abcdefghijklmnop", 6, &["abcdef", "ghijkl", "mnop"]);
    check("a😀😀b", 3, &["a😀", "😀b"]);
    check("😀", 1, &["😀"]);
}

#[test]
fn entities_are_cut_with_their_text() {
    let text = format!("**{}**", "word ".repeat(1200).trim_end());
    let parts = Styled::of(&Speaker::Bot, &Content::markdown(text)).parts();
    assert_eq!(parts.len(), 2);
    for part in &parts {
        let [entity] = part.entities.as_slice() else { panic!("{part:?}") };
        assert_eq!((entity.offset, entity.length), (0, part.text.encode_utf16().count()));
    }
}

fn without_space(text: &str) -> String {
    text.split_whitespace().collect()
}

fn any_content() -> impl Strategy<Value = Content> {
    let words = prop_oneof![any::<String>(), "[-a-z*_`#>\\[\\]()!<&\n 1.😀ü~]{0,300}"];
    (words, 1..60_usize, any::<bool>()).prop_map(|(text, times, markdown)| Content {
        format: if markdown { Format::Markdown } else { Format::Plain },
        choices: vec![Choice { token: "t".to_owned(), label: "l".to_owned() }],
        ..Content::plain(text.repeat(times))
    })
}

proptest! {
    #[test]
    fn whatever_is_said_fits_and_its_entities_lie_on_whole_characters(content in any_content()) {
        for part in Styled::of(&Speaker::Desk, &content).parts() {
            let units: Vec<u16> = part.text.encode_utf16().collect();
            prop_assert!(units.len() <= LONGEST && !part.text.trim().is_empty());
            for entity in &part.entities {
                prop_assert!(entity.length > 0);
                let words = units.get(entity.offset..entity.offset + entity.length);
                prop_assert!(words.is_some_and(|words| String::from_utf16(words).is_ok()), "{:?}", entity);
            }
        }
    }

    #[test]
    fn nothing_is_lost_between_the_parts(text in "[a-z.!?ü😀 \n]{0,400}", limit in 2..50_usize) {
        let pieces: String = split(&text, limit).into_iter().map(|range| &text[range]).collect();
        prop_assert_eq!(without_space(&pieces), without_space(&text));
    }
}
