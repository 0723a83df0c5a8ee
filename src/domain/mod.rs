//! The rules of the check-in, and nothing else.
//!
//! No input or output, no clock, no randomness, no async, and no panic on any input: the present
//! moment is an argument, identifiers are derived from what is already known, and a repeated or
//! stale event changes nothing. Everything here can be replayed and gives the same answer.
//!
//! In reading order: what things are ([`person`], [`membership`], [`team`], [`organization`], [`round`],
//! [`rhythm`], [`pause`], [`case`], [`ladder`], [`invitation`], [`group`]), what is written down about a person
//! ([`details`], [`record`]), what the office says to many ([`bulletin`]), what people do on pages of ours ([`page`]), what the service knows about itself
//! ([`service`], [`hearing`], [`quota`], [`certificate`], [`vitals`], [`checkup`]), how it is tried out ([`practice`]), what is counted ([`age`]), what can happen ([`event`], [`press`]), how it is decided
//! ([`scene`], [`decide`]), and what follows ([`decision`], [`message`], [`fact`]).

pub mod age;
pub mod bulletin;
pub mod case;
pub mod certificate;
pub mod checkup;
pub mod decide;
pub mod decision;
pub mod details;
pub mod erasure;
pub mod event;
pub mod face;
pub mod fact;
pub mod group;
pub mod hearing;
pub mod id;
pub mod invitation;
pub mod ladder;
pub mod mail;
pub mod membership;
pub mod message;
pub mod name;
pub mod opinion;
pub mod organization;
pub mod page;
pub mod pause;
pub mod person;
pub mod practice;
pub mod press;
pub mod quota;
pub mod record;
pub mod rhythm;
pub mod round;
pub mod rules;
pub mod scene;
pub mod schedule;
pub mod service;
pub mod staff;
pub mod team;
pub mod time;
pub mod vitals;
