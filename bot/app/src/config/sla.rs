//! What is promised: `[sla]`. A time for each priority, from low to critical, and when the desk is there ([`hours`]).

use std::time::Duration;

use firstline_engine::{
    sla::{Promise, Sla},
    ticket::Priority,
};

use super::{hours, raw, settings::Checks, values};

pub(super) fn sla(raw: raw::Sla, checks: &mut Checks<'_>) -> Sla {
    let default = Sla::default();
    let promise = |names: raw::Names| promise(&names.into_vec());
    Sla {
        first_response: checks.value("sla.first_response", raw.first_response, default.first_response, promise),
        next_response: checks.value("sla.next_response", raw.next_response, default.next_response, promise),
        resolution: checks.value("sla.resolution", raw.resolution, default.resolution, promise),
        calendar: hours::calendar(raw.hours, raw.time_zone, raw.holidays, checks),
    }
}

fn promise(times: &[String]) -> Result<Promise, String> {
    const INSTEAD: &str = "write four times, for the priorities low, medium, high and critical: [\"8h\", \"4h\", \"1h\", \"15m\"]; \"off\" promises nothing";
    let time = |text: &String| -> Result<Option<Duration>, String> {
        if text == "off" { Ok(None) } else { values::duration(text).map(Some) }
    };
    let times: Vec<Option<Duration>> = match times {
        [all] if all == "off" => vec![None; Priority::ALL.len()],
        times => times.iter().map(time).collect::<Result<_, _>>()?,
    };
    let by_priority = times.try_into().map_err(|_| INSTEAD.to_owned())?;
    Ok(Promise { by_priority })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_for_each_priority() {
        let read = |times: &[&str]| promise(&times.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
        let promised = read(&["8h", "off", "1h", "15m"]).expect("times");
        assert_eq!(promised.of(Priority::Critical), Some(Duration::from_mins(15)));
        assert_eq!(promised.of(Priority::Medium), None);
        assert_eq!(read(&["off"]), Ok(Promise::default()));
        for wrong in [&["1h"][..], &[], &["1h", "2h", "3h", "4h", "5h"], &["1h", "2h", "soon", "4h"]] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }
}
