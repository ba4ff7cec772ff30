"""How people ask for what is answered without anybody having written an answer, in four languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.domain.faq import bare
from bot.flows.facts import Asked

WAYS: Mapping[Asked, tuple[str, ...]] = {
    Asked.NEXT: (
        *("När är nästa lärträff?", "När är nästa träff?", "När ses vi nästa gång?", "Vilket datum är nästa möte?"),
        *("Hur dags börjar vi?", "När börjar och slutar dagen?", "Vilken tid slutar det?"),
        *("När börjar programmet?", "När startar kursen?", "Når starter programmet?", "When does it begin?"),
        *("Hvornår er det næste møde?", "Hvornår begynder det?", "Når startar programmet?"),
        *("När är det?", "Når er det?", "When is it?"),
        *("Är det möte?", "Är det träff?", "Har vi möte?", "Er det møte?", "Har vi møte?", "Is there a meeting?"),
        *("När börjar det?", "Vilken tid börjar mötet?", "När är det dags igen?", "nästa tillfälle"),
        *("Hur dags slutar vi?", "När är samtalet?", "När är nästa webbinarium?"),
        *("Når er samtalen?", "Når er neste webinar?", "Når slutter det?", "Når sluttar det?"),
        *("Når er neste samling?", "Når er neste møte?", "Når møtes vi neste gang?", "Når begynner det?"),
        *("Når møtest vi neste gong?", "Kva tid byrjar møtet?", "Når byrjar det?"),
        *("When is the next meeting?", "What time does it start?", "When do we meet next?", "next session date"),
    ),
    Asked.DATES: (
        *("Vilka datum gäller?", "Vilka dagar träffas vi?", "Hur ser schemat ut?", "Alla datum för programmet"),
        *("Hur många träffar är det?", "När är lärträffarna?", "Vilka tillfällen finns?"),
        *("När ska planen vara inne?", "Vilken är sista dagen att skicka in planeringen?", "Når må planen være inne?"),
        *("Vilka veckodagar är det?", "När går kursen?", "Vilka datum ska jag boka?", "När är nästa del?"),
        *("Når går kurset?", "Når går programmet?", "Hvilke dager er det?", "Kva dagar er det?"),
        *("Hvilke datoer gjelder?", "Når er samlingene?", "Hvor mange samlinger er det?", "Kva datoar gjeld?"),
        *("Which dates?", "All the dates", "How many meetings are there?", "What is the schedule?"),
    ),
    Asked.LENGTH: (
        *("Hur lång är träffen?", "Hur långt är mötet?", "Hur länge håller mötet på?", "Hur länge varar lunchen?"),
        *("Hvor lenge varer møtet?", "Hvor lang er samlingen?", "Kor lenge varer møtet?", "Kor lang er pausen?"),
        *("How long is the meeting?", "How long does it last?", "How many hours is it?", "Hur många timmar är det?"),
    ),
    Asked.PRICE: (
        *("Vad kostar det?", "Vad är priset?", "Hur mycket kostar det att vara med?", "Kostar det något?", "avgift"),
        *("Hva koster det?", "Hva er prisen?", "Koster det noe å delta?", "Kva kostar det?", "Kostar det noko?"),
        *("Vad kostar workshopen?", "Vad kostar kursen?", "Vad kostar programmet?", "Vad kostar det att delta?"),
        *("Vad tar ni betalt?", "Är det gratis?", "Hva koster kurset?", "Hva koster det å delta?", "Er det gratis?"),
        *("Kostar det något för kommunen?", "Hur mycket måste vi betala?", "Vad blir det totalt?"),
        *("Är momsen inräknad?", "Hvad koster det?", "Vad kostar alla tillfällen tillsammans?"),
        *("Är priset med moms?", "Tillkommer moms?", "Vad kostar en dag?", "Kostar det något att titta?"),
        *("Hva koster det for kommunen?", "Kommer mva i tillegg?", "Kva må vi betale?", "Er det gratis å delta?"),
        *("Does it cost anything to take part?", "Is VAT included?"),
        *("What does it cost?", "How much is it?", "What is the price?", "Is there a fee?", "Is it free?"),
    ),
    Asked.PLACE: (
        *("Var är det?", "Var träffas vi?", "Vilken lokal är det?", "Är det på plats eller digitalt?", "adress"),
        *("Var är den?", "Var hålls det?", "Hvor holdes det?", "Var ska vi vara?", "Hur kommer man dit?"),
        *("Hvordan kommer vi dit?", "How do I get there?"),
        *("Var håller vi till?", "Vilken ort är det i?", "Var ska jag gå?", "Hvor holder vi til?"),
        *("Kan man vara med på distans?", "Kan jag delta på nätet?", "Är det ett fysiskt möte?"),
        *("Var är kursen?", "Var är workshopen?", "Var äger det rum?", "Ska vi ses på plats?", "Hvor er kurset?"),
        *("Kan jeg delta på nett?", "Kan jeg være med hjemmefra?", "Må jeg møte opp?", "Kan eg vere med digitalt?"),
        *("Can I join online?", "Do I have to come in person?", "Where in town is it held?"),
        *("Hvor er det?", "Hvor møtes vi?", "Er det digitalt eller fysisk?", "Kvar er det?", "Kvar møtest vi?"),
        *("Where is it?", "Where do we meet?", "Is it online or in person?", "What is the address of the venue?"),
    ),
    Asked.LINK: (
        *("Var hittar jag länken?", "Jag hittar inte länken till mötet", "Hur kommer jag in i mötet?", "zoomlänken"),
        *("Kan jag få teamslänken?", "möteslänk", "Hur ansluter jag till mötet?", "Länken fungerar inte"),
        *("När får jag länken?", "Jag har inte fått någon länk", "Når får jeg lenken?", "Når får eg lenkja?"),
        *("Hvor finner jeg lenken?", "Hvordan kommer jeg inn i møtet?", "Kvar finn eg lenkja?", "møtelenke"),
        *("Where is the link?", "How do I join the meeting?", "I cannot find the meeting link", "zoom link"),
    ),
    Asked.CONTACT: (
        *("Vem kontaktar jag?", "Vem kan jag fråga?", "Vem är kontaktperson?", "Hur når jag er?", "Vem ringer jag?"),
        *("Vilken mejladress har ni?", "telefonnummer", "Vem är processledare?", "Vem kan jag mejla?"),
        *("Hvem kan jeg sende e-post til?", "Whom can I e-mail?"),
        *("Vem kan jag fråga om fakturan?", "Vem svarar på frågor om innehållet?", "Vem hör jag av mig till?"),
        *("Hvem svarer på spørsmål om innholdet?", "Hvor sender jeg e-post?", "Kven svarar på spørsmål?"),
        *("Hvem kontakter jeg?", "Hvem kan jeg spørre?", "Kven kontaktar eg?", "Kven kan eg spørje?"),
        *("Who do I contact?", "Who can I ask?", "How do I reach you?", "contact person"),
    ),
    Asked.DEADLINE: (
        *("När är sista anmälningsdag?", "När måste jag anmäla mig?", "Hur länge kan man anmäla sig?"),
        *("Finns det platser kvar?", "Är det fullt?", "Går det fortfarande att anmäla sig?", "Har anmälan stängt?"),
        *("Är det för sent att anmäla sig?", "Vad händer om det är fullt?", "Finns det en väntelista?"),
        *("Hur många kan vara med?", "Hvor mange kan være med?", "Når må jeg melde meg på?", "Når må eg melde meg på?"),
        *("Er det for sent å melde seg på?", "Er det fullt?", "Finnes det en venteliste?", "Is there a waiting list?"),
        *("Når er fristen for påmelding?", "Er det ledige plasser?", "Kan jeg fortsatt melde meg på?"),
        *("Når er påmeldingsfristen?", "Er det ledige plassar?", "Kan eg framleis melde meg på?"),
        *("What is the deadline to register?", "Are there seats left?", "Can I still sign up?", "Is it full?"),
    ),
    Asked.AGENDA: (
        *(
            "Vad händer på nästa träff?",
            "Vad ska vi göra på mötet?",
            "Hur ser agendan ut?",
            "Vad är programmet för dagen?",
        ),
        *("Hva skjer på neste samling?", "Hva er agendaen?", "Kva skjer på neste samling?", "dagsorden"),
        *("What happens at the next meeting?", "What is on the agenda?"),
    ),
    Asked.PREPARATION: (
        *(
            "Vad ska jag förbereda?",
            "Behöver jag läsa något innan?",
            "Hur förbereder jag mig?",
            "Finns det någon läxa?",
        ),
        *("Hva skal jeg forberede?", "Må jeg lese noe på forhånd?", "Kva skal eg førebu?", "hjemmelekse"),
        *("What should I prepare?", "Is there anything to read before?", "How do I prepare?", "homework"),
    ),
    Asked.MATERIALS: (
        *(
            "Var finns presentationerna?",
            "Kan jag få bilderna?",
            "Finns det någon inspelning?",
            "Var hittar jag materialet?",
        ),
        *("Spelas det in?", "Kan jag se det efteråt?", "Får vi ta del av bilderna?", "Var ligger dokumenten?"),
        *("Blir det tatt opp?", "Kan jeg se det etterpå?", "Kor ligg dokumenta?", "Will it be recorded?"),
        *("Jag missade mötet, kan jag se det i efterhand?", "powerpoint", "Hvor finner jeg presentasjonene?"),
        *("Finnes det opptak?", "Kvar finn eg materiellet?", "Finst det opptak?"),
        *("Where are the slides?", "Is there a recording?", "Where do I find the materials?", "I missed the meeting"),
    ),
    Asked.REGISTER: (
        *("Hur anmäler jag mig?", "Hur gör jag för att anmäla mig?", "Jag vill vara med", "Hur skriver jag upp mig?"),
        *("Kan jag anmäla en kollega?", "Kan vi anmäla flera på en gång?", "Var anmäler man sig?"),
        *("Kan jeg melde på en kollega?", "Hvor melder jeg meg på?", "Kan vi melde på flere?", "Kor melder eg meg på?"),
        *("Hvordan melder jeg meg på?", "Jeg vil være med", "Korleis melder eg meg på?", "Eg vil vere med"),
        *("How do I register?", "How do I sign up?", "I want to join"),
    ),
    Asked.CANCEL: (
        *("Hur avbokar jag?", "Jag kan inte komma", "Kan någon annan gå i mitt ställe?", "Hur ändrar jag min anmälan?"),
        *("Kan en kollega gå i stället?", "Kan jag skicka någon annan?", "Kan jag byta ut mig mot en kollega?"),
        *("Jag fick förhinder", "Jag är sjuk", "Vad händer om jag avbokar?", "Kan jag byta dag?"),
        *(
            "Får jag tillbaka pengarna?",
            "Hur avanmäler jag mig?",
            "Jag anmälde mig fel",
            "Kan jag ta bort min anmälan?",
        ),
        *("Får jeg pengene tilbake?", "Jeg er syk", "Eg er sjuk", "Kan eg byte dag?"),
        *("Kan nokon annan gå i staden for meg?", "Kan nokon andre gå i staden for meg?"),
        *("Do I get my money back?", "I am ill", "Can a colleague go in my place?"),
        *(
            "Hvordan melder jeg meg av?",
            "Hvor melder jeg meg av?",
            "Kvar melder eg meg av?",
            "Jeg kan ikke komme",
            "Kan noen andre gå i stedet for meg?",
        ),
        *("Korleis melder eg meg av?", "Eg kan ikkje kome", "Korleis endrar eg påmeldinga?"),
        *("How do I cancel?", "I cannot come", "Can somebody else take my place?", "How do I change my registration?"),
    ),
    Asked.LANGUAGE: (
        *("Hur byter jag språk?", "Kan du prata norska?", "Kan man byta språk?", "Finns det på engelska?"),
        *("Hvordan bytter jeg språk?", "Kan du snakke norsk?", "Korleis byter eg språk?", "Do you speak English?"),
        *("How do I change the language?",),
    ),
    Asked.REMINDERS: (
        *("Hur får jag färre påminnelser?", "Du skriver för ofta", "Sluta skicka påminnelser", "Stäng av aviseringar"),
        *("Hvordan får jeg færre påminnelser?", "Slutt å sende meg påminnelser", "Korleis får eg færre påminningar?"),
        *("How do I get fewer reminders?", "Stop sending me reminders", "Turn off notifications"),
    ),
    Asked.CALENDAR: (
        *("Hur får jag in träffarna i kalendern?", "Kan jag få en kalenderinbjudan?", "outlook", "ics-fil"),
        *("Kan du lägga in det i min kalender?", "Kan jeg få det i Outlook?", "Kan du leggje det i kalenderen min?"),
        *("Hvordan får jeg samlingene inn i kalenderen?", "Korleis får eg samlingane inn i kalenderen?"),
        *("How do I add the meetings to my calendar?", "calendar invitation"),
    ),
    Asked.ANONYMITY: (
        *("Syns det vem som har skrivit vad?", "Är svaren anonyma?", "Kan någon se vem som skrev?"),
        *("Ser chefen vad jag skriver?", "Kan noen se hvem som skrev hva?", "Er svarene anonyme?"),
        *("Är tavlan anonym?", "Kan ni se vem som skattat vad?", "Ser processledaren mitt namn?", "Syns mina svar?"),
        *("Er tavla anonym?", "Ser noen navnet mitt?", "Kan noen se hva jeg har svart?"),
        *("Kan nokon sjå kven som skreiv kva?", "Er svara anonyme?", "Vem kommer att se det jag skriver?"),
        *("Hvem ser det jeg skriver?", "Kven ser det eg skriv?", "Who will see what I write?"),
        *("Can anybody see who wrote what?", "Are the answers anonymous?"),
    ),
    Asked.MY_DATA: (
        *("Hur raderar jag mina uppgifter?", "Vad vet du om mig?", "Vilka uppgifter sparar ni om mig?", "gdpr"),
        *("Hur länge sparar ni mina uppgifter?", "Vad händer med mina personuppgifter?", "Hva lagrer dere om meg?"),
        *("Hvordan sletter jeg opplysningene mine?", "Hva vet du om meg?", "Korleis slettar eg opplysningane mine?"),
        *("How do I erase my data?", "What do you know about me?", "privacy"),
    ),
    Asked.MINE: (
        *("Är jag anmäld?", "Har jag en plats?", "Vad har jag anmält mig till?", "Står jag på väntelistan?"),
        *("Har min anmälan kommit fram?", "Vilka uppgifter skrev jag i anmälan?", "Är min plats bekräftad?"),
        *("Vilken fakturareferens skrev jag?", "Hvilken fakturareferanse skrev jeg?", "Vilka dagar är jag anmäld?"),
        *("Er jeg påmeldt?", "Har jeg fått plass?", "Hva har jeg meldt meg på?", "Står jeg på ventelisten?"),
        *("Er eg påmeld?", "Har eg fått plass?", "Kva har eg meldt meg på?", "Er jeg tilmeldt?"),
        *("Står jag i kö?", "Står jeg i kø?", "Står eg i kø?"),
        *("Am I registered?", "Do I have a seat?", "What have I signed up for?", "Am I on the waiting list?"),
    ),
    Asked.OTHERS: (
        *(
            "Vilka andra kommer?",
            "Vilka från oss är anmälda?",
            "Vilka från vår kommun kommer?",
            "Finns det en deltagarlista?",
        ),
        *("Vem mer kommer?", "Är min kollega anmäld?", "Hur många är anmälda?", "Vilka är med från min organisation?"),
        *("Hvem andre kommer?", "Hvem fra kommunen vår er påmeldt?", "Finnes det en deltakerliste?"),
        *("Kven andre kjem?", "Kven frå kommunen vår er påmeld?", "Er kollegaen min påmeldt?"),
        *("Who else is coming?", "Who else has registered?", "Is there a list of participants?"),
    ),
}


def told_by_data(questions: Iterable[str]) -> str:
    """The first of these that is asked for what a programme's data tells, if any is."""
    ways = {bare(way) for some in WAYS.values() for way in some}
    return next((one for one in questions if bare(one) in ways), "")
