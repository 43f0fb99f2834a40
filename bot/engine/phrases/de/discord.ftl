# Was man auf Discord liest.

discord-command-taken = Ist angekommen. Die Antwort kommt gleich als Nachricht.
