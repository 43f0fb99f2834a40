# What the web page says itself. Plain text.

web-this-language = English
web-what-this-is = Something at work does not work, or you need something? Ask in your own words. You get the answer from the articles of this helpdesk, or a human being.
web-ask-label = What is wrong?
web-ask-example = for instance: my outlook won't connect
web-ask-button = Ask
web-answer = This should be it:
web-answer-no-help = That does not help? Ask in a chat (see below): there it goes step by step, and a human takes over when nothing helps.
web-several = It could be one of these. Which one fits?
web-unknown = I don't know the answer to that.
web-unknown-next = Try it in other words, or ask in a chat (see below): there you can talk to a human.
web-start = Start a conversation
web-start-chats = In a chat: write to this helpdesk in { $chats }. Just say what is wrong.
web-start-no-chats = In a chat: this helpdesk is not connected to Discord or Telegram yet.
web-start-terminal = In a terminal, on the computer on which this helpdesk runs:
web-start-agent = As an agent who helps, in another terminal:
web-no-login = This page shows only what every employee may read. There is no login yet, so there are no tickets here.
