"""The gettext catalogues: takes the source sentences out of the code, merges them into each language, and checks them.

`python -m config.catalogues` does the first two and tells what is left to translate. English is the source and has no
catalogue. The program reads the `.po` files as they are, so there is nothing to compile.
"""

from __future__ import annotations

import re
import string
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.domain.people import Language

LANGUAGES = tuple(language.value for language in Language if language is not Language.ENGLISH)
FOLDER = Path(__file__).parent / "locales"
TEMPLATE = "lartraff.pot"

_ROOT = Path(__file__).parents[1]
_SOURCES = ("bot", "config")
_KEYWORDS = {"_": None, "n_": (1, 2), "Text": None}
_METHODS = [("**.py", "python")]
_COMMENT_TAGS = ("Translators:",)
_KEPT_OF_HEADER = ("Language:", "Plural-Forms:", "MIME-Version:", "Content-Type:", "Content-Transfer-Encoding:")


def extract(root: Path = _ROOT) -> Catalog:
    """Every marked sentence of the sources, in the order of files and lines."""
    found = Catalog(header_comment=_header("Every sentence of ours, in English"))
    for folder in _SOURCES:
        marked = extract_from_dir(
            root / folder, _METHODS, keywords=_KEYWORDS, comment_tags=_COMMENT_TAGS, strip_comment_tags=True
        )
        for name, line, message, comments, context in marked:
            place = (f"{folder}/{Path(name).as_posix()}", line)
            found.add(message, locations=[place], auto_comments=comments, context=context)
    return found


def update(folder: Path = FOLDER) -> Catalog:
    """Write the template, and bring each language's catalogue up to it; what has lost its source is left out.

    Returns what it took from the sources.
    """
    template = extract()
    _write(template, folder / TEMPLATE)
    for language in LANGUAGES:
        path = folder / f"{language}.po"
        catalogue = read(path, language) if path.exists() else Catalog(locale=language)
        catalogue.update(template, update_header_comment=False)
        catalogue.header_comment = _header(f"{language}: the sentences of lartraff.pot")
        _write(catalogue, path)
    return template


def read(path: Path, language: str | None = None) -> Catalog:
    """The catalogue in a file."""
    with path.open("rb") as written:
        return read_po(written, locale=language, charset="utf-8")


def check(template: Catalog, folder: Path = FOLDER) -> list[str]:
    """What is wrong with the catalogues, a line each; empty when all of the template is translated and up to date."""
    return [
        f"{language}: {problem}"
        for language in LANGUAGES
        for problem in _problems(read(folder / f"{language}.po", language), template)
    ]


def _problems(catalogue: Catalog, template: Catalog) -> Iterator[str]:
    sources = {_key(message): message for message in template if message.id}
    translated = {_key(message): message for message in catalogue if message.id}
    for key in sources.keys() - translated.keys():
        yield f"out of date, lacks {key!r}"
    for key in translated.keys() - sources.keys():
        yield f"out of date, nothing says {key!r} any more"
    for message in catalogue.obsolete.values():
        yield f"obsolete: {_key(message)!r}"
    for key in sources.keys() & translated.keys():
        if _forms(sources[key].id) != _forms(translated[key].id):
            yield f"out of date, the plural of {key!r} is another"
        yield from _wrong(translated[key], catalogue.num_plurals)


def _wrong(message: Message, num_plurals: int) -> Iterator[str]:
    key, sources, forms = _key(message), _forms(message.id), _forms(message.string or "")
    if message.fuzzy:
        yield f"fuzzy: {key!r}"
    if not all(forms):
        yield f"not translated: {key!r}"
        return
    if len(forms) != (num_plurals if message.pluralizable else 1):
        yield f"has {len(forms)} plural forms: {key!r}"
    wanted = places(sources[0])
    for form in forms:
        if places(form) != wanted:
            yield f"has the places {sorted(places(form))} instead of {sorted(wanted)}: {key!r}"
        if _edges(form) != _edges(sources[0]):
            yield f"begins or ends with other blanks: {key!r}"


def places(sentence: str) -> set[str]:
    """The named places that a sentence leaves open."""
    return {name for _before, name, _format, _conversion in string.Formatter().parse(sentence) if name is not None}


def _key(message: Message) -> str:
    return _forms(message.id)[0]


def _forms(words: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def _edges(sentence: str) -> tuple[str, str]:
    bare = sentence.strip()
    before, _bare, after = sentence.partition(bare)
    return before, after


def _header(about: str) -> str:
    return f"# {about}. Brought up to date by: python -m config.catalogues"


def _write(catalogue: Catalog, path: Path) -> None:
    """Write without dates, line numbers and names of tools: a difference is always a difference in words."""
    catalogue.fuzzy = False
    written = BytesIO()
    write_po(written, catalogue, width=0, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    head, blank, entries = written.getvalue().decode().partition("\n\n")
    lines = head.splitlines()
    kept = [line for line in lines if not re.match(r'"[\w-]+:', line) or line.startswith(_KEPT_OF_HEADER, 1)]
    path.write_text("\n".join(kept) + blank + entries, encoding="utf-8", newline="\n")


def main() -> int:
    """Bring the catalogues up to date and tell what is left to do."""
    problems = check(update())
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
