"""The platform-neutral message model: what is said, never how a platform draws it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from enum import StrEnum
from functools import cache
from typing import Annotated, Literal

import pydantic_core
from pydantic import Field as Tagged
from pydantic import TypeAdapter

from bot.domain.values import dataclass
from bot.domain.words import Text, Words, Written

Answer = Written | tuple[str, ...]
"""What a person put in one field: typed text or one option's value, or the values of several options."""


class Tone(StrEnum):
    """How a card or a button should feel."""

    PLAIN = "plain"
    GOOD = "good"  # done, succeeded
    WARNING = "warning"  # needs attention
    PRIMARY = "primary"  # the button most people want
    DANGER = "danger"  # the button that takes something away


@dataclass(frozen=True, slots=True)
class Action:
    """What a button does: a word from the route table and what it is about (one of our own ids)."""

    do: str
    about: str = ""

    def __str__(self) -> str:
        return f"{self.do} {self.about}".rstrip()

    @classmethod
    def parse(cls, token: str) -> Action:
        do, _, about = token.partition(" ")
        return cls(do, about)


@dataclass(frozen=True, slots=True)
class Button:
    """A button: an action of ours, or a link. `opens_form` lets a platform prepare its dialog."""

    label: Words
    action: Action | None = None
    url: str = ""  # absolute address; used when there is no action
    tone: Tone = Tone.PLAIN
    opens_form: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a field; `value` is ours, `label` is read by people."""

    value: str
    label: Words
    note: Words = ""


@dataclass(frozen=True, slots=True)
class TextField:
    """Typed text. `max_chars` is checked on our side as well as shown by the platform."""

    name: str
    label: Text
    hint: Words = ""
    required: bool = True
    long: bool = False  # several lines
    email: bool = False
    max_chars: int = 200
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One option (an `Answer` of str) or, when `many`, any number of them (a tuple)."""

    name: str
    label: Text
    options: tuple[Option, ...]
    hint: Words = ""
    required: bool = True
    many: bool = False
    scale: bool = False  # the options are steps, which read best beside each other where there is room
    kind: Literal["choice"] = "choice"


@dataclass(frozen=True, slots=True)
class NumberField:
    """A whole number within `least`..`most`, both included."""

    name: str
    label: Text
    hint: Words = ""
    required: bool = True
    least: int = 0
    most: int = 999
    kind: Literal["number"] = "number"


Field = Annotated[TextField | ChoiceField | NumberField, Tagged(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled line, such as a date or a price."""

    label: Words
    value: Words


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list on a card, with its own buttons."""

    title: Words
    lines: tuple[Words, ...] = ()
    facts: tuple[Fact, ...] = ()
    buttons: tuple[Button, ...] = ()


NEXT = Text("Next")


@dataclass(frozen=True, slots=True)
class Form:
    """Questions that are answered together.

    It carries what was already typed and why it was refused, so that a refused form is shown again filled in.
    `token` names the run and its revision; the conversation engine sets it.
    """

    title: Words
    fields: tuple[Field, ...] = ()
    submit: Text = NEXT
    intro: tuple[Words, ...] = ()
    facts: tuple[Fact, ...] = ()
    items: tuple[Item, ...] = ()  # to read, without buttons
    values: Mapping[str, Answer] = field(default_factory=dict)
    errors: Mapping[str, Words] = field(default_factory=dict)
    refusal: Words = ""  # why the form as a whole was declined
    can_go_back: bool = False
    token: str = ""
    kind: Literal["form"] = "form"


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars of one kind in a chart: a value for each of its labels, in tenths; None is not shown."""

    name: Words
    tenths: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars in groups, one for each label: drawn where a platform can. The card it is on says the same in words."""

    title: Words
    labels: tuple[Words, ...]
    bars: tuple[Bars, ...]
    least: int  # where the scale begins, in whole numbers
    most: int  # and where it ends


@dataclass(frozen=True, slots=True)
class Card:
    """Something to read and perhaps to act on."""

    title: Words
    body: tuple[Words, ...] = ()
    facts: tuple[Fact, ...] = ()
    items: tuple[Item, ...] = ()
    buttons: tuple[Button, ...] = ()
    tone: Tone = Tone.PLAIN
    footnote: Words = ""  # small print at the end, such as why the message came
    refresh: Action | None = None  # what draws it again when it is looked at later; it must change nothing
    chart: Chart | None = None  # drawn below the body
    kind: Literal["card"] = "card"


@dataclass(frozen=True, slots=True)
class Notice:
    """One line."""

    text: Words
    tone: Tone = Tone.PLAIN
    points: bool = False  # it only leads to a message that comes to the reader's own conversation, and tells the rest
    kind: Literal["notice"] = "notice"


View = Annotated[Form | Card | Notice, Tagged(discriminator="kind")]


@cache
def _reader() -> TypeAdapter[View]:
    """Made when the first view is read, not at the start, which would take longer by it."""
    return TypeAdapter(View)


def to_json(view: View) -> str:
    """The view as JSON, for a row that is delivered later."""
    return pydantic_core.to_json(view).decode()  # the same as the adapter's, in less than half the time


def from_json(document: str, mend: Callable[[str], str] | None = None) -> View:
    """The view that `to_json` wrote, with what people wrote in it mended; raises `pydantic.ValidationError`."""
    return _reader().validate_json(document, context=mend)
