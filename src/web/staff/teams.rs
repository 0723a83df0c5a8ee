//! `/staff/teams`: all teams, a page at a time, and the form that makes one.

use maud::{Markup, html};

use super::lists::{Asked, Table};
use super::{Visit, lists, may_change};
use crate::domain::details::Line;
use crate::domain::id::{OrganizationId, TeamId};
use crate::domain::name::Name;
use crate::domain::organization::Organization;
use crate::domain::rules::{ORGANIZATION_TEAMS_MAX, Rules};
use crate::domain::schedule::{Hour, Interval};
use crate::domain::staff::{Deed, DeskAct, TeamPlan};
use crate::domain::team::{Policy, Role, STATEMENT_CHARS_MAX, Team, TeamKind};
use crate::http::{Response, StatusCode};
use crate::locale::districts::{self as words, team as labels, teams as list};
use crate::locale::{desk, lists as list_words, page};
use crate::store::{Reading, StoreError};
use crate::web::form::Form;
use crate::web::input::{Input, Shape, choice, select};
use crate::web::layout;
use crate::web::session::SignedIn;
use crate::web::trouble::Trouble;

/// Teams on one page.
const TEAMS_MAX: usize = 100;

/// Teams that are looked at for a file.
const FILE_MAX: usize = 100_000;

/// The query that names the first team of a page.
const FROM: &str = "from=";

/// What stands in the form, and what is wrong with it.
pub(super) struct PlanForm {
    pub(super) name: String,
    pub(super) fault: Option<&'static str>,
    office: bool,
    organization: Option<OrganizationId>,
    organization_fault: Option<String>,
    interval: Interval,
    hour: Hour,
    policy: Policy,
    statement: String,
    statement_fault: Option<&'static str>,
    wants_form: bool,
}

impl Default for PlanForm {
    fn default() -> Self {
        Self {
            name: String::new(),
            fault: None,
            office: false,
            organization: None,
            organization_fault: None,
            interval: Interval::DAILY,
            hour: Hour::DEFAULT,
            policy: Policy::Nothing,
            statement: String::new(),
            statement_fault: None,
            wants_form: false,
        }
    }
}

impl PlanForm {
    /// What a team is now.
    pub(super) fn of(team: &Team) -> Self {
        Self {
            name: page::team(&team.name),
            fault: None,
            office: team.kind == TeamKind::Office,
            organization: team.organization,
            organization_fault: None,
            interval: team.interval,
            hour: team.hour,
            policy: team.policy,
            statement: team.statement.as_ref().map_or("", |line| line.as_str()).to_owned(),
            statement_fault: None,
            wants_form: team.wants_form,
        }
    }

    /// What was typed, as it was typed.
    pub(super) fn typed(form: &Form) -> Self {
        let number = |name: &str| form.text(name).parse::<usize>().unwrap_or_default();
        let organization = form.text("organization").parse().ok().filter(|id| *id != 0);
        Self {
            name: form.text("name").to_owned(),
            office: number("kind") == 1,
            organization: organization.map(OrganizationId),
            interval: Interval::ALL.get(number("interval")).copied().unwrap_or(Interval::DAILY),
            hour: u8::try_from(number("hour")).ok().and_then(Hour::new).unwrap_or(Hour::DEFAULT),
            policy: Policy::ALL.get(number("policy")).copied().unwrap_or(Policy::Nothing),
            statement: form.text("statement").to_owned(),
            wants_form: number("wants_form") == 1,
            ..Self::default()
        }
    }

    /// Reads the form of a team, or of one to be made; what is wrong comes back with what was typed.
    pub(super) fn read(
        form: &Form,
        by: &SignedIn,
        organizations: &[Organization],
        team: Option<TeamId>,
    ) -> Result<TeamPlan, Box<Self>> {
        let mut typed = Self::typed(form);
        let name = Name::of_team(&typed.name);
        let statement = Line::read(&typed.statement, STATEMENT_CHARS_MAX);
        typed.fault = name.as_ref().err().map(|fault| words::name_fault(*fault));
        typed.statement_fault = statement.as_ref().err().map(|fault| desk::fault(*fault));
        let full = |o: &Organization| o.teams.len() >= ORGANIZATION_TEAMS_MAX;
        let elsewhere = |o: &Organization| team.is_none_or(|team| !o.teams.contains(&team));
        let wanted = organizations.iter().find(|o| Some(o.id) == typed.organization);
        typed.organization_fault = wanted
            .filter(|organization| full(organization) && elsewhere(organization))
            .map(|_| words::full_of_teams(ORGANIZATION_TEAMS_MAX));
        if wanted.is_none() && !by.staff.scope.is_everything() {
            typed.organization_fault = Some(labels::CHOOSE_ORGANIZATION.to_owned());
        }
        let (Ok(name), Ok(statement), None) = (name, statement, &typed.organization_fault) else {
            return Err(Box::new(typed));
        };
        Ok(TeamPlan {
            name,
            office: typed.office,
            organization: typed.organization,
            interval: typed.interval,
            hour: typed.hour,
            policy: typed.policy,
            statement,
            wants_form: typed.wants_form,
        })
    }

    /// The fields. The kind of a team is chosen once.
    pub(super) fn fields(
        &self,
        by: &SignedIn,
        organizations: &[Organization],
        rules: &Rules,
        new: bool,
    ) -> Markup {
        let kinds = [TeamKind::Organization, TeamKind::Office].map(words::kind);
        let intervals = Interval::ALL.map(words::interval);
        let hour = |hour| words::hour(hour, rules.alert_time(hour));
        let hours: Vec<String> = (0..24).filter_map(Hour::new).map(hour).collect();
        let hours: Vec<&str> = hours.iter().map(String::as_str).collect();
        let interval = Interval::ALL.iter().position(|known| *known == self.interval);
        let name = Input::new("name", Shape::Line(60), labels::NAME, labels::NAME_HELP);
        let policies = Policy::ALL.map(words::policy);
        let policy = Policy::ALL.iter().position(|known| *known == self.policy);
        let shape = Shape::Line(STATEMENT_CHARS_MAX * 2);
        let statement = Input::new("statement", shape, labels::STATEMENT, labels::STATEMENT_HELP);
        html! {
            (name.with(&self.name).faulty(self.fault).markup())
            @if new { (choice("kind", labels::KIND, &kinds, Some(usize::from(self.office)), None)) }
            (self.belonging(by, organizations))
            p.help { (labels::PROPOSAL_HELP) }
            div.row {
                (choice("interval", labels::INTERVAL, &intervals, interval, None))
                (choice("hour", labels::HOUR, &hours, Some(usize::from(self.hour.get())), None))
            }
            (choice("policy", labels::POLICY, &policies, policy, None))
            (statement.with(&self.statement).faulty(self.statement_fault).markup())
            (choice("wants_form", labels::FORM, &labels::NO_YES, Some(usize::from(self.wants_form)), None))
        }
    }
}

impl PlanForm {
    /// The organization that the team belongs to.
    fn belonging(&self, by: &SignedIn, organizations: &[Organization]) -> Markup {
        let named = organizations.iter().map(|known| (known.id.0, known.name.as_str()));
        let none = by.staff.scope.is_everything().then_some((0, labels::NO_ORGANIZATION));
        let options: Vec<(u32, &str)> = none.into_iter().chain(named).collect();
        let chosen = Some(self.organization.map_or(0, |id| id.0));
        let fault = self.organization_fault.as_deref();
        select("organization", labels::ORGANIZATION, &options, chosen, fault)
    }
}

/// One line of the list.
struct Row {
    team: Team,
    members: usize,
    managers: usize,
    organization: Option<String>,
}

/// The list.
pub(super) fn show(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    view(visit, by, StatusCode::OK, &PlanForm::default())
}

/// Makes a team.
pub(super) async fn make(visit: &Visit<'_>, by: &SignedIn) -> Result<Response, Trouble> {
    let organizations = organizations(&visit.site.store.read()?, by)?;
    let plan = match PlanForm::read(&visit.form, by, &organizations, None) {
        Ok(plan) => plan,
        Err(typed) => return view(visit, by, StatusCode::UNPROCESSABLE_ENTITY, &typed),
    };
    let deed = Deed::Desk { by: by.staff.id, act: DeskAct::MakeTeam(plan) };
    visit.office().act(visit.now, deed).await?;
    Ok(Response::redirect_see_other("/staff/teams"))
}

fn view(
    visit: &Visit<'_>,
    by: &SignedIn,
    status: StatusCode,
    form: &PlanForm,
) -> Result<Response, Trouble> {
    let from = visit.request.query.strip_prefix(FROM).and_then(|id| id.parse().ok()).unwrap_or(0);
    let reading = visit.site.store.read()?;
    let organizations = organizations(&reading, by)?;
    let mut teams = teams_from(&reading, by, &organizations, from)?;
    let next = (teams.len() > TEAMS_MAX).then(|| teams.pop().map(|team| team.id)).flatten();
    let lines: Vec<Row> = teams
        .into_iter()
        .map(|team| line(&reading, &organizations, team))
        .collect::<Result<_, _>>()?;
    drop(reading);
    let body = html! {
        h1 { (list::TITLE) }
        @if lines.is_empty() { p.notice { (list::EMPTY) } } @else { (shown(&lines)) }
        @if !lines.is_empty() { (lists::link(by, "teams")) }
        @if let Some(next) = next {
            p { (list::MORE) " " a.action href={ "/staff/teams?" (FROM) (next) } { (list::NEXT) } }
        }
        @if may_change(by) {
            h2 { (list::MAKE) }
            form.entry method="post" action="/staff/teams" {
                (visit.word())
                (form.fields(by, &organizations, &visit.site.rules, true))
                button.button type="submit" { (list::MAKE_NOW) }
            }
        }
    };
    Ok(visit.desk_page(by, status, list::TITLE, &body))
}

/// The organizations that this account is for.
pub(super) fn organizations(
    reading: &Reading,
    by: &SignedIn,
) -> Result<Vec<Organization>, StoreError> {
    let mut all = reading.organizations()?;
    all.retain(|organization| by.staff.scope.has(Some(organization.id)));
    Ok(all)
}

/// The teams of a page, and one more if there is one.
fn teams_from(
    reading: &Reading,
    by: &SignedIn,
    organizations: &[Organization],
    from: u32,
) -> Result<Vec<Team>, StoreError> {
    if by.staff.scope.is_everything() {
        return reading.teams_from(from, TEAMS_MAX + 1);
    }
    let mut ids: Vec<TeamId> = organizations.iter().flat_map(|o| o.teams.clone()).collect();
    ids.sort_unstable();
    ids.retain(|id| id.0 >= from);
    let teams = ids.into_iter().take(TEAMS_MAX + 1).map(|id| reading.team(id));
    Ok(teams.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

fn line(reading: &Reading, organizations: &[Organization], team: Team) -> Result<Row, StoreError> {
    let of = |id| organizations.iter().find(|o| Some(o.id) == id).map(|o| o.name.to_string());
    Ok(Row {
        members: reading.member_count(team.id, Role::Member)?,
        managers: reading.member_count(team.id, Role::Manager)?,
        organization: of(team.organization),
        team,
    })
}

/// The teams as a file: those of families are their own.
pub(super) fn table(asked: &Asked<'_>) -> Result<Table, StoreError> {
    let organizations = organizations(asked.reading, asked.by)?;
    let mut rows = Vec::new();
    for team in asked.reading.teams_from(0, FILE_MAX)? {
        let family = team.kind == TeamKind::Personal;
        if family || !asked.by.staff.scope.has(team.organization) {
            continue;
        }
        let Row { team, members, managers, organization } =
            line(asked.reading, &organizations, team)?;
        rows.push(vec![
            team.id.to_string(),
            page::team(&team.name),
            words::kind(team.kind).to_owned(),
            members.to_string(),
            managers.to_string(),
            words::proposal(team.interval, team.hour),
            words::policy(team.policy).to_owned(),
            organization.unwrap_or_default(),
        ]);
    }
    Ok(Table { columns: list_words::TEAM_COLUMNS.to_vec(), rows })
}

fn shown(lines: &[Row]) -> Markup {
    let rows = html! {
        @for Row { team, members, managers, organization } in lines {
            tr {
                td.number { (team.id) }
                th scope="row" {
                    a href={ "/staff/teams/" (team.id) } { (page::team(&team.name)) }
                }
                td { (words::kind(team.kind)) }
                td { (words::count(*members, *managers)) }
                td { (words::proposal(team.interval, team.hour)) }
                td { (organization.as_deref().unwrap_or_default()) }
            }
        }
    };
    layout::table(list::TITLE, &list::COLUMNS, &rows)
}
