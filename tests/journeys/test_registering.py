"""P1 and P2: registering for one occasion, and for a whole programme."""

from __future__ import annotations

from tests.journeys import ways
from tests.journeys.stage import Stage


async def test_P1_register_for_one_occasion(stage: Stage) -> None:
    anna = await stage.person("anna")
    await anna.say("anmäl")
    anna.sees("Vad vill du anmäla dig till?", ways.MASTERCLASS, "Varje tillfälle kostar 1 200 kr exklusive moms.")
    anna.sees("Anmäl dig senast fredag 29 januari 2027 kl. 23.59.")
    await anna.press("Anmäl dig", near=ways.MASTERCLASS)
    anna.sees("Tis 9 feb: Digitala dialoger", "40 platser kvar", "Har du grundläggande kunskap om medborgardialog?")
    await ways.choose(anna, ways.DIGITAL)
    anna.sees("Anna Lindqvist", "anna.lindqvist@lund.se", "Särskilda behov")
    await ways.introduce(anna, **{"Särskilda behov": "Hörslinga"})
    await ways.practical(anna, guide="Ja tack")
    anna.sees("Stämmer det här?", "Lunds kommun", "Hörslinga", "1 200 kr exklusive moms", "Avbokning")
    anna.does_not_see("https://zoom.example.org")
    await anna.submit("Bekräfta")
    anna.sees("Du är anmäld. Kvittot finns i din chatt med Lärträff.")
    receipt = anna.message(f"Du är anmäld: {ways.MASTERCLASS}")
    for fact in (
        "tisdag 9 februari 2027 kl. 09.30–15.00",
        "Zoom",
        "https://zoom.example.org/j/digitala-dialoger",
        "13.00 Utmaningar och möjligheter",
        "1 200 kr exklusive moms",
        "Du avbokar utan kostnad till och med 14 dagar före",
        "Kursadministrationen",
        "fredag 29 januari 2027 kl. 23.59",
        "Hörslinga",
    ):
        assert fact in receipt, receipt
    assert anna.link("Så ansluter du digitalt") == "https://medborgardialog.example.org/zoom-handledning"
    calendar = await stage.fetch(anna.link("Lägg till i kalendern"))
    assert "DTSTART;TZID=Europe/Stockholm:20270209T093000" in calendar
