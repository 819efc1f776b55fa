//! IndexNow gets exactly the pages whose bytes changed, WebSub the feeds.

use std::collections::BTreeSet;

use super::{Response, World, messages};

const KEY: &str = "0123456789abcdef";

fn index_world() -> World {
    let mut world =
        World::new(&format!("to: indexnow, key: {KEY}, endpoint: 'ENDPOINT'"), |_| Response::status(202));
    let settings = world.digest.read("newsprint.yaml");
    world
        .digest
        .write("newsprint.yaml", settings.replace("ENDPOINT", &format!("{}/indexnow", world.hook.address)));
    world.digest.write(&format!("static/{KEY}.txt"), format!("{KEY}\n"));
    world.variables.clear();
    for (name, day) in [("a", 28), ("b", 29), ("c", 30)] {
        world.article(name, &format!("title: 文章 {name}\ndate: 2026-11-{day}\nkeywords: [开源]\n"));
    }
    let report = world.publish();
    assert!(report.success && report.targets[0].first_run, "{:?}", messages(&report));
    world
}

/// The addresses of the pages whose bytes differ in two builds.
fn changed(world: &World, before: &std::collections::BTreeMap<String, Vec<u8>>) -> BTreeSet<String> {
    let after = world.digest.site();
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differs = |path: &&&String| before.get(**path) != after.get(**path);
    let pages = paths.iter().filter(differs).filter(|path| path.ends_with(".html") && **path != "404.html");
    let url = |path: &&String| {
        let path = path.strip_suffix("index.html").unwrap_or(path);
        let parts: Vec<String> = path
            .split('/')
            .map(|part| {
                percent_encoding::utf8_percent_encode(part, percent_encoding::NON_ALPHANUMERIC)
                    .to_string()
                    .replace("%2D", "-")
                    .replace("%2E", ".")
            })
            .collect();
        format!("{}/{}", world.site.address, parts.join("/"))
    };
    pages.map(url).collect()
}

fn submitted(world: &World) -> BTreeSet<String> {
    let bodies = world.bodies();
    let last = bodies.last().unwrap();
    let list = last["urlList"].as_array().unwrap();
    let all: BTreeSet<String> = list.iter().map(|url| url.as_str().unwrap().to_owned()).collect();
    assert_eq!(all.len(), list.len());
    all
}

#[test]
fn search_engines_get_exactly_the_pages_that_changed() {
    let world = index_world();
    assert_eq!(world.announce().targets[0].sent.len(), 0);
    for change in ["new", "edited", "gone"] {
        let before = world.digest.site();
        match change {
            "new" => world.article("d", "title: 新的\ndate: 2026-11-30\nkeywords: [开源, 芯片]\n"),
            "edited" => {
                world.article("a", "title: 文章 a\ndate: 2026-11-28\nkeywords: [开源]\nsummary: 改了\n");
            }
            _ => world.digest.remove("content/articles/d.md"),
        }
        let count = world.bodies().len();
        let report = world.publish();
        assert!(report.success, "{change}: {:?}", messages(&report));
        assert_eq!(world.bodies().len(), count + 1, "{change}");
        let wanted = changed(&world, &before);
        assert!(!wanted.is_empty());
        assert_eq!(submitted(&world), wanted, "{change}");
        assert_eq!(world.announce().targets[0].sent.len(), 0, "{change}");
    }
    let request = world.hook.requests().remove(0);
    assert_eq!(request.path, "/indexnow");
    let body = &world.bodies()[0];
    assert_eq!((body["host"].as_str(), body["key"].as_str()), (Some("127.0.0.1"), Some(KEY)));
    assert_eq!(body["keyLocation"], format!("{}/{KEY}.txt", world.site.address));
}

#[test]
fn pages_that_were_refused_are_submitted_again() {
    for (status, wanted) in [
        (403, "status 403: the key is not valid"),
        (422, "status 422: the addresses are not of this host"),
        (429, "asks for a pause: status 429"),
        (400, "status 400: the request is not valid"),
    ] {
        let first = std::sync::atomic::AtomicBool::new(true);
        let world = World::new(&format!("to: indexnow, key: {KEY}, endpoint: 'ENDPOINT'"), move |_| {
            let is_first = first.swap(false, std::sync::atomic::Ordering::SeqCst);
            Response::status(if is_first { status } else { 200 })
        });
        let settings = world.digest.read("newsprint.yaml");
        world.digest.write("newsprint.yaml", settings.replace("ENDPOINT", &world.hook.address));
        world.digest.write(&format!("static/{KEY}.txt"), KEY);
        assert!(world.publish().success);
        world.article("a", "title: 甲\ndate: 2026-11-30\n");
        let report = world.publish();
        assert!(messages(&report)[0].contains(wanted), "{:?}", messages(&report));
        let failed = report.targets[0].failed.clone();
        assert!(!failed.is_empty());
        assert_eq!(world.announce().targets[0].sent, failed);
    }
}

#[test]
fn a_key_without_its_file_is_an_error_that_names_the_file() {
    let world = index_world();
    world.digest.remove(&format!("static/{KEY}.txt"));
    let report = world.announce();
    assert_eq!(messages(&report), [format!("the target `t`: static/{KEY}.txt is missing")]);
    let help = report.diagnostics[0].help.clone().unwrap();
    assert!(help.contains(&format!("create static/{KEY}.txt with the line {KEY}")), "{help}");
    world.digest.write(&format!("static/{KEY}.txt"), "another");
    assert!(messages(&world.announce())[0].ends_with("does not contain the key and nothing else"));
}

#[test]
fn a_changed_page_that_is_not_live_is_not_submitted() {
    let world = index_world();
    world.article("a", "title: 文章 a\ndate: 2026-11-28\nkeywords: [开源]\nsummary: 改了\n");
    let report = world.announce();
    assert!(messages(&report)[0].contains("its bytes are not those of the build"), "{:?}", messages(&report));
    assert_eq!(world.bodies().len(), 0);
    world.digest.build();
    assert!(!world.announce().targets[0].sent.is_empty());
}

fn hub_world() -> World {
    let world = World::new("to: websub", |_| Response::status(204));
    let hub = format!("feeds: {{hub: '{}/hub?x=1&y'}}\n", world.hook.address);
    let settings = world.digest.read("newsprint.yaml");
    world.digest.write("newsprint.yaml", settings + &hub);
    world.article("a", "title: 甲\ndate: 2026-11-29\n");
    let report = world.publish();
    assert!(report.success && report.targets[0].first_run, "{:?}", messages(&report));
    world
}

#[test]
fn a_hub_is_told_of_each_feed_that_changed() {
    let world = hub_world();
    let before = world.digest.site();
    world.article("b", "title: 乙\ndate: 2026-11-30\n");
    let report = world.publish();
    assert!(report.success, "{:?}", messages(&report));
    let after = world.digest.site();
    let is_feed =
        |path: &&String| ["feed.xml", "feed.json", "weekly.xml", "weekly.json"].contains(&path.as_str());
    let feeds: Vec<&String> =
        after.keys().filter(is_feed).filter(|path| before[*path] != after[*path]).collect();
    assert!(feeds.len() >= 2, "{feeds:?}");
    let requests = world.hook.requests();
    let bodies: Vec<String> = requests.iter().map(|request| request.body.clone()).collect();
    let url = |path: &&String| {
        let address = world.site.address.replace(':', "%3A").replace('/', "%2F");
        format!("hub.mode=publish&hub.url={address}%2F{path}")
    };
    assert_eq!(bodies, feeds.iter().map(url).collect::<Vec<_>>());
    assert_eq!(requests[0].path, "/hub?x=1&y");
    assert_eq!(requests[0].header("content-type"), "application/x-www-form-urlencoded");
    assert_eq!(world.announce().targets[0].sent.len(), 0);
}

#[test]
fn feeds_name_the_hub_and_are_as_before_without_one() {
    let world = hub_world();
    let address = format!("{}/hub?x=1&y", world.hook.address);
    let link = format!("<link rel=\"hub\" href=\"{}\"/>\n", address.replace('&', "&amp;"));
    for feed in ["feed.xml", "weekly.xml"] {
        assert_eq!(world.digest.page(feed).matches(&link).count(), 1, "{}", world.digest.page(feed));
    }
    for feed in ["feed.json", "weekly.json"] {
        let json: serde_json::Value = serde_json::from_str(&world.digest.page(feed)).unwrap();
        assert_eq!(json["hubs"], serde_json::json!([{"type": "WebSub", "url": address}]));
    }
    let with = world.digest.site();
    let settings = world.digest.read("newsprint.yaml");
    let without = settings.lines().filter(|line| !line.starts_with("feeds:")).collect::<Vec<_>>().join("\n");
    world.digest.write("newsprint.yaml", without.replace("to: websub", "to: slack"));
    world.digest.build();
    for (path, bytes) in world.digest.site() {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!text.contains("rel=\"hub\"") && !text.contains("\"hubs\""), "{path}");
        let before = String::from_utf8_lossy(&with[&path]).replace(&link, "");
        if path.ends_with(".xml") {
            assert_eq!(text, before, "{path}");
        }
    }
}
