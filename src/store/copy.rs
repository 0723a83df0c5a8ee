//! Copies of a data file: made from one view of it while the writer goes on, and compared with it before anybody relies
//! on them. A copy is a data file like any other, without the space that the first one no longer uses.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use redb::TableDefinition;
use redb::backends::FileBackend;

use super::error::StoreError;
use super::open::{Store, builder, create};
use super::open_form::{OpenKey, OpenValue};
use super::read::Reading;
use super::table::ReadableTable;
use super::whole::{EachTable, Extent, each_table};
use super::write::Writing;

impl Reading {
    /// Writes everything that this view shows into a new file, readable by its owner alone, and compares the two. A file
    /// that is there already is not touched.
    pub fn copy_to(&self, path: &Path) -> Result<Extent, StoreError> {
        let unopenable = |cause| StoreError::Unopenable { path: path.to_owned(), cause };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true).mode(0o600);
        let file = options.open(path).map_err(unopenable)?;
        let cache = Store::CACHE_BYTES_MIN;
        let db = create(path, || builder(cache).create_with_backend(FileBackend::new(file)?))?;
        let copy = Store::of(db, None);
        self.copy_into(copy.write()?)?;
        drop(copy);
        let (extent, copied) = (self.extent()?, Store::survey(path)?.extent);
        if copied == extent {
            Ok(extent)
        } else {
            Err(StoreError::NoDatabase {
                path: path.to_owned(),
                cause: "the copy holds something else than the data file".to_owned(),
            })
        }
    }

    pub(super) fn copy_into(&self, writing: Writing) -> Result<(), StoreError> {
        each_table(&mut Copy { from: self, to: &writing })?;
        writing.commit()
    }

    /// The same as in [`Reading::copy_to`], in memory.
    pub fn copy_in_memory(&self) -> Result<Store, StoreError> {
        let copy = Store::in_maps([0; 32])?;
        self.copy_into(copy.write()?)?;
        Ok(copy)
    }
}

struct Copy<'c> {
    from: &'c Reading,
    to: &'c Writing,
}

impl EachTable for Copy<'_> {
    fn table<K: OpenKey + 'static, V: OpenValue + 'static>(
        &mut self,
        table: TableDefinition<'static, K, V>,
    ) -> Result<(), StoreError> {
        let mut copy = self.to.txn.table(table);
        copy.create()?;
        for item in self.from.table(table)?.range::<K::SelfType<'_>>(..)? {
            let (key, value) = item?;
            copy.insert(key.value(), value.value())?;
        }
        Ok(())
    }
}
