"""Questions with answers in files: brought in, written out, and tried."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from bot.assembly import SystemClock
from bot.composition.building import LOCALES, plan
from bot.documents import faq_preview, faq_sheet, faq_test_lines
from bot.domain.faq import Entry
from bot.domain.faq_import import Comparison, Given
from bot.domain.faq_tests import Question, Result
from bot.domain.programmes import Programme
from bot.handlers import faq_import, question_tests
from bot.handlers.finding import Finder
from bot.texts import Translators
from config.settings import Settings
from storage.programmes import Catalogue
from storage.unit_of_work import unit_of_work

T = TypeVar("T")

Bring = Callable[[Connection, Sequence[Given], datetime], Comparison]


class UnusableFileError(Exception):
    """A file of questions that cannot be read or written, and why."""


def bring(found: Settings, given: Sequence[Given], do: Bring) -> Iterator[str]:
    """What storing the entries changes or would change, line by line; raises `UnusableFileError`."""
    comparison = _once(found, lambda connection: do(connection, given, SystemClock().now()))
    return faq_preview.lines(comparison)


def questions_in(file: Path, programme: str, language: str) -> tuple[Sequence[Given], Sequence[str]]:
    """The entries in a file, and what is worth a second look; raises `UnusableFileError`."""
    from config import faq_files, faq_schema  # the readers of YAML and HTML, which no server needs

    reading = faq_files.read(file, programme=faq_schema.programme_named(programme), language=language)
    problems = [str(problem) for problem in reading.problems]
    if not reading.usable:
        raise UnusableFileError("\n".join(problems))
    return reading.given, problems


def questions_as(suffix: str, found: Settings, programme: str) -> tuple[bytes, int]:
    """The entries in use as a file, and how many they are; raises `UnusableFileError`."""
    if suffix not in (".csv", ".md"):
        raise UnusableFileError("the file's name must end with .csv or .md")
    entries, programmes = _in_use(found, programme)
    translator = Translators(LOCALES)(plan(found).language)
    titles = {id: translator.say(one.title) for id, one in programmes.items()}
    if suffix == ".csv":
        return faq_sheet.csv_file(entries, translator.language), len(entries)
    return faq_sheet.markdown_file(entries, titles), len(entries)


def _in_use(found: Settings, programme: str) -> tuple[Sequence[Entry], Mapping[str, Programme]]:
    """The entries of a programme, or of all of them, with the programmes they are for."""
    from config import faq_schema

    only = faq_schema.programme_named(programme) if programme else None

    def look(connection: Connection) -> tuple[Sequence[Entry], Mapping[str, Programme]]:
        entries = faq_import.in_use(connection, only, SystemClock().now())
        return entries, faq_import.named(connection, {entry.programme for entry in entries})

    return _once(found, look)


def questions_to_test(file: Path) -> Sequence[Question]:
    """The questions of a file to test with; raises `UnusableFileError`."""
    from config import faq_tests  # the reader of YAML, which no server needs

    questions, problems = faq_tests.read(file)
    if problems:
        raise UnusableFileError("\n".join(map(str, problems)))
    return questions


def tested(found: Settings, file: Path, questions: Sequence[Question], programme: str) -> tuple[Sequence[str], bool]:
    """What each question gets, line by line, and whether none has failed; raises `UnusableFileError`."""

    async def done() -> Sequence[Result]:
        unit, clock = unit_of_work(found.database_url.get_secret_value()), SystemClock()
        finder = Finder(unit, clock, Catalogue(), meaning=True)
        try:
            return await question_tests.of_file(finder, unit, clock, questions, programme)
        except faq_import.UnknownProgrammeError as error:
            raise UnusableFileError(str(error)) from None
        except question_tests.UnknownExpectedError as error:
            lines = (f"{file}:{one.line}:1: error: no question {one.expected!r} is in use" for one in error.unknown)
            raise UnusableFileError("\n".join(lines)) from None
        finally:
            await unit.close()

    results = asyncio.run(done())
    say = Translators(LOCALES)(plan(found).language).say
    return tuple(faq_test_lines.lines(results, say)), all(one.passed is not False for one in results)


def _once(found: Settings, work: Callable[[Connection], T]) -> T:
    """Do the work in one transaction of its own; raises `UnusableFileError`."""

    async def done() -> T:
        unit = unit_of_work(found.database_url.get_secret_value())
        try:
            return await faq_import.in_turn(unit, work)
        except faq_import.UnknownProgrammeError as error:
            raise UnusableFileError(str(error)) from None
        finally:
            await unit.close()

    return asyncio.run(done())
