//! Single values: from the text that was written to a type that can only hold what is allowed. Every error says what to
//! write instead.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use firstline_knowledge::Language;
use url::{Host, Url};

pub(super) fn duration(text: &str) -> Result<Duration, String> {
    const INSTEAD: &str = "write a number with a unit, for instance \"90s\", \"15m\", \"72h\" or \"3d\"";
    /// Nobody waits longer than this for anything, and it keeps sums of times far from their limits.
    const LONGEST: Duration = Duration::from_hours(10 * 366 * 24);
    match humantime::parse_duration(text.trim()) {
        Ok(Duration::ZERO) => Err(format!("a time of zero is no time: {INSTEAD}")),
        Ok(span) if span > LONGEST => Err("that is more than ten years: write a shorter time".to_owned()),
        Ok(span) => Ok(span),
        Err(_) => Err(format!("{text:?} is no length of time: {INSTEAD}")),
    }
}

/// A language that we speak.
pub(super) fn language(code: &str) -> Result<Language, String> {
    code.trim().parse().map_err(|_| "write \"en\" for English or \"de\" for German".to_owned())
}

/// Where the web page listens; `None` when it is turned off.
pub(super) fn listen(text: &str) -> Result<Option<SocketAddr>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let numeric = text.strip_prefix("localhost:").map_or_else(|| text.to_owned(), |port| format!("127.0.0.1:{port}"));
    numeric.parse().map(Some).map_err(|_| {
        format!("{text:?} is no address to listen on: write an IP address and a port, for instance \"127.0.0.1:8080\", or \"\" to turn it off")
    })
}

/// The address of a platform's interface. Without encryption only on this machine: the token goes with every request.
pub(super) fn endpoint(text: &str, encrypted: &str, plain: &str) -> Result<Url, String> {
    let url = Url::parse(text.trim()).map_err(|error| format!("this is no URL ({error}): write {encrypted}://..."))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "a name and a password do not belong here: the token goes into \"token\" or \"token_file\"".to_owned()
        );
    }
    let local = match url.host() {
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => return Err(format!("the host is missing: write {encrypted}://...")),
    };
    match url.scheme() {
        scheme if scheme == encrypted => Ok(url),
        scheme if scheme == plain && local => Ok(url),
        scheme if scheme == plain => Err(format!("{plain} would send the token unencrypted: write {encrypted}://...")),
        scheme => Err(format!("{scheme:?} is not understood here: write {encrypted}://...")),
    }
}

/// A word or a short line that people read.
pub(super) fn label(text: &str, longest: usize) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("it cannot be blank".to_owned());
    }
    if text.chars().any(char::is_control) {
        return Err("it has characters that cannot be shown".to_owned());
    }
    if text.chars().count() > longest {
        return Err(format!("it has more than {longest} characters: shorten it"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        let check = |text: &str, seconds: u64| assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text:?}");
        check("90s", 90);
        check("15m", 900);
        check(" 72h ", 259_200);
        check("3d", 259_200);
        check("1h 30m", 5_400);
        for wrong in ["", "15", "0s", "soon", "-5m", "99999999999999999999d", "20y"] {
            assert!(duration(wrong).is_err(), "{wrong:?}");
        }
        assert!(duration("15").is_err_and(|error| error.contains("\"15m\"")));
    }

    #[test]
    fn addresses_to_listen_on() {
        assert_eq!(listen(""), Ok(None));
        assert_eq!(listen("localhost:0"), listen("127.0.0.1:0"));
        assert!(listen("[::1]:8080").is_ok_and(|address| address.is_some()));
        for wrong in ["8080", "127.0.0.1", "example.org:80", "127.0.0.1:99999"] {
            assert!(listen(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_token_is_never_sent_in_the_clear_to_another_machine() {
        let good = |text: &str| assert!(endpoint(text, "https", "http").is_ok(), "{text:?}");
        let bad = |text: &str| assert!(endpoint(text, "https", "http").is_err(), "{text:?}");
        good("https://api.telegram.org");
        good("http://127.0.0.1:4711/");
        good("http://localhost:4711");
        good("http://[::1]:4711");
        bad("http://api.telegram.org");
        bad("http://127.0.0.1.example.org");
        bad("http://localhost.example.org");
        bad("http://10.0.0.1");
        bad("https://user:secret@api.telegram.org");
        bad("ftp://api.telegram.org");
        bad("api.telegram.org");
        bad("");
    }
}
