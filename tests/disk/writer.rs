//! The writer on its thread, as the process runs it, over a disk that fails: who waits is not told that all is well, nothing
//! is published, and the writer ends with the fault.

use anshin::engine::{self, Refusal, Sinks};
use anshin::store::StoreError;
use tokio::sync::mpsc::unbounded_channel;

use crate::check::open;
use crate::disk::{Disk, Errno, Fault};
use crate::record::{Recording, Span};
use crate::server::{Server, Step};
use crate::sweep::samples;

/// More accesses than such a step makes.
const ACCESSES_MAX: u64 = 200;

/// Fails every access of a step in turn, as long as one is met; how many there were.
async fn fail_each(span: &Span, sticky: bool) -> u64 {
    let Step::Decide(now, events) = &span.step else { return 0 };
    let now = *now;
    for at in 0..ACCESSES_MAX {
        let disk = Disk::new(span.before.clone());
        let engine = Server::new(open(&disk).unwrap()).unwrap().into_engine();
        let (timers, mut timer_news) = unbounded_channel();
        let (line, mut line_news) = unbounded_channel();
        let (mail, mut mail_news) = unbounded_channel();
        let (replies, mut answers) = unbounded_channel();
        let sinks = Sinks { timers, line, mail, replies };
        disk.arm(Fault { at, sticky, errno: Errno::Eio, silent: false });
        let (handle, stopped) = engine::start(engine, move || now, || 0, sinks);
        let first = handle.decide(events.clone()).await;
        if disk.struck().is_none() {
            assert_eq!(first, Ok(()));
            return at;
        }
        assert_eq!(first, Err(Refusal::Stopped), "access {at}");
        // The disk may work again, the writer does not.
        disk.disarm();
        assert_eq!(handle.decide(events.clone()).await, Err(Refusal::Stopped), "access {at}");
        let fault = stopped.await.expect("the writer says how it ended");
        assert!(matches!(fault, Err(StoreError::Database(_))), "access {at}: {fault:?}");
        assert!(timer_news.recv().await.is_none() && answers.recv().await.is_none());
        assert!(line_news.recv().await.is_none() && mail_news.recv().await.is_none());
    }
    panic!("more than {ACCESSES_MAX} accesses");
}

#[tokio::test]
async fn the_writer_ends_with_the_first_fault_of_its_disk_and_tells_nobody_that_all_is_well() {
    let recording = Recording::new(1);
    let mut faults = 0;
    for (n, span) in samples(&recording).into_iter().take(4).enumerate() {
        faults += fail_each(span, n % 2 == 0).await;
    }
    assert!(faults > 20, "{faults}");
}
