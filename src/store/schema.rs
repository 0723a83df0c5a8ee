//! All tables on one screen. Numbers are the entity's own; times are milliseconds since 1970.

use redb::TableDefinition;

/// The version of the data file as a whole. Every change needs a migration, and a golden file
/// of the version before it.
pub const SCHEMA_VERSION: u32 = 3;

/// A table of encoded records by number.
pub(super) type ByNumber = TableDefinition<'static, u32, &'static [u8]>;

/// name → bytes: schema version, secret, next free number, LINE account,
/// state of the service.
pub(super) const META: TableDefinition<'static, &str, &[u8]> = TableDefinition::new("meta");
/// person → `PersonV2`
pub(super) const PERSONS: ByNumber = TableDefinition::new("persons");
/// LINE user id → person
pub(super) const ADDRESSES: TableDefinition<'static, &str, u32> = TableDefinition::new("addresses");
/// team → `TeamV2`
pub(super) const TEAMS: ByNumber = TableDefinition::new("teams");
/// (team, role, person) → `MemberV2`
pub(super) const MEMBERS: TableDefinition<'static, (u32, u8, u32), &[u8]> =
    TableDefinition::new("members");
/// (person, team, role): the same memberships from the other side
pub(super) const PLACES: TableDefinition<'static, (u32, u32, u8), ()> =
    TableDefinition::new("places");
/// code → `InvitationV2`
pub(super) const INVITATIONS: TableDefinition<'static, [u8; 8], &[u8]> =
    TableDefinition::new("invitations");
/// (team, code): the invitations of a team
pub(super) const TEAM_INVITATIONS: TableDefinition<'static, (u32, [u8; 8]), ()> =
    TableDefinition::new("team_invitations");
/// case → `CaseV2`
pub(super) const CASES: ByNumber = TableDefinition::new("cases");
/// cases that are open
pub(super) const OPEN_CASES: TableDefinition<'static, u32, ()> = TableDefinition::new("open_cases");
/// (person, case): the open cases that are about somebody, or of which they are told
pub(super) const CONCERNS: TableDefinition<'static, (u32, u32), ()> =
    TableDefinition::new("concerns");
/// organization → `OrganizationV1`
pub(super) const ORGANIZATIONS: ByNumber = TableDefinition::new("organizations");
/// entity → due time of its one timer
pub(super) const TIMERS: TableDefinition<'static, u32, i64> = TableDefinition::new("timers");
/// retry key → `RowV1`
pub(super) const OUTBOX: TableDefinition<'static, [u8; 16], &[u8]> = TableDefinition::new("outbox");
/// (person, due time) → `PastRoundV2`: rounds that ended
pub(super) const ROUNDS: TableDefinition<'static, (u32, i64), &[u8]> =
    TableDefinition::new("rounds");
/// (event time, event id): what was processed already; ordered by time, so that it can be pruned
pub(super) const SEEN: TableDefinition<'static, (i64, &str), ()> = TableDefinition::new("seen");
/// running number → `EntryV1`
pub(super) const JOURNAL: TableDefinition<'static, u64, &[u8]> = TableDefinition::new("journal");
/// account of staff → `StaffV1`
pub(super) const STAFF: ByNumber = TableDefinition::new("staff");
/// person → `DetailsV1`: all personal data beyond the nickname
pub(super) const DETAILS: ByNumber = TableDefinition::new("details");
/// (case, running number) → `RecordV1`: what staff wrote down
pub(super) const RECORDS: TableDefinition<'static, (u32, u32), &[u8]> =
    TableDefinition::new("records");
/// (case, number in the journal): the story of a case
pub(super) const STORIES: TableDefinition<'static, (u32, u64), ()> =
    TableDefinition::new("stories");
/// SHA-256 of a session's token → `SessionV1`
pub(super) const SESSIONS: TableDefinition<'static, [u8; 32], &[u8]> =
    TableDefinition::new("sessions");

/// (person, SHA-256 of a session's token) → `PageSessionV1`: who came to our pages from their chat
pub(super) const PAGE_SESSIONS: TableDefinition<'static, (u32, [u8; 32]), &[u8]> =
    TableDefinition::new("page_sessions");

/// group → `GroupV1`
pub(super) const GROUPS: ByNumber = TableDefinition::new("groups");
/// LINE group id → group
pub(super) const GROUP_ADDRESSES: TableDefinition<'static, &str, u32> =
    TableDefinition::new("group_addresses");
/// (group, person) → `ParticipantV1`
pub(super) const PARTICIPANTS: TableDefinition<'static, (u32, u32), &[u8]> =
    TableDefinition::new("participants");

/// bulletin → `BulletinV1`
pub(super) const BULLETINS: ByNumber = TableDefinition::new("bulletins");
/// (bulletin, number of person or group) → `ReceiptV1`: what came of it there
pub(super) const RECEIPTS: TableDefinition<'static, (u32, u32), &[u8]> =
    TableDefinition::new("receipts");

/// place in the order → `OpinionV1`: what people said of the service
pub(super) const OPINIONS: TableDefinition<'static, u64, &[u8]> = TableDefinition::new("opinions");

/// version → `TermsV1`: terms that staff wrote
pub(super) const TERMS: ByNumber = TableDefinition::new("terms");

/// person → `ErasureV1`: who was forgotten, without a word of who that was
pub(super) const ERASURES: ByNumber = TableDefinition::new("erasures");

/// The names of all tables, sorted: a file with others, or without one of them, is not ours.
pub(super) const TABLE_NAMES: [&str; 31] = [
    "addresses",
    "bulletins",
    "cases",
    "concerns",
    "details",
    "erasures",
    "group_addresses",
    "groups",
    "invitations",
    "journal",
    "members",
    "meta",
    "open_cases",
    "opinions",
    "organizations",
    "outbox",
    "page_sessions",
    "participants",
    "persons",
    "places",
    "receipts",
    "records",
    "rounds",
    "seen",
    "sessions",
    "staff",
    "stories",
    "team_invitations",
    "teams",
    "terms",
    "timers",
];
