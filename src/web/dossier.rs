//! Everything that is kept about one person, as headings with tables: one form for the sheet that is printed, the file that
//! is saved, and the command line. Of others it has what the person was shown: nicknames, and who they are to them.

use serde_json::{Map, Value, json};

use super::known;
use crate::domain::case::Actor;
use crate::domain::details::{Details, Line, Phone};
use crate::domain::id::PersonId;
use crate::domain::person::{Person, Watch};
use crate::domain::round::Ending;
use crate::domain::schedule::Zone;
use crate::domain::team::Role;
use crate::domain::time::Moment;
use crate::locale::dossier::{self as words, columns, labels, titles};
use crate::locale::{desk, districts, page, people, phone, report, rests, staff};
use crate::store::{Reading, StoreError};

/// Those who watch in one team, by name.
const WATCHERS_MAX: usize = 50;

/// Everything about one person.
pub struct Dossier {
    /// Who.
    pub person: PersonId,
    /// How they are called.
    pub name: String,
    /// When it was put together.
    pub as_of: String,
    /// What is kept.
    pub sections: Vec<Section>,
}

/// A table with a heading.
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// What stands in the columns.
    pub columns: Vec<&'static str>,
    /// The lines.
    pub rows: Vec<Vec<String>>,
}

fn shown(at: Moment) -> String {
    words::moment(Zone::default().local(at))
}

fn section(title: &'static str, columns: &[&'static str], rows: Vec<Vec<String>>) -> Section {
    Section { title, columns: columns.to_vec(), rows }
}

impl Dossier {
    /// Puts it together; `None` where nobody has the number.
    pub fn read(reading: &Reading, id: PersonId, now: Moment) -> Result<Option<Self>, StoreError> {
        let Some(person) = reading.person(id)? else { return Ok(None) };
        let details = reading.details(id)?.unwrap_or_default();
        let look = Look { reading, person: &person };
        let sections = vec![
            section(titles::PROFILE, &columns::FACTS, profile(&person)),
            section(titles::DETAILS, &columns::FACTS, of_details(&details)),
            section(titles::CONTACTS, &columns::CONTACTS, contacts(&details)),
            section(titles::TEAMS, &columns::TEAMS, look.teams()?),
            section(titles::GROUPS, &columns::GROUPS, look.groups()?),
            section(titles::ROUNDS, &columns::ROUNDS, look.rounds()?),
            section(titles::CASES, &columns::CASES, look.cases()?),
            section(titles::TOLD, &columns::TOLD, look.told()?),
            section(titles::BULLETINS, &columns::BULLETINS, look.bulletins()?),
            section(titles::OPINIONS, &columns::OPINIONS, look.opinions()?),
            section(titles::SESSIONS, &columns::SESSIONS, look.sessions()?),
            section(titles::INVITATIONS, &columns::INVITATIONS, look.invitations()?),
            section(titles::WAITING, &columns::WAITING, look.waiting()?),
            section(titles::JOURNAL, &columns::JOURNAL, look.journal()?),
        ];
        let name = known::name(reading, id)?;
        Ok(Some(Self { person: id, name, as_of: shown(now), sections }))
    }

    /// The same as JSON, for machines.
    #[must_use]
    pub fn json(&self) -> String {
        let sections = self.sections.iter().map(|section| {
            let items = section.rows.iter().map(|row| {
                let cells = section.columns.iter().zip(row);
                let cells = cells.map(|(column, cell)| ((*column).to_owned(), json!(cell)));
                Value::Object(cells.collect::<Map<_, _>>())
            });
            json!({ "title": section.title, "items": items.collect::<Vec<_>>() })
        });
        let all = json!({
            "person": self.person.0,
            "name": self.name,
            "as_of": self.as_of,
            "sections": sections.collect::<Vec<_>>(),
        });
        format!("{all:#}\n")
    }
}

/// Lines of labels and what stands behind them, without those of which nothing is known.
fn facts(lines: impl IntoIterator<Item = (&'static str, Option<String>)>) -> Vec<Vec<String>> {
    let known = lines.into_iter().filter_map(|(label, value)| Some((label, value?)));
    known.map(|(label, value)| vec![label.to_owned(), value]).collect()
}

fn profile(person: &Person) -> Vec<Vec<String>> {
    let yes = |is: bool| if is { labels::YES } else { labels::NO }.to_owned();
    let watch = person.watch.as_ref();
    let consent = person.consent.as_ref();
    let agreed = |at: Moment| Zone::default().local(at);
    let mut lines = vec![
        (staff::PERSON_NUMBER, Some(person.id.to_string())),
        (labels::NICKNAME, person.name.as_ref().map(ToString::to_string)),
        (labels::LINE_ID, person.address.as_ref().map(|address| address.as_str().to_owned())),
        (labels::REACH, person.address.as_ref().map(|_| yes(person.reach.reachable))),
        (labels::MAIL, person.mail.as_ref().map(|mail| mail.address.as_str().to_owned())),
        (labels::MAIL_OFFERED, person.mail_offered.as_ref().map(|mail| mail.as_str().to_owned())),
        (labels::ZONE, Some(person.zone.name().to_owned())),
        (labels::SINCE, Some(shown(person.since))),
        (labels::CONSENT, consent.map(|c| phone::own::agreed(c.version, agreed(c.at)))),
        (labels::QUOTES, Some(yes(person.quotes))),
        (labels::MEMBERSHIP, person.membership.map(|m| people::full_day(m.until))),
    ];
    lines.extend(watch.into_iter().flat_map(watched));
    lines.push((
        labels::ENDED,
        person.ended.map(|ended| format!("{} {}", shown(ended.at), report::end_reason(ended.why))),
    ));
    facts(lines)
}

fn watched(watch: &Watch) -> Vec<(&'static str, Option<String>)> {
    let rest = watch.pause.as_ref();
    vec![
        (labels::SCHEDULE, Some(phone::schedule(watch.schedule.interval, watch.schedule.hour))),
        (labels::WATCHED_SINCE, Some(shown(watch.since))),
        (labels::LAST_ANSWER, watch.last_answer_at.map(shown)),
        (labels::REST, rest.map(|r| words::rest(r.first_day, r.last_day, rests::why(r.why)))),
        (labels::OPEN_ROUND, watch.round.as_ref().map(|round| shown(round.due_at))),
    ]
}

fn of_details(details: &Details) -> Vec<Vec<String>> {
    let line = |line: &Option<Line>| line.as_ref().map(|line| line.as_str().to_owned());
    let phone = |phone: &Option<Phone>| phone.as_ref().map(|phone| phone.as_str().to_owned());
    facts([
        (desk::person::NUMBER, line(&details.number)),
        (desk::person::FULL_NAME, line(&details.full_name)),
        (desk::person::READING, line(&details.reading)),
        (desk::person::BORN, details.born_on.map(people::full_day)),
        (desk::person::SEX, details.sex.map(|sex| desk::sex(sex).to_owned())),
        (desk::person::ADDRESS, line(&details.address)),
        (desk::person::PHONE, phone(&details.phone)),
        (desk::person::MOBILE, phone(&details.mobile)),
        (desk::person::LANDLORD, line(&details.landlord)),
        (desk::person::LANDLORD_PHONE, phone(&details.landlord_phone)),
        (desk::person::NOTE, line(&details.note)),
        (desk::person::FORM_ON, details.form_on.map(people::full_day)),
    ])
}

fn contacts(details: &Details) -> Vec<Vec<String>> {
    let line = |line: &Option<Line>| line.as_ref().map_or("", |line| line.as_str()).to_owned();
    let told = |told: bool| if told { labels::YES } else { labels::NO }.to_owned();
    let contacts = details.contacts.iter().map(|contact| {
        vec![
            contact.name.as_str().to_owned(),
            line(&contact.relation),
            contact.phone.as_str().to_owned(),
            line(&contact.address),
            line(&contact.note),
            told(contact.told),
        ]
    });
    contacts.collect()
}

/// What is read for it.
struct Look<'r> {
    reading: &'r Reading,
    person: &'r Person,
}

type Rows = Result<Vec<Vec<String>>, StoreError>;

impl Look<'_> {
    /// Staff by their number: whoever it was, they acted for the office.
    fn who(&self, actor: Actor) -> Result<String, StoreError> {
        match actor {
            Actor::Person(by) if by == self.person.id => Ok(words::SELF.to_owned()),
            Actor::Person(by) => known::name(self.reading, by),
            Actor::Staff(_) => Ok(words::OFFICE.to_owned()),
        }
    }

    fn teams(&self) -> Rows {
        let mut rows = Vec::new();
        for key in self.reading.places(self.person.id)? {
            let (Some(team), Some(member)) = (self.reading.team(key.0)?, self.reading.member(key)?)
            else {
                continue;
            };
            let mut watchers = Vec::new();
            if key.1 == Role::Member {
                for place in self.reading.members(team.id, Role::Manager, WATCHERS_MAX)? {
                    watchers.push(known::name(self.reading, place.person)?);
                }
                if team.kind == crate::domain::team::TeamKind::Office {
                    watchers.push(staff::OFFICE.to_owned());
                }
            }
            let declared = member.declared.as_ref().map(|line| line.as_str().to_owned());
            let declared = declared.map(|said| format!(" ／ {}：{said}", labels::DECLARED));
            let role = words::role(key.1).to_owned() + &declared.unwrap_or_default();
            rows.push(vec![
                page::team(&team.name),
                role,
                shown(member.since),
                districts::policy(member.policy(&team)).to_owned(),
                watchers.join("、"),
            ]);
        }
        Ok(rows)
    }

    fn groups(&self) -> Rows {
        let mut rows = Vec::new();
        for group in self.reading.groups_of(self.person.id)? {
            let all = self.reading.participants(group)?.into_iter();
            let own = all.filter(|participant| participant.person == self.person.id);
            rows.extend(own.map(|participant| {
                let name = participant.name.map(|name| name.to_string());
                vec![
                    phone::group::number(group),
                    name.unwrap_or_else(|| labels::NONE.to_owned()),
                    shown(participant.since),
                ]
            }));
        }
        Ok(rows)
    }

    fn rounds(&self) -> Rows {
        let mut rows = Vec::new();
        for past in self.reading.past_rounds(self.person.id, usize::MAX)? {
            let late = past.ending == Ending::Answered && past.round.resent_at.is_some();
            let by = past.by.map(|by| self.who(Actor::Person(by))).transpose()?;
            rows.push(vec![
                shown(past.round.due_at),
                phone::ending(past.ending, late).1.to_owned(),
                shown(past.ended_at),
                by.unwrap_or_default(),
            ]);
        }
        Ok(rows)
    }

    fn cases(&self) -> Rows {
        let mut rows = Vec::new();
        let mut cases = self.reading.cases_of(self.person.id, usize::MAX, usize::MAX)?;
        cases.reverse();
        for case in cases {
            let mut story = Vec::new();
            for entry in self.reading.story(case.id, usize::MAX)? {
                let named = |by| self.who(by).unwrap_or_default();
                let said = desk::event(entry.fact, named);
                story.extend(said.map(|said| (entry.at, said)));
            }
            for record in self.reading.records(case.id, usize::MAX)? {
                let note = record.note;
                let (means, party) = (desk::means(note.means), desk::party(note.party));
                let mut said =
                    vec![format!("{means} ／ {party} ／ {}", desk::finding(note.result))];
                said.extend(note.text.map(|text| text.as_str().to_owned()));
                said.extend(note.next.map(|next| {
                    let due_at = next.due_at.map(|at| Zone::default().local(at));
                    desk::next(next.what.as_str(), due_at)
                }));
                story.push((record.at, said.join("\n")));
            }
            story.sort_by_key(|(at, _)| *at);
            let title = words::case(case.id);
            rows.extend(story.into_iter().map(|(at, said)| vec![title.clone(), shown(at), said]));
        }
        Ok(rows)
    }

    /// Who was told about them, and who looked at what is kept.
    fn told(&self) -> Rows {
        let mut found = Vec::new();
        self.reading.journal_back(|entry| {
            let told = words::told(entry.fact, self.person.id);
            found.extend(told.map(|(who, what)| (entry.at, who, what)));
            true
        })?;
        for case in self.reading.cases_of(self.person.id, usize::MAX, usize::MAX)? {
            for entry in self.reading.story(case.id, usize::MAX)? {
                let told = words::told_of_case(entry.fact);
                let what = |what| format!("{}：{what}", words::case(case.id));
                found.extend(told.map(|(who, said)| (entry.at, who, what(said))));
            }
        }
        found.sort_by_key(|(at, ..)| *at);
        let rows = found.into_iter().map(|(at, who, what)| {
            let who = who.map(|who| self.who(who)).transpose()?;
            Ok(vec![shown(at), who.unwrap_or_default(), what])
        });
        rows.collect()
    }

    fn bulletins(&self) -> Rows {
        let mut rows = Vec::new();
        for bulletin in self.reading.newest_bulletins(usize::MAX)? {
            let Some(receipt) = self.reading.receipt(bulletin.id, self.person.id.0)? else {
                continue;
            };
            let word =
                receipt.word.map(|(word, at)| format!("{} {}", words::word(word), shown(at)));
            rows.push(vec![
                shown(bulletin.since),
                bulletin.draft.text.as_str().to_owned(),
                words::delivery(receipt.delivery).to_owned(),
                word.unwrap_or_default(),
            ]);
        }
        Ok(rows)
    }

    fn opinions(&self) -> Rows {
        let all = self.reading.opinions_of(self.person.id)?.into_iter();
        Ok(all.map(|said| vec![shown(said.at), said.text.as_str().to_owned()]).collect())
    }

    fn sessions(&self) -> Rows {
        let all = self.reading.page_sessions_of(self.person.id)?.into_iter();
        Ok(all.map(|session| vec![shown(session.since), shown(session.seen_at)]).collect())
    }

    fn invitations(&self) -> Rows {
        let all = self.reading.invitations_of(self.person.id)?.into_iter();
        Ok(all.map(|i| vec![shown(i.since), words::invitation(i.kind).to_owned()]).collect())
    }

    fn waiting(&self) -> Rows {
        let mut theirs = Vec::new();
        self.reading.each_row(|row| {
            if row.purpose.receiver() == Some(self.person.id) {
                theirs.push(vec![shown(row.queued_at), words::waiting(row.purpose).to_owned()]);
            }
        })?;
        Ok(theirs)
    }

    /// What no other heading has.
    fn journal(&self) -> Rows {
        let (mut rows, id) = (Vec::new(), self.person.id);
        self.reading.journal_back(|entry| {
            let here = entry.fact.is_about(id) && words::told(entry.fact, id).is_none();
            let said = words::fact(entry.fact, id).filter(|_| here);
            rows.extend(said.map(|said| vec![shown(entry.at), said]));
            true
        })?;
        rows.reverse();
        Ok(rows)
    }
}
