//! What every store must do: one body per sentence of the trait's comments, run on SQLite and on PostgreSQL.
//!
//! A test is an `async fn` that takes a [`support::Desk`], and its name below. One that is not listed is dead code, which the
//! compiler reports.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the helpers of a test fail as tests do: by panicking"
)]

mod support;

macro_rules! contract {
    ($($module:ident: [$($test:ident),+ $(,)?])+) => {
        $(mod $module;)+
        contract!(@database on_sqlite, sqlite, $($module: [$($test),+])+);
        contract!(@database on_postgres, postgres, $($module: [$($test),+])+);
    };
    (@database $name:ident, $open:ident, $($module:ident: [$($test:ident),+])+) => {
        mod $name {
            $(mod $module {
                $(
                    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                    async fn $test() {
                        let desk = crate::support::Desk::$open().await;
                        crate::$module::$test(&desk).await;
                    }
                )+
            })+
        }
    };
}

contract! {
    inbox: [
        a_first_event_makes_account_person_place_and_conversation,
        a_known_event_changes_nothing,
        the_same_key_of_another_platform_is_another_event,
        of_a_hundred_copies_at_once_one_is_taken,
        an_event_whose_commit_breaks_is_taken_once,
        events_keep_their_order_and_come_32_at_a_time,
        a_place_has_one_conversation_whoever_writes,
        many_first_contacts_at_once_make_one_of_each,
        the_newest_name_and_the_platform_language_are_taken_over,
        a_watermark_moves_with_its_events,
        the_author_of_an_event_is_found,
        what_was_accepted_can_be_read_again,
        an_event_is_found_with_whose_it_is,
        what_is_not_understood_is_kept_once,
        failures_are_counted,
    ]
    leases: [
        there_is_no_lease_without_something_to_do,
        a_conversation_is_leased_to_one_at_a_time,
        a_busy_conversation_is_kept_for_who_asks_for_it,
        a_conversation_is_not_kept_for_long,
        of_eight_that_race_one_gets_it,
        eight_workers_share_the_conversations,
        the_one_that_has_waited_longest_comes_first,
        a_wake_time_that_has_come_is_something_to_do,
        an_expired_lease_is_taken_over_and_its_holder_fenced,
        a_lease_is_given_back_by_its_newest_holder_only,
        a_lease_is_shortened_by_its_newest_holder_only,
        events_that_arrive_during_a_turn_are_not_forgotten,
    ]
    sources: [
        a_source_is_held_by_one_until_it_is_given_back_or_runs_out,
        a_source_can_be_taken_over_by_force,
        who_has_lost_a_source_commits_nothing,
        of_eight_that_want_a_source_one_gets_it,
    ]
    turns: [
        a_turn_is_committed_as_a_whole,
        a_turn_that_fails_leaves_nothing,
        events_that_are_given_up_do_not_wait_any_more,
        a_second_ticket_is_refused,
        a_ticket_of_another_conversation_is_refused,
        a_better_known_language_is_kept,
        of_fifty_claims_at_once_one_wins,
        renewing_moves_what_is_pending,
        renewing_an_ended_conversation_is_refused,
        no_event_is_lost_while_a_conversation_is_renewed,
    ]
    timeline: [
        lines_are_numbered_and_read_in_pages,
        what_is_internal_is_only_shown_to_staff,
        a_place_shows_the_newest_lines_of_all_its_conversations,
        a_line_shows_how_its_message_stands,
    ]
    outbox: [
        messages_of_a_place_go_one_by_one_in_order,
        a_lane_serves_its_platforms_or_its_place,
        workers_that_race_keep_the_order_of_every_place,
        a_retry_holds_up_its_place_until_it_is_due,
        what_is_ambiguous_or_dead_does_not_hold_up_its_place,
        a_result_counts_for_the_attempt_under_way,
        late_certainty_counts_and_a_late_guess_does_not,
        attempts_whose_time_has_passed_are_given_up,
        all_attempts_of_a_place_can_be_given_up,
        overdue_attempts_of_one_place_can_be_given_up,
        an_attempt_that_was_perhaps_begun_holds_nothing_up,
        a_person_can_have_a_message_sent_again_or_confirmed,
        a_further_attempt_knows_of_those_before,
        what_nobody_would_notice_is_said_once_more,
        what_is_said_in_vain_is_told_to_its_conversation_once,
    ]
    withdrawing: [
        the_bot_is_silenced_while_a_human_holds_the_conversation,
        an_edit_carries_the_id_of_its_message,
        an_edit_of_a_message_that_was_never_sent_goes_into_it,
        an_edit_of_a_message_nobody_knows_of_dies,
        what_nobody_has_seen_is_changed_or_left_unsaid,
        what_was_taken_back_is_not_sent_again,
    ]
    rooms: [
        a_thread_is_made_once_and_comes_with_its_messages,
        news_is_told_once,
        a_thread_is_found_by_its_id_its_card_and_its_messages,
        what_staff_do_belongs_to_the_conversation_of_the_thread,
        a_thread_changes_with_a_turn,
        a_lost_thread_is_to_be_made_again,
        a_ticket_can_be_shown_again,
        of_several_waiting_cards_the_newest_is_sent,
        a_line_is_found_by_any_of_its_messages,
        staff_are_told_of_each_attempt_that_ended,
    ]
    places: [
        the_places_of_a_chat_are_found,
        who_waits_for_the_bot_is_found,
        the_parts_of_a_chat_share_what_it_may_have,
        a_room_that_moves_takes_its_tickets_along,
    ]
    instances: [
        each_instance_has_a_higher_number,
        what_a_gone_instance_had_under_way_is_given_up,
        who_is_gone_holds_no_conversation,
        what_may_be_repeated_is_repeated_after_an_end,
        who_is_not_there_takes_nothing,
        only_who_was_there_all_the_while_declares_others_gone,
    ]
    news: [
        a_ticket_that_always_fails_holds_up_no_other,
        tickets_take_turns,
        a_clock_that_was_put_back_holds_up_nothing,
        a_clock_that_runs_out_is_news,
        what_waits_in_a_crowded_room_can_say_more,
        what_took_several_messages_counts_as_several,
        a_line_that_is_perhaps_missing_in_a_thread_is_told,
        what_a_room_was_not_told_for_good_is_told,
    ]
    ways: [
        a_way_stands_for_its_place,
        in_a_shared_place_only_its_requester_is_heard,
        an_answer_goes_to_one_person_while_it_can,
        the_requesters_account_is_found,
        a_line_is_added_without_a_turn,
    ]
    paces: [
        a_chat_and_a_platform_get_only_so_many,
        a_chat_that_is_to_wait_waits_alone,
        a_platform_that_does_not_let_us_in_is_left_alone,
        workers_that_race_keep_the_pace,
        what_goes_past_the_outbox_counts_in_its_room,
        what_was_long_on_its_way_counts_from_its_arrival,
        who_looked_at_the_clock_a_moment_earlier_keeps_the_pace,
        a_clock_that_was_put_back_silences_nobody,
    ]
    files: [
        a_file_waits_to_be_copied_and_is_kept,
        a_file_that_cannot_be_had_is_tried_again_or_given_up,
        a_copier_that_died_is_replaced,
    ]
    tickets: [
        numbers_count_up_from_1001_for_everybody,
        a_ticket_is_read_as_it_was_written,
        tickets_are_listed_by_priority_and_age,
        tickets_are_filtered,
        those_before_a_ticket_are_counted,
    ]
    people: [
        what_is_not_there_is_none,
        an_account_is_made_once,
        a_role_is_set_and_audited,
        staff_is_listed_by_name,
        the_audit_log_shows_the_newest_first,
        who_is_on_duty_is_kept_and_audited,
    ]
    macros: [
        macros_are_kept_replaced_and_removed,
    ]
    merging: [
        a_merged_ticket_says_so_on_both_sides,
        places_of_one_person_are_joined,
        places_of_two_people_or_platforms_are_never_joined,
        what_is_over_or_merged_takes_nothing_in,
        of_two_that_are_merged_into_each_other_one_is_left,
        what_is_passed_on_is_an_event_of_the_other_conversation,
    ]
    library: [
        articles_are_inserted_replaced_and_left_alone,
        pruning_removes_the_others,
        articles_are_removed_in_one_language_or_in_all,
        the_version_changes_with_the_articles_only,
        what_has_changed_since_a_version_is_told,
        changes_that_nobody_recorded_are_not_guessed,
        changes_at_the_same_time_are_all_told,
    ]
    running: [
        the_database_answers,
        what_waits_is_counted,
        waiting_ends_by_itself,
        a_change_wakes_all_who_wait,
        a_change_right_before_the_wait_is_not_missed,
        another_process_is_heard,
        lost_connections_are_replaced,
        two_stores_write_at_the_same_time,
    ]
    texts: [
        every_text_comes_back_as_it_went_in,
        nul_becomes_the_replacement_character,
        a_megabyte_of_marks_is_kept,
    ]
    opening: [
        what_was_committed_is_there_after_reopening,
        migrating_twice_does_nothing,
        only_its_owner_may_read_a_database_file,
        migrations_at_the_same_time_are_applied_once,
        an_altered_migration_is_refused,
        a_schema_behind_is_refused_with_advice,
    ]
}

mod errors;
