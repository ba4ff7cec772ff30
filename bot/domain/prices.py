"""What seats cost an organisation, always excluding VAT."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.programmes import Enrolment, Occasion, Prices, Programme
from bot.domain.values import dataclass
from bot.domain.words import Sum, Text, _


@dataclass(frozen=True, slots=True)
class Quote:
    """What is charged and its total, in whole kronor of `currency`."""

    terms: tuple[tuple[int, int], ...] = ()  # (count, whole kronor each)
    currency: str = "SEK"
    free: bool = False  # nothing is ever charged; otherwise a total of 0 only says that nothing is held

    @property
    def total(self) -> int:
        return sum([count * each for count, each in self.terms])

    def in_words(self) -> Text:
        """The sum written out: `24 000 + 3 × 3 000 = 33 000 kr excluding VAT`."""
        if self.free:
            return _("Free of charge")
        return _("{sum} excluding VAT", sum=Sum(self.terms, self.currency))


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

    An occasion that was added later makes nothing dearer that was confirmed before: a set is complete without it and
    has room for it, and in a cohort, where nobody is asked whether they want it, it is free.
    """
    prices = programme.prices
    held = [one for one in programme.occasions if not one.cancelled]  # nobody pays for one that was cancelled
    nights = sum([lodging.get(one.id, 0) for one in held])
    terms = (*_participation(programme, held, seats), (nights, prices.lodging))
    return Quote(tuple([term for term in terms if all(term)]), prices.currency, free=prices.free)


def _participation(programme: Programme, held: list[Occasion], seats: Mapping[str, int]) -> tuple[tuple[int, int], ...]:
    """The terms for the seats at each occasion that is not cancelled."""
    prices, cohort = programme.prices, programme.enrolment is Enrolment.COHORT
    needed = [seats.get(one.id, 0) for one in held if one.added_at is None]
    added = [seats.get(one.id, 0) for one in held if one.added_at is not None and not cohort]
    if cohort and prices.programme:
        return ((max(needed, default=0), prices.programme),)
    sets = _sets(prices, needed, added)
    return (sets, prices.package), (sum(needed) + sum(added) - _covered(sets, needed, added), prices.occasion)


def _sets(prices: Prices, needed: list[int], added: list[int]) -> int:
    """How many packages cost least: perhaps none, when some of the occasions are cancelled."""
    most = max(0, min(needed, default=0)) if prices.package else 0
    if not prices.occasion:
        return most
    return min(range(most + 1), key=lambda n: n * prices.package - _covered(n, needed, added) * prices.occasion)


def _covered(sets: int, needed: list[int], added: list[int]) -> int:
    """How many seats so many packages pay for."""
    return sets * len(needed) + sum([min(sets, there) for there in added])
