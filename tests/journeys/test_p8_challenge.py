"""P8: one's own challenge, from the facts before the start to the page at the end."""

from __future__ import annotations

import pytest

from tests.journeys.people import Participant
from tests.journeys.stage import Stage

PROGRAMME = "Fördjupningsprogram i att styra och leda"
CHALLENGE = "Färre unga ska försörja fler äldre, och vi har inte sagt det högt."
WRITTEN_ANEW = "Vi behöver säga högt att skolan i norr stänger."
ASKED = "Vad vill du arbeta med?"


async def register(person: Participant) -> None:
    await person.say("anmäl")
    await person.press("Anmäl dig", near=PROGRAMME)
    await person.answer({"Organisation": person.role.organisation})
    await person.answer({"Fakturareferens": "4711"})
    await person.submit("Bekräfta")


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_P8_the_red_thread_from_the_facts_to_the_last_page(stage: Stage) -> None:
    anna, erik, karin = [await stage.person(name) for name in ("anna", "erik", "karin")]
    await karin.say("hej")
    for person in (anna, erik):
        await register(person)
    await stage.at("2027-01-28 09:00")
    asked = anna.message(ASKED, "behoven av förändring hos er de närmaste fem åren?")
    assert "Basfakta om Lunds kommun" in asked
    assert "Basfakta om Lunds kommun" not in erik.message(ASKED)

    await anna.press("Skriv din utmaning")
    await anna.answer({"Utmaning": CHALLENGE, "Vem får se den?": "Bara jag"})
    anna.sees("Sparat: din utmaning", "Bara du")
    await stage.at("2027-02-08 09:00")
    assert anna.count("Din utmaning är inte skriven än") == 0
    erik.message("Din utmaning är inte skriven än")
    await karin.say("utmaningar")
    karin.sees("1 av 2 har skrivit.", "Anna Lindqvist", "Erik Sundström")

    await anna.say("utmaning")
    await anna.press("Ändra")
    await anna.answer({"Utmaning": WRITTEN_ANEW, "Vem får se den?": "Processledarna"})
    await anna.submit("Låt dem se den")
    anna.sees("Sparat: din utmaning", "Du och processledarna")
    await karin.say("utmaningar")
    await karin.press("Läs", near="Har skrivit, och delar med dig")
    karin.sees(WRITTEN_ANEW)
    karin.does_not_see(CHALLENGE)
    await karin.submit("Jag har läst dem")

    await stage.at("2027-02-17 09:00")
    anna.message("Din utmaning, som du skrev den:", WRITTEN_ANEW)
    await stage.at("2027-02-22 09:00")
    anna.message("Vad tar du med dig till din egen utmaning?")
    await anna.press("Skriv vad du tar med dig")
    await anna.answer({"Vad tar du med dig, och vad vill du prova på hemmaplan?": "Prata med skolchefen först."})
    await anna.press("Allt jag har skrivit")
    anna.sees("Min röda tråd", CHALLENGE, WRITTEN_ANEW, "Prata med skolchefen först.")
    await anna.say("utmaning")
    anna.sees("Karin Berg")
    for words in (CHALLENGE, WRITTEN_ANEW, "Prata med skolchefen först."):
        erik.has_never_seen(words)
    karin.has_never_seen(CHALLENGE)


async def test_P8a_a_change_of_who_may_see_it_is_said_aloud_both_ways(stage: Stage) -> None:
    anna, karin = await stage.person("anna"), await stage.person("karin")
    await karin.say("hej")
    await register(anna)
    await anna.say("utmaning")
    await anna.press("Skriv din utmaning")
    await anna.answer({"Utmaning": CHALLENGE, "Vem får se den?": "Processledarna"})
    await karin.say("utmaningar")
    await karin.press("Läs")
    await karin.submit("Jag har läst dem")
    await anna.say("utmaning")
    await anna.press("Ändra")
    await anna.answer({"Utmaning": CHALLENGE, "Vem får se den?": "Bara jag"})
    anna.sees("Karin Berg", "Det de redan har läst går inte att ta tillbaka.")
    await karin.say("utmaningar")
    karin.does_not_see("delar med dig", CHALLENGE)


async def test_P8_a_sparring_partner_only_when_both_say_yes_across_platforms(both: Stage) -> None:
    anna, erik, karin = (
        await both.person("anna", "slack"),
        await both.person("erik", "teams"),
        await both.person("karin"),
    )
    await karin.say("hej")
    for person in (anna, erik):
        await register(person)
        await person.say("utmaning")
        await person.press("Bollplank")
        await person.press("Ja, det vill jag")
    await karin.say("utmaningar")
    await karin.press("Föreslå par")
    await both.settle()
    await anna.press("Ja, gärna")
    await both.settle()
    anna.has_never_seen("Erik Sundström")
    erik.has_never_seen("Anna Lindqvist")
    await erik.press("Ja, gärna")
    erik.sees("Du har fått ett bollplank", "Anna Lindqvist")
    await both.settle()
    await anna.look()
    anna.message("Du har fått ett bollplank", "Erik Sundström", "Region Örebro län")
