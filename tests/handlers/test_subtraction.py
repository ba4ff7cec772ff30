"""Nobody learns what a few people have rated by subtracting one result from another, whatever they know besides.

The adversary knows who has answered in which round and that everybody answers the same each time. What adds up from the
results that are known, each taken once, forwards or backwards, tells of a set of people: never of fewer than it takes.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field, replace
from itertools import product

import pytest
from sqlalchemy import Connection

from bot.domain.refusals import Refusal
from bot.domain.workshops import Workshop
from bot.handlers import rounds, stepping, subtracting, urns, workshops
from bot.handlers.visit import Visit
from storage.groups import Groups
from storage.rounds import Rounds
from storage.tallies import Tallies
from storage.workshops import Workshops
from tests.flows.samples import HABO, LUND
from tests.handlers.linked import owner
from tests.handlers.town import Person
from tests.handlers.workshop_town import PROGRAMME, SCRIPT, Day, lund, rate

ENOUGH = 3
AT = next(number for number, step in enumerate(SCRIPT.steps) if step.id == "skattning")


def fewest(known: Collection[frozenset[str]]) -> int:
    """Of how few people somebody learns something from results of these sets of people; 99 where nothing is known."""
    found = [99]
    for signs in product((-1, 0, 1), repeat=len(known)):
        added: Counter[str] = Counter()
        for sign, people in zip(signs, known, strict=True):
            added.update(dict.fromkeys(people, sign) if sign > 0 else {})
            added.subtract(dict.fromkeys(people, 1) if sign < 0 else {})
        found.append(sum(count != 0 for count in added.values()) or 99)
    return min(found)


def test_the_adversary_can_subtract() -> None:
    six, habo = frozenset("abcdef"), frozenset("gh")
    assert fewest([]) == 99
    assert fewest([six]) == 6
    assert fewest([six, six]) == 6
    assert fewest([six, six - {"a"}]) == 1
    assert fewest([six | habo, six]) == 2
    assert fewest([six | habo | {"x"}, six, habo]) == 1
    assert fewest([six, habo]) == 2


@dataclass
class Boss:
    """Somebody who may begin every workshop, as often as they like, and reads every result."""

    day: Day
    people: dict[str, Person]  # person id → who
    known: list[frozenset[str]] = field(default_factory=list)
    workshops: dict[str, Workshop] = field(default_factory=dict)

    async def asks(self, organisation: str, *, again: bool = False, answer: Collection[str] | None = None) -> str:
        """Ask in a workshop, let these people answer and close; why it cannot be asked, or nothing."""
        try:
            round = await self.day.town.work.run(lambda c: self._ask(c, organisation, again=again))
        except Refusal as refused:
            return str(refused.reason)
        able = await self.day.town.read(lambda c: self._able(c, organisation))
        some = able if answer is None else able & frozenset(answer)
        for id in sorted(some):
            await rate(self.people[id], round)
        if await self.day.town.work.run(lambda c: self._close(c, round)):
            self.known.append(some)
        return ""

    def _visit(self, connection: Connection) -> Visit:
        return Visit(connection, self.day.town.clock.now(), self.day.town.surroundings)

    def _ask(self, connection: Connection, organisation: str, *, again: bool) -> str:
        visit, script = self._visit(connection), replace(SCRIPT, threshold=ENOUGH)
        if not again or organisation not in self.workshops:
            new = Workshop(uuid.uuid4().hex, PROGRAMME.id, script, min(self.people), visit.now, organisation, at=AT)
            Workshops(connection, visit.now).add(new)
            self.workshops[organisation] = new
        stepping.ask(visit, self.workshops[organisation], min(self.people))
        asked = stepping.latest(visit, self.workshops[organisation], "skattning")
        assert asked is not None
        return asked.id

    def _able(self, connection: Connection, organisation: str) -> frozenset[str]:
        found = workshops.everybody(self.workshops[organisation])
        return urns.answering(self._visit(connection), found, found.boxes[0])

    def _close(self, connection: Connection, round: str) -> bool:
        visit = self._visit(connection)
        found = Rounds(connection, visit.now).locked(round)
        assert found is not None
        rounds.close_round(visit, found)
        return bool(Tallies(connection).of_round(round))

    async def sends_away(self, id: str) -> None:
        def leave(connection: Connection) -> None:
            store = Groups(connection, self.day.town.clock.now())
            for group in store.of_person(PROGRAMME.id, id):
                store.leave(group.id, id)

        await self.day.town.work.run(leave)


@pytest.fixture
async def boss(sqlite_url: str) -> AsyncIterator[Boss]:
    """Six people of Lund and one of Habo."""
    async with lund(sqlite_url) as day:
        yield Boss(day, {await owner(day.town, one): one for one in (*day.people, day.other)})


async def of_habo(boss: Boss, *names: str) -> None:
    """These take part for Habo, too."""
    for name in names:
        person = boss.day.town.person(name)
        await person.register(PROGRAMME.id, organisation=HABO.name)
        boss.people[await owner(boss.day.town, person)] = person


async def asked_anew_without_one(boss: Boss) -> None:
    await boss.asks(LUND.key)
    await boss.sends_away(await owner(boss.day.town, boss.day.people[0]))
    boss.day.town.clock.move(minutes=5)
    for again in (True, False):
        await boss.asks(LUND.key, again=again)


async def one_organisation_and_all(boss: Boss) -> None:
    await boss.asks(LUND.key)
    await boss.asks("")


async def all_and_one_organisation(boss: Boss) -> None:
    await boss.asks("")
    await boss.asks(LUND.key)


async def all_and_every_organisation_but_one_person(boss: Boss) -> None:
    await of_habo(boss, "h1", "h2")
    stray = boss.day.town.person("stray")
    await stray.register(PROGRAMME.id, organisation="Bamble")
    boss.people[await owner(boss.day.town, stray)] = stray
    for organisation in ("", LUND.key, HABO.key):
        await boss.asks(organisation)


WAYS = (
    asked_anew_without_one,
    one_organisation_and_all,
    all_and_one_organisation,
    all_and_every_organisation_but_one_person,
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_C3c_no_two_results_tell_of_fewer_people_than_it_takes(boss: Boss, way: object) -> None:
    await way(boss)  # type: ignore[operator]
    assert boss.known
    assert fewest(boss.known) >= ENOUGH, boss.known


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_control_asked_as_often_as_one_likes_they_do(
    boss: Boss, way: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subtracting, "still_to_ask", lambda _visit, _workshop, about: about.boxes)
    await way(boss)  # type: ignore[operator]
    assert fewest(boss.known) == 1


async def test_what_was_withheld_may_be_asked_again(boss: Boss) -> None:
    await boss.asks(LUND.key, answer=sorted(boss.people)[:1])
    assert boss.known == []
    boss.day.town.clock.move(minutes=5)
    assert await boss.asks(LUND.key, again=True) == ""
    assert len(boss.known) == 1


async def test_after_a_week_the_same_people_are_asked_anew(boss: Boss) -> None:
    await boss.asks(LUND.key)
    assert "less than a week ago" in await boss.asks(LUND.key)
    boss.day.town.clock.move(days=8)
    assert await boss.asks(LUND.key) == ""


async def test_two_organisations_do_not_stand_in_each_others_way(boss: Boss) -> None:
    await of_habo(boss, "h1", "h2")
    assert (await boss.asks(LUND.key), await boss.asks(HABO.key), await boss.asks("")) == ("", "", "")
    assert fewest(boss.known) >= ENOUGH
