"""The municipalities, counties and regions of Sweden and Norway, from the table beside this file."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from bot.domain.organisations import Directory, Organisation


@cache
def load() -> Directory:
    """The directory, read when first asked for."""
    return Directory(_organisations())


def county(key: str) -> str:
    """The key of the county with this key or that is this municipality (Gotland, Oslo); empty when there is none."""
    return _counties().get(key, "")


@cache
def _counties() -> Mapping[str, str]:
    counties: dict[str, str] = {}
    for row in _rows():
        own, county = f"{row['country']}-{row['code']}", f"{row['country']}-{row['county_code']}"
        alone = load().get(county) is None  # the municipality is all there is of its county
        if row["county_code"] and (own == county or alone):
            counties |= {own: county, county: county}
    return counties


def _rows() -> Iterator[dict[str, str]]:
    table = files("config").joinpath("organisations.csv").read_text(encoding="utf-8")
    return csv.DictReader(table.splitlines())


def _organisations() -> Iterator[Organisation]:
    for row in _rows():
        yield Organisation(
            key=f"{row['country']}-{row['code']}",
            name=row["name"],
            short_name=row["short_name"],
            country=row["country"],
            kind=row["kind"],
            also=tuple(row["also"].split("|")) if row["also"] else (),
        )
