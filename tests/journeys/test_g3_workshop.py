"""G3: nine people of one municipality, some in Slack and some in Teams, go through the Digibarometer in two parts."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import Connection, select

from bot.domain.board import Standing
from storage.answers import Answers
from storage.groups import Groups
from storage.people import People
from storage.plans import Plans
from storage.posts import Posts
from storage.tables import workshops as rows
from storage.tallies import Tallies
from storage.workshops import Workshops
from tests.journeys.cast import CAST, Role
from tests.journeys.people import Participant
from tests.journeys.stage import Stage
from tests.journeys.test_board import actor
from tests.journeys.test_s1_rating import rate

PROGRAMME, LUND = "digibarometer", "SE-1281"
NAMES = ("anna", "bertil", "cecilia", "david", "elsa", "filip", "greta", "hugo", "iris")
ROLES = ("politiker", "ledare", "tjansteman")
LEADER = "maria"
PLACE = {name: ROLES[n // 3] for n, name in enumerate(NAMES)}


@pytest.fixture(autouse=True)
def more_people(monkeypatch: pytest.MonkeyPatch) -> None:
    for id in (*NAMES[3:], LEADER):
        role = Role(id, f"{id.title()} Lund", f"{id}@lund.se", "Lunds kommun")
        monkeypatch.setitem(CAST, id, role)


@pytest.fixture
def start() -> str:
    return "2027-02-03 08:00"


async def gather(stage: Stage) -> tuple[Participant, dict[str, Participant]]:
    """Three politicians, three managers and three officers, every other one in Slack; and who leads them."""
    leader = await stage.person(LEADER, "teams")
    people = {name: await stage.person(name, ("slack", "teams")[n % 2]) for n, name in enumerate(NAMES)}
    for person in (leader, *people.values()):
        await person.say("hjälp")

    def settle(connection: Connection) -> None:
        groups, known = Groups(connection, stage.clock.now()), People(connection, stage.clock.now())
        for name, person in people.items():
            role = PLACE[name]
            group = groups.found(PROGRAMME, role, f"{role}, Lund", organisation_key=LUND)
            groups.join(group.id, str(known.present(actor(person))))
        Posts(connection, stage.clock.now()).add_contact(PROGRAMME, LUND, str(known.present(actor(leader))))

    await stage.have(settle)
    return leader, people


async def test_G3_the_whole_digibarometer_in_two_parts(both: Stage) -> None:
    leader, people = await gather(both)
    outsider = await both.person("erik", "slack")
    await outsider.say("hjälp")
    everybody = list(people.values())
    await leader.say("workshop")
    await leader.press("Starta workshopen")
    await leader.answer({"Antal smågrupper": 3, "Minsta antal svar": 3})
    leader.sees("Steg 1 av 10 · Välkomna")
    for person in everybody:
        person.message("Workshopen börjar: Digibarometern", "bara om minst 3 svarar")
    await small_groups_write(both, leader, people)
    await a_rating_that_is_interrupted(both, leader, people)
    await the_groups_and_then_everybody(both, leader, people)
    await ideas_votes_and_a_plan(both, leader, people)
    outsider.has_never_seen("Digibarometern")


async def answers(stage: Stage, step: str) -> Counter[tuple[str, str]]:
    """(question, text) of what stands on the board of a step."""
    about = await round_of(stage, step)
    found = await stage.have(lambda connection: Answers(connection, stage.clock.now()).of_round(about))
    return Counter((one.question, one.text) for one in found if one.standing is Standing.SHOWN)


async def round_of(stage: Stage, step: str) -> str:
    """The round that was opened for a step of the only workshop."""

    def read(connection: Connection) -> str:
        (id,) = connection.execute(select(rows.c.id)).scalars()
        return Workshops(connection, stage.clock.now()).rounds(id)[step]

    return await stage.have(read)


async def on(leader: Participant, title: str) -> None:
    """To the next step, from the leader's own card."""
    await leader.close_if_open()
    await leader.say("workshop")
    await leader.press("Nästa steg")
    leader.sees(title)


async def small_groups_write(stage: Stage, leader: Participant, people: dict[str, Participant]) -> None:
    """SWOT in three groups; whoever writes is asked first which of them is theirs."""
    await on(leader, "Steg 2 av 10 · SWOT i grupper")
    for number, name in enumerate(NAMES[:3], 1):
        await people[name].press("Anteckna", near="SWOT-analys")
        await people[name].press(f"Grupp {number}, Lunds kommun")
        await write(people[name], "Styrkor: vad är vi bra på?", f"Styrka {number}", f"Karta {number}")
    texts = [text for n in (1, 2, 3) for text in (f"Styrka {n}", f"Karta {n}")]
    assert await answers(stage, "swot") == Counter(("styrkor", text) for text in texts)
    await leader.say("workshop")
    shown = leader.screen
    assert all(f"Grupp {n}, Lunds kommun" in shown for n in (1, 2, 3))
    assert shown.count("2 inlägg") == 3


async def write(person: Participant, question: str, *lines: str) -> None:
    await person.answer({question: "\n".join(lines)}, "Skicka")
    await person.close_if_open()


async def a_rating_that_is_interrupted(stage: Stage, leader: Participant, people: dict[str, Participant]) -> None:
    """Everybody fills in the first form; there is a pause of three weeks and a new process; then the second."""
    await on(leader, "Steg 3 av 10 · Självskattning")
    for number, person in enumerate(people.values()):
        await person.press("Svara", near="12 påståenden att skatta")
        await rate(person, str(1 + number % 5))
        await person.close_if_open()
    await leader.press("Pausa")
    leader.sees("Paus. Det som var öppet är fortfarande öppet")
    await stage.restart()
    await stage.at("2027-02-24 09:00")
    await leader.say("workshop")
    await leader.press("Fortsätt")
    for number, person in enumerate(people.values()):
        person.message("Vi fortsätter med Självskattning", "Annars fortsätter du där du slutade")
        await person.press("Svara", near="Vi fortsätter med Självskattning")
        person.sees("Del 2 av 2.")
        await rate(person, str(1 + (number + 2) % 5))
        await person.close_if_open()
    await on(leader, "Steg 4 av 10 · Grupperna enas")
    assert await tallies(stage) == expected_tallies()
    leader.message("Resultat: Självskattning")


def expected_tallies() -> dict[tuple[str, str], dict[int, int]]:
    """Role and statement → rating → people, counted from what each of the nine has chosen."""
    found: dict[tuple[str, str], Counter[int]] = {}
    for number, name in enumerate(NAMES):
        for questions, value in (
            (("riktning", "nytta"), 1 + number % 5),
            (("att-lita-pa", "system"), 1 + (number + 2) % 5),
        ):
            for question in questions:
                found.setdefault((PLACE[name], question), Counter())[value] += 1
    return {key: dict(counts) for key, counts in found.items()}


async def tallies(stage: Stage) -> dict[tuple[str, str], dict[int, int]]:
    about = await round_of(stage, "skattning")
    found = await stage.have(lambda connection: Tallies(connection).of_round(about))
    return {key: dict(counts) for key, counts in found.items()}


async def the_groups_and_then_everybody(stage: Stage, leader: Participant, people: dict[str, Participant]) -> None:
    for name in NAMES[:3]:
        await people[name].press("Anteckna", near="Vår gemensamma skattning")
        await people[name].answer({"Så långt har vi kommit med riktning och ledning.": "3"}, "Skicka")
        await people[name].close_if_open()
    assert await answers(stage, "grupperna") == Counter({("ledning", "3"): 3})
    await on(leader, "Steg 5 av 10 · Alla tillsammans")
    people["iris"].message("Det vi är överens om", "Maria Lund skriver för er alla.")
    await leader.press("Anteckna")
    await write(leader, "Vad är vi överens om att vi är bra på?", "Vi hjälps åt")
    assert await answers(stage, "helgruppen") == Counter({("bra", "Vi hjälps åt"): 1})


async def ideas_votes_and_a_plan(stage: Stage, leader: Participant, people: dict[str, Participant]) -> None:
    await on(leader, "Steg 6 av 10 · Paus mellan delarna")
    await on(leader, "Steg 7 av 10 · Omvärldsspaning")
    await on(leader, "Steg 8 av 10 · Förslag på aktiviteter")
    for number, name in enumerate(NAMES[:3], 1):
        await people[name].press("Anteckna", near="Förslag på aktiviteter")
        await write(people[name], "Vad kan ni göra för att komma vidare?", f"Idé {number}")
    await on(leader, "Steg 9 av 10 · Vi väljer tillsammans")
    for number, person in enumerate(people.values()):
        await person.press("Rösta", near="Vi väljer tillsammans")
        for idea in {1, 1 + number % 3}:  # everybody for the first, and a third of them for each of the others
            await person.press("Rösta på det här", near=f"Idé {idea}")
    await on(leader, "Steg 10 av 10 · Plan")
    await leader.press("Det här vill flest börja med")
    leader.sees("9 röster", "3 röster")
    await leader.press("Till planen", near="Idé 1")
    plans = await stage.have(lambda connection: Plans(connection, stage.clock.now()).of_programme(PROGRAMME))
    assert [(row.organisation_key, row.what) for row in plans] == [(LUND, "Idé 1")]
