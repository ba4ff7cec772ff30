"""A catalogue holds what its .po file has translated, and falls back to English for the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from bot import po_files
from config import catalogues


@pytest.mark.parametrize("language", ["sv", "nb", "nn"])
def test_a_catalogue_of_ours_has_its_sentences_and_what_counts(language: str) -> None:
    found = po_files.read(catalogues.FOLDER / f"{language}.po")
    assert len(found.sentences) > 2000
    assert len(found.several) > 20
    assert found.gettext("Back") != "Back"


def test_what_is_doubtful_or_not_translated_is_left_out(tmp_path: Path) -> None:
    catalogue = Catalog(locale="sv")
    catalogue.add("Back", "Tillbaka")
    catalogue.add("Doubtful", "Tveksamt", flags=["fuzzy"])
    catalogue.add("Not translated", "")
    catalogue.add(("{n} seat", "{n} seats"), ("{n} plats", "{n} platser"))
    catalogue.add(("{n} day", "{n} days"), ("", ""))
    file = tmp_path / "sv.po"
    with file.open("wb") as written:
        write_po(written, catalogue)
    expected = po_files.Catalogue({"Back": "Tillbaka", "{n} seat": "{n} plats"}, {"{n} seat": "{n} platser"})
    assert po_files.read(file) == expected


def test_what_counts_has_a_form_for_one_and_one_for_the_rest() -> None:
    catalogue = po_files.Catalogue({"{n} seat": "{n} plats"}, {"{n} seat": "{n} platser"})
    assert catalogue.ngettext("{n} seat", "{n} seats", 1) == "{n} plats"
    assert {catalogue.ngettext("{n} seat", "{n} seats", n) for n in (0, 2, 21)} == {"{n} platser"}


def test_what_is_not_translated_is_said_in_english() -> None:
    nothing = po_files.Catalogue()
    assert nothing.gettext("Back") == "Back"
    assert [nothing.ngettext("{n} seat", "{n} seats", n) for n in (1, 2)] == ["{n} seat", "{n} seats"]
