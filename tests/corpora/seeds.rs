//! What fuzzing starts from: inputs as people, LINE, browsers and spreadsheets send them, one kind for each target.
//! Written on demand, and then minimized together with what fuzzing finds.

use std::path::Path;

use anshin::domain::id::{CaseId, PersonId};
use anshin::domain::invitation::Mint;
use anshin::domain::press::Press;
use anshin::domain::time::Moment;
use anshin::http::Method;
use anshin::line::postback;
use anshin::locale::words::COMMANDS;
use anshin::platform::{Platform, Settings};
use anshin::routes::{Place, TABLE};

use crate::targets::records;

/// Writes the seeds of a target into a folder.
pub(crate) fn write(target: &str, folder: &Path) {
    std::fs::create_dir_all(folder).expect("a folder for seeds");
    for (number, bytes) in seeds(target).into_iter().enumerate() {
        std::fs::write(folder.join(format!("seed-{number:03}")), bytes).expect("a seed");
    }
}

/// The seeds of a target.
pub(crate) fn seeds(target: &str) -> Vec<Vec<u8>> {
    match target {
        "config" => texts(&CONFIGURATIONS),
        "form" => texts(&FORMS),
        "http" => texts(&CONNECTIONS),
        "pages" => every_page(),
        "people_list" => lists(),
        "postback" => BUTTONS.split_whitespace().map(|words| words.as_bytes().to_vec()).collect(),
        "records" => stored(),
        "typed" => typed(),
        "webhook_decide" => texts(&SCRIPTS),
        "webhook_read" => webhooks(),
        "schedule" => (0..20).map(|seed| noise(seed, 22)).collect(),
        "wheel" => (0..20).map(|seed| noise(seed, 120)).collect(),
        _ => Vec::new(),
    }
}

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// Bytes that look like chance and are the same each time.
fn noise(seed: u64, len: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..len).map(|_| next()).collect()
}

const CONFIGURATIONS: [&str; 6] = [
    include_str!("../../packaging/anshin.toml"),
    "[server]\npublic_url = \"https://a.example\"\n[line]\nchannel_id = \"1\"\nchannel_secret = \"x\"\n",
    "server = { listen = \"[::1]:80\", public_url = \"http://192.0.2.1:8080/\", trusted_proxies = [\"10.0.0.0/8\", \"::1\"] }\n\
     line = { channel_id = '1', channel_secret = '0123456789abcdef0123456789abcdef', api_base = \"http://127.0.0.1:9\" }\n\
     training = { clock_speed = 60 }\n",
    "[server]\npublic_url = \"https://a.example\"\n[line]\nchannel_id = \"1\"\nchannel_secret = \"x\"\n\
     [check]\nresend_after = \"24h\"\nalert_after = \"180m\"\nsign_of_life = \"button\"\n\
     [ladder]\nremind_after = \"3600s\"\nescalate_after = \"7d\"\n[quota]\nalert_reserve_percent = 90\n",
    "[server]\npublic_url = \"https://a.example\"\n[line]\nchannel_id = \"1\"\nchannel_secret = \"x\"\n\
     [mail]\nsmtp_url = \"smtps://user:p%40ss@mail.example:465\"\nfrom = \"anshin@mail.example\"\n\
     [office]\nname = \"みどり\"\nphone = \"0120-000-000\"\nmail = [\"a@mail.example\"]\npayment_url = \"https://pay.example/x\"\n\
     [heartbeat]\nurl = \"https://hc.example/ping\"\nevery = \"5m\"\n",
    "server.listn = \"x\"\n",
];

const FORMS: [&str; 6] = [
    "application/x-www-form-urlencoded\na=%E5%B1%B1+%2B&b=1&b=2&c&a=second",
    "application/x-www-form-urlencoded; charset=UTF-8\nform_token=abc&act=save&seen=0123456789abcdef",
    "multipart/form-data; boundary=xyz\n--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--xyz--\r\n",
    "multipart/form-data; boundary=xyz\n--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n\
     --xyz\r\nContent-Disposition: form-data; name=\"f\"; filename=\"名簿.csv\"\r\nContent-Type: text/csv\r\n\r\n呼び名,電話\r\n--xyz--\r\n",
    "multipart/form-data; boundary=\"x y\"\n--x y--\r\n",
    "text/plain\na=1",
];

const CONNECTIONS: [&str; 10] = [
    "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n",
    "GET /i/K7M42QXY?x=%20 HTTP/1.1\r\nHost: a.example:443\r\nCookie: __Host-anshin=abc; b=c\r\n\r\nHEAD / HTTP/1.1\r\nHost: a.example\r\n\r\n",
    "POST /line/webhook HTTP/1.1\r\nHost: a.example\r\nX-Line-Signature: abc=\r\nContent-Length: 2\r\n\r\n{}GET /x HTTP/1.1\r\nhost: a.example\r\n\r\n",
    "POST /staff/login HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nA: b\r\n\r\n",
    "GET / HTTP/1.0\r\n\r\n",
    "GET http://a.example/p HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n",
    "PUT / HTTP/1.1\r\nHost: b.example\r\nContent-Length: 0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a.example\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
    "\r\nTRACE / HTTP/1.1\r\nHost: a.example\r\n\r\n",
];

const BUTTONS: &str = "bw kw hc ag ah ap ct p pd wn ia u tr pa th hm tu ar pe lv ls st rt ov mp ml mn zo k.p k.o k.f \
    i.7 h.9 li.Asia/Tokyo j.K7M42QXY.m d.K7M42QXY w.1.1795341600000 c.2 l.2 fw.2 nc.2 em.2 r.2.phone mr.2 en.2.died \
    rx.3 in.3.l uw.1.0 wt.1.-1 nm.0 pl.7.t pp.u ps.2026-12-24.h pf.1.30.u sp.1 po.1 lt.3 lx.3 ho.3 la.1 px.1 qu.1 \
    ts.3 tq.3.0 to.3.1 tz.3.1 ti.3 ok.3.1 no.3.1 sd.2 b.9.s gl.4 gj.4 gt.4 gi.4.7 ga.4.7 gh.4.7.9 gw.4.0 gc.4.0 gp.4 \
    gr.4.7 gb.4 go.4 gs.4.1";

/// People who join, are asked, fall silent, are looked for; a group; bodies that LINE would not send.
const SCRIPTS: [&str; 8] = [
    "0f\n0p bw\n0p ag\n0s よしこ\n0s 毎日\n0s 9時\n0w 1000\n0t 0\n0w 1500\n0t 0\n",
    "0f\n0p bw\n0p ag\n0s よしこ\n0s 毎日\n0s 9時\n0s 招待\n0p in.2.g\n1f\n1p kw\n1p ag\n1s けんじ\n1w 3000\n0w 3000\n0t 0\n",
    "0f\n0p bw\n0p ag\n0s よしこ\n0s 1週間\n0s 21時\n0s 助けて\n0t 0\n0p th\n0w 10\n0p hm\n0p pa\n0t 1\n0p pl.7.t\n0w 9000\n0p lv\n0p ls\n",
    "0f\n0p kw\n0p ag\n0s けんじ\n0p k.o\n0s 町会\n0p in.2.l\n1f\n1p bw\n1p ag\n1s うめ\n1p i.1\n1p h.9\n1b\n0w 2000\n1f\n0p ov\n0p ts.2\n",
    "0i\n0g 安心\n0h 0\n0q gl.1\n0q gh.1.1.9\n1q gj.1\n2h 0\n0w 1500\n1h 0\n0w 1500\n2o\n0x\n",
    "0f\n0p bw\n0p ag\n0s よしこ\n0p i.1\n0p h.9\n0l 5\n0w 1440\n0r\n0w 4000\n0k\n0p ml\n0s a@mail.example\n0p zo\n0s トロント\n",
    "0j {\"destination\":\"U0\",\"events\":[{\"type\":\"message\",\"timestamp\":$t,\"webhookEventId\":\"a\",\"source\":{\"type\":\"user\",\"userId\":\"$0\"},\"message\":{\"type\":\"text\",\"text\":\"見守る\"}}]}\n",
    "0j {\"events\":[{\"type\":\"memberJoined\",\"timestamp\":-9223372036854775808,\"webhookEventId\":\"b\",\"source\":{\"type\":\"group\",\"groupId\":\"$g\"},\"joined\":{\"members\":[{\"userId\":\"$1\"}]}},{\"type\":\"follow\",\"timestamp\":9223372036854775807,\"webhookEventId\":\"c\",\"source\":{\"type\":\"user\",\"userId\":\"$2\"}}]}\n2p bw\n2p ag\n",
];

const LIST: &str = "呼び名,氏名,ふりがな,生年月日,性別,電話（家）,電話（携帯）,住所,何日ごと,何時,連絡先1の名前,連絡先1の電話,備考\r\n\
    うめ,架空 うめ,かくう うめ,S15.3.2,女,03-0000-1111,,\"みどり市中央1-2\n3号\",7日,10,鈴木けいこ,090-0000-2222,\r\n\
    ,,,,,,,,,,,,\r\n,架空 まつ,,1941/4/5,,０３ー００００ー３３３３,'+81-90-0000-1111,,毎日,,,,\r\n";

/// One request to each route, by whoever it is for; forms with fields that many of them have.
fn every_page() -> Vec<Vec<u8>> {
    let line = |(method, path, _): &(Method, &str, Place)| {
        let who = match *path {
            path if path.starts_with("/staff/login") || path.contains("{token}") => 'n',
            path if path.starts_with("/staff") => 'a',
            path if path.starts_with("/u") => 'y',
            path if path.starts_with("/m") || path.starts_with("/g") => 'k',
            _ => 'n',
        };
        let id = match *path {
            path if path.contains("cases") => "14",
            path if path.contains("teams") => "13",
            path if path.contains("accounts") => "2",
            _ => "11",
        };
        let path = path.replace("{code}", "K7M42QXY").replace("{name}", "anshin.css");
        let path = path.replace("{token}", &"n".repeat(43)).replace("{id}", id);
        match *method {
            Method::POST => format!(
                "{who}P {path} act=save&name=%E3%81%86%E3%82%81&text=%3Cfuzz%3E&days=7&hour=9\n"
            ),
            _ => format!("{who}G {path}?q=%3Cfuzz%3E&from=2026-11-01&page=2\n"),
        }
    };
    TABLE.iter().map(|row| line(row).into_bytes()).collect()
}

fn lists() -> Vec<Vec<u8>> {
    let shift_jis = encoding_rs::SHIFT_JIS.encode(LIST).0.into_owned();
    let utf_16 = |text: &str| -> Vec<u8> {
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
    };
    let tabs = LIST.replace(',', "\t");
    vec![
        LIST.as_bytes().to_vec(),
        shift_jis,
        utf_16(LIST),
        utf_16(&tabs),
        tabs.into_bytes(),
        format!("\u{feff}{LIST}").into_bytes(),
        "呼び名,電話（家）\nうめ,312345678\n,0312345678\n".into(),
        b"\x81\xff\x00\n".to_vec(),
    ]
}

fn typed() -> Vec<Vec<u8>> {
    let mut all: Vec<&str> = COMMANDS.iter().map(|(word, _)| *word).collect();
    all.extend([
        "よしこさん",
        "K7M4-2QXY",
        "招待コード：Ｋ７Ｍ４－２ＱＸＹ",
        "https://a.example/i/K7M42QXY",
        "毎日",
        "７日",
        "午後9時",
        "２１時",
        "助けて",
        "すこし調子が悪い",
        "トロント",
        "ニューヨーク",
        "安心",
        "yoshiko.o'neil@mail.example",
        "\"a b\"@mail.example",
        "090-0000-1111",
        "＋８１（３）００００－１１１１",
        "S15.3.2",
        "昭和15年3月2日",
        "2026-12-24",
        "👨‍👩‍👧 家",
        "a\u{202e}b",
        "平成元年1月8日",
    ]);
    texts(&all)
}

/// The records that the golden tests write out in hexadecimal, each under every kind that can read it.
fn stored() -> Vec<Vec<u8>> {
    const WRITTEN: [&str; 5] = [
        include_str!("../integration/golden/records.rs"),
        include_str!("../integration/golden/bulletins.rs"),
        include_str!("../integration/golden/desk.rs"),
        include_str!("../integration/golden/groups.rs"),
        include_str!("../integration/golden/staff.rs"),
    ];
    let words = WRITTEN.iter().flat_map(|text| text.split_whitespace());
    let hex = words.filter(|word| word.starts_with("b2") && word.len() > 8);
    let bytes = hex.filter_map(|word| {
        let pairs = word.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
        pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect::<Option<Vec<u8>>>()
    });
    let kinds = |record: Vec<u8>| {
        (0..records::KINDS as u8).map(move |kind| [&[kind], record.as_slice()].concat())
    };
    bytes.flat_map(kinds).filter(|input| records::reads(input)).collect()
}

/// Webhooks as LINE posts them, and buttons that this file sealed.
fn webhooks() -> Vec<Vec<u8>> {
    let mut platform = Platform::new(Settings::default());
    platform.faults.unknown_event_noise = true;
    let users = ["a", "b"].map(|name| platform.add_user(name));
    let [first, second] = users.each_ref().map(String::as_str);
    let group = platform.add_group("g", &[first]);
    platform.add_friend(0, first);
    platform.say(1, first, "見守ってもらう");
    platform.send_sticker(2, first);
    platform.send_image(3, first);
    platform.block(4, first);
    platform.invite_account(5, &group);
    platform.come(6, &group, &[second]);
    platform.say_in(7, &group, second, "安心");
    platform.go(8, &group, second);
    platform.remove_account(9, &group);
    let mut all = Vec::new();
    while let Some(delivery) = platform.take_webhook(10_000_000) {
        platform.webhook_done(10_000_000, delivery.id, Some(200));
        all.push(delivery.body);
    }
    let mint = Mint::new(&[42; 32]);
    let due_at = Moment::from_seconds(1_795_341_600);
    for press in [Press::Well(PersonId(1), due_at), Press::Claim(CaseId(2)), Press::Agree] {
        let data = postback::write(press, &mint);
        all.push(format!(
            "{{\"destination\":\"U0\",\"events\":[{{\"type\":\"postback\",\"timestamp\":1795341600000,\"webhookEventId\":\"01\",\
             \"mode\":\"active\",\"source\":{{\"type\":\"user\",\"userId\":\"{first}\"}},\"replyToken\":\"r\",\
             \"postback\":{{\"data\":\"{data}\",\"params\":{{\"date\":\"2026-12-24\"}}}}}}]}}"
        ).into_bytes());
    }
    all
}
