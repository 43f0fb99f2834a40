//! The language of a browser.

use axum::http::{HeaderMap, header};
use firstline_engine::knowledge::Language;

/// The first language of `Accept-Language` that we speak, by its weights.
pub(crate) fn preferred(headers: &HeaderMap, default: Language) -> Language {
    let wishes = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // Of equal wishes the first counts, so the order is kept and only a heavier one replaces.
    let mut best: Option<(f32, Language)> = None;
    for wish in wishes.split(',').take(20) {
        let (tag, weight) = wish.split_once(';').map_or((wish, 1.0), |(tag, weight)| (tag, weight_of(weight)));
        let Ok(language) = tag.trim().split('-').next().unwrap_or_default().to_lowercase().parse() else { continue };
        if weight > best.map_or(0.0, |(weight, _)| weight) {
            best = Some((weight, language));
        }
    }
    best.map_or(default, |(_, language)| language)
}

fn weight_of(parameter: &str) -> f32 {
    parameter.trim().strip_prefix("q=").and_then(|number| number.trim().parse().ok()).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn browsers_get_the_language_they_ask_for() {
        let check = |wishes: &'static str, expected| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(wishes));
            assert_eq!(preferred(&headers, Language::En), expected, "{wishes:?}");
        };
        check("de-DE,de;q=0.9,en;q=0.8", Language::De);
        check("en-US,en;q=0.9,de;q=0.8", Language::En);
        check("fr, de;q=0.5, en;q=0.4", Language::De);
        check("en;q=0.1, de;q=0.2", Language::De);
        check("de;q=0", Language::En);
        check("fr", Language::En);
        check(";;;,,q=", Language::En);
        assert_eq!(preferred(&HeaderMap::new(), Language::De), Language::De);
    }
}
