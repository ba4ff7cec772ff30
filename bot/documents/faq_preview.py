"""What loading a file of questions with answers would do, as lines to read in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import ndiff

from bot.domain.faq import Entry
from bot.domain.faq_import import Changed, Comparison, Difference
from bot.domain.words import Localised


def lines(comparison: Comparison) -> Iterator[str]:
    """New entries with their answers, changed ones with what is different, and what is worth a second look."""
    for entry in comparison.added:
        yield f"new      {_named(entry)}"
        for answer in entry.answer.wordings.values():
            yield from _indented(answer.split("\n"))
    for change in comparison.changed:
        yield f"changed  {_named(change.before)}"
        yield from _difference_lines(change)
    for entry in comparison.retired:
        yield f"retired  {_named(entry)}: was taken out of use, and stays so"
    for pair in comparison.alike:
        yield f"alike?   {_named(pair.entry)}"
        yield f"         {_named(pair.other)}"
    yield _summary(comparison)


def _summary(comparison: Comparison) -> str:
    counts = {
        "new": comparison.added,
        "changed": comparison.changed,
        "the same": comparison.same,
        "retired": comparison.retired,
        "perhaps there already": comparison.alike,
    }
    always = ("new", "changed", "the same")
    return ", ".join(f"{len(found)} {what}" for what, found in counts.items() if found or what in always) + "."


def _named(entry: Entry) -> str:
    edition = f" ({entry.edition})" if entry.edition else ""
    return f"{entry.id}{edition}: {_original(entry.question)}"


def _original(words: Localised) -> str:
    return next(iter(words.wordings.values()), "")


def _difference_lines(change: Changed) -> Iterator[str]:
    for difference in change.differences:
        yield f"         {_label(difference)}"
        compared = ndiff(difference.before.split("\n"), difference.after.split("\n"))
        yield from _indented(line for line in compared if not line.startswith("?"))


def _label(difference: Difference) -> str:
    return f"{difference.field} ({difference.language})" if difference.language else difference.field


def _indented(written: Iterable[str]) -> Iterator[str]:
    return (f"           {line}".rstrip() for line in written)
