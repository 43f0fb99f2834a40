//! Which language people write in, in the few words they write: as typed at a helpdesk, with slips and without umlauts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Write as _;

use firstline_knowledge::{Language, detect_language};

fn check_all(sentences: &str, expected: Option<Language>) {
    let mut wrong = String::new();
    for text in sentences.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let found = detect_language(text);
        if found != expected {
            let _ = writeln!(wrong, "{text:?} is {found:?}");
        }
    }
    assert!(wrong.is_empty(), "not {expected:?}:\n{wrong}");
}

const GERMAN: &str = "
    bildschirm flackert seit heute morgen
    maus reagiert nicht mehr
    tastatur schreibt falsche zeichen
    hab mein pw vergessen
    konto wurde gesperrt
    drucker zieht kein papier ein
    der scanner findet keinen ordner
    teams zeigt keine kontakte an
    niemand hört mich in der besprechung
    kamera geht im meeting nicht
    wlan bricht dauernd ab
    kein netz im besprechungsraum
    vpn trennt sich staendig
    outlook sucht ewig
    kalender von der chefin sehen
    brauche neuen laptop
    wo finde ich die formulare
    wie beantrage ich urlaub
    krankmeldung wohin
    excel stürzt beim öffnen ab
    datei aus versehen gelöscht
    kann datei nicht speichern
    laufwerk h ist weg
    zugriff auf den ordner vertrieb
    signatur in outlook ändern
    abwesenheitsnotiz einrichten
    verdächtige mail bekommen
    habe auf einen link geklickt
    usb stick wird nicht erkannt
    zweiter monitor bleibt dunkel
    lüfter ist extrem laut
    akku hält nur eine stunde
    windows update hängt
    handy ist verloren gegangen
    neue kollegin fängt montag an
    mitarbeiter verlässt die firma
    software bestellen wie geht das
    adobe lizenz abgelaufen
    mein headset rauscht
    telefon klingelt nicht
    druckt nur schwarz weiss
    toner leer im 3. stock
    parkplatz reservieren
    ausweis funktioniert an der tür nicht
    kann mich nicht anmelden
    komme nicht rein
    falsches kennwort angeblich
    die app auf dem telefon fragt nach einem code
    mfa auf neues handy umziehen
    sap hängt sich auf
    seite laedt nicht
    browser sagt zertifikat ungültig
    zoom link funktioniert nicht
    mails kommen nicht an
    postfach ist voll
    verteiler anlegen bitte
    wer hilft bei reisekosten
    beamer wird nicht erkannt
    dockingstation lädt nicht
    alles total langsam heute
    hilfe!!! nichts geht mehr
    ich glaub ich hab nen virus
    moin, wie krieg ich nen neuen ausweis
    Könnt ihr mir bitte das Programm installieren?
";

const ENGLISH: &str = "
    screen flickers since this morning
    mouse stopped responding
    keyboard types wrong letters
    forgot my pw again
    account got locked out
    printer won't pull paper
    scanner cannot find the folder
    teams shows no contacts
    nobody can hear me in the call
    camera not working in meetings
    wifi keeps dropping
    no network in the meeting room
    vpn keeps disconnecting
    outlook search takes forever
    see my boss's calendar
    need a new laptop
    where are the forms
    how do i request time off
    sick note where to send
    excel crashes when opening
    deleted a file by accident
    can't save my file
    h drive is gone
    access to the sales folder
    change my email signature
    set up out of office
    got a suspicious email
    i clicked on a link
    usb stick not recognised
    second monitor stays dark
    fan is really loud
    battery lasts only an hour
    windows update is stuck
    lost my phone
    new colleague starts monday
    employee is leaving the company
    how to order software
    adobe licence expired
    my headset crackles
    phone does not ring
    prints only black and white
    toner empty on 3rd floor
    book a parking space
    badge does not open the door
    unable to sign in
    cant get in
    it says wrong password
    the app on my phone asks for a code
    move mfa to a new phone
    sap freezes
    page won't load
    browser says certificate invalid
    zoom link broken
    emails are not arriving
    mailbox full
    please create a distribution list
    who helps with travel expenses
    projector not detected
    docking station does not charge
    everything is super slow today
    help!!! nothing works
    i think i have a virus
    hey, how do i get a new badge
    Could you please install this program for me?
";

/// German sentences with English words in them, as people speak in offices.
const MIXED_GERMAN: &str = "
    mein Laptop crashed nach dem Update
    kann den call nicht joinen
    das meeting wurde gecancelt aber ist noch im kalender
    mein account ist gelockt
    muss ich das ticket selber closen
    wie kann ich den screen sharen
    hab den server restartet, geht trotzdem nicht
    der download failed immer
    outlook freezed beim starten
    login failed beim sap
    bitte resetten, danke
    mein backup läuft nicht durch
    der drucker printed nicht
    kann nicht connecten mit dem vpn
    ich krieg einen error 500 beim login
    shared mailbox ist nicht sichtbar
    bluescreen nach dem booten
    file upload geht nicht
    brauche access für das sharepoint
    meine mails syncen nicht aufs iphone
    der link ist broken
    user kann sich nicht einloggen
    das onboarding fuer den new hire am montag
    passwort reset geht nicht
";

/// English sentences with a German word in them.
const MIXED_ENGLISH: &str = "
    where do i send my krankmeldung
    the drucker on the 2nd floor is broken
    how do i get a parkausweis
    my urlaub request was rejected
    what is the betriebsrat
    the page says passwort falsch, what does that mean
    i need the formular for travel expenses
    Feierabend, but my laptop won't shut down
";

#[test]
fn german() {
    check_all(GERMAN, Some(Language::De));
}

#[test]
fn english() {
    check_all(ENGLISH, Some(Language::En));
}

#[test]
fn the_language_of_the_sentence_counts_in_mixed_speech() {
    check_all(MIXED_GERMAN, Some(Language::De));
    check_all(MIXED_ENGLISH, Some(Language::En));
}

#[test]
fn there_are_enough_sentences() {
    let count = |text: &str| text.lines().filter(|line| !line.trim().is_empty()).count();
    assert!(count(GERMAN) >= 60 && count(ENGLISH) >= 60);
}
