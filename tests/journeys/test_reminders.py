"""P4: the right reminder, once."""

from __future__ import annotations

import pytest

from tests.journeys import ways
from tests.journeys.stage import Stage, moment

TOMORROW = "I morgon: Digitala dialoger"


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_P4_the_day_before_at_nine_exactly_once(stage: Stage) -> None:
    anna = await stage.person("anna")
    await ways.register(anna, ways.DIGITAL)
    await stage.at("2027-02-08 08:59")
    assert anna.count(TOMORROW) == 0
    await stage.at("2027-02-08 09:00")
    anna.sees(TOMORROW, "tisdag 9 februari 2027 kl. 09.30–15.00", "https://zoom.example.org/j/digitala-dialoger")
    anna.sees("09.30 Introduktion och öppningsövning", "Du får det här för att du är anmäld till Masterclass")
    await stage.restart()
    await stage.at("2027-02-08 09:01")
    await stage.at("2027-02-09 09:00")
    assert anna.count(TOMORROW) == 1


async def test_P4_by_the_clock_of_the_programme_in_summer(stage: Stage) -> None:
    anna = await stage.person("anna")
    await ways.register(anna, ways.OUTREACH)
    await stage.at("2027-05-03 08:59")
    assert anna.count("I morgon") == 0
    await stage.at("2027-05-03 09:00")
    anna.sees("I morgon: Dialog där folk är")


async def test_P4b_registering_on_the_day_gives_no_word_of_tomorrow(stage: Stage) -> None:
    anna = await stage.person("anna")
    late = {"deadline": moment("2027-02-09 09:30")}
    await stage.change("masterclass-medborgardialog", digitala_dialoger=late)
    await stage.at("2027-02-09 08:30")
    await ways.register(anna, ways.DIGITAL)
    anna.message("Du är anmäld:", "https://zoom.example.org/j/digitala-dialoger")
    for time in ("08:31", "09:00", "09:29", "10:00"):
        await stage.at(f"2027-02-09 {time}")
    anna.has_never_seen("I morgon")


async def test_P4c_down_at_nine_sends_it_when_it_is_up_again(stage: Stage) -> None:
    anna = await stage.person("anna")
    await ways.register(anna, ways.DIGITAL)
    await stage.at("2027-02-08 08:50")
    await stage.stop()
    await stage.at("2027-02-08 10:20")
    for _ in range(2):
        await stage.start()
        await stage.tick()
        assert anna.count(TOMORROW) == 1
        await stage.stop()
    await stage.start()


async def test_P4c_down_until_the_meeting_is_missed_and_told_to_the_coordinator(stage: Stage) -> None:
    anna, karin = await stage.person("anna"), await stage.person("karin")
    await ways.register(anna, ways.DIGITAL)
    await stage.stop()
    await stage.at("2027-02-09 10:00")
    await stage.start()
    await stage.tick()
    anna.has_never_seen("I morgon")
    await karin.say("läget")
    karin.sees("Påminnelser som borde ha skickats men inte skickades")
