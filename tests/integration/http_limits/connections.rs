//! How many connections, whose they are, and how they end when the server stops.

use std::net::{IpAddr, Ipv4Addr};

use anshin::http::{Limits, Request, Server, Stopped};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use super::*;

#[tokio::test]
async fn connections_over_the_cap_wait_for_a_place() {
    let world = World::new(Limits { connections_max: 1, ..patient() }).await;
    let mut first = world.connect().await;
    first.send(&get("/held")).await;
    within(world.entered.notified()).await;
    let mut second = world.connect().await;
    second.send(&get("/")).await;
    assert!(timeout(SHORT, second.0.readable()).await.is_err(), "it waits");
    world.release.notify_one();
    assert!(first.read_to_close().await.ends_with("held"));
    assert!(second.read_to_close().await.ends_with("hello"));
}

#[tokio::test]
async fn who_holds_all_places_and_says_nothing_makes_room_for_who_asks() {
    let world = World::new(Limits { connections_max: 4, ..patient() }).await;
    let mut silent = Vec::new();
    for _ in 0..4 {
        silent.push(world.connect().await);
    }
    silent[1].send("GET / HTT").await;
    let mut stalling = world.connect().await;
    stalling.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab").await;
    // All of them wait, and nobody for them.
    for _ in 0..20 {
        world.assert_alive().await;
    }
    assert_eq!(silent[0].read_to_close().await, "", "the eldest went");
}

#[tokio::test]
async fn a_crowd_from_many_addresses_that_says_nothing_keeps_nobody_out() {
    let world = World::new(Limits::default()).await;
    let mut crowd = Vec::new();
    for host in 2..=14 {
        for n in 0..50 {
            let socket = TcpSocket::new_v4().expect("a socket");
            socket.bind((Ipv4Addr::new(127, 0, 0, host), 0).into()).expect("an own address");
            let mut stream = within(socket.connect(world.address)).await.expect("a connection");
            if n % 2 == 0 {
                stream.write_all(b"POST /echo HTTP/1.1\r\nHost: a\r\n").await.expect("it takes it");
            }
            crowd.push(stream);
        }
    }
    assert!(crowd.len() > Limits::default().connections_max);
    for _ in 0..100 {
        world.assert_alive().await;
    }
}

#[tokio::test]
async fn who_is_being_answered_keeps_the_place() {
    let world = World::new(Limits { connections_max: 2, ..patient() }).await;
    let mut held = world.connect().await;
    held.send(&get("/held")).await;
    within(world.entered.notified()).await;
    let _silent = world.connect().await;
    for _ in 0..5 {
        world.assert_alive().await;
    }
    world.release.notify_one();
    assert!(held.read_to_close().await.ends_with("held"));
}

#[tokio::test]
async fn connections_over_the_cap_of_an_address_are_answered_503_at_once() {
    let world = World::new(Limits { connections_per_ip_max: 1, ..patient() }).await;
    let mut first = world.connect().await;
    first.send(&get("/held")).await;
    within(world.entered.notified()).await;
    // It has sent nothing yet, and needs not to.
    assert_refused(&world.connect().await.read_to_close().await, "503");
    world.release.notify_one();
    assert!(first.read_to_close().await.ends_with("held"));
    // The place is given back a moment after the client sees the end.
    let again = async { while !world.exchange(&get("/")).await.ends_with("hello") {} };
    within(again).await;
}

#[tokio::test]
async fn a_trusted_proxy_is_exempt_from_the_cap_of_an_address() {
    let limits = Limits { connections_per_ip_max: 1, ..patient() };
    let world = World::with(limits, trusting).await;
    let mut first = world.connect().await;
    first.send(&get("/held")).await;
    within(world.entered.notified()).await;
    world.assert_alive().await;
}

fn trusting(server: Server) -> Server {
    server.trusted_proxies(vec!["127.0.0.0/8".parse().expect("a network")])
}

#[tokio::test]
async fn forwarded_addresses_are_believed_from_trusted_proxies_only() {
    let request = "GET /peer HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\
                   X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 198.51.100.7, 127.0.0.9\r\n\r\n";
    let believing = World::with(patient(), trusting).await;
    let answer = believing.exchange(request).await;
    assert!(answer.ends_with("\r\n\r\n198.51.100.7"), "{answer}");
    let wary = World::new(patient()).await;
    let answer = wary.exchange(request).await;
    assert!(answer.ends_with("\r\n\r\n127.0.0.1"), "{answer}");
}

#[tokio::test]
async fn stopping_lets_running_requests_finish_and_closes_the_rest() {
    let world = World::new(patient()).await;
    let (mut silent, mut idle, mut busy) =
        (world.connect().await, world.connect().await, world.connect().await);
    idle.send(&get_and_stay("/")).await;
    idle.read_one().await;
    busy.send(&get_and_stay("/held")).await;
    within(world.entered.notified()).await;
    world.stop.send(()).expect("the server runs");
    assert_eq!(silent.read_to_close().await, "");
    assert_eq!(idle.read_to_close().await, "");
    assert!(TcpStream::connect(world.address).await.is_err(), "nobody listens any more");
    world.release.notify_one();
    assert!(busy.read_to_close().await.ends_with("held"));
    let stopped = within(world.server).await.expect("no panic");
    assert_eq!(stopped, Stopped { finished: 3, cut_off: 0 });
}

#[tokio::test]
async fn whoever_has_just_connected_when_the_server_stops_may_still_ask() {
    let world = World::new(Limits { newcomer_wait: LONG, ..patient() }).await;
    let (mut new, mut slow) = (world.connect().await, world.connect().await);
    slow.send("GET / HTTP/1.1\r\nHo").await;
    // Both were taken from the kernel before this one.
    world.assert_alive().await;
    world.stop.send(()).expect("the server runs");
    new.send(&get_and_stay("/")).await;
    slow.send("st: a\r\n\r\n").await;
    for client in [&mut new, &mut slow] {
        let answer = client.read_to_close().await;
        assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
        assert!(answer.ends_with("hello"), "{answer}");
    }
    assert_eq!(within(world.server).await.expect("no panic"), Stopped { finished: 2, cut_off: 0 });
}

#[tokio::test]
async fn stopping_cuts_off_what_does_not_finish() {
    let world = World::new(Limits { drain_wait: SHORT, ..patient() }).await;
    let mut client = world.connect().await;
    client.send(&get("/held")).await;
    within(world.entered.notified()).await;
    assert_eq!(world.stopped().await, Stopped { finished: 0, cut_off: 1 });
    assert!(within(client.0.read_u8()).await.is_err());
}

#[tokio::test]
async fn a_server_without_connections_stops_at_once() {
    let world = World::new(patient()).await;
    world.assert_alive().await;
    let stopped = world.stopped().await;
    assert_eq!(stopped.cut_off, 0);
}

#[tokio::test]
async fn a_full_server_stops_too() {
    let world = World::new(Limits { connections_max: 1, drain_wait: SHORT, ..patient() }).await;
    let mut client = world.connect().await;
    client.send(&get("/held")).await;
    within(world.entered.notified()).await;
    let _waiting = world.connect().await;
    assert_eq!(world.stopped().await, Stopped { finished: 0, cut_off: 1 });
}

#[test]
fn a_request_for_a_handler_needs_no_socket() {
    let peer: IpAddr = "192.0.2.1".parse().expect("an address");
    let request = Request::build("GET", "/peer?x=1").peer(peer).header("Host", "a").empty();
    assert_eq!((request.peer, request.query.as_str()), (peer, "x=1"));
}
