"""Rounds of two programmes that know nothing of each other, walked through at random; and who may see what of them.

A canary says what it is, in which programme and organisation, and whose. Who may see it is told from the canary alone,
and from what has been released and who has ever shared a group as plain rows say it: never from the code under test.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from bot.domain.programmes import Programme
from bot.domain.rounds import QuestionSet, Round, boxes
from bot.handlers.events import Reply
from bot.handlers.rounds import open_round
from bot.handlers.visit import Visit
from bot.ports import Address, Surface
from storage.bindings import Bindings
from storage.groups import Groups
from storage.posts import Posts
from storage.rounds import Rounds
from storage.tables import (
    actors,
    answers,
    members,
    metadata,
    workshop_rounds,
    workshops,
)
from tests.handlers.linked import CODE
from tests.handlers.round_walkers import (
    ENOUGH,
    KEYS,
    PROGRAMMES,
    SCRIPT,
    Canary,
    Coordinator,
    ForeignError,
    Member,
    canaries,
    channels,
)
from tests.handlers.town import Town, buttons, text


def _workshop_of(connection: Connection, programme: str, organisation: str) -> tuple[str, str]:
    """An organisation's workshop and the first round in it; nothing where it has not begun."""
    mine = (workshops.c.programme == programme) & (workshops.c.organisation_key == organisation)
    joined = workshops.join(workshop_rounds, workshop_rounds.c.workshop == workshops.c.id)
    row = connection.execute(select(workshops.c.id, workshop_rounds.c.round).select_from(joined).where(mine)).first()
    return (row.id, row.round) if row is not None else ("", "")


@dataclass
class Walk:
    """A town with two programmes, those who walk in it, and what has been looked at."""

    town: Town
    chance: random.Random
    seen: dict[str, tuple[int, int]] = field(default_factory=dict)
    met: dict[str, set[str]] = field(default_factory=dict)  # group → users who have ever belonged to it
    released: frozenset[str] = frozenset()  # programmes whose sealed answers have been published

    def __post_init__(self) -> None:
        self.members = [Member(self.town, number, self.chance) for number in range(8)]
        self.coordinator = Coordinator(self.town, self.chance)
        self.homes = {one.person.actor.user: one for one in (*self.members, self.coordinator)}

    async def begin(self) -> None:
        """Everybody takes part, the questions are asked, and many answer at once."""
        await self.coordinator.person.open_home()
        for at in PROGRAMMES:
            await self.town.work.run(partial(self._furnish, at=at))
        for one in self.members:
            await one.enter()
        for at in PROGRAMMES:
            await self.town.work.run(partial(self._ask, at=at))
        for one in self.members:
            await one.write()
        for leader in self.members[:4]:  # one of each organisation in each programme
            await self._begin_workshop(leader)

    async def _begin_workshop(self, leader: Member) -> None:
        """The contact of an organisation begins its workshop, and has people write; most often somebody coaches it."""
        await self.town.work.run(partial(self._appoint, leader=leader))
        await leader.finish(await leader.person.press("begin_workshop", f"{leader.programme.id} {SCRIPT.id}"))
        found = partial(_workshop_of, programme=leader.programme.id, organisation=KEYS[leader.organisation])
        workshop, round = await self.town.work.run(found)
        if not workshop or self.chance.random() < 0.2:
            return
        for one in (leader, self.members[leader.number + 4]):
            await one.finish(await one.person.press("note", round))
        others = [one for one in self.members if one.at == leader.at and one.organisation != leader.organisation]
        coach, invited = self.chance.choice(others), await leader.person.press("invite_coach", workshop)
        code = CODE.search(text(invited.view))
        if code is not None:
            self.met[f"coach of {workshop}"] = {coach.person.actor.user, leader.person.actor.user}
            await self.look(coach, await coach.person.say(f"link {code[1]}"))

    def _appoint(self, connection: Connection, leader: Member) -> None:
        visit = Visit(connection, self.town.clock.now(), self.town.surroundings)
        id = str(visit.people.present(leader.person.actor))
        Posts(connection, visit.now).add_contact(leader.programme.id, KEYS[leader.organisation], id)

    def _furnish(self, connection: Connection, at: str) -> None:
        visit = Visit(connection, self.town.clock.now(), self.town.surroundings)
        there, (follows, talks) = PROGRAMMES[at], channels(at)
        store, admin = Groups(connection, visit.now), str(visit.people.present(self.coordinator.person.actor))
        named = [store.found(there.id, role.id, f"{role.id} {Canary('koor', at)}") for role in there.role_groups]
        for channel in (follows, talks):
            visit.people.remember_channel(channel)
        store.talk_in(named[0].id, talks)
        Bindings(connection, visit.now).bind(follows, there.id, admin, name="alla")

    def _ask(self, connection: Connection, at: str) -> None:
        visit = Visit(connection, self.town.clock.now(), self.town.surroundings)
        for asked, id in zip(PROGRAMMES[at].question_sets, ("notes", "sealed"), strict=False):
            self._put(visit, PROGRAMMES[at], asked, f"{id}-{at}")

    def _put(self, visit: Visit, there: Programme, asked: QuestionSet, id: str) -> None:
        new = Round(
            id, there.id, asked.title, boxes(asked, [role.words for role in there.role_groups]), asked.mode, visit.now,
            set=asked.id, threshold=ENOUGH, signed=self.chance.random() < 0.5, moderated=self.chance.random() < 0.2,
            votes=asked.votes,
        )  # fmt: skip
        Rounds(visit.connection, visit.now).add(new)
        open_round(visit, new)

    async def close(self) -> None:
        """The coordinator ends what there is, most often."""
        for at in PROGRAMMES:
            for id in ("notes", "sealed"):
                if self.chance.random() < 0.8:
                    reply = await self.coordinator.person.press("confirm_close_round", f"{id}-{at}")
                    await self.look(self.coordinator, reply)
            await self._help(at)

    async def _help(self, at: str) -> None:
        """The coordinator answers whoever has asked for help, most often."""
        shown = await self.coordinator.person.press("needs", f"notes-{at}")
        ways = [one.action for one in buttons(shown.view) if one.action] if shown.view is not None else []
        for way in ways:
            if way.do == "answer_needs" and self.chance.random() < 0.8:
                await self.coordinator.finish(await self.coordinator.person.press(way.do, way.about))
                return

    async def step(self) -> None:
        walker = self.chance.choice([*self.members, *self.members, self.coordinator, self.coordinator])
        await self.look(walker, await walker.act(self.town))

    async def look(self, walker: Member, reply: Reply) -> None:
        """What must hold after every step."""
        assert "went wrong" not in repr(reply.view), reply.view
        await self._take_note()
        self.judge(walker, repr(reply.view), "reply", own_seal=True)
        await self.town.deliver()
        for post in self.town.posts.values():
            sent, updated = self.seen.get(post.name, (0, 0))
            for one in post.sent[sent:]:
                self._judge_message(one.address, repr(one.view))
            for reference, view in post.updated[updated:]:
                self._judge_message(post.sent[int(reference.removeprefix("ref-")) - 1].address, repr(view))
            self.seen[post.name] = (len(post.sent), len(post.updated))

    def _judge_message(self, address: Address, said: str) -> None:
        if address.surface is Surface.CHANNEL:
            allowed = {"note", "koor", "seal", *({"namn"} if address.conversation.startswith("grupp") else ())}
            self.judge_page(address.conversation[-1], allowed, said, address.conversation)
        else:
            self.judge(self.homes[address.conversation], said, "message")

    async def _take_note(self) -> None:
        """Who has shared a group, and what has been published, as the rows have it."""

        def read(connection: Connection) -> tuple[Any, Any]:
            belongs = select(members.c.group, actors.c.user).join(actors, actors.c.person == members.c.person)
            poured = select(answers.c.round).where(answers.c.round.like("sealed-%")).distinct()
            return connection.execute(belongs).all(), connection.execute(poured).scalars().all()

        belongs, poured = await self.town.work.run(read)
        for group, user in belongs:
            self.met.setdefault(group, set()).add(user)
        self.released |= {id[-1] for id in poured}

    # Who may see what

    def judge(self, reader: Member, said: str, where: str, *, own_seal: bool = False) -> None:
        wrong = [str(one) for one in canaries(said) if not self._may(reader, one, own_seal=own_seal)]
        if wrong:
            raise ForeignError(f"{reader.person.actor} sees {wrong} in a {where}: {said}")

    def _may(self, reader: Member, one: Canary, *, own_seal: bool) -> bool:
        if one.kind == "seal" and one.programme not in self.released:
            return own_seal and reader is not self.coordinator and one.number == reader.number
        if reader is self.coordinator:
            return True
        if one.programme != reader.at:
            return False
        if one.kind == "namn" and self._have_met(one, reader):
            return True
        return one.kind in ("note", "koor", "seal") or one.organisation == reader.organisation

    def _have_met(self, one: Canary, reader: Member) -> bool:
        pair = {str(one), reader.person.actor.user}
        return any(pair <= together for together in self.met.values())

    def judge_page(self, at: str, kinds: Iterable[str], said: str, where: str, organisation: int | None = None) -> None:
        """Only canaries of a programme, of these kinds; what is an organisation's own, only of that one."""
        wrong = [
            str(one)
            for one in canaries(said)
            if one.programme != at
            or one.kind not in kinds
            or (one.kind == "seal" and at not in self.released)
            or (organisation is not None and one.kind in ("namn", "plan", "verk") and one.organisation != organisation)
        ]
        if wrong:
            raise ForeignError(f"{where} shows {wrong}: {said}")

    async def judge_database(self) -> None:
        """As long as an urn is closed, nothing that lies in it can be read anywhere else either."""
        written = canaries(repr(await self.town.contents(*metadata.sorted_tables)))
        if wrong := [str(one) for one in written if one.kind == "seal" and one.programme not in self.released]:
            raise ForeignError(f"the database shows {wrong}")
        for at in self.released:
            people = {one.number for one in written if (one.kind, one.programme) == ("seal", at)}
            if len(people) < ENOUGH:
                raise ForeignError(f"answers of {len(people)} people of {at} were published")
