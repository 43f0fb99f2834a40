//! The first answer to an interaction, for which Discord waits three seconds: there is time for a second try, and no more.

use std::time::Duration;

use reqwest::Method;
use serde::Serialize;
use tokio::time::{Instant, sleep};

use super::{Failure, Rest, Route};

/// Discord has the answer already, of an attempt whose result nobody saw.
const ACKNOWLEDGED: i64 = 40060;

/// So long one try may take.
const A_TRY: Duration = Duration::from_millis(1_200);

/// Later than this a second try does not begin: it would come too late.
const LATEST: Duration = Duration::from_secs(2);

/// How long to wait where nothing was reached, or Discord does not say how long.
const PAUSE: Duration = Duration::from_millis(200);

impl Rest {
    /// Answers an interaction for the first time.
    pub(crate) async fn acknowledge(
        &self,
        interaction: u64,
        token: &str,
        answer: &impl Serialize,
    ) -> Result<(), Failure> {
        let began = Instant::now();
        let route = Route::InteractionCallback(interaction, token);
        let once = async || {
            let request = self.request(Method::POST, route).timeout(A_TRY).json(answer);
            match self.send(Method::POST, route, request).await {
                Ok(_) | Err(Failure::Refused { code: ACKNOWLEDGED, .. }) => Ok(()),
                Err(failure) => Err(failure),
            }
        };
        let Err(failure) = once().await else { return Ok(()) };
        let pause = match &failure {
            Failure::Unclear(_) => Duration::ZERO,
            Failure::NotReached(_) => PAUSE,
            Failure::Throttled(wait) => wait.unwrap_or(PAUSE),
            Failure::Token | Failure::Refused { .. } | Failure::Undecided(_) => return Err(failure),
        };
        if began.elapsed().saturating_add(pause) > LATEST {
            return Err(failure);
        }
        sleep(pause).await;
        once().await
    }
}
