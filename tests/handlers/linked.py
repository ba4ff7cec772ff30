"""Two accounts that become one person, and what refers to whom then."""

from __future__ import annotations

import re

from sqlalchemy import Connection, select

from bot.domain.people import Role
from bot.handlers.events import Reply
from bot.messages import Notice, View
from storage.people import People
from storage.tables import metadata, nudges, people
from tests.handlers.town import Person, Town, buttons, text

CODE = re.compile(r"link ([A-Z0-9]{5}-[A-Z0-9]{5})")


async def code_of(person: Person) -> str:
    """A code for this person's other account."""
    found = CODE.search(text((await person.say("link")).view))
    assert found
    return found[1]


async def link(issuer: Person, typist: Person) -> View | None:
    """Join the typist's account to the issuer's; what the typist is shown at the end."""
    asked = (await typist.say(f"koppla {await code_of(issuer)}")).view
    return (await press(typist, asked, "Yes, it is mine")).view


async def press(person: Person, view: View | None, label: str) -> Reply:
    assert view is not None
    action = next(one.action for one in buttons(view) if one.action and text_of(one.label) == label)
    return await person.press(action.do, action.about)


def text_of(words: object) -> str:
    return text(Notice(words))  # type: ignore[arg-type]


async def owner(town: Town, person: Person) -> str:
    return str(await town.read(lambda c: People(c, town.clock.now()).owner(person.actor)))


async def appoint(town: Town, person: Person, role: Role) -> None:
    id = await owner(town, person)
    await town.read(lambda c: People(c, town.clock.now()).appoint(id, role))


async def references_to_nobody(town: Town) -> list[str]:
    """Columns anywhere that hold the id of a person who is not there."""

    def look(connection: Connection) -> list[str]:
        there = set(connection.execute(select(people.c.id)).scalars())
        found = []
        for table in metadata.sorted_tables:
            for column in table.columns:
                if column.references(people.c.id) or str(column) in ("outbox.person", "people.deputy"):
                    held = set(connection.execute(select(column)).scalars()) - {None, ""}
                    found += [str(column)] if held - there else []
        recipients = select(nudges.c.recipient).where(nudges.c.audience == "participants")
        found += ["nudges"] if set(connection.execute(recipients).scalars()) - there - {""} else []
        return found

    return await town.read(look)


async def unlink(person: Person) -> View | None:
    return (await press(person, (await person.say("link")).view, "Unlink")).view
