"""A self-assessment: twelve statements in four areas, and what people say of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.rounds import Area, Asked, Box, Round, Scale
from bot.domain.rules import NOTHING
from bot.handlers.events import Reply
from bot.messages import Form
from storage.tallies import Tallies
from tests.flows.samples import words
from tests.handlers.town import Person, Town
from tests.handlers.urn_scenes import form_of, round_of, visiting

SCALE = Scale(1, 5, words("Inte alls"), words("Helt"))
AREAS = tuple(Area(name, words(name.title())) for name in ("ledning", "teknik", "arbete", "kunskap"))
STATEMENTS = tuple(
    Asked(f"q{n}", words(f"Påstående {n}"), scale=SCALE, area=AREAS[n // 3].id, help=words("Tänk efter."))
    for n in range(12)
)
COMMENT = Asked("mer", words("Något mer?"))

Counts = Mapping[tuple[str, str], Mapping[int, int]]


def rated(id: str = "r1", *questions: Asked, boxes: tuple[Box, ...] = (), **changes: Any) -> Round:
    """A round with a scale; three people are enough."""
    return round_of(id, boxes=boxes or (Box("", NOTHING, questions or STATEMENTS),), areas=AREAS, **changes)


async def rate(person: Person, values: Mapping[str, str], round: str = "r1") -> Reply:
    """Rate form after form, to the end; what is not in `values` is left out."""
    reply = Reply(await form_of(person, round))
    while isinstance(reply.view, Form) and not reply.view.errors and not reply.view.refusal:
        reply = await send(person, reply.view, values)
    return reply


async def send(person: Person, form: Form, values: Mapping[str, str]) -> Reply:
    """Send one form."""
    names = {field.name for field in form.fields}
    return await person.submit(form, {f"q.{id}": value for id, value in values.items() if f"q.{id}" in names})


async def counts(town: Town, round: str = "r1") -> Counts:
    return await visiting(town, lambda visit: Tallies(visit.connection).of_round(round))


def all_of(value: str) -> dict[str, str]:
    return {asked.id: value for asked in STATEMENTS}
