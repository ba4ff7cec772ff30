"""Modellkonceptet from registration to the day after its last meeting: all that people are sent, and nothing else.

What should come stands here as one would write it into a calendar, by the clock on the wall in Stockholm.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from bot.domain.rules import DAY_BEFORE
from tests.journeys import ways
from tests.journeys.people import Participant
from tests.journeys.stage import Stage, programme

MODELL = "Modellkonceptet"
BEGINNING, END = "2026-10-20 10:00", "2027-11-15 12:00"  # both nights on which the clocks change lie in between

ANNA = [
    "2026-11-24 09:00 Lärträff 1: tisdag 8 december 2026",
    "2026-11-26 09:00 Skicka in er planering",
    "2026-12-01 09:00 Förbered dig för Lärträff 1, tisdag 8 december 2026",
    "2026-12-07 09:00 I morgon: Lärträff 1",
    "2026-12-08 08:45 Lärträff 1 börjar kl. 09.00",
    "2026-12-09 09:00 Tack för att du var med på Lärträff 1",
    "2027-01-27 09:00 Introduktionsutbildning",
    "2027-02-23 09:00 Halvvägs till Lärträff 2: hur går det?",
    "2027-04-12 09:00 Inför Lärträff 2, tisdag 11 maj 2027",  # book a room; the 11th is a Sunday
    "2027-04-27 09:00 Lärträff 2: tisdag 11 maj 2027",
    "2027-05-04 09:00 Förbered dig för Lärträff 2, tisdag 11 maj 2027",
    "2027-05-10 09:00 I morgon: Lärträff 2",
    "2027-05-11 08:45 Lärträff 2 börjar kl. 09.00",
    "2027-05-12 09:00 Tack för att du var med på Lärträff 2",
    "2027-08-24 09:00 Inför Lärträff 3, tisdag 12 oktober 2027",  # welcome back
    "2027-09-28 09:00 Lärträff 3: tisdag 12 oktober 2027",
    "2027-10-05 09:00 Förbered dig för Lärträff 3, tisdag 12 oktober 2027",
    "2027-10-11 09:00 I morgon: Lärträff 3",
    "2027-10-12 08:45 Lärträff 3 börjar kl. 09.00",
    "2027-10-13 09:00 Tack för att du var med på Lärträff 3",
]

INGRID = [
    "2026-11-24 09:00 Læringssamling 1: tirsdag 8. desember 2026",
    "2026-11-26 09:00 Send inn planen deres",
    "2026-12-01 09:00 Forbered deg til Læringssamling 1, tirsdag 8. desember 2026",
    "2026-12-07 09:00 I morgen: Læringssamling 1",
    "2026-12-08 08:45 Læringssamling 1 begynner kl. 09.00",
    "2026-12-09 09:00 Takk for at du var med på Læringssamling 1",
    "2027-01-27 09:00 Introduksjonsopplæring",
    "2027-02-23 09:00 Halvveis til Læringssamling 2: hvordan går det?",
    "2027-04-12 09:00 Før Læringssamling 2, tirsdag 11. mai 2027",
    "2027-04-27 09:00 Læringssamling 2: tirsdag 11. mai 2027",
    "2027-05-04 09:00 Forbered deg til Læringssamling 2, tirsdag 11. mai 2027",
    "2027-05-10 09:00 I morgen: Læringssamling 2",
    "2027-05-11 08:45 Læringssamling 2 begynner kl. 09.00",
    "2027-05-12 09:00 Takk for at du var med på Læringssamling 2",
    "2027-08-24 09:00 Før Læringssamling 3, tirsdag 12. oktober 2027",
    "2027-09-28 09:00 Læringssamling 3: tirsdag 12. oktober 2027",
    "2027-10-05 09:00 Forbered deg til Læringssamling 3, tirsdag 12. oktober 2027",
    "2027-10-11 09:00 I morgen: Læringssamling 3",
    "2027-10-12 08:45 Læringssamling 3 begynner kl. 09.00",
    "2027-10-13 09:00 Takk for at du var med på Læringssamling 3",
]

CHANNEL = [
    "2026-11-30 09:00 Anmäl dig senast tisdag 1 december 2026 kl. 23.59",  # the 28th is a Saturday
    "2026-12-07 09:00 I morgon: Lärträff 1",
    "2027-04-27 09:00 Anmäl dig senast fredag 30 april 2027 kl. 23.59",
    "2027-05-10 09:00 I morgon: Lärträff 2",
    "2027-09-28 09:00 Anmäl dig senast fredag 1 oktober 2027 kl. 23.59",
    "2027-10-11 09:00 I morgon: Lärträff 3",
]

MEETING_2 = [entry for entry in ANNA if "Lärträff 2" in entry]
MEETING_3 = [entry for entry in ANNA if "Lärträff 3" in entry]


@pytest.fixture
def start() -> str:
    """Well before the first message."""
    return BEGINNING


@pytest.fixture(params=["slack", "teams"])
def platform(request: pytest.FixtureRequest) -> str:
    """The platform of most; the one of the others is the other."""
    name: str = request.param
    return name


async def register(person: Participant, meetings: str = "Alla tillfällen") -> None:
    """Register for all meetings, and start a new diary."""
    norwegian = person.role.id == "ingrid"
    await person.say("påmelding" if norwegian else "anmäl")
    await person.press("Meld deg på" if norwegian else "Anmäl dig", near="Modell")
    if norwegian:
        await person.answer({"Samlinger": ["Alle samlinger"], ways.DECIDED["nb"]: "Ja"})
        await person.answer({"Organisasjon": person.role.organisation})
        await person.submit("Bekreft")
    else:
        await person.answer({"Tillfällen": [meetings], ways.DECIDED["sv"]: "Ja"})
        await ways.introduce(person)
        await person.submit("Bekräfta")
    person.diary.clear()


async def follow_in_channel(coordinator: Participant) -> None:
    """Let the channel follow the programme."""
    await coordinator.mention("kanal")
    await coordinator.press("Följ 4", near=MODELL)
    coordinator.diary.clear()
    coordinator.channel_diary.clear()


async def test_P4_the_whole_programme_message_by_message(both: Stage, platform: str) -> None:
    other = {"slack": "teams", "teams": "slack"}[platform]
    anna, ingrid = await both.person("anna", platform), await both.person("ingrid", platform)
    bertil, karin = await both.person("bertil", other), await both.person("karin", platform)
    await ingrid.say("språk norsk bokmål")
    for person in (anna, ingrid, bertil):
        await register(person)
    await follow_in_channel(karin)
    await both.until(END)
    assert anna.diary == ANNA
    assert bertil.diary == ANNA
    assert ingrid.diary == INGRID
    assert karin.channel_diary == CHANNEL
    assert karin.diary == []


async def test_the_same_check_catches_reminders_that_come_an_hour_late(stage: Stage) -> None:
    late = replace(DAY_BEFORE, at=time(10))
    modell = programme("modellkonceptet")
    await stage.load(replace(modell, reminders=(*modell.reminders, late)))
    anna = await stage.person("anna")
    await register(anna)
    await stage.until(END)
    assert sorted(set(ANNA) - set(anna.diary)) == [entry for entry in ANNA if "I morgon" in entry]


async def test_P4b_registering_late_gives_what_lies_ahead(stage: Stage) -> None:
    anna = await stage.person("anna")
    await stage.until("2027-04-28 10:00")
    await register(anna, "Lärträff 2")
    await stage.until(END)
    assert anna.diary == [entry for entry in MEETING_2 if entry > "2027-04-28"]


async def test_P9_a_pause_leaves_out_what_falls_into_it(stage: Stage) -> None:
    anna = await stage.person("anna")
    await register(anna)
    await stage.until("2027-04-20 10:00")
    await anna.say("pausa till 8 maj")
    anna.sees("Jag pausar till lördag 8 maj 2027")
    anna.diary[:] = [entry for entry in anna.diary if entry < "2027-04-20"]
    await stage.until(END)
    assert anna.diary == [entry for entry in ANNA if not "2027-04-20" < entry < "2027-05-08"]


@pytest.mark.parametrize(
    ("level", "words"), [("Färre: dagen före, och länken", ("I morgon", "börjar")), ("Inga", ("—",))]
)
async def test_P9_fewer_and_none_from_the_reminder_itself(stage: Stage, level: str, words: tuple[str, ...]) -> None:
    anna = await stage.person("anna")
    await register(anna)
    await stage.until("2026-12-10 09:00")
    await anna.press("Pausa")
    await anna.answer({"Hur många?": level})
    anna.diary.clear()
    await stage.until(END)
    later = [entry for entry in ANNA if entry > "2026-12-10"]
    assert anna.diary == [entry for entry in later if any(word in entry for word in words)]


async def test_P9_snoozed_it_comes_once_more_the_next_working_morning_or_in_two_hours(stage: Stage) -> None:
    anna = await stage.person("anna")
    await register(anna)
    await stage.until("2027-10-05 09:30")
    await anna.press("Snooza")
    anna.sees("Jag påminner dig igen onsdag 6 oktober 2027 kl. 09.00")
    await stage.until("2027-10-11 09:30")
    await anna.press("Snooza", near="I morgon: Lärträff 3")
    await stage.until(END)
    reminders = [entry for entry in anna.diary if "Jag påminner dig igen" not in entry]
    assert reminders == sorted(
        [
            *ANNA,
            "2027-10-06 09:00 Förbered dig för Lärträff 3, tisdag 12 oktober 2027",
            "2027-10-11 11:30 I morgon: Lärträff 3",
        ]
    )


async def test_P4_only_those_who_booked_a_meeting_are_asked_to_book_a_room_for_it(stage: Stage) -> None:
    anna = await stage.person("anna")
    await register(anna, "Lärträff 3")
    await stage.until("2027-04-13 12:00")
    anna.has_never_seen("Boka ett rum")


async def test_P4a_a_meeting_moved_after_its_reminders_is_told_once_and_reminded_of_anew(stage: Stage) -> None:
    anna, ingrid = await stage.person("anna"), await stage.person("ingrid")
    await ingrid.say("språk norsk bokmål")
    await register(anna, "Lärträff 2")
    await register(ingrid)
    await stage.until("2027-05-05 10:00")
    for person in (anna, ingrid):
        person.diary.clear()
    await stage.move("modellkonceptet", "lartraff-2", "2027-05-24")  # a Monday, a week after Norway's national day
    await stage.until("2027-05-26 12:00")
    assert anna.diary == [
        "2027-05-05 10:10 Du är anmäld: Modellkonceptet – jämställdhet i styrning och ledning",  # changed in its place
        "2027-05-05 10:10 Det här har ändrats: Lärträff 2",  # halfway there
        "2027-05-05 10:10 Det här har ändrats: Lärträff 2",  # book a room
        "2027-05-05 10:10 Det här har ändrats: Lärträff 2",  # the agenda
        "2027-05-05 10:10 Det här har ändrats: Lärträff 2",  # preparation
        "2027-05-05 10:10 NYTT DATUM: Lärträff 2",
        "2027-05-10 09:00 Lärträff 2: måndag 24 maj 2027",
        "2027-05-17 09:00 Förbered dig för Lärträff 2, måndag 24 maj 2027",
        "2027-05-21 09:00 Snart: Lärträff 2, måndag 24 maj 2027",  # the last working day before
        "2027-05-24 08:45 Lärträff 2 börjar kl. 09.00",
        "2027-05-25 09:00 Tack för att du var med på Lärträff 2",
    ]
    assert ingrid.diary[5:] == [
        "2027-05-05 10:10 NY DATO: Læringssamling 2",
        "2027-05-10 09:00 Læringssamling 2: mandag 24. mai 2027",
        "2027-05-18 09:00 Forbered deg til Læringssamling 2, mandag 24. mai 2027",  # the 17th is hers
        "2027-05-21 09:00 Snart: Læringssamling 2, mandag 24. mai 2027",
        "2027-05-24 08:45 Læringssamling 2 begynner kl. 09.00",
        "2027-05-25 09:00 Takk for at du var med på Læringssamling 2",
    ]
