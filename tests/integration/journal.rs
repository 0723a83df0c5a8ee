//! What the journal says of what people did: whoever asks later what happened has nothing else.

use anshin::domain::fact::Fact;
use serde_json::json;

use crate::world::{World, hours, minutes};

fn asked() -> (World, [String; 3]) {
    let mut world = World::new();
    let family = world.family("毎日", "9時");
    world.until_wall("2026-11-23T09:30:00");
    (world, family)
}

/// What was written down since an entry.
fn since(world: &World, number: u64) -> Vec<Fact> {
    let entries = world.store.read().unwrap().journal_after(number, usize::MAX).unwrap();
    entries.into_iter().map(|entry| entry.fact).collect()
}

fn press_of(world: &World, id: &str, user: &str, data: &str) -> serde_json::Value {
    let extra = json!({ "postback": { "data": data } });
    world.event(id, user, "postback", &extra)
}

#[test]
fn every_press_on_a_question_is_written_down_as_what_it_was() {
    let (mut world, [yoshiko, ..]) = asked();
    let id = world.id(&yoshiko);
    let due = world.round(&yoshiko).unwrap().due_at;
    let noted = |world: &mut World, act: &dyn Fn(&mut World)| {
        let before = world.journal_length();
        act(world);
        since(world, before)
    };
    let press = |world: &mut World| world.press(&yoshiko, "げんきです");
    assert_eq!(noted(&mut world, &press), [Fact::Answered(id, due)]);
    assert_eq!(noted(&mut world, &press), [Fact::WellAnyway(id)], "the same button again");
    let mistake = |world: &mut World| world.press(&yoshiko, "まちがえて押した");
    assert_eq!(noted(&mut world, &mistake), [Fact::TakenBack(id, due)]);
    assert_eq!(noted(&mut world, &press), [Fact::Answered(id, due)]);
    // In the evening she says so ahead of the next question.
    world.until_wall("2026-11-23T21:30:00");
    let tomorrow = world.timer(&yoshiko).unwrap();
    let says = |world: &mut World| world.say(&yoshiko, "げんきです");
    assert_eq!(noted(&mut world, &says), [Fact::AnsweredEarly(id, tomorrow)]);
    assert_eq!(noted(&mut world, &says), [Fact::WellAnyway(id)], "it is answered already");
}

#[test]
fn a_word_that_was_said_within_12_hours_before_a_question_answers_it_though_it_comes_after_it() {
    for (ahead, answers) in [(hours(1), true), (hours(12), true), (hours(12) + minutes(1), false)] {
        let (mut world, [yoshiko, ..]) = asked();
        let id = world.id(&yoshiko);
        let due = world.round(&yoshiko).unwrap().due_at;
        let before = world.journal_length();
        let said = json!({ "type": "text", "id": "400000000000000001", "text": "げんきです" });
        let extra = json!({ "timestamp": (due - ahead).millis(), "message": said });
        let event = world.event("E1", &yoshiko, "message", &extra);
        world.post(&[event]);
        assert_eq!(world.round(&yoshiko).is_none(), answers, "{ahead:?}");
        let fact = if answers { Fact::Answered(id, due) } else { Fact::StalePress(id, due) };
        assert!(since(&world, before).contains(&fact), "{ahead:?}: {:?}", since(&world, before));
    }
}

#[test]
fn the_button_of_somebody_elses_question_answers_nothing_for_anybody() {
    for label in ["げんきです", "すこし調子が悪い"] {
        let (mut world, [yoshiko, kenji, _]) = asked();
        let data = world.data(&yoshiko, label);
        let before = world.journal_length();
        let event = press_of(&world, "E1", &kenji, &data);
        world.post(&[event]);
        assert!(world.round(&yoshiko).is_some(), "{label}");
        assert_eq!(since(&world, before), [Fact::NotTheirs(world.id(&kenji))], "{label}");
        assert!(
            world.open_case(&yoshiko).is_none() && world.open_case(&kenji).is_none(),
            "{label}"
        );
    }
}
