//! Accounts of staff and their sessions, to and from the scene of an event. A step reads all accounts
//! only where a name must be free.

use crate::domain::id::StaffId;
use crate::domain::scene::Scene;
use crate::domain::staff::{Deed, TokenHash};
use crate::store::{StoreError, Tables};

/// Loads what a deed concerns.
pub(super) fn load(tables: &Tables<'_>, deed: &Deed, scene: &mut Scene) -> Result<(), StoreError> {
    match deed {
        Deed::Add { by, .. } => {
            all(tables, scene)?;
            by.map_or(Ok(()), |by| account(tables, by, scene))
        }
        Deed::Reset { staff, .. } => {
            all(tables, scene)?;
            account(tables, *staff, scene)
        }
        Deed::Accept { staff, .. }
        | Deed::LogInFailed { staff }
        | Deed::NewPassword { staff, .. }
        | Deed::NewFactor { staff, .. }
        | Deed::Desk { by: staff, .. } => account(tables, *staff, scene),
        Deed::LoggedIn { staff, instead_of, .. } => {
            account(tables, *staff, scene)?;
            instead_of.map_or(Ok(()), |before| session(tables, before, scene))
        }
        Deed::Seen { session: token } | Deed::LoggedOut { session: token } => {
            session(tables, *token, scene)
        }
        Deed::Dossier { .. } | Deed::Exported => Ok(()),
        Deed::Stop { staff, by } | Deed::Change { staff, by, .. } => {
            account(tables, *staff, scene)?;
            account(tables, *by, scene)
        }
    }
}

fn all(tables: &Tables<'_>, scene: &mut Scene) -> Result<(), StoreError> {
    for staff in tables.all_staff()? {
        scene.staff.load(staff.id, staff);
    }
    Ok(())
}

/// An account with its sessions.
fn account(tables: &Tables<'_>, id: StaffId, scene: &mut Scene) -> Result<(), StoreError> {
    if let Some(staff) = tables.staff(id)? {
        scene.staff.load(id, staff);
    }
    for session in tables.sessions_of(id)? {
        scene.sessions.load(session.token, session);
    }
    Ok(())
}

fn session(tables: &Tables<'_>, token: TokenHash, scene: &mut Scene) -> Result<(), StoreError> {
    if let Some(session) = tables.session(token)? {
        scene.sessions.load(token, session);
    }
    Ok(())
}

/// Writes what was changed.
pub(super) fn write(tables: &mut Tables<'_>, scene: &Scene) -> Result<(), StoreError> {
    for (_, staff) in scene.staff.changes() {
        staff.map_or(Ok(()), |staff| tables.put_staff(staff))?;
    }
    for (token, session) in scene.sessions.changes() {
        match session {
            Some(session) => tables.put_session(session)?,
            None => tables.remove_session(*token)?,
        }
    }
    Ok(())
}
