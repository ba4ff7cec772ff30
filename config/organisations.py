"""The municipalities, counties and regions of Sweden and Norway, from the table beside this file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from bot.domain.organisations import Directory, Organisation


@cache
def load() -> Directory:
    """The directory, read when first asked for."""
    return Directory(_organisations())


def _organisations() -> Iterator[Organisation]:
    table = files("config").joinpath("organisations.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(table.splitlines()):
        yield Organisation(
            key=f"{row['country']}-{row['code']}",
            name=row["name"],
            short_name=row["short_name"],
            country=row["country"],
            kind=row["kind"],
            also=tuple(row["also"].split("|")) if row["also"] else (),
        )
