//! The judge: an image opens as the server opens its file, and holds exactly what was acknowledged, or that
//! and what was under way.

use std::panic::AssertUnwindSafe;

use anshin::store::{Store, StoreError};

use crate::disk::Disk;
use crate::image::Image;
use crate::server::dump;

/// What was found in an image.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Found {
    Acknowledged,
    UnderWay,
    /// It was not opened, or not read.
    Refused,
}

/// Opens what is on a disk as the server does.
pub(crate) fn open(disk: &Disk) -> Result<Store, StoreError> {
    Store::over_existing(Disk::new(disk.image()), disk.clone())
}

/// Opens an image, reads everything and closes it again. What must not happen is told as words.
pub(crate) fn judge(
    image: &Image,
    acknowledged: &[u8],
    under_way: Option<&[u8]>,
) -> Result<Found, String> {
    let disk = Disk::new(image.clone());
    let looked = guarded(|| open(&disk).and_then(|store| dump(&store)))?;
    match looked {
        Err(_) => Ok(Found::Refused),
        Ok(state) if state == acknowledged => Ok(Found::Acknowledged),
        Ok(state) if Some(state.as_slice()) == under_way => Ok(Found::UnderWay),
        Ok(state) => Err(format!(
            "{} bytes of records that were never together; {} were acknowledged",
            state.len(),
            acknowledged.len()
        )),
    }
}

/// The same, where being refused is a loss too.
pub(crate) fn judge_whole(
    image: &Image,
    acknowledged: &[u8],
    under_way: Option<&[u8]>,
) -> Result<Found, String> {
    match judge(image, acknowledged, under_way)? {
        Found::Refused => {
            let fault = open(&Disk::new(image.clone())).err();
            Err(format!("refused: {}", fault.map_or("when read".to_owned(), |f| f.to_string())))
        }
        found => Ok(found),
    }
}

/// Runs something that must not panic.
pub(crate) fn guarded<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    std::panic::catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        format!("panic: {}", text.unwrap_or_default())
    })
}
