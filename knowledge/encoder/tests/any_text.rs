//! Whatever is typed: a finite vector of length 1 (or zero where nothing remains), in bounded time, the same each time.

#![cfg(all(feature = "bilingual", feature = "minilm", feature = "multilingual"))]

use std::time::{Duration, Instant};

use firstline_encoder::Encoder;
use proptest::prelude::*;

fn encoders() -> [&'static Encoder; 3] {
    let encoders = [firstline_encoder::use_multilingual(), firstline_encoder::minilm(), firstline_encoder::bilingual()];
    encoders.map(Option::unwrap)
}

fn check(text: &str) {
    for encoder in encoders() {
        let vector = encoder.encode(text);
        assert_eq!(vector.len(), encoder.dimensions());
        let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
        assert!(length == 0.0 || (length - 1.0).abs() < 1e-4, "length {length} of {text:?}");
        assert_eq!(vector, encoder.encode(text));
    }
}

#[test]
fn nothing_gives_zero() {
    for text in ["", " ", "\n\t\r", "\u{200b}", "\u{fffd}"] {
        check(text);
        assert!(encoders().iter().all(|encoder| encoder.encode(text).iter().all(|value| *value == 0.0)), "{text:?}");
    }
}

#[test]
fn odd_texts() {
    // Blanks of SentencePiece's own and null are nothing to one of the models and unknown to the other.
    check("▁▁▁");
    check("\0");
    for text in [
        "🙂", "[SEP]", "<s></s><unk>", "Привет, как дела?", "日本語のテキスト", "안녕하세요", "שלום", "ก็",
        "\u{10ffff}", "ｱｶﾞ", "\u{fdfa}", "a\u{300}\u{301}", "\u{feff}bom", "-", "\u{1f468}\u{200d}\u{1f4bb}",
    ] {
        check(text);
        assert!(encoders()[0].encode(text).iter().any(|value| *value != 0.0), "{text:?}");
    }
}

#[test]
fn long_texts_take_bounded_time() {
    let million = 1 << 20;
    for part in ["a", "a ", "\u{301}", "ﷺ", " ", "Der Drucker druckt nicht. ", "🙂", "🙂 ", "\0", "가", "._", "▁"]
    {
        let text = part.repeat(million / part.len());
        let start = Instant::now();
        check(&text);
        // Two answers of each model, in unoptimised builds of a busy machine, too; what is not bounded takes hours.
        assert!(start.elapsed() < Duration::from_mins(1), "{part:?} took {:?}", start.elapsed());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_mixture_of_words_and_oddities(text in "([a-zäöüß]{1,12}|[A-Z]{1,5}|\\PC{1,3}|[ \t\n.,;!?]){1,40}") {
        check(&text);
    }
}
