//! Words of the pages on which staff work on a case and on what is known about a person.

use jiff::civil::DateTime;

use super::ja::when;
use crate::domain::case::{Outcome, Trouble};
use crate::domain::details::{Fault, Lack, Sex};
use crate::domain::fact::Fact;
use crate::domain::record::{Finding, Means, Party};

/// Words of the page of a case.
pub mod case {
    /// Heading of what is to be done.
    pub const WHO_GOES: &str = "対応する人";
    /// Nobody yet.
    pub const UNCLAIMED: &str = "まだ決まっていません。";
    /// Takes it.
    pub const CLAIM: &str = "事務局で対応します";
    /// Gives it back.
    pub const RELEASE: &str = "対応をやめて、見守る方にもう一度お願いする";
    /// Ambulance or police were called.
    pub const EMERGENCY: &str = "救急・警察に連絡しました";
    /// Heading of the numbers to phone.
    pub const CALLS: &str = "電話の順番";
    /// None is known.
    pub const NO_NUMBER: &str = "電話番号が登録されていません。";
    /// What to do where nobody answers.
    pub const VISIT: &str = "だれにも電話がつながらないときは、訪問してください。いのちに関わるときは、119・110に電話してください。";
    /// Label of the address.
    pub const ADDRESS: &str = "住所";
    /// Label of what to know.
    pub const KNOW: &str = "知っておくこと";
    /// Leads to what is known about the person.
    pub const EDIT: &str = "連絡先を見る・直す";
    /// Heading of the form for what was done.
    pub const RECORD: &str = "対応を記録する";
    /// Label: how.
    pub const MEANS: &str = "手段";
    /// Label: with whom.
    pub const PARTY: &str = "相手";
    /// Label: how it went.
    pub const RESULT: &str = "結果";
    /// Label: in words.
    pub const TEXT: &str = "内容";
    /// Helps with it.
    pub const TEXT_HELP: &str = "あとで読む人にわかるように、短く書いてください。";
    /// Label: what is to be done next.
    pub const NEXT: &str = "次にすること";
    /// A time, and nothing to be done by it.
    pub const NEXT_FAULT: &str = "次にすることも書いてください。";
    /// Label: by when.
    pub const NEXT_AT: &str = "いつまでに";
    /// No result was chosen yet.
    pub const UNCHOSEN: &str = "えらんでください";
    /// It has to be.
    pub const UNCHOSEN_FAULT: &str = "結果をえらんでください。";
    /// Writes it down.
    pub const SAVE: &str = "記録する";
    /// Heading of the form that closes a case.
    pub const CLOSE: &str = "対応を終わりにする";
    /// Above its choices.
    pub const CLOSE_HELP: &str = "わかったことを1つ選んでください。見守る方にも伝わります。";
    /// Names the choices.
    pub const OUTCOME: &str = "わかったこと";
    /// Stands by an outcome that ends the watch.
    pub const ENDS: &str = "見守りも終わります";
    /// Closes it.
    pub const CLOSE_NOW: &str = "終わりにする";
    /// Nothing was chosen.
    pub const CHOOSE: &str = "わかったことを1つ選んでください。";
    /// Asks once more.
    pub const SURE: &str = "見守りを終わりにしますか？";
    /// Why it is asked.
    pub const SURE_WHY: &str = "この方には、もう「げんきですか？」を送りません。まちがいがないか、もう一度たしかめてください。";
    /// Confirms.
    pub const SURE_NOW: &str = "見守りを終わりにする";
    /// Does not.
    pub const BACK: &str = "やめて、もどる";
    /// Heading of what happened.
    pub const STORY: &str = "これまでのこと";
    /// It is over.
    pub const OVER: &str = "この対応は終わりました";
    /// Offers a rest to somebody who is away.
    pub const REST_HINT: &str = "しばらくお返事ができないときは、お休みにしてください。";
    /// Leads back.
    pub const BOARD: &str = "対応ボードへもどる";
    /// Somebody who is no longer known.
    pub const SOMEBODY: &str = "どなたか";
    /// No day that exists.
    pub const BAD_WHEN: &str = "日時が読めませんでした。もう一度選んでください。";
}

/// Words of the page with what is known about a person.
pub mod person {
    /// Heading.
    pub const TITLE: &str = "連絡先";
    /// Above the form.
    pub const HOW: &str = "わかるところだけでかまいません。ここに書いたことは、LINEでは送りません。事務局の職員が見られます。チームの見守る方は、チームで約束したところまで見られます。";
    /// Leads back to their page.
    pub const BACK: &str = "のページへもどる";
    /// Leads to the form that lets somebody rest.
    pub const REST: &str = "お休みにする";
    /// Before how much may be written down.
    pub const POLICY: &str = "記録できること";
    /// Before what somebody declared by joining.
    pub const DECLARED: &str = "参加するときに申し出たこと";
    /// More than the team agreed to.
    pub const TOO_MUCH: &str =
        "この方のチームでは、ここまで記録する約束になっていません。チームの設定を見てください。";
    /// A number instead of a name.
    pub const NUMBER: &str = "管理番号";
    /// Helps with it.
    pub const NUMBER_HELP: &str = "チームと決めた番号です。例：A-12";
    /// When the signed form came.
    pub const FORM_ON: &str = "使用申出書を受け取った日";
    /// Helps with it.
    pub const FORM_ON_HELP: &str = "例：令和8年11月2日、2026-11-02";
    /// Labels of the fields of the person.
    pub const FULL_NAME: &str = "氏名";
    /// How it is read.
    pub const READING: &str = "ふりがな";
    /// Day of birth.
    pub const BORN: &str = "生年月日";
    /// Helps with it.
    pub const BORN_HELP: &str = "例：昭和15年3月2日、S15.3.2、1940-03-02";
    /// Sex.
    pub const SEX: &str = "性別";
    /// Address.
    pub const ADDRESS: &str = "住所";
    /// Telephone at home.
    pub const PHONE: &str = "電話（家）";
    /// The one they carry.
    pub const MOBILE: &str = "電話（携帯）";
    /// Helps with a number.
    pub const PHONE_HELP: &str = "例：03-1234-5678";
    /// Heading of those to call.
    pub const CONTACTS: &str = "近親者・連絡先（電話する順）";
    /// Name of one.
    pub const CONTACT_NAME: &str = "名前";
    /// Their number.
    pub const CONTACT_PHONE: &str = "電話";
    /// What they are to the person.
    pub const RELATION: &str = "続柄・関係";
    /// Helps with it.
    pub const RELATION_HELP: &str = "例：長女、となりの人、民生委員";
    /// What to know before calling.
    pub const CONTACT_NOTE: &str = "電話するときの注意";
    /// Helps with it.
    pub const CONTACT_NOTE_HELP: &str = "例：平日は夜だけ、知らない番号には出ない";
    /// Whether one who is called knows of it.
    pub const CONTACT_TOLD: &str = "この方に、連絡先にしたことを伝えました";
    /// Heading of the landlord.
    pub const LANDLORD_TITLE: &str = "家主・管理会社";
    /// The name.
    pub const LANDLORD: &str = "家主・管理会社の名前";
    /// The number.
    pub const LANDLORD_PHONE: &str = "家主・管理会社の電話";
    /// What whoever goes there has to know.
    pub const NOTE: &str = "訪問するときに知っておくこと";
    /// Helps with it.
    pub const NOTE_HELP: &str = "例：かぎの場所、ペット、耳が遠い";
    /// Saves.
    pub const SAVE: &str = "保存する";
    /// Saved.
    pub const SAVED: &str = "保存しました。";
    /// Somebody else was quicker.
    pub const STALE: &str = "ほかの人が先に変更しました。下に出ているのは、あなたが書いたものです。今の内容を見てから、もう一度保存してください。";
    /// Shows what is there now.
    pub const RELOAD: &str = "今の内容を見る";
    /// Something is wrong.
    pub const CHECK: &str = "直してほしいところがあります。";
    /// Nothing chosen.
    pub const UNCHOSEN: &str = "（えらんでいません）";
    /// Has to be filled in.
    pub const REQUIRED: &str = "※必須";
}

/// The number of one of those to call.
#[must_use]
pub fn contact_title(number: usize) -> String {
    format!("{number}番目に電話する人")
}

/// What the office still has to know.
#[must_use]
pub fn lack(lack: Lack) -> &'static str {
    match lack {
        Lack::FullName => "氏名",
        Lack::Reading => "ふりがな",
        Lack::Address => "住所",
        Lack::Phone => "電話",
        Lack::Contact => "近親者・連絡先",
        Lack::ContactAddress => "近親者・連絡先の住所",
        Lack::ContactTold => "近親者・連絡先の方に伝えること",
    }
}

/// What is wrong with a field.
#[must_use]
pub fn fault(fault: Fault) -> &'static str {
    match fault {
        Fault::TooLong(_) => "長すぎます。短くしてください。",
        Fault::Phone => "電話番号が読めません。数字とハイフンだけにしてください。",
        Fault::Day => "この日付はありません。例：昭和15年3月2日",
        Fault::Nameless => "名前も書いてください。",
        Fault::Numberless => "電話番号も書いてください。",
    }
}

/// As somebody says of themselves.
#[must_use]
pub fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "女性",
        Sex::Male => "男性",
        Sex::Other => "その他",
        Sex::Unsaid => "答えない",
    }
}

/// How.
#[must_use]
pub fn means(means: Means) -> &'static str {
    match means {
        Means::Phone => "電話",
        Means::Visit => "訪問",
        Means::Line => "LINE",
        Means::Mail => "メール",
        Means::CameIn => "来所",
        Means::Office => "他の機関への連絡",
    }
}

/// With whom.
#[must_use]
pub fn party(party: Party) -> &'static str {
    match party {
        Party::Person => "本人",
        Party::Relative => "近親者",
        Party::Manager => "見守る方",
        Party::Commissioner => "民生委員",
        Party::Neighbour => "近所の人",
        Party::Landlord => "家主・管理会社",
        Party::CareCentre => "地域包括支援センター",
        Party::Police => "警察（110）",
        Party::Ambulance => "消防・救急（119）",
        Party::Hospital => "病院",
        Party::Other => "その他",
    }
}

/// How it went.
#[must_use]
pub fn finding(finding: Finding) -> &'static str {
    match finding {
        Finding::Reached => "つながった・会えた",
        Finding::Absent => "出ない・不在",
        Finding::Message => "留守番電話・伝言",
        Finding::CallBack => "折り返しを待つ",
        Finding::WrongNumber => "番号ちがい",
        Finding::Well => "無事",
        Finding::Unwell => "体調がわるい",
        Finding::Brought => "搬送された",
        Finding::InHospital => "入院している",
        Finding::Died => "亡くなっていた",
        Finding::Unknown => "まだわからない",
    }
}

/// What a case turned out to be.
#[must_use]
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Answered => "本人から返事",
        Outcome::Well => "無事",
        Outcome::Forgot => "押し忘れ",
        Outcome::PhoneTrouble => "スマホの不調",
        Outcome::Travel => "旅行・外出",
        Outcome::Hospital => "入院",
        Outcome::Unwell => "転倒・体調不良",
        Outcome::Ambulance => "救急搬送",
        Outcome::Died => "死亡",
        Outcome::HandedOn => "連絡がつかず、引き継いだ",
        Outcome::FalseAlarm => "誤報",
        Outcome::Other => "その他",
        Outcome::Moved => "転出",
        Outcome::CareHome => "施設に入所",
    }
}

/// What happened to a case. `name` says who somebody is.
#[must_use]
pub fn event(fact: Fact, name: impl Fn(crate::domain::case::Actor) -> String) -> Option<String> {
    use crate::domain::case::Actor::Person;
    Some(match fact {
        Fact::CaseOpened(_, _, trouble) => format!("始まり：{}", super::staff::trouble(trouble)),
        Fact::Alerting(_, to) => format!("{}に知らせます", name(Person(to))),
        Fact::Alerted(_, to) => format!("{}に届けました（LINE）", name(Person(to))),
        Fact::AlertedByMail(_, to) => format!("{}に知らせました（メール）", name(Person(to))),
        Fact::AlertWithdrawn(_, to) => format!("{}への知らせを取り消しました", name(Person(to))),
        Fact::NobodyToTell(_) => "知らせる人がいません（通知先なし）".to_owned(),
        Fact::StillSilent(..) => "次の確認にも、お返事がありません".to_owned(),
        Fact::Claimed(_, by) => format!("{}が「対応します」", name(by)),
        Fact::ClaimLapsed(_, by) => {
            format!("{}から結果の知らせがないので、もう一度みんなにお願いしました", name(by))
        }
        Fact::NoContact(_, by) => format!("{}：連絡がつきません", name(Person(by))),
        Fact::EmergencyCalled(_, by) => format!("{}：救急・警察に連絡しました", name(by)),
        Fact::Reminded(_) => "対応する人がいないので、もう一度知らせました".to_owned(),
        Fact::Escalated(_) => "対応する人がいないので、その先に知らせました".to_owned(),
        Fact::OfficeTold(_) => "事務局に知らせました".to_owned(),
        Fact::Nudged(_) => "対応する人に、ようすを聞きました".to_owned(),
        Fact::Digested(_) => "まだ終わっていないことを、みんなに知らせました".to_owned(),
        Fact::DeferredTold(_) => "夜のあいだ待っていた知らせを送りました".to_owned(),
        Fact::AllClear(_, 0) => "お返事がありました".to_owned(),
        Fact::AllClear(_, count) => format!("無事の知らせを{count}人に送りました"),
        Fact::Closed(_, by, result) => format!("{}：終わり（{}）", name(by), outcome(result)),
        _ => return None,
    })
}

/// 「11月22日（日）午前9時」
#[must_use]
pub fn date_time(at: DateTime) -> String {
    when::date_time(at)
}

/// The title of the page of a case.
#[must_use]
pub fn case_title(name: &str, about: Trouble) -> String {
    format!("{name}：{}", super::staff::trouble(about))
}

/// Somebody to call, with what they are to the person.
#[must_use]
pub fn called(name: &str, relation: Option<&str>) -> String {
    match relation {
        Some(relation) => format!("{name}（{relation}）"),
        None => name.to_owned(),
    }
}

/// What is to be done next, and by when.
#[must_use]
pub fn next(what: &str, due_at: Option<DateTime>) -> String {
    match due_at {
        Some(at) => format!("次：{what}（{}まで）", when::date_time(at)),
        None => format!("次：{what}"),
    }
}

/// One of the lines of the person's own, in the list of calls.
pub const OWN_PHONE: &str = "本人（家）";
/// The one they carry.
pub const OWN_MOBILE: &str = "本人（携帯）";
