"""What seats cost an organisation, always excluding VAT."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.programmes import Enrolment, Programme
from bot.domain.words import Sum, Text, _


@dataclass(frozen=True, slots=True)
class PriceLine:
    """`count` times `each` whole kronor."""

    label: Text
    each: int
    count: int = 1

    @property
    def amount(self) -> int:
        return self.each * self.count


@dataclass(frozen=True, slots=True)
class Quote:
    """The lines that apply and their total, in whole kronor of `currency`."""

    lines: tuple[PriceLine, ...] = ()
    currency: str = "SEK"
    free: bool = False  # nothing is ever charged; otherwise a total of 0 only says that nothing is held

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)

    def in_words(self) -> Text:
        """The sum written out: `24 000 + 3 × 3 000 = 33 000 kr excluding VAT`."""
        if self.free:
            return _("Free of charge")
        terms = tuple((line.count, line.each) for line in self.lines)
        return _("{sum} excluding VAT", sum=Sum(terms, self.currency))


def quote(programme: Programme, seats: Mapping[str, int], lodging: Mapping[str, int]) -> Quote:
    """What an organisation pays in all.

    Parameters
    ----------
    seats
        Occasion id → number of seats the organisation holds there.
    lodging
        Occasion id → number of seats that also take lodging and meals.

    The package price holds for every complete set of seats, one at each occasion, however they were booked; in a
    cohort the programme price holds for each participant.
    """
    held = _held(programme)  # nobody pays for an occasion that was cancelled
    seats = {id: seats.get(id, 0) for id in held}
    lodging = {id: lodging.get(id, 0) for id in held}
    lines = (*_participation(programme, seats), *_lodging(programme, lodging))
    return Quote(tuple(line for line in lines if line.amount), programme.prices.currency, free=programme.prices.free)


def _participation(programme: Programme, seats: Mapping[str, int]) -> tuple[PriceLine, ...]:
    prices = programme.prices
    if programme.enrolment is Enrolment.COHORT and prices.programme:
        return (PriceLine(_("The whole programme"), prices.programme, max(seats.values(), default=0)),)
    sets = min(seats.values(), default=0) if _pays_off(programme) else 0
    rest = sum(seats.values()) - sets * len(seats)
    return (
        PriceLine(_("Package: every occasion"), prices.package, sets),
        PriceLine(_("Single occasion"), prices.occasion, rest),
    )


def _lodging(programme: Programme, lodging: Mapping[str, int]) -> tuple[PriceLine, ...]:
    return (PriceLine(_("Lodging and meals"), programme.prices.lodging, sum(lodging.values())),)


def _pays_off(programme: Programme) -> bool:
    """Whether the package costs less than its occasions one by one, as it may not when some are cancelled."""
    prices = programme.prices
    return bool(prices.package) and (not prices.occasion or prices.package < prices.occasion * len(_held(programme)))


def _held(programme: Programme) -> tuple[str, ...]:
    """The occasions that make up the package: all that are not cancelled."""
    return tuple(o.id for o in programme.occasions if not o.cancelled)
