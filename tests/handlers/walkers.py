"""People who do anything, in any order: they go on with forms, press what they see, and now and then what they do not.

Everything that they write holds a canary, by which it is known wherever it comes to light.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

from sqlalchemy import select

from bot.domain.programmes import Programme
from bot.handlers.events import Left, OpenedHome, Reply
from bot.handlers.routes import ROUTES
from bot.messages import Action, Answer, ChoiceField, Field, Form, NumberField, View
from storage.tables import seats
from tests.flows.samples import GLN
from tests.handlers.town import Person, Town, buttons

WALKS, STEPS = int(os.environ.get("LARTRAFF_WALKS", "8")), int(os.environ.get("LARTRAFF_STEPS", "50"))
PLACES = (("slack", "S1"), ("slack", "S2"), ("teams", "T1"), ("sandbox", "W1"))
TYPED = ("anmäl", "register", "mina anmälningar", "program", "material", "språk en", "läget", "hjälp", "link", "b", "")
ORGANISATIONS = ("Lund", "Habo", "Bamble")


class Walker:
    """A person who acts at random. Everything they write holds a canary of their organisation."""

    typed: tuple[str, ...] = TYPED

    def __init__(self, town: Town, number: int, chance: random.Random, programmes: tuple[Programme, ...]) -> None:
        platform, workspace = PLACES[number % len(PLACES)]
        self.organisation = number % 4
        self.canary = f"canary{self.organisation}"
        self.person: Person = town.person(f"{self.canary}-{number}", platform, workspace)
        self.chance = chance
        self.programmes = programmes
        self.form: Form | None = None
        self.shown: View | None = None

    async def act(self, town: Town) -> Reply:
        """One step: go on with a form, press a button that was sent, type a word, or something odd."""
        chance = self.chance.random()
        if self.form is not None and chance < 0.75:
            reply = await self._go_on(self.form)
        elif chance < 0.3:
            reply = await self._begin(town)
        elif chance < 0.85 and (actions := self._buttons(town)):
            action = self.chance.choice(actions)
            reply = await self._press(action.do, action.about)
        elif chance < 0.9:
            reply = await self._press(self.chance.choice(sorted(ROUTES)), await self._anything(town))
        elif chance < 0.97:
            how = {"opens_forms": self.chance.random() < 0.5, "answers_inline": self.chance.random() < 0.5}
            reply = await self.person.say(self.chance.choice((*self.typed, *self._questions())), **how)
        else:
            reply = await self.person.send(OpenedHome() if self.chance.random() < 0.5 else Left())
        self.see(reply)
        return reply

    def _questions(self) -> tuple[str, ...]:
        """What they ask in their own words: known, unknown, and what follows an answer."""
        unknown, known = f"får man ta med {self.canary} dit?", f"vad kostar det för {self.canary}"
        return (unknown, unknown, known, "var hittar jag länken?", "ja", "nej", "mina frågor")

    def see(self, reply: Reply) -> None:
        if reply.view is not None:
            self.form = reply.view if isinstance(reply.view, Form) else None
            self.shown = reply.view

    async def _begin(self, town: Town) -> Reply:
        """Something that a person comes for."""
        return await self._press("register", self.chance.choice(self.programmes).id)

    async def _press(self, do: str, about: str) -> Reply:
        return await self.person.press(do, about)

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
            else:
                yield field.name, self._written(form, field)

    def _written(self, form: Form, field: Field) -> str:
        """What is typed into a field."""
        if getattr(field, "email", False):
            return f"{self.canary}-{self.chance.randrange(8)}@example.org"
        if field.name == "organisation":
            return (*ORGANISATIONS, f"{self.canary} AB")[self.organisation]
        if field.name == "gln":
            return "" if self.chance.random() < 0.5 else GLN
        return f"{self.canary} {field.name}"

    def _buttons(self, town: Town) -> list[Action]:
        """What this person sees: the newest messages, and what was shown last."""
        views = [message.view for message in town.messages(self.person)[-4:]]
        shown = [button for view in (*views, self.shown) if view is not None for button in buttons(view)]
        return [button.action for button in shown if button.action is not None]

    async def _anything(self, town: Town) -> str:
        """Somebody's seat or registration, most often not theirs to touch."""
        found = await town.work.run(lambda c: c.execute(select(seats.c.id, seats.c.registration)).all())
        return self.chance.choice([part for row in sorted(found) for part in row]) if found else "nothing"
