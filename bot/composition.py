"""From settings to a site, and to what the doctor looks at. With `bot.commands` the only reader of config."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from aiohttp import ClientSession
from pydantic import SecretStr
from sqlalchemy import Connection

from bot import doctor as examination
from bot.assembly import URNS, Adapter, Plan, Site, SystemClock, assemble, shared_session
from bot.doctor import Check, Finding
from bot.documents import faq_preview, faq_sheet, faq_test_lines
from bot.domain.faq import Entry
from bot.domain.faq_import import Comparison, Given
from bot.domain.faq_tests import Question, Result
from bot.domain.people import Language
from bot.domain.programmes import Programme
from bot.flows import processing_register as register_of_processing
from bot.handlers import faq_import, nudges, proving, question_tests, retention
from bot.handlers.finding import Finder
from bot.keys import FileUrnKeys, cipher
from bot.texts import Translators
from bot.web import prose
from config import organisations, settings
from config.settings import Settings, SlackSettings, TeamsSettings
from storage import condition
from storage.programmes import Catalogue
from storage.tables import REVISION
from storage.unit_of_work import UnitOfWork, unit_of_work

if TYPE_CHECKING:
    from bot.adapters.mail import SmtpMailer
    from bot.adapters.slack.app import Installing

T = TypeVar("T")

LOCALES = Path(settings.__file__).parent / "locales"


# --- A site -----------------------------------------------------------------------------------------------------------


def plan(found: Settings) -> Plan:
    return Plan(
        database_url=found.database_url.get_secret_value(),
        key_dir=found.key_dir.absolute(),
        public_url=found.public_url,
        locales=LOCALES,
        directory=organisations.load(),
        language=Language(found.language),
        administrators=frozenset(":".join(administrator) for administrator in found.admins),
        meaning=True,
    )


def site(found: Settings, session: ClientSession) -> Site:
    """The site with the platforms that the settings name. Each platform's code is imported only then."""
    made = assemble(plan(found), SystemClock(), _mailer(found))
    if found.slack is not None:
        made.join(_slack(made, found.slack, found, session))
    if found.teams is not None:
        made.join(_teams(made, found.teams, session))
    return made


def _mailer(found: Settings) -> SmtpMailer | None:
    """The mail server that the settings name. Its library is imported only then."""
    if found.smtp_url is None or found.mail_from is None:
        return None
    from bot.adapters.mail import MailConfig, SmtpMailer

    return SmtpMailer(MailConfig.of(_secret(found.smtp_url), found.mail_from))


def _slack(site: Site, given: SlackSettings, found: Settings, session: ClientSession) -> Adapter:
    from bot.adapters.slack import app as slack  # only when Slack is configured

    config = slack.SlackConfig(
        signing_secrets=_signing_secrets(given),
        bot_token=_secret(given.bot_token),
        app_token=_secret(given.app_token),
        client_id=given.client_id or "",
        client_secret=_secret(given.client_secret),
        api_url=given.api_url.rstrip("/") + "/",
        public_url=found.public_url,
    )
    return slack.build(
        config,
        receives=site.reception,
        translators=site.translators,
        clock=site.clock,
        session=session,
        installing=None if given.bot_token else _installing(site),
    )


def _installing(site: Site) -> Installing:
    """What an app that several workspaces install needs besides."""
    from bot.adapters.slack.app import Installing
    from bot.adapters.slack.installations import Installation
    from storage.installations import Installations

    return Installing(
        store=Installations(site.unit_of_work, site.clock, Installation),
        cipher=cipher(site.keys),
        may_install=site.is_administrator,
        shows=partial(prose.outcome, site.translators),
    )


def _teams(site: Site, given: TeamsSettings, session: ClientSession) -> Adapter:
    from bot.adapters.teams import app as teams  # 17 MiB and half a second

    config = teams.TeamsConfig(
        client_id=given.client_id,
        client_secret=_secret(given.client_secret),
        tenant_id=given.tenant_id,
        allowed_tenants=given.allowed_tenants,
        openid_metadata_url=given.openid_metadata_url,
        token_issuer=given.token_issuer,
        token_url=given.token_url,
        service_hosts=given.service_hosts,
    )
    return teams.build(config, site.reception, site.translators, session)


def _signing_secrets(given: SlackSettings) -> tuple[str, ...]:
    return tuple(_secret(secret) for secret in (given.signing_secret, given.signing_secret_previous) if secret)


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""


# --- What is stored of answers without names --------------------------------------------------------------------------


def proof(found: Settings, round: str) -> tuple[tuple[str, ...], bool]:
    """The proof, in the deployment's language, and whether all of it holds.

    Raises `LookupError` for a round that is not there, and `OSError` when the keys cannot be looked at.
    """
    made = plan(found)

    def look(connection: Connection) -> proving.Proof:
        return proving.prove(connection, SystemClock().now(), FileUrnKeys(made.key_dir / URNS), round)

    proved = condition.examine(made.database_url, look)
    return tuple(proved.lines(Translators(LOCALES)(made.language).say)), proved.holds


def processing_register(found: Settings) -> Iterator[str]:
    """The register of processing as lines of Markdown, in the deployment's language."""
    made, clock = plan(found), SystemClock()
    held = condition.examine(made.database_url, lambda connection: tuple(Catalogue().read(connection).values()))
    facts = register_of_processing.Facts(
        today=clock.now().date(),
        programmes=tuple(one for one in held if not one.draft),
        platforms=tuple(name for name, given in (("slack", found.slack), ("teams", found.teams)) if given is not None),
        on_postgresql=not made.database_url.startswith("sqlite"),
        mails=found.smtp_url is not None,
        message_days=nudges.MESSAGES_KEPT.days,
        form_days=nudges.RUNS_KEPT.days,
        event_days=nudges.DELIVERIES_KEPT.days,
        asker_days=retention.ASKERS_KEPT.days,
    )
    say = Translators(LOCALES)(made.language).say
    for begins, words in register_of_processing.page(facts):
        heading = begins.startswith("#")
        yield from ("",) if heading and begins != "# " else ()
        yield begins + say(words)
        yield from ("",) if heading else ()


# --- Questions with answers in files ----------------------------------------------------------------------------------

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


# --- What the doctor looks at -----------------------------------------------------------------------------------------


async def examine(found: Settings, *, online: bool) -> list[Finding]:
    async with shared_session() as session:
        unit = unit_of_work(found.database_url.get_secret_value())
        checks = {**_local_checks(found, unit), **(_online_checks(found, session) if online else {})}
        findings = await examination.examine(checks)
        await unit.close()
    return findings


def _local_checks(found: Settings, unit: UnitOfWork) -> dict[str, Check]:
    def programmes_wrong() -> list[str]:
        from config import programme_files  # the reader of YAML, which no server needs

        problems = programme_files.check(programme_files.SAMPLES, SystemClock().now().date())
        return programme_files.as_lines(p for p in problems if p.severity is programme_files.Severity.ERROR)

    async def database() -> list[Finding]:
        if found.sqlite_path is not None and not found.sqlite_path.exists():
            return [Finding(None, f"The database file is made at the first start: {found.sqlite_path}")]
        return await examination.database(
            lambda: unit.run(condition.revision), lambda: unit.run(condition.takes_writes), head=REVISION
        )

    return {
        "database": database,
        "keys": partial(examination.key_folder, found.key_dir.absolute(), sqlite_file=found.sqlite_path),
        "time zones": partial(examination.time_zones, ("Europe/Stockholm", "Europe/Oslo")),
        "texts": partial(examination.languages, Translators(LOCALES)),
        "questions": examination.questions,
        "sample programmes": partial(examination.programme_files, programmes_wrong),
    }


def _online_checks(found: Settings, session: ClientSession) -> dict[str, Check]:
    from bot.adapters.slack import manifest as slack_manifest

    checks: dict[str, Check] = {}
    if found.slack is not None:
        access = examination.SlackAccess(
            api_url=found.slack.api_url.rstrip("/") + "/",
            bot_token=_secret(found.slack.bot_token),
            app_token=_secret(found.slack.app_token),
            signing_secrets=_signing_secrets(found.slack),
            scopes=frozenset(slack_manifest.BOT_SCOPES),
            optional_scopes=frozenset(slack_manifest.OPTIONAL_SCOPES),
        )
        checks["Slack"] = partial(examination.slack, session, access, now=SystemClock().now)
    if found.teams is not None:
        bot = examination.TeamsAccess(
            client_id=found.teams.client_id,
            client_secret=_secret(found.teams.client_secret),
            token_url=found.teams.token_url,
            openid_metadata_url=found.teams.openid_metadata_url,
            service_hosts=found.teams.service_hosts,
        )
        checks["Teams"] = partial(examination.teams, session, bot, now=SystemClock().now)
    mailer = _mailer(found)
    if mailer is not None:
        checks["mail"] = partial(examination.mail, mailer.check)
    if not found.public_url.startswith("http:"):
        checks["public address"] = partial(examination.public_address, session, found.public_url)
    elif found.slack is not None or found.teams is not None:
        by_http = found.teams is not None or (found.slack is not None and found.slack.app_token is None)
        checks["public address"] = partial(examination.no_public_address, found.public_url, needed=by_http)
    return checks
