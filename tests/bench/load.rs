//! The load: signed presses, prepared beforehand, over connections that are kept open. Each waits
//! for its answer before it sends the next.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anshin::platform::sign;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::contestant::Contestant;
use crate::members;

/// Requests, ready to be written.
pub(crate) struct Load(Arc<Vec<Vec<u8>>>);

/// What came of them.
pub(crate) struct Outcome {
    pub(crate) seconds: f64,
    /// Milliseconds, sorted.
    waits: Vec<f64>,
}

impl Outcome {
    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.waits.len()).unwrap()
    }

    pub(crate) fn per_second(&self) -> f64 {
        f64::from(self.count()) / self.seconds
    }

    /// The wait that this part of all requests did not exceed.
    pub(crate) fn quantile_ms(&self, part: f64) -> f64 {
        let last = self.waits.len() - 1;
        self.waits[((last as f64) * part).round() as usize]
    }
}

impl Load {
    /// A press of each of the first `requests` members, in no order.
    pub(crate) fn prepare(server: &impl Contestant, requests: u32, reply: bool) -> Self {
        let now_ms = chrono::Utc::now().timestamp_millis();
        // A step that shares no factor with the count visits everyone once.
        let step = 7919;
        let order = (0..requests).map(|n| (u64::from(n) * step % u64::from(requests)) as u32);
        let host = server.address();
        let requests = order.map(|member| {
            let token = if reply { format!(r#""replyToken":"{member:032x}","#) } else { String::new() };
            let body = format!(
                concat!(
                    r#"{{"destination":"U{zero:032x}","events":[{{"type":"postback","#,
                    r#""webhookEventId":"01H{member:023}","deliveryContext":{{"isRedelivery":false}},"#,
                    r#""timestamp":{now_ms},"source":{{"type":"user","userId":"{user}"}},{token}"#,
                    r#""mode":"active","postback":{{"data":"{data}"}}}}]}}"#
                ),
                zero = 0,
                member = member,
                now_ms = now_ms,
                user = members::user(member),
                token = token,
                data = server.press(member),
            );
            let signature = sign(members::SECRET, body.as_bytes());
            let head = format!(
                "POST /line/webhook HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json; \
                 charset=utf-8\r\nx-line-signature: {signature}\r\nuser-agent: LineBotWebhook/2.0\r\n\
                 content-length: {}\r\n\r\n",
                body.len()
            );
            [head.into_bytes(), body.into_bytes()].concat()
        });
        Self(Arc::new(requests.collect()))
    }

    pub(crate) async fn send(&self, to: SocketAddr, connections: usize) -> Outcome {
        let next = Arc::new(AtomicUsize::new(0));
        let mut lanes = Vec::new();
        for _ in 0..connections {
            let stream = TcpStream::connect(to).await.unwrap();
            stream.set_nodelay(true).unwrap();
            lanes.push(stream);
        }
        let begin = Instant::now();
        let lanes: Vec<_> = lanes
            .into_iter()
            .map(|stream| tokio::spawn(lane(stream, Arc::clone(&self.0), Arc::clone(&next))))
            .collect();
        let mut waits = Vec::new();
        for lane in lanes {
            waits.extend(lane.await.unwrap());
        }
        let seconds = begin.elapsed().as_secs_f64();
        waits.sort_by(f64::total_cmp);
        Outcome { seconds, waits }
    }
}

async fn lane(
    mut stream: TcpStream,
    requests: Arc<Vec<Vec<u8>>>,
    next: Arc<AtomicUsize>,
) -> Vec<f64> {
    let mut waits = Vec::new();
    let mut answer = Vec::new();
    while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
        let begin = Instant::now();
        stream.write_all(request).await.unwrap();
        read_answer(&mut stream, &mut answer).await;
        waits.push(begin.elapsed().as_secs_f64() * 1000.0);
        assert!(answer.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&answer));
    }
    waits
}

/// Reads one answer to its end.
async fn read_answer(stream: &mut TcpStream, answer: &mut Vec<u8>) {
    answer.clear();
    loop {
        let count = stream.read_buf(answer).await.unwrap();
        assert!(count > 0, "the connection ended");
        let Some(head) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(&answer[..head]).to_lowercase();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
        let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
        if answer.len() >= head + 4 + length {
            return;
        }
    }
}
