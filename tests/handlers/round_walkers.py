"""Those who walk through rounds of two programmes, what they write and press; a canary says what it is and whose."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from bot.domain.programmes import Programme
from bot.domain.rounds import Mode, Question, QuestionSet, Scale
from bot.domain.workshops import Script, Step
from bot.flows import plan_cards, sealing
from bot.flows.beginning import WHOLE
from bot.handlers.events import Reply
from bot.messages import Answer, ChoiceField, Field, Form, View
from bot.ports import Address, Surface
from storage.tables import (
    answers,
    groups,
    held_replies,
    links,
    misses,
    people,
    plan_rows,
    rounds,
    seats,
    workshop_rounds,
    workshops,
)
from tests.fixtures.seed_board import KICK_OFF, ROLE_GROUPS
from tests.flows.samples import FREE, HABO, LUND, words
from tests.handlers.town import Person, Town
from tests.handlers.walkers import ORGANISATIONS, PLACES, Walker

CANARY = re.compile(r"(namn|note|seal|plan|uppg|koor|verk)([ab])([01])x(\d)z")
TYPED = (
    "svara",
    "anteckna",
    "plan",
    "grupp",
    "workshop",
    "mina anmälningar",
    "program",
    "hjälp",
    "min data",
    "läget",
    "b",
    "",
)
KEYS = (LUND.key, HABO.key)
_PERSONAL = "Ring 070-123 45 67"  # which the guard holds back
_FOR_COORDINATORS = (
    "moderate", "needs", "answer_needs", "plan_matrix", "documents", "board_link", "round", "groups", "ask",
    "new_group", "group_here", "nudge_groups", "closing_time", "stored", "board", "posts", "new_material",
    "own_reminders", "own_reminder", "misses", "hand_over_miss", "begin_workshop", "workshop", "proposals",
)  # fmt: skip
ENOUGH = 3  # people, before anything sealed is published
_LED = (
    *("workshop_card", "workshop_script", "workshop_next", "workshop_next", "workshop_skip", "workshop_back"),
    *("workshop_pause", "workshop_resume", "workshop_longer", "workshop_again", "workshop_end", "invite_coach"),
)
_IN_WORKSHOPS = 0.4  # of what people come for
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
        question_sets=(notes, sealed, *_in_workshops(mark)),
        workshops=(SCRIPT,),
    )


def _in_workshops(mark: Canary) -> tuple[QuestionSet, ...]:
    """What is only asked in workshops of one organisation, where it stays."""
    asked = (Question("gor", words(f"Vad gör vi {mark}?")),)
    rated = (Question("mal", words("Vi har mål."), scale=Scale(low=words("Nej"), high=words("Ja"))),)
    return (
        QuestionSet("verkstad", words(f"Verkstad {mark}"), asked, by_role=False, votes=2),
        QuestionSet("verkstad-skatta", words("Skattning"), rated, mode=Mode.SEALED, by_role=False),
        QuestionSet("verkstad-alla", words(f"Verkstad för alla {mark}"), asked, by_role=False, together=True),
    )


SCRIPT = Script(
    "dagen",
    words("Dagen"),
    (
        Step("skriv", words("Vi skriver"), 20, set="verkstad"),
        Step("rosta", words("Vi väljer"), goes_on="skriv"),
        Step("skatta", words("Vi skattar"), set="verkstad-skatta"),
        Step("alla", words("Vi enas"), 30, set="verkstad-alla"),
        Step("plan", words("Vi planerar"), plan_of="skriv"),
    ),
    threshold=ENOUGH,
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
        if self.chance.random() < _IN_WORKSHOPS:
            return await self._in_a_workshop(town, there)
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

    async def _in_a_workshop(self, town: Town, there: str) -> Reply:
        """Something about a workshop, anybody's, as it stands at this instant."""
        workshop, round, post = await something_of_a_workshop(town, self.chance)
        id = workshop.partition(" ")[0]
        of_workshop = [(do, workshop) for do in _LED]
        of_round = [(do, round) for do in ("note", "seal", "board", "vote", "proposals", "results", "share_results")]
        of_post = [(do, post) for do in ("cast", "edit_post", "choose_plan", "to_plan", "remove_post")]
        of_coach = [("coach_workshop", id), ("coach_script", id), ("coach_result", f"{id} {round}"), ("coaching", "")]
        begun = [("begin_workshop", f"{there} {SCRIPT.id}"), ("workshop", there), ("workshop", "")]
        return await self._press(*self.chance.choice([*of_workshop, *of_round, *of_post, *of_coach, *begun]))

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
        if "Vad gör vi" in repr(form) or any(one.kind == "verk" for one in canaries(repr(form))):
            return self._lines("verk")
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
        if self.chance.random() < _IN_WORKSHOPS / 2:
            return await self._in_a_workshop(town, PROGRAMMES[at].id)
        about = self.chance.choice([f"notes-{at}", f"sealed-{at}", PROGRAMMES[at].id, ""])
        return await self._press(self.chance.choice(_FOR_COORDINATORS), about)

    async def _press(self, do: str, about: str) -> Reply:
        at = self.chance.choice("ab")
        where = self.chance.choice(tuple(channels(at))) if about and f"-{at}" in about else None
        return await self.person.press(do, about, came_from=where if self.chance.random() < 0.2 else None)

    def _answers(self, form: Form) -> Iterator[tuple[str, Answer]]:
        """What is asked in workshops is asked one organisation; else its words would be for all to read."""
        for asked, (name, answer) in zip(form.fields, super()._answers(form), strict=True):
            values = [one.value for one in asked.options] if isinstance(asked, ChoiceField) else []
            others = [one for one in values if one != WHOLE and not one.startswith("verkstad")]
            yield name, self.chance.choice(others) if answer in values and answer not in others and others else answer

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
    tables = (rounds, groups, answers, plan_rows, people, links, seats, workshops, misses, held_replies)

    def read(connection: Connection) -> list[str]:
        return [str(id) for table in tables for id in sorted(connection.execute(select(table.c.id)).scalars())]

    ids = [*(await town.work.run(read)), *(one.id for one in PROGRAMMES.values()), "chefer", "stod"]
    return " ".join(chance.choice(ids) for _ in range(chance.choice((1, 1, 2, 3))))


async def something_of_a_workshop(town: Town, chance: random.Random) -> tuple[str, str, str]:
    """Any workshop with its version, a round of it and a post there; ids of nothing where there is none."""

    def read(connection: Connection) -> tuple[str, str, str]:
        there = connection.execute(select(workshops.c.id, workshops.c.version).order_by(workshops.c.id)).all()
        found = chance.choice(there) if there else None
        opened = select(workshop_rounds.c.round).where(workshop_rounds.c.workshop == (found.id if found else ""))
        asked = sorted(connection.execute(opened).scalars())
        round = chance.choice(asked) if asked else "none"
        posts = sorted(connection.execute(select(answers.c.id).where(answers.c.round == round)).scalars())
        post = chance.choice(posts) if posts else "none"
        return f"{found.id} {found.version}" if found else "none", round, post

    return await town.work.run(read)


def channels(at: str) -> Iterator[Address]:
    """One that follows the programme, and one that a group of it talks in."""
    for name in ("alla", "grupp"):
        yield Address("slack", "S1", f"{name}-{at}", Surface.CHANNEL, {"name": name})
