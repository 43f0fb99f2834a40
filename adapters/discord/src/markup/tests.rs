use proptest::prelude::*;

use super::*;

fn said(content: &Content) -> String {
    let parts = parts(&Speaker::Bot, content);
    assert!(parts.len() <= 1, "{parts:?}");
    parts.into_iter().next().unwrap_or_default()
}

#[test]
fn other_peoples_words_are_escaped() {
    let check = |text: &str, expected: &str| assert_eq!(said(&Content::plain(text)), expected, "{text:?}");
    check("hello", "hello");
    check("**a** _b_ ~~c~~ `d` ||e||", r"\*\*a\*\* \_b\_ \~\~c\~\~ \`d\` \|\|e\|\|");
    check("[x](https://evil.example)", r"\[x\](https://evil.example)");
    check("@everyone <@123> <t:1:R>", r"\@everyone \<\@123\> \<t:1:R\>");
    check("# big\n- item\n> quote\n  # big", "\\# big\n\\- item\n\\> quote\n  \\# big");
    check("C# and a-b", "C# and a-b");
    check("1. one\nv1. x", "1\\. one\nv1. x");
    check("see https://it.example/a_b_c*d", r"see https://it.example/a_b_c\*d");
    check(r"C:\temp", r"C:\\temp");
}

#[test]
fn our_markdown_stays() {
    let text = "**Step 1 of 3**\nRestart `x`.\n\n- a\n- b";
    assert_eq!(said(&Content::markdown(text)), text);
}

#[test]
fn an_agents_words_stand_below_the_name() {
    let speaker = Speaker::Agent { name: "Anna *A*\n@here".to_owned() };
    assert_eq!(parts(&speaker, &Content::plain("Hi!")), [r"**Anna \*A\* \@here:**".to_owned() + "\nHi!"]);
}

#[test]
fn cuts_are_made_where_they_hurt_least() {
    let check = |text: &str, limit: usize, expected: &[&str]| assert_eq!(split(text, limit), expected, "{text:?}");
    check("", 10, &[]);
    check(" \n ", 10, &[]);
    check("short", 10, &["short"]);
    check("first one\n\nsecond", 12, &["first one", "second"]);
    check("One two. Three four", 12, &["One two.", "Three four"]);
    check("alpha beta gamma", 12, &["alpha beta", "gamma"]);
    check("abcdefghijkl", 6, &["abcdef", "ghijkl"]);
    check("üüü😀😀😀", 3, &["üüü", "😀😀😀"]);
    check(r"abcde\*fgh", 6, &["abcde", r"\*fgh"]);
}

#[test]
fn a_block_of_code_that_is_cut_stays_code() {
    let text = format!("Run:\n```\n{}```\nDone.", "ping server\n".repeat(300));
    let parts = parts(&Speaker::Bot, &Content::markdown(text));
    assert!(parts.len() >= 2);
    for part in &parts {
        assert_eq!(part.matches("```").count() % 2, 0, "{part}");
        assert!(part.chars().count() <= LONGEST);
    }
}

proptest! {
    #[test]
    fn whatever_is_said_fits(text in prop_oneof![any::<String>(), "[-a-z*_`#>\\[\\]()!<&@\n 1.😀ü~\\\\]{0,400}"], times in 1..40_usize, markdown in any::<bool>()) {
        let format = if markdown { Format::Markdown } else { Format::Plain };
        let content = Content { format, ..Content::plain(text.repeat(times)) };
        for part in parts(&Speaker::Desk, &content) {
            prop_assert!(part.chars().count() <= LONGEST && !part.trim().is_empty());
        }
    }

    #[test]
    fn nothing_is_lost_between_the_pieces(text in "[a-z.!?ü😀 \n]{0,400}", limit in 2..50_usize) {
        let words = |text: &str| text.split_whitespace().collect::<String>();
        prop_assert_eq!(words(&split(&text, limit).concat()), words(&text));
    }
}
