"""S1: a self-assessment, form by form, that is interrupted in the middle and goes on three weeks later."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from bot.domain.rounds import Mode, Round, boxes
from bot.handlers import rounds
from bot.handlers.visit import Visit
from storage.groups import Groups
from storage.people import People
from storage.rounds import Rounds
from storage.tallies import Tallies
from tests.journeys.people import Participant
from tests.journeys.stage import Stage, moment
from tests.journeys.test_board import actor

ID, PROGRAMME = "skattning", "digibarometer"
FORMS = (
    ("Riktning och ledning: Vi har en gemensam bild av varför vi digitaliserar samhällsbyggnaden.",
     "Vi följer upp om digitaliseringen gör nytta."),
    ("Information och system: Våra geodata är aktuella och går att lita på.", "Våra system hänger ihop."),
)  # fmt: skip
"""Of each form, two of its statements."""


async def begin(stage: Stage, *people: Participant) -> None:
    """Put the statements of the sample to these people, who are all in one box."""
    for person in people:
        await person.say("hjälp")
    await stage.have(lambda connection: _open(stage, connection, people))
    await stage.pass_seconds(10)


def _open(stage: Stage, connection: Connection, people: tuple[Participant, ...]) -> None:
    now = stage.clock.now()
    assert stage._site is not None
    visit = Visit(connection, now, stage._site.surroundings)
    group = Groups(connection, now).found(PROGRAMME, "", "Workshopen")
    for person in people:
        Groups(connection, now).join(group.id, People(connection, now).present(actor(person)) or "")
    programme = visit.programmes[PROGRAMME]
    asked = programme.question_set("sjalvskattning")
    assert asked is not None
    made = boxes(replace(asked, by_role=False), ())
    round = Round(ID, PROGRAMME, asked.title, made, Mode.SEALED, now, set=asked.id, areas=asked.areas, threshold=3,
                  intro=asked.intro, closes_at=moment("2026-12-16 12:00"))  # fmt: skip
    Rounds(connection, now).add(round)
    rounds.open_round(visit, round)


async def rate(person: Participant, chosen: str) -> None:
    """Fill in the open form: the same for every statement in it."""
    shown = [line for line in FORMS[0] if line in person.window] or FORMS[1]
    await person.answer(dict.fromkeys(shown, chosen))


async def test_S1_G3a_a_rating_that_was_interrupted_goes_on_three_weeks_later(stage: Stage) -> None:
    people = [await stage.person(name) for name in ("anna", "bertil", "cecilia")]
    await begin(stage, *people)
    anna, *others = people
    anna.message("Självskattning", "12 påståenden att skatta: Riktning och ledning, Arbetssätt, Information och system")
    await anna.press("Svara", near="12 påståenden att skatta")
    anna.sees("Del 1 av 2.", "1 – Stämmer inte alls", "5 – Stämmer helt", "Vet inte", "aldrig vem")
    await rate(anna, "4")
    anna.sees("Del 2 av 2.", "Det du matar in på ett ställe")
    await stage.restart()
    await stage.at("2026-12-15 09:00")
    await anna.close_if_open()
    await anna.press("Svara", near="12 påståenden att skatta")
    anna.sees("Del 2 av 2.")
    await rate(anna, "2")
    anna.sees("Tack! Ditt svar är förseglat")
    for person in others:
        await person.press("Svara", near="12 påståenden att skatta")
        await rate(person, "5 – Stämmer helt")
        await rate(person, "2")
        person.sees("Tack! Ditt svar är förseglat")
    await stage.at("2026-12-16 12:01")
    found = await stage.have(lambda connection: Tallies(connection).of_round(ID))
    assert found == {
        ("", "riktning"): {4: 1, 5: 2}, ("", "nytta"): {4: 1, 5: 2},
        ("", "att-lita-pa"): {2: 3}, ("", "system"): {2: 3},
    }  # fmt: skip
