//! What is done to or with an account of staff, and what the journal says about it. Random tokens,
//! hashes and the moment are made outside and come along.

use super::{DeskAct, PasswordHash, SavedList, Scope, SecondFactor, StaffRole, TokenHash};
use crate::domain::id::{BulletinId, CaseId, OrganizationId, PersonId, StaffId, TeamId};
use crate::domain::name::Name;
use crate::domain::person::EndReason;
use crate::domain::time::Moment;

/// What was shown to prove who somebody is. It holds only as long as the account still has the same
/// password and the same second factor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proof {
    /// The stored password that the typed one matched.
    pub password: PasswordHash,
    /// The second factor.
    pub factor: Factor,
}

/// A second factor that was shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Factor {
    /// A number of an app, made from this secret for this half minute.
    Number(SecondFactor),
    /// A recovery code.
    Recovery(TokenHash),
}

/// Something done to or with an account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StaffAct {
    /// When, by the clock of the desk: it is the machine's own even where time runs faster for
    /// practice, because the numbers of the second factor follow it.
    pub at: Moment,
    /// What.
    pub deed: Deed,
}

/// What was done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Deed {
    /// Makes an account, with a link for its owner.
    Add {
        /// Its name.
        name: Name,
        /// What it may do.
        role: StaffRole,
        /// Whose affairs it is for.
        scope: Scope,
        /// Where its owner gets mail.
        mail: Option<String>,
        /// The hash of the link's token.
        invitation: TokenHash,
        /// Whoever made it in the console; `None` at the server's command line.
        by: Option<StaffId>,
    },
    /// A new link; the old password, second factor and all sessions stop.
    Reset {
        /// Whose.
        staff: StaffId,
        /// The hash of the link's token.
        invitation: TokenHash,
        /// Whoever did it in the console; `None` at the server's command line.
        by: Option<StaffId>,
    },
    /// What an account may do from here on.
    Change {
        /// Whose.
        staff: StaffId,
        /// What it may do from here on.
        role: StaffRole,
        /// Whose affairs it is for from here on.
        scope: Scope,
        /// By whom.
        by: StaffId,
    },
    /// The owner came by the link, chose a password and confirmed a second factor.
    Accept {
        /// Who.
        staff: StaffId,
        /// The hash of the link's token.
        invitation: TokenHash,
        /// The password.
        password: PasswordHash,
        /// The second factor with the number that confirmed it.
        factor: SecondFactor,
        /// The recovery codes.
        recovery: Vec<TokenHash>,
        /// The session that begins with it.
        session: TokenHash,
    },
    /// Logged in, or proved again who they are.
    LoggedIn {
        /// Who.
        staff: StaffId,
        /// What they showed.
        proof: Proof,
        /// The session that begins with it.
        session: TokenHash,
        /// The session that the browser was in before.
        instead_of: Option<TokenHash>,
    },
    /// Tried to log in, or to prove who they are, in vain.
    LogInFailed {
        /// As whom.
        staff: StaffId,
    },
    /// Changed the password; all sessions stop but the one that begins with it.
    NewPassword {
        /// Who.
        staff: StaffId,
        /// What they showed.
        proof: Proof,
        /// The new password.
        password: PasswordHash,
        /// The session that begins with it.
        session: TokenHash,
    },
    /// Changed the second factor, having proved who they are; all sessions stop but the one that
    /// begins with it.
    NewFactor {
        /// Who.
        staff: StaffId,
        /// The session in which it was done.
        within: TokenHash,
        /// The second factor with the number that confirmed it.
        factor: SecondFactor,
        /// The recovery codes.
        recovery: Vec<TokenHash>,
        /// The session that begins with it.
        session: TokenHash,
    },
    /// Did something in a session.
    Seen {
        /// Which.
        session: TokenHash,
    },
    /// Logged out.
    LoggedOut {
        /// Of which session.
        session: TokenHash,
    },
    /// An account is stopped, and all its sessions.
    Stop {
        /// Which.
        staff: StaffId,
        /// By whom.
        by: StaffId,
    },
    /// At the server's command line everything that is kept about somebody is taken out, for themselves.
    Dossier {
        /// About whom.
        person: PersonId,
    },
    /// At the server's command line everything that is kept about everyone is written out.
    Exported,
    /// Somebody did something at the desk.
    Desk {
        /// Who.
        by: StaffId,
        /// What.
        act: DeskAct,
    },
}

/// What was decided about an account, for the journal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StaffFact {
    /// An account was made.
    Added(StaffId, StaffRole),
    /// It got a new link; everything before it has ended.
    Reset(StaffId),
    /// Its owner set it up.
    Accepted(StaffId),
    /// Logged in, or proved again who they are.
    LoggedIn(StaffId),
    /// A log-in failed; so many in a row.
    LogInFailed(StaffId, u32),
    /// A recovery code was used; so many are left.
    RecoveryUsed(StaffId, u32),
    /// Changed the password.
    NewPassword(StaffId),
    /// Changed the second factor.
    NewFactor(StaffId),
    /// Did something in a session.
    Seen(StaffId),
    /// Logged out.
    LoggedOut(StaffId),
    /// The first was stopped by the second.
    Stopped(StaffId, StaffId),
    /// Wrote down what was done about a case.
    Recorded(StaffId, CaseId),
    /// Changed what is known about a person.
    DetailsChanged(StaffId, PersonId),
    /// Looked at personal data.
    Viewed(StaffId, PersonId),
    /// Gave a case that the office had taken back to everyone.
    Released(StaffId, CaseId),
    /// Made a team.
    TeamMade(StaffId, TeamId),
    /// Changed a team.
    TeamChanged(StaffId, TeamId),
    /// Made an invitation into a team.
    Invited(StaffId, TeamId),
    /// Made an organization.
    OrganizationMade(StaffId, OrganizationId),
    /// Changed an organization, or who heads it.
    OrganizationChanged(StaffId, OrganizationId),
    /// Wanted to let somebody rest, and did not know enough about them.
    Mistaken(StaffId, PersonId),
    /// Set until when somebody is a member.
    MembershipSet(StaffId, PersonId),
    /// Looked at a list with the full names of so many.
    Listed(StaffId, u32),
    /// Saved what is known about so many as a file.
    Exported(StaffId, u32),
    /// Saved a list of so many lines as a file.
    Saved(StaffId, SavedList, u32),
    /// Handed out a link for an account, the second.
    LinkMade(StaffId, StaffId),
    /// Changed what an account, the second, may do.
    AccountChanged(StaffId, StaffId),
    /// Wrote down people without LINE: so many, from a number on.
    Registered(StaffId, PersonId, u32),
    /// Took them back.
    Unregistered(StaffId, PersonId, u32),
    /// Phoned somebody, who did not take the call.
    PhonedInVain(StaffId, PersonId),
    /// Ended the watch over somebody.
    EndedWatch(StaffId, PersonId),
    /// Took somebody who watched out of a team.
    TookOut(StaffId, PersonId, TeamId, EndReason),
    /// Changed days and hour of somebody.
    Retimed(StaffId, PersonId),
    /// Changed how the service presents itself.
    FaceChanged(StaffId),
    /// Published a version of the terms.
    TermsPublished(StaffId, u16),
    /// Connected the channel of LINE.
    Connected(StaffId),
    /// Told LINE where we are.
    WebhookTold(StaffId),
    /// Sent a letter to themselves, to see whether letters leave.
    MailTried(StaffId),
    /// Began a round of practice.
    PracticeBegun(StaffId),
    /// Ended it before its time.
    PracticeStopped(StaffId),
    /// Confirmed a point of the set-up, by its bit.
    Confirmed(StaffId, u32),
    /// Made a bulletin.
    BulletinMade(StaffId, BulletinId),
    /// Took a bulletin back, or stopped it.
    BulletinStopped(StaffId, BulletinId),
    /// Sent a bulletin once more, to some.
    BulletinAgain(StaffId, BulletinId),
    /// Took out everything that is kept about somebody, for themselves.
    Dossier(StaffId, PersonId),
    /// Forgot somebody.
    Erased(StaffId, PersonId),
}
