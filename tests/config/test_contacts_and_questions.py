"""What a programme file says of contacts and of questions with their answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.domain.words import Localised
from config import organisations
from config.programme_files import check, read

EVERY_KEY = Path(__file__).with_name("every_key.yaml").read_text("utf-8")
COUNTIES = "counties: [SE-18, Gotlands län]"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "p.yaml"


def problems(file: Path, old: str, new: str) -> list[tuple[str, str]]:
    """What is noticed when one place of a good file is changed."""
    assert old in EVERY_KEY
    file.write_text(EVERY_KEY.replace(old, new, 1), "utf-8")
    return [(problem.message, problem.suggestion) for problem in check([file], date(2026, 11, 21))]


def test_a_contact_has_topics_counties_and_what_they_ask(file: Path) -> None:
    file.write_text(EVERY_KEY, "utf-8")
    (contact,) = read(file).contacts
    assert contact.topics == (Localised({"sv": "Faktura"}), Localised({"sv": "Byta person"}))
    assert contact.counties == ("SE-18", "SE-09")
    assert contact.asks == Localised({"sv": "För vem frågar du?"})


NAMES = [
    ("Örebro län", "SE-18"),
    ("Region Skåne", "SE-12"),
    ("SE-09", "SE-09"),
    ("Oslo", "NO-03"),
    ("Nordland", "NO-18"),
]


@pytest.mark.parametrize(("name", "key"), NAMES)
def test_a_county_has_its_name_or_its_key(file: Path, name: str, key: str) -> None:
    assert problems(file, COUNTIES, f"counties: [{name}]") == []
    assert read(file).contacts[0].counties == (key,)


def test_a_county_that_is_none_is_named_with_the_one_that_was_meant(file: Path) -> None:
    wrong = {"Örebr län": "Region Örebro län", "Lunds kommun": "", "SE-1880": "", "SE-99": "", "SE-": ""}
    for name, suggestion in wrong.items():
        assert problems(file, COUNTIES, f"counties: [{name}]") == [(f"no county is called {name!r}", suggestion)]


def test_every_municipality_lies_in_a_county_that_has_a_key() -> None:
    assert {organisations.county(f"SE-{code}") for code in ("01", "0980", "0180", "09")} == {"SE-01", "SE-09", ""}


def test_a_question_has_other_ways_to_ask_and_days(file: Path) -> None:
    file.write_text(EVERY_KEY, "utf-8")
    (entry,) = read(file).faq
    assert entry.alternates == ("Hur mycket är avgiften?",)
    assert (entry.valid_from, entry.valid_until) == (date(2026, 12, 1), date(2027, 6, 30))


def test_other_ways_to_ask_are_kept_once_each(file: Path) -> None:
    assert problems(file, "[Hur mycket är avgiften?]", "[Avgift?, Pris?, Avgift?]") == []
    assert read(file).faq[0].alternates == ("Avgift?", "Pris?")


FAULTS = [
    ("valid_until: 2027-06-30", "valid_until: 2026-06-30", "valid_until lies before valid_from"),
    ("valid_from: 2026-12-01", "valid_from: snart", "valid_from must be a day such as 2027-02-09, not 'snart'"),
    (
        "[Hur mycket är avgiften?]",
        "Hur mycket är avgiften?",
        "alternates must be a list: lines that begin with a hyphen",
    ),
    ("[Hur mycket är avgiften?]", f"[{'x' * 201}]", "alternates has 201 characters and may have 200, so that it can"),
    ("[Hur mycket är avgiften?]", "['']", "alternates is empty"),
]


@pytest.mark.parametrize(("old", "new", "message"), FAULTS, ids=[message[:30] for *_where, message in FAULTS])
def test_a_fault_in_a_question_is_named(file: Path, old: str, new: str, message: str) -> None:
    ((found, _suggestion),) = problems(file, old, new)
    assert found.startswith(message)
