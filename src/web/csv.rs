//! Tables as files for a spreadsheet: UTF-8 with a mark that Excel needs, lines that end as it expects, and no cell
//! that it could take for a formula.

use csv::{Error, Terminator, WriterBuilder};

use crate::http::Response;

/// Tells a spreadsheet that the file is UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// With these a spreadsheet takes a cell for a formula, which could send the table elsewhere. Whatever people type as a
/// name may stand in a cell.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A table as a file to save. `name` is that of the file, without its end.
pub(super) fn file(
    name: &str,
    columns: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<Response, Error> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(MARK.to_vec());
    writer.write_record(columns)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell)))?;
    }
    let bytes = writer.into_inner().map_err(|fault| Error::from(fault.into_error()))?;
    let disposition = format!(
        "attachment; filename=\"anshin.csv\"; filename*=UTF-8''{}.csv",
        crate::locale::percent(name)
    );
    let response = Response::bytes("text/csv; charset=utf-8", bytes);
    Ok(response.header("content-disposition", &disposition))
}

/// A cell that is shown as it is.
fn harmless(cell: &str) -> String {
    if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_begins_with_the_mark_ends_lines_as_windows_does_and_has_no_formula_in_it() {
        let rows = [
            vec!["よしこ".to_owned(), "=HYPERLINK(\"https://example.com\")".to_owned()],
            vec!["山田, \"花子\"\nさん".to_owned(), "+81-90".to_owned()],
        ];
        let response = file("利用者-2026-11-29", &["名前", "電話"], rows.into_iter()).unwrap();
        let text = String::from_utf8(response.body().to_vec()).unwrap();
        assert_eq!(
            text,
            "\u{feff}名前,電話\r\nよしこ,\"'=HYPERLINK(\"\"https://example.com\"\")\"\r\n\
             \"山田, \"\"花子\"\"\nさん\",'+81-90\r\n"
        );
        let disposition = response.header_value("content-disposition").unwrap();
        assert!(disposition.starts_with("attachment;") && disposition.contains("%E5%88%A9"));
        assert_eq!(response.header_value("content-type"), Some("text/csv; charset=utf-8"));
    }
}
