# Was die Webseite selbst sagt. Reiner Text.

web-this-language = Deutsch
web-what-this-is = Bei der Arbeit geht etwas nicht, oder du brauchst etwas? Frag mit deinen eigenen Worten. Du bekommst die Antwort aus den Artikeln dieses Helpdesks, oder einen Menschen.
web-ask-label = Was geht nicht?
web-ask-example = zum Beispiel: Outlook verbindet sich nicht
web-ask-button = Fragen
web-answer = Das sollte es sein:
web-answer-no-help = Das hilft nicht? Frag in einem Chat (siehe unten): Dort geht es Schritt für Schritt, und wenn nichts hilft, übernimmt ein Mensch.
web-several = Es könnte eines davon sein. Was passt?
web-unknown = Darauf weiß ich keine Antwort.
web-unknown-next = Versuch es mit anderen Worten, oder frag in einem Chat (siehe unten): Dort kannst du mit einem Menschen sprechen.
web-start = Ein Gespräch anfangen
web-start-chats = In einem Chat: Schreib diesem Helpdesk in { $chats }. Sag einfach, was nicht geht.
web-start-no-chats = In einem Chat: Dieser Helpdesk ist noch nicht mit Discord oder Telegram verbunden.
web-start-terminal = In einem Terminal, auf dem Rechner, auf dem dieser Helpdesk läuft:
web-start-agent = Als Agent, der hilft, in einem zweiten Terminal:
web-no-login = Diese Seite zeigt nur, was alle Angestellten lesen dürfen. Eine Anmeldung gibt es noch nicht, deshalb sind hier keine Tickets.
