//! Articles as HTML. Authors may write what they like: only what is harmless gets through.

use std::sync::LazyLock;

use ammonia::Builder;
use maud::{Markup, PreEscaped};
use pulldown_cmark::{Options, Parser, html};

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::default();
    // Pictures would be fetched from elsewhere, which tells others who reads what.
    cleaner.rm_tags(["img"]).link_rel(Some("noopener noreferrer nofollow"));
    cleaner.url_schemes(["http", "https", "mailto", "tel"].into());
    cleaner
});

/// Markdown of an article's.
pub(crate) fn render(text: &str) -> Markup {
    let mut rendered = String::new();
    html::push_html(&mut rendered, Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH));
    PreEscaped(CLEANER.clean(&rendered).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_kept_and_harm_is_not() {
        let check = |text: &str, expected: &str| assert_eq!(render(text).into_string().trim(), expected, "{text:?}");
        check(
            "**Restart** it:\n\n1. one\n2. two",
            "<p><strong>Restart</strong> it:</p>\n<ol>\n<li>one</li>\n<li>two</li>\n</ol>",
        );
        check("a <script>alert(1)</script> b", "<p>a  b</p>");
        check("<b onclick=\"x()\">b</b>", "<p><b>b</b></p>");
        check("[x](javascript:alert(1))", "<p><a rel=\"noopener noreferrer nofollow\">x</a></p>");
        check(
            "[portal](https://it.example/a)",
            "<p><a href=\"https://it.example/a\" rel=\"noopener noreferrer nofollow\">portal</a></p>",
        );
        check("![spy](https://evil.example/p.png)", "<p></p>");
        check("<iframe src=\"https://evil.example\"></iframe>", "");
        check("<style>body{}</style><form action=\"/x\"><input></form>", "");
    }
}
