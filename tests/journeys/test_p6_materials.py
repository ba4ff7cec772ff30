"""P6: catching up with materials, from what is still to come to a link that has stopped working."""

from __future__ import annotations

import pytest

from tests.journeys import ways
from tests.journeys.people import Participant
from tests.journeys.stage import Stage

SLIDES = "Bilder från dagen om digitala dialoger"
GUIDE = "Handledning för Zoom"
ADDRESS = "https://medborgardialog.example.org/bilder.pdf"
TOLD = "Det du väntade på finns nu"


async def materials_of(person: Participant, programme: str = ways.MASTERCLASS) -> None:
    """Look at the materials of one programme."""
    await person.say("program")
    await person.press("Läs mer", near=programme)
    await person.press("Material")


async def add_link(karin: Participant, address: str, near: str, label: str = "Lägg till länken") -> None:
    await materials_of(karin)
    await karin.press(label, near=near)
    karin.sees("ser länken.")
    await karin.answer({"Länk": address})
    karin.sees("Sparat:")


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_P6a_what_is_missing_comes_and_who_waits_is_told_once(stage: Stage) -> None:
    anna, karin = await stage.person("anna"), await stage.person("karin")
    await ways.register(anna, ways.DIGITAL)
    await anna.say("material")
    anna.sees(SLIDES, "Bilder: kommer", "Att fundera på:", "Vilket arbetssätt vill du prova först på hemmaplan?")
    await anna.press("Säg till när det finns", near=SLIDES)
    anna.sees("Jag säger till när det finns")
    await stage.at("2026-11-24 10:00")
    await add_link(karin, ADDRESS, SLIDES)
    karin.sees("1 person som väntar får veta det.")
    for time in ("10:05", "10:06", "11:00"):
        await stage.at(f"2026-11-24 {time}")
    anna.message(TOLD, SLIDES)
    assert anna.count(TOLD) == 1
    await anna.say("material")
    assert anna.link("Öppna", near=SLIDES) == ADDRESS


async def test_P6c_the_link_for_members_is_not_for_others_and_never_in_a_channel(stage: Stage) -> None:
    anna, erik, karin = [await stage.person(name) for name in ("anna", "erik", "karin")]
    await erik.say("hej")
    await ways.register(anna, ways.DIGITAL)
    await add_link(karin, ADDRESS, SLIDES)
    await materials_of(erik)
    erik.sees(SLIDES, "För dig som är anmäld.")
    for person in (anna, erik):
        await person.mention("material")
        assert person.news, "the answer came to nobody"
        assert ADDRESS not in anna.channel()
    erik.has_never_seen(ADDRESS)
    await anna.say("material")
    assert anna.link("Öppna", near=SLIDES) == ADDRESS


async def test_P6b_a_dead_link_is_told_of_mended_and_tried_again(stage: Stage) -> None:
    anna, karin = await stage.person("anna"), await stage.person("karin")
    await karin.say("hej")
    await materials_of(anna)
    await anna.press("Länken fungerar inte", near=GUIDE)
    anna.sees("Tack! En processledare tittar på det")
    await stage.at("2026-11-24 10:00")
    karin.message(f"En länk fungerar inte: {GUIDE}")
    await add_link(karin, "https://medborgardialog.example.org/ny", GUIDE, "Ändra länken")
    await stage.at("2026-11-24 10:05")
    anna.message("Prova länken igen", "Du sa att länken inte fungerade. Prova gärna nu.")
    await karin.say("läget")
    karin.does_not_see("En länk fungerar inte")


async def test_P6_who_could_not_come_gets_what_was_said_the_day_after(stage: Stage) -> None:
    anna, bertil = await stage.person("anna"), await stage.person("bertil")
    for person in (anna, bertil):
        await ways.register(person, ways.DIGITAL)
    await stage.at("2027-02-08 13:00")
    await anna.say("mina anmälningar")
    await anna.press("Avboka")
    await anna.answer({"Vad vill du göra?": "Avboka ändå"}, "Bekräfta")
    await stage.at("2027-02-08 13:30")
    await stage.at("2027-02-10 08:59")
    assert anna.count("Kom i kapp") == 0
    for time in ("09:00", "09:01", "14:00"):
        await stage.at(f"2027-02-10 {time}")
    package = anna.message("Kom i kapp: Digitala dialoger")
    for part in (
        "09.30 Introduktion och öppningsövning",
        "Bilder: kommer",
        "Vilka når ni inte i era digitala möten i dag?",
        "Programmets nästa träff",
        "Fokus på framtiden",
        "Du får det här för att du ville vara med",
    ):
        assert part in package
    assert anna.count("Kom i kapp") == 1
    assert (anna.count("Tack för att du var med"), bertil.count("Tack för att du var med")) == (0, 1)
    await bertil.press("Jag var inte med")
    bertil.sees("Kom i kapp: Digitala dialoger")
