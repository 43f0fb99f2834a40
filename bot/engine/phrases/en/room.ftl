# What staff read in a ticket's thread. Markdown, but for the notices.

room-card-requester = Requester: { $value }
room-card-status = Status: { $value }
room-card-priority = Priority: { $value }
room-card-category = Category: { $value }
room-card-queue = Queue: { $value }
room-card-opened = Opened: { $value }
room-clock-first-due = First answer: due { $value }
room-clock-first-breached = **First answer overdue** since { $value }
room-clock-first-met = First answer: { $value }
room-clock-first-late = First answer: { $value } (late, it was due { $due })
room-clock-next-due = Next answer: due { $value }
room-clock-next-breached = **Next answer overdue** since { $value }
room-clock-resolution-due = Solution: due { $value }
room-clock-resolution-breached = **Solution overdue** since { $value }
room-clock-resolution-paused = Solution: the clock is stopped, with { $value } left
room-clock-resolution-met = Resolved: { $value }
room-clock-resolution-late = Resolved: { $value } (late, it was due { $due })
room-card-rating = Rating: { $value } of 5
room-card-nothing-tried = The bot tried nothing.
room-card-tried = What the bot tried:
room-tried-failed = – { $title } (steps: { $steps }): did not help
room-tried-left = – { $title } (steps: { $steps }): not finished
room-tried-helped = – { $title } (steps: { $steps }): helped at first

room-button-claim = Claim
room-button-release = Release
room-button-priority = Priority
room-button-note = Write notes
room-button-reply = Write answers
room-button-transfer = Transfer
room-button-resolve = Resolve
room-button-close = Close
room-button-back = Back
room-button-resend = Send again

room-note-by = { $name } (note)
room-did-claim = **{ $who }** has claimed the ticket.
room-did-release = **{ $who }** has laid the ticket back into its queue.
room-did-transfer = **{ $who }** has moved the ticket to { $to }.
room-did-hold = **{ $who }** has put the ticket on hold.
room-did-resume = **{ $who }** goes on with the ticket.
room-did-return = **{ $who }** has given the conversation back to the bot.
room-did-resolve = **{ $who }** has resolved the ticket.
room-did-reopen = **{ $who }** has reopened the ticket.
room-did-close = **{ $who }** has closed the ticket.
room-did-rate = **{ $who }** rates the help: { $stars } of 5
room-did-comment = **{ $who }** says to the rating: { $text }
room-did-block = **{ $who }** has blocked the bot: nothing you write here reaches them now. Try to reach them another way.
room-did-unblock = **{ $who }** can be reached again.
room-missed = The desk heard nothing from the platform from { $from } to { $until }, which is longer than messages are kept there. What the requester wrote in the meantime may be lost; please ask again.
room-did-edit = **{ $who }** has changed one of these messages: { $text }
room-did-delete = **{ $who }** has deleted one of these messages.
room-quote = ↪ “{ $text }”
room-did-fail = The bot has failed and asks for a person. (Reference: { $reference })
room-did-reroute = **{ $who }** takes no direct messages from us. What you write goes to a thread of the help channel that mentions { $who }.
room-did-lose = **{ $who }** takes no direct messages from us, and there is no other way. Ask { $who } by other means to allow direct messages from members of the server (its name, Privacy Settings), and then send it again. With a help channel there would be another way.

room-ambiguous = Perhaps this did not reach the requester: { $reason }
room-undelivered = This did not reach the requester: { $reason }
room-line-ambiguous = Perhaps a message is missing here in the topic: { $reason }
room-line-missing = A message is missing here in the topic: { $reason }

why-blocked = They have blocked the bot.
why-no-direct-messages = They take no direct messages from the bot, or are no longer on a server that it is on, too.
why-account-gone = The account does not exist any more.
why-chat-gone = The chat does not exist any more, or the bot is not in it any more.
why-too-large = It is larger than the platform allows.
why-no-rights = The bot lacks a right there. Whoever manages the group can give it.
why-no-answer = The connection was lost before the platform answered.
why-not-heard = Firstline was ended while it was on its way.
why-partly = Only a part has arrived for certain.

room-list-waiting = Waiting:
room-list-nothing-waits = No ticket is waiting.
room-list-yours = Your tickets:
room-list-nothing-yours = You have no ticket.
room-list-line = **{ $number }** { $summary } ({ $requester }; priority { $priority }; { $status })
room-list-more = … and more.

room-notice = { $name }: { $text }
room-stale-button = This button does nothing any more.
room-unknown-command = There is no such command, so nothing was done. There are /claim, /release, /note, /reply, /priority, /transfer, /hold, /resume, /bot, /resolve and /close.
