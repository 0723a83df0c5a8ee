//! `/staff/office`: how the service presents itself: name, number, hours, colour, the picture on top of the pages; and
//! `/staff/terms`: the terms and the privacy text, a version at a time. For those who answer for it.

use maud::{Markup, html};

use super::Visit;
use crate::domain::details::{LINE_CHARS_MAX, Line, Phone};
use crate::domain::face::{
    Colour, ColourFault, Face, Passage, Picture, PictureFault, TERMS_CHARS_MAX, Terms,
};
use crate::domain::schedule::Zone;
use crate::domain::service::FIRST_TERMS;
use crate::domain::staff::{Deed, DeskAct};
use crate::http::{Response, StatusCode};
use crate::locale::face::{self as words, office as labels, terms as term_words};
use crate::locale::{desk, page};
use crate::store::{Reading, StoreError};
use crate::web::input::{Input, Shape};
use crate::web::layout;
use crate::web::public::text::rendered;
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;

/// Largest form with a picture, in bytes.
pub(super) const FORM_BYTES_MAX: usize = 1024 * 1024;

/// The query after saving.
const SAVED: &str = "saved";

/// People who are read at a time.
const READ_AT_ONCE: usize = 500;

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    name: String,
    phone: String,
    hours: String,
    colour: String,
    version: u32,
    name_fault: Option<&'static str>,
    phone_fault: Option<&'static str>,
    hours_fault: Option<&'static str>,
    colour_fault: Option<String>,
    banner_fault: Option<&'static str>,
}

impl Typed {
    fn of(face: &Face) -> Self {
        let line = |line: &Option<Line>| line.as_ref().map_or("", |line| line.as_str()).to_owned();
        Self {
            name: line(&face.name),
            phone: face.phone.as_ref().map_or("", |phone| phone.as_str()).to_owned(),
            hours: line(&face.hours),
            colour: face.colour.map(|colour| format!("#{}", colour.hex())).unwrap_or_default(),
            version: face.version,
            ..Self::default()
        }
    }

    /// What is to be set; what is wrong is said in `self`.
    fn read(&mut self, known: &Face, picture: Option<&Picture>, without: bool) -> Option<Face> {
        let name = Line::read(&self.name, LINE_CHARS_MAX);
        let phone = Phone::read(&self.phone);
        let hours = Line::read(&self.hours, LINE_CHARS_MAX);
        let colour = Colour::read(&self.colour);
        self.name_fault = name.as_ref().err().map(|fault| desk::fault(*fault));
        self.phone_fault = phone.as_ref().err().map(|fault| desk::fault(*fault));
        self.hours_fault = hours.as_ref().err().map(|fault| desk::fault(*fault));
        self.colour_fault = colour.as_ref().err().map(|fault| match fault {
            ColourFault::Unreadable => labels::COLOUR_UNREADABLE.to_owned(),
            ColourFault::TooPale(nearest) => words::too_pale(&nearest.hex()),
        });
        let banner = picture.map(|picture| picture.id).or(known.banner).filter(|_| !without);
        let (Ok(name), Ok(phone), Ok(hours), Ok(colour), None) =
            (name, phone, hours, colour, self.banner_fault)
        else {
            return None;
        };
        Some(Face { name, phone, hours, colour, banner, version: self.version })
    }
}

/// The form.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let face = visit.site.store.read()?.face()?;
    let said = visit.asks(SAVED).then_some(labels::SAVED);
    Ok(page_of(visit, by, StatusCode::OK, said, &face, &Typed::of(&face)))
}

/// Changes it.
pub(super) async fn save(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let known = visit.site.store.read()?.face()?;
    let mut typed = Typed {
        name: visit.form.text("name").to_owned(),
        phone: visit.form.text("phone").to_owned(),
        hours: visit.form.text("hours").to_owned(),
        colour: visit.form.text("colour").to_owned(),
        version: visit.form.text("version").parse().unwrap_or(u32::MAX),
        ..Typed::default()
    };
    let picture = visit.form.file().map(Picture::read).transpose();
    typed.banner_fault = picture.as_ref().err().map(|fault| match fault {
        PictureFault::Kind => labels::BANNER_KIND,
        PictureFault::TooLarge => labels::BANNER_TOO_LARGE,
    });
    let picture = picture.unwrap_or_default();
    let without = visit.form.text("without") == "1";
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(face) = typed.read(&known, picture.as_ref(), without) else {
        return Ok(page_of(visit, by, refused, Some(desk::person::CHECK), &known, &typed));
    };
    let wanted = Face { version: face.version.saturating_add(1), ..face.clone() };
    let act = DeskAct::Face(Box::new(face), picture.map(Box::new));
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    let now = visit.site.store.read()?.face()?;
    if now != wanted {
        typed.version = now.version;
        let conflict = StatusCode::CONFLICT;
        return Ok(page_of(visit, by, conflict, Some(desk::person::STALE), &now, &typed));
    }
    visit.site.dress()?;
    Ok(Response::redirect_see_other(&format!("/staff/office?{SAVED}")))
}

fn page_of(
    visit: &Visit<'_>,
    by: &SignedIn,
    status: StatusCode,
    said: Option<&str>,
    face: &Face,
    typed: &Typed,
) -> Response {
    let voice = visit.site.voice();
    let (org, phone) = voice.configured;
    let name_help = words::name_help(&org);
    let phone_help = words::phone_help(phone.as_deref());
    let name = Input::new("name", Shape::Line(LINE_CHARS_MAX), labels::NAME, &name_help);
    let phone = Input::new("phone", Shape::Phone, labels::PHONE, &phone_help);
    let hours = Input::new("hours", Shape::Line(LINE_CHARS_MAX), labels::HOURS, labels::HOURS_HELP);
    let colour = Input::new("colour", Shape::Line(9), labels::COLOUR, labels::COLOUR_HELP);
    let role = if status == StatusCode::OK { "status" } else { "alert" };
    let body = html! {
        h1 { (labels::TITLE) }
        @if let Some(said) = said { p.notice role=(role) { (said) } }
        p { (labels::HOW) }
        form.entry.wide method="post" action="/staff/office" enctype="multipart/form-data" {
            (visit.word())
            input type="hidden" name="version" value=(typed.version);
            (name.with(&typed.name).faulty(typed.name_fault).markup())
            div.row {
                (phone.with(&typed.phone).faulty(typed.phone_fault).markup())
                (hours.with(&typed.hours).faulty(typed.hours_fault).markup())
            }
            (colour.with(&typed.colour).faulty(typed.colour_fault.as_deref()).markup())
            (banner(face, typed))
            button.button type="submit" { (desk::person::SAVE) }
        }
        p { a.action href="/staff/terms" { (term_words::TITLE) } }
    };
    visit.desk_page(by, status, labels::TITLE, &body)
}

fn banner(face: &Face, typed: &Typed) -> Markup {
    let fault = typed.banner_fault;
    let described = if fault.is_some() { "banner-help banner-fault" } else { "banner-help" };
    html! {
        div.field {
            label for="banner" { (labels::BANNER) }
            p.help id="banner-help" { (labels::BANNER_HELP) }
            input id="banner" name="banner" type="file" accept="image/png,image/jpeg"
                aria-describedby=(described) aria-invalid=[fault.map(|_| "true")];
            @if let Some(fault) = fault { p.fault id="banner-fault" { "＊" (fault) } }
        }
        @if let Some(picture) = face.banner {
            p { img.banner src={ "/assets/" (picture.file()) } alt=(labels::BANNER); }
            label.tick { input type="checkbox" name="without" value="1"; " " (labels::WITHOUT) }
        }
    }
}

/// What was written of a new version.
struct Draft {
    terms: String,
    privacy: String,
    on_top_of: u16,
    fault: Option<String>,
}

/// The terms that hold now: those that staff wrote, or those that the program brings along.
fn present(reading: &Reading) -> Result<Draft, StoreError> {
    let known = reading.terms()?;
    let (terms, privacy) = known.last().map_or_else(
        || (page::TERMS.to_owned(), page::PRIVACY.to_owned()),
        |newest| (newest.terms.as_str().to_owned(), newest.privacy.as_str().to_owned()),
    );
    let on_top_of = known.last().map_or(FIRST_TERMS, |newest| newest.version);
    Ok(Draft { terms, privacy, on_top_of, fault: None })
}

/// The form, and who agreed to which version.
pub(super) fn terms(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let draft = present(&visit.site.store.read()?)?;
    terms_page(visit, by, StatusCode::OK, &draft)
}

/// Shows how a new version looks, and publishes it.
pub(super) async fn publish(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let mut draft = Draft {
        terms: visit.form.text("terms").to_owned(),
        privacy: visit.form.text("privacy").to_owned(),
        on_top_of: visit.form.text("on_top_of").parse().unwrap_or(u16::MAX),
        fault: None,
    };
    let step = visit.form.text("step");
    if step == "back" {
        return terms_page(visit, by, StatusCode::OK, &draft);
    }
    let (terms, privacy) = (Passage::read(&draft.terms), Passage::read(&draft.privacy));
    let (Ok(terms), Ok(privacy)) = (terms, privacy) else {
        draft.fault = Some(words::passage_fault(TERMS_CHARS_MAX));
        return terms_page(visit, by, StatusCode::UNPROCESSABLE_ENTITY, &draft);
    };
    if step != "publish" {
        return Ok(preview(visit, by, &draft, (&terms, &privacy)));
    }
    let (wanted, on_top_of) = (draft.on_top_of.saturating_add(1), draft.on_top_of);
    let act = DeskAct::Publish(Box::new((terms.clone(), privacy.clone())), on_top_of);
    visit.office().act(visit.now, Deed::Desk { by: by.staff.id, act }).await?;
    let newest = visit.site.store.read()?.terms()?.pop();
    let done = newest.is_some_and(|newest| {
        newest.version == wanted && newest.terms == terms && newest.privacy == privacy
    });
    if !done {
        draft.on_top_of = present(&visit.site.store.read()?)?.on_top_of;
        draft.fault = Some(desk::person::STALE.to_owned());
        return terms_page(visit, by, StatusCode::CONFLICT, &draft);
    }
    Ok(Response::redirect_see_other("/staff/terms"))
}

fn terms_page(
    visit: &Visit<'_>,
    by: &SignedIn,
    status: StatusCode,
    draft: &Draft,
) -> Result<Response, Trouble> {
    let reading = visit.site.store.read()?;
    let known = reading.terms()?;
    let agreed = agreed(&reading)?;
    drop(reading);
    let shape = Shape::Note(TERMS_CHARS_MAX);
    let terms = Input::new("terms", shape, page::public::TERMS, term_words::FORM_HELP);
    let privacy = Input::new("privacy", shape, page::public::PRIVACY, "");
    let body = html! {
        h1 { (term_words::TITLE) }
        @if let Some(fault) = &draft.fault { p.notice role="alert" { (fault) } }
        p { (term_words::HOW) }
        (versions(&known, &agreed))
        h2 { (term_words::NEW) }
        form.entry.wide.long method="post" action="/staff/terms" {
            (visit.word())
            input type="hidden" name="on_top_of" value=(draft.on_top_of);
            (terms.with(&draft.terms).markup())
            (privacy.with(&draft.privacy).markup())
            button.button type="submit" name="step" value="look" { (term_words::LOOK) }
        }
        p { a.action href="/staff/office" { (labels::TITLE) } }
    };
    Ok(visit.desk_page(by, status, term_words::TITLE, &body))
}

/// How many agreed to each version.
fn agreed(reading: &Reading) -> Result<Vec<(u16, usize)>, StoreError> {
    let mut counts: Vec<(u16, usize)> = Vec::new();
    let mut from = 0;
    loop {
        let people = reading.persons_from(from, READ_AT_ONCE)?;
        for version in people.iter().filter_map(|person| Some(person.consent.as_ref()?.version)) {
            match counts.iter_mut().find(|(known, _)| *known == version) {
                Some((_, count)) => *count += 1,
                None => counts.push((version, 1)),
            }
        }
        let Some(last) = people.last().filter(|_| people.len() == READ_AT_ONCE) else { break };
        from = last.id.0.saturating_add(1);
    }
    Ok(counts)
}

fn versions(known: &[Terms], agreed: &[(u16, usize)]) -> Markup {
    let count = |version: u16| agreed.iter().find(|(v, _)| *v == version).map_or(0, |(_, n)| *n);
    let first = std::iter::once((FIRST_TERMS, None));
    let written = known.iter().map(|terms| (terms.version, Some(terms.since)));
    let rows = html! {
        @for (version, since) in first.chain(written) {
            tr {
                th scope="row" {
                    a href={ "/p/terms?version=" (version) } {
                        (page::version(version, since.map(|at| Zone::default().local(at))))
                    }
                }
                td { a href={ "/p/privacy?version=" (version) } { (page::public::PRIVACY) } }
                td.number { (count(version)) }
            }
        }
    };
    layout::table(term_words::TITLE, &term_words::COLUMNS, &rows)
}

fn preview(
    visit: &Visit<'_>,
    by: &SignedIn,
    draft: &Draft,
    (terms, privacy): (&Passage, &Passage),
) -> Response {
    // The texts bring a heading each; on this page there is one already.
    let lower = |text: &Passage| {
        let text = format!("\n{}", text.as_str());
        text.replace("\n# ", "\n## ")
    };
    let body = html! {
        h1 { (term_words::PREVIEW) }
        div.columns {
            section.group { (rendered(visit.site, &lower(terms))) }
            section.group { (rendered(visit.site, &lower(privacy))) }
        }
        p { (term_words::PUBLISH_WHY) }
        form.entry method="post" action="/staff/terms" {
            (visit.word())
            input type="hidden" name="on_top_of" value=(draft.on_top_of);
            input type="hidden" name="terms" value=(draft.terms);
            input type="hidden" name="privacy" value=(draft.privacy);
            button.button type="submit" name="step" value="publish" { (term_words::PUBLISH) }
            p { button.quiet type="submit" name="step" value="back" { (term_words::BACK) } }
        }
    };
    visit.desk_page(by, StatusCode::OK, term_words::PREVIEW, &body)
}
