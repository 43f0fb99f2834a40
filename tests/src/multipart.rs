//! Requests in parts (RFC 7578), as they come with files.

/// A part: a file where it has a file name, a parameter otherwise.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) file: Option<String>,
    pub(crate) media_type: Option<String>,
    pub(crate) content: Vec<u8>,
}

/// The line between the parts, from the content type.
pub(crate) fn boundary(kind: &str) -> Option<String> {
    let rest = kind.strip_prefix("multipart/form-data")?;
    let boundary = rest.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?;
    Some(boundary.trim_matches('"').to_owned())
}

/// Reads the parts. `None` when it is not what it says to be.
pub(crate) fn read(body: &[u8], boundary: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let line = format!("--{boundary}").into_bytes();
    let between = [b"\r\n", line.as_slice()].concat();
    let mut rest = body.get(find(body, &line)? + line.len()..)?;
    loop {
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let end = find(rest, &between)?;
        parts.push(read_part(&rest[..end])?);
        rest = &rest[end + between.len()..];
    }
}

fn read_part(part: &[u8]) -> Option<Part> {
    let end = find(part, b"\r\n\r\n")?;
    let (head, content) = (String::from_utf8_lossy(&part[..end]).into_owned(), &part[end + 4..]);
    let header = |wanted: &str| {
        let lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
        lines.filter(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim().to_owned()).next()
    };
    let disposition = header("content-disposition")?;
    Some(Part {
        name: parameter(&disposition, "name")?,
        file: parameter(&disposition, "filename"),
        media_type: header("content-type"),
        content: content.to_vec(),
    })
}

/// A parameter of a header, in quotes or not.
fn parameter(header: &str, wanted: &str) -> Option<String> {
    header.split(';').find_map(|part| {
        let (name, value) = part.trim().split_once('=')?;
        name.eq_ignore_ascii_case(wanted).then(|| value.trim_matches('"').to_owned())
    })
}

fn find(within: &[u8], wanted: &[u8]) -> Option<usize> {
    within.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_become_parameters_and_files() {
        let kind = "multipart/form-data; boundary=\"XyZ\"";
        let body = "--XyZ\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n7\r\n--XyZ\r\n\
                    content-disposition: form-data; name=\"f\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n\
                    %PDF\r\n-\r\n--XyZ--\r\n";
        let parts = read(body.as_bytes(), &boundary(kind).expect("a boundary")).expect("parts");
        let [chat, file] = parts.as_slice() else { panic!("{parts:?}") };
        assert_eq!((chat.name.as_str(), chat.content.as_slice(), &chat.file), ("chat_id", b"7".as_slice(), &None));
        assert_eq!((file.file.as_deref(), file.content.as_slice()), (Some("a.pdf"), b"%PDF\r\n-".as_slice()));
        assert_eq!(file.media_type.as_deref(), Some("application/pdf"));
        assert!(read(b"--XyZ\r\nnothing", "XyZ").is_none());
    }
}
