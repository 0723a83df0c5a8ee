//! How the service presents itself, as somebody who answers for it decides.

use super::Step;
use crate::domain::face::{Face, Passage, Picture, Terms};
use crate::domain::fact::Fact;
use crate::domain::id::StaffId;
use crate::domain::staff::StaffFact;

/// Another name, number, colour or picture. Of two who change it at once, the second is told.
pub(super) fn change(step: &mut Step<'_>, by: StaffId, face: &Face, picture: Option<&Picture>) {
    let known = step.scene.face.clone();
    // A picture that is not there cannot be shown.
    let shown = face.banner.is_none()
        || face.banner == known.banner
        || face.banner == picture.map(|picture| picture.id);
    if face.version != known.version || !shown {
        return;
    }
    let version = face.version.saturating_add(1);
    step.scene.face = Face { version, ..face.clone() };
    step.scene.face_changed = true;
    step.scene.picture = picture.cloned();
    step.facts.push(Fact::Staff(StaffFact::FaceChanged(by)));
}

/// A new version of the terms. Whoever agreed to another one is not asked again before anything goes on: they read
/// of it on their page.
pub(super) fn publish(
    step: &mut Step<'_>,
    by: StaffId,
    texts: (&Passage, &Passage),
    on_top_of: u16,
) {
    let service = &step.scene.service;
    if service.terms_version != on_top_of {
        return;
    }
    let version = on_top_of.saturating_add(1);
    let (terms, privacy) = (texts.0.clone(), texts.1.clone());
    step.scene.new_terms = Some(Terms { version, since: step.now, terms, privacy });
    step.scene.change_service().terms_version = version;
    step.facts.push(Fact::Staff(StaffFact::TermsPublished(by, version)));
}
