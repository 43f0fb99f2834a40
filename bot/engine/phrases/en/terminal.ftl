# What the terminal says by itself. Plain text.

terminal-requester-hint = Just write what is wrong. /help tells what else there is, /edit changes your last message, /quit leaves.
terminal-earlier = Earlier:
terminal-now = Now:
terminal-edit-what = Write the new text behind it: /edit I meant the printer
terminal-edit-nothing = You have not written anything yet that could be changed.
terminal-not-stored = This is not sent yet: the helpdesk's database does not take it. I keep it and go on trying; Ctrl-C gives up.
terminal-stored = Now it is sent.
terminal-unsettled = There is more to come. The rest is shown when you open this chat again.
terminal-corrected = (corrected)
terminal-withdrawn = (A message was withdrawn.)

terminal-file = (file: { $name })
terminal-edited = (changed a message to) { $text }
terminal-deleted = (deleted a message)

terminal-agent-hint = /claim takes the next ticket, /help tells what else there is.
terminal-agent-help =
    Whatever is not a command is said to the requester of the current ticket.
    /queue: the tickets that wait. /mine: those you have.
    /claim: take the one to be worked on first. /claim 1001: take this one.
    /show: all about the current ticket. /show 1001: all about this one.
    /switch 1001: make another ticket of yours the current one.
    //text or /note text: a note that the requester never sees
    /priority low, medium, high or critical
    /hold, /resume: something else has to happen first; go on.
    /transfer second-level: move it to another queue; what stands behind it says why.
    /macro vpn-reset: send a canned answer; /macro alone tells which there are.
    /merge 1001: make the current ticket a part of this one.
    /duty on, /duty off: be on duty, or not. /duty tells who is.
    /release: lay it back into its queue.
    /bot: let the bot go on.
    /resolve: it is solved. /close: it is over, without asking for a rating.
    /resend: send again what did not arrive.
    /quit: leave. Your tickets stay yours.
terminal-waiting = Waiting:
terminal-new-ticket = New:
terminal-nothing-waits = No ticket is waiting.
terminal-more = and { $count } more
terminal-yours = Yours:
terminal-nothing-yours = You have no ticket.
terminal-yours-now = Ticket { $ticket } is yours now.
terminal-not-yours = Ticket { $ticket } is not one of yours; take it with /claim.
terminal-left-ticket = You no longer have ticket { $ticket }. What you write now goes to nobody until you /claim or /switch.
terminal-no-current = No ticket is current: /claim takes one, /switch goes to one of yours.
terminal-current = Now in { $ticket }: { $summary } ({ $requester })
terminal-list-line = { $priority }, { $status }: { $summary } ({ $requester }, { $age })
terminal-age-now = just now
terminal-age-minutes = { $count } min
terminal-age-hours = { $count } h
terminal-age-days = { $count } d
terminal-unknown-command = There is no such command, so nothing was done: { $typed } (/help lists them; to say it to the requester, put a space before the slash)
terminal-needs-number = A ticket's number is missing, as in /show 1001: { $typed }
terminal-needs-queue = The queue is missing, as in /transfer second-level: { $typed }
terminal-needs-priority = It can be low, medium, high or critical: { $typed }
terminal-needs-on-or-off = It can be on or off: { $typed }
terminal-needs-text = The text is missing: { $typed }
terminal-resent = Messages sent again: { $count }
terminal-about = About "{ $text }":
terminal-delivery-dead = Not delivered: { $reason } (/resend tries again)
terminal-delivery-ambiguous = Perhaps not delivered: { $reason } (/resend sends it again)
terminal-delivery-unsaid = Not delivered to the requester: { $reason }

terminal-nobody = nobody
terminal-card-requester = Requester: { $value }
terminal-card-kind = Kind: { $value }
terminal-card-category = Category: { $value }
terminal-card-priority = Priority: { $value }
terminal-card-status = Status: { $value }
terminal-card-queue = Queue: { $value }
terminal-card-assignee = Agent: { $value }
terminal-card-age = Age: { $value }
terminal-card-nothing-tried = The bot has tried nothing.
terminal-card-tried = What the bot tried:
terminal-card-transcript = What was said and done:
terminal-kind-incident = something is broken
terminal-kind-service_request = something is wanted
terminal-tried-failed = did not help
terminal-tried-left = not finished
terminal-tried-helped = helped at first

terminal-did-open = Ticket { $ticket } opened
terminal-did-claim = Claimed by { $who }
terminal-did-release = Laid back into its queue by { $who }
terminal-did-transfer = Moved from { $from } to { $to } by { $who }
terminal-did-priority = Priority set to { $priority } by { $who }
terminal-did-macro = Macro { $name } used by { $who }
terminal-did-merge = Merged into { $ticket } by { $who }
terminal-did-take-in = { $ticket } ({ $summary }) merged into this ticket by { $who }
terminal-did-pass-on = { $name } writes to { $ticket }, which was merged into this one: { $text }
terminal-did-hold = Put on hold by { $who }
terminal-did-resume = Resumed by { $who }
terminal-did-return = Handed back to the bot by { $who }
terminal-did-resolve = Resolved by { $who } ({ $how })
terminal-did-reopen = Reopened by { $who }
terminal-did-close = Closed by { $who } ({ $how })
terminal-did-rate = Rated by { $who }: { $stars } of 5
terminal-did-react = { $who } reacts with { $emoji }
terminal-did-unreact = { $who } takes the reaction back
terminal-did-comment = Comment on the help by { $who }: { $text }
terminal-did-block = { $who } has blocked the bot; nothing reaches them
terminal-did-unblock = { $who } can be reached again
terminal-missed = Messages written between { $from } and { $until } may be lost; ask again
terminal-did-fail = The bot failed and asks for a person (reference: { $reference })
terminal-did-unheard = What the bot answered did not arrive, so it asks for a person: { $reason }
terminal-did-reroute = The requester takes no messages; it goes on in a thread that mentions them
terminal-did-lose = The requester takes no messages, and there is no other way
terminal-did-leave-out = { $name } has not reached the requester: files of up to { $limit } MB can be sent there
terminal-did-miss-file = { $name } has not reached the requester: the file could not be fetched
terminal-did-excuse = The requester cannot be answered where they asked, and knows what to do instead: { $reason }
terminal-resolution-confirmed = confirmed by the requester
terminal-resolution-assumed = assumed
terminal-resolution-abandoned = abandoned
