//! Requests in parts (RFC 7578), as they come with files.

use super::super::{api::Given, world::File};

/// The line between the parts, from the content type.
pub(super) fn boundary(kind: &str) -> Option<String> {
    let rest = kind.strip_prefix("multipart/form-data")?;
    let boundary = rest.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?;
    Some(boundary.trim_matches('"').to_owned())
}

/// Reads the parts: those with a file name are files, the others parameters. `None` when it is not what it says to be.
pub(super) fn read(body: &[u8], boundary: &str, given: &mut Given) -> Option<()> {
    let line = format!("--{boundary}").into_bytes();
    let between = [b"\r\n", line.as_slice()].concat();
    let mut rest = body.get(find(body, &line)? + line.len()..)?;
    loop {
        if rest.starts_with(b"--") {
            return Some(());
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let end = find(rest, &between)?;
        read_part(&rest[..end], given)?;
        rest = &rest[end + between.len()..];
    }
}

fn read_part(part: &[u8], given: &mut Given) -> Option<()> {
    let end = find(part, b"\r\n\r\n")?;
    let (head, content) = (String::from_utf8_lossy(&part[..end]).into_owned(), &part[end + 4..]);
    let header = |wanted: &str| {
        let lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
        lines.filter(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim().to_owned()).next()
    };
    let disposition = header("content-disposition")?;
    let name = parameter(&disposition, "name")?;
    match parameter(&disposition, "filename") {
        Some(file) => {
            let file = File::new(&file, header("content-type").as_deref(), content.to_vec());
            given.uploads.insert(name, file);
        }
        None => {
            given.fields.insert(name, String::from_utf8_lossy(content).into_owned().into());
        }
    }
    Some(())
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
        let mut given = Given::default();
        read(body.as_bytes(), &boundary(kind).expect("a boundary"), &mut given).expect("parts");
        assert_eq!(given.number("chat_id"), Some(7));
        let file = &given.uploads["f"];
        assert_eq!((file.name.as_str(), file.bytes.as_slice()), ("a.pdf", b"%PDF\r\n-".as_slice()));
        assert_eq!(file.media_type.as_deref(), Some("application/pdf"));
        assert!(read(b"--XyZ\r\nnothing", "XyZ", &mut given).is_none());
    }
}
