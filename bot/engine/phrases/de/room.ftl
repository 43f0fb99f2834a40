# Was Agenten im Thema eines Tickets lesen. Markdown, außer in den Hinweisen.

room-card-requester = Anfrage von: { $value }
room-card-status = Status: { $value }
room-card-priority = Priorität: { $value }
room-card-category = Kategorie: { $value }
room-card-queue = Warteschlange: { $value }
room-card-opened = Eröffnet: { $value }
room-clock-first-due = Erste Antwort: bis { $value }
room-clock-first-breached = **Erste Antwort überfällig** seit { $value }
room-clock-first-met = Erste Antwort: { $value }
room-clock-first-late = Erste Antwort: { $value } (zu spät, fällig war sie { $due })
room-clock-next-due = Nächste Antwort: bis { $value }
room-clock-next-breached = **Nächste Antwort überfällig** seit { $value }
room-clock-resolution-due = Lösung: bis { $value }
room-clock-resolution-breached = **Lösung überfällig** seit { $value }
room-clock-resolution-paused = Lösung: Die Uhr steht; danach bleiben { $value }
room-clock-resolution-met = Gelöst: { $value }
room-clock-resolution-late = Gelöst: { $value } (zu spät, fällig war das { $due })
room-card-rating = Bewertung: { $value } von 5
room-card-nothing-tried = Der Bot hat nichts versucht.
room-card-tried = Was der Bot versucht hat:
room-tried-failed = – { $title } (Schritte: { $steps }): hat nicht geholfen
room-tried-left = – { $title } (Schritte: { $steps }): nicht zu Ende geführt
room-tried-helped = – { $title } (Schritte: { $steps }): hat zunächst geholfen

room-button-claim = Übernehmen
room-button-release = Freigeben
room-button-priority = Priorität
room-button-note = Notizen schreiben
room-button-reply = Antworten schreiben
room-button-transfer = Verschieben
room-button-resolve = Lösen
room-button-close = Schließen
room-button-back = Zurück
room-button-resend = Noch einmal senden

room-note-by = { $name } (Notiz)
room-did-claim = **{ $who }** hat das Ticket übernommen.
room-did-release = **{ $who }** hat das Ticket zurück in seine Warteschlange gelegt.
room-did-transfer = **{ $who }** hat das Ticket nach { $to } verschoben.
room-did-hold = **{ $who }** hat das Ticket zurückgestellt.
room-did-resume = **{ $who }** macht mit dem Ticket weiter.
room-did-return = **{ $who }** hat das Gespräch dem Bot zurückgegeben.
room-did-resolve = **{ $who }** hat das Ticket gelöst.
room-did-reopen = **{ $who }** hat das Ticket wieder geöffnet.
room-did-close = **{ $who }** hat das Ticket geschlossen.
room-did-rate = **{ $who }** bewertet die Hilfe: { $stars } von 5
room-did-comment = **{ $who }** sagt zur Bewertung: { $text }
room-did-block = **{ $who }** hat den Bot blockiert: Was hier geschrieben wird, kommt jetzt nicht an. Versuch es auf anderem Weg.
room-did-unblock = **{ $who }** ist wieder erreichbar.
room-missed = Der Helpdesk hat von { $from } bis { $until } nichts von der Plattform gehört, länger als sie Nachrichten aufhebt. Was in dieser Zeit geschrieben wurde, kann verloren sein; bitte frag noch einmal nach.
room-did-edit = **{ $who }** hat eine dieser Nachrichten geändert: { $text }
room-did-delete = **{ $who }** hat eine dieser Nachrichten gelöscht.
room-quote = ↪ „{ $text }“
room-did-fail = Der Bot ist gescheitert und bittet um einen Menschen. (Kennung: { $reference })
room-did-reroute = **{ $who }** nimmt keine Direktnachrichten von uns an. Was du schreibst, kommt in einen Thread des Hilfekanals, der { $who } erwähnt.
room-did-lose = **{ $who }** nimmt keine Direktnachrichten von uns an, und einen anderen Weg gibt es nicht. Bitte { $who } auf anderem Weg, Direktnachrichten von Mitgliedern des Servers zu erlauben (Servername, Privatsphäre-Einstellungen), und sende es dann noch einmal. Mit einem Hilfekanal wäre der nächste Weg offen.

room-ambiguous = Vielleicht ist das nicht bei der anfragenden Person angekommen: { $reason }
room-undelivered = Das ist nicht bei der anfragenden Person angekommen: { $reason }
room-line-ambiguous = Vielleicht fehlt hier im Thema eine Nachricht: { $reason }
room-line-missing = Hier im Thema fehlt eine Nachricht: { $reason }

why-blocked = Sie hat den Bot blockiert.
why-no-direct-messages = Sie nimmt keine Direktnachrichten vom Bot an, oder sie ist auf keinem Server mehr, auf dem er auch ist.
why-account-gone = Das Konto gibt es nicht mehr.
why-chat-gone = Den Chat gibt es nicht mehr, oder der Bot ist nicht mehr darin.
why-too-large = Es ist größer, als die Plattform erlaubt.
why-no-rights = Dem Bot fehlt dort ein Recht. Wer die Gruppe verwaltet, kann es ihm geben.
why-no-answer = Die Verbindung ist abgerissen, bevor die Plattform geantwortet hat.
why-not-heard = Firstline wurde beendet, während es unterwegs war.
why-partly = Nur ein Teil ist sicher angekommen.

room-list-waiting = Es warten:
room-list-nothing-waits = Es wartet kein Ticket.
room-list-yours = Deine Tickets:
room-list-nothing-yours = Du hast kein Ticket.
room-list-line = **{ $number }** { $summary } ({ $requester }; Priorität { $priority }; { $status })
room-list-more = … und weitere.

room-notice = { $name }: { $text }
room-stale-button = Dieser Knopf tut nichts mehr.
room-unknown-command = Diesen Befehl gibt es nicht, also ist nichts geschehen. Es gibt /claim, /release, /note, /reply, /priority, /transfer, /hold, /resume, /bot, /resolve und /close.
