"""Checks of this machine: database, time zones, texts and programme files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot import faq
from bot.doctor.database_trouble import no_answer, no_writes
from bot.doctor.findings import Finding
from bot.domain.people import Language
from bot.domain.words import _
from bot.texts import Translators


async def platforms(names: Collection[str], *, administrators: int) -> list[Finding]:
    """Something to talk through, and somebody who may appoint coordinators. `names` are the platforms that are set."""
    if not names:
        action = "See docs/slack.md and docs/teams.md. `lartraff sandbox` needs neither."
        return [Finding(None, "Neither Slack nor Teams is configured: `serve` and `worker` do not start", action)]
    findings = [Finding(True, f"Configured: {' and '.join(names)}")]
    if not administrators:
        action = "Set LARTRAFF_ADMINS to at least one person: docs/settings.md."
        findings.append(Finding(None, "There is no administrator: nobody can appoint coordinators", action))
    return findings


async def database(
    revision: Callable[[], Awaitable[str | None]],
    write: Callable[[], Awaitable[None]],
    may_make_tables: Callable[[], Awaitable[bool]],
    *,
    head: str,
    known: Callable[[str], bool],
    whose: str,
) -> list[Finding]:
    """The database answers, has this version's tables, and takes writes. The functions raise when it does not.

    `known` tells the revision of an older version from one that this version has never heard of. `whose` says whose
    SQLite's files are, and is empty for PostgreSQL.
    """
    try:
        found = await revision()
    except Exception as error:  # noqa: BLE001 - of whichever driver
        return [no_answer(error, whose)]
    if found != head:
        return [_other_tables(found, known, may_migrate=await may_make_tables())]
    try:
        await write()
    except Exception as error:  # noqa: BLE001 - of whichever driver
        return [no_writes(error, whose)]
    return [Finding(True, "The database answers, takes writes and is up to date")]


def _other_tables(found: str | None, known: Callable[[str], bool], *, may_migrate: bool) -> Finding:
    if found is not None and not known(found):
        action = "Install the version that made it, or restore the backup from before the update."
        return Finding(False, f"The database was made by a newer version of Lärträff ({found})", action)
    what = "no tables yet" if found is None else f"the tables of another version ({found})"
    if may_migrate:
        return Finding(False, f"The database has {what}", "Run: lartraff migrate")
    action = "Give it the database (ALTER DATABASE … OWNER TO …), then run: lartraff migrate"
    return Finding(False, f"The database has {what}, and its user may not make any", action)


async def questions() -> list[Finding]:
    """Whether questions can be compared with answers by their meaning."""
    state = await asyncio.to_thread(faq.state)
    if state == "ready":
        return [Finding(True, "Questions are compared with answers by meaning")]
    return [
        Finding(
            None,
            f"Questions are compared with answers by their words alone: {state}",
            "Install Lärträff with its extra [semantic] to understand more of them. It takes some 60 MB of memory.",
        )
    ]


async def time_zones(zones: Iterable[str]) -> list[Finding]:
    """The zones of the programmes are known here."""
    unknown = [name for name in sorted(set(zones)) if not _is_zone(name)]
    if unknown:
        action = "Install the time zones: the package tzdata."
        return [Finding(False, f"Time zones are missing: {', '.join(unknown)}", action)]
    return [Finding(True, "Time zones are known")]


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


async def languages(translators: Translators) -> list[Finding]:
    """Every language can be spoken."""
    mute: list[str] = []
    for language in Language:
        try:
            translators(language).say(_("Next"))
        except (OSError, ValueError) as error:
            mute.append(f"{language} ({type(error).__name__})")
    if mute:
        return [Finding(False, f"Texts are missing: {', '.join(mute)}", "Install Lärträff again: files are missing.")]
    return [Finding(True, "Texts are there in every language")]


async def programme_files(problems: Callable[[], Sequence[str]]) -> list[Finding]:
    """The programme files can be loaded. `problems` gives a line for each error in them."""
    lines = await asyncio.to_thread(problems)
    if not lines:
        return [Finding(True, "Programme files are without errors")]
    return [Finding(False, line, "Run: lartraff programme check FILE") for line in lines]
