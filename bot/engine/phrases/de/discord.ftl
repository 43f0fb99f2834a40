# Was man auf Discord liest.

discord-command-taken = Ist angekommen. Die Antwort kommt gleich als Nachricht.

discord-command-help = Was der Helpdesk für dich tun kann
discord-command-new = Diese Frage lassen und eine andere stellen
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
