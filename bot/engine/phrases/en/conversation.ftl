# What the bot says while it helps. Markdown.

hello =
    Hello, I am { $desk }, the first level of the helpdesk. Tell me in a sentence what is wrong or what you need, and I will look for the answer.
    If you would rather talk to a person, just say "human".
help =
    Tell me in your own words what is wrong, for instance "I can't get into the VPN from home". I look for an answer, walk you through a fix, and bring in a person when I cannot help.

    - `/human` talk to a person
    - `/status` how your tickets stand
    - `/new` leave this question and ask another
    - `/close` this is done
    - `/language en` or `/language de`
    - `/privacy` what is stored
privacy = What you write here is stored so that the helpdesk can help you and see what has been tried. The bot and the helpdesk's staff can read it, nobody else. Please never send passwords. To have your data shown to you or deleted, say "human" and ask for it.
you-are-welcome = You're welcome!
small-talk = I am a helpdesk bot, so I am always fine. What can I help you with?
tell-me-more = Gladly. What exactly is wrong, or what do you need? One sentence is enough.
only-files = I can't look into files or pictures myself, but they are kept for the helpdesk. Tell me in a sentence what is wrong, or say "human".
secret-hidden = Your message seems to have had a password or another secret in it. I have blacked it out ({ $mask }): it is not stored, and nobody at the helpdesk sees it. It has still been in this chat, so please change it soon, and delete your message if you can. The helpdesk never needs your password.

article-only-in-english = _I have this only in English:_
article-only-in-german = _I have this only in German:_
did-that-help = Did that help?
guide-begins = Let's go through it together, { $total ->
    [one] there is one step.
   *[other] there are { $total } steps.
}
guide-step = Step { $number } of { $total }
did-the-step-help = I did not get that. Did this step help?
did-the-answer-help = I did not get that. Did the answer help?
clarify = I have several answers that could fit. Which one is it?

not-known = I don't know the answer to that, and I would rather say so than guess. You can put it in other words, or I can pass it on to a person. Shall I?
nothing-helped = I am sorry that this has not helped so far. Shall I pass you on to a person? They will see what you have already tried.
human-or-not = Shall I pass you on to a person?

glad-it-helped = Glad to hear it! Write again whenever something is wrong.
called-off = All right, I'll leave it at that. Write again whenever something is wrong.
new-question = All right, a new question: what can I help you with?
ask-new-question = All right, then I'll leave the ticket closed. What is the new question?
held-choice = A person has taken over here, so that choice does nothing any more. Just write, and they will read it.
once-more = (Once more, in case it did not arrive:)
stale-choice = That choice is no longer on offer. Please use the latest message, or just write what you need.
taken = Got it.
choose-one = Please choose one of these, or say "skip" or "human".
language-set = I'll speak English with you from now on.
language-which = I speak English and German: `/language en`, `/language de`.
bot-failed = Something went wrong on my side, so I have asked a person to look at your request. Nothing you wrote is lost. (Reference: { $reference })

choice-helped = Yes, it works
choice-not-helped = No, it doesn't
choice-none-of-these = None of these
choice-next-step = Try the next step
choice-human = Talk to a human
choice-no-human = No, thank you
choice-skip = Skip
choice-something-new = It's about something new

file-too-large = { $name } is too large: files of up to 20 MB can be passed on. What you wrote has arrived.
file-left-too-large = [{ $name }: too large to be passed on, at most { $limit } MB]
file-left-missing = [{ $name }: could not be fetched]

# In a group, where others read along.
public-hello = Hello, I am { $desk }, the first level of the helpdesk. Mention me with your question, or write to me in private: what is about you is nobody else's business here.
public-answer-end = Does that not help, or is it about something of your own? Then let us go on in private.
public-answer-steps = { $steps ->
    [one] I will go through the one step with you in private.
   *[other] I will go through the { $steps } steps with you in private.
}
public-in-private = Let us look at that in private. You need not type it again.
public-personal = That is about you alone, so I will tell you in private.
public-secret = Your message seems to hold a password or another secret. Please delete it here and change the secret; we can go on in private.
choice-in-private = Go on in private

# What a thread begins with that was made for somebody.
way-question = I'll answer you here. Besides you only the helpdesk reads this.
way-shared-question = I'll answer you here. Others can read this thread: for anything personal, rather send me a direct message.
way-moved = You take no direct messages from me, so we go on here. Besides you only the helpdesk reads this.
way-title = Helpdesk for { $name }
