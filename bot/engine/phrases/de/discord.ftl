# Was man auf Discord liest.

discord-command-taken = Ist angekommen. Die Antwort kommt gleich als Nachricht.

discord-command-ask = Eine Frage an den Helpdesk
discord-command-ticket = Deine Tickets
discord-option-question = Was geht nicht, oder was brauchst du?
discord-name-ask = frage
discord-name-help = hilfe
discord-name-human = mensch
discord-name-language = sprache
discord-name-privacy = datenschutz
discord-name-ticket = ticket
discord-name-new = neu
discord-name-status = status
discord-name-close = schließen
discord-name-question = frage
discord-name-name = name
discord-command-help = Was der Helpdesk für dich tun kann
discord-command-new = Ein neues Ticket, auch ohne vorher zu fragen
discord-command-status = Wie es um deine Tickets steht
discord-command-human = Mit einem Menschen sprechen
discord-command-language = Eine andere Sprache sprechen
discord-command-privacy = Was über dich gespeichert ist
discord-command-close = Das Ticket schließen: Es ist erledigt
discord-command-claim = Dieses Ticket übernehmen
discord-command-release = Dieses Ticket zurück in die Warteschlange legen
discord-command-note = Eine Notiz schreiben, die die anfragende Person nie sieht
discord-command-priority = Die Priorität dieses Tickets ändern
discord-command-transfer = Dieses Ticket in eine andere Warteschlange verschieben
discord-command-hold = Dieses Ticket zurückstellen
discord-command-resume = Mit diesem Ticket weitermachen
discord-command-resolve = Dieses Ticket ist gelöst
discord-option-name = Welche Sprache
discord-option-text = Die Notiz
discord-option-level = Die neue Priorität
discord-option-queue = Die andere Warteschlange

discord-not-here = Auf diesem Server bin ich nicht im Dienst. Frag bitte die Leute, die den Helpdesk betreiben.
discord-not-yours = Dieser Knopf gehört zum Gespräch von jemand anderem. Mit `/ask` stellst du deine eigene Frage.
discord-button-words = Antwort schreiben
discord-form-request = Neues Ticket
discord-form-summary = Worum geht es, in einem Satz?
discord-form-description = Was sollten wir noch wissen?
discord-form-quoted = { $who } schrieb: { $text }
discord-form-words = Antwort an den Helpdesk
discord-form-answer = Deine Antwort
discord-menu-ticket = Ticket aus dieser Nachricht
