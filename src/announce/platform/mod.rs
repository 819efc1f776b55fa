//! The platforms: one file each, with the source of its rules.

mod dingtalk;
mod discord;
mod feishu;
pub(super) mod form;
mod generic;
mod slack;
mod telegram;
mod wecom;

use crate::config::Platform;
use form::Form;

/// The form of a platform's messages; `None` if its messages are not about articles.
pub(super) fn form(platform: Platform) -> Option<&'static Form> {
    Some(match platform {
        Platform::Feishu => &feishu::FORM,
        Platform::DingTalk => &dingtalk::FORM,
        Platform::WeCom => &wecom::FORM,
        Platform::Telegram => &telegram::FORM,
        Platform::Slack => &slack::FORM,
        Platform::Discord => &discord::FORM,
        Platform::Json => &generic::FORM,
        Platform::IndexNow | Platform::WebSub => return None,
    })
}
