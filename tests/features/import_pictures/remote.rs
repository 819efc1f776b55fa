//! `import --images` fetches the pictures of other hosts once, and stores them beside the articles.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{body, bytes, copies, files, import, messages, png};
use crate::driver::Digest;
use crate::fetch::server::{Response, Server};

const IMAGES: [&str; 3] = ["in.json", "--images", "--allow-private"];

/// A server with pictures, and what hostile hosts answer.
fn server() -> Server {
    Server::start(|request| match request.path.as_str() {
        "/gif" => Response::ok(b"GIF89a\x05\0\x04\0\0\0\0").header("content-type", "text/html"),
        "/jpg?wx_fmt=png" => {
            Response::ok([&[0xFF, 0xD8][..], &[0xFF, 0xC0, 0, 11, 8, 0, 2, 0, 3, 1, 1, 0x11, 0]].concat())
        }
        "/svg" => Response::ok(
            "<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg' width='4' height='3'/>",
        ),
        "/script" => Response::ok("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        "/page" => Response::ok("<!doctype html><title>x</title><p>a page in the place of a picture"),
        "/pixel" => Response::ok(png(2, 2)),
        "/large" => Response::ok([png(9, 9), vec![0; (10 << 20) + 1]].concat()),
        "/moved" => Response::redirect(302, "/png"),
        "/file" => Response::redirect(302, "file:///etc/hostname"),
        "/loop" => Response::redirect(302, "/loop"),
        "/busy" => Response::status(503).header("retry-after", "0"),
        "/later" => Response::status(503).header("retry-after", "3600"),
        "/gone" => Response::status(404),
        path if path.starts_with("/png") => Response::ok(png(7, 9)),
        _ => Response::status(404),
    })
}

/// A digest with one record in `in.json`.
fn digest(record: &serde_json::Value) -> Digest {
    Digest::new().file("in.json", record.to_string())
}

/// A record with a text in Markdown.
fn markdown(text: &str) -> serde_json::Value {
    serde_json::json!({ "title": "甲", "date": "2024-01-02", "content_markdown": text })
}

fn article(digest: &Digest) -> String {
    files(digest).into_iter().find(|file| file.ends_with(".md")).unwrap()
}

#[test]
fn pictures_are_fetched_once_and_pages_show_the_copies() {
    let server = server();
    let at = &server.address;
    let mut record = markdown(&format!(
        "![一]({at}/png?a=1&b=2) ![二]({at}/gif#x)\n\n![三][p] ![四]({at}/moved) [五]({at}/png/link) ![六]({at}/svg)\n\n[p]: {at}/png?a=1&b=2"
    ));
    record["image"] = format!("{at}/gif").into();
    let digest = digest(&record);
    let found = import(&digest, &IMAGES);
    assert_eq!(messages(&found), "");
    assert_eq!(copies(&found).len(), 4, "{found:#}");
    let log = server.take_log();
    assert_eq!(log.iter().filter(|(path, _)| path == "/gif").count(), 1, "{log:?}");
    assert!(!log.iter().any(|(path, _)| path == "/png/link"), "{log:?}");
    let file = article(&digest);
    let text = body(&digest, &file);
    assert_eq!(text.matches(at.as_str()).count(), 1, "{text}");
    let folder = file.trim_end_matches(".md");
    let names: Vec<String> = files(&digest).into_iter().filter(|name| !name.ends_with(".md")).collect();
    let endings: Vec<&str> = names.iter().map(|name| name.rsplit('.').next().unwrap()).collect();
    assert_eq!(endings.iter().filter(|ending| **ending == "png").count(), 2, "{names:?}");
    assert!(endings.contains(&"gif") && endings.contains(&"svg"), "{names:?}");
    let name = names[0].rsplit('/').next().unwrap();
    assert!(name.len() == 16 && name[..12].bytes().all(|b| b.is_ascii_hexdigit()), "{name}");
    digest.build();
    let slug = folder.trim_start_matches("2024-01-02-");
    let page = digest.main(&format!("articles/{slug}/index.html"));
    assert_eq!(page.matches("<img ").count(), 5, "{page}");
    assert!(page.contains("width=\"7\" height=\"9\"") && page.contains("width=\"5\" height=\"4\""), "{page}");
    for name in &names {
        assert!(digest.exists(&format!("public/articles/{slug}/{}", name.rsplit('/').next().unwrap())));
    }
    // The folder of the article is the memory, with and without the option.
    for arguments in [&IMAGES[..], &IMAGES[..1]] {
        let again = import(&digest, arguments);
        assert_eq!((again["skipped"].as_u64(), copies(&again).len()), (Some(1), 0), "{again:#}");
        assert_eq!((body(&digest, &file), server.take_log()), (text.clone(), Vec::new()));
    }
}

#[test]
fn nothing_is_requested_without_the_option_or_in_a_dry_run() {
    let server = server();
    let digest = digest(&markdown(&format!("![一]({}/png) ![二]({}/gif)", server.address, server.address)));
    let outcome = digest.run(&["import", "in.json", "--images", "--allow-private", "--dry-run"]);
    assert!([outcome.stdout, outcome.stderr].concat().contains(", 2 pictures would be fetched"));
    assert_eq!(import(&digest, &[&IMAGES[..], &["--dry-run"]].concat())["would_fetch"], 2);
    import(&digest, &IMAGES[..1]);
    assert_eq!(server.take_log(), []);
    assert!(body(&digest, &article(&digest)).contains("/png"));
    let found = import(&digest, &IMAGES);
    assert_eq!((found["updated"].as_array().unwrap().len(), copies(&found).len()), (1, 2));
    assert!(!body(&digest, &article(&digest)).contains("http"));
}

#[test]
fn the_setting_is_the_option() {
    let server = server();
    let digest =
        digest(&markdown(&format!("![一]({}/png)", server.address))).configured("import: {images: on}");
    assert_eq!(copies(&import(&digest, &["in.json", "--allow-private"])).len(), 1);
}

#[test]
fn entries_that_fetch_imports_get_their_pictures() {
    let server = Server::start(|request| match request.path.as_str() {
        "/feed" => {
            let at = format!("http://{}", request.header("host"));
            let text = format!("<![CDATA[<p>文字</p><img src=\"{at}/a.png\">]]>");
            let item = format!(
                "<item><title>甲</title><link>{at}/a</link><guid>1</guid>\
                 <pubDate>02 Nov 2026 08:00:00 +0800</pubDate><description>{text}</description></item>"
            );
            Response::ok(crate::fetch::server::rss(&item))
        }
        _ => Response::ok(png(7, 9)),
    });
    let sources =
        format!("sources:\n  - name: 某报\n    url: {}/feed\n    full_text: feed\n", server.address);
    let digest = Digest::new().file("sources.yaml", sources).configured("import: {images: on}");
    let outcome = digest.run(&["fetch", "--articles", "--allow-private"]);
    assert!(outcome.success, "{}", outcome.stderr);
    let text = body(&digest, &article(&digest));
    assert!(text.contains(".png)") && !text.contains("http"), "{text}");
    assert_eq!(files(&digest).len(), 2);
}

#[test]
fn what_is_no_picture_keeps_its_address_with_a_warning_at_the_record() {
    let server = server();
    let at = &server.address;
    for (path, reason) in [
        ("script", "this SVG is not published: it has the attribute `onload"),
        ("page", "this file is not a picture"),
        ("large", "the answer is larger than 10240 KB"),
        ("file", "it redirects to no address of `https:`"),
        ("loop", "it redirects more than 5 times"),
        ("busy", "status 503"),
        ("later", "status 503"),
        ("gone", "status 404"),
    ] {
        let digest = digest(&markdown(&format!("文字 ![一]({at}/{path})")));
        let found = import(&digest, &IMAGES);
        let messages = messages(&found);
        assert!(
            messages.contains(&format!("1: the picture {at}/{path} is not fetched: {reason}")),
            "{messages}"
        );
        assert_eq!((files(&digest).len(), found["success"].as_bool()), (1, Some(true)), "{path}");
        assert!(body(&digest, &article(&digest)).contains(&format!("![一]({at}/{path})")), "{path}");
        let requests = server.take_log().len();
        let wanted = match path {
            "loop" => 6,
            "busy" => 2,
            _ => 1,
        };
        assert_eq!(requests, wanted, "{path}");
    }
}

#[test]
fn a_pixel_is_left_as_it_is() {
    let server = server();
    let digest = digest(&markdown(&format!("文字 ![]({}/pixel)", server.address)));
    let found = import(&digest, &IMAGES);
    assert_eq!((messages(&found), files(&digest).len()), (String::new(), 1));
}

#[test]
fn hosts_of_private_networks_are_not_requested() {
    let server = server();
    let digest = digest(&markdown(&format!("文字 ![一]({}/png)", server.address)));
    let found = import(&digest, &IMAGES[..2]);
    assert!(messages(&found).contains("is not fetched: the host is in a private network"), "{found:#}");
    assert_eq!(server.take_log(), []);
}

#[test]
fn a_redirect_into_a_private_network_is_refused() {
    let server = Server::start(|request| match request.path.as_str() {
        "/a.png" => Response::redirect(302, "http://169.254.169.254/latest.png"),
        _ => Response::ok(png(7, 9)),
    });
    let digest =
        digest(&markdown("![一](http://news.example.com/a.png) ![二](http://news.example.com/b.png)"));
    // The host is public: a proxy on this machine answers for it.
    let mut command = std::process::Command::new(crate::driver::newsprint());
    for variable in
        ["no_proxy", "NO_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "HTTP_PROXY"]
    {
        command.env_remove(variable);
    }
    let output = command
        .args(["import", "--json", "--images", "in.json"])
        .env("http_proxy", &server.address)
        .current_dir(digest.path(""))
        .output()
        .unwrap();
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = messages(&found);
    assert!(text.contains("a.png is not fetched: the host is in a private network"), "{text}");
    assert_eq!((copies(&found).len(), server.take_log().len()), (1, 2), "{found:#}");
}

#[test]
fn requests_have_no_cookie_and_no_referrer() {
    let server = server();
    let digest = digest(&markdown(&format!("![一]({}/png)", server.address)));
    import(&digest, &IMAGES);
    let request = &server.requests()[0];
    assert!(request.header("user-agent").contains("newsprint"), "{request:?}");
    assert_eq!((request.header("cookie"), request.header("referer")), ("", ""));
}

#[test]
fn lazy_pictures_of_wechat_come_with_their_records() {
    let server = server();
    let at = &server.address;
    let html = format!(
        "<section><p>文字</p><p><img class=\"rich_pages\" data-ratio=\"0.5\" data-src=\"{at}/jpg?wx_fmt=png\" \
         src=\"data:image/svg+xml;utf8,x\"></p><p><img data-src=\"//{}/gif\"></p></section>",
        at.trim_start_matches("http://")
    );
    let record = serde_json::json!({
        "title": "甲", "date": "2024-01-02", "url": format!("{at}/s/x"), "content_html": html
    });
    let digest = digest(&record);
    let found = import(&digest, &IMAGES);
    let text = body(&digest, &article(&digest));
    assert!(text.contains(".jpg)") && text.contains(".gif)") && !text.contains("http"), "{text}: {found:#}");
    digest.build();
    assert_eq!(copies(&found).len(), 2, "{found:#}");
}

#[test]
fn posts_and_exports_get_their_remote_pictures_too() {
    let server = server();
    let at = &server.address;
    let digest = Digest::new()
        .file("old/hugo.toml", "")
        .file("old/content/posts/x.md", format!("---\ntitle: 甲\n---\n\n![一]({at}/png) ![二](/p.png)\n"))
        .file("old/static/p.png", png(3, 3));
    let found = import(&digest, &["--from", "hugo", "old/content", "--images", "--allow-private"]);
    assert_eq!((messages(&found), copies(&found).len()), (String::new(), 2));
    assert!(!body(&digest, "x.md").contains("http"));
    let item = format!(
        "<item><title>乙</title><link>https://old.example/2024/b/</link><wp:post_type>post</wp:post_type>\
         <wp:status>publish</wp:status><content:encoded><![CDATA[<p>文字</p><img src=\"{at}/gif\">]]></content:encoded></item>"
    );
    let wxr = format!(
        "<?xml version='1.0'?><rss version='2.0' xmlns:wp='http://wordpress.org/export/1.2/' \
         xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>x</title>\
         <wp:wxr_version>1.2</wp:wxr_version>{item}</channel></rss>"
    );
    let digest = Digest::new().file("export.xml", wxr);
    let found = import(&digest, &["--from", "wordpress", "export.xml", "--images", "--allow-private"]);
    assert_eq!(copies(&found).len(), 1, "{found:#}");
}

#[test]
fn an_article_that_a_person_edited_is_left_as_it_is() {
    let server = server();
    let digest = digest(&markdown(&format!("文字 ![一]({}/png)", server.address)));
    import(&digest, &IMAGES[..1]);
    let file = format!("content/articles/{}", article(&digest));
    digest.write(&file, digest.read(&file).replace("文字", "我的文字"));
    let found = import(&digest, &IMAGES);
    assert_eq!((copies(&found).len(), server.take_log()), (0, Vec::new()), "{found:#}");
    assert!(digest.read(&file).contains("我的文字"));
}

#[test]
fn one_host_gets_two_requests_at_once() {
    // The requests at a time, and the most of them.
    let active = Arc::new(Mutex::new((0, 0)));
    let seen = Arc::clone(&active);
    let server = Server::start(move |_| {
        {
            let mut active = seen.lock().unwrap();
            active.0 += 1;
            active.1 = active.1.max(active.0);
        }
        std::thread::sleep(Duration::from_millis(50));
        seen.lock().unwrap().0 -= 1;
        Response::ok(png(5, 5))
    });
    let text: String = (0..101).map(|n| format!("![]({}/{n}) ", server.address)).collect();
    let digest = digest(&markdown(&text));
    let found = import(&digest, &IMAGES);
    assert_eq!(copies(&found).len(), 100);
    assert!(messages(&found).contains("1 picture not fetched: an article gets the first 100"), "{found:#}");
    assert_eq!(active.lock().unwrap().1, 2);
    let name = copies(&found)[0].split(" < ").next().unwrap().to_owned();
    assert_eq!(bytes(&digest, &name), png(5, 5));
}

#[test]
fn a_picture_that_was_there_before_a_new_article_is_not_taken_for_its_copy() {
    let server = server();
    let digest = digest(&markdown(&format!("![一]({}/gif)", server.address)));
    import(&digest, &IMAGES);
    let copy = files(&digest).into_iter().find(|name| name.ends_with(".gif")).unwrap();
    let planted = png(1, 1);
    std::fs::write(digest.path(&format!("content/articles/{copy}")), &planted).unwrap();
    let file = article(&digest);
    std::fs::remove_file(digest.path(&format!("content/articles/{file}"))).unwrap();
    let found = import(&digest, &IMAGES);
    assert!(messages(&found).contains("is another picture"), "{found:#}");
    assert!(body(&digest, &file).contains(&server.address), "{}", body(&digest, &file));
    assert_eq!(bytes(&digest, &format!("content/articles/{copy}")), planted);
}

#[test]
fn a_password_in_an_address_is_neither_sent_nor_shown() {
    let server = server();
    let address = server.address.replace("http://", "http://user:geheim@");
    let digest = digest(&markdown(&format!("![一]({address}/gif)")));
    let outcome = digest.run(&["import", "in.json", "--images", "--allow-private", "--json"]);
    assert!(!outcome.stdout.contains("geheim") && !outcome.stderr.contains("geheim"), "{}", outcome.stdout);
    assert!(server.take_log().is_empty());
}
