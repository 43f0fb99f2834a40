# What is read on Discord.

discord-command-taken = Got it. The answer comes as a message in a moment.

discord-command-help = What the helpdesk can do for you
discord-command-new = Leave this question and ask another
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
