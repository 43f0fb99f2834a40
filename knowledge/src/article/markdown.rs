//! Articles as files: YAML front matter between two lines of `---`, then the body in Markdown.
//!
//! ```text
//! ---
//! id: vpn-cannot-connect
//! language: en
//! title: I cannot connect to the VPN
//! category: network
//! kind: incident            (optional: incident or service-request)
//! audience: everyone        (optional: everyone or staff)
//! phrasings:                (optional)
//!   - vpn does not work at home
//! not_for:                  (optional)
//!   - vpn is slow
//! steps:                    (optional)
//!   - Check that you are online without the VPN.
//! ---
//!
//! Without the VPN you cannot reach the file servers. ...
//! ```
//!
//! Reading back what was written gives the same article, whatever its texts. A file whose first line ends in CR LF was
//! written by a Windows editor: all its line ends become LF. One blank line after the front matter and one line end at
//! the end of the file are layout and not part of the body.

use std::borrow::Cow;

use serde::Deserialize;
use serde_saphyr::Error as YamlError;

use super::{Article, ArticleError, ArticleId, ArticleKind, Audience, yaml};
use crate::Language;

const DELIMITER: &str = "---";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    id: ArticleId,
    language: Language,
    title: String,
    category: String,
    #[serde(default)]
    kind: ArticleKind,
    #[serde(default)]
    audience: Audience,
    #[serde(default)]
    phrasings: Vec<String>,
    #[serde(default)]
    not_for: Vec<String>,
    #[serde(default)]
    steps: Vec<String>,
}

impl Article {
    /// Reads an article from its file's text.
    pub fn from_markdown(text: &str) -> Result<Self, ArticleError> {
        let text = with_unix_line_ends(text.strip_prefix('\u{feff}').unwrap_or(text));
        let (front, body) = split(&text)?;
        let front = parse(front)?;
        require_text("title", [&front.title])?;
        require_text("category", [&front.category])?;
        require_text("phrasings", &front.phrasings)?;
        require_text("not_for", &front.not_for)?;
        require_text("steps", &front.steps)?;
        Ok(Self {
            id: front.id,
            language: front.language,
            title: front.title,
            category: front.category,
            kind: front.kind,
            audience: front.audience,
            phrasings: front.phrasings,
            not_for: front.not_for,
            steps: front.steps,
            body: without_layout(body).to_owned(),
        })
    }

    /// Writes the article as [`Article::from_markdown`] reads it.
    pub fn to_markdown(&self) -> String {
        let mut out = format!("{DELIMITER}\nid: {}\nlanguage: {}\n", quoted_id(&self.id), self.language);
        yaml::write_text(&mut out, "title", &self.title);
        yaml::write_text(&mut out, "category", &self.category);
        if self.kind != ArticleKind::default() {
            yaml::write_text(&mut out, "kind", self.kind.as_str());
        }
        if self.audience != Audience::default() {
            yaml::write_text(&mut out, "audience", self.audience.as_str());
        }
        yaml::write_list(&mut out, "phrasings", &self.phrasings);
        yaml::write_list(&mut out, "not_for", &self.not_for);
        yaml::write_list(&mut out, "steps", &self.steps);
        out.push_str(DELIMITER);
        out.push('\n');
        if !self.body.is_empty() {
            out.push('\n');
            out.push_str(&self.body);
            out.push('\n');
        }
        out
    }
}

/// Ids are plain in YAML, except those that would read as something else (`1:30`, `true`, `2024-01-01`).
fn quoted_id(id: &ArticleId) -> Cow<'_, str> {
    let id = id.as_str();
    let plain = id.starts_with(|c: char| c.is_ascii_lowercase()) && id.contains('-') && !id.contains(':');
    if plain { Cow::Borrowed(id) } else { Cow::Owned(format!("\"{id}\"")) }
}

fn with_unix_line_ends(text: &str) -> Cow<'_, str> {
    match text.find('\n') {
        Some(end) if text[..end].ends_with('\r') => Cow::Owned(text.replace("\r\n", "\n")),
        _ => Cow::Borrowed(text),
    }
}

/// The front matter and what follows its closing line.
fn split(text: &str) -> Result<(&str, &str), ArticleError> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().filter(|line| is_delimiter(line)).ok_or(ArticleError::NoFrontMatter)?;
    let mut end = first.len();
    for line in lines {
        if is_delimiter(line) {
            return Ok((&text[first.len()..end], &text[end + line.len()..]));
        }
        end += line.len();
    }
    Err(ArticleError::OpenFrontMatter)
}

fn is_delimiter(line: &str) -> bool {
    line.trim_end() == DELIMITER
}

fn without_layout(body: &str) -> &str {
    let body = body.strip_prefix('\n').unwrap_or(body);
    body.strip_suffix('\n').unwrap_or(body)
}

fn parse(front: &str) -> Result<FrontMatter, ArticleError> {
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options(front, options).map_err(|error| {
        // The delimiter above the front matter is line 1 of the file.
        let line = error.location().map(|location| location.line() + 1);
        match error.without_snippet() {
            YamlError::SerdeUnknownField { field, .. } => ArticleError::UnknownKey { key: field.clone(), line },
            YamlError::SerdeMissingField { field, .. } => ArticleError::MissingKey { key: field },
            other => ArticleError::FrontMatter { problem: without_place(&other.to_string()), line },
        }
    })
}

/// The parser's message without its own place, which counts from the front matter and not from the file's top.
fn without_place(message: &str) -> String {
    let first = message.lines().next().unwrap_or_default();
    match first.find(" at line ") {
        Some(at) => first[..at].to_owned(),
        None => first.to_owned(),
    }
}

fn require_text<'a>(key: &'static str, texts: impl IntoIterator<Item = &'a String>) -> Result<(), ArticleError> {
    if texts.into_iter().any(|text| text.trim().is_empty()) { Err(ArticleError::Blank { key }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    const GOOD: &str = "---\nid: vpn\nlanguage: en\ntitle: VPN\ncategory: network\n---\n\nBody\n";

    #[test]
    fn reads_what_people_write() {
        let article = Article::from_markdown(
            "---\nid: vpn-cannot-connect\nlanguage: de\ntitle: \"VPN: keine Verbindung\"\ncategory: network\n\
             kind: service-request\naudience: staff\nphrasings:\n- vpn geht nicht\n- 'es kommt: 809'\n\
             not_for: [vpn beantragen]\nsteps:\n  - Neu starten.\n\
             --- \n# Kopf\n\n---\nEnde",
        )
        .unwrap();
        assert_eq!(article.id.as_str(), "vpn-cannot-connect");
        assert_eq!(article.language, Language::De);
        assert_eq!(article.title, "VPN: keine Verbindung");
        assert_eq!(article.kind, ArticleKind::ServiceRequest);
        assert_eq!(article.audience, Audience::Staff);
        assert_eq!(article.phrasings, ["vpn geht nicht", "es kommt: 809"]);
        assert_eq!(article.not_for, ["vpn beantragen"]);
        assert_eq!(article.steps, ["Neu starten."]);
        assert_eq!(article.body, "# Kopf\n\n---\nEnde");
    }

    #[test]
    fn a_windows_file_reads_like_any_other() {
        let windows = format!("\u{feff}{}", GOOD.replace('\n', "\r\n"));
        assert_eq!(Article::from_markdown(&windows), Article::from_markdown(GOOD));
    }

    #[test]
    fn layout_is_not_body() {
        for body in ["", "\n", "\n\n"] {
            let text = format!("---\nid: vpn\nlanguage: en\ntitle: VPN\ncategory: network\n---\n{body}");
            assert_eq!(Article::from_markdown(&text).unwrap().body, "");
        }
    }

    #[test]
    fn errors_say_what_to_do_and_where() {
        fn check(text: &str, expected: &[&str]) {
            let message = Article::from_markdown(text).unwrap_err().to_string();
            for part in expected {
                assert!(message.contains(part), "{message:?} lacks {part:?}");
            }
        }
        check("", &["no front matter", "begin the file"]);
        check("# Title\n", &["no front matter"]);
        check("---\nid: vpn\n", &["not closed"]);
        check(&GOOD.replace("category", "catgory"), &["line 5", "\"catgory\" is unknown", "use id, language"]);
        check(&GOOD.replace("category: network\n", ""), &["\"category\" is missing"]);
        check(&GOOD.replace("language: en", "language: fr"), &["line 3", "fr"]);
        check(&GOOD.replace("id: vpn", "id: V P N"), &["line 2", "use a-z"]);
        check(&GOOD.replace("title: VPN", "title: VPN: down"), &["line 4", "quotation marks"]);
        check(&GOOD.replace("title: VPN", "title: \" \""), &["\"title\" has a blank text"]);
        check(&GOOD.replace("title: VPN", "title: a\ntitle: b"), &["line 5", "title"]);
        check(&GOOD.replace("title: VPN", "title: VPN\nsteps: [\"\"]"), &["\"steps\" has a blank text"]);
    }

    fn nasty() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("---".to_owned()),
            Just("\n---\n".to_owned()),
            Just("\r\n".to_owned()),
            Just("\n".to_owned()),
            Just(" ".to_owned()),
            Just("\t".to_owned()),
            Just(": ".to_owned()),
            Just(" #".to_owned()),
            Just("\"".to_owned()),
            Just("'".to_owned()),
            Just("- ".to_owned()),
            Just("\\n".to_owned()),
            Just("null".to_owned()),
            Just("1e3".to_owned()),
            Just("0x1F".to_owned()),
            Just("2024-01-01".to_owned()),
            Just("Ünïcödé 打印机 🙂".to_owned()),
            Just("\u{2028}\u{85}\u{feff}\u{0}\u{7f}".to_owned()),
            "[a-zA-Z ]{0,12}",
            any::<String>(),
        ];
        vec(piece, 0..6).prop_map(|pieces| pieces.concat())
    }

    fn article() -> impl Strategy<Value = Article> {
        let text = || nasty().prop_filter("blank", |text| !text.trim().is_empty());
        (
            ("[a-z0-9][a-z0-9._:-]{0,12}", any::<bool>(), text(), text()),
            (any::<bool>(), any::<bool>(), vec(text(), 0..4), vec(text(), 0..3), vec(text(), 0..4), nasty()),
        )
            .prop_map(|((id, german, title, category), (request, staff, phrasings, not_for, steps, body))| {
                Article {
                    id: id.parse().unwrap(),
                    language: if german { Language::De } else { Language::En },
                    title,
                    category,
                    kind: if request { ArticleKind::ServiceRequest } else { ArticleKind::Incident },
                    audience: if staff { Audience::Staff } else { Audience::Everyone },
                    phrasings,
                    not_for,
                    steps,
                    body,
                }
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn what_is_written_reads_back_the_same(article in article()) {
            let text = article.to_markdown();
            prop_assert_eq!(Article::from_markdown(&text), Ok(article), "{}", text);
        }

        #[test]
        fn no_text_makes_it_panic(text in nasty()) {
            let _ = Article::from_markdown(&text);
            let _ = Article::from_markdown(&format!("---\n{text}\n---\n{text}"));
        }
    }
}
