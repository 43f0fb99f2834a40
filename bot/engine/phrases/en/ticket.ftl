# What is said about tickets. Markdown, but for the refusals.

getting-a-human = I'll get a person for you.
ask-summary = What is it about? One sentence is enough.
ask-category = What is it about, roughly?
ask-impact = So that it lands in the right place: who is affected?
ask-urgency = How much does it keep you from working?
ticket-opened = I have opened ticket **{ $ticket }** with everything from this chat. { $before ->
    [0] It is the next one in line.
    [one] One other ticket is before it.
   *[other] { $before } other tickets are before it.
} Somebody will answer you right here; whatever you write in the meantime is added to the ticket.
added-to-ticket = I have added that to ticket { $ticket }. Somebody will answer you right here.
no-tickets = You have no open tickets.
status-line = Ticket **{ $ticket }** ({ $summary }): { $state }
status-new = waiting for a free agent, { $before ->
    [0] next in line.
    [one] one ticket before it.
   *[other] { $before } tickets before it.
}
status-open = { $name } is working on it.
status-open-nobody = being worked on.
status-waiting-for-requester = waiting for your answer.
status-on-hold = on hold until something else has happened.
status-resolved = resolved.
status-closed = closed.
agent-joined = **{ $name }** from the helpdesk has taken over ticket { $ticket } and is talking to you now.
agent-left = Ticket { $ticket } is back in the queue; somebody else will take it over.
transferred = Ticket { $ticket } has been passed on to colleagues who know this better. Somebody will answer you right here.
bot-is-back = I am back. Tell me how it stands, or what else I can do. For a person just say "human".
resolved-ask-rating = { $name } has resolved ticket { $ticket }. If it is not solved after all, just write again. How was the help, from 1 (bad) to 5 (very good)?
ask-comment = Thank you! Would you like to say a word about it?
rating-thanks = Thank you for your feedback!
merged = Your ticket { $ticket } is handled together with **{ $into }** from now on. Just go on writing here.
passed-on = Your ticket { $ticket } is handled together with { $into }; I have passed that on to those who work on it.
reopened = I have reopened ticket { $ticket } and added your message to it.
summary-none = Wants to talk to a person
closed-by-requester = Ticket { $ticket } is closed. Write again whenever something is wrong.
closed-by-desk = The helpdesk has closed ticket { $ticket }. Write again whenever something is wrong.
ticket-still-open = Ticket { $ticket } is still open, and what you write here goes to it. When it is done, close it with `/close`; then you can ask something new.

impact-person = Only me
impact-team = My team
impact-everyone = Everyone here
urgency-low = It can wait
urgency-medium = I can work, but badly
urgency-high = I can't work at all
rate-1 = 1
rate-2 = 2
rate-3 = 3
rate-4 = 4
rate-5 = 5

category-accounts = Accounts and passwords
category-network = Network, Wi-Fi and VPN
category-printing = Printing and scanning
category-security = Security
category-email = E-mail and calendar
category-meetings = Video calls
category-hardware = Devices
category-software = Software
category-onboarding = Joining and leaving
category-hr = HR
category-facilities = Building and workplace
category-other = Something else

status-name-new = new
status-name-open = open
status-name-waiting_for_requester = waiting for requester
status-name-on_hold = on hold
status-name-resolved = resolved
status-name-closed = closed
priority-low = low
priority-medium = medium
priority-high = high
priority-critical = critical

refused-already-claimed = { $name } was faster and has this ticket.
refused-already-yours = You have this ticket already.
refused-held-by-another = { $name } has this ticket; ask them to release or transfer it.
refused-claim-first = Claim this ticket first.
refused-already-over = This ticket is over. It comes back when the requester writes again.
refused-not-on-hold = This ticket is not on hold.
refused-unknown-queue = There is no such queue. There are: { $known }
refused-unknown-macro = There is no such macro. There are: { $known }
refused-no-macros = There are no macros yet. Whoever runs the helpdesk makes them with `firstline macro set`.
refused-already-merged = This ticket was merged into { $ticket }; it goes on there.
refused-same-ticket = A ticket cannot be merged into itself.
refused-other-is-over = The other ticket is resolved or closed. Tickets can be merged into open ones only.
refused-other-is-merged = The other ticket was itself merged into { $ticket }; merge this one into that.
refused-other-requester = { $ticket } is a ticket of { $name }, and so of another person, who would be answered there. If that is what you want: /merge { $number } confirm
refused-same-queue = It is in that queue already.
refused-nothing-to-say = There is nothing to send.
refused-no-ticket = There is no such ticket.
refused-not-staff = Only agents and admins may do this.
refused-busy = Somebody is changing this ticket right now. Please try again.
refused-internal = Something went wrong on our side; nothing was changed. (Reference: { $reference })
