"""The table of organisations is complete, and everything in it can be found by its own names."""

import csv
from collections import Counter
from importlib.resources import files

from config.organisations import load

ROWS = list(csv.DictReader(files("config").joinpath("organisations.csv").read_text("utf-8").splitlines()))


def key(row: dict[str, str]) -> str:
    return f"{row['country']}-{row['code']}"


def test_every_municipality_and_county_is_there_once() -> None:
    counts = Counter((row["country"], row["kind"]) for row in ROWS if row["kind"] != "other")
    assert counts == {
        ("SE", "municipality"): 290,
        ("SE", "county"): 20,  # Region Gotland is the municipality
        ("NO", "municipality"): 357,
        ("NO", "county"): 14,  # Oslo is the municipality
    }
    assert len({key(row) for row in ROWS}) == len(ROWS)


def test_every_name_leads_to_its_organisation() -> None:
    for row in ROWS:
        for name in (row["name"], row["short_name"], *filter(None, row["also"].split("|"))):
            found = load().search(name)
            meant = (found.exact, *found.suggestions)
            assert load().get(key(row)) in meant, name


def test_every_full_name_is_exact_or_shared() -> None:
    doubtful = [row["name"] for row in ROWS if load().search(row["name"]).exact is None]
    assert doubtful == ["Habo kommun"]  # might be Håbo kommun, typed on a keyboard without å


def test_counties_bear_the_name_of_the_body_that_takes_part() -> None:
    names = {row["name"] for row in ROWS if row["kind"] == "county"}
    assert all(name.startswith("Region ") or name.endswith(("regionen", "fylkeskommune")) for name in names)


def test_the_directory_is_read_once() -> None:
    assert load() is load()
