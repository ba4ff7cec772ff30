"""Rounds of two programmes that know nothing of each other, walked through at random; and who may see what of them.

A canary says what it is, in which programme and organisation, and whose. Who may see it is told from the canary alone,
and from what has been released and who has ever shared a group as plain rows say it: never from the code under test.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from bot.domain.programmes import Programme
from bot.domain.rounds import Mode, Question, QuestionSet, Round, boxes
from bot.flows import plan_cards, sealing
from bot.handlers.events import Reply
from bot.handlers.rounds import open_round
from bot.handlers.visit import Visit
from bot.messages import Field, Form, View
from bot.ports import Address, Surface
from storage.bindings import Bindings
from storage.groups import Groups
from storage.rounds import Rounds
from storage.tables import actors, answers, groups, links, members, metadata, people, plan_rows, rounds, seats
from tests.fixtures.seed_board import KICK_OFF, ROLE_GROUPS
from tests.flows.samples import FREE, HABO, LUND, words
from tests.handlers.town import Person, Town, buttons
from tests.handlers.walkers import ORGANISATIONS, PLACES, Walker

CANARY = re.compile(r"(namn|note|seal|plan|uppg|koor)([ab])([01])x(\d)z")
TYPED = ("svara", "anteckna", "plan", "grupp", "mina anmälningar", "program", "hjälp", "min data", "läget", "b", "")
KEYS = (LUND.key, HABO.key)
_PERSONAL = "Ring 070-123 45 67"  # which the guard holds back
_FOR_COORDINATORS = (
    "moderate", "needs", "answer_needs", "plan_matrix", "documents", "board_link", "round", "groups", "ask",
    "new_group", "group_here", "nudge_groups", "closing_time", "stored", "board", "posts",
)  # fmt: skip
_ENOUGH = 3  # people, before anything sealed is published
_REGISTERS = frozenset({"register", "use", "join"})  # by which one comes to take part, as one may


@dataclass(frozen=True)
class Canary:
    """What it is, where it belongs and who wrote it."""

    kind: str
    programme: str
    organisation: int = 0
    number: int = 0

    def __str__(self) -> str:
        return f"{self.kind}{self.programme}{self.organisation}x{self.number}z"


def canaries(said: str) -> set[Canary]:
    """All that are in a text, however it is written."""
    return {Canary(kind, p, int(o), int(n)) for kind, p, o, n in CANARY.findall(said.casefold())}


def programme(id: str) -> Programme:
    """A programme whose title everybody may read, and whose questions nobody else."""
    mark = Canary("koor", id)
    asked = tuple(replace(one, text=words(f"{mark} {one.id}?"), variants={}) for one in KICK_OFF.questions)
    notes = replace(KICK_OFF, title=words(f"Uppstart {mark}"), questions=asked, votes=2)
    sealed = QuestionSet(
        "egentligen", words(f"Egentligen {mark}"), (Question("hur", words(f"Hur går det {mark}?")),), mode=Mode.SEALED,
        by_role=False,
    )  # fmt: skip
    return replace(
        FREE,
        id=f"program-{id}",
        title=words(f"Program {id.upper()}"),
        role_groups=ROLE_GROUPS,
        question_sets=(notes, sealed),
    )


PROGRAMMES = {id: programme(id) for id in "ab"}


class ForeignError(AssertionError):
    """Somebody sees what is not for them."""


# --- Those who walk ---------------------------------------------------------------------------------------------------


class Member(Walker):
    """Somebody who takes part in one of the programmes, for one of two organisations."""

    typed = TYPED

    def __init__(self, town: Town, number: int, chance: random.Random) -> None:
        self.at = "ab"[number % 2]
        self.organisation = number // 2 % 2
        self.number = number
        self.programme = PROGRAMMES[self.at]
        self.programmes = (self.programme,)
        self.person: Person = town.person(self.canary("namn"), *PLACES[(number + number // 4) % len(PLACES)])
        self.chance = chance
        self.form: Form | None = None
        self.shown: View | None = None
        self.channels = tuple(channels(self.at))

    def canary(self, kind: str) -> str:  # type: ignore[override]
        return str(Canary(kind, self.at, self.organisation, self.number))

    async def enter(self) -> None:
        """Take part, in some role."""
        mine = {"organisation": ORGANISATIONS[self.organisation], "needs": self.canary("uppg")}
        await self.person.register(self.programme.id, **mine)
        await self._press("join_role", f"{self.programme.id} {self.chance.choice(ROLE_GROUPS).id}")

    async def write(self) -> None:
        """Most often write something of everything."""
        plan = plan_cards.about(self.programme.id, KEYS[self.organisation])
        for do, about in (("seal", f"sealed-{self.at}"), ("note", f"notes-{self.at}"), ("plan_row", plan)):
            if self.chance.random() < 0.7:
                await self.finish(await self._press(do, about))

    async def finish(self, reply: Reply) -> None:
        """Fill in a form and those that follow, most often to the end."""
        while isinstance(reply.view, Form) and self.chance.random() < 0.9:
            reply = await self.person.submit(reply.view, dict(self._answers(reply.view)))

    async def _begin(self, town: Town) -> Reply:
        """What people come for; every third time with somebody else's things."""
        own = self.chance.random() < 0.7
        at = self.at if own else self.chance.choice("ab")
        organisation = self.organisation if own else 1 - self.organisation
        round, sealed, there = f"notes-{at}", f"sealed-{at}", PROGRAMMES[at].id
        plan, id = plan_cards.about(there, KEYS[organisation]), await anything(town, self.chance)
        return await self._press(
            *self.chance.choice(
                [
                    ("note", round), ("seal", sealed), ("plan", plan), ("plan_row", plan), ("answer", round),
                    ("board", round), ("board", sealed), ("expected", round), ("stored", sealed), ("vote", round),
                    ("my_data", ""), ("my_group", there), ("join_role", f"{there} chefer"), ("mine", ""),
                    ("register", there), ("timeline", there), ("our_posts", f"{round} {id}"), ("edit_post", id),
                    ("move_post", id), ("remove_post", id), ("take_on", f"{id} chefer"), ("plan_update", id),
                    ("say_to_expectation", f"{id} chefer"), ("join_group", id), ("take_notes_over", f"{round} {id}"),
                ]
            )
        )  # fmt: skip

    async def _press(self, do: str, about: str) -> Reply:
        if do in _REGISTERS and about != self.programme.id:
            do = "programmes"  # whoever registers elsewhere may see what is there
        where = self.chance.choice(self.channels) if self.chance.random() < 0.1 else None
        return await self.person.press(do, about, came_from=where)

    def _written(self, form: Form, field: Field) -> str:
        known = {
            "name": self.canary("namn"), "colleague": self.canary("namn"), "owner": "", "what": self.canary("plan"),
            "who": self.canary("plan"), "deputy": self.canary("plan"), "remark": self.canary("plan"), "day": "",
            "organisation": ORGANISATIONS[self.organisation],
        }  # fmt: skip
        if field.name in known:
            return known[field.name]
        if getattr(field, "email", False):
            return f"{self.canary('uppg')}@example.org"
        if sealing.read_token(form.token) is not None:
            return self._lines("seal")
        if field.name.startswith("text"):
            return self._lines("note")
        return self.canary("uppg")

    def _lines(self, kind: str) -> str:
        more = _PERSONAL if self.chance.random() < 0.15 else f"och mer {self.chance.randrange(100)}"
        return f"{self.canary(kind)} {self.chance.randrange(100)}\n{self.canary(kind)} {more}"

    async def _anything(self, town: Town) -> str:
        return await anything(town, self.chance)


class Coordinator(Member):
    """Whoever coordinates both programmes, and keeps them apart."""

    def __init__(self, town: Town, chance: random.Random) -> None:
        super().__init__(town, 0, chance)
        self.person = town.person("admin")

    async def _begin(self, town: Town) -> Reply:
        at = self.chance.choice("ab")
        about = self.chance.choice([f"notes-{at}", f"sealed-{at}", PROGRAMMES[at].id, ""])
        return await self._press(self.chance.choice(_FOR_COORDINATORS), about)

    async def _press(self, do: str, about: str) -> Reply:
        at = self.chance.choice("ab")
        where = self.chance.choice(tuple(channels(at))) if about and f"-{at}" in about else None
        return await self.person.press(do, about, came_from=where if self.chance.random() < 0.2 else None)

    def _written(self, form: Form, field: Field) -> str:
        """Words for the programme that the form is about; nothing of anybody's where that cannot be told."""
        there = {found.programme for found in canaries(repr(form))} | {
            at for at in PROGRAMMES if PROGRAMMES[at].title.wordings["sv"] in repr(form)
        }
        if field.name in ("organisation", "opens_day", "closes_day", "opens_at", "closes_at"):
            return ""
        return f"{Canary('koor', there.pop())} {field.name}" if len(there) == 1 else "Utan ort"


async def anything(town: Town, chance: random.Random) -> str:
    """Any id there is, or several, most often not theirs to touch."""
    tables = (rounds, groups, answers, plan_rows, people, links, seats)

    def read(connection: Connection) -> list[str]:
        return [str(id) for table in tables for id in sorted(connection.execute(select(table.c.id)).scalars())]

    ids = [*(await town.work.run(read)), *(one.id for one in PROGRAMMES.values()), "chefer", "stod"]
    return " ".join(chance.choice(ids) for _ in range(chance.choice((1, 1, 2, 3))))


# --- Where they walk --------------------------------------------------------------------------------------------------


def channels(at: str) -> Iterator[Address]:
    """One that follows the programme, and one that a group of it talks in."""
    for name in ("alla", "grupp"):
        yield Address("slack", "S1", f"{name}-{at}", Surface.CHANNEL, {"name": name})


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
        for asked, id in zip(PROGRAMMES[at].question_sets, ("notes", "sealed"), strict=True):
            self._put(visit, PROGRAMMES[at], asked, f"{id}-{at}")

    def _put(self, visit: Visit, there: Programme, asked: QuestionSet, id: str) -> None:
        new = Round(
            id, there.id, asked.title, boxes(asked, [role.words for role in there.role_groups]), asked.mode, visit.now,
            set=asked.id, threshold=_ENOUGH, signed=self.chance.random() < 0.5, moderated=self.chance.random() < 0.2,
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
            or (organisation is not None and one.kind in ("namn", "plan") and one.organisation != organisation)
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
            if len(people) < _ENOUGH:
                raise ForeignError(f"answers of {len(people)} people of {at} were published")
