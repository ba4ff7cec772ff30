"""The challenges of others: the programme leaders' list, and reading what people have chosen to share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from bot.conversation import Flow
from bot.domain.programmes import Programme
from bot.domain.values import dataclass
from bot.domain.words import Text, Words, _, n_
from bot.flows import buttons
from bot.messages import Action, Button, Card, Fact, Form, Item, Tone

LIST = "challenges"  # for coordinators; about a programme, and from which row on, or nothing
READ = "read_challenges"  # about who looks, the programme, and from which challenge on

TITLE = _("Challenges")

MOST = 40
"""Names in one message; the others follow with "Show more"."""

MOST_READ = 6
"""Challenges in one form, each up to 1,200 characters."""


class As(StrEnum):
    """As what somebody looks at the challenges of others."""

    LEADER = "leader"
    GROUP = "group"


class Stage(StrEnum):
    """How far a participant has come, as far as a programme leader may know."""

    SHARED = "shared"
    WRITTEN = "written"  # for themselves
    NOT_YET = "not_yet"
    GIVEN_UP = "given_up"  # not yet, and the last reminder has gone out


@dataclass(frozen=True, slots=True)
class Row:
    """A participant in the leaders' list."""

    name: str  # untrusted; empty when it is not known
    stage: Stage


@dataclass(frozen=True, slots=True)
class Pairs:
    """Those who would like to spar with somebody, counted."""

    waiting: int = 0
    asked: int = 0  # proposed pairs in which somebody has not answered
    together: int = 0  # pairs


def read(who: As, programme: str, start: int = 0, label: Text | None = None) -> Button:
    return Button(label or _("Read"), Action(READ, f"{who} {programme} {start}"), opens_form=True)


# --- The leaders' list ------------------------------------------------------------------------------------------------


def choose(programmes: Sequence[Programme]) -> Card:
    """Which programme's challenges."""
    if not programmes:
        return Card(TITLE, body=(_("No programme asks for challenges."),), buttons=(buttons.STATUS_OF_ALL,))
    ways = tuple(Item(one.title, buttons=(Button(TITLE, Action(LIST, one.id)),)) for one in programmes)
    return Card(TITLE, body=(_("In which programme?"),), items=ways)


def card(programme: Programme, rows: Sequence[Row], pairs: Pairs, pair_up: Button | None, start: int = 0) -> Card:
    """Who has written a challenge and shares it, who has written one, and who has not."""
    ordered = sorted(rows, key=lambda row: (list(Stage).index(row.stage), row.name.casefold()))
    start = start if start < len(ordered) else 0
    shown = ordered[start : start + MOST]
    more = Button(_("Show more"), Action(LIST, f"{programme.id}:{start + MOST}"))
    return Card(
        TITLE,
        body=(programme.title, *_introduction(rows)),
        items=(*_stages(shown, programme.id), *_sparring(pairs, pair_up)),
        buttons=(*((more,) if start + MOST < len(ordered) else ()), buttons.STATUS_OF_ALL),
    )


def _introduction(rows: Sequence[Row]) -> Iterator[Words]:
    if not rows:
        yield _("Nobody has a seat yet.")
        return
    written = sum(row.stage in (Stage.SHARED, Stage.WRITTEN) for row in rows)
    yield n_("{n} of {all} has written.", "{n} of {all} have written.", written, all=len(rows))
    yield _("When you read a challenge, the one who wrote it sees that you have.")


_HEADINGS = {
    Stage.SHARED: _("Have written, and share with you"),
    Stage.WRITTEN: _("Have written"),
    Stage.NOT_YET: _("Have not written yet"),
    Stage.GIVEN_UP: _("Have not written, and are not reminded any more"),
}


def _stages(shown: Sequence[Row], programme: str) -> Iterator[Item]:
    for stage, title in _HEADINGS.items():
        names = tuple(row.name or _("Somebody without a name here") for row in shown if row.stage is stage)
        if names:
            yield Item(title, names, buttons=(read(As.LEADER, programme),) if stage is Stage.SHARED else ())


def _sparring(pairs: Pairs, pair_up: Button | None) -> Iterator[Item]:
    if pairs == Pairs():
        return
    facts = (
        Fact(_("Waiting for somebody"), str(pairs.waiting)),
        Fact(_("Asked, not answered"), n_("{n} pair", "{n} pairs", pairs.asked)),
        Fact(_("Together"), n_("{n} pair", "{n} pairs", pairs.together)),
    )
    yield Item(_("Sparring partners"), facts=facts, buttons=(pair_up,) if pair_up is not None else ())


# --- Reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shared:
    """A challenge that the reader may see."""

    name: str  # untrusted
    organisation: str  # untrusted; empty when it is not known
    text: str  # untrusted


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the form shows: one page of what the reader may see."""

    programme: Programme
    shown: tuple[Shared, ...]
    start: int
    all: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reader is."""

    who: As
    programme: str
    start: int = 0


flow: Flow[Place, Shelf, object] = Flow(READ, Place, version=1)


@flow.ask("read")
def show(place: Place, shelf: Shelf) -> Form:
    """In a form, so that nothing of what others wrote stays behind in the conversation, or with us."""
    return Form(
        TITLE,
        submit=_("I have read them"),
        intro=(
            shelf.programme.title,
            _("{first}–{last} of {all}", first=shelf.start + 1, last=shelf.start + len(shelf.shown), all=shelf.all),
            _("Those who wrote them see that you have read them. Do not pass them on."),
        ),
        facts=tuple(Fact(_signed(one), one.text) for one in shelf.shown),
    )


def _signed(one: Shared) -> Words:
    name: Words = one.name or _("Somebody without a name here")
    return _("{name}, {organisation}", name=name, organisation=one.organisation) if one.organisation else name


@flow.on_done
def finished(place: Place, shelf: Shelf, _port: object) -> Card:
    following = place.start + MOST_READ
    left = shelf.all - following
    more = (read(place.who, place.programme, following, _("Read on")),) if left > 0 else ()
    return Card(
        _("Thank you for reading"),
        body=(n_("{n} is left.", "{n} are left.", left),) if left > 0 else (_("That was all of them."),),
        buttons=more,
        tone=Tone.GOOD,
    )


def nothing() -> Text:
    return _("Nobody lets you see their challenge at the moment.")


def invitation(programme: Programme, who: As, start: int) -> Card:
    """Where no form can be opened at once."""
    return Card(TITLE, body=(programme.title,), buttons=(read(who, programme.id, start),))
