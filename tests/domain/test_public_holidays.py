"""Public holidays by rule are those that the package `holidays` knows, for as long as anybody plans ahead."""

from __future__ import annotations

from datetime import date

import pytest
from holidays import country_holidays

from bot.domain import public_holidays

COUNTED = {"SE": ("public", "de_facto"), "NO": ("public",)}


def known(country: str, year: int) -> set[date]:
    return set(country_holidays(country, years=year, categories=COUNTED[country]))


@pytest.mark.parametrize("country", COUNTED)
def test_they_are_the_same_for_eighty_years(country: str) -> None:
    differing = [year for year in range(2020, 2100) if set(public_holidays.of(country, year)) != known(country, year)]
    assert differing == []


def test_the_comparison_would_notice_a_holiday_too_few() -> None:
    assert set(public_holidays.of("NO", 2027)) - {date(2027, 5, 17)} != known("NO", 2027)


def test_they_are_called_by_their_names() -> None:
    assert public_holidays.of("SE", 2027)[date(2027, 6, 25)] == "Midsummer Eve"
    assert public_holidays.of("NO", 2026)[date(2026, 5, 17)] == "Constitution Day"


def test_of_other_countries_nothing_is_known() -> None:
    assert public_holidays.of("DK", 2027) == {}
