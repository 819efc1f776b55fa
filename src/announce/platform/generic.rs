//! Any address that takes the data of a message as JSON (`static/api/schema/announcement-1.json`).
//! Every status below 300 means that it was taken.

use std::io::{self, Write};

use crate::announce::access::Access;
use crate::announce::platform::form::{Answer, Draft, Form, JSON, Request, Verdict};
use crate::announce::platform::form::{judge_status, short};

pub(super) const FORM: Form = Form {
    template: None,
    escape,
    url: str::to_owned,
    size: |_| 0,
    max: usize::MAX,
    unit: marked!("bytes"),
    pause_s: 0,
    request,
    judge,
};

fn escape(text: &str, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(text.as_bytes())
}

fn request(draft: &Draft, access: &Access, _: i64) -> Request {
    Request { url: access.url().clone(), content_type: JSON, body: draft.text.clone() }
}

fn judge(answer: &Answer) -> Verdict {
    match answer.status {
        ..300 => Verdict::Sent,
        _ => judge_status(answer, || short(&answer.body)),
    }
}
