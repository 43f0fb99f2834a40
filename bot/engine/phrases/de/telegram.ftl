# Wie sich der Bot auf Telegram vorstellt: das Menü der Befehle (je höchstens 256 Zeichen), was in einem leeren Chat steht (512)
# und auf der Seite des Bots (120). Reiner Text.

telegram-command-new = Diese Frage lassen und eine andere stellen
telegram-command-human = Mit einem Menschen sprechen
telegram-command-status = Wie deine Tickets stehen
telegram-command-close = Das ist erledigt
telegram-command-language = Deutsch oder Englisch sprechen
telegram-command-privacy = Was über dich gespeichert wird
telegram-command-help = Was ich kann

telegram-command-queue = Team: welche Tickets warten
telegram-command-mine = Team: welche Tickets deine sind
telegram-command-claim = Team: dieses Ticket übernehmen
telegram-command-note = Team: eine Notiz, die nur das Team sieht
telegram-command-reply = Team: dem Anfragenden antworten
telegram-command-macro = Team: einen Textbaustein senden
telegram-command-merge = Team: dieses Ticket mit einem anderen zusammenführen
telegram-command-duty = Team: im Dienst sein (an) oder nicht (aus), oder sehen, wer es ist
telegram-command-resolve = Team: es ist gelöst

telegram-description =
    Bei der Arbeit geht etwas nicht, oder du brauchst etwas? Sag es mir in deinen Worten. Ich suche die Antwort, gehe sie Schritt für Schritt mit dir durch und hole einen Menschen, wenn das nicht hilft. Mit einem Menschen kannst du jederzeit sprechen: Schreib „Mensch“.

    Was du hier schreibst, wird aufgehoben, damit der Helpdesk dir helfen kann; /privacy sagt mehr. Bitte schick nie Passwörter.
telegram-short-description = Die erste Stufe deines Helpdesks: Antworten, Hilfe Schritt für Schritt, und ein Mensch, wenn du willst.
