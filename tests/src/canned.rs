//! A site with canned answers, for the kit's own tests.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::Arc,
    thread,
};

/// Starts a server that gives each request to `answer` and sends what follows `HTTP/1.1 ` from it; gives its address.
/// It ends with the process.
pub fn site(answer: impl Fn(String) -> String + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = listener.local_addr().expect("its address").port();
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            // A browser opens connections ahead of need and sends nothing on them: each waits by itself.
            thread::spawn(move || serve(stream, &*answer));
        }
    });
    format!("http://127.0.0.1:{port}")
}

fn serve(mut stream: TcpStream, answer: &dyn Fn(String) -> String) {
    let mut request = String::new();
    let mut buffer = [0; 4096];
    while !is_whole(&request) {
        match stream.read(&mut buffer) {
            Ok(read) if read > 0 => request.push_str(&String::from_utf8_lossy(&buffer[..read])),
            _ => return,
        }
    }
    let answer = answer(request).replacen("\r\n", "\r\nconnection: close\r\n", 1);
    // A client that has gone away needs no answer.
    let _ = write!(stream, "HTTP/1.1 {answer}");
}

fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        line.to_lowercase()
            .strip_prefix("content-length:")
            .map(str::to_owned)
    });
    body.len() >= length.map_or(0, |length| length.trim().parse().unwrap_or(0))
}
