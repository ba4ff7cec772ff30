"""Every setting, read once at the start from environment variables: complete, checked, and with secrets masked.

`load` gives the settings or raises `SettingsError`, which names everything that is wrong at once, one plain sentence
each. `python -m config.settings` prints the page docs/settings.md from the same definitions.
"""

import difflib
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails, PydanticUndefinedType

from bot.domain.values import dataclass
from config.setting_values import (
    Administrators,
    AppToken,
    BotToken,
    DatabaseUrl,
    EmailAddress,
    EntraId,
    EntraIds,
    Hosts,
    ProxyUrl,
    SiteAddress,
    SmtpUrl,
    WebAddress,
)


class SettingsError(Exception):
    """The settings cannot be used. `problems` has one sentence for each thing to put right."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


# --- settings -------------------------------------------------------------------------------------------------------


class _Group(BaseModel):
    """Settings that belong together. Each field: the variable's name, and what it decides in one line."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class SlackSettings(_Group):
    """The Slack app. One workspace needs the bot token; several workspaces need the client id and secret."""

    bot_token: BotToken | None = Field(
        None, alias="SLACK_BOT_TOKEN", description="The bot's token (`xoxb-…`), when the app serves one workspace."
    )
    signing_secret: SecretStr | None = Field(
        None, alias="SLACK_SIGNING_SECRET", description="Proves that a request comes from Slack."
    )
    signing_secret_previous: SecretStr | None = Field(
        None,
        alias="SLACK_SIGNING_SECRET_PREVIOUS",
        description="The secret before the last change: accepted too, so that a change loses no request.",
    )
    app_token: AppToken | None = Field(
        None,
        alias="SLACK_APP_TOKEN",
        description="The app's token (`xapp-…`) for Socket Mode, where Slack cannot reach this server.",
    )
    client_id: str | None = Field(
        None, alias="SLACK_CLIENT_ID", description="The app's client id, when several workspaces may install it."
    )
    client_secret: SecretStr | None = Field(
        None, alias="SLACK_CLIENT_SECRET", description="The client secret that belongs to the client id."
    )
    api_url: WebAddress = Field(
        "https://slack.com/api/", alias="SLACK_API_URL", description="Where Slack's Web API is."
    )


class TeamsSettings(_Group):
    """The Teams bot: an app registration in Microsoft Entra. The last four are Microsoft's own and rarely changed."""

    client_id: EntraId = Field(alias="TEAMS_CLIENT_ID", description="The application (client) id of the bot.")
    client_secret: SecretStr = Field(alias="TEAMS_CLIENT_SECRET", description="A client secret of the bot.")
    client_secret_expires: date | None = Field(
        None,
        alias="TEAMS_CLIENT_SECRET_EXPIRES",
        description="The day on which it expires (`2027-05-31`): administrators are told 30, 7 and 1 days ahead.",
    )
    tenant_id: EntraId = Field(alias="TEAMS_TENANT_ID", description="The directory (tenant) id where the bot lives.")
    allowed_tenants: EntraIds = Field(
        default_factory=lambda given: (given["tenant_id"],),
        alias="TEAMS_ALLOWED_TENANTS",
        description="The tenants whose people may use the bot, with commas between.",
        json_schema_extra={"default": "our own tenant"},
    )
    openid_metadata_url: WebAddress = Field(
        "https://login.botframework.com/v1/.well-known/openidconfiguration",
        alias="TEAMS_OPENID_METADATA_URL",
        description="Where the keys are found that sign incoming requests.",
    )
    token_issuer: str = Field(
        "https://api.botframework.com", alias="TEAMS_TOKEN_ISSUER", description="Who signs incoming requests."
    )
    token_url: WebAddress = Field(
        default_factory=lambda given: f"https://login.microsoftonline.com/{given['tenant_id']}/oauth2/v2.0/token",
        alias="TEAMS_TOKEN_URL",
        description="Where the bot gets its own token.",
        json_schema_extra={"default": "https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token"},
    )
    service_hosts: Hosts = Field(
        ("smba.trafficmanager.net",),
        alias="TEAMS_SERVICE_HOSTS",
        description="The exact hosts (and ports, where unusual) that the bot may answer to, with commas between.",
    )


class Settings(_Group):
    """All settings, complete and checked. `slack` and `teams` are None where the platform is not configured."""

    database_url: DatabaseUrl = Field(
        SecretStr("sqlite:///data/lartraff.db"),
        alias="LARTRAFF_DATABASE_URL",
        description="The database: `sqlite:///…` on one machine, `postgresql+psycopg://user:password@host/database` "
        "for several. Special characters in the password are percent-encoded: `@` as `%40`, `/` as `%2F`, `#` as "
        "`%23`.",
    )
    key_dir: Path = Field(
        Path("keys"),
        alias="LARTRAFF_KEY_DIR",
        description="The folder of the keys to anonymous answers: never inside the database's folder or its backup.",
    )
    port: Annotated[int, Field(ge=1, le=65535)] = Field(
        3978, alias="PORT", description="The port that the web server listens on."
    )
    public_url: SiteAddress = Field(
        default_factory=lambda given: f"http://localhost:{given['port']}",
        alias="LARTRAFF_PUBLIC_URL",
        description="The address under which people and platforms reach the server: a host name of its own, and no "
        "path.",
        json_schema_extra={"default": "http://localhost:<PORT>"},
    )
    admins: Administrators = Field(
        (),
        alias="LARTRAFF_ADMINS",
        description="Who appoints coordinators: `slack:<team>:<user>` or `teams:<tenant>:<aad object id>`, with "
        "commas between.",
    )
    language: Literal["sv", "nb", "nn", "en"] = Field(
        "sv", alias="LARTRAFF_LANGUAGE", description="The language until someone chooses: `sv`, `nb`, `nn` or `en`."
    )
    log: Literal["json", "text"] = Field(
        "json", alias="LARTRAFF_LOG", description="How the log is written: `json` for machines, `text` for people."
    )
    smtp_url: SmtpUrl | None = Field(
        None,
        alias="LARTRAFF_SMTP_URL",
        description="The mail server that documents are sent by: `smtp+starttls://user:password@host:587` or "
        "`smtps://…:465`. Without one, coordinators get a link instead.",
    )
    mail_from: EmailAddress | None = Field(
        None, alias="LARTRAFF_MAIL_FROM", description="The address that mails come from, when there is a mail server."
    )
    proxy: ProxyUrl | None = Field(
        None,
        alias="LARTRAFF_PROXY",
        description="The proxy by which calls go out to Slack and Microsoft where the network demands one: "
        "`http://user:password@proxy.example.se:3128`. `HTTPS_PROXY` is not read.",
    )
    allow_ephemeral: bool = Field(
        False,
        alias="LARTRAFF_ALLOW_EPHEMERAL",
        description="`1` accepts a database or keys that a restart may erase, for trials.",
        json_schema_extra={"default": "0"},
    )
    slack: SlackSettings | None = None
    teams: TeamsSettings | None = None

    @property
    def sqlite_path(self) -> Path | None:
        """The database file; None on PostgreSQL, and for a database in memory."""
        scheme, _, path = self.database_url.get_secret_value().partition(":///")
        return None if scheme != "sqlite" or self.in_memory else Path(path.partition("?")[0]).absolute()

    @property
    def in_memory(self) -> bool:
        """Whether the database is gone when the process ends."""
        return self.database_url.get_secret_value().startswith(("sqlite:///:memory:", "sqlite:///file:"))


# --- loading --------------------------------------------------------------------------------------------------------


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in these environment variables. A `.env` file is not read.

    Raises
    ------
    SettingsError
        With one sentence for each thing that is missing, malformed or unsafe.
    """
    given = {row.name: environ[row.name].strip() for row in SETTINGS if row.name in environ}
    problems = [f"{name} is set but empty: give it a value, or remove it." for name in given if not given[name]]
    problems += _misspelt(environ)

    settings, wrong = _parse(Settings, given)
    problems += wrong
    if _names(SlackSettings) & given.keys():
        slack, wrong = _parse(SlackSettings, given)
        problems += [*wrong, *_half_slack(given)]
        settings = settings and settings.model_copy(update={"slack": slack})
    if _names(TeamsSettings) & given.keys():
        teams, wrong = _parse(TeamsSettings, given)
        problems += wrong
        settings = settings and settings.model_copy(update={"teams": teams})
    problems += _half_mail(given)
    if settings:
        problems += _unsafe(settings, disk_is_lost="DYNO" in environ)

    if problems or not settings:
        raise SettingsError(tuple(problems))
    return settings


_AnyGroup = TypeVar("_AnyGroup", bound=_Group)


def _parse(group: type[_AnyGroup], given: Mapping[str, str]) -> tuple[_AnyGroup | None, list[str]]:
    """The group's settings, or None and a sentence for each that is missing or malformed, which shows no secret."""
    try:
        return group.model_validate(given), []
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        sentences = (_sentence(detail) for detail in details if given.get(str(detail["loc"][0])) != "")
        return None, [sentence for sentence in sentences if sentence]


def _sentence(detail: ErrorDetails) -> str | None:
    """What is wrong with one setting, in words; None for what only follows from another error."""
    name, context = detail["loc"][0], detail.get("ctx", {})
    match detail["type"]:
        case "default_factory_not_called":
            return None
        case "missing":
            return f"{name} is missing: Teams is only half configured. Set it, or remove every TEAMS_ variable."
        case "value_error":
            return f"{name} {context['error']}."
        case "literal_error":
            return f"{name} must be {context['expected'].replace(chr(39), '')}."
        case "bool_parsing":
            return f"{name} must be 1 or 0."
        case kind if kind.startswith("date_"):
            return f"{name} must be a day such as 2027-05-31."
        case _:
            return f"{name} must be a number from 1 to 65535."


_NEARLY = 0.8
_MEANT = {
    "LARTRAFF_PORT": "the port is given as PORT",
    "LARTRAFF_HOST": "the address to listen at is given as: lartraff serve --host 127.0.0.1",
}


def _misspelt(environ: Mapping[str, str]) -> Iterator[str]:
    """A misspelt name would leave a setting at its default without a word. Others too have settings of Slack's."""
    names = [row.name for row in SETTINGS]
    for name in environ.keys() - set(names):
        close = difflib.get_close_matches(name, names, n=1, cutoff=0.8 if _seems_ours(name) else 0.92)
        if hint := _MEANT.get(name) or (f"did you mean {close[0]}?" if close else ""):
            yield f"{name} is not a setting: {hint}"


def _seems_ours(name: str) -> bool:
    """Whether it begins with our name, or nearly so."""
    begins, _underscore, rest = name.partition("_")
    return bool(rest) and difflib.SequenceMatcher(None, begins, "LARTRAFF").ratio() >= _NEARLY


def _half_slack(given: Mapping[str, str]) -> Iterator[str]:
    half = "Slack is only half configured. Set it, or remove every SLACK_ variable."
    several = {"SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"}
    if missing := several - given.keys():
        if len(missing) == 1:
            yield f"{missing.pop()} is missing: {half}"
        elif "SLACK_BOT_TOKEN" not in given:
            yield f"SLACK_BOT_TOKEN is missing: {half}"
    elif "LARTRAFF_PUBLIC_URL" not in given:
        yield "LARTRAFF_PUBLIC_URL is missing: Slack sends people there after an installation (SLACK_CLIENT_ID is set)."
    if not {"SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"} & given.keys():
        yield f"SLACK_SIGNING_SECRET is missing: {half}"


def _half_mail(given: Mapping[str, str]) -> Iterator[str]:
    both = {"LARTRAFF_SMTP_URL", "LARTRAFF_MAIL_FROM"}
    missing = both - given.keys()
    if len(missing) == 1:
        yield f"{missing.pop()} is missing: mail is only half configured. Set it, or remove the other one."


def _unsafe(settings: Settings, *, disk_is_lost: bool) -> Iterator[str]:
    """What would work today and lose or reveal something later."""
    keys, database = settings.key_dir.absolute(), settings.sqlite_path
    if database and keys.resolve().is_relative_to(database.parent.resolve()):
        yield (
            f"LARTRAFF_KEY_DIR ({keys}) lies in the folder of the database ({database.parent}), so one backup would "
            "hold both and anonymous answers could be opened: choose a folder elsewhere."
        )
    if settings.allow_ephemeral or not (settings.slack or settings.teams):
        return  # a trial, or nobody but the sandbox
    allow = "or set LARTRAFF_ALLOW_EPHEMERAL=1 if this is a trial."
    if settings.in_memory or (database and (disk_is_lost or _is_ephemeral(database))):
        yield (
            f"LARTRAFF_DATABASE_URL is a database that a restart may erase ({database or 'in memory'}): choose a file "
            f"on a lasting disk, or PostgreSQL, {allow}"
        )
    if disk_is_lost or _is_ephemeral(keys):
        yield f"LARTRAFF_KEY_DIR is a folder that a restart may erase ({keys}): choose one on a lasting disk, {allow}"


def _is_ephemeral(path: Path) -> bool:
    """Whether the path lies in memory. A temporary folder may well last; the doctor warns of it."""
    folders = ("/dev/shm", "/run")  # noqa: S108 - refused, not used
    return any(path.is_relative_to(folder) or path.resolve().is_relative_to(folder) for folder in folders)


# --- the table of all settings --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One setting, as the documentation lists it."""

    name: str
    default: str
    meaning: str


def _rows(group: type[_Group]) -> Iterator[Row]:
    for field in group.model_fields.values():
        if field.alias:
            shown = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
            yield Row(field.alias, str(shown.get("default", _shown(field.default))), field.description or "")


def _shown(default: object) -> str:
    match default:
        case SecretStr():
            return default.get_secret_value()
        case tuple():
            return ",".join(default)
        case None | PydanticUndefinedType():
            return ""
        case _:
            return str(default)


def _names(group: type[_Group]) -> set[str]:
    return {row.name for row in _rows(group)}


SETTINGS: Final = tuple(row for group in (Settings, SlackSettings, TeamsSettings) for row in _rows(group))
"""Every setting there is."""


def page() -> str:
    """docs/settings.md."""
    return "\n".join(
        [
            "# Settings",
            "",
            "Environment variables; a `.env` file is not read. `lartraff doctor` checks them and says what to do.",
            "A start with unsafe or half settings is refused, with every problem listed at once.",
            "This page is printed by `python -m config.settings`.",
            *_section("Everywhere", Settings, "Nothing is needed to try the bot in the sandbox."),
            *_section("Slack", SlackSettings, SlackSettings.__doc__ or ""),
            *_section("Teams", TeamsSettings, TeamsSettings.__doc__ or ""),
            "",
        ]
    )


def _section(title: str, group: type[_Group], introduction: str) -> Iterator[str]:
    yield from ("", f"## {title}", "", introduction, "", "| variable | default | what it decides |", "|---|---|---|")
    for row in _rows(group):
        default = f"`{row.default}`" if row.default and " " not in row.default else row.default or "–"
        yield f"| `{row.name}` | {default} | {row.meaning} |"


if __name__ == "__main__":
    sys.stdout.write(page())
