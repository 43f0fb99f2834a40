# Was das Terminal selbst sagt. Reiner Text.

terminal-requester-hint = Schreib einfach, was nicht geht. /hilfe sagt, was es noch gibt, /edit ändert deine letzte Nachricht, /quit beendet.
terminal-earlier = Vorher:
terminal-now = Jetzt:
terminal-edit-what = Schreib den neuen Text dahinter: /edit Ich meinte den Drucker
terminal-edit-nothing = Du hast noch nichts geschrieben, was sich ändern ließe.
terminal-not-stored = Das ist noch nicht gesendet: Die Datenbank des Helpdesks nimmt es nicht an. Ich behalte es und versuche es weiter; Strg-C gibt auf.
terminal-stored = Jetzt ist es gesendet.
terminal-unsettled = Es kommt noch mehr. Der Rest wird gezeigt, wenn du diesen Chat wieder öffnest.
terminal-corrected = (berichtigt)
terminal-withdrawn = (Eine Nachricht wurde zurückgezogen.)

terminal-file = (Datei: { $name })
terminal-edited = (hat eine Nachricht geändert in) { $text }
terminal-deleted = (hat eine Nachricht gelöscht)

terminal-agent-hint = /claim übernimmt das nächste Ticket, /hilfe sagt, was es noch gibt.
terminal-agent-help =
    Was kein Befehl ist, wird der anfragenden Person des aktuellen Tickets gesagt.
    /queue (/warteschlange): die wartenden Tickets. /mine (/meine): die, die du hast.
    /claim (/übernehmen): das nächste nehmen. /claim 1001: dieses nehmen.
    /show (/zeigen): alles über das aktuelle Ticket. /show 1001: alles über dieses.
    /switch 1001 (/wechseln): ein anderes deiner Tickets zum aktuellen machen
    //Text oder /note Text (/notiz): eine Notiz, die die anfragende Person nie sieht
    /priority (/priorität) niedrig, mittel, hoch oder kritisch
    /hold (/warten), /resume (/weiter): erst muss etwas anderes geschehen; es geht weiter.
    /transfer second-level (/verschieben): in eine andere Warteschlange legen; was dahinter steht, sagt, warum
    /macro vpn-reset (/makro): einen Textbaustein senden; /macro allein sagt, welche es gibt
    /merge 1001 (/zusammenführen): das aktuelle Ticket zu einem Teil von diesem machen
    /duty on, /duty off (/dienst an, aus): im Dienst sein oder nicht; /duty sagt, wer es ist
    /release (/freigeben): zurück in seine Warteschlange legen
    /bot: den Bot weitermachen lassen
    /resolve (/gelöst): Es ist gelöst. /close (/schließen): Es ist erledigt, ohne nach einer Bewertung zu fragen.
    /resend (/nochmal): noch einmal senden, was nicht angekommen ist
    /quit (/ende): beenden. Deine Tickets bleiben deine.
terminal-waiting = Es warten:
terminal-new-ticket = Neu:
terminal-nothing-waits = Es wartet kein Ticket.
terminal-more = und { $count } weitere
terminal-yours = Deine:
terminal-nothing-yours = Du hast kein Ticket.
terminal-yours-now = Ticket { $ticket } ist jetzt deins.
terminal-not-yours = Ticket { $ticket } ist keins von deinen; mit /claim übernimmst du es.
terminal-left-ticket = Du hast Ticket { $ticket } nicht mehr. Was du jetzt schreibst, geht an niemanden, bis du /claim oder /switch verwendest.
terminal-no-current = Kein Ticket ist ausgewählt: /claim übernimmt eins, /switch geht zu einem von deinen.
terminal-current = Jetzt in { $ticket }: { $summary } ({ $requester })
terminal-list-line = { $priority }, { $status }: { $summary } ({ $requester }, { $age })
terminal-age-now = gerade eben
terminal-age-minutes = { $count } Min.
terminal-age-hours = { $count } Std.
terminal-age-days = { $count } T.
terminal-unknown-command = Diesen Befehl gibt es nicht, also ist nichts geschehen: { $typed } (/hilfe zählt sie auf; um es der anfragenden Person zu sagen, setz ein Leerzeichen vor den Schrägstrich)
terminal-needs-number = Es fehlt die Nummer eines Tickets, wie in /show 1001: { $typed }
terminal-needs-queue = Es fehlt die Warteschlange, wie in /transfer second-level: { $typed }
terminal-needs-priority = Möglich sind niedrig, mittel, hoch und kritisch: { $typed }
terminal-needs-on-or-off = Möglich sind on (an) und off (aus): { $typed }
terminal-needs-text = Es fehlt der Text: { $typed }
terminal-resent = Noch einmal gesendete Nachrichten: { $count }
terminal-about = Zu „{ $text }“:
terminal-delivery-dead = Nicht zugestellt: { $reason } (/resend versucht es noch einmal)
terminal-delivery-ambiguous = Vielleicht nicht zugestellt: { $reason } (/resend sendet es noch einmal)
terminal-delivery-unsaid = Der anfragenden Person nicht zugestellt: { $reason }

terminal-nobody = niemand
terminal-card-requester = Anfrage von: { $value }
terminal-card-kind = Art: { $value }
terminal-card-category = Kategorie: { $value }
terminal-card-priority = Priorität: { $value }
terminal-card-status = Status: { $value }
terminal-card-queue = Warteschlange: { $value }
terminal-card-assignee = In Arbeit bei: { $value }
terminal-card-age = Alter: { $value }
terminal-card-nothing-tried = Der Bot hat nichts versucht.
terminal-card-tried = Was der Bot versucht hat:
terminal-card-transcript = Was gesagt und getan wurde:
terminal-kind-incident = etwas geht nicht
terminal-kind-service_request = etwas wird gewünscht
terminal-tried-failed = hat nicht geholfen
terminal-tried-left = nicht zu Ende geführt
terminal-tried-helped = hat zunächst geholfen

terminal-did-open = Ticket { $ticket } eröffnet
terminal-did-claim = Übernommen von { $who }
terminal-did-release = Zurück in seine Warteschlange gelegt von { $who }
terminal-did-transfer = Von { $from } nach { $to } verschoben von { $who }
terminal-did-priority = Priorität auf { $priority } gesetzt von { $who }
terminal-did-macro = Textbaustein { $name } gesendet von { $who }
terminal-did-merge = Zusammengeführt mit { $ticket } von { $who }
terminal-did-take-in = { $ticket } ({ $summary }) mit diesem Ticket zusammengeführt von { $who }
terminal-did-pass-on = { $name } schreibt zu { $ticket }, das mit diesem zusammengeführt wurde: { $text }
terminal-did-hold = Zurückgestellt von { $who }
terminal-did-resume = Fortgesetzt von { $who }
terminal-did-return = Dem Bot zurückgegeben von { $who }
terminal-did-resolve = Gelöst von { $who } ({ $how })
terminal-did-reopen = Wieder geöffnet von { $who }
terminal-did-close = Geschlossen von { $who } ({ $how })
terminal-did-rate = Bewertet von { $who }: { $stars } von 5
terminal-did-react = { $who } reagiert mit { $emoji }
terminal-did-unreact = { $who } nimmt die Reaktion zurück
terminal-did-comment = Anmerkung zur Hilfe von { $who }: { $text }
terminal-did-block = { $who } hat den Bot blockiert; nichts kommt mehr an
terminal-did-unblock = { $who } ist wieder erreichbar
terminal-missed = Nachrichten zwischen { $from } und { $until } können verloren sein; frag noch einmal nach
terminal-did-fail = Der Bot ist gescheitert und bittet um einen Menschen (Kennung: { $reference })
terminal-did-unheard = Die Antwort des Bots ist nicht angekommen, deshalb bittet er um einen Menschen: { $reason }
terminal-did-reroute = Die anfragende Person nimmt keine Nachrichten an; es geht in einem Thread weiter, der sie erwähnt
terminal-did-lose = Die anfragende Person nimmt keine Nachrichten an, und einen anderen Weg gibt es nicht
terminal-did-leave-out = { $name } ist nicht bei der anfragenden Person angekommen: Dort sind Dateien bis { $limit } MB möglich
terminal-did-miss-file = { $name } ist nicht bei der anfragenden Person angekommen: Die Datei ließ sich nicht abholen
terminal-did-excuse = Die anfragende Person kann dort, wo sie gefragt hat, keine Antwort bekommen, und weiß, wie es anders geht: { $reason }
terminal-resolution-confirmed = von der anfragenden Person bestätigt
terminal-resolution-assumed = angenommen
terminal-resolution-abandoned = aufgegeben
