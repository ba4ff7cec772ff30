"""P1 and P2: registering for one occasion, and for a whole programme."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.programmes import Span
from tests.journeys import ways
from tests.journeys.people import Participant
from tests.journeys.stage import Stage, moment

ON_BOTH_DATABASES = pytest.mark.parametrize("database", ["sqlite", "postgresql"])
COHORT = "Fördjupningsprogram i att styra och leda"


async def test_P1_register_for_one_occasion(stage: Stage) -> None:
    anna = await stage.person("anna")
    await anna.say("anmäl")
    anna.sees(
        "Vad vill du anmäla dig till?", ways.MASTERCLASS, "Varje tillfälle kostar 1 200 kr exklusive moms per plats."
    )
    anna.sees("40 platser kvar", "anmäl dig senast fredag 29 januari 2027 kl. 23.59")
    await anna.press("Anmäl dig", near=ways.MASTERCLASS)
    anna.sees("tis 9 feb: Digitala dialoger", "40 platser kvar", "Har du grundläggande kunskap om medborgardialog?")
    await ways.choose(anna, ways.DIGITAL)
    anna.sees("Anna Lindqvist", "anna.lindqvist@lund.se", "Särskilda behov")
    await ways.introduce(anna, **{"Särskilda behov": "Hörslinga"})
    await ways.practical(anna, guide="Ja tack")
    anna.sees("Stämmer det här?", "Lunds kommun", "Hörslinga", "1 200 kr exklusive moms", "Avbokning")
    anna.does_not_see("https://zoom.example.org")
    await anna.submit("Bekräfta")
    anna.sees("Du är anmäld")
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
    await anna.close()
    assert anna.link("Så ansluter du digitalt") == "https://medborgardialog.example.org/zoom-handledning"
    calendar = await stage.fetch(anna.link("Lägg till i kalendern"))
    assert "DTSTART;TZID=Europe/Stockholm:20270209T093000" in calendar


async def test_P1_not_yet_the_prior_knowledge_gives_links_and_no_refusal(stage: Stage) -> None:
    anna = await stage.person("anna")
    await ways.begin(anna)
    await anna.answer({"Tillfällen": [ways.DIGITAL], ways.BASICS: "Inte än"})
    anna.sees("Du är välkommen ändå", "https://medborgardialog.example.org/e-utbildning")
    await anna.submit("Fortsätt")
    await ways.introduce(anna)
    await ways.practical(anna)
    await anna.submit("Bekräfta")
    await anna.close()
    assert anna.link("E-utbildning i medborgardialog") == "https://medborgardialog.example.org/e-utbildning"


async def test_P1a_the_deadline_passes_while_the_form_is_open(stage: Stage) -> None:
    anna, karin = await stage.person("anna"), await stage.person("karin")
    await stage.at("2027-01-29 23:58")
    await ways.begin(anna)
    await ways.choose(anna, ways.DIGITAL)
    await ways.introduce(anna)
    await ways.practical(anna)
    await stage.at("2027-01-30 00:01")
    await anna.submit("Bekräfta")
    anna.sees("stängde fredag 29 januari 2027 kl. 23.59. Inget är bokat.", "Fråga Kursadministrationen")
    anna.sees(ways.FUTURE)  # what is still open stands below
    await karin.say("läget")
    karin.sees("Digitala dialoger – gör det mesta av formatet", "1 påbörjad anmälan")
    karin.does_not_see("1 anmäld")


async def test_P1a_the_last_day_of_a_whole_programme_passes(stage: Stage) -> None:
    erik = await stage.person("erik")
    await stage.at("2026-12-13 23:58")
    await ways.begin(erik, COHORT)
    await ways.introduce(erik)
    await erik.answer({"Fakturareferens": "12"})
    await stage.at("2026-12-14 00:01")
    await erik.submit("Bekräfta")
    erik.sees("stängde söndag 13 december 2026 kl. 23.59. Inget är bokat.", "Fråga Kursadministrationen")
    await erik.say("mina anmälningar")
    erik.sees("Du är inte anmäld till något än.")


@ON_BOTH_DATABASES
async def test_P1b_the_last_seat_goes_to_one_of_two_who_confirm_in_the_same_second(both: Stage) -> None:
    one = {"capacity": 1}
    await both.change(
        "masterclass-medborgardialog", digitala_dialoger=one, fokus_pa_framtiden=one, dialog_dar_folk_ar=one
    )
    anna, erik = await both.person("anna", "slack"), await both.person("erik", "teams")
    for meeting in (ways.DIGITAL, ways.FUTURE, ways.OUTREACH):
        for person in (anna, erik):
            await ways.begin(person)
            await ways.choose(person, meeting)
            await ways.introduce(person)
            await ways.practical(person)
        await asyncio.gather(anna.submit("Bekräfta"), erik.submit("Bekräfta"))
        waits = [person for person in (anna, erik) if "väntelista, nummer 1" in person.message(meeting, "Deltagare")]
        assert len(waits) == 1
        waits[0].message("På väntelistan:", meeting)
    karin = await both.person("karin", "teams")
    await karin.say("läget")
    assert karin.screen.count("1 anmäld och 1 på väntelistan") == 3


@ON_BOTH_DATABASES
async def test_P1c_an_interrupted_registration_goes_on_where_it_was(stage: Stage) -> None:
    anna, karin = await stage.person("anna"), await stage.person("karin")
    await ways.begin(anna)
    await ways.choose(anna, ways.DIGITAL)
    await ways.introduce(anna, **{"Särskilda behov": "Hörslinga"})
    await anna.close()
    await stage.restart()
    await karin.say("läget")
    karin.sees("1 påbörjad anmälan")
    await ways.begin(anna)
    anna.sees("Praktiskt")
    await ways.practical(anna)
    anna.sees("Digitala dialoger", "Hörslinga")
    await anna.double_click("Bekräfta")
    assert anna.count(f"Du är anmäld: {ways.MASTERCLASS}") == 1
    await karin.say("läget")
    karin.sees("Digitala dialoger – gör det mesta av formatet", "1 anmäld")
    karin.does_not_see("påbörjad", "väntelistan")


async def test_P1c_a_form_that_stayed_open_over_a_restart_can_be_sent(stage: Stage) -> None:
    anna = await stage.person("anna")
    await ways.begin(anna)
    await ways.choose(anna, ways.DIGITAL)
    await stage.restart()
    await ways.introduce(anna)
    anna.sees("Praktiskt")


async def test_P1c_one_reminder_of_a_draft(stage: Stage) -> None:
    anna = await stage.person("anna")
    await ways.begin(anna)
    await ways.choose(anna, ways.DIGITAL)
    await anna.close()
    await stage.at("2026-11-24 17:00")
    assert anna.count("Din anmälan är inte klar") == 0
    await stage.at("2026-11-25 10:00")
    anna.sees("Din anmälan är inte klar", ways.MASTERCLASS)
    await stage.restart()
    await stage.at("2026-11-27 09:00")
    assert anna.count("Din anmälan är inte klar") == 1
    await anna.press("Fortsätt")
    anna.sees("Om dig", "Anna Lindqvist")


async def test_P1c_who_only_looked_at_the_form_is_not_reminded(stage: Stage) -> None:
    anna, karin = await stage.person("anna"), await stage.person("karin")
    await ways.begin(anna)
    await anna.close()
    await stage.at("2026-11-25 10:00")
    assert anna.count("Din anmälan är inte klar") == 0
    await karin.say("läget")
    karin.does_not_see("påbörjad")


async def test_P2_register_for_the_whole_programme(stage: Stage) -> None:
    erik = await stage.person("erik")
    await _join_cohort(erik, lodging=["Leda samhällsutveckling", "Styrning och risker", "Dialog och samspel"])
    erik.sees("24 000 + 3 × 3 000 = 33 000 kr exklusive moms")
    await erik.submit("Bekräfta")
    receipt = erik.message(f"Du är anmäld: {COHORT}")
    assert receipt.count("Lägg till i kalendern") == 3, receipt
    for fact in ("torsdag 18 februari 2027 kl. 10.00", "Långholmens konferens", "33 000 kr", "inspiratör"):
        assert fact in receipt, receipt
    await erik.say("mina anmälningar")
    erik.sees("Leda samhällsutveckling", "Styrning och risker", "Dialog och samspel")


async def test_P2a_a_meeting_that_collides_with_another_is_said_before_confirming(stage: Stage) -> None:
    erik = await stage.person("erik")
    day = Span(moment("2027-02-18 13:00"), moment("2027-02-18 16:00"))
    await stage.change("masterclass-medborgardialog", digitala_dialoger={"days": (day,)})
    await ways.register(erik, ways.DIGITAL)
    await _join_cohort(erik)
    erik.sees("Digitala dialoger – gör det mesta av formatet, som du redan är anmäld till, är samtidigt som Leda")


async def test_P2b_a_programme_with_one_full_meeting_is_waited_for_as_a_whole(stage: Stage) -> None:
    await stage.change("fordjupningsprogram-toppolitiker", styrning_och_risker={"capacity": 1})
    anna, erik, karin = await stage.person("anna"), await stage.person("erik"), await stage.person("karin")
    await _join_cohort(anna)
    await anna.submit("Bekräfta")
    await _join_cohort(erik)
    erik.sees("Programmet är fullt. Om du bekräftar hamnar du på väntelistan.")
    await erik.submit("Bekräfta")
    assert erik.message(f"På väntelistan: {COHORT}").count("väntelista, nummer 1") == 3
    await karin.say("läget")
    assert karin.screen.count("1 anmäld och 1 på väntelistan") == 3


async def _join_cohort(person: Participant, lodging: list[str] | None = None) -> None:
    """Register for the whole programme, up to the last question."""
    await ways.begin(person, COHORT)
    await ways.introduce(person)
    await person.answer({"Fakturareferens": "4711", **({"Logi och måltider": lodging} if lodging else {})})
