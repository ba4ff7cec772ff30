"""Words that are shown to people, kept apart from the language they are shown in.

Three kinds, and only three: `Text` is ours, an English source sentence that is translated at the last moment;
`Localised` comes from a programme file, perhaps in several languages; a plain `str` is what a person wrote and is
never interpreted by anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo

from bot.domain.values import dataclass


def _mended(text: str, reading: ValidationInfo) -> str:
    return reading.context(text) if reading.context else text


Written = Annotated[str, AfterValidator(_mended)]
"""What people wrote. Whoever reads it back from JSON may mend it: the context of the validation is a function then."""


@dataclass(frozen=True, slots=True)
class Localised:
    """A programme's own text: language code → wording; the first one is the original."""

    wordings: Mapping[str, Written]
    kind: Literal["localised"] = "localised"

    def __bool__(self) -> bool:
        return any(self.wordings.values())


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day with its weekday in the reader's language; `short` for labels (tue 16 mar).

    Without `year` where nobody can think of another year.
    """

    day: date
    short: bool = False
    year: bool = True
    kind: Literal["day"] = "day"


@dataclass(frozen=True, slots=True)
class Days:
    """A span of days at one occasion, written as short as the language allows (18–19 February 2027)."""

    first: date
    last: date
    kind: Literal["days"] = "days"


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, written with weekday, day and wall clock of `zone`."""

    at: datetime  # aware
    zone: str  # IANA name
    kind: Literal["moment"] = "moment"


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day at `zone`, without its date."""

    at: datetime  # aware
    zone: str  # IANA name
    kind: Literal["clock"] = "clock"


@dataclass(frozen=True, slots=True)
class Period:
    """From an instant to another as `zone` shows them: one day with its hours, or two days with theirs."""

    starts_at: datetime  # aware
    ends_at: datetime  # aware
    zone: str  # IANA name
    kind: Literal["period"] = "period"


@dataclass(frozen=True, slots=True)
class Money:
    """A whole amount with its currency: 24 000 kr."""

    amount: int  # whole kronor, excluding VAT
    currency: str = "SEK"  # ISO 4217
    kind: Literal["money"] = "money"


@dataclass(frozen=True, slots=True)
class Sum:
    """An addition with its result: `24 000 + 3 × 3 000 = 33 000 kr`; a single term is only its amount."""

    terms: tuple[tuple[int, int], ...]  # (count, whole kronor each)
    currency: str = "SEK"
    kind: Literal["sum"] = "sum"


@dataclass(frozen=True, slots=True)
class Listed:
    """Several words in a row, joined as the reader's language joins them (a, b och c)."""

    items: tuple[Words, ...]
    kind: Literal["listed"] = "listed"


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence of ours: English source, named values, and a plural form when `n` counts something."""

    message: str
    values: Mapping[str, Value] = field(default_factory=dict)
    plural: str = ""
    kind: Literal["text"] = "text"

    def __bool__(self) -> bool:
        return bool(self.message)


_Marked = Annotated[
    Text | Localised | Day | Days | Moment | Clock | Period | Money | Sum | Listed, Field(discriminator="kind")
]
Words = _Marked | Written
Value = _Marked | Written | int


def _(message: str, **values: Value) -> Text:
    """Mark a source sentence for translation and fill its named places: `_("Hello {name}", name=name)`."""
    return Text(message, values)


def n_(singular: str, plural: str, n: int, **values: Value) -> Text:
    """Mark a sentence that counts: the form is chosen by `n`, which is also a value."""
    return Text(singular, {"n": n, **values}, plural)
