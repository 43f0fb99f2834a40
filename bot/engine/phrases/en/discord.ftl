# What is read on Discord.

discord-command-taken = Got it. The answer comes as a message in a moment.

discord-command-ask = A question to the helpdesk
discord-command-ticket = Your tickets
discord-option-question = What is wrong, or what do you need?
discord-name-ask = ask
discord-name-help = help
discord-name-human = human
discord-name-language = language
discord-name-privacy = privacy
discord-name-ticket = ticket
discord-name-new = new
discord-name-status = status
discord-name-close = close
discord-name-question = question
discord-name-name = name
discord-command-help = What the helpdesk can do for you
discord-command-new = A new ticket, without asking first
discord-command-status = How your tickets stand
discord-command-human = Talk to a human
discord-command-language = Speak another language
discord-command-privacy = What is stored about you
discord-command-close = Close the ticket: it is done
discord-command-claim = Take this ticket
discord-command-release = Put this ticket back into its queue
discord-command-note = Write a note that the requester never sees
discord-command-priority = Change the priority of this ticket
discord-command-transfer = Move this ticket to another queue
discord-command-hold = Put this ticket on hold
discord-command-resume = Go on with this ticket
discord-command-resolve = This ticket is solved
discord-option-name = Which language
discord-option-text = The note
discord-option-level = The new priority
discord-option-queue = The other queue

discord-not-here = I am not at work in this server. Please ask the people who run the helpdesk.
discord-not-yours = This button belongs to somebody else's conversation. With `/ask` you can ask a question of your own.
discord-button-words = Write an answer
discord-form-request = New ticket
discord-form-summary = What is it about, in a sentence?
discord-form-description = What else should we know?
discord-form-quoted = { $who } wrote: { $text }
discord-form-words = Your answer to the helpdesk
discord-form-answer = Your answer
discord-menu-ticket = Create ticket from this message
