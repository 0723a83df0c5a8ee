//! One stored record of any bytes, in a data file that is sound otherwise: it is read, or refused with an error, and
//! what was read is the same once it was written anew.

use std::fmt::Debug;
use std::io;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use anshin::domain::id::{BulletinId, CaseId, GroupId, OrganizationId, PersonId, StaffId, TeamId};
use anshin::domain::invitation::Code;
use anshin::domain::staff::TokenHash;
use anshin::domain::team::Role;
use anshin::store::{Reading, Store, StoreError, Tables};
use redb::{Database, Key, StorageBackend, TableDefinition};

const SECRET: [u8; 32] = [42; 32];
const CODE: [u8; 8] = *b"K7M42QXY";
const TOKEN: [u8; 32] = [7; 32];
const ROW: [u8; 16] = [9; 16];

/// Kinds of records; the first byte chooses one.
pub(crate) const KINDS: usize = 24;

/// A data file with nothing in it.
static EMPTY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let memory = Memory::default();
    drop(Store::over(memory.clone(), SECRET).expect("a new data file"));
    let bytes = memory.bytes();
    bytes.clone()
});

pub(crate) fn run(bytes: &[u8]) {
    // An error is an answer; a panic or an endless list is none.
    let _ = reads(bytes);
}

/// Whether there is something to read, and it is read.
pub(crate) fn reads(bytes: &[u8]) -> bool {
    let Some((kind, record)) = bytes.split_first() else { return false };
    let kind = usize::from(*kind) % KINDS;
    let memory = Memory(Arc::new(Mutex::new(EMPTY.clone())));
    plant(memory.clone(), kind, record);
    let store = Store::over(memory, SECRET).expect("a sound data file");
    again(&store, kind).is_ok()
}

/// Puts the record where one of its kind lies.
fn plant(memory: Memory, kind: usize, record: &[u8]) {
    let database = redb::Builder::new().create_with_backend(memory).expect("a sound data file");
    match kind {
        0 => put::<u32>(&database, "persons", 1, record),
        1 => put::<u32>(&database, "teams", 1, record),
        2 => put::<(u32, u8, u32)>(&database, "members", (1, 1, 1), record),
        3 => put::<[u8; 8]>(&database, "invitations", CODE, record),
        4 => put::<u32>(&database, "cases", 1, record),
        5 => put::<u32>(&database, "organizations", 1, record),
        6 => put::<[u8; 16]>(&database, "outbox", ROW, record),
        7 => put::<(u32, i64)>(&database, "rounds", (1, 1), record),
        8 => put::<u64>(&database, "journal", 1, record),
        9 => put::<u32>(&database, "staff", 1, record),
        10 => put::<u32>(&database, "details", 1, record),
        11 => put::<(u32, u32)>(&database, "records", (1, 1), record),
        12 => put::<[u8; 32]>(&database, "sessions", TOKEN, record),
        13 => put::<(u32, [u8; 32])>(&database, "page_sessions", (1, TOKEN), record),
        14 => put::<u32>(&database, "groups", 1, record),
        15 => put::<(u32, u32)>(&database, "participants", (1, 1), record),
        16 => put::<u32>(&database, "bulletins", 1, record),
        17 => put::<(u32, u32)>(&database, "receipts", (1, 1), record),
        18 => put::<u64>(&database, "opinions", 1, record),
        19 => put::<u32>(&database, "terms", 1, record),
        20 => put::<&str>(&database, "meta", "service", record),
        21 => put::<&str>(&database, "meta", "account", record),
        22 => put::<&str>(&database, "meta", "training_anchor", record),
        _ => put::<&str>(&database, "meta", "face", record),
    }
}

fn put<K: Key + 'static>(database: &Database, table: &str, key: K::SelfType<'_>, record: &[u8]) {
    let writing = database.begin_write().expect("a transaction");
    let table: TableDefinition<'_, K, &[u8]> = TableDefinition::new(table);
    writing.open_table(table).expect("a table").insert(key, record).expect("a record");
    writing.commit().expect("a commit");
}

/// Reads the record, writes what was read, and reads that.
fn again(store: &Store, kind: usize) -> Result<(), StoreError> {
    let person = PersonId(1);
    match kind {
        0 => kept(store, |r| r.person(person), |t, x| t.put_person(x)),
        1 => kept(store, |r| r.team(TeamId(1)), |t, x| t.put_team(x)),
        2 => kept(store, |r| r.member((TeamId(1), Role::Member, person)), |t, x| t.put_member(x)),
        3 => kept(store, |r| r.invitation(Code::stored(CODE)), |t, x| t.put_invitation(x)),
        4 => kept(store, |r| r.case(CaseId(1)), |t, x| t.put_case(x)),
        5 => kept(store, |r| r.organization(OrganizationId(1)), |t, x| t.put_organization(x)),
        6 => kept(store, |r| Ok(r.rows()?.pop()), |t, x| t.put_row(x)),
        7 => {
            kept(store, |r| Ok(r.past_rounds(person, 9)?.pop()), |t, past| t.put_past(person, past))
        }
        8 => kept(
            store,
            |r| Ok(r.journal_last()?.map(|entry| (entry.at, entry.fact))),
            |t, (at, fact)| t.journal(*at, &[*fact]),
        ),
        9 => kept(store, |r| r.staff(StaffId(1)), |t, x| t.put_staff(x)),
        10 => kept(store, |r| r.details(person), |t, details| t.put_details(person, details)),
        11 => {
            kept(store, |r| r.last_record(CaseId(1)), |t, record| t.add_record(CaseId(1), record))
        }
        12 => kept(store, |r| r.session(TokenHash(TOKEN)), |t, x| t.put_session(x)),
        13 => {
            kept(store, |r| r.page_session(person, TokenHash(TOKEN)), |t, x| t.put_page_session(x))
        }
        14 => kept(store, |r| r.group(GroupId(1)), |t, x| t.put_group(x)),
        15 => kept(store, |r| Ok(r.participants(GroupId(1))?.pop()), |t, x| t.put_participant(x)),
        16 => kept(store, |r| r.bulletin(BulletinId(1)), |t, x| t.put_bulletin(x)),
        17 => kept(
            store,
            |r| Ok(r.receipts(BulletinId(1))?.pop()),
            |t, (to, receipt)| t.put_receipt(BulletinId(1), *to, receipt),
        ),
        18 => kept(store, |r| Ok(r.newest_opinions(1)?.pop()), |t, x| t.add_opinion(x)),
        19 => kept(store, |r| Ok(r.terms()?.pop()), |t, x| t.put_terms(x)),
        20 => kept(store, |r| r.service().map(Some), |t, x| t.put_service(x)),
        21 => kept(store, Reading::account, |t, x| t.set_account(x)),
        22 => kept(store, Reading::training, |t, anchor| t.set_training(*anchor)),
        _ => kept(store, |r| r.face().map(Some), |t, x| t.put_face(x)),
    }
}

fn kept<T: Debug>(
    store: &Store,
    read: impl Fn(&Reading) -> Result<Option<T>, StoreError>,
    write: impl Fn(&mut Tables<'_>, &T) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let first = read(&store.read()?)?.expect("the record is there");
    let writing = store.write()?;
    write(&mut writing.tables(), &first).expect("what was read can be written");
    writing.commit()?;
    let second = read(&store.read()?).expect("what was written can be read");
    assert_eq!(format!("{first:?}"), format!("{:?}", second.expect("it is still there")));
    Ok(())
}

/// A file in memory that can be opened twice, one after the other.
#[derive(Clone, Default, Debug)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Memory {
    fn bytes(&self) -> std::sync::MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StorageBackend for Memory {
    fn len(&self) -> io::Result<u64> {
        Ok(self.bytes().len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let start = offset as usize;
        out.copy_from_slice(&self.bytes()[start..start + out.len()]);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.bytes().resize(len as usize, 0);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let start = offset as usize;
        self.bytes()[start..start + data.len()].copy_from_slice(data);
        Ok(())
    }
}
