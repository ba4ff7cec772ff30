"""A workshop under way, with what people wrote and who they are, and somebody who coaches it from elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection

from bot.domain.rounds import Box, Mode, Question, QuestionSet, State
from bot.domain.rules import NOTHING
from bot.domain.workshops import Script, Step, Workshop, begun
from bot.handlers.events import Reply
from storage.answers import Answers, NewAnswer
from storage.coaches import Coaches
from storage.posts import Posts
from storage.rounds import Rounds
from storage.tallies import Tallies
from storage.workshops import Workshops
from tests.flows.samples import HABO, LUND, NOW, words
from tests.handlers.rated import COMMENT, STATEMENTS, rated
from tests.handlers.test_appointing import code_in
from tests.handlers.town import Person, Town, open_town
from tests.handlers.workshop import MODEL, group, open_round, person_id

SET = QuestionSet(
    "swot", words("SWOT"), (Question("styrka", words("Vad är ni bra på?")),), words("Tänk på er vardag."), by_role=False
)
SCRIPT = Script(
    "dag",
    words("Er workshop"),
    (
        Step("hej", words("Välkomna"), 15, words("Hälsa på varandra.")),
        Step("swot", words("SWOT i grupp"), 30, words("Dela upp er tre och tre."), set=SET.id),
        Step("skatta", words("Självskattning"), 20, words("Svara var och en för sig."), set="skatta"),
        Step("plan", words("Er plan"), say=words("Välj tre saker."), plan_of="swot"),
    ),
    words("En dag tillsammans."),
)
PROGRAMME = replace(MODEL, role_groups=(), question_sets=(SET,), workshops=(SCRIPT,))

WRITTEN, SEALED_WORDS, GROUP = "Vi är snälla CANARY", "Chefen lyssnar inte CANARY", "Annas CANARY-grupp"
MEMBER = "anna"


@dataclass
class Coached:
    """The town, and the workshops of the whole programme, of Lund and of Habo, all at their second step."""

    town: Town
    admin: Person
    cleo: Person  # the contact of Lund
    coach: Person  # in another tenant; coaches nothing yet
    group: str
    post: str

    async def appoint(self, by: Person | None = None, workshop: str = "whole") -> Reply:
        code = code_in(await (by or self.admin).press("invite_coach", workshop))
        return await self.coach.say(f"link {code}")

    async def id(self, person: Person) -> str:
        return await person_id(self.town, person)

    async def move(self, by: int, id: str = "whole") -> None:
        def move(connection: Connection) -> None:
            store = Workshops(connection, self.town.clock.now())
            was = store.get(id)
            assert was is not None
            assert store.save(was.moved(by, self.town.clock.now()), was=was)

        await self.town.work.run(move)

    async def posts(self) -> list[tuple[str, str]]:
        """(organisation key, person) of everybody who coaches."""
        return list(await self.town.read(lambda c: Coaches(c, NOW).of_programme(PROGRAMME.id)))


@asynccontextmanager
async def coached(url: str) -> AsyncIterator[Coached]:
    async with open_town(url, PROGRAMME) as town:
        admin, cleo, coach = town.person("admin"), town.person("cleo"), town.person("ester", "teams", "T9")
        for person in (admin, cleo, coach):
            await person.open_home()
        grouped = await group(town, "", GROUP, town.person(MEMBER), programme=PROGRAMME.id)
        await open_round(town, "r1", SET, programme=PROGRAMME)
        contact = await person_id(town, cleo)
        post = await town.work.run(lambda connection: _fill(connection, contact, grouped))
        yield Coached(town, admin, cleo, coach, grouped, post)


def _fill(connection: Connection, contact: str, group: str) -> str:
    Posts(connection, NOW).add_contact(PROGRAMME.id, LUND.key, contact)
    (post,) = Answers(connection, NOW).add("r1", [NewAnswer("", "styrka", WRITTEN, group)])
    _rate(connection)
    for id, organisation in (("whole", ""), ("lund", LUND.key), ("habo", HABO.key)):
        new = Workshop(id, PROGRAMME.id, SCRIPT, contact, NOW, organisation)
        there = begun(new, NOW)
        store = Workshops(connection, NOW)
        store.add(there)
        assert store.save(there.moved(1, NOW), was=there)
    Workshops(connection, NOW).add_round("whole", "swot", "r1")
    Workshops(connection, NOW).add_round("whole", "skatta", "sealed")
    return post


def _rate(connection: Connection) -> None:
    """A self-assessment that has closed: one statement by enough people, and one by too few."""
    about = rated(
        "sealed",
        boxes=(Box("", NOTHING, (*STATEMENTS[:2], COMMENT)),),
        programme=PROGRAMME.id,
        title=words("Självskattning"),
        opens_at=NOW - timedelta(hours=1),
        state=State.OPEN,
        mode=Mode.SEALED,
        threshold=5,
    )
    Rounds(connection, NOW).add(about)
    Rounds(connection, NOW).enter("sealed", State.CLOSED, from_states=(State.OPEN,))
    Tallies(connection).put("sealed", "", "q0", {2: 3, 4: 3})
    Answers(connection, NOW).add("sealed", [NewAnswer("", COMMENT.id, SEALED_WORDS)])
