"""Questions for a day on which some of those who get them are off: whoever asks reads it before they go out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.people import Language, Profile
from bot.domain.words import Localised
from tests.flows.samples import at
from tests.handlers import round_town
from tests.handlers.round_town import MODEL, ask, in_group, preview, read
from tests.handlers.town import Town, text

town, small_town = round_town.on_both, round_town.on_sqlite

NORWAYS = date(2027, 5, 17)
BOTH = ("politiker", "chefer")


async def from_each_country(town: Town, *, swedes: int, norwegians: int) -> None:
    for n in range(swedes):
        await in_group(town, f"s{n}", "chefer")
    for n in range(norwegians):
        kari = town.person(f"n{n}")
        kari.profile = Profile(f"Kari {n}", f"kari{n}@example.org", Language.ENGLISH, "Europe/Oslo")
        await in_group(town, f"n{n}", "politiker")


async def test_whoever_plans_questions_for_a_holiday_of_some_who_get_them_reads_how_many_are_off(town: Town) -> None:
    await from_each_country(town, swedes=3, norwegians=2)
    shown = text(await preview(town, roles=BOTH, opens_day="17 maj 2027", opens_at="9.00"))
    assert "Monday 17 May 2027 is a public holiday in Norway, for 2 of 5 who get the questions." in shown
    working = text(await preview(town, roles=BOTH, opens_day="18 maj 2027", opens_at="9.00"))
    assert "public holiday" not in working


async def test_whoever_asks_on_such_a_day_reads_it_and_may_ask_all_the_same(town: Town) -> None:
    town.clock.at = at(NORWAYS, 10)
    await from_each_country(town, swedes=1, norwegians=1)
    assert "is a public holiday in Norway, for 1 of 2 who get the questions." in text(await preview(town, roles=BOTH))
    await ask(town, roles=BOTH)
    assert "Uppstartskonferensen" in read(town, town.person("n0"))


async def test_a_holiday_of_the_programmes_own_country_is_said_to_whoever_asks_on_it(small_town: Town) -> None:
    small_town.clock.at = at(date(2027, 6, 25), 10)  # Midsummer Eve
    await from_each_country(small_town, swedes=2, norwegians=1)
    shown = text(await preview(small_town, roles=BOTH))
    assert "is a public holiday in Sweden, for 2 of 3 who get the questions." in shown


async def test_those_alone_count_who_get_the_questions(small_town: Town) -> None:
    await from_each_country(small_town, swedes=2, norwegians=1)
    shown = text(await preview(small_town, roles=("chefer",), opens_day="17 maj 2027", opens_at="9.00"))
    assert "public holiday" not in shown


@pytest.mark.parametrize(("languages", "warned"), [(("sv", "nb"), True), (("sv",), False)])
async def test_before_anybody_has_come_it_is_said_where_the_programme_has_texts_for_them(
    small_town: Town, languages: tuple[str, ...], warned: bool
) -> None:
    await small_town.load(replace(MODEL, title=Localised(dict.fromkeys(languages, "Modell"))))
    shown = text(await preview(small_town, roles=BOTH, opens_day="17 maj 2027", opens_at="9.00"))
    assert ("Monday 17 May 2027 is a public holiday in Norway." in shown) is warned
