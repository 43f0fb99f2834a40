//! One connection to the gateway.

use std::{net::SocketAddr, sync::Arc};

use flate2::{Compress, Compression, FlushCompress};
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc::{self, UnboundedSender},
    task::{JoinHandle, JoinSet},
};
use tokio_websockets::{CloseCode, Message, ServerBuilder, WebSocketStream};

use super::{Out, intent};
use crate::discord::{Platform, State, TOKEN, world::BOT};

/// How often the bot has to show that it is there, in milliseconds: Discord's own.
const HEARTBEAT: u64 = 41_250;

/// Serves the gateway on a free port, until the task is aborted.
pub(in crate::discord) async fn serve(platform: Arc<Platform>) -> (SocketAddr, JoinHandle<()>) {
    let open = async || TcpListener::bind("127.0.0.1:0").await.expect("a port can be had");
    let (listener, resuming) = (open().await, open().await);
    let address = listener.local_addr().expect("it has an address");
    // Sessions are resumed elsewhere, as Discord has it.
    let elsewhere = resuming.local_addr().expect("it has an address");
    let serving = tokio::spawn(async move {
        let mut connections = JoinSet::new();
        loop {
            let stream = tokio::select! {
                Ok((stream, _)) = listener.accept() => stream,
                Ok((stream, _)) = resuming.accept() => {
                    platform.state().world.gateway.came_elsewhere += 1;
                    stream
                }
            };
            connections.spawn(serve_one(Arc::clone(&platform), stream, elsewhere));
        }
    });
    (address, serving)
}

async fn serve_one(platform: Arc<Platform>, stream: TcpStream, address: SocketAddr) {
    let Ok((request, stream)) = ServerBuilder::new().accept(stream).await else { return };
    let compressed = request.uri().query().is_some_and(|query| query.contains("compress=zlib-stream"));
    let mut line = Line { stream, deflate: compressed.then(|| Compress::new(Compression::fast(), true)) };
    let (out, mut waiting) = mpsc::unbounded_channel();
    let heartbeat = platform.state().world.gateway.heartbeat.unwrap_or(HEARTBEAT);
    line.say(&json!({"op": 10, "d": {"heartbeat_interval": heartbeat, "_trace": []}, "s": null, "t": null})).await;
    if let Some(code) = platform.state().world.gateway.turned_away.pop() {
        let _ = out.send(Out::Close(code));
    }
    loop {
        tokio::select! {
            biased;
            next = waiting.recv() => match next {
                Some(Out::Text(text)) => line.say_text(&text).await,
                Some(Out::Close(code)) => {
                    let code = CloseCode::try_from(code).expect("a close code");
                    let _ = line.stream.send(Message::close(Some(code), "")).await;
                    let _ = line.stream.close().await;
                    return;
                }
                Some(Out::Cut) | None => return,
            },
            heard = line.stream.next() => match heard {
                Some(Ok(message)) if message.is_close() => return,
                Some(Ok(message)) => {
                    if let Some(heard) = message.as_text().and_then(|text| serde_json::from_str(text).ok()) {
                        hear(&mut platform.state(), &heard, &out, address);
                        platform.changed();
                    }
                }
                Some(Err(_)) | None => return,
            },
        }
    }
}

fn hear(state: &mut State, heard: &Value, out: &UnboundedSender<Out>, address: SocketAddr) {
    let say = |value: Value| {
        let _ = out.send(Out::Text(value.to_string()));
    };
    let d = &heard["d"];
    match heard["op"].as_u64() {
        Some(1) if !state.world.gateway.is_deaf(out) => say(json!({"op": 11, "d": null, "s": null, "t": null})),
        Some(2) => identify(state, d, out, address),
        Some(6) => {
            let (session, sequence) = (d["session_id"].as_str().unwrap_or_default(), d["seq"].as_u64());
            if !is_ours(d) {
                let _ = out.send(Out::Close(4004));
            } else if !state.world.gateway.resume(session, sequence.unwrap_or(u64::MAX), out) {
                say(json!({"op": 9, "d": false, "s": null, "t": null}));
            }
        }
        _ => {}
    }
}

fn is_ours(d: &Value) -> bool {
    d["token"].as_str().is_some_and(|token| token.trim_start_matches("Bot ") == TOKEN)
}

fn identify(state: &mut State, d: &Value, out: &UnboundedSender<Out>, address: SocketAddr) {
    let intents = d["intents"].as_u64().unwrap_or_default();
    let gateway = &mut state.world.gateway;
    let refused = if !is_ours(d) {
        Some(4004)
    } else if intents & gateway.refused & intent::PRIVILEGED != 0 {
        Some(4014)
    } else {
        None
    };
    if let Some(code) = refused {
        let _ = out.send(Out::Close(code));
        return;
    }
    let part = |at: usize| d["shard"][at].as_u64();
    let shard = (part(0).unwrap_or(0), part(1).unwrap_or(1).max(1));
    let mut guilds: Vec<u64> = state.world.guilds.keys().copied().collect();
    guilds.retain(|guild| (guild >> 22) % shard.1 == shard.0);
    let unavailable: Vec<Value> = guilds.iter().map(|id| json!({"id": id.to_string(), "unavailable": true})).collect();
    let described: Vec<Value> = guilds.iter().map(|id| state.world.guild_described(*id)).collect();
    let mut bot = state.world.user(BOT).described();
    for (name, value) in [("mfa_enabled", json!(false)), ("email", Value::Null), ("verified", json!(true))] {
        bot[name] = value;
    }
    let gateway = &mut state.world.gateway;
    for guild in &described {
        super::check("GUILD_CREATE", guild, &mut gateway.violations);
    }
    let session = gateway.begin(intents, shard, out.clone());
    let ready = json!({"v": 10, "user": bot, "guilds": unavailable, "session_id": session.id(),
        "session_type": "normal", "resume_gateway_url": format!("ws://{address}"), "shard": [shard.0, shard.1],
        "application": {"id": BOT.to_string(), "flags": 0}, "private_channels": [], "_trace": []});
    session.tell("READY", &ready);
    if session.wants(intent::GUILDS) {
        for guild in &described {
            session.tell("GUILD_CREATE", guild);
        }
    }
    super::check("READY", &ready, &mut gateway.violations);
}

/// A connection, compressed or not.
struct Line {
    stream: WebSocketStream<TcpStream>,
    deflate: Option<Compress>,
}

impl Line {
    async fn say(&mut self, value: &Value) {
        self.say_text(&value.to_string()).await;
    }

    /// What cannot be sent is lost, as on any line; the session keeps it.
    async fn say_text(&mut self, text: &str) {
        let message = match &mut self.deflate {
            None => Message::text(text.to_owned()),
            Some(deflate) => Message::binary(squeezed(deflate, text.as_bytes())),
        };
        let _ = self.stream.send(message).await;
    }
}

/// One message of a stream that is compressed as a whole.
fn squeezed(deflate: &mut Compress, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 1024);
    let before = deflate.total_in();
    loop {
        let done = usize::try_from(deflate.total_in() - before).expect("it fits into memory");
        deflate.compress_vec(&bytes[done..], &mut out, FlushCompress::Sync).expect("anything can be compressed");
        if out.len() < out.capacity() {
            return out;
        }
        out.reserve(bytes.len() + 1024);
    }
}
