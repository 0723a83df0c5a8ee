//! A story played on a disk: every operation in its order, and what had been acknowledged when.

use std::rc::Rc;

use anshin::store::Store;

use crate::disk::{Disk, Op};
use crate::image::Image;
use crate::server::{Server, Step, dump};
use crate::story;

/// A step on the disk.
pub(crate) struct Span {
    pub(crate) step: Step,
    /// Operations before it began, and before it was acknowledged.
    pub(crate) ops: (usize, usize),
    /// The disk when it began.
    pub(crate) before: Image,
}

pub(crate) struct Recording {
    /// The disk before the first step.
    pub(crate) base: Image,
    pub(crate) ops: Vec<Op>,
    pub(crate) spans: Vec<Span>,
    /// What the file held before each step, and after the last: one more than there are steps.
    pub(crate) states: Vec<Rc<Vec<u8>>>,
}

impl Recording {
    pub(crate) fn new(seed: u64) -> Self {
        let (steps, secret) = story::steps(seed);
        let empty = Disk::new(Image::default());
        drop(Store::over(empty.clone(), secret).unwrap());
        let base = empty.image();
        let disk = Disk::new(base.clone());
        let mut server = Some(serve(&disk));
        let mut states = vec![state(&server)];
        let mut spans = Vec::new();
        for step in steps {
            let (begun, before) = (disk.op_count(), disk.image());
            if matches!(step, Step::Restart) {
                drop(server.take());
                server = Some(serve(&disk));
            }
            server.as_mut().unwrap().take(&step).unwrap();
            spans.push(Span { step, ops: (begun, disk.op_count()), before });
            states.push(state(&server));
        }
        drop(server);
        Self { base, ops: disk.ops(), spans, states }
    }

    /// The steps that were acknowledged when so many operations were done.
    pub(crate) fn acknowledged(&self, done: usize) -> usize {
        self.spans.partition_point(|span| span.ops.1 <= done)
    }

    /// The bytes that a step wrote.
    pub(crate) fn bytes_of(&self, span: &Span) -> usize {
        let bytes = |op: &Op| if let Op::Write(_, bytes) = op { bytes.len() } else { 0 };
        self.ops[span.ops.0..span.ops.1].iter().map(bytes).sum()
    }

    /// What the file may hold when the power fails after so many operations: what was acknowledged, and what
    /// was under way.
    pub(crate) fn allowed(&self, done: usize) -> (&[u8], Option<&[u8]>) {
        let acknowledged = self.acknowledged(done);
        let begun = self.spans.get(acknowledged).is_some_and(|span| span.ops.0 < done);
        let under_way = begun.then(|| self.states[acknowledged + 1].as_slice());
        (&self.states[acknowledged], under_way)
    }
}

fn serve(disk: &Disk) -> Server {
    Server::new(crate::check::open(disk).unwrap()).unwrap()
}

fn state(server: &Option<Server>) -> Rc<Vec<u8>> {
    Rc::new(dump(&server.as_ref().unwrap().store).unwrap())
}
