"""What the other roles expect of a role: shown to it, and taken on or answered by it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Protocol

from bot.conversation import Flow
from bot.domain.values import dataclass
from bot.domain.words import Listed, Localised, Text, Words, _, n_
from bot.flows import buttons
from bot.flows.noting import personal_words
from bot.messages import Action, Button, Card, Fact, Form, Item, TextField, Tone

TAKE_ON = "take_on"  # about an answer, the role that takes it on, and the page it stands on
SAY = "say_to_expectation"  # about an answer and the role

MOST = 5
"""In one message, each with two buttons; the others follow with "Show more"."""

_LONGEST = 500  # characters of a reply


@dataclass(frozen=True, slots=True)
class Expectation:
    """A post that says what is expected of a role, and what that role has said to it."""

    answer: str  # id
    text: str  # untrusted
    source: Localised  # the role it comes from
    accepted: bool = False
    ours: bool = True  # the reader's organisation has it in its plan, where it is taken on
    said: str = ""  # untrusted
    waiting: int = 0  # answers that a coordinator looks at before the board shows them
    aside: tuple[Words, ...] = ()  # why answers were not put up


@dataclass(frozen=True, slots=True)
class Mirror:
    """All that is expected of one role in a round."""

    round: str  # id
    title: Localised  # of the round
    role: str  # id
    name: Localised  # of the role
    expectations: Sequence[Expectation]
    others: tuple[tuple[str, Localised], ...] = ()  # further roles of the reader: (id, name)


def page_of(token: str) -> tuple[str, str, int]:
    """Round or answer, role, and from which expectation on."""
    id, _blank, rest = token.partition(" ")
    role, _blank, start = rest.partition(" ")
    return id, role, int(start) if start.isascii() and start.isdecimal() and len(start) < 7 else 0


def card(mirror: Mirror, start: int = 0, *, note: Words = "") -> Card:
    """The expectations from this one on."""
    all = len(mirror.expectations)
    start = start if start < all else 0
    shown = mirror.expectations[start : start + MOST]
    return Card(
        _("What the others expect of you ({role})", role=mirror.name),
        body=(*((note,) if note else ()), mirror.title, *_introduction(mirror), *_which(start, len(shown), all)),
        items=tuple(_item(mirror, one, start) for one in shown),
        buttons=tuple(_ways(mirror, start + MOST if start + MOST < all else 0)),
    )


def _introduction(mirror: Mirror) -> Iterator[Words]:
    if not mirror.expectations:
        yield _("Nobody has written anything that they expect of you.")
        return
    yield _(
        "Take on what you can, or answer it. What you press and answer stands on the board at once, "
        "in the name of your role: everybody who reads the board sees it."
    )
    taken = sum(one.accepted for one in mirror.expectations)
    if taken:
        yield n_("{n} is taken on.", "{n} are taken on.", taken)


def _which(start: int, shown: int, all: int) -> tuple[Words, ...]:
    if shown == all:
        return ()
    return (_("{first}–{last} of {all}", first=start + 1, last=start + shown, all=all),)


def _item(mirror: Mirror, one: Expectation, start: int) -> Item:
    take_on = Button(_("We take this on"), Action(TAKE_ON, f"{one.answer} {mirror.role} {start}"), tone=Tone.PRIMARY)
    label = _("Change the answer") if one.said else _("Answer")
    say = Button(label, Action(SAY, f"{one.answer} {mirror.role}"), opens_form=True)
    return Item(
        one.text,
        lines=(_("From {role}", role=one.source), *_became(one)),
        facts=tuple(_said(one)),
        buttons=(say,) if one.accepted and one.ours else (take_on, say),
    )


def _became(one: Expectation) -> Iterator[Words]:
    if one.accepted and one.ours:
        yield _("We have taken this on.")
    elif one.accepted:
        yield _("Your role has taken this on. It is not in your organisation’s plan yet.")
    if one.waiting:
        yield n_(
            "{n} answer waits until a coordinator has looked.",
            "{n} answers wait until a coordinator has looked.",
            one.waiting,
        )
    for reason in one.aside:
        yield _("An answer of yours was not put up: {reason}.", reason=reason)


def _said(one: Expectation) -> Iterator[Fact]:
    if one.said:
        yield Fact(_("Your answer"), one.said)


def _ways(mirror: Mirror, following: int) -> Iterator[Button]:
    if following:
        yield Button(_("Show more"), Action(buttons.EXPECTED, f"{mirror.round} {mirror.role} {following}"))
    for id, name in mirror.others:
        yield Button(_("As {role}", role=name), Action(buttons.EXPECTED, f"{mirror.round} {id}"))
    yield Button(_("Open the board"), Action(buttons.BOARD, mirror.round))


def nothing_yet() -> Card:
    """To somebody who asks before there is anything, or who is in no role."""
    return Card(
        _("Nothing is expected of you yet"),
        body=(
            _("When a round of questions has closed, you see here what the other roles expect of yours."),
            _("You need to be in a group: write “answer” to choose one."),
        ),
        buttons=(buttons.ALL_PROGRAMMES,),
    )


def taken_on(organisation: str) -> Text:
    """Above the list: what the press has led to."""
    if not organisation:
        return _("Taken on. It is on the board.")
    return _("Taken on. It is on the board, and in the plan of {organisation}.", organisation=organisation)


# --- Answering --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been answered."""

    answer: str
    role: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the form looks at."""

    expectation: str  # untrusted
    role: Localised
    personal: Callable[[str], Collection[str]]  # the words of a text that may tell who somebody is


@dataclass(frozen=True, slots=True)
class Said:
    """What has become of an answer: the mirror as it is then."""

    mirror: Mirror
    held: bool = False  # a coordinator looks at it first


class ExpectationDesk(Protocol):
    """What the flow acts through."""

    def say(self, answer: str, role: str, text: str) -> Said:
        """Let the role answer, or let the answer wait for a coordinator."""


flow: Flow[Draft, Facts, ExpectationDesk] = Flow(SAY, Draft, version=1)


@flow.ask("text")
def ask_text(draft: Draft, facts: Facts) -> Form:
    return Form(
        _("Your answer"),
        (_field(),),
        submit=_("Send"),
        intro=(facts.expectation, _("It is on the board as the answer of {role}.", role=facts.role)),
    )


def _field() -> TextField:
    return TextField("text", _("Your answer"), long=True, max_chars=_LONGEST)


@flow.ask("look")
def ask_again(draft: Draft, facts: Facts) -> Form | None:
    """Once, when something may tell who somebody is."""
    found = tuple(dict.fromkeys(facts.personal(draft.text)))
    if not found:
        return None
    return Form(
        _("Could this point to somebody?"),
        (_field(),),
        submit=_("Send"),
        intro=personal_words(found),
    )


@flow.on_done
def done(draft: Draft, facts: Facts, desk: ExpectationDesk) -> Card:
    came = desk.say(draft.answer, draft.role, draft.text)
    return card(came.mirror, note=_held(draft, facts) if came.held else _("Your answer is on the board."))


def _held(draft: Draft, facts: Facts) -> Words:
    """What the writer is told of an answer that is not shown yet."""
    found = tuple(dict.fromkeys(facts.personal(draft.text)))
    if not found:
        return _("Sent. A coordinator looks at your answer before the board shows it.")
    words = Listed(found)
    return _("Sent. A coordinator looks at your answer first, since it may point to somebody: {words}.", words=words)
