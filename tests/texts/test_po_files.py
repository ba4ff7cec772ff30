"""Our reader of .po files finds in them what Babel's finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from bot import po_files
from config import catalogues

_AWKWARD = {
    "Two\nlines": "Två\nrader",
    'She said “no” and "yes"': 'Hon sade ”nej” och "ja"',
    "A \\ and a\ttab": "Ett \\ och en\ttabb",
    "msgid": "msgstr",
    "{a} long sentence " * 20: "{a} lång mening " * 20,
    "Not translated": "",
}


def by_babel(file: Path) -> po_files.Catalogue:
    """What Babel says is translated in the file."""
    with file.open("rb") as written:
        translated: list[Any] = [one for one in read_po(written) if one.id and one.string and not one.fuzzy]
    plural = {one.id[0]: one.string for one in translated if one.pluralizable}
    single = {one.id: one.string for one in translated if not one.pluralizable}
    one, several = ({id: said[form] for id, said in plural.items()} for form in (0, 1))
    return po_files.Catalogue({**single, **one}, several)


@pytest.mark.parametrize("language", ["sv", "nb", "nn"])
def test_a_catalogue_of_ours_is_read_as_babel_reads_it(language: str) -> None:
    file = catalogues.FOLDER / f"{language}.po"
    found = po_files.read(file)
    assert found == by_babel(file)
    assert len(found.sentences) > 2000
    assert len(found.several) > 20


def test_so_are_breaks_quotes_long_lines_and_gaps(tmp_path: Path) -> None:
    catalogue = Catalog(locale="sv")
    for source, said in _AWKWARD.items():
        catalogue.add(source, said, locations=[("a.py", 1)], user_comments=['a "comment"'])
    catalogue.add(("{n} seat", "{n} seats"), ("{n} plats", "{n} platser"))
    catalogue.obsolete["Gone"] = Message("Gone", "Borta")
    file = tmp_path / "sv.po"
    with file.open("wb") as written:
        write_po(written, catalogue)
    found = po_files.read(file)
    assert found == by_babel(file)
    assert {source: said for source, said in _AWKWARD.items() if said}.items() <= found.sentences.items()
    assert found.several == {"{n} seat": "{n} platser"}


def test_what_counts_has_a_form_for_one_and_one_for_the_rest() -> None:
    catalogue = po_files.Catalogue({"{n} seat": "{n} plats"}, {"{n} seat": "{n} platser"})
    assert catalogue.ngettext("{n} seat", "{n} seats", 1) == "{n} plats"
    assert {catalogue.ngettext("{n} seat", "{n} seats", n) for n in (0, 2, 21)} == {"{n} platser"}


def test_what_is_not_translated_is_said_in_english() -> None:
    nothing = po_files.Catalogue()
    assert nothing.gettext("Back") == "Back"
    assert [nothing.ngettext("{n} seat", "{n} seats", n) for n in (1, 2)] == ["{n} seat", "{n} seats"]
