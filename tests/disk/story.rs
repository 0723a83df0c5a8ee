//! What happens in the town: a few days in which something is written into every table of the file.

use anshin::domain::bulletin::{Audience, Draft, Kind, Side, Text};
use anshin::domain::case::Outcome;
use anshin::domain::details::{Details, LINE_CHARS_MAX, Line, Phone};
use anshin::domain::erasure::ErasureReason;
use anshin::domain::event::{Event, TimeLook, Upkeep};
use anshin::domain::face::{Face, Passage, Picture};
use anshin::domain::id::StaffId;
use anshin::domain::name::Name;
use anshin::domain::page::{PageAct, PageDeed, PageEvent};
use anshin::domain::person::EndReason;
use anshin::domain::record::{Finding, Means, Note, Party};
use anshin::domain::schedule::{Hour, Interval};
use anshin::domain::staff::{
    Deed, DeskAct, FactorSecret, NEW_MEMBERS_MAX, NewMember, PasswordHash, Scope, SecondFactor,
    StaffAct, StaffRole, TeamPlan, TokenHash,
};
use anshin::domain::team::Policy;
use anshin::platform::Dice;
use anshin::store::Account;

use crate::server::Step;
use crate::town::Town;

/// Bytes of the picture: far more than a page.
const PICTURE_BYTES: usize = 500_000;

const INVITATION: TokenHash = TokenHash([1; 32]);

/// The steps of a story, which the seed varies, and the secret of its file.
pub(crate) fn steps(seed: u64) -> (Vec<Step>, [u8; 32]) {
    let mut dice = Dice::new(seed);
    let mut secret = [0; 32];
    secret.fill_with(|| u8::try_from(dice.below(256)).unwrap());
    let mut town = Town::new(secret);
    let people = town.found(&mut dice);
    let staff = town.open_the_desk();
    town.days(&people, staff, &mut dice);
    (town.steps, secret)
}

/// Who has a part in the story.
struct People {
    asked: Vec<String>,
    watchers: Vec<String>,
    group: (String, Vec<String>),
}

fn line(text: &str) -> Option<Line> {
    Line::read(text, LINE_CHARS_MAX).unwrap()
}

impl Town {
    /// Everybody comes.
    fn found(&mut self, dice: &mut Dice) -> People {
        let account =
            Account { basic_id: "@123abcde".to_owned(), name: "みどり市社協".to_owned() };
        self.take(Step::Remember(account));
        let mut people = People { asked: Vec::new(), watchers: Vec::new(), group: self.group() };
        for name in ["よしこ", "たろう", "みどり"] {
            let asked = self.asked(name, dice);
            for n in 0..=dice.below(2) {
                people.watchers.push(self.watcher(&asked, &format!("{name}をみる{n}")));
            }
            people.asked.push(asked);
        }
        let haruko = self.friend("はるこ");
        for words in ["見守る", "同意", "はるこ", "みどり町会"] {
            self.say(&haruko, words);
        }
        self.press(&haruko, "町会・団体");
        self.press(&haruko, "受け取れます");
        people
    }

    fn asked(&mut self, name: &str, dice: &mut Dice) -> String {
        let user = self.friend(name);
        let hour = format!("{}時", 9 + dice.below(3));
        for words in ["見守ってもらう", "同意", name, "毎日", &hour] {
            self.say(&user, words);
        }
        user
    }

    fn watcher(&mut self, inviter: &str, name: &str) -> String {
        self.say(inviter, "招待");
        self.press(inviter, "見守る方を招待");
        let code = self.code(inviter);
        let user = self.friend(name);
        self.say(&user, &format!("招待コード {code}"));
        self.press(&user, "参加する");
        self.press(&user, "同意");
        self.say(&user, name);
        self.press(&user, "受け取れます");
        user
    }

    fn group(&mut self) -> (String, Vec<String>) {
        let people = ["さちこ", "はなこ", "じろう"].map(|name| self.platform.add_user(name));
        let members: Vec<&str> = people.iter().map(String::as_str).collect();
        let group = self.platform.add_group("なかよし会", &members);
        assert!(self.platform.invite_account(self.now.millis(), &group));
        self.settle();
        for label in ["代表者になる", "毎日", "9時"] {
            self.press_in(&group, &people[0], label);
        }
        self.press_in(&group, &people[1], "参加します");
        self.a_minute();
        (group, people.to_vec())
    }

    fn staff(&mut self, deed: Deed) {
        self.decide(vec![Event::Staff(StaffAct { at: self.now, deed })]);
        self.settle();
    }

    fn desk(&mut self, by: StaffId, act: DeskAct) {
        self.staff(Deed::Desk { by, act });
    }

    /// Somebody of the office gets an account.
    fn open_the_desk(&mut self) -> StaffId {
        self.staff(Deed::Add {
            name: Name::of_person("山田").unwrap(),
            role: StaffRole::Admin,
            scope: Scope::Everything,
            mail: Some("y@example.jp".to_owned()),
            invitation: INVITATION,
            by: None,
        });
        let staff = self.reading().all_staff().unwrap()[0].id;
        self.staff(Deed::Accept {
            staff,
            invitation: INVITATION,
            password: PasswordHash("$argon2id$".to_owned()),
            factor: SecondFactor { secret: FactorSecret([2; 20]), last_step: 60_000_000 },
            recovery: vec![TokenHash([3; 32])],
            session: TokenHash([4; 32]),
        });
        staff
    }

    fn days(&mut self, people: &People, staff: StaffId, dice: &mut Dice) {
        self.office(staff);
        self.pages(people);
        self.restart();
        for day in 24..=26 {
            self.until(&format!("2026-11-{day}T11:30:00"));
            for (n, user) in people.asked.iter().enumerate() {
                // One never answers; the others do as the seed has it.
                if n > 0 && dice.below(4) > 0 {
                    self.press(user, "げんきです");
                }
            }
            self.press_in(&people.group.0, &people.group.1[1], "げんきです");
            self.beat();
            self.until(&format!("2026-11-{day}T13:30:00"));
            self.cases(people, staff, dice);
        }
        self.restart();
        self.forget(staff);
        self.bulletin(staff, people);
        self.large(staff, dice);
        self.until("2026-11-27T10:00:00");
        self.crowd(staff);
        self.beat();
    }

    fn beat(&mut self) {
        let beat =
            Upkeep::Beat { alive_at: self.now, webhook_at: Some(self.now), time: TimeLook::Steady };
        self.decide(vec![Event::Upkeep(beat)]);
    }

    /// What the office makes and writes down.
    fn office(&mut self, staff: StaffId) {
        self.desk(staff, DeskAct::MakeOrganization(Name::of_team("中央町会").unwrap()));
        self.desk(
            staff,
            DeskAct::MakeTeam(TeamPlan {
                name: Name::of_team("電話見守り").unwrap(),
                office: true,
                organization: None,
                interval: Interval::DAILY,
                hour: Hour::new(9).unwrap(),
                policy: Policy::Full,
                statement: None,
                wants_form: false,
            }),
        );
        self.register(staff, &["うめ", "きく"]);
        let text = Passage::read("あたらしい規約です。").unwrap();
        let version = self.reading().service().unwrap().terms_version;
        self.desk(staff, DeskAct::Publish(Box::new((text.clone(), text)), version));
    }

    fn register(&mut self, staff: StaffId, names: &[&str]) {
        let team = self.reading().teams_from(0, 100).unwrap().pop().unwrap().id;
        let members = names.iter().map(|name| NewMember {
            name: Name::of_person(name).unwrap(),
            team,
            interval: Interval::DAILY,
            hour: Hour::new(9).unwrap(),
            details: Details {
                full_name: line("架空 うめ"),
                phone: Phone::read("03-0000-1111").unwrap(),
                ..Details::default()
            },
        });
        self.desk(staff, DeskAct::Register(members.collect()));
    }

    /// Somebody is written down, is phoned no longer, and is forgotten.
    fn forget(&mut self, staff: StaffId) {
        self.register(staff, &["ふじ"]);
        let everyone = self.reading().persons_from(0, 1000).unwrap();
        let person = everyone.last().unwrap().id;
        self.desk(staff, DeskAct::EndWatch(person, EndReason::OwnWish));
        self.desk(staff, DeskAct::Erase(person, ErasureReason::OwnWish));
        self.decide(vec![Event::Upkeep(Upkeep::FileClean(person))]);
        self.settle();
    }

    /// A list of many: the commit that touches most pages.
    fn crowd(&mut self, staff: StaffId) {
        self.register(staff, &["まつ"; NEW_MEMBERS_MAX]);
    }

    /// Somebody comes to our pages and says what they think.
    fn pages(&mut self, people: &People) {
        let (at, by) = (self.now, self.person(&people.asked[1]));
        let session = TokenHash([5; 32]);
        let link = (at, "a link".to_owned());
        let opinion = PageAct::Opine(line("たすかっています").unwrap());
        for deed in [PageDeed::Entered { link, session }, PageDeed::Did(opinion)] {
            self.decide(vec![Event::Page(PageEvent { at, by, deed })]);
        }
        self.settle();
    }

    /// Somebody looks after whoever does not answer, or the office does.
    fn cases(&mut self, people: &People, staff: StaffId, dice: &mut Dice) {
        for case in self.reading().open_case_ids(10).unwrap() {
            self.desk(staff, DeskAct::Claim(case));
            let note = Note {
                means: Means::Phone,
                party: Party::Person,
                result: Finding::Absent,
                text: line("留守でした"),
                next: None,
            };
            self.desk(staff, DeskAct::Record(case, note));
            if dice.one_in(2) {
                self.desk(staff, DeskAct::Close(case, Outcome::Forgot));
            }
        }
        self.say(&people.watchers[0], "ようす");
        self.say(&people.asked[2], "こまった");
    }

    fn bulletin(&mut self, staff: StaffId, people: &People) {
        let text = Text::read("台風が近づいています。").unwrap();
        let (shown_at, audience) = (self.now, Audience::Everyone);
        let draft =
            Draft { shown_at, kind: Kind::Check, text, audience, side: Side::Both, urgent: true };
        self.desk(staff, DeskAct::SendBulletin(Box::new(draft)));
        self.until("2026-11-26T14:30:00");
        self.press(&people.asked[1], "無事です");
    }

    /// A picture that no page of the file holds.
    fn large(&mut self, staff: StaffId, dice: &mut Dice) {
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        while bytes.len() < PICTURE_BYTES {
            bytes.extend_from_slice(&dice.next().to_le_bytes());
        }
        let picture = Picture::read(&bytes).unwrap();
        let banner = Some(picture.id);
        let face = Face { name: line("みどり市社協"), banner, ..Face::default() };
        self.desk(staff, DeskAct::Face(Box::new(face), Some(Box::new(picture))));
    }
}
