//! What the pages are held against: an actix handler that does nothing but send so many bytes.

use actix_web::{App, HttpResponse, HttpServer, web};

/// The first argument that makes this program such a server.
pub const MODE: &str = "--plain";

/// Serves a page of `bytes` until it is killed; the first line of its output is where.
pub fn serve(bytes: usize) {
    let page = web::Bytes::from(vec![b'x'; bytes]);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let server = HttpServer::new(move || {
        let page = page.clone();
        App::new().default_service(web::to(move || {
            let page = page.clone();
            async move {
                HttpResponse::Ok()
                    .content_type("text/html; charset=utf-8")
                    .body(page)
            }
        }))
    });
    let server = server.workers(workers).listen(listener).unwrap().run();
    actix_web::rt::System::new().block_on(server).unwrap();
}
