"""Beginning a workshop: for whom, in how many groups, and how many must answer alone before anything is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.conversation import Flow
from bot.domain.programmes import Programme, local_day
from bot.domain.refusals import FieldRefused, Refusal
from bot.domain.rounds import LEAST_PEOPLE, Mode, QuestionSet
from bot.domain.values import dataclass
from bot.domain.words import Clock, Day, Listed, Text, Words, _, n_
from bot.domain.workshops import Script
from bot.flows import workshops
from bot.messages import ChoiceField, Fact, Field, Form, NumberField, Option, TextField, View

WHOLE = "-"
"""Stands for the whole programme where an organisation's key could."""

MOST_GROUPS = 30
_MOST_PEOPLE = 500
_MOST_OFFERED = 60  # organisations in one list; of more the name is written
_NAME = 120  # characters


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been answered."""

    programme: str
    script: str
    place: str = ""  # `WHOLE` or an organisation's key
    organisation: str = ""  # its name, where that is written
    groups: int | None = None
    threshold: int | None = None


@dataclass(frozen=True, slots=True)
class Alone:
    """Who may answer a set of sealed questions in a place, box by box."""

    people: Sequence[tuple[Words, int]]  # box → how many
    waiting: Sequence[Words] = ()  # the boxes that were answered so lately that they are not asked again yet
    until: datetime | None = None  # when that is over; None while they are open, perhaps elsewhere

    @property
    def asked(self) -> tuple[tuple[Words, int], ...]:
        return tuple((box, n) for box, n in self.people if box not in self.waiting)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the form looks at."""

    programme: Programme
    script: Script
    now: datetime
    places: Mapping[str, Words]  # where the reader may begin it: `WHOLE` or a key → name
    people: Callable[[str], int]  # of a place
    groups: Callable[[str], int]  # of a place, when no number of them is chosen
    returning: Callable[[str], Sequence[tuple[Words, datetime]]]  # which of these rest until then, and since when there
    alone: Callable[[str, QuestionSet], Alone]  # of sealed questions in a place


class WorkshopDesk(Protocol):
    """What the flow acts through."""

    def begin(self, draft: Draft, place: str, threshold: int) -> View:
        """Begin the workshop. Raises `Refusal` when one goes on there already, or its first step cannot begin."""


flow: Flow[Draft, Facts, WorkshopDesk] = Flow(workshops.BEGIN, Draft, version=1)


# --- For whom ---------------------------------------------------------------------------------------------------------


@flow.ask("place")
def ask_place(draft: Draft, facts: Facts) -> Form | None:
    if len(facts.places) == 1:
        return None
    return Form(_("Begin the workshop"), (_place_field(facts),), intro=(facts.script.title, facts.programme.title))


def _place_field(facts: Facts) -> Field:
    label = _("Who takes part?")
    if len(facts.places) > _MOST_OFFERED:
        hint = _("The name of the organisation. Leave it empty for everybody in the programme.")
        return TextField("organisation", label, hint=hint, required=False, max_chars=_NAME)
    options = tuple(Option(place, name) for place, name in facts.places.items())
    return ChoiceField("place", label, options)


@flow.check("place")
def check_place(draft: Draft, facts: Facts) -> Draft:
    if len(facts.places) <= _MOST_OFFERED:
        return draft
    written = draft.organisation.strip().casefold()
    if not written and WHOLE in facts.places:
        return replace(draft, place=WHOLE)
    found = [key for key, name in facts.places.items() if isinstance(name, str) and name.casefold() == written]
    if not found:
        raise FieldRefused("organisation", _("No organisation of that name takes part. Write its whole name."))
    return replace(draft, place=found[0])


def place_of(draft: Draft, facts: Facts) -> str:
    """Where it is to begin: what was chosen, or the only place there is."""
    return draft.place or next(iter(facts.places))


# --- How --------------------------------------------------------------------------------------------------------------


@flow.ask("start")
def ask_start(draft: Draft, facts: Facts) -> Form:
    place = place_of(draft, facts)
    return Form(
        _("Begin the workshop"),
        tuple(_fields(place, facts)),
        submit=_("Begin now"),
        intro=(
            facts.script.title,
            _who_hears(facts.people(place)),
            *_too_few(place, facts),
            *_too_soon(place, facts),
            *_used_again(place, facts),
        ),
        facts=tuple(_about(place, facts)),
        values={"threshold": str(facts.script.threshold)} if draft.threshold is None and _sealed(facts) else {},
    )


def _who_hears(people: int) -> Text:
    if not people:
        return _("Nobody takes part there yet, so nobody gets a message or can answer. Begin only to try the script.")
    return _("Everybody who takes part gets a message when you begin. You see each step here.")


def _too_few(place: str, facts: Facts) -> Iterator[Text]:
    """What cannot be asked here as it stands: better known now than in the middle of the day."""
    for found in _sealed(facts) if facts.people(place) else ():
        short = [box for box, n in facts.alone(place, found).asked if n < LEAST_PEOPLE]
        if short:
            yield _(
                "{title} cannot begin yet: it takes at least {least} people to answer alone in {boxes}.",
                title=found.title,
                least=LEAST_PEOPLE,
                boxes=Listed(tuple(short)),
            )


def _too_soon(place: str, facts: Facts) -> Iterator[Text]:
    """What has been answered so lately that it is not asked again yet: said now, one can choose another day."""
    for found in _sealed(facts):
        alone = facts.alone(place, found)
        if not alone.waiting:
            continue
        what = _named(found, Listed(tuple(alone.waiting))) if alone.asked else found.title
        yield _not_before(what, alone.until, facts)


def _not_before(what: Words, until: datetime | None, facts: Facts) -> Text:
    if until is None:
        return _(
            "{what} is open for answers already, and cannot be asked again until a week after it has closed.", what=what
        )
    return _(
        "{what} cannot be asked again before {day} at {time}.",
        what=what,
        day=_day(until, facts),
        time=Clock(until, facts.programme.zone),
    )


def _day(moment: datetime, facts: Facts) -> Day:
    """With its year only when it is another one than this."""
    day, today = (local_day(one, facts.programme.zone) for one in (moment, facts.now))
    return Day(day, year=day.year != today.year)


def _used_again(place: str, facts: Facts) -> Iterator[Text]:
    """The small groups of earlier workshops, which nobody has seen since: with the people who sat there then."""
    by_day: dict[Day, list[Words]] = {}
    for name, made_at in facts.returning(place):
        by_day.setdefault(_day(made_at, facts), []).append(name)
    for day, names in by_day.items():
        yield _(
            "{groups} from {day} will be used again if you leave the number of small groups empty.",
            groups=Listed(tuple(names)),
            day=day,
        )


def _named(found: QuestionSet, box: Words) -> Text:
    """A box with its questions' title: several sets may each have one of everybody."""
    return _("{title} ({box})", title=found.title, box=box)


def _fields(place: str, facts: Facts) -> Iterator[Field]:
    label, hint = _("Number of small groups"), _how_many(place, facts)
    yield NumberField("groups", label, hint, required=False, least=0, most=MOST_GROUPS)
    if _sealed(facts):
        hint = _("When people answer alone, nothing is shown if fewer have answered. It cannot be changed later.")
        yield NumberField("threshold", _("Least number of answers"), hint, least=LEAST_PEOPLE, most=_MOST_PEOPLE)


def _how_many(place: str, facts: Facts) -> Text:
    if facts.returning(place):
        return _(
            "Three to five people in each is about right. Leave it empty to keep the groups there are, or write 0 "
            "to begin without the small groups of earlier workshops."
        )
    return _("Three to five people in each is about right. Leave it empty to keep the groups there are.")


def _about(place: str, facts: Facts) -> Iterator[Fact]:
    yield Fact(_("Takes part"), facts.places[place])
    in_all, count = n_("{n} person", "{n} people", facts.people(place)), facts.groups(place)
    yield Fact(
        _("People"), n_("{people} in {n} group", "{people} in {n} groups", count, people=in_all) if count else in_all
    )
    yield Fact(_("Time"), workshops.length(facts.script.minutes))
    for found in _sealed(facts):
        for box, n in facts.alone(place, found).asked:
            yield Fact(_("Answer alone: {box}", box=_named(found, box)), n_("{n} person", "{n} people", n))


def _sealed(facts: Facts) -> tuple[QuestionSet, ...]:
    return sealed(facts.programme, facts.script)


def sealed(programme: Programme, script: Script) -> tuple[QuestionSet, ...]:
    """What people are asked alone in a workshop."""
    asked = dict.fromkeys(step.set for step in script.steps if step.set)  # some are asked twice, on purpose
    sets = map(programme.question_set, asked)
    return tuple(found for found in sets if found is not None and found.mode is Mode.SEALED)


@flow.check("start")
def check_start(draft: Draft, facts: Facts) -> Draft:
    """Where fewer would do, a threshold that a role could never reach is not accepted."""
    place, least = place_of(draft, facts), threshold_of(draft, facts)
    for found in _sealed(facts):
        for box, n in facts.alone(place, found).people:
            if LEAST_PEOPLE <= n < least:
                reason = n_(
                    "{box}: {n} person can answer, so choose {n} or fewer.",
                    "{box}: {n} people can answer, so choose {n} or fewer.",
                    n,
                    box=_named(found, box),
                )
                raise FieldRefused("threshold", reason)
    return draft


def threshold_of(draft: Draft, facts: Facts) -> int:
    return draft.threshold or facts.script.threshold


# --- Done -------------------------------------------------------------------------------------------------------------

flow.rescue(Refusal, back_to="start")


@flow.on_done
def done(draft: Draft, facts: Facts, desk: WorkshopDesk) -> View:
    return desk.begin(draft, place_of(draft, facts), threshold_of(draft, facts))
