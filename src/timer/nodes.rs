//! What the wheel knows of each id, by the id. Room is made a page at a time, where ids are: numbers that nobody has,
//! as after a restore, which skips many, cost next to nothing.

/// A link is an id plus one, so that zero means "no link".
pub(super) const NO_LINK: u32 = 0;

/// Stands in `prev` of an id that has no timer.
pub(super) const ABSENT: u32 = u32::MAX;

/// Ids of one page: 12 KiB, and 8 bytes for a page that nobody needs.
const PAGE_IDS: usize = 1_024;

/// One id's place. 12 bytes; the due second counts from the wheel's base.
#[derive(Clone, Copy)]
pub(super) struct Node {
    pub(super) next: u32,
    pub(super) prev: u32,
    pub(super) due: u32,
}

pub(super) const VACANT: Node = Node { next: NO_LINK, prev: ABSENT, due: 0 };

/// See the module.
#[derive(Default)]
pub(super) struct Nodes {
    pages: Vec<Option<Box<[Node; PAGE_IDS]>>>,
}

/// The page of an id, and its place there.
fn place(id: u32) -> (usize, usize) {
    let id = id as usize;
    (id / PAGE_IDS, id % PAGE_IDS)
}

impl Nodes {
    /// The node of an id; vacant where nothing was ever set.
    pub(super) fn get(&self, id: u32) -> Node {
        let (page, place) = place(id);
        match self.pages.get(page) {
            Some(Some(nodes)) => nodes[place],
            Some(None) | None => VACANT,
        }
    }

    /// The node of an id, to be changed; room is made for it.
    pub(super) fn at(&mut self, id: u32) -> &mut Node {
        let (page, place) = place(id);
        if page >= self.pages.len() {
            self.pages.resize_with(page + 1, || None);
        }
        &mut self.pages[page].get_or_insert_with(|| Box::new([VACANT; PAGE_IDS]))[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_far_apart_take_a_page_each_and_nothing_between_them() {
        let mut nodes = Nodes::default();
        for id in [0, 1_023, 1_024, 5_000_000] {
            assert_eq!(nodes.get(id).prev, ABSENT);
            nodes.at(id).due = id + 1;
        }
        assert_eq!(
            [0, 1_023, 1_024, 5_000_000].map(|id| nodes.get(id).due),
            [1, 1_024, 1_025, 5_000_001]
        );
        assert_eq!(nodes.pages.iter().flatten().count(), 3);
        assert_eq!(nodes.get(u32::MAX).prev, ABSENT);
    }
}
