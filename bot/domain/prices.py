"""What seats cost an organisation, always excluding VAT."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.programmes import Enrolment, Prices, Programme
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
    """
    prices = programme.prices
    held = [one.id for one in programme.occasions if not one.cancelled]  # nobody pays for one that was cancelled
    nights = sum([lodging.get(id, 0) for id in held])
    terms = (*_participation(programme, [seats.get(id, 0) for id in held]), (nights, prices.lodging))
    return Quote(tuple([term for term in terms if all(term)]), prices.currency, free=prices.free)


def _participation(programme: Programme, seats: list[int]) -> tuple[tuple[int, int], ...]:
    """The terms for the seats at each occasion that is not cancelled."""
    prices = programme.prices
    if programme.enrolment is Enrolment.COHORT and prices.programme:
        return ((max(seats, default=0), prices.programme),)
    sets = min(seats, default=0) if _pays_off(prices, len(seats)) else 0
    return (sets, prices.package), (sum(seats) - sets * len(seats), prices.occasion)


def _pays_off(prices: Prices, occasions: int) -> bool:
    """Whether the package costs less than its occasions one by one, as it may not when some are cancelled."""
    return bool(prices.package) and (not prices.occasion or prices.package < prices.occasion * occasions)
