"""The two finished self-assessments of the sandbox: every figure computed once more, on its own, from their file."""

from __future__ import annotations

import csv
import inspect
import math
import statistics
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import bot
from bot import playground
from bot.commands import running
from bot.domain.programmes import Programme
from bot.domain.times import local
from config import sample_rounds
from storage.rounds import Rounds
from tests.adapters.sandbox.test_playground import Box, box, closed  # noqa: F401 - what the tests below ask for
from tests.fixtures.sample_programmes import samples
from tests.fixtures.sandbox_client import SandboxPerson, parse

FILE = Path(sample_rounds.__file__).parent / "samples" / "digibarometer.yaml"
READ: Any = YAML(typ="safe").load(FILE)
THEN, NOW = READ["rounds"]
ROLES = {"politiker": "Politiker", "ledare": "Ledare", "tjansteman": "Tjänstemän"}
OLD_ID = {new: old["id"] for new, old in THEN["reworded"].items()}
CANNOT = "kan inte jämföras: för få i någon roll svarade en av gångerna"

Given = Mapping[str, list[int]]
"""Role → every single rating, of the roles of which enough have answered."""


# --- On their own: from the file to the figures, without a line of the bot's ------------------------------------------


def given(past: Any, statement: str) -> Given:
    counts = {role: past["ratings"][statement][role] for role in ROLES}
    return {
        role: [value for value, many in enumerate(row, 1) for _one in range(many)]
        for role, row in counts.items()
        if sum(row) >= READ["threshold"]
    }


def together(ratings: Given) -> list[int]:
    return [value for role in ratings.values() for value in role]


def half_up(exact: Fraction | float, decimals: int) -> str:
    scaled = abs(exact) * 10**decimals
    whole, part = divmod(math.floor(scaled + Fraction(1, 2)), 10**decimals)
    return f"{whole},{part:0{decimals}}"


def level(ratings: list[int]) -> tuple[str, str, str]:
    """Ratings, mean and spread."""
    mean = Fraction(sum(ratings), len(ratings))
    return str(len(ratings)), half_up(mean, 1), half_up(statistics.pstdev(ratings), 1)


def change(before: list[int], after: list[int]) -> tuple[str, ...]:
    by = Fraction(sum(after), len(after)) - Fraction(sum(before), len(before))
    sign = "+" if by > 0 else "-" if by < 0 else ""
    return (
        *level(before),
        *level(after),
        sign + half_up(by, 2),
        "har flyttat sig" if abs(by) * 2 >= 1 else "står kvar",
    )


def expected(before: Given, after: Given) -> dict[str, tuple[str, ...]]:
    """Who → what stands in the table of every statement."""
    blocked = (CANNOT,) * 8
    both, differ = set(before) & set(after), set(before) != set(after)
    may = set() if differ and len(both) == 1 else both
    rows = {name: change(before[role], after[role]) if role in may else blocked for role, name in ROLES.items()}
    whole = change(together(before), together(after)) if not differ else blocked
    return {"Alla tillsammans": whole, **rows}


# --- In the sandbox ---------------------------------------------------------------------------------------------------


async def compared(box: Box) -> tuple[SandboxPerson, str]:  # noqa: F811
    """The coordinator in front of the comparison, and the path of its page."""
    karin = box.client.person("karin")
    await karin.say("resultat")
    await karin.press("Resultat", str(closed_years()[1]))
    assert "Ledare: för få har svarat för att visas." in karin.screen()
    await karin.press("Jämför")
    return karin, karin.address("Öppna jämförelsen").removeprefix("http://localhost")


def programmes() -> list[Programme]:
    return [*samples().values()]


def closed_years() -> list[int]:
    today = datetime.now(UTC).date()
    return [local(about.opens_at, "Europe/Stockholm").year for about, _t in sample_rounds.finished(programmes(), today)]


async def test_every_figure_of_the_comparison_is_right_and_no_hidden_one_is_there(box: Box) -> None:  # noqa: F811
    _karin, path = await compared(box)
    table = list(csv.reader(StringIO((await box.client.get(path + "/figures.csv")).lstrip("\ufeff")), delimiter=";"))
    found = {(row[1], row[3]): tuple(row[4:]) for row in table if row[0] == "Påstående"}
    same = [statement for statement in NOW["ratings"] if OLD_ID.get(statement, statement) in THEN["ratings"]]
    assert len(same) == 11
    for statement in same:
        rows = expected(given(THEN, OLD_ID.get(statement, statement)), given(NOW, statement))
        assert {who: found.pop((statement, who)) for who in rows} == rows
    assert {(id, row[-1]) for (id, _who), row in found.items()} == {
        ("nya-kollegor", "Nytt"),
        ("projekt", "Inte med längre"),
    }


async def test_the_card_and_the_page_say_the_same_as_the_table(box: Box) -> None:  # noqa: F811
    karin, path = await compared(box)
    said, page = karin.screen(), parse(await box.client.get(path)).text()
    for statement, moved in (("hela-vagen", "har flyttat sig"), ("system", "står kvar")):
        n, mean, spread = level(together(given(THEN, OLD_ID.get(statement, statement))))
        m, later, wide = level(together(given(NOW, statement)))
        sides = f"{mean} (spridning {spread}, {n} skattningar) → {later} (spridning {wide}, {m} skattningar)"
        assert sides in said.replace("\N{NO-BREAK SPACE}", " ")
        assert moved in said.split(sides)[1].split("\n")[0]
        assert f"{mean} ({spread}; {n}){later} ({wide}; {m})" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "10 påståenden kan jämföras" in said
    assert "Nya kollegor kommer snabbt in" in page
    assert "(exempel, påhittade siffror)" in said.split("\n")[1]
    assert "(exempel, påhittade siffror)" in page


async def test_it_is_kept_once_however_often_the_sandbox_is_started(box: Box, tmp_path: Path) -> None:  # noqa: F811
    again = await playground.build(box.site.plan, programmes(), folder=tmp_path, finished=sample_rounds.finished)
    found = await again.unit_of_work.run(lambda c: Rounds(c, datetime.now(UTC)).of_programme("digibarometer"))
    await closed(again)
    assert [one.set_version for one in found] == ["2027", "2024"]


def test_only_the_command_that_starts_the_sandbox_knows_of_them() -> None:
    code = [path for path in Path(bot.__file__).parent.rglob("*.py") if "sample_rounds" in path.read_text("utf-8")]
    assert [path.name for path in code] == ["running.py"]
    whole = code[0].read_text("utf-8")
    assert whole.count("sample_rounds") == inspect.getsource(running._sandbox).count("sample_rounds")


@pytest.mark.parametrize("today", [date(2026, 11, 22), date(2027, 2, 3), date(2027, 2, 4), date(2040, 1, 1)])
def test_both_are_over_whatever_day_it_is_and_three_years_lie_between(today: date) -> None:
    (earlier, _before), (later, _after) = sample_rounds.finished(programmes(), today)
    assert later.closes_at is not None
    assert earlier.closes_at is not None
    assert local(later.closes_at, "Europe/Stockholm").date() < today
    assert timedelta(days=1090) < later.closes_at - earlier.closes_at < timedelta(days=1100)
    sample = next(one for one in programmes() if one.id == "digibarometer")
    assert timedelta(sample.keep_answers) > later.closes_at - earlier.closes_at + timedelta(days=365)


def test_what_too_few_have_rated_is_not_even_kept() -> None:
    for _about, tally in sample_rounds.finished(programmes(), date(2027, 3, 1)):
        assert {sum(counts.values()) >= READ["threshold"] for counts in tally.values()} == {True}
        assert {role for role, _question in tally} == {"politiker", "tjansteman"}
    assert any(sum(roles["ledare"]) for roles in THEN["ratings"].values())
