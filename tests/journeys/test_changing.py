"""P3: correcting a registration, handing a seat over, cancelling and changing one's mind."""

from __future__ import annotations

import re

from tests.journeys import ways
from tests.journeys.people import Participant
from tests.journeys.stage import Stage


async def test_P3_change_to_another_meeting(stage: Stage) -> None:
    anna = await stage.person("anna")
    await ways.register(anna, ways.DIGITAL)
    await anna.say("mina anmälningar")
    await anna.press("Ändra")
    await anna.answer({"Tillfällen": [ways.FUTURE]})
    anna.sees("Läggs till", "Avbokas", "Avbokningen kostar", "Ingen kostnad", "1 200 kr exklusive moms")
    await anna.submit("Bekräfta")
    assert ways.FUTURE in anna.message("Din anmälan är ändrad")
    await anna.say("mina anmälningar")
    anna.sees(ways.FUTURE)


async def test_P3_change_person_to_a_colleague_who_is_here(stage: Stage) -> None:
    anna, bertil = await stage.person("anna"), await stage.person("bertil")
    await bertil.say("hej")
    await ways.register(anna, ways.DIGITAL)
    await hand_over(anna, "Bertil Ek", "bertil.ek@lund.se")
    anna.sees("Klart. Bertil Ek har platsen nu och har fått besked.")
    bertil.message(f"Du har en plats: {ways.MASTERCLASS}", "Anna Lindqvist har gett dig en plats", "zoom.example.org")
    await stage.at("2027-02-08 09:00")
    bertil.sees("I morgon: Digitala dialoger")
    anna.does_not_see("I morgon")


async def test_G1a_whoever_handed_the_seat_over_is_shown_no_link_any_more(stage: Stage) -> None:
    anna = await stage.person("anna")
    await ways.register(anna, ways.DIGITAL)
    await anna.say("mina anmälningar")
    assert "zoom.example.org" in anna.message("Mina anmälningar", ways.DIGITAL)
    await hand_over(anna, "Disa Alm", "disa.alm@lund.se")
    await anna.say("mina anmälningar")
    assert "zoom.example.org" not in anna.message("Mina anmälningar", "Disa Alm")


async def test_P3_change_person_to_somebody_new_by_a_code(stage: Stage) -> None:
    anna, erik = await stage.person("anna"), await stage.person("erik")
    await ways.register(anna, ways.DIGITAL)
    await hand_over(anna, "Disa Alm", "disa.alm@lund.se")
    code = _code(anna, "Disa Alm")
    await erik.say(f"koppla {code.lower()}")
    erik.sees(f"Du har en plats: {ways.MASTERCLASS}", "https://zoom.example.org/j/digitala-dialoger")
    await erik.say(f"koppla {code}")
    erik.sees("Koden gäller inte.")


async def test_P3_a_seat_goes_from_slack_to_teams_by_a_code(both: Stage) -> None:
    anna, erik = await both.person("anna", "slack"), await both.person("erik", "teams")
    await ways.register(anna, ways.DIGITAL)
    await hand_over(anna, "Erik Sundström", "erik.sundstrom@regionorebrolan.se")
    await erik.say(f"koppla {_code(anna, 'Erik Sundström')}")
    erik.sees(f"Du har en plats: {ways.MASTERCLASS}", "https://zoom.example.org/j/digitala-dialoger")
    await anna.say("mina anmälningar")
    anna.sees("Erik Sundström")
    await both.at("2027-02-08 09:00")
    erik.sees("I morgon: Digitala dialoger")
    anna.does_not_see("I morgon")


async def test_P3_a_seat_that_is_given_up_in_slack_is_offered_in_teams(both: Stage) -> None:
    await both.change("masterclass-medborgardialog", digitala_dialoger={"capacity": 1})
    anna, erik = await both.person("anna", "slack"), await both.person("erik", "teams")
    await ways.register(anna, ways.DIGITAL)
    await ways.register(erik, ways.DIGITAL)
    await ways.cancel(anna)
    await both.at("2026-11-24 09:20")
    await erik.press("Bekräfta", near="Det finns en plats till dig")
    erik.message("Du är anmäld:", "https://zoom.example.org/j/digitala-dialoger")


async def test_P3_a_cancelled_seat_is_offered_to_the_next_in_line(stage: Stage) -> None:
    await stage.change("masterclass-medborgardialog", digitala_dialoger={"capacity": 1})
    anna, bertil, erik = await stage.person("anna"), await stage.person("bertil"), await stage.person("erik")
    await ways.register(anna, ways.DIGITAL)
    await ways.register(bertil, ways.DIGITAL)
    await ways.register(erik, ways.DIGITAL)
    erik.message("väntelista, nummer 2")
    await ways.cancel(anna)
    assert "Kostnadsfritt" not in anna.message("Avbokat:", "ångra", "Ingen kostnad")
    await stage.tick()
    assert bertil.count("Det finns en plats till dig") == 0  # Anna may still change her mind
    await stage.at("2026-11-24 09:20")
    bertil.sees(
        "Det finns en plats till dig", "Platsen är din om du bekräftar senast onsdag 25 november 2026 kl. 09.20"
    )
    bertil.sees("tisdag 9 februari 2027 kl. 09.30–15.00", "1 200 kr exklusive moms", "Du avbokar utan kostnad")
    erik.does_not_see("Det finns en plats")
    await bertil.press("Bekräfta")
    bertil.message(
        "Du är anmäld:", "https://zoom.example.org/j/digitala-dialoger", "1 200 kr", "Du avbokar utan kostnad"
    )
    await erik.say("mina anmälningar")
    erik.sees("väntelista, nummer 1")


async def test_P3_an_offered_seat_that_is_declined_goes_on_at_once(stage: Stage) -> None:
    await stage.change("masterclass-medborgardialog", digitala_dialoger={"capacity": 1})
    anna, bertil, erik = await stage.person("anna"), await stage.person("bertil"), await stage.person("erik")
    for person in (anna, bertil, erik):
        await ways.register(person, ways.DIGITAL)
    await ways.cancel(anna)
    await stage.at("2026-11-24 09:20")
    await bertil.press("Jag kan inte", near="Det finns en plats till dig")
    bertil.message("Du har lämnat platsen")
    erik.message("Det finns en plats till dig")


async def test_P3_an_offer_that_is_not_answered_goes_on(stage: Stage) -> None:
    await stage.change("masterclass-medborgardialog", digitala_dialoger={"capacity": 1})
    anna, bertil, erik = await stage.person("anna"), await stage.person("bertil"), await stage.person("erik")
    for person in (anna, bertil, erik):
        await ways.register(person, ways.DIGITAL)
    await ways.cancel(anna)
    await stage.at("2026-11-24 09:30")
    await stage.at("2026-11-25 09:31")
    bertil.sees("Erbjudandet har gått ut")
    erik.sees("Det finns en plats till dig")
    await bertil.press("Bekräfta", near="Det finns en plats till dig")
    assert bertil.count("Erbjudandet har gått ut") == 2  # said when it did, and by the button


async def test_P3a_I_cannot_come_from_the_reminder(stage: Stage) -> None:
    anna = await stage.person("anna")
    await ways.register(anna, ways.DIGITAL)
    await stage.at("2027-02-08 09:00")
    await anna.press("Jag kan inte", near="I morgon")
    anna.sees("Avboka", "Digitala dialoger")
    await anna.answer({"Vad vill du göra?": "Avboka ändå"}, "Bekräfta")
    anna.message("Avbokat:", "600 kr exklusive moms")


async def test_P3b_undo_within_ten_minutes(stage: Stage) -> None:
    anna = await stage.person("anna")
    await ways.register(anna, ways.DIGITAL)
    await ways.cancel(anna)
    await stage.at("2026-11-24 09:09")
    await anna.press("Ångra")
    anna.message("Ångrat:", "Digitala dialoger")
    await stage.at("2027-02-08 09:00")
    anna.sees("I morgon: Digitala dialoger")


async def test_P3b_too_late_to_undo(stage: Stage) -> None:
    anna = await stage.person("anna")
    await ways.register(anna, ways.DIGITAL)
    await ways.cancel(anna)
    await stage.at("2026-11-24 09:20")
    await anna.press("Ångra")
    anna.sees("Det finns inget att ångra längre.")
    await stage.at("2027-02-08 09:00")
    anna.does_not_see("I morgon")


async def test_P3c_the_fee_is_shown_before_confirming_and_a_colleague_offered_first(stage: Stage) -> None:
    anna, bertil = await stage.person("anna"), await stage.person("bertil")
    await bertil.say("hej")
    await ways.register(anna, ways.DIGITAL)
    await stage.at("2027-01-27 10:00")
    await anna.say("mina anmälningar")
    await anna.press("Avboka")
    anna.sees("Avbokningen kostar", "600 kr exklusive moms", "kostar inget")
    assert anna.window.index("En kollega kommer i stället") < anna.window.index("Avboka ändå")
    await anna.answer({"Vad vill du göra?": "En kollega kommer i stället"})
    await anna.answer({"Namn": "Bertil Ek", "E-post": "bertil.ek@lund.se"}, "Bekräfta")
    bertil.message("Du har en plats:")
    assert anna.count("Avbokat:") == 0


async def hand_over(person: Participant, name: str, email: str) -> None:
    """Give the only seat to somebody else."""
    await person.say("mina anmälningar")
    await person.press("Byt person")
    await person.answer({"Namn": name, "E-post": email}, "Bekräfta")


def _code(person: Participant, name: str) -> str:
    """The code that a person was given for somebody."""
    found = re.search(rf"{name}\s*:?\s*koppla (\S+)", person.message("Ge koden vidare", name))
    assert found
    return found[1]
