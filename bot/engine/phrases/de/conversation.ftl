# Was der Bot sagt, während er hilft. Markdown.

hello =
    Hallo, ich bin { $desk }, die erste Stufe des Helpdesks. Sag mir in einem Satz, was nicht geht oder was du brauchst, dann suche ich die Antwort.
    Wenn du lieber mit einem Menschen sprichst, schreib einfach „Mensch“.
help =
    Sag mir in deinen Worten, was nicht geht, zum Beispiel „Ich komme von zu Hause nicht ins VPN“. Ich suche eine Antwort, gehe eine Lösung mit dir durch und hole einen Menschen, wenn ich nicht weiterweiß.

    - `/human` mit einem Menschen sprechen
    - `/status` wie deine Tickets stehen
    - `/new` diese Frage lassen und eine andere stellen
    - `/close` das ist erledigt
    - `/language de` oder `/language en`
    - `/privacy` was gespeichert wird
privacy = Was du hier schreibst, wird gespeichert, damit der Helpdesk dir helfen kann und sieht, was schon versucht wurde. Lesen können es der Bot und die Mitarbeitenden des Helpdesks, sonst niemand. Bitte schick nie Passwörter. Wenn du deine Daten sehen oder löschen lassen möchtest, schreib „Mensch“ und bitte darum.
you-are-welcome = Gern geschehen!
small-talk = Ich bin ein Helpdesk-Bot, mir geht es immer gut. Wobei kann ich dir helfen?
tell-me-more = Gern. Was genau geht nicht, oder was brauchst du? Ein Satz genügt.
only-files = In Dateien und Bilder kann ich selbst nicht hineinsehen, aber sie sind für den Helpdesk aufgehoben. Sag mir in einem Satz, was nicht geht, oder schreib „Mensch“.
secret-hidden = In deiner Nachricht stand anscheinend ein Passwort oder etwas anderes Geheimes. Ich habe es geschwärzt ({ $mask }): Es wird nicht gespeichert, und beim Helpdesk sieht es niemand. In diesem Chat stand es trotzdem, also ändere es bitte bald, und lösch deine Nachricht, wenn du kannst. Der Helpdesk braucht dein Passwort nie.

article-only-in-english = _Das habe ich nur auf Englisch:_
article-only-in-german = _Das habe ich nur auf Deutsch:_
did-that-help = Hat das geholfen?
guide-begins = Gehen wir es zusammen durch, { $total ->
    [one] es ist ein Schritt.
   *[other] es sind { $total } Schritte.
}
guide-step = Schritt { $number } von { $total }
did-the-step-help = Das habe ich nicht verstanden. Hat dieser Schritt geholfen?
did-the-answer-help = Das habe ich nicht verstanden. Hat die Antwort geholfen?
clarify = Ich habe mehrere Antworten, die passen könnten. Worum geht es?

not-known = Darauf weiß ich keine Antwort, und das sage ich lieber, als zu raten. Du kannst es anders ausdrücken, oder ich gebe es an einen Menschen weiter. Soll ich?
nothing-helped = Schade, dass das bisher nicht geholfen hat. Soll ich dich an einen Menschen weitergeben? Er sieht, was du schon versucht hast.
human-or-not = Soll ich dich an einen Menschen weitergeben?

glad-it-helped = Das freut mich! Schreib einfach wieder, wenn etwas nicht geht.
called-off = In Ordnung, dann lasse ich es dabei. Schreib einfach wieder, wenn etwas nicht geht.
new-question = In Ordnung, eine neue Frage: Wobei kann ich dir helfen?
ask-new-question = In Ordnung, dann bleibt das Ticket geschlossen. Was ist die neue Frage?
held-choice = Hier hat ein Mensch übernommen, deshalb tut diese Auswahl nichts mehr. Schreib einfach, es wird gelesen.
once-more = (Noch einmal, falls es nicht angekommen ist:)
stale-choice = Diese Auswahl gilt nicht mehr. Nimm bitte die aus der letzten Nachricht, oder schreib einfach, was du brauchst.
taken = Ist angekommen.
choose-one = Bitte wähl eines davon, oder schreib „weglassen“ oder „Mensch“.
language-set = Ich spreche ab jetzt Deutsch mit dir.
language-which = Ich spreche Deutsch und Englisch: `/language de`, `/language en`.
bot-failed = Bei mir ist etwas schiefgegangen, deshalb habe ich einen Menschen gebeten, sich deine Anfrage anzusehen. Nichts von dem, was du geschrieben hast, ist verloren. (Kennung: { $reference })

choice-helped = Ja, es geht
choice-not-helped = Nein, geht nicht
choice-none-of-these = Nichts davon
choice-next-step = Nächsten Schritt versuchen
choice-human = Mit einem Menschen sprechen
choice-no-human = Nein, danke
choice-skip = Weglassen
choice-something-new = Es geht um etwas Neues

file-too-large = { $name } ist zu groß: Weitergeben kann ich Dateien bis 20 MB. Was du geschrieben hast, ist angekommen.
file-left-too-large = [{ $name }: zu groß zum Weitergeben, höchstens { $limit } MB]
file-left-missing = [{ $name }: ließ sich nicht abholen]

# In einer Gruppe, in der andere mitlesen.
public-hello = Hallo, ich bin { $desk }, die erste Stufe des Helpdesks. Erwähne mich mit deiner Frage, oder schreib mir unter vier Augen: Was dich betrifft, geht hier sonst niemanden etwas an.
public-answer-end = Hilft das nicht, oder geht es um etwas, das nur dich betrifft? Dann machen wir unter vier Augen weiter.
public-answer-steps = { $steps ->
    [one] Den einen Schritt gehe ich unter vier Augen mit dir durch.
   *[other] Die { $steps } Schritte gehe ich unter vier Augen mit dir durch.
}
public-in-private = Das sehen wir uns unter vier Augen an. Du brauchst es nicht noch einmal zu schreiben.
public-personal = Das betrifft nur dich, deshalb sage ich es dir unter vier Augen.
public-secret = In deiner Nachricht steht anscheinend ein Passwort oder etwas anderes Geheimes. Bitte lösch sie hier und ändere es; wir können unter vier Augen weitermachen.
choice-in-private = Unter vier Augen weitermachen

# Womit ein Thread beginnt, der für jemanden gemacht wurde.
way-question = Hier antworte ich dir. Außer dir liest nur der Helpdesk mit.
way-shared-question = Hier antworte ich dir. In diesem Thread können andere mitlesen: Schreib mir für alles Persönliche lieber eine Direktnachricht.
way-moved = Du nimmst keine Direktnachrichten von mir an, deshalb geht es hier weiter. Außer dir liest nur der Helpdesk mit.
way-title = Helpdesk für { $name }
