"""How people ask for what is answered without anybody having written an answer, in four languages."""

from __future__ import annotations

from collections.abc import Mapping

from bot.flows.facts import Asked

WAYS: Mapping[Asked, tuple[str, ...]] = {
    Asked.NEXT: (
        *("När är nästa lärträff?", "När är nästa träff?", "När ses vi nästa gång?", "Vilket datum är nästa möte?"),
        *("Hur dags börjar vi?", "När börjar och slutar dagen?", "Vilken tid slutar det?"),
        *("När börjar det?", "Vilken tid börjar mötet?", "När är det dags igen?", "nästa tillfälle"),
        *("Når er neste samling?", "Når er neste møte?", "Når møtes vi neste gang?", "Når begynner det?"),
        *("Når er neste samling?", "Når møtest vi neste gong?", "Kva tid byrjar møtet?", "Når byrjar det?"),
        *("When is the next meeting?", "What time does it start?", "When do we meet next?", "next session date"),
    ),
    Asked.DATES: (
        *("Vilka datum gäller?", "Vilka dagar träffas vi?", "Hur ser schemat ut?", "Alla datum för programmet"),
        *("Hur många träffar är det?", "När är lärträffarna?", "Vilka tillfällen finns?"),
        *("Hvilke datoer gjelder?", "Når er samlingene?", "Hvor mange samlinger er det?", "Kva datoar gjeld?"),
        *("Which dates?", "All the dates", "How many meetings are there?", "What is the schedule?"),
    ),
    Asked.PRICE: (
        *("Vad kostar det?", "Vad är priset?", "Hur mycket kostar det att vara med?", "Kostar det något?", "avgift"),
        *("Hva koster det?", "Hva er prisen?", "Koster det noe å delta?", "Kva kostar det?", "Kostar det noko?"),
        *("Vad kostar workshopen?", "Vad kostar kursen?", "Vad kostar programmet?", "Vad kostar det att delta?"),
        *("Vad tar ni betalt?", "Är det gratis?", "Hva koster kurset?", "Hva koster det å delta?", "Er det gratis?"),
        *("What does it cost?", "How much is it?", "What is the price?", "Is there a fee?", "Is it free?"),
    ),
    Asked.PLACE: (
        *("Var är det?", "Var träffas vi?", "Vilken lokal är det?", "Är det på plats eller digitalt?", "adress"),
        *("Var håller vi till?", "Vilken ort är det i?", "Var ska jag gå?", "Hvor holder vi til?"),
        *("Hvor er det?", "Hvor møtes vi?", "Er det digitalt eller fysisk?", "Kvar er det?", "Kvar møtest vi?"),
        *("Where is it?", "Where do we meet?", "Is it online or in person?", "What is the address of the venue?"),
    ),
    Asked.LINK: (
        *("Var hittar jag länken?", "Jag hittar inte länken till mötet", "Hur kommer jag in i mötet?", "zoomlänken"),
        *("Kan jag få teamslänken?", "möteslänk", "Hur ansluter jag till mötet?", "Länken fungerar inte"),
        *("Hvor finner jeg lenken?", "Hvordan kommer jeg inn i møtet?", "Kvar finn eg lenkja?", "møtelenke"),
        *("Where is the link?", "How do I join the meeting?", "I cannot find the meeting link", "zoom link"),
    ),
    Asked.CONTACT: (
        *("Vem kontaktar jag?", "Vem kan jag fråga?", "Vem är kontaktperson?", "Hur når jag er?", "Vem ringer jag?"),
        *("Vilken mejladress har ni?", "telefonnummer", "Vem är processledare?"),
        *("Hvem kontakter jeg?", "Hvem kan jeg spørre?", "Kven kontaktar eg?", "Kven kan eg spørje?"),
        *("Who do I contact?", "Who can I ask?", "How do I reach you?", "contact person"),
    ),
    Asked.DEADLINE: (
        *("När är sista anmälningsdag?", "När måste jag anmäla mig?", "Hur länge kan man anmäla sig?"),
        *("Finns det platser kvar?", "Är det fullt?", "Går det fortfarande att anmäla sig?", "Har anmälan stängt?"),
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
        *("Jag missade mötet, kan jag se det i efterhand?", "powerpoint", "Hvor finner jeg presentasjonene?"),
        *("Finnes det opptak?", "Kvar finn eg materiellet?", "Finst det opptak?"),
        *("Where are the slides?", "Is there a recording?", "Where do I find the materials?", "I missed the meeting"),
    ),
    Asked.REGISTER: (
        *("Hur anmäler jag mig?", "Hur gör jag för att anmäla mig?", "Jag vill vara med", "Hur skriver jag upp mig?"),
        *("Hvordan melder jeg meg på?", "Jeg vil være med", "Korleis melder eg meg på?", "Eg vil vere med"),
        *("How do I register?", "How do I sign up?", "I want to join"),
    ),
    Asked.CANCEL: (
        *("Hur avbokar jag?", "Jag kan inte komma", "Kan någon annan gå i mitt ställe?", "Hur ändrar jag min anmälan?"),
        *("Kan en kollega gå i stället?", "Kan jag skicka någon annan?", "Kan jag byta ut mig mot en kollega?"),
        *("Jag fick förhinder", "Jag är sjuk", "Vad händer om jag avbokar?", "Kan jag byta dag?"),
        *("Hvordan melder jeg meg av?", "Jeg kan ikke komme", "Kan noen andre gå i stedet for meg?"),
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
        *("Hvordan får jeg samlingene inn i kalenderen?", "Korleis får eg samlingane inn i kalenderen?"),
        *("How do I add the meetings to my calendar?", "calendar invitation"),
    ),
    Asked.ANONYMITY: (
        *("Syns det vem som har skrivit vad?", "Är svaren anonyma?", "Kan någon se vem som skrev?"),
        *("Ser chefen vad jag skriver?", "Kan noen se hvem som skrev hva?", "Er svarene anonyme?"),
        *("Kan nokon sjå kven som skreiv kva?", "Er svara anonyme?"),
        *("Can anybody see who wrote what?", "Are the answers anonymous?"),
    ),
    Asked.MY_DATA: (
        *("Hur raderar jag mina uppgifter?", "Vad vet du om mig?", "Vilka uppgifter sparar ni om mig?", "gdpr"),
        *("Hvordan sletter jeg opplysningene mine?", "Hva vet du om meg?", "Korleis slettar eg opplysningane mine?"),
        *("How do I erase my data?", "What do you know about me?", "privacy"),
    ),
}
