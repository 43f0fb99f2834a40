# Was über Tickets gesagt wird. Markdown, außer den Ablehnungen.

getting-a-human = Ich hole dir einen Menschen.
ask-summary = Worum geht es? Ein Satz genügt.
ask-category = Worum geht es ungefähr?
ask-impact = Damit es richtig eingeordnet wird: Wer ist betroffen?
ask-urgency = Wie sehr hindert es dich an der Arbeit?
ticket-opened = Ich habe Ticket **{ $ticket }** eröffnet, mit allem aus diesem Chat. { $before ->
    [0] Es ist als Nächstes dran.
    [one] Ein anderes Ticket ist davor.
   *[other] { $before } andere Tickets sind davor.
} Jemand antwortet dir direkt hier; was du bis dahin schreibst, kommt mit ins Ticket.
added-to-ticket = Das habe ich in Ticket { $ticket } aufgenommen. Jemand antwortet dir direkt hier.
no-tickets = Du hast keine offenen Tickets.
status-line = Ticket **{ $ticket }** ({ $summary }): { $state }
status-new = wartet darauf, dass jemand frei wird, { $before ->
    [0] es ist als Nächstes dran.
    [one] ein Ticket ist davor.
   *[other] { $before } Tickets sind davor.
}
status-open = { $name } arbeitet daran.
status-open-nobody = in Arbeit.
status-waiting-for-requester = wartet auf deine Antwort.
status-on-hold = ruht, bis etwas anderes geschehen ist.
status-resolved = gelöst.
status-closed = geschlossen.
agent-joined = **{ $name }** vom Helpdesk hat Ticket { $ticket } übernommen und spricht jetzt mit dir.
agent-left = Ticket { $ticket } ist zurück in der Warteschlange; jemand anderes übernimmt es.
transferred = Ticket { $ticket } ging an Kolleginnen und Kollegen, die sich damit besser auskennen. Jemand antwortet dir direkt hier.
bot-is-back = Ich bin wieder da. Sag mir, wie es steht oder was ich noch tun kann. Für einen Menschen schreib einfach „Mensch“.
resolved-ask-rating = { $name } hat Ticket { $ticket } gelöst. Wenn es doch nicht gelöst ist, schreib einfach wieder. Wie war die Hilfe, von 1 (schlecht) bis 5 (sehr gut)?
ask-comment = Danke! Möchtest du etwas dazu sagen?
rating-thanks = Danke für deine Rückmeldung!
merged = Dein Ticket { $ticket } wird ab jetzt zusammen mit **{ $into }** bearbeitet. Schreib einfach hier weiter.
passed-on = Dein Ticket { $ticket } wird zusammen mit { $into } bearbeitet; das habe ich denen weitergegeben, die daran arbeiten.
reopened = Ich habe Ticket { $ticket } wieder geöffnet und deine Nachricht hineingelegt.
summary-none = Möchte mit einem Menschen sprechen
closed-by-requester = Ticket { $ticket } ist geschlossen. Schreib einfach wieder, wenn etwas nicht geht.
closed-by-desk = Der Helpdesk hat Ticket { $ticket } geschlossen. Schreib einfach wieder, wenn etwas nicht geht.
ticket-still-open = Ticket { $ticket } ist noch offen, und was du hier schreibst, geht dorthin. Wenn es erledigt ist, schließ es mit `/close`; dann kannst du etwas Neues fragen.

impact-person = Nur ich
impact-team = Mein Team
impact-everyone = Alle hier
urgency-low = Es kann warten
urgency-medium = Ich kann arbeiten, aber schlecht
urgency-high = Ich kann gar nicht arbeiten
rate-1 = 1
rate-2 = 2
rate-3 = 3
rate-4 = 4
rate-5 = 5

category-accounts = Konten und Passwörter
category-network = Netzwerk, WLAN und VPN
category-printing = Drucken und Scannen
category-security = Sicherheit
category-email = E-Mail und Kalender
category-meetings = Videokonferenzen
category-hardware = Geräte
category-software = Software
category-onboarding = Ein- und Austritt
category-hr = Personal
category-facilities = Gebäude und Arbeitsplatz
category-other = Etwas anderes

status-name-new = neu
status-name-open = offen
status-name-waiting_for_requester = wartet auf Anfragende
status-name-on_hold = ruht
status-name-resolved = gelöst
status-name-closed = geschlossen
priority-low = niedrig
priority-medium = mittel
priority-high = hoch
priority-critical = kritisch

refused-already-claimed = { $name } war schneller und hat dieses Ticket.
refused-already-yours = Du hast dieses Ticket schon.
refused-held-by-another = { $name } hat dieses Ticket; bitte darum, es freizugeben oder zu übergeben.
refused-claim-first = Übernimm dieses Ticket zuerst.
refused-already-over = Dieses Ticket ist abgeschlossen. Es kommt zurück, wenn die anfragende Person wieder schreibt.
refused-not-on-hold = Dieses Ticket ruht nicht.
refused-unknown-queue = Diese Warteschlange gibt es nicht. Es gibt: { $known }
refused-unknown-macro = Diesen Textbaustein gibt es nicht. Es gibt: { $known }
refused-no-macros = Es gibt noch keine Textbausteine. Wer den Helpdesk betreibt, legt sie mit `firstline macro set` an.
refused-already-merged = Dieses Ticket wurde mit { $ticket } zusammengeführt; dort geht es weiter.
refused-same-ticket = Ein Ticket kann nicht mit sich selbst zusammengeführt werden.
refused-other-is-over = Das andere Ticket ist gelöst oder geschlossen. Zusammenführen lässt sich nur mit offenen.
refused-other-is-merged = Das andere Ticket wurde selbst mit { $ticket } zusammengeführt; nimm jenes.
refused-other-requester = { $ticket } ist ein Ticket von { $name }, also von jemand anderem; dort wird auch nur { $name } geantwortet. Wenn du das so willst: /merge { $number } confirm
refused-same-queue = Es ist schon in dieser Warteschlange.
refused-nothing-to-say = Es gibt nichts zu senden.
refused-no-ticket = Dieses Ticket gibt es nicht.
refused-not-staff = Das dürfen nur Agenten und Admins.
refused-busy = Jemand ändert dieses Ticket gerade. Bitte versuch es noch einmal.
refused-internal = Bei uns ist etwas schiefgegangen; nichts wurde geändert. (Kennung: { $reference })
