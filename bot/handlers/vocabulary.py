"""The words that can be typed, by what they do; in the four languages, as people write them."""

from __future__ import annotations

from bot.flows import (
    appointing,
    buttons,
    challenge_lists,
    challenges,
    channels,
    curating,
    faq,
    greeting,
    groups,
    linking,
    misses,
    my_data,
    newcomers,
    own_details,
    participants,
    results,
    sparring,
    subscriptions,
    welcome,
    workshops,
)

GREETINGS = (
    *("hej", "hejsan", "hej hej", "tjena", "hallå", "goddag", "hei", "heisann", "hallo", "hello", "hi"),
    *("god dag", "god morgon", "godmorgon", "god kväll", "god morgen", "god kveld", "good morning", "good evening"),
)
_HOW_ARE_YOU = (
    *("hur mår du", "hur mår du idag", "hur står det till", "hur är läget", "trevligt att träffas"),
    *("hvordan går det", "hvordan har du det", "står det bra til", "hyggelig å møte deg", "hyggelig å hilse på deg"),
    *("korleis går det", "korleis har du det", "hyggeleg å møte deg", "hyggeleg å helse på deg"),
    *("how are you", "how are you today", "how is it going", "how do you do", "nice to meet you"),
)
_LOST = (
    *("hjälp mig", "jag behöver hjälp", "kan du hjälpa mig", "hur fungerar du", "hur fungerar det här"),
    *("jag förstår inte", "jag förstår ingenting", "jag fattar inte", "jag fattar ingenting", "vad kan jag göra här"),
    *("hjelp meg", "jeg trenger hjelp", "kan du hjelpe meg", "hvordan fungerer du", "hvordan fungerer dette"),
    *("jeg forstår ikke", "jeg skjønner ikke", "jeg skjønner ingenting", "hva kan jeg gjøre her"),
    *("eg treng hjelp", "korleis fungerer du", "korleis fungerer dette", "eg forstår ikkje", "eg skjønar ikkje"),
    *("eg skjønar ingenting", "kva kan eg gjere her", "help me", "i need help", "can you help me", "how do you work"),
    *("how does this work", "i do not understand", "i don't understand", "what can i do here"),
)
_MAY_I_ASK = (
    *("jag har en fråga", "jag undrar en sak", "jag undrar över en sak", "kan jag fråga dig något", "någon där"),
    *("kan jag fråga en sak", "får jag fråga en sak", "kan jag ställa en fråga", "får jag ställa en fråga"),
    *("är du där",),
    *("jeg har et spørsmål", "jeg lurer på noe", "jeg lurer på en ting", "kan jeg spørre om noe", "er du der"),
    *("kan jeg spørre deg om noe", "får jeg spørre om noe", "kan jeg stille et spørsmål", "noen der"),
    *("eg har eit spørsmål", "eg lurer på noko", "eg lurer på ein ting", "kan eg spørje om noko", "nokon der"),
    *("kan eg spørje deg om noko", "kan eg stille eit spørsmål", "i have a question", "can i ask you something"),
    *("can i ask something", "can i ask a question", "may i ask something", "are you there", "anybody there"),
)
_FOUND_AT_MINE = (
    *("anmälningar", "mina bokningar", "avboka", "avanmäl", "ändra", "byt person", "jag kan inte", "ångra"),
    *("påmeldinger", "påmeldingar", "avmeld", "endre", "bytt person", "jeg kan ikke", "angre"),
    *("registrations", "cancel", "change", "change person", "i cannot come", "undo", "continue", "my registration"),
    *("min anmälan", "min bokning", "fortsätt", "min påmelding", "fortsett", "hald fram"),
    *("avanmäl mig", "anmäl mig inte", "jag vill avanmäla mig", "jag vill inte vara med"),
    *("avbestill", "jeg vil avbestille", "meld av", "meld meg av", "jeg vil melde meg av", "eg vil melde meg av"),
    *("unregister", "unregister me"),
    *("jag vill fortfarande komma", "jeg vil fortsatt komme", "eg vil framleis kome", "i still want to come"),
    *("ångra det", "nej ångra", "nej ångra det", "ångra mig", "ångra avbokningen", "ångra avanmälan"),
    *("angre det", "nei angre", "nei angre det", "angre avmeldingen", "angre avmeldinga"),
    *("undo it", "undo that", "no undo", "no undo it", "no undo that", "undo the cancellation"),
)
"""What one wants to do with a registration leads to where its buttons are."""

ENOUGH = (
    *("stopp", "stoppa", "sluta", "färre", "inga påminnelser", "snooza", "återuppta"),
    *("sluta pausa", "avsluta pausen", "ta bort pausen", "slutt å pause", "avslutt pausen", "unpause", "resume"),
    *("slutt", "færre", "færre påminnelser", "færre påminningar", "ingen påminnelser", "ingen påminningar"),
    *("stop", "unsubscribe", "fewer reminders", "no reminders", "snooze"),
    *("stoppa alla meddelanden", "inga fler meddelanden", "påminn mig inte", "sluta skriva till mig"),
    *("stopp alle meldinger", "ingen flere meldinger", "ikke minn meg", "ikke minn meg på dette", "ta meg av listen"),
    *("stopp alle meldingar", "ingen fleire meldingar", "ikkje minn meg", "ikkje minn meg på dette", "ta meg av lista"),
    *(
        "ta bort mig från listan",
        "slutt å skrive til meg",
        "stop all messages",
        "do not remind me",
        "stop writing to me",
    ),
    *("gjenoppta", "ta opp att", "alla påminnelser igen", "alle påminnelser igjen", "alle påminningar igjen"),
    *("sätt på påminnelserna", "sätt på påminnelserna igen", "slå på påminnelserna", "slå på påminnelserna igen"),
    *("slå på påminnelser igjen", "slå på påminnelsene igjen", "slå på påminningane igjen", "slå på påminningar igjen"),
    *("jag vill ha påminnelser igen", "jeg vil ha påminnelser igjen", "eg vil ha påminningar igjen"),
    *("all reminders again", "turn on reminders", "turn reminders on again", "i want reminders again"),
)
"""How people ask to be reminded less, or again: understood alone, since a sentence may begin with them, too."""

WORDS = {
    greeting.GREET: (*GREETINGS, *_HOW_ARE_YOU),
    greeting.ASK_AWAY: _MAY_I_ASK,
    buttons.HELP: (
        *_LOST,
        *("hjälp", "hjelp", "help", "start", "meny", "?", "vad kan du", "hva kan du", "kva kan du", "what can you do"),
        *("vad kan du hjälpa mig med", "hva kan du hjelpe meg med", "kva kan du hjelpe meg med"),
        *("vad gör du", "hva gjør du", "kva gjer du", "what can you help me with", "what do you do"),
        *("visa allt jag kan", "vis alt jeg kan", "vis alt eg kan", "show everything i can do"),
    ),
    welcome.WHO_I_AM: (
        *("vad är lärträff", "hva er lärträff", "kva er lärträff", "what is lärträff"),
        *("vad är du", "hva er du", "kva er du", "what are you"),
        *("vad är det här", "vad är detta", "hva er dette", "kva er dette", "what is this"),
        *("vem är du", "vad heter du", "är du en robot", "är du en människa", "pratar jag med en människa"),
        *("hvem er du", "hva heter du", "er du en robot", "er du et menneske", "snakker jeg med et menneske"),
        *("kven er du", "kva heiter du", "er du ein robot", "er du eit menneske", "snakkar eg med eit menneske"),
        *("who are you", "what is your name", "are you a robot", "are you human", "are you a person"),
    ),
    buttons.PROGRAMMES: ("program", "programmes", "programs", "programmer"),
    buttons.REGISTER: (
        "anmäl",
        "anmäl mig",
        "anmäl mig till",
        "anmäl dig",
        "anmäl till",
        "anmälan",
        "meld på",
        "meld meg på",
        "påmelding",
        "register",
        "register for",
    ),
    buttons.MINE: ("mina anmälningar", "mine påmeldinger", "mine påmeldingar", "my registrations", *_FOUND_AT_MINE),
    buttons.MATERIALS: ("material", "material för", "materiell", "materiell til", "materials", "materials for"),
    buttons.ANSWER: (
        *("rösta", "stem", "stemme", "røyst", "røyste", "vote"),
        *("svara", "svar", "answer", "se frågorna", "se spørsmålene", "sjå spørsmåla", "see the questions"),
        *("hur svarar jag", "hvordan svarer jeg", "korleis svarar eg", "how do i answer"),
        *("var svarar jag", "hvor svarer jeg", "kvar svarar eg", "where do i answer"),
    ),
    buttons.STORED: (
        *("vad har ni lagrat", "vad sparas", "vem skrev det här", "vem har skrivit det här", "vem svarade"),
        *("vad som sparas", "hva lagres", "hva som lagres", "kva blir lagra", "kva som blir lagra"),
        *("hva har dere lagret", "hvem skrev dette", "kva har de lagra", "kven skreiv dette"),
        *("what is stored", "what have you stored", "who wrote this"),
    ),
    buttons.BOARD: (
        *("tavlan", "öppna tavlan", "visa tavlan", "var är tavlan", "tavla", "tavlen", "åpne tavla", "åpne tavlen"),
        *("vis tavla", "hvor er tavla", "opne tavla", "kvar er tavla", "board", "the board", "open the board"),
        *("open board", "show the board", "where is the board"),
        *("vad har vi skrivit", "vad skrev vi", "vad kom vi fram till", "hva har vi skrevet", "hva kom vi fram til"),
        *("kva har vi skrive", "kva kom vi fram til", "what have we written", "what did we write"),
    ),
    buttons.NOTE: ("anteckna", "anteckningar", "noter", "notater", "notat", "take notes", "notes"),
    groups.MY_GROUP: (
        *("grupp", "min grupp", "gruppe", "min gruppe", "gruppa", "gruppa mi", "group", "my group"),
        *("vem är med i min grupp", "vilka är med i min grupp", "hvem er med i gruppen min", "kven er med i gruppa mi"),
        *("who is in my group",),
        *(
            "roll",
            "min roll",
            "byt roll",
            "byta roll",
            "ändra roll",
            "ändra min roll",
            "rolle",
            "min rolle",
            "rolla mi",
        ),
        *("bytt rolle", "bytte rolle", "byte rolle", "endre rolle", "endre rollen min", "endre rolla mi"),
        *("jag vill ändra min roll", "jeg vil endre rollen min", "eg vil endre rolla mi"),
        *("my role", "change my role", "change role"),
    ),
    buttons.LANGUAGE: ("språk", "language"),
    buttons.STATUS: ("läget", "status"),
    linking.USE: ("använd", "bruk", "use"),
    linking.LINK: ("koppla", "koble", "kople", "link"),
    buttons.PAUSE: ("pausa", "paus", "pausa påminnelser", "pause", "pause reminders", "färre påminnelser", *ENOUGH),
    buttons.TIMELINE: (
        *("mina påminnelser", "påminnelser", "mine påminnelser", "mine påminningar", "påminningar"),
        *("my reminders", "reminders", "se vad som är på väg", "se hva som er på vei", "sjå kva som er på veg"),
        *("see what is coming",),
    ),
    my_data.MY_DATA: (
        *("mina uppgifter", "mine opplysninger", "mine opplysningar", "my data"),
        *("vad vet ni om mig", "hva vet dere om meg", "kva veit de om meg", "what do you know about me"),
        *("radera mig", "slett meg", "erase me", "behåll allt", "behold alt", "behald alt", "keep everything"),
    ),
    own_details.CORRECT: (
        *("ändra mina uppgifter", "ändra namn eller e-post", "byt namn", "byt e-post", "ändra namn", "ändra e-post"),
        *("endre opplysningene mine", "endre navn eller e-post", "bytt navn", "bytt e-post", "endre navn"),
        *("endre opplysningane mine", "endre namn eller e-post", "byt namn", "byt e-post", "endre namn"),
        *("change my details", "change name or e-mail", "change my name", "change my e-mail"),
    ),
    newcomers.WHO: (
        *("vilka är med", "deltagare", "who takes part", "participants"),
        *("hvem deltar", "deltakere", "kven deltek", "deltakarar"),
    ),
    participants.PARTICIPANTS: (
        *("deltagarlista", "deltagarlistan", "deltagarlistor", "anmälningslista", "fakturaunderlag", "fakturering"),
        *("deltakerliste", "deltakerlisten", "fakturagrunnlag", "fakturering"),
        *("deltakarliste", "deltakarlista", "fakturagrunnlag", "participant list", "invoice basis"),
    ),
    buttons.PLAN: (
        *("plan", "planen", "vår plan", "min plan", "handlingsplan", "planen min", "planen vår", "our plan", "my plan"),
        *("vad har vi bestämt", "vad bestämde vi", "vad bestämde vi sist", "hva har vi bestemt", "hva bestemte vi"),
        *("kva har vi bestemt", "kva bestemte vi", "what have we decided", "what did we decide"),
    ),
    challenges.CHALLENGE: (
        *("utmaning", "min utmaning", "utfordring", "min utfordring", "utfordringa mi", "utfordringen min"),
        *("challenge", "my challenge", "reflektion", "refleksjon", "reflection"),
    ),
    sparring.SPARRING: (
        *("bollplank", "sparring", "sparringpartner", "sparringspartner", "sparringpartnar", "sparring partner"),
    ),
    challenge_lists.LIST: (
        *("utmaningar", "alla utmaningar", "utfordringer", "alle utfordringer", "utfordringar", "alle utfordringar"),
        *("challenges", "all challenges"),
    ),
    subscriptions.SUBSCRIBE: (
        *("kalender", "kalendar", "calendar", "prenumerera", "abonner", "prenumerera i min kalender"),
        *("abonner i kalenderen min", "subscribe in my calendar"),
    ),
    appointing.LEAVE: ("semesterläge", "borta", "borte", "away"),
    appointing.POSTS: ("vem gör vad", "hvem gjør hva", "kven gjer kva", "who does what"),
    appointing.BACK: ("jag är tillbaka", "jeg er tilbake", "eg er tilbake", "i am back"),
    channels.FOLLOW: ("kanal", "channel", "följ program", "følg program", "follow a programme"),
    curating.FAQ: (
        *("frågor och svar", "faq", "vanliga frågor", "frågor", "spørsmål og svar", "vanlige spørsmål", "spørsmål"),
        *("vanlege spørsmål", "questions and answers", "frequently asked questions", "questions"),
        *("alla frågor", "alle spørsmål", "all questions"),
    ),
    buttons.ASK: (
        *("ställ frågor", "ställ fråga", "ställ en fråga", "ställa frågor", "ny fråga", "nya frågor"),
        *("still spørsmål", "still et spørsmål", "still eit spørsmål", "nytt spørsmål", "nye spørsmål"),
        *("ask questions", "ask a question", "new question", "new questions"),
    ),
    faq.HUMAN: (
        *("fråga en människa", "prata med en människa", "människa", "kontakta en människa", "jag vill prata med någon"),
        *("spør et menneske", "snakke med et menneske", "spør eit menneske", "snakke med nokon"),
        *("jag vill prata med en människa", "kan jag prata med någon", "jeg vil snakke med noen", "snakke med noen"),
        *("kan jeg snakke med noen", "eg vil snakke med nokon", "kan eg snakke med nokon", "i want to talk to someone"),
        *("ask a human", "talk to a human", "human", "talk to someone", "can i talk to someone", "talk to a person"),
    ),
    faq.MY_QUESTIONS: ("mina frågor", "mine spørsmål", "my questions"),
    faq.YES: (
        *("ja", "ja det hjälpte", "ja tack", "yes", "det hjälpte"),
        *("det hjalp", "ja det hjalp", "ja takk", "det hjelpte", "ja det hjelpte", "yes it helped", "it helped"),
        *("bekräfta", "bekräftar", "jag bekräftar", "bekreft", "bekrefter", "jeg bekrefter", "stadfest", "confirm"),
        *("eg stadfestar", "stadfestar", "i confirm", "yes please", "ja gärna", "ja gjerne", "jag tar platsen"),
        *(
            "ja jag tar platsen",
            "ja tack jag tar platsen",
            "jag tar den",
            "jag vill ha platsen",
            "ja jag vill ha platsen",
        ),
        *("jeg tar plassen", "ja jeg tar plassen", "ja takk jeg tar plassen", "jeg tar den", "jeg vil ha plassen"),
        *("eg tek plassen", "eg tar plassen", "ja eg tek plassen", "ja takk eg tek plassen", "eg vil ha plassen"),
        *("i take the seat", "i will take the seat", "yes i take the seat", "i want the seat", "i'll take it"),
    ),
    faq.NO: (
        *("nej tack", "nei takk", "no thanks", "no thank you"),
        *("nej", "nej det var inte det", "nej det hjälpte inte", "det hjälpte inte", "fel svar", "nei"),
        *("nei det var ikke det", "nei det var ikkje det", "det hjalp ikke", "nei det hjalp ikke", "det hjelpte ikkje"),
        *("nej det var inte det jag menade", "nej det var inte det jag frågade om", "det var inte det jag menade"),
        *("det var inte det jag frågade om", "det var inte det jag frågade efter", "det stämmer inte"),
        *("du svarade fel", "du har fel", "det är fel", "du svarte feil", "du tar feil", "det er feil"),
        *("du svara feil", "du tek feil", "you are wrong"),
        *("nei det var ikke det jeg mente", "det var ikke det jeg mente", "det var ikke det jeg spurte om"),
        *("det var ikkje det eg meinte", "det var ikkje det eg spurde om", "det stemmer ikke", "det stemmer ikkje"),
        *("no that is not what i asked", "no that's not what i asked", "that's not what i asked", "that is not it"),
        *("that's not what i meant", "no that's not what i meant", "that is wrong", "that's wrong", "not helpful"),
        *("nei det hjelpte ikkje", "feil svar", "no", "no that was not it", "it did not help", "wrong answer"),
    ),
    misses.QUEUE: (
        *("obesvarade", "obesvarade frågor", "frågor att svara på", "ubesvarte", "ubesvarte spørsmål"),
        *(
            "obesvarte",
            "spørsmål å svare på",
            "usvara",
            "usvara spørsmål",
            "spørsmål utan svar",
            "unanswered",
            "unanswered questions",
        ),
    ),
    workshops.WORKSHOP: ("workshop", "workshopen", "verksted", "verkstedet", "verkstad", "verkstaden", "workshops"),
    results.RESULTS: ("resultat", "resultatet", "resultatene", "resultata", "results", "result"),
    greeting.GOODBYE: (
        *("hej då", "hejdå", "ha det", "ha det bra", "ha det gött", "ha det så bra", "adjö", "vi ses", "vi hörs"),
        *("hadet", "ha det godt", "hade", "hade bra", "farvel", "snakkes", "vi snakkes", "vi sees", "vi sjåast"),
        *("bye", "bye bye", "goodbye", "good bye", "see you", "see you later"),
    ),
    greeting.THANKS: (
        *("tack", "tack så mycket", "tusen tack", "takk", "tusen takk", "thanks", "thank you"),
        *("ok", "okej", "okay", "👍"),
    ),
}
LANGUAGES = ("svenska", "norska", "norsk", "bokmål", "nynorsk", "engelska", "engelsk", "english", "swedish")
"""A language's name alone is a wish to speak it."""
SPEAK = ("tala", "prata", "snakk", "snakke", "prat", "speak", "byt till", "bytt til", "byt til", "switch to")

TAKES_REST = (
    *(buttons.REGISTER, buttons.LANGUAGE, buttons.PROGRAMMES, buttons.PAUSE, buttons.STATUS, buttons.PLAN),
    *(linking.LINK, linking.USE, appointing.LEAVE, buttons.MATERIALS),
)
