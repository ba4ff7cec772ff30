"""From settings to a site."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import ClientSession
from pydantic import SecretStr
from sqlalchemy import make_url

from bot.assembly import Adapter, Plan, Site, SystemClock, assemble
from bot.domain.people import Language
from bot.keys import cipher
from bot.web import prose
from config import organisations, settings
from config.settings import Settings, SlackSettings, TeamsSettings

if TYPE_CHECKING:
    from bot.adapters.mail import SmtpMailer
    from bot.adapters.slack.app import Installing

LOCALES = Path(settings.__file__).parent / "locales"


def plan(found: Settings) -> Plan:
    return Plan(
        database_url=found.database_url.get_secret_value(),
        key_dir=found.key_dir.absolute(),
        public_url=found.public_url,
        locales=LOCALES,
        directory=organisations.load(),
        language=Language(found.language),
        administrators=frozenset(":".join(administrator) for administrator in found.admins),
        teams_secret_expires=found.teams.client_secret_expires if found.teams is not None else None,
        meaning=True,
    )


def database_shown(found: Settings) -> str:
    """Where the database is, and nothing else of its address: a password may stand in several places of that."""
    if found.sqlite_path is not None:
        return str(found.sqlite_path)
    url = make_url(found.database_url.get_secret_value())
    return f"PostgreSQL at {url.host or 'this machine'}{f':{url.port}' if url.port else ''}/{url.database or ''}"


def site(found: Settings, session: ClientSession) -> Site:
    """The site with the platforms that the settings name. Each platform's code is imported only then."""
    made = assemble(plan(found), SystemClock(), mailer(found))
    made.translators(made.plan.language)  # now, not at the first event; what its reading leaves free, platforms take up
    if found.slack is not None:
        made.join(_slack(made, found.slack, found, session))
    if found.teams is not None:
        made.join(_teams(made, found.teams, session))
    return made


def proxy(found: Settings) -> str:
    """The proxy that calls go out by, or nothing."""
    return secret(found.proxy)


def mailer(found: Settings) -> SmtpMailer | None:
    """The mail server that the settings name. Its library is imported only then."""
    if found.smtp_url is None or found.mail_from is None:
        return None
    from bot.adapters.mail import MailConfig, SmtpMailer

    return SmtpMailer(MailConfig.of(secret(found.smtp_url), found.mail_from))


def _slack(site: Site, given: SlackSettings, found: Settings, session: ClientSession) -> Adapter:
    from bot.adapters.slack import app as slack  # only when Slack is configured

    config = slack.SlackConfig(
        signing_secrets=signing_secrets(given),
        bot_token=secret(given.bot_token),
        app_token=secret(given.app_token),
        client_id=given.client_id or "",
        client_secret=secret(given.client_secret),
        api_url=given.api_url.rstrip("/") + "/",
        public_url=found.public_url,
        proxy=proxy(found),
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
    from bot.adapters.teams import app as teams  # only when Teams is configured: 11 MB

    config = teams.TeamsConfig(
        client_id=given.client_id,
        client_secret=secret(given.client_secret),
        tenant_id=given.tenant_id,
        allowed_tenants=given.allowed_tenants,
        openid_metadata_url=given.openid_metadata_url,
        token_issuer=given.token_issuer,
        token_url=given.token_url,
        service_hosts=given.service_hosts,
    )
    return teams.build(config, site.reception, site.translators, session)


def signing_secrets(given: SlackSettings) -> tuple[str, ...]:
    """The current one, and the one before it as long as it is given."""
    return tuple(secret(one) for one in (given.signing_secret, given.signing_secret_previous) if one)


def secret(value: SecretStr | None) -> str:
    """The secret itself; empty where there is none."""
    return value.get_secret_value() if value else ""
