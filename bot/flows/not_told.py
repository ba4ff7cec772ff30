"""What people ask beside what a programme's data tells: for the organiser to answer, unless somebody has written it."""

from __future__ import annotations

from collections.abc import Mapping

NOT_TOLD: Mapping[str, tuple[str, ...]] = {
    "payment": (
        *("Kan jag betala i euro?", "Kan vi dela upp betalningen?", "Går det att betala i efterskott?"),
        *("Kan jeg betale i euro?", "Kan vi dele opp betalingen?", "Can I pay in euros?", "Can we pay in two parts?"),
    ),
    "other_prices": (
        *("Vad kostade det förra året?", "Varför kostar det så mycket?", "Kan vi pruta på priset?"),
        *("Hva kostet det i fjor?", "Hvorfor koster det så mye?", "Kva kosta det i fjor?", "Why is it so expensive?"),
        *(
            "Finns det rabatt för pensionärer?",
            "Er det rabatt for små kommuner?",
            "Is there a discount for small ones?",
        ),
    ),
    "funding": (
        *("Kan vi söka pengar för att gå?", "Får jag ersättning för resan?", "Får jag betalt för att delta?"),
        *("Kan jeg få dekket reisen?", "Kan eg få dekt reisa?", "Can I get my travel costs paid?"),
        *("Får man tillbaka pengarna för resan?", "Kan jeg få refundert transporten?"),
    ),
    "food": (
        *("Blir det lunch?", "Finns det fika?", "Ingår maten?", "Blir det lunsj?", "Er det mat?", "Får vi kaffi?"),
        *("Is there lunch?", "Is there any food?"),
    ),
    "parking": (
        *("Finns det parkering?", "Var kan jag parkera bilen?", "Er det parkering?", "Hvor kan jeg parkere?"),
        *("Kvar kan eg parkere?", "Is there parking?", "Where can I park my car?"),
    ),
    "getting_there": (
        *(
            "Hur långt är det från stationen?",
            "Går det tåg dit?",
            "Hvilken stasjon er nærmest?",
            "Which train do I take?",
        ),
        *("Kan ni hämta mig på flygplatsen?", "Går det fly dit?", "How far is it from the airport?"),
    ),
    "company": (
        *("Får min man följa med?", "Kan jag ta med mina barn?", "Får min sambo bo på hotellet?"),
        *(
            "Kan kona mi bli med?",
            "Kan jeg ta med ektefellen?",
            "Can my husband come along?",
            "Can I bring my children?",
        ),
    ),
    "elsewhere": (
        *("Kan jag byta till en annan ort?", "Kan ni komma till oss i stället?", "Har ni kursen i en annan stad?"),
        *("Kan dere holde det hos oss?", "Kan jeg bytte til en annen by?", "Can it be held in another town?"),
    ),
    "another_time": (
        *("Kan ni flytta träffen?", "Kan vi ha mötet en annan dag?", "Kan mötet börja senare?"),
        *(
            "Kan dere flytte samlingen?",
            "Kan møtet begynne senere?",
            "Can you move the meeting?",
            "Can it start later?",
        ),
        *("Kan det vara digitalt i stället?", "Kan møtet være på nett i stedet?", "Could it be online instead?"),
    ),
    "why_then": (
        *("Varför är det just den dagen?", "Hvorfor er det akkurat den dagen?", "Why is it on that day?"),
        *("Varför är det så långt mellan träffarna?", "Kvifor er det så lenge mellom samlingane?"),
    ),
    "next_time": (
        *("När kommer nästa omgång?", "Blir det en ny kurs nästa år?", "Når kommer neste runde?"),
        *("Blir det eit nytt kurs neste år?", "Will there be a new course next year?"),
    ),
    "hotel": (
        *("Har hotellet bastu?", "Kan jag få rum med havsutsikt?", "Vilken tid är det frukost på hotellet?"),
        *("Har hotellet basseng?", "Når er det frokost?", "Does the hotel have a pool?", "When can I check in?"),
        *("Finns det gym på hotellet?", "Er det treningsrom på hotellet?", "Is there a gym at the hotel?"),
    ),
    "own_words": (
        *("Hur tar jag tillbaka mitt svar?", "Kan jag ta bort det jag skrev på tavlan?", "Jag ångrar det jag skrev"),
        *("Hvordan trekker jeg tilbake svaret mitt?", "Korleis trekkjer eg tilbake svaret mitt?"),
        *("How do I take back my answer?", "Can I delete what I wrote on the board?"),
    ),
    "certificate": (
        *("Får jag något intyg efteråt?", "Får man ett diplom?", "Får jeg kursbevis?", "Får eg kursbevis?"),
        *("Får jag kursintyg?", "Kan jag få ett intyg?", "Kan eg få kursbevis?", "Do I get a certificate?"),
    ),
    "captions": (
        *("Är föredragen textade?", "Är filmerna textade?", "Er foredragene tekstet?", "Er føredraga teksta?"),
        *("Finns det undertexter?", "Finnes det undertekster?", "Are there subtitles?"),
    ),
    "numbers": (
        *("Hur många har anmält sig?", "Hvor mange har meldt seg på?", "How many have signed up?"),
        *("Hur många gick kursen förra gången?", "Hvor mange deltok i fjor?"),
    ),
    "out_on_the_town": (
        *("Var kan man äta i närheten?", "Vad kan man göra på kvällen?", "Hva kan man gjøre i byen om kvelden?"),
        *("What is there to see in town?", "Vad ska jag ha på mig?", "What should I wear?"),
    ),
}
"""A name for each matter, and how it is asked for in four languages."""
