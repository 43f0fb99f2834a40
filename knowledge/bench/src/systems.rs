//! What is compared: our search, tantivy, and encoders with nothing around them.

use std::collections::HashMap;

use firstline_encoder::Encoder;
use firstline_knowledge::{Article, Audience, Library, MatchSettings, Question, evaluation::EvalQuery};
use tantivy::{
    Index, IndexReader, TantivyDocument, Term,
    collector::TopDocs,
    query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery},
    schema::{Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value as _},
    tokenizer::{Language as StemmerLanguage, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer},
};

use crate::{Error, data::Data};

/// Articles that are ranked for each question.
const RANKED: usize = 20;

/// What was found.
pub(crate) struct Found {
    /// Ids, best first, each once.
    pub(crate) ranked: Vec<String>,
    /// How sure it is that there is an answer at all, in whatever unit: only the order counts.
    pub(crate) confidence: f64,
}

/// Something that ranks articles.
pub(crate) trait System {
    fn ask(&self, question: &EvalQuery) -> Result<Found, Error>;
}

/// Our search as the desk asks it.
pub(crate) struct Ours(Library);

impl Ours {
    pub(crate) fn build(data: &Data) -> Self {
        Self(Library::build(data.articles.clone(), &MatchSettings::default()))
    }
}

impl System for Ours {
    fn ask(&self, question: &EvalQuery) -> Result<Found, Error> {
        let asked = Question { text: &question.text, language: None, audience: Audience::Everyone, not: &[] };
        let verdict = self.0.ask_listing(&asked, RANKED);
        let ranked = verdict.candidates.into_iter().map(|candidate| candidate.id.to_string()).collect();
        Ok(Found { ranked, confidence: verdict.covered })
    }
}

/// Tantivy's BM25 with a stemmer for the language, the title counting twice: what its documentation leads to.
pub(crate) struct Tantivy {
    index: Index,
    reader: IndexReader,
    id: Field,
    /// By language: title with phrasings, and body.
    fields: [[Field; 2]; 2],
}

/// What titles and phrasings count for more than bodies.
const TITLE: f32 = 2.0;
/// Bytes that tantivy may use before it writes a segment.
const BUFFER: usize = 100_000_000;

impl Tantivy {
    pub(crate) fn build(data: &Data) -> Result<Self, Error> {
        let mut schema = Schema::builder();
        let id = schema.add_text_field("id", STRING | STORED);
        let mut field = |name: &str, tokenizer: &str| {
            let indexing =
                TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(IndexRecordOption::WithFreqs);
            schema.add_text_field(name, TextOptions::default().set_indexing_options(indexing))
        };
        let fields =
            [[field("title_en", "en"), field("body_en", "en")], [field("title_de", "de"), field("body_de", "de")]];
        let index = Index::create_in_ram(schema.build());
        for (name, language) in [("en", StemmerLanguage::English), ("de", StemmerLanguage::German)] {
            let analyzer = TextAnalyzer::builder(SimpleTokenizer::default())
                .filter(RemoveLongFilter::limit(40))
                .filter(LowerCaser)
                .filter(Stemmer::new(language))
                .build();
            index.tokenizers().register(name, analyzer);
        }
        let mut writer = index.writer_with_num_threads(1, BUFFER)?;
        for article in &data.articles {
            let [title, body] = fields[article.language as usize];
            let mut document = TantivyDocument::default();
            document.add_text(id, article.id.as_str());
            for line in article.phrasings.iter().chain([&article.title]) {
                document.add_text(title, line);
            }
            for part in article.steps.iter().chain([&article.body]) {
                document.add_text(body, part);
            }
            writer.add_document(document)?;
        }
        writer.commit()?;
        let reader = index.reader()?;
        Ok(Self { index, reader, id, fields })
    }

    fn query(&self, text: &str) -> Result<BooleanQuery, Error> {
        let mut terms: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for (name, [title, body]) in ["en", "de"].into_iter().zip(self.fields) {
            let mut analyzer = self.index.tokenizers().get(name).ok_or("the tokenizer is registered")?;
            let mut stream = analyzer.token_stream(text);
            while let Some(token) = stream.next() {
                for (field, boost) in [(title, TITLE), (body, 1.0)] {
                    let term = TermQuery::new(Term::from_field_text(field, &token.text), IndexRecordOption::WithFreqs);
                    terms.push((Occur::Should, Box::new(BoostQuery::new(Box::new(term), boost))));
                }
            }
        }
        Ok(BooleanQuery::new(terms))
    }
}

impl System for Tantivy {
    fn ask(&self, question: &EvalQuery) -> Result<Found, Error> {
        let searcher = self.reader.searcher();
        let found = searcher.search(&self.query(&question.text)?, &TopDocs::with_limit(2 * RANKED).order_by_score())?;
        let confidence = found.first().map_or(0.0, |(score, _)| f64::from(*score));
        let mut ranked: Vec<String> = Vec::new();
        for (_, address) in found {
            let document: TantivyDocument = searcher.doc(address)?;
            let id = document.get_first(self.id).and_then(|value| value.as_str()).unwrap_or_default();
            if !ranked.iter().any(|known| known == id) {
                ranked.push(id.to_owned());
            }
        }
        Ok(Found { ranked, confidence })
    }
}

/// An encoder alone: the article whose title, phrasing or beginning is nearest.
pub(crate) struct Encoded {
    encoder: &'static Encoder,
    dimensions: usize,
    vectors: Vec<f32>,
    /// By vector: the place of its article's id in `ids`.
    of: Vec<usize>,
    ids: Vec<String>,
}

/// Bytes of a title with the beginning of the body.
const BEGINNING: usize = 400;

impl Encoded {
    pub(crate) fn build(data: &Data, encoder: &'static Encoder) -> Self {
        let mut ids: Vec<String> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        let (mut vectors, mut of) = (Vec::new(), Vec::new());
        for article in &data.articles {
            let place = *places.entry(article.id.to_string()).or_insert_with(|| {
                ids.push(article.id.to_string());
                ids.len() - 1
            });
            for text in article.phrasings.iter().chain([&article.title, &beginning(article)]) {
                vectors.extend(encoder.encode(text));
                of.push(place);
            }
        }
        Self { encoder, dimensions: encoder.dimensions(), vectors, of, ids }
    }
}

fn beginning(article: &Article) -> String {
    let mut text = format!("{}. {}", article.title, article.body);
    text.truncate(text.floor_char_boundary(BEGINNING));
    text
}

impl System for Encoded {
    fn ask(&self, question: &EvalQuery) -> Result<Found, Error> {
        let asked = self.encoder.encode(&question.text);
        let mut best = vec![f32::MIN; self.ids.len()];
        for (vector, &place) in self.vectors.chunks_exact(self.dimensions).zip(&self.of) {
            let cosine: f32 = vector.iter().zip(&asked).map(|(left, right)| left * right).sum();
            best[place] = best[place].max(cosine);
        }
        let mut order: Vec<usize> = (0..best.len()).collect();
        order.sort_by(|&left, &right| best[right].total_cmp(&best[left]));
        order.truncate(RANKED);
        let confidence = order.first().map_or(0.0, |&first| f64::from(best[first]));
        Ok(Found { ranked: order.into_iter().map(|place| self.ids[place].clone()).collect(), confidence })
    }
}
