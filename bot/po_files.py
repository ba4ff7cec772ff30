"""The translated sentences of a .po file, as Babel reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A language's sentences by their English source; what it does not have is said in English.

    The languages we speak have two forms of what counts: one for 1, and one for everything else.
    """

    sentences: Mapping[str, str] = field(default_factory=dict)  # of what counts, the form for 1
    several: Mapping[str, str] = field(default_factory=dict)  # by the source for 1

    def gettext(self, source: str) -> str:
        return self.sentences.get(source, source)

    def ngettext(self, one: str, several: str, n: int) -> str:
        return self.gettext(one) if n == 1 else self.several.get(one, several)


def read(file: Path) -> Catalogue:
    """Everything that is translated in the file. Writing it as a .mo file for `gettext` would take as long again."""
    from babel.messages.pofile import read_po  # a start without a word said does without

    with file.open("rb") as written:
        translated: list[Any] = [one for one in read_po(written) if one.id and one.string and not one.fuzzy]
    plural = {one.id[0]: one.string for one in translated if one.pluralizable}
    single = {one.id: one.string for one in translated if not one.pluralizable}
    one, several = ({id: said[form] for id, said in plural.items() if said[form]} for form in (0, 1))
    return Catalogue({**single, **one}, several)
