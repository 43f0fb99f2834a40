# What is read on Discord.

discord-command-taken = Got it. The answer comes as a message in a moment.
