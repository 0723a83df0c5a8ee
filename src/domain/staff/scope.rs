//! Whose affairs somebody of the staff looks after: everyone's, or those of some organizations. What is outside
//! does not exist for them, and the rules hold to it as well as the pages.

use crate::domain::id::OrganizationId;

/// Organizations that one account can be limited to.
pub const SCOPE_MAX: usize = 50;

/// What an account may see and do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Scope {
    /// Everything that is the office's business.
    #[default]
    Everything,
    /// The teams of these organizations and who is asked in them. With none of them it is nothing.
    Only(Vec<OrganizationId>),
}

impl Scope {
    /// Whether nothing is left out.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        *self == Self::Everything
    }

    /// Whether a team that belongs to this organization, or to none, is within.
    #[must_use]
    pub fn has(&self, organization: Option<OrganizationId>) -> bool {
        match self {
            Self::Everything => true,
            Self::Only(known) => organization.is_some_and(|id| known.contains(&id)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_limited_to_nothing_sees_nothing_and_a_team_of_no_organization_is_nobodys() {
        let one = Some(OrganizationId(1));
        assert!(Scope::Everything.has(one) && Scope::Everything.has(None));
        assert!(!Scope::Only(Vec::new()).has(one));
        let only = Scope::Only(vec![OrganizationId(1)]);
        assert!(only.has(one) && !only.has(None) && !only.has(Some(OrganizationId(2))));
    }
}
