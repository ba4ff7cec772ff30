"""People of several workspaces do anything, in any order: what must hold after every step.

`LARTRAFF_WALKS` and `LARTRAFF_STEPS` set the size; 500 walks of 50 steps take some minutes.
"""

from __future__ import annotations

import logging
import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.handlers.events import Left, OpenedHome, Reply
from bot.handlers.routes import ROUTES
from bot.messages import Action, Answer, ChoiceField, Form, NumberField, View
from storage.tables import seats
from tests.flows.samples import COHORT, FREE, GLN, SINGLE, with_capacity
from tests.handlers.town import Person, Sent, Town, buttons, open_town

WALKS, STEPS = int(os.environ.get("LARTRAFF_WALKS", "8")), int(os.environ.get("LARTRAFF_STEPS", "50"))
CAPACITY = 2
PLACES = (("slack", "S1"), ("slack", "S2"), ("teams", "T1"), ("sandbox", "W1"))
TYPED = ("anmäl", "register", "mina anmälningar", "program", "material", "språk en", "läget", "hjälp", "link", "b", "")
PROGRAMMES = tuple(with_capacity(programme, CAPACITY) for programme in (SINGLE, COHORT, FREE))


class Walker:
    """A person who acts at random. Everything they write holds a canary of their organisation."""

    def __init__(self, town: Town, number: int, chance: random.Random) -> None:
        platform, workspace = PLACES[number % len(PLACES)]
        self.organisation = number % 4
        self.canary = f"canary{self.organisation}"
        self.person: Person = town.person(f"{self.canary}-{number}", platform, workspace)
        self.chance = chance
        self.form: Form | None = None
        self.shown: View | None = None

    async def act(self, town: Town) -> Reply:
        """One step: go on with a form, press a button that was sent, type a word, or something odd."""
        chance = self.chance.random()
        if self.form is not None and chance < 0.75:
            reply = await self._go_on(self.form)
        elif chance < 0.3:
            reply = await self.person.press("register", self.chance.choice(PROGRAMMES).id)
        elif chance < 0.85 and (actions := self._buttons(town)):
            action = self.chance.choice(actions)
            reply = await self.person.press(action.do, action.about)
        elif chance < 0.9:
            reply = await self.person.press(self.chance.choice(sorted(ROUTES)), await self._any_seat(town))
        elif chance < 0.97:
            how = {"opens_forms": self.chance.random() < 0.5, "answers_inline": self.chance.random() < 0.5}
            reply = await self.person.say(self.chance.choice(TYPED), **how)
        else:
            reply = await self.person.send(OpenedHome() if self.chance.random() < 0.5 else Left())
        if reply.view is not None:
            self.form = reply.view if isinstance(reply.view, Form) else None
            self.shown = reply.view
        return reply

    async def _go_on(self, form: Form) -> Reply:
        """Answer the form, and most often those that follow, as people do who want to get somewhere."""
        if self.chance.random() < 0.1:
            return await self.person.back(form)
        reply = await self.person.submit(form, dict(self._answers(form)))
        for _ in range(8 if self.chance.random() < 0.8 else 0):
            if not isinstance(reply.view, Form):
                break
            reply = await self.person.submit(reply.view, dict(self._answers(reply.view)))
        return reply

    def _answers(self, form: Form) -> Iterator[tuple[str, Answer]]:
        for field in form.fields:
            if isinstance(field, ChoiceField):
                values = [option.value for option in field.options]
                many = tuple(value for value in values if self.chance.random() < 0.6)
                yield field.name, many if field.many else self.chance.choice(values)
            elif isinstance(field, NumberField):
                yield field.name, self.chance.choice(("1", "1", "2", "3", "x"))
            elif getattr(field, "email", False):
                yield field.name, f"{self.canary}-{self.chance.randrange(8)}@example.org"
            elif field.name == "organisation":
                yield field.name, ("Lund", "Habo", "Bamble", f"{self.canary} AB")[self.organisation]
            else:
                yield field.name, "" if field.name == "gln" and self.chance.random() < 0.5 else self._words(field.name)

    def _words(self, field: str) -> str:
        return GLN if field == "gln" else f"{self.canary} {field}"

    def _buttons(self, town: Town) -> list[Action]:
        """What this person sees: the newest messages, and what was shown last."""
        views = [message.view for message in town.messages(self.person)[-4:]]
        shown = [button for view in (*views, self.shown) if view is not None for button in buttons(view)]
        return [button.action for button in shown if button.action is not None]

    async def _any_seat(self, town: Town) -> str:
        """Somebody's seat or registration, most often not theirs to touch."""
        found = await town.work.run(lambda c: c.execute(select(seats.c.id, seats.c.registration)).all())
        return self.chance.choice([part for row in sorted(found) for part in row]) if found else "nothing"


async def check(town: Town, walkers: list[Walker], seen: dict[str, int]) -> None:
    """What must hold whatever has happened."""
    statement = select(seats.c.programme, seats.c.occasion, seats.c.state, seats.c.person)
    rows = await town.work.run(lambda c: c.execute(statement).all())
    taken = Counter((r.programme, r.occasion) for r in rows if r.state in ("confirmed", "offered"))
    assert all(number <= CAPACITY for number in taken.values()), taken
    active = Counter(
        (r.person, r.programme, r.occasion) for r in rows if r.person and r.state in ("confirmed", "offered", "waiting")
    )
    assert all(number == 1 for number in active.values()), active
    await town.deliver()
    homes = {(w.person.actor.platform, w.person.actor.workspace, w.person.actor.user): w for w in walkers}
    for post in town.posts.values():
        for sent in post.sent[seen.get(post.name, 0) :]:
            address = sent.address
            nothing_foreign(homes[(address.platform, address.workspace, address.conversation)], sent)
        seen[post.name] = len(post.sent)


def nothing_foreign(walker: Walker, shown: Reply | Sent) -> None:
    said = repr(shown.view)
    foreign = [f"canary{n}" for n in range(4) if n != walker.organisation and f"canary{n}" in said]
    assert not foreign, (walker.person.actor, foreign, said)


async def walk(town: Town, seed: int) -> None:
    chance = random.Random(seed)
    walkers = [Walker(town, number, chance) for number in range(8)]
    seen: dict[str, int] = {}
    for _ in range(STEPS):
        walker = chance.choice(walkers)
        reply = await walker.act(town)
        assert "went wrong" not in repr(reply.view), seed
        nothing_foreign(walker, reply)
        if chance.random() < 0.2:
            town.clock.at += chance.choice([timedelta(minutes=1), timedelta(minutes=11), timedelta(hours=25)])
            await town.tick.run()
        await check(town, walkers, seen)


@pytest.mark.parametrize("seed", range(WALKS))
async def test_figure_9_nothing_breaks_and_nothing_leaks(
    sqlite_url: str, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_town(sqlite_url, *PROGRAMMES) as town:
        await walk(town, seed)
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []


async def test_the_check_sees_a_leak_and_an_overbooking(small_town: Town) -> None:
    """The positive control: what the walks look for is found where it is."""
    owner, other = Walker(small_town, 0, random.Random(0)), Walker(small_town, 1, random.Random(0))
    await owner.person.register(FREE.id, takes_part="others", places="3")
    with pytest.raises(AssertionError):
        await check(small_town, [owner, other], {})
    reply = await owner.person.register(FREE.id, needs="canary0")
    await small_town.deliver()
    with pytest.raises(AssertionError):
        nothing_foreign(other, small_town.messages(owner.person)[-1])
    nothing_foreign(owner, reply)
