"""Questions that are rated: the choices of a scale, and how many questions stand in one form."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from math import ceil

from bot.domain.rounds import Area, Asked, Round, Scale
from bot.domain.words import Listed, Text, Words, _, n_
from bot.messages import ChoiceField, Option

MOST_AT_A_TIME = 10
"""Questions in one form: so many can be looked over before they are sent."""

DONT_KNOW = "none"

Pages = tuple[tuple[Asked, ...], ...]
"""Questions, form by form."""


def pages(questions: Sequence[Asked]) -> Pages:
    """The questions in as few forms as have room for them, about equally many in each; an area is parted last."""
    if len(questions) <= MOST_AT_A_TIME:
        return (tuple(questions),)
    filled = _share(len(questions))
    made: list[tuple[Asked, ...]] = [()]
    for together in _together(questions):
        if made[-1] and (len(made[-1]) >= filled or len(made[-1]) + len(together) > MOST_AT_A_TIME):
            made.append(())
        made[-1] += together
    return tuple(made)


def _together(questions: Sequence[Asked]) -> Iterator[tuple[Asked, ...]]:
    """Neighbours of the same area; what is in none stands alone."""
    for area, found in groupby(questions, lambda asked: asked.area):
        neighbours = tuple(found)
        share = _share(len(neighbours)) if area else 1
        yield from (neighbours[at : at + share] for at in range(0, len(neighbours), share))


def _share(many: int) -> int:
    """How many stand in each form when so many are shared out evenly."""
    return ceil(many / ceil(many / MOST_AT_A_TIME))


def begin_at(made: Pages, answered: Collection[str]) -> int:
    """Where somebody goes on: the first form in which nothing is answered, or else the first of all."""
    return next((n for n, page in enumerate(made) if not any(one.id in answered for one in page)), 0)


def labels(questions: Iterable[Asked], areas: Iterable[Area]) -> Iterator[tuple[Asked, Text]]:
    """Each question with what stands above its field: the first of an area names the area."""
    names, before = {area.id: area.name for area in areas}, ""
    for asked in questions:
        if asked.area in names and asked.area != before:
            yield asked, _("{area}: {question}", area=names[asked.area], question=asked.text)
        else:
            yield asked, _("{question}", question=asked.text)
        before = asked.area


def supplied(questions: Collection[Asked]) -> Iterator[Words]:
    """What the organiser has put below the questions to begin with, read before one writes."""
    several = len(questions) > 1
    for asked in questions:
        if asked.supplied and several:
            yield _("From the organiser, about “{question}”:", question=asked.text)
        elif asked.supplied:
            yield _("From the organiser:")
        for words in asked.supplied:
            yield _("• {text}", text=words)


def field(name: str, label: Text, scale: Scale, *, hint: Words = "") -> ChoiceField:
    """The choice between the values of a scale; it may be left out."""
    return ChoiceField(name, label, tuple(_options(scale)), hint, required=False, scale=True)


def _options(scale: Scale) -> Iterator[Option]:
    ends = {scale.least: scale.low, scale.most: scale.high}
    for value in scale.values:
        meaning = ends.get(value)
        said = _("{value} – {meaning}", value=value, meaning=meaning) if meaning else str(value)
        yield Option(str(value), said)
    yield Option(DONT_KNOW, _("Don’t know"))


def scales(round: Round) -> list[Scale]:
    """The scales of a round, each once."""
    found: list[Scale] = []
    for scale in (asked.scale for box in round.boxes for asked in box.questions):
        if scale is not None and scale not in found:
            found.append(scale)
    return found


def summary(questions: Iterable[Asked], areas: Iterable[Area]) -> Text | None:
    """What is to be rated, in a line; None when nothing is."""
    rated = [asked for asked in questions if asked.scale is not None]
    inside = {asked.area for asked in rated}
    named = tuple(area.name for area in areas if area.id in inside)
    if not rated:
        return None
    if not named:
        return n_("{n} statement to rate", "{n} statements to rate", len(rated))
    return n_("{n} statement to rate: {areas}", "{n} statements to rate: {areas}", len(rated), areas=Listed(named))


def ends(scale: Scale) -> Text:
    """What the two ends of a scale mean, in a line."""
    return _(
        "{least} – {low}, {most} – {high}", least=scale.least, low=scale.low, most=scale.most, high=scale.high
    )  # fmt: skip


def said(chosen: str, scale: Scale) -> Text:
    """A rating in words."""
    if chosen == DONT_KNOW:
        return _("Don’t know")
    return _("{value} of {most}", value=chosen, most=scale.most)
