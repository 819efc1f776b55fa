use super::*;

fn parse(written: &str) -> StoreAddress {
    StoreAddress::parse(written).unwrap_or_else(|problem| panic!("{written}: {problem:?}"))
}

#[test]
fn addresses_have_a_bucket_and_a_prefix() {
    for (written, name, prefix) in [
        ("s3://my-bucket", "my-bucket", ""),
        ("s3://my-bucket/", "my-bucket", ""),
        ("r2://b/site", "b", "site/"),
        ("oss://b/新闻/a b/", "b", "新闻/a b/"),
        ("gs://b/%E6%96%B0", "b", "新/"),
        ("s3://b/C%23", "b", "C#/"),
        ("az://$web/site", "$web", "site/"),
        ("davs://example.net/dav", "example.net", "dav/"),
        ("sftp://me@example.net:2222/srv/www", "example.net", "srv/www/"),
    ] {
        let address = parse(written);
        assert_eq!((address.name.as_str(), address.prefix.as_str()), (name, prefix), "{written}");
    }
    let sftp = parse("sftp://me@example.net:2222/srv/www");
    assert_eq!((sftp.user.as_deref(), sftp.port), (Some("me"), Some(2222)));
    assert_eq!(sftp.to_string(), "sftp://example.net:2222/srv/www");
}

#[test]
fn addresses_that_lead_elsewhere_are_refused() {
    for written in [
        "my-bucket",
        "https://example.net/",
        "s3://",
        "s3:///x",
        "s3://b:9000/x",
        "s3://$web/x",
        "s3://b/a//b",
        "s3://b/x?style=path",
        "s3://b?endpoint=example.net",
        "s3://b/site#old",
        "s3://b/site#",
        "s3://b/site?region=x#old",
        "s3://b?endpoint=https://user:pw@example.net",
        "s3://b?region=a/b",
        "az://c?account=a.evil.net%2F",
        "sftp://-oProxyCommand=x/",
        "sftp://-oX@host/",
        "dav://user:secret@host/",
    ] {
        let refused = StoreAddress::parse(written);
        let (message, help) = refused.expect_err(written);
        assert!(!message.contains("secret") && !help.contains("secret"), "{message}");
    }
}

#[test]
fn each_vendor_has_its_endpoint() {
    for (written, endpoint, by_host) in [
        ("s3://b?region=eu-west-1", None, true),
        ("s3://b.c?region=eu-west-1", None, false),
        ("s3://b?endpoint=https://s3.example.net", Some("https://s3.example.net"), false),
        ("r2://b?account=0a", Some("https://0a.r2.cloudflarestorage.com"), false),
        ("oss://b?region=cn-hangzhou", Some("https://s3.oss-cn-hangzhou.aliyuncs.com"), true),
        ("cos://b-125?region=ap-guangzhou", Some("https://cos.ap-guangzhou.myqcloud.com"), true),
        ("obs://b?region=cn-north-4", Some("https://obs.cn-north-4.myhuaweicloud.com"), true),
        ("oss://b?region=x&endpoint=http://127.0.0.1:9", Some("http://127.0.0.1:9"), false),
        ("cos://b?region=x&endpoint=http://localhost:9", Some("http://localhost:9"), false),
    ] {
        let address = parse(written);
        assert_eq!(address.check_complete(), Ok(()), "{written}");
        assert_eq!(address.s3_endpoint(), (endpoint.map(str::to_owned), by_host), "{written}");
    }
    for written in ["r2://b", "oss://b", "cos://b", "obs://b", "minio://b", "az://c"] {
        assert!(parse(written).check_complete().is_err(), "{written}");
    }
}
