//! What the command line says about copies of the data: making, reading and restoring them.

use super::Tongue;

/// Expected: public keys.
#[must_use]
pub fn expected_keys(tongue: Tongue) -> String {
    tongue.pick(
        "age-keygen で作った公開鍵（age1 で始まる）か、SSHの公開鍵のならび".to_owned(),
        "a list of public keys: of age-keygen (age1...) or of SSH (ssh-ed25519 ...)".to_owned(),
    )
}

/// Expected: a program.
#[must_use]
pub fn expected_program(tongue: Tongue) -> String {
    tongue.pick(
        "プログラムの場所（/ で始まる）と、その引数のならび".to_owned(),
        "a list of the full path of a program and its arguments".to_owned(),
    )
}

/// What is carried away must be encrypted.
#[must_use]
pub fn upload_in_clear(tongue: Tongue) -> String {
    tongue.pick(
        "backup.upload で外に送る控えは、暗号にします。backup.recipients に公開鍵を書いてください。".to_owned(),
        "what backup.upload carries away must be encrypted; set backup.recipients to public keys".to_owned(),
    )
}

/// Copies are switched off.
#[must_use]
pub fn switched_off(tongue: Tongue) -> String {
    tongue.pick(
        "控えは作りません（backup.folder が空です）。場所を書いてください。".to_owned(),
        "copies are switched off (backup.folder is empty); name a folder".to_owned(),
    )
}

/// A copy was made.
#[must_use]
pub fn made(path: &str, bytes: u64, people: u64, sealed: bool, tongue: Tongue) -> String {
    let (ja, en) = match sealed {
        true => (
            "暗号です。鍵で開けて、読めることも確かめました。",
            "encrypted, opened again and read whole",
        ),
        false => ("暗号ではありません。読めることも確かめました。", "not encrypted; read whole"),
    };
    tongue.pick(
        format!("控えを作りました：{path}（{bytes} バイト、{people} 人）。{ja}"),
        format!("copied to {path}: {bytes} bytes, {people} people; {en}"),
    )
}

/// The copy was made, and not carried away.
#[must_use]
pub fn not_carried(cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("控えはできましたが、backup.upload で送れませんでした（{cause}）。プログラムと送り先を確かめてください。"),
        format!("the copy is made, but backup.upload failed: {cause}; check the program and where it sends to"),
    )
}

/// No copy could be made.
#[must_use]
pub fn failed(cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("控えを作れませんでした（{cause}）。ディスクの空きと backup の設定を確かめてください。"),
        format!("no copy could be made: {cause}; check the space on the disk and the settings under [backup]"),
    )
}

/// A file of the copy, or its folder.
#[must_use]
pub fn file(path: &str, cause: &str, tongue: Tongue) -> String {
    tongue.pick(format!("{path}：{cause}"), format!("{path}: {cause}"))
}

/// A program is missing.
#[must_use]
pub fn no_program(name: &str, tongue: Tongue) -> String {
    tongue
        .pick(format!("{name} というプログラムがありません"), format!("there is no program {name}"))
}

/// Something else is in the copy than in the data.
#[must_use]
pub fn differs(tongue: Tongue) -> String {
    tongue.pick(
        "作った控えが、元のデータと同じになりません".to_owned(),
        "the copy holds something else than the data file".to_owned(),
    )
}

/// Nothing could begin with the copy.
#[must_use]
pub fn unrestorable(tongue: Tongue) -> String {
    tongue.pick("作った控えから、もどせません".to_owned(), "the copy cannot be restored".to_owned())
}

/// Everything could not be written out.
#[must_use]
pub fn not_exported(cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("書き出せませんでした（{cause}）。ディスクの空きを確かめてください。"),
        format!("nothing was written out: {cause}; check the space on the disk"),
    )
}

/// The server is working on another copy.
#[must_use]
pub fn busy(tongue: Tongue) -> String {
    tongue.pick(
        "いま、別の控えを作っています。終わってから、もう一度してください。".to_owned(),
        "another copy is being made; try again when it is done".to_owned(),
    )
}

/// A file was read whole.
#[must_use]
pub fn sound(
    path: &str,
    schema: u32,
    records: u64,
    people: u64,
    at: &str,
    tongue: Tongue,
) -> String {
    tongue.pick(
        format!("{path} は使えます。{at} のようすです（{people} 人、記録 {records} 件、形式 {schema}）。"),
        format!("{path} is sound: as of {at}, {people} people, {records} records, schema {schema}"),
    )
}

/// Nothing in the file says when it was.
#[must_use]
pub fn no_moment(tongue: Tongue) -> String {
    tongue.pick("まだ動いたことのないとき".to_owned(), "before the first start".to_owned())
}

/// The copy is encrypted, and no key was named.
#[must_use]
pub fn needs_identity(path: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("{path} は暗号です。--identity で、秘密の鍵のファイルを教えてください。"),
        format!("{path} is encrypted; name the file with the secret key by --identity"),
    )
}

/// A key was named, and the file is not encrypted.
#[must_use]
pub fn needs_no_identity(path: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("{path} は暗号ではありません。--identity をつけずに、もう一度してください。"),
        format!("{path} is not encrypted; leave --identity out"),
    )
}

/// The copy could not be opened.
#[must_use]
pub fn unopened(path: &str, cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("{path} を開けませんでした（{cause}）。鍵のファイルを確かめてください。"),
        format!("cannot open {path}: {cause}; check the file with the secret key"),
    )
}

/// The program that encrypts is missing.
#[must_use]
pub fn no_age(tongue: Tongue) -> String {
    tongue.pick(
        "age というプログラムがありません。apt install age で入れてください".to_owned(),
        "the program age is missing; install it with apt install age".to_owned(),
    )
}

/// The data was put back.
#[must_use]
pub fn restored(at: &str, aside: Option<&str>, tongue: Tongue) -> String {
    let (ja, en) = match aside {
        Some(aside) => (
            format!("今までのデータは {aside} に残しました。"),
            format!(" The data until now is kept as {aside}."),
        ),
        None => (String::new(), String::new()),
    };
    tongue.pick(
        format!("{at} のようすに、もどしました。{ja}サービスを始めると、全員にもう一度聞きます。"),
        format!(
            "The data is as of {at} again.{en} Once the service runs, everyone is asked afresh."
        ),
    )
}

/// So many who were forgotten after the copy was made were forgotten in it again.
#[must_use]
pub fn forgotten_again(count: usize, tongue: Tongue) -> String {
    tongue.pick(
        format!("写しのあとで削除されていた方が {count} 人もどっていたので、もう一度削除しました。この方たちには聞きません。"),
        format!("{count} of those in it had been erased after it was made, and were erased again; nobody of them will be asked."),
    )
}

/// There is no list of whoever was forgotten.
#[must_use]
pub fn no_list(path: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("注意：削除の一覧が見つかりません。写しのあとで削除した方が、もどっているかもしれません。一覧があるときは、サービスを始める前に {path} に置いて、もう一度もどしてください。ないときは、印刷した削除の記録を見て、「開示と削除」のページでもう一度削除してください。"),
        format!("note: no list of erased people was found, so whoever was erased after this was written may be back. If you have the list, put it at {path} and restore again before the service starts; if not, erase them again at /staff/erasures, by the printed receipts."),
    )
}

/// A line of the list says nothing.
#[must_use]
pub fn bad_line(path: &str, line: usize, foreign: bool, tongue: Tongue) -> String {
    let (why, reason) = if foreign {
        ("このデータの行ではないか、書きかえられています", "is of other data, or was changed")
    } else {
        ("途中で切れているか、一覧の行ではありません", "is torn, or no line of such a list")
    };
    tongue.pick(
        format!("注意：{path} の {line} 行目は使えません（{why}）。ほかの行は使いました。印刷した削除の記録とくらべて、もどっている方がいたら、「開示と削除」のページでもう一度削除してください。"),
        format!("note: line {line} of {path} {reason}; the others were used. Compare with the printed receipts, and erase whoever is back at /staff/erasures."),
    )
}

/// So many more lines say nothing.
#[must_use]
pub fn more_lines(path: &str, count: usize, tongue: Tongue) -> String {
    tongue.pick(
        format!("注意：{path} には、使えない行がほかに {count} 行あります。"),
        format!("note: {count} more lines of {path} cannot be used either."),
    )
}

/// The list cannot be read.
#[must_use]
pub fn unread_list(path: &str, fault: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("注意：削除の一覧 {path} が読めません（{fault}）。読めるようにして、サービスを始める前に、もう一度もどしてください。"),
        format!("note: the list of erased people {path} cannot be read: {fault}. Make it readable and restore again before the service starts."),
    )
}

/// The service runs, and holds the data file.
#[must_use]
pub fn still_runs(tongue: Tongue) -> String {
    tongue.pick(
        "サービスが動いています。systemctl stop anshin.socket anshin で止めてから、もどしてください。".to_owned(),
        "the service is running; stop it first (systemctl stop anshin.socket anshin)".to_owned(),
    )
}

/// A file could not be moved or written.
#[must_use]
pub fn unwritten(path: &str, cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("{path} に書けません（{cause}）。場所と権限とディスクの空きを確かめてください。"),
        format!("cannot write {path}: {cause}; check place, permissions and space"),
    )
}

/// Everything was written out.
#[must_use]
pub fn exported(path: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("{path} に書き出しました。中に個人の情報と秘密があります。データと同じように守ってください。"),
        format!("written to {path}; it holds personal data and secrets, so guard it like the data file"),
    )
}

/// Everything about one person was written out.
#[must_use]
pub fn exported_person(path: &str, person: u32, tongue: Tongue) -> String {
    tongue.pick(
        format!("会員{person}番について記録していることを、{path} に書き出しました。ご本人のほかには、見せないでください。"),
        format!("everything kept about person {person} was written to {path}; show it to nobody else"),
    )
}

/// What cannot be written down is not done.
#[must_use]
pub fn not_noted(cause: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("操作記録に書けないので、書き出しませんでした（{cause}）。"),
        format!("nothing was written out, because it could not be written into the log: {cause}"),
    )
}

/// Nobody has the number.
#[must_use]
pub fn no_person(person: u32, tongue: Tongue) -> String {
    tongue.pick(format!("会員{person}番の方は、いません。"), format!("there is no person {person}"))
}

/// Everything was read in.
#[must_use]
pub fn imported(records: u64, tongue: Tongue) -> String {
    tongue.pick(
        format!("{records} 件を読みこみました。サービスを始めると、全員にもう一度聞きます。"),
        format!("{records} records were read in. Once the service runs, everyone is asked afresh."),
    )
}

/// An import begins on nothing.
#[must_use]
pub fn import_over(path: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("{path} はもうあります。読みこみは、データがまだないところにします。別の store.path にしてください。"),
        format!("{path} is there already; an import begins on nothing, so name another store.path"),
    )
}

/// What is read in does not begin as it should.
#[must_use]
pub fn import_head(path: &str, tongue: Tongue) -> String {
    tongue.pick(
        format!("{path} は、この版の anshin export で書き出したものではありません。"),
        format!("{path} was not written by `anshin export` of this version"),
    )
}

/// A line cannot be understood.
#[must_use]
pub fn import_line(path: &str, line: usize, tongue: Tongue) -> String {
    tongue.pick(
        format!("{path} の {line} 行目がわかりません。何も読みこみませんでした。"),
        format!("{path} line {line} cannot be understood; nothing was read in"),
    )
}
