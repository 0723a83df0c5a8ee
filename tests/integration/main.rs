//! Behaviour through the public doors: webhook in, LINE out, pages, command line. One binary; each
//! module is a matter, each test a sentence.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

mod astray;
mod bulletins;
mod cases;
mod check_in;
mod cli;
mod clock;
mod config;
mod delivery;
mod demo;
mod districts;
mod flood;
mod golden;
mod groups;
mod heartbeat;
mod house;
mod http_limits;
mod https;
mod invitation;
mod joining;
mod journal;
mod ladder;
mod leaving;
mod letters;
mod mail;
mod many;
mod members;
mod menu;
mod messages;
mod odd_input;
mod outage;
mod phone;
mod phoned;
mod practice;
mod program;
mod properties;
mod quiet;
mod reach;
mod receiver;
mod restart;
mod restored;
mod rests;
mod schedule_flow;
mod service;
mod signs;
mod staff;
mod standstill;
mod taking_out;
mod told;
mod way_around;
mod webhook;
mod world;
