//! One conversation: where it stands, what it reacts to, and what it wants done.
//!
//! The heart is [`step`]: a pure function of the state, an event, the facts and the time. It asks nobody, changes nothing
//! and cannot fail; the desk commits what it returns.

mod effect;
mod event;
mod facts;
mod policy;
mod prompt;
mod refusal;
mod search;
mod state;
mod step;

pub use effect::{Effect, TicketChange};
pub use event::{AgentRef, Event, StaffAction};
pub use facts::{Facts, LookedUp, OtherTicket};
pub use policy::Policy;
pub use prompt::choice_token;
pub use refusal::Refusal;
pub use search::{Search, search_for};
pub use state::{ArticleRef, Asked, ChoiceAction, Draft, Field, Phase, Prompt, RatingStage, State};
pub use step::step;
