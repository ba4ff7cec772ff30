"""What the doctor looks at."""

from __future__ import annotations

from functools import partial

from aiohttp import ClientSession
from sqlalchemy import Connection

from bot import doctor as examination
from bot.assembly import SystemClock, shared_session
from bot.composition import own_keys
from bot.composition.building import LOCALES, database_shown, mailer, proxy, secret, signing_secrets
from bot.doctor import Check, Finding
from bot.texts import Translators
from config.settings import Settings
from storage import condition
from storage.tables import REVISION
from storage.unit_of_work import unit_of_work


async def examine(found: Settings, *, online: bool) -> list[Finding]:
    async with shared_session(proxy(found)) as session:
        checks = {**_local_checks(found), **(_online_checks(found, session) if online else {})}
        return await examination.examine(checks)


def _local_checks(found: Settings) -> dict[str, Check]:
    def programmes_wrong() -> list[str]:
        from config import programme_files  # the reader of YAML, which no server needs

        problems = programme_files.check(programme_files.SAMPLES, SystemClock().now().date())
        return programme_files.as_lines(p for p in problems if p.severity is programme_files.Severity.ERROR)

    names = [name for name, given in (("Slack", found.slack), ("Teams", found.teams)) if given is not None]
    return {
        "platforms": partial(examination.platforms, names, administrators=len(found.admins)),
        "database": partial(_database, found),
        "keys": partial(examination.key_folder, found.key_dir.absolute(), sqlite_file=found.sqlite_path),
        "keys of the database": partial(
            examination.keys_of_database, found.key_dir.absolute(), partial(own_keys.known, found)
        ),
        "time zones": partial(examination.time_zones, ("Europe/Stockholm", "Europe/Oslo")),
        "texts": partial(examination.languages, Translators(LOCALES)),
        "questions": examination.questions,
        "sample programmes": partial(examination.programme_files, programmes_wrong),
    }


async def _database(found: Settings) -> list[Finding]:
    shown, file = Finding(None, f"The database is {database_shown(found)}"), found.sqlite_path
    if file is None:
        return [shown, *await _what_it_answers(found, whose="")]
    if not examination.is_there(file):
        return [shown, *await examination.new_database(file)]
    answered = await _what_it_answers(found, whose=examination.whose(file))
    return [shown, *answered, *await examination.database_file(file)]


async def _what_it_answers(found: Settings, *, whose: str) -> list[Finding]:
    unit = unit_of_work(found.database_url.get_secret_value())
    try:
        return await examination.database(
            lambda: unit.run(condition.revision),
            lambda: unit.run(_write),
            lambda: unit.run(condition.may_make_tables),
            head=REVISION,
            known=_is_known,
            whose=whose,
        )
    finally:
        await unit.close()


def _write(connection: Connection) -> None:
    """As it would be written, and kept: that the disk is full, SQLite only says at the commit."""
    condition.takes_writes(connection)
    condition.writes(connection)


def _is_known(revision: str) -> bool:
    from storage import migrate  # Alembic, which only the tables of another version need

    return migrate.is_known(revision)


def _online_checks(found: Settings, session: ClientSession) -> dict[str, Check]:
    from bot.adapters.slack import manifest as slack_manifest

    checks: dict[str, Check] = {}
    if found.slack is not None:
        access = examination.SlackAccess(
            api_url=found.slack.api_url.rstrip("/") + "/",
            bot_token=secret(found.slack.bot_token),
            app_token=secret(found.slack.app_token),
            signing_secrets=signing_secrets(found.slack),
            scopes=frozenset(slack_manifest.BOT_SCOPES),
            optional_scopes=frozenset(slack_manifest.OPTIONAL_SCOPES),
        )
        checks["Slack"] = partial(examination.slack, session, access, now=SystemClock().now)
    if found.teams is not None:
        bot = examination.TeamsAccess(
            client_id=found.teams.client_id,
            client_secret=secret(found.teams.client_secret),
            client_secret_expires=found.teams.client_secret_expires,
            token_url=found.teams.token_url,
            openid_metadata_url=found.teams.openid_metadata_url,
            service_hosts=found.teams.service_hosts,
        )
        checks["Teams"] = partial(examination.teams, session, bot, now=SystemClock().now)
    server = mailer(found)
    if server is not None:
        checks["mail"] = partial(examination.mail, server.check)
    if not found.public_url.startswith("http:"):
        checks["public address"] = partial(examination.public_address, session, found.public_url)
    elif found.slack is not None or found.teams is not None:
        by_http = found.teams is not None or (found.slack is not None and found.slack.app_token is None)
        checks["public address"] = partial(examination.no_public_address, found.public_url, needed=by_http)
    return checks
