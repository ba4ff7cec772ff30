"""The command `lartraff`: reads the settings and puts the parts together. The only reader of config."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from aiohttp import ClientSession
from pydantic import SecretStr

from bot import __version__, logs
from bot import doctor as examination
from bot.assembly import Adapter, Plan, Site, SystemClock, assemble, serve, shared_session, work
from bot.doctor import Check, Finding
from bot.domain.people import Language
from bot.domain.programmes import Programme
from bot.keys import FileKeys, UnusableKeyError, cipher
from bot.pages import application
from bot.texts import Translators
from config import organisations, programme_files, settings
from config.settings import Settings, SettingsError, SlackSettings, TeamsSettings
from storage import condition
from storage.tables import REVISION
from storage.unit_of_work import UnitOfWork, unit_of_work

_CONFIG = Path(settings.__file__).parent
_LOCALES = _CONFIG / "locales"
_LOOPBACK = "127.0.0.1"
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - a server in a container or behind a proxy is reached on any of its addresses

cli = typer.Typer(
    name="lartraff",
    help="Lärträff: learning programmes in Slack and Microsoft Teams.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
manifest = typer.Typer(help="Files ready to upload to Slack or Teams.", no_args_is_help=True)
programme = typer.Typer(help="Programme files: check and load.", no_args_is_help=True)
cli.add_typer(manifest, name="manifest")
cli.add_typer(programme, name="programme")


def main() -> None:
    """The entry point of the command `lartraff`."""
    cli()


# --- Running ----------------------------------------------------------------------------------------------------------


@cli.command()
def sandbox(
    port: Annotated[int, typer.Option(help="Where the page is: http://localhost:PORT")] = 3978,
    folder: Annotated[Path, typer.Option(help="Where the sandbox keeps everything.")] = Path("data/sandbox"),
) -> None:
    """Try Lärträff in the browser: several people at once, a clock to move, five sample programmes."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = Plan(
        database_url=f"sqlite:///{folder.absolute() / 'lartraff.db'}",
        key_dir=folder.absolute() / "keys",
        public_url=f"http://localhost:{port}",
        locales=_LOCALES,
        directory=organisations.load(),
    )
    _migrate(plan.database_url)
    logs.set_up(json=False)
    _run(lambda: _sandbox(plan, folder, port))


async def _sandbox(plan: Plan, folder: Path, port: int) -> None:
    from bot import playground

    found = [programme_files.read(path) for path in programme_files.SAMPLES]
    site = await playground.build(plan, found, folder=folder)
    typer.echo(f"Lärträff's sandbox: http://localhost:{port}  (Ctrl+C ends it; nothing is lost)")
    await serve(site, application(site, ticks=True), host=_LOOPBACK, port=port, ticks=True, stopped=_told_to_stop())


@cli.command("serve")
def serve_command(
    with_worker: Annotated[bool, typer.Option("--with-worker", help="Also do the worker's part: small sites.")] = False,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = _EVERYWHERE,
) -> None:
    """Answer Slack and Teams over HTTP (and Slack's Socket Mode)."""
    found = _settings()
    _need_platform(found)
    _need_schema(found)
    _log(found)
    _run(lambda: _serve(found, host, ticks=with_worker))


async def _serve(found: Settings, host: str, *, ticks: bool) -> None:
    async with shared_session() as session:
        site = _site(found, session)
        app = application(site, ticks=ticks)
        await serve(site, app, host=host, port=found.port, ticks=ticks, stopped=_told_to_stop())


@cli.command()
def worker() -> None:
    """Send what is due: reminders, offers, and whatever waits in the outbox."""
    found = _settings()
    _need_platform(found)
    _need_schema(found)
    _log(found)
    _run(lambda: _work(found))


async def _work(found: Settings) -> None:
    async with shared_session() as session:
        await work(_site(found, session), stopped=_told_to_stop())


@cli.command()
def migrate() -> None:
    """Bring the database to this version's shape. Harmless to repeat."""
    _migrate(_settings().database_url.get_secret_value())
    typer.echo("The database is up to date.")


@cli.command()
def doctor(
    online: Annotated[bool, typer.Option(help="Also ask Slack, Microsoft and the public address.")] = True,
) -> None:
    """Check everything an administrator can get wrong: a line each, with what to do."""
    found = _settings()
    findings = asyncio.run(_examine(found, online=online))
    for finding in findings:
        sign = {True: "ok", False: "WRONG", None: "note"}[finding.ok]
        typer.echo(f"{sign:5} {finding.what}" + (f"\n      → {finding.action}" if finding.action else ""))
    raise typer.Exit(1 if examination.failed(findings) else 0)


async def _examine(found: Settings, *, online: bool) -> list[Finding]:
    async with shared_session() as session:
        unit = unit_of_work(found.database_url.get_secret_value())
        checks = {**_local_checks(found, unit), **(_online_checks(found, session) if online else {})}
        findings = await examination.examine(checks)
        await unit.close()
    return findings


def _local_checks(found: Settings, unit: UnitOfWork) -> dict[str, Check]:
    def programmes_wrong() -> list[str]:
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
        "texts": partial(examination.languages, Translators(_LOCALES)),
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
    if not found.public_url.startswith("http:"):
        checks["public address"] = partial(examination.public_address, session, found.public_url)
    return checks


# --- Manifests and programmes -----------------------------------------------------------------------------------------


@manifest.command("slack")
def manifest_slack(
    socket_mode: Annotated[bool, typer.Option(help="For Socket Mode, without a public address.")] = False,
) -> None:
    """Print the app manifest to paste into Slack."""
    from bot.adapters.slack import manifest as slack_manifest

    address = _settings().public_url
    try:
        # Slack cannot reach an address that only this machine has.
        made = slack_manifest.manifest(address if address.startswith("https:") else None, socket_mode=socket_mode)
    except ValueError as error:
        raise _refuse(str(error)) from None
    typer.echo(json.dumps(made, ensure_ascii=False, indent=2))


@manifest.command("teams")
def manifest_teams(
    out: Annotated[Path, typer.Option(help="Where to write the package.")] = Path("lartraff-teams.zip"),
) -> None:
    """Write the app package to upload to Teams."""
    from bot.adapters.teams import manifest as teams_manifest

    found = _settings()
    if found.teams is None:
        raise _refuse("TEAMS_CLIENT_ID, TEAMS_CLIENT_SECRET and TEAMS_TENANT_ID are needed for the Teams package.")
    icons = _CONFIG / "manifests" / "teams"
    try:
        package = teams_manifest.package(found.teams.client_id, found.public_url, __version__, icons)
    except ValueError as error:
        raise _refuse(f"{error}: set LARTRAFF_PUBLIC_URL.") from None
    out.write_bytes(package)
    typer.echo(f"Written: {out}")


@programme.command()
def check(files: list[Path]) -> None:
    """Say everything that is wrong with programme files: file, line, column and a suggestion."""
    problems = programme_files.check(files, SystemClock().now().date())
    for line in programme_files.as_lines(problems):
        typer.echo(line)
    if any(problem.severity is programme_files.Severity.ERROR for problem in problems):
        raise typer.Exit(1)
    typer.echo(f"{len(files)} checked: ready to load.")


@programme.command("load")
def load_programmes(files: list[Path]) -> None:
    """Load programme files; those that are there already get a new version."""
    found = _settings()
    try:
        programmes = [programme_files.read(path) for path in files]
    except programme_files.ProgrammeErrors as errors:
        raise _refuse("\n".join(programme_files.as_lines(errors.problems))) from None
    _need_schema(found)
    asyncio.run(_load(found, programmes))
    typer.echo(f"Loaded: {', '.join(one.id for one in programmes)}")


async def _load(found: Settings, programmes: list[Programme]) -> None:
    site = assemble(_plan(found), SystemClock())
    await site.load(programmes)
    await site.unit_of_work.close()


# --- From settings to a site ------------------------------------------------------------------------------------------


def _settings() -> Settings:
    try:
        found = settings.load()
    except SettingsError as error:
        raise _refuse("\n".join(error.problems)) from None
    return found


def _plan(found: Settings) -> Plan:
    return Plan(
        database_url=found.database_url.get_secret_value(),
        key_dir=found.key_dir.absolute(),
        public_url=found.public_url,
        locales=_LOCALES,
        directory=organisations.load(),
        language=Language(found.language),
        administrators=frozenset(":".join(administrator) for administrator in found.admins),
    )


def _site(found: Settings, session: ClientSession) -> Site:
    """The site with the platforms that the settings name. Each platform's code is imported only then."""
    site = assemble(_plan(found), SystemClock())
    if found.slack is not None:
        site.join(_slack(site, found.slack, found, session))
    if found.teams is not None:
        site.join(_teams(site, found.teams, session))
    return site


def _slack(site: Site, given: SlackSettings, found: Settings, session: ClientSession) -> Adapter:
    from bot.adapters.slack import app as slack  # only when Slack is configured
    from bot.adapters.slack.installations import Installation
    from storage.installations import Installations

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
        installing=slack.Installing(
            store=Installations(site.unit_of_work, site.clock, Installation),
            cipher=cipher(site.keys),
            may_install=site.is_administrator,
        ),
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


def _log(found: Settings) -> None:
    logs.set_up(json=found.log == "json", key=FileKeys(found.key_dir.absolute()).key("log"))


def _need_platform(found: Settings) -> None:
    if found.slack is None and found.teams is None:
        raise _refuse(
            "Neither Slack nor Teams is configured: see docs/slack.md and docs/teams.md, or try `lartraff sandbox`."
        )


def _need_schema(found: Settings) -> None:
    """On one machine the database is brought up to date by itself; where several share it, `migrate` does that once."""
    url = found.database_url.get_secret_value()
    if found.sqlite_path is not None:
        _migrate(url)
    elif not condition.examine(url, condition.is_current):
        raise _refuse("The database is not up to date. Run `lartraff migrate` first.")


def _migrate(url: str) -> None:
    """Bring the database up to date; Alembic is loaded only when there is something to do."""
    if not condition.examine(url, condition.is_current):
        from storage import migrate as migration

        migration.upgrade(url)


def _refuse(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(1)


# --- The process ------------------------------------------------------------------------------------------------------


def _run(task: Callable[[], Coroutine[None, None, None]]) -> None:
    try:
        asyncio.run(task())
    except (OSError, UnusableKeyError) as error:
        raise _refuse(f"Could not start: {error}.") from None


def _told_to_stop() -> Callable[[], Awaitable[None]]:
    """Waits for Ctrl+C or the signal by which servers are stopped."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)

    async def stopped() -> None:
        await stop.wait()

    return stopped


if __name__ == "__main__":
    main()
