//! Content of a kind that is newer than we are, or that no helpdesk uses: a checklist, a game, an invoice. Somebody sent it and
//! means something by it, so that it is no more left out than any other message; what it says cannot be told.

use serde_json::Value;

/// What every message has or can have besides its content.
const AROUND: &[&str] = &[
    "message_id", "message_thread_id", "direct_messages_topic", "from", "sender_chat", "sender_boost_count",
    "sender_business_bot", "date", "business_connection_id", "chat", "forward_origin", "forward_from",
    "forward_from_chat", "forward_from_message_id", "forward_signature", "forward_sender_name", "forward_date",
    "is_topic_message", "is_automatic_forward", "reply_to_message", "external_reply", "quote", "reply_to_story",
    "reply_to_checklist_task_id", "via_bot", "edit_date", "has_protected_content", "is_from_offline", "is_paid_post",
    "media_group_id", "author_signature", "paid_star_count", "entities", "link_preview_options", "suggested_post_info",
    "effect_id", "caption_entities", "show_caption_above_media", "has_media_spoiler", "reply_markup", "sender_tag",
    "guest_query_id", "guest_bot_caller_user", "guest_bot_caller_chat", "reply_to_poll_option_id",
];

/// What a chat writes by itself when something happened in it. Nobody said anything.
const HAPPENED: &[&str] = &[
    "new_chat_members", "new_chat_member", "new_chat_participant", "left_chat_member", "left_chat_participant",
    "new_chat_title", "new_chat_photo", "delete_chat_photo", "group_chat_created", "supergroup_chat_created",
    "channel_chat_created", "message_auto_delete_timer_changed", "migrate_to_chat_id", "migrate_from_chat_id",
    "pinned_message", "successful_payment", "refunded_payment", "users_shared", "user_shared", "chat_shared",
    "connected_website", "write_access_allowed", "passport_data", "proximity_alert_triggered", "boost_added",
    "chat_background_set", "checklist_tasks_done", "checklist_tasks_added", "direct_message_price_changed",
    "forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened",
    "general_forum_topic_hidden", "general_forum_topic_unhidden", "giveaway_created", "giveaway_completed",
    "paid_message_price_changed", "suggested_post_approved", "suggested_post_approval_failed",
    "suggested_post_declined", "suggested_post_paid", "suggested_post_refunded", "video_chat_scheduled",
    "video_chat_started", "video_chat_ended", "video_chat_participants_invited", "voice_chat_scheduled",
    "voice_chat_started", "voice_chat_ended", "voice_chat_participants_invited", "chat_owner_left",
    "chat_owner_changed", "gift", "unique_gift", "gift_upgrade_sent", "managed_bot_created", "poll_option_added",
    "poll_option_deleted",
];

/// The names of what is in a message that has neither words nor files as we know them; `None` where nobody said anything.
pub(super) fn content(message: &Value) -> Option<String> {
    let fields = message.as_object()?;
    if fields.keys().any(|name| HAPPENED.contains(&name.as_str())) {
        return None;
    }
    let names: Vec<&str> = fields.keys().map(String::as_str).filter(|name| !AROUND.contains(name)).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn content_is_told_from_what_happened() {
        let check = |message: Value, expected: Option<&str>| assert_eq!(content(&message).as_deref(), expected);
        check(json!({"message_id": 1, "date": 1, "checklist": {"title": "x"}}), Some("checklist"));
        check(json!({"message_id": 1, "pinned_message": {}, "newer": 1}), None);
        check(json!({"message_id": 1, "reply_markup": {}}), None);
        check(json!("no message"), None);
    }
}
