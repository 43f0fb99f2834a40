# How the bot introduces itself on Telegram: the menu of commands (at most 256 characters each), what stands in an empty chat
# (512) and on the bot's page (120). Plain text.

telegram-command-new = Leave this question and ask another
telegram-command-human = Talk to a human
telegram-command-status = How your tickets stand
telegram-command-close = This is done
telegram-command-language = Speak English or German
telegram-command-privacy = What is stored about you
telegram-command-help = What I can do

telegram-command-queue = Staff: which tickets wait
telegram-command-mine = Staff: which tickets are yours
telegram-command-claim = Staff: take this ticket
telegram-command-note = Staff: write a note that only staff see
telegram-command-reply = Staff: answer the requester
telegram-command-macro = Staff: send a canned answer
telegram-command-merge = Staff: make this ticket a part of another one
telegram-command-duty = Staff: be on duty (on) or not (off), or see who is
telegram-command-resolve = Staff: it is solved

telegram-description =
    Something at work does not work, or you need something? Tell me in your own words. I look for the answer, go through it with you step by step, and fetch a human when that does not help. You can talk to a human at any time: write "human".

    What you write here is kept so that the helpdesk can help you; /privacy tells more. Please never send passwords.
telegram-short-description = The first level of your helpdesk: answers, step-by-step help, and a human when you want one.
