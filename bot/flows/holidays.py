"""Public holidays as coordinators are told of them: in which country people are off on a day that is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from bot.domain.programmes import Programme
from bot.domain.values import dataclass
from bot.domain.words import Day, Text, Words, _
from bot.domain.workdays import Whereabouts, day_off


@dataclass(frozen=True, slots=True)
class _Country:
    """A country whose public holidays are known."""

    code: str  # ISO 3166-1 alpha-2
    languages: frozenset[str]  # read there
    name: Text


_COUNTRIES = (
    _Country("SE", frozenset({"sv"}), _("Sweden")),
    _Country("NO", frozenset({"nb", "nn"}), _("Norway")),
)


def abroad(day: date, programme: Programme) -> Iterator[Words]:
    """Where a programme has texts for the people of another country, some of them may well take part."""
    for country in _resting(day):
        if _may_take_part(country, programme):
            yield _note(day, country)


def of_the_asked(day: date, programme: Programme, working_in: Mapping[str, int], *, ahead: bool) -> Iterator[Words]:
    """How many of those who get questions on that day are off; of a day `ahead`, more may have come by then.

    `working_in` says how many of them work in which country.
    """
    for country in _resting(day):
        n = working_in.get(country.code, 0)
        if n:
            yield _("Note: {day} is a public holiday in {country}, for {n} of {all} who get the questions.",
                    day=Day(day), country=country.name, n=n, all=sum(working_in.values()))  # fmt: skip
        elif ahead and _may_take_part(country, programme):
            yield _note(day, country)


def _note(day: date, country: _Country) -> Text:
    return _("Note: {day} is a public holiday in {country}.", day=Day(day), country=country.name)


def _resting(day: date) -> Iterator[_Country]:
    """The countries that have a holiday on what is a working day elsewhere."""
    return (one for one in _COUNTRIES if day.weekday() < 5 and day_off(day, one.code))


def _may_take_part(country: _Country, programme: Programme) -> bool:
    own = Whereabouts.of(programme.zone).country
    return country.code != own and not country.languages.isdisjoint(programme.title.wordings)
