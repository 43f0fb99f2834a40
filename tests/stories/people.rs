//! What several stories begin or end with.

use firstline_tests::chat::Chat;

/// An employee is led through the VPN article in vain, asks for a human and answers all questions: ticket #1001 is open.
pub(crate) async fn asks_for_help_with_the_vpn(employee: &mut Chat) {
    employee.says("ich komme von zu hause nicht ins vpn").await;
    employee.reads("Schritt 1 von 6").await;
    employee.says("geht nicht").await;
    employee.reads("Schritt 2 von 6").await;
    employee.says("geht immer noch nicht").await;
    employee.reads("Soll ich dich an einen Menschen weitergeben?").await;
    employee.says("ja bitte").await;
    employee.reads("Wer ist betroffen?").await;
    employee.says("nur ich").await;
    employee.reads("Wie sehr hindert es dich an der Arbeit?").await;
    employee.says("3").await;
    employee.reads("Ich habe Ticket #1001 eröffnet").await;
}

/// An employee asks for a human at once and leaves out what can be left out: ticket #1001 is open.
pub(crate) async fn asks_for_a_human(employee: &mut Chat, summary: &str) {
    employee.says("human").await;
    employee.reads("What is it about?").await;
    employee.says(summary).await;
    employee.reads("What is it about, roughly?").await;
    employee.says("skip").await;
    employee.reads("who is affected?").await;
    employee.says("skip").await;
    employee.reads("How much does it keep you from working?").await;
    employee.says("skip").await;
    employee.reads("I have opened ticket #1001").await;
}
