"""Every sentence that the code shows during a test exists in all four languages, with all its places filled.

`every_text_resolves` watches a whole test by itself once a conftest imports it; `resolve` does the same for one view.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from bot.domain.people import Language
from bot.domain.words import Text
from bot.messages import View
from bot.texts import Translators, plain
from config import catalogues

_ROOT = Path(__file__).parents[2]
_OURS = (f"{_ROOT / 'bot'}/", f"{_ROOT / 'config'}/")
_WORDS = str(_ROOT / "bot" / "domain" / "words.py")

Sentence = tuple[str, str, frozenset[str]]
"""A sentence as it was used: source, plural source, and the names of the values it was given."""

translators = Translators(catalogues.FOLDER)


class UnresolvedError(AssertionError):
    """A sentence is missing in a language, or a place in it has no value."""


def resolve(view: View) -> Mapping[Language, str]:
    """The text twin of the view in each language. Raises `UnresolvedError` for anything that could not be said."""
    _raise_for({_sentence(text) for text in texts_in(view)})
    return {language: plain(view, translators(language)) for language in Language}


def texts_in(value: object) -> Iterator[Text]:
    """Every sentence of ours in a view, however deep, and those in the values of others."""
    if isinstance(value, Text) and value.message:
        yield value
    if is_dataclass(value) and not isinstance(value, type):
        for part in fields(value):
            yield from texts_in(getattr(value, part.name))
    elif isinstance(value, Mapping):
        for inside in value.values():
            yield from texts_in(inside)
    elif isinstance(value, tuple | list):
        for inside in value:
            yield from texts_in(inside)


@pytest.fixture(autouse=True)
def every_text_resolves() -> Iterator[None]:
    """Fail a test in which our code made a sentence that some reader could not be shown."""
    with watched():
        yield


@contextmanager
def watched() -> Iterator[None]:
    """Note every sentence that our code makes meanwhile; at the end raise `UnresolvedError` for those that fail."""
    made: set[Sentence] = set()
    make = Text.__init__

    def watch(text: Text, *args: Any, **kwargs: Any) -> None:
        make(text, *args, **kwargs)
        if text.message and _is_ours(sys._getframe(1)):
            made.add(_sentence(text))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Text, "__init__", watch)
        yield
    _raise_for(made)


def problems(sentence: Sentence) -> Iterator[str]:
    """Why this sentence cannot be shown to everybody; nothing when it can."""
    message, plural, given = sentence
    for place in sorted((catalogues.places(message) | catalogues.places(plural)) - given):
        yield f"{{{place}}} has no value: {message!r}"
    for language, known in _translated().items():
        if message not in known:
            yield f"{language} lacks {message!r}"
        elif known[message] != plural:
            yield f"{language}: another plural: {message!r}"


@cache
def _translated() -> Mapping[str, Mapping[str, str]]:
    """For each language: the sentences that are translated for good, each with its plural source if it counts."""
    found: dict[str, dict[str, str]] = {}
    for language in catalogues.LANGUAGES:
        catalogue = catalogues.read(catalogues.FOLDER / f"{language}.po", language)
        good = [m for m in catalogue if m.id and m.string and all(m.string) and not m.fuzzy]
        found[language] = {m.id: "" for m in good if isinstance(m.id, str)}
        found[language] |= {m.id[0]: m.id[1] for m in good if not isinstance(m.id, str)}
    return found


def _sentence(text: Text) -> Sentence:
    return text.message, text.plural, frozenset(text.values)


def _raise_for(made: set[Sentence]) -> None:
    found = [problem for sentence in sorted(made, key=str) for problem in problems(sentence)]
    if found:
        raise UnresolvedError("\n".join([*found, "New sentences? Run: python -m config.catalogues, then translate."]))


def _is_ours(frame: FrameType | None) -> bool:
    """Whether the sentence was written in our code, and not made up by a test."""
    while frame is not None and frame.f_code.co_filename == _WORDS:
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename.startswith(_OURS)
