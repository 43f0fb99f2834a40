//! The shipped models against the original implementations' f32 answers (see `recipe/golden.py`).

#![cfg(all(feature = "bilingual", feature = "minilm", feature = "multilingual"))]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test")]

use firstline_encoder::Encoder;

#[derive(serde::Deserialize)]
struct Case {
    text: String,
}

/// Cosines of the model's answers with the original ones, worst first.
fn cosines(encoder: &Encoder, expected: &[u8]) -> Vec<(f64, String)> {
    let cases: Vec<Case> = serde_json::from_str(include_str!("data/golden.json")).unwrap();
    let expected: Vec<f32> = expected.as_chunks::<4>().0.iter().map(|value| f32::from_le_bytes(*value)).collect();
    let mut cosines: Vec<(f64, String)> = cases
        .into_iter()
        .zip(expected.chunks_exact(encoder.dimensions()))
        .map(|(case, expected)| {
            let answer = encoder.encode(&case.text);
            let product =
                |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
            let cosine =
                product(&answer, expected) / (product(&answer, &answer).sqrt() * product(expected, expected).sqrt());
            (cosine, case.text)
        })
        .collect();
    assert!(cosines.len() > 40);
    cosines.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mean = cosines.iter().map(|(cosine, _)| cosine).sum::<f64>() / f64::from(u32::try_from(cosines.len()).unwrap());
    println!("{}: mean {mean:.6}, worst {:?}", encoder.name(), &cosines[..5]);
    cosines
}

#[test]
fn use_multilingual_answers_like_the_original() {
    let encoder = firstline_encoder::use_multilingual().unwrap();
    let cosines = cosines(encoder, include_bytes!("data/use.f32"));
    // One text is of Turkish, Japanese and Polish names: their pieces are not in the German and English vocabulary.
    assert!(cosines[0].0 >= 0.9 && cosines[0].1.contains("Łódź"));
    assert!(cosines[1].0 >= 0.999);
}

#[test]
fn minilm_answers_like_the_original() {
    let encoder = firstline_encoder::minilm().unwrap();
    assert!(cosines(encoder, include_bytes!("data/minilm.f32"))[0].0 >= 0.995);
}

/// Against the trained weights before rounding; pieces of other scripts were left out.
#[test]
fn the_bilingual_model_answers_as_it_was_trained_to() {
    let encoder = firstline_encoder::bilingual().unwrap();
    let cosines = cosines(encoder, include_bytes!("data/bilingual.f32"));
    assert!(cosines.iter().filter(|(cosine, _)| *cosine < 0.99).count() <= 5, "{:?}", &cosines[..6]);
}

#[test]
fn umlauts_may_be_spelt_out() {
    let encoder = firstline_encoder::bilingual().unwrap();
    assert_eq!(encoder.encode("Drücken für Größe"), encoder.encode("druecken fuer groesse"));
    assert_eq!(encoder.encode("u\u{308}ben"), encoder.encode("ÜBEN"));
}

#[test]
fn a_question_means_the_same_in_both_languages() {
    let encoder = firstline_encoder::bilingual().unwrap();
    let cosine = |left: &str, right: &str| -> f32 {
        encoder.encode(left).iter().zip(encoder.encode(right)).map(|(left, right)| left * right).sum()
    };
    let german = "der drucker druckt nicht";
    assert!(cosine(german, "the printer does not print") > 0.6);
    assert!(cosine(german, "the printer does not print") > 0.2 + cosine(german, "i forgot my password"));
}

#[test]
fn minilm_computes_what_its_rounded_weights_say() {
    let encoder = firstline_encoder::minilm().unwrap();
    assert!(cosines(encoder, include_bytes!("data/minilm_rounded.f32"))[0].0 >= 0.99999);
}

/// With and without the feature `simd`, on every processor: snapshots of vectors can be shared and compared.
#[test]
fn the_bits_are_the_same_everywhere() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("data/golden.json")).unwrap();
    for (encoder, expected) in [
        (firstline_encoder::use_multilingual().unwrap(), 0xc094_cff4_6d40_9855),
        (firstline_encoder::minilm().unwrap(), 0xa989_cec9_f9ad_1aed),
        (firstline_encoder::bilingual().unwrap(), 0x5467_a50b_3d79_e3d5),
    ] {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64; // FNV-1a
        for case in &cases {
            for byte in encoder.encode(&case.text).into_iter().flat_map(f32::to_le_bytes) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        assert_eq!(hash, expected, "{}: {hash:#x}", encoder.name());
    }
}

#[test]
fn damaged_files_are_refused() {
    for path in ["models/bilingual.flenc", "models/minilm-l6.flenc", "models/use-multilingual-de-en.flenc"] {
        let whole = std::fs::read(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        for end in [0, 7, 8, 40, 100, whole.len() / 2, whole.len() - 1] {
            assert!(Encoder::load(std::sync::Arc::<[u8]>::from(&whole[..end])).is_err());
        }
        let mut other = whole.clone();
        let middle = other.len() / 2;
        other[middle] ^= 1;
        assert!(matches!(
            Encoder::load(std::sync::Arc::<[u8]>::from(other)),
            Err(firstline_encoder::ModelError::Checksum)
        ));
    }
}
