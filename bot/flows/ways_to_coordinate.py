"""How coordinators ask for what only they can do; the model of meanings finds what is said in other words."""

from __future__ import annotations

from collections.abc import Mapping

from bot.flows.tasks import Task

WAYS: Mapping[Task, tuple[str, ...]] = {
    Task.STANDING: (
        *("Hur många har anmält sig?", "Hur ligger vi till?", "Vilka har inte svarat?", "Hur många platser är kvar?"),
        *("Hur ser det ut?", "Vad behöver jag göra nu?", "Vilka har inte anmält sig?", "Visa en översikt"),
        *("Vad väntar på mig?", "Hur många har svarat?", "Vad återstår att göra?"),
        *("Hvor mange har meldt seg på?", "Hvem har ikke svart?", "Hva må jeg gjøre nå?", "Hvordan ligger vi an?"),
        *("Kor mange har meldt seg på?", "Kven har ikkje svart?", "Korleis ligg vi an?"),
        *("How many have registered?", "Who has not answered?", "What do I have to do now?", "Show an overview"),
    ),
    Task.LISTS: (
        *("Ladda ner deltagarlistan", "Exportera deltagarna till Excel", "Skriv ut en lista över deltagarna"),
        *("Vilka är anmälda till träffen?", "Visa vilka som är anmälda", "Var hittar jag fakturaunderlaget?"),
        *("Vilka ska faktureras?", "Vem behöver specialkost?", "Namn och e-post till alla deltagare"),
        *("Last ned deltakerlisten", "Eksporter deltakerne til Excel", "Hvem er påmeldt?", "Hvem skal faktureres?"),
        *("Last ned deltakarlista", "Kven er påmelde?"),
        *("Download the list of participants", "Export the participants to Excel", "Who is registered?"),
    ),
    Task.WRITE: (
        *("Skicka en påminnelse till alla", "Skriv ett meddelande till deltagarna", "Skicka ut information till alla"),
        *("Påminn dem som inte har svarat", "Jag vill meddela alla deltagare", "Skicka ett utskick"),
        *("Send en påminnelse til alle", "Send en melding til deltakerne", "Send ut informasjon til alle"),
        *("Send ei påminning til alle", "Send ei melding til deltakarane"),
        *("Send a reminder to everybody", "Write a message to the participants"),
    ),
    Task.MESSAGES: (
        *("Vilka påminnelser skickas ut?", "Vad har deltagarna fått för meddelanden?", "När skickas nästa påminnelse?"),
        *("Har påminnelsen gått ut?", "Vad har skickats till deltagarna?", "Vilka meddelanden kommer att skickas?"),
        *("Hvilke påminnelser sendes ut?", "Har påminnelsen blitt sendt?", "Kva påminningar blir sende ut?"),
        *("Which reminders are sent?", "Has the reminder been sent?"),
    ),
    Task.RULES: (
        *("Ändra när påminnelserna skickas", "Stäng av en av programmets påminnelser", "Flytta påminnelsen en dag"),
        *("Endre når påminnelsene sendes", "Slå av en av programmets påminnelser", "Endre når påminningane blir sende"),
        *("Change when the reminders are sent", "Turn off one of the programme’s reminders"),
    ),
    Task.AMEND: (
        *("Flytta träffen till en annan dag", "Ändra tid för lärträffen", "Byt lokal"),
        *(
            "Ändra länken till mötet",
            "Lägg in en ny Zoomlänk",
            "Byt plats för träffen",
            "Träffen börjar en timme senare",
        ),
        *("Flytt samlingen til en annen dag", "Endre tidspunktet for møtet", "Endre lenken til møtet", "Bytt lokale"),
        *("Flytt samlinga til ein annan dag", "Endre lenkja til møtet"),
        *("Move the meeting to another day", "Change the time of the meeting", "Change the link", "Change the venue"),
    ),
    Task.CALL_OFF: (
        *("Ställ in träffen", "Ställ in en lärträff", "Mötet ska ställas in", "Träffen blir inställd"),
        *("Avlys samlingen", "Møtet må avlyses", "Avlys samlinga", "Cancel the meeting for everybody"),
        *("Call off the meeting",),
    ),
    Task.COPY: (
        *("Skapa ett nytt program", "Starta en ny omgång", "Kopiera programmet till nästa år", "Gör en ny upplaga"),
        *("Lag et nytt program", "Start en ny runde av programmet", "Kopier programmet til neste år"),
        *("Lag eit nytt program", "Create a new programme", "Copy the programme to next year"),
    ),
    Task.FILE: (
        *("Ändra priset", "Ändra antalet platser", "Flytta fram sista anmälningsdag", "Stäng anmälan", "Öppna anmälan"),
        *("Lägg till en träff", "Ändra texten om programmet", "Ändra agendan", "Öka antalet platser"),
        *("Endre prisen", "Endre antall plasser", "Steng påmeldingen", "Åpne påmeldingen", "Legg til en samling"),
        *("Endre prisen på programmet", "Steng påmeldinga", "Legg til ei samling"),
        *("Change the price", "Change the number of seats", "Close the registration", "Add a meeting"),
    ),
    Task.ASK: (
        *("Ställ en fråga till grupperna", "Skicka ut frågor till deltagarna", "Starta en frågerunda", "Gör en enkät"),
        *("Jag vill fråga alla deltagare något", "Öppna en omröstning", "Skicka ut en enkät"),
        *("Still et spørsmål til gruppene", "Send ut spørsmål til deltakerne", "Lag en spørreundersøkelse"),
        *("Still eit spørsmål til gruppene", "Put a question to the groups", "Send out a survey"),
    ),
    Task.WORKSHOP: (
        *("Starta workshopen", "Börja workshopen nu", "Leda en workshop", "Sätt i gång workshopen"),
        *("Start workshopen", "Start verkstedet", "Set i gang verkstaden", "Start the workshop", "Begin the workshop"),
    ),
    Task.RESULTS: (
        *("Visa resultatet", "Vad blev resultatet av skattningen?", "Visa vad grupperna har svarat", "Visa svaren"),
        *("Vis resultatet", "Hva svarte gruppene?", "Kva svara gruppene?", "Show the results", "Show the answers"),
    ),
    Task.MODERATE: (
        *("Ta bort ett inlägg från tavlan", "Dölj ett inlägg", "Någon har skrivit något olämpligt på tavlan"),
        *("Granska inlägg", "Fjern et innlegg fra tavla", "Skjul et innlegg", "Fjern eit innlegg frå tavla"),
        *("Remove a post from the board", "Hide a post"),
    ),
    Task.QUEUE: (
        *("Vilka frågor har kommit in?", "Vad har deltagarna frågat om?", "Finns det frågor att svara på?"),
        *("Hvilke spørsmål har kommet inn?", "Hva har deltakerne spurt om?", "Kva har deltakarane spurt om?"),
        *("Which questions have come in?", "What have the participants asked?"),
    ),
    Task.MATERIAL: (
        *("Lägg upp material", "Lägg till en presentation", "Ladda upp bilderna", "Dela inspelningen med deltagarna"),
        *("Legg ut materiell", "Legg til en presentasjon", "Last opp lysbildene", "Legg til ein presentasjon"),
        *("Add material", "Upload the slides", "Share the recording"),
    ),
    Task.GUESTS: (
        *("Lägg till en gäst", "Lägg till en deltagare utan Slack eller Teams", "Bjud in någon som saknar konto"),
        *("Legg til en gjest", "Legg til en deltaker uten Slack eller Teams", "Legg til ein gjest"),
        *("Add a guest", "Invite somebody without an account"),
    ),
    Task.POSTS: (
        *("Lägg till en samordnare", "Vem är samordnare?", "Utse en ny processledare", "Ge en kollega behörighet"),
        *("Legg til en koordinator", "Hvem er koordinator?", "Legg til ein koordinator", "Kven er koordinator?"),
        *("Add a coordinator", "Who is the coordinator?", "Give a colleague access"),
    ),
    Task.LEAVE: (
        *("Jag är borta nästa vecka", "Jag går på semester", "Någon måste ersätta mig som samordnare"),
        *("Jeg er borte neste uke", "Jeg skal på ferie", "Eg er borte neste veke", "I will be away next week"),
    ),
}
