//! Pages that anyone may see. They name a team and a role, never a person.

pub mod card;
pub mod guess;
pub mod invite;
pub mod message;
pub mod qr;
pub mod ruby;
pub mod text;
