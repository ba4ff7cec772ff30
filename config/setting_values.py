"""The values that settings may have, and why a value is refused in one sentence."""

import ipaddress
import re
from typing import Annotated, Literal, NamedTuple
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError


class Administrator(NamedTuple):
    """Someone who may appoint coordinators, as named in LARTRAFF_ADMINS."""

    platform: Literal["slack", "teams"]
    workspace: str
    user: str


_ENTRA_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?|\[[0-9a-f:]+\](:[0-9]{1,5})?")


def is_loopback(host: str) -> bool:
    """Whether a host name (without port) can only mean this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _split(listed: object) -> object:
    """The entries of a comma-separated list."""
    return tuple(entry.strip() for entry in listed.split(",") if entry.strip()) if isinstance(listed, str) else listed


def _database_url(url: SecretStr) -> SecretStr:
    value = url.get_secret_value()
    if re.match(r"sqlite:///.+", value):
        return url
    match = re.match(r"postgres(?:ql)?(?:\+psycopg)?://(.+)", value)  # hosting services leave the driver out
    if match is None:
        raise ValueError("must be sqlite:///path/to/file.db or postgresql+psycopg://user:password@host/database")
    if not _can_be_taken_apart(value):
        raise ValueError(
            "must be postgresql+psycopg://user:password@host:port/database, where special characters in the password "
            "are percent-encoded: @ as %40, / as %2F, : as %3A, # as %23, ? as %3F, % as %25"
        )
    return SecretStr(f"postgresql+psycopg://{match[1]}")


def _can_be_taken_apart(url: str) -> bool:
    """Whether it is plain where its user and password end: two that read addresses differently find the same host."""
    try:
        one, other = urlsplit(url.lower()), make_url(url.lower())
        found = {(one.hostname, one.port), (other.host, other.port)}
    except (ValueError, ArgumentError):  # of either: a port that is no number, a bracket that is never closed
        return False
    return len(found) == 1


def _host_of(url: str) -> tuple[str, SplitResult]:
    """The host in an address, empty where there is none that can be read, and all its parts."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # raises when the port is no number
    except ValueError:
        return "", urlsplit("")
    return host or "", parts


def _web_address(url: str) -> str:
    host, parts = _host_of(url)
    if not host or re.search(r"\s", url) or parts.query or parts.fragment or parts.username:
        raise ValueError("must be a web address such as https://lartraff.example.se")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise ValueError("must begin with https:// (http:// is for this machine only, such as http://localhost:3978)")
    return url


def _site_address(url: str) -> str:
    """Our own address has a host name to itself: pages are linked from its root."""
    _host, parts = _host_of(url)
    root = f"{parts.scheme}://{parts.netloc}"
    if url.rstrip("/").lower() != root.lower():
        raise ValueError("must end after the host name, as https://lartraff.example.se does: a path leads nowhere")
    return root


def _entra_id(value: str) -> str:
    if not _ENTRA_ID.fullmatch(value):
        raise ValueError("must be an id such as 11111111-2222-3333-4444-555555555555, copied from the Azure portal")
    return value.lower()  # as it stands in Microsoft's tokens


def _entra_ids(listed: object) -> object:
    """The ids of a comma-separated list; what is wrong in it is named."""
    ids = _split(listed)
    if isinstance(ids, tuple) and (wrong := [id for id in ids if not _ENTRA_ID.fullmatch(id)]):
        raise ValueError(f"must list ids such as 11111111-2222-3333-4444-555555555555, and not {' or '.join(wrong)}")
    return ids


def _service_host(host: str) -> str:
    if not _HOST.fullmatch(host.lower()):
        raise ValueError(f"must list exact host names such as smba.trafficmanager.net (no https://, no * or /): {host}")
    return host.lower()


def _administrator(entry: object) -> object:
    if not isinstance(entry, str):
        return entry
    platform, _, rest = entry.partition(":")
    workspace, _, user = rest.partition(":")
    if platform == "slack" and re.fullmatch(r"[A-Z0-9]+:[A-Z0-9]+", rest):
        return Administrator("slack", workspace, user)
    if platform == "teams" and all(_ENTRA_ID.fullmatch(part) for part in (workspace, user)):
        return Administrator("teams", workspace.lower(), user.lower())
    raise ValueError(f"has an entry that is neither slack:<team>:<user> nor teams:<tenant>:<aad object id>: {entry}")


def _smtp_url(url: SecretStr) -> SecretStr:
    """The address of a mail server; passwords travel encrypted, unless the server is this machine."""
    host, parts = _host_of(url.get_secret_value())
    if not host or parts.scheme not in ("smtp", "smtp+starttls", "smtps") or parts.path.strip("/") or parts.query:
        raise ValueError("must be smtp+starttls://user:password@host:587 or smtps://user:password@host:465")
    if parts.scheme == "smtp" and not is_loopback(host):
        raise ValueError("must begin with smtp+starttls:// or smtps:// (smtp:// is for this machine only)")
    return url


def _proxy_url(url: SecretStr) -> SecretStr:
    """The address of a proxy, with a name and a password where it asks for them."""
    host, parts = _host_of(url.get_secret_value())
    if not host or parts.scheme != "http" or parts.path.strip("/") or parts.query:
        raise ValueError("must be a proxy's address such as http://proxy.example.se:3128")
    return url


def _email(address: str) -> str:
    if not _EMAIL.fullmatch(address):
        raise ValueError("must be an e-mail address such as lartraff@example.se")
    return address


def _slack_token(prefix: str, where: str) -> AfterValidator:
    def check(token: SecretStr) -> SecretStr:
        if not token.get_secret_value().startswith(prefix):
            raise ValueError(f"must begin with {prefix} (Slack shows it under {where})")
        return token

    return AfterValidator(check)


DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]
SmtpUrl = Annotated[SecretStr, AfterValidator(_smtp_url)]
ProxyUrl = Annotated[SecretStr, AfterValidator(_proxy_url)]
EmailAddress = Annotated[str, AfterValidator(_email)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
SiteAddress = Annotated[WebAddress, AfterValidator(_site_address)]
EntraId = Annotated[str, AfterValidator(_entra_id)]
EntraIds = Annotated[tuple[EntraId, ...], BeforeValidator(_entra_ids)]
Hosts = Annotated[tuple[Annotated[str, AfterValidator(_service_host)], ...], BeforeValidator(_split)]
Administrators = Annotated[
    tuple[Annotated[Administrator, BeforeValidator(_administrator)], ...], BeforeValidator(_split)
]
BotToken = Annotated[SecretStr, _slack_token("xoxb-", "OAuth & Permissions")]
AppToken = Annotated[SecretStr, _slack_token("xapp-", "Basic Information, App-Level Tokens")]
