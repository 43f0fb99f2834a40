//! The landing page.

use firstline_engine::{
    knowledge::{Article, Conclusion, Language},
    people::Platform,
    phrases::Phrases,
};
use maud::{DOCTYPE, Markup, html};

use crate::{answer::Answer, markdown, routes::LONGEST_QUESTION};

/// What the landing page is made from.
pub(crate) struct Landing<'a> {
    pub(crate) phrases: &'a Phrases,
    /// The language of the page; an article keeps its own.
    pub(crate) language: Language,
    pub(crate) desk_name: &'a str,
    /// The chats in which the desk can be reached.
    pub(crate) platforms: &'a [Platform],
    pub(crate) question: Option<&'a str>,
    pub(crate) answer: Option<&'a Answer>,
}

impl Landing<'_> {
    pub(crate) fn render(&self) -> Markup {
        let other = self.language.other();
        html! {
            (DOCTYPE)
            html lang=(self.language) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.desk_name) }
                    link rel="stylesheet" href="/style.css";
                }
                body {
                    header {
                        h1 { a href="/" { (self.desk_name) } }
                        a.language href={ "/?language=" (other) } lang=(other) hreflang=(other) {
                            (self.phrases.ui(other, "web-this-language", &[]))
                        }
                    }
                    main {
                        p.lead { (self.say("web-what-this-is")) }
                        (self.search())
                        @if let Some(answer) = self.answer { (self.answer(answer)) }
                        (self.how_to_start())
                    }
                    footer { p { (self.say("web-no-login")) } }
                }
            }
        }
    }

    fn say(&self, key: &str) -> String {
        self.phrases.ui(self.language, key, &[])
    }

    fn search(&self) -> Markup {
        html! {
            form.search role="search" action="/" method="get" {
                label for="q" { (self.say("web-ask-label")) }
                div {
                    input #q type="search" name="q" maxlength=(LONGEST_QUESTION) required autocomplete="off"
                        placeholder=(self.say("web-ask-example")) value=[self.question];
                    input type="hidden" name="language" value=(self.language);
                    button type="submit" { (self.say("web-ask-button")) }
                }
            }
        }
    }

    fn answer(&self, answer: &Answer) -> Markup {
        html! {
            section.answer aria-live="polite" {
                @match (answer.verdict.conclusion, answer.articles.as_slice()) {
                    (Conclusion::Answer, [article, ..]) => {
                        p.verdict { (self.say("web-answer")) }
                        article lang=(article.language) {
                            h2 { (article.title) }
                            (body(article))
                        }
                        p { (self.say("web-answer-no-help")) }
                    }
                    (Conclusion::Ambiguous, [_, ..]) => {
                        p.verdict { (self.say("web-several")) }
                        @for article in &answer.articles {
                            details lang=(article.language) {
                                summary { (article.title) }
                                (body(article))
                            }
                        }
                        p { (self.say("web-answer-no-help")) }
                    }
                    _ => {
                        p.verdict { (self.say("web-unknown")) }
                        p { (self.say("web-unknown-next")) }
                    }
                }
            }
        }
    }

    fn how_to_start(&self) -> Markup {
        let chats: Vec<&str> = self.platforms.iter().filter_map(|platform| chat(*platform)).collect();
        html! {
            section {
                h2 { (self.say("web-start") ) }
                ul {
                    @if chats.is_empty() {
                        li { (self.say("web-start-no-chats")) }
                    } @else {
                        li { (self.phrases.ui(self.language, "web-start-chats", &[("chats", &chats.join(", "))])) }
                    }
                    li {
                        (self.say("web-start-terminal"))
                        pre { code { "firstline chat" } }
                    }
                    li {
                        (self.say("web-start-agent"))
                        pre { code { "firstline chat --agent NAME" } }
                    }
                }
            }
        }
    }
}

/// The chats that people know by name.
const fn chat(platform: Platform) -> Option<&'static str> {
    match platform {
        Platform::Discord => Some("Discord"),
        Platform::Telegram => Some("Telegram"),
        Platform::Terminal | Platform::Web => None,
    }
}

/// An article without its title.
fn body(article: &Article) -> Markup {
    html! {
        (markdown::render(&article.body))
        @if !article.steps.is_empty() {
            ol { @for step in &article.steps { li { (markdown::render(step)) } } }
        }
    }
}

#[cfg(test)]
mod tests;
