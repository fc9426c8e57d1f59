use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

fn client_for(base: &Url) -> HttpClient {
    HttpClient::new(ClientConfig { trusted: vec![base.clone()], ..ClientConfig::default() }).unwrap()
}

async fn listen() -> (TcpListener, Url) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    (listener, base)
}

/// Reads one request up to the end of its head.
async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).await.unwrap() == 0 {
            break;
        }
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

#[tokio::test]
async fn a_refused_connection_proves_that_nothing_left() {
    let (listener, base) = listen().await;
    drop(listener);
    let outcome = client_for(&base).send(Request::get(base)).await;
    assert!(matches!(outcome, Err(TransportError::NotSent(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_connection_closed_without_an_answer_is_lost() {
    let (listener, base) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_head(&mut stream).await
    });
    let outcome = client_for(&base).send(Request::post(base)).await;
    assert!(matches!(outcome, Err(TransportError::Lost(_))), "{outcome:?}");
    assert!(server.await.unwrap().starts_with("POST / HTTP/1.1"));
}

#[tokio::test]
async fn a_reused_connection_that_dies_is_lost_and_not_replayed() {
    let (listener, base) = listen().await;
    let requests = Arc::new(AtomicUsize::new(0));
    let seen = requests.clone();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let seen = seen.clone();
            tokio::spawn(async move {
                read_head(&mut stream).await;
                seen.fetch_add(1, Ordering::SeqCst);
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await.unwrap();
                if read_head(&mut stream).await.starts_with("POST") {
                    seen.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    let client = client_for(&base);
    assert_eq!(client.send(Request::post(base.clone())).await.unwrap().body, b"ok");
    let outcome = client.send(Request::post(base)).await;
    assert!(matches!(outcome, Err(TransportError::Lost(_))), "{outcome:?}");
    assert_eq!(requests.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn an_answer_above_the_limit_is_lost() {
    let (listener, base) = listen().await;
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_head(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n12345").await.unwrap();
    });
    let config = ClientConfig { trusted: vec![base.clone()], body_limit: 4, ..ClientConfig::default() };
    let outcome = HttpClient::new(config).unwrap().send(Request::get(base)).await;
    assert!(matches!(outcome, Err(TransportError::Lost(_))), "{outcome:?}");
}

#[tokio::test]
async fn redirects_are_answers() {
    let (listener, base) = listen().await;
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_head(&mut stream).await;
        let answer = b"HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n";
        stream.write_all(answer).await.unwrap();
    });
    assert_eq!(client_for(&base).send(Request::get(base)).await.unwrap().status, 302);
}

#[tokio::test]
async fn only_configured_origins_may_be_private() {
    let (listener, base) = listen().await;
    let other = client_for(&"http://127.0.0.1:1/".parse().unwrap());
    let port = listener.local_addr().unwrap().port();
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433"] {
        let url = format!("http://{host}:{port}/").parse().unwrap();
        let outcome = other.send(Request::get(url)).await;
        let Err(TransportError::NotSent(why)) = outcome else { panic!("{host}: {outcome:?}") };
        assert_eq!(why, guard::REFUSED, "{host}");
    }
    assert!(matches!(
        client_for(&base).send(Request::get("file:///etc/passwd".parse().unwrap())).await,
        Err(TransportError::NotSent(_))
    ));
}

#[tokio::test]
async fn no_error_shows_a_secret() {
    let (listener, base) = listen().await;
    drop(listener);
    let client = client_for(&base);
    let url: Url = base.join("/?appsecret_proof=s3cret").unwrap();
    let refused = client.send(Request::get(url.clone()).bearer(&"s3cret".into())).await.unwrap_err();
    let unbuilt = client.send(Request::get(url).bearer(&"s3cret\n".into())).await.unwrap_err();
    assert!(matches!(unbuilt, TransportError::NotSent(_)));
    for error in [refused, unbuilt] {
        assert!(!format!("{error} {error:?}").contains("s3cret"));
    }
}

#[tokio::test]
async fn a_file_is_sent_with_its_length_and_its_form() {
    let (listener, base) = listen().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film");
    let content = vec![7; 200_000];
    std::fs::write(&path, &content).unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let head = read_head(&mut stream).await.to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().parse().unwrap();
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        body
    });
    let part = FilePart { name: "file", filename: "a\"\r\nb.mp4", mime_type: "video/mp4", path, size: 200_000 };
    let request = Request::post(base.clone()).multipart(&[("type", "video/mp4")], part);
    assert_eq!(client_for(&base).send(request).await.unwrap().status, 200);
    let body = server.await.unwrap();
    let text = String::from_utf8_lossy(&body);
    assert!(text.contains("name=\"type\"\r\n\r\nvideo/mp4\r\n"), "{}", &text[..300]);
    assert!(text.contains("filename=\"a___b.mp4\"\r\ncontent-type: video/mp4\r\n\r\n\u{7}"), "{}", &text[..300]);
    assert_eq!(body.iter().filter(|byte| **byte == 7).count(), content.len());
}

#[tokio::test]
async fn a_file_that_is_not_there_proves_that_nothing_left() {
    let (_listener, base) = listen().await;
    let part = FilePart { name: "file", filename: "a", mime_type: "image/png", path: "/nowhere/a".into(), size: 1 };
    let outcome = client_for(&base).send(Request::post(base).multipart(&[], part)).await;
    assert!(matches!(outcome, Err(TransportError::NotSent(_))), "{outcome:?}");
}

#[tokio::test]
async fn an_answer_can_be_taken_piece_by_piece() {
    let (listener, base) = listen().await;
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_head(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 300000\r\n\r\n").await.unwrap();
        stream.write_all(&vec![1; 300_000]).await.unwrap();
    });
    let config = ClientConfig { trusted: vec![base.clone()], body_limit: 4, ..ClientConfig::default() };
    let mut answer = HttpClient::new(config).unwrap().open(Request::get(base)).await.unwrap();
    assert_eq!((answer.is_success(), answer.announced_length()), (true, Some(300_000)));
    let mut taken = 0;
    while let Some(chunk) = answer.chunk().await.unwrap() {
        taken += chunk.len();
    }
    assert_eq!(taken, 300_000);
}
