"""Asking other machines, only at addresses that stand in the settings, and whether our clock agrees with theirs."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import aiohttp

from bot.doctor.findings import Finding
from bot.domain.values import dataclass
from bot.ports import Undeliverable

_PATIENCE = aiohttp.ClientTimeout(total=10)
_MOST_BYTES = 200_000  # the longest answer that we read has some 20,000
_MOST_SKEW_SECONDS = 60  # Slack refuses nothing below 300, but reminders should not be minutes off


@dataclass(frozen=True, slots=True)
class Answer:
    """What another machine said; an empty document when it was no JSON object."""

    status: int
    headers: Mapping[str, str]
    document: Mapping[str, object]


async def ask(
    session: aiohttp.ClientSession, method: str, url: str, *, token: str = "", form: Mapping[str, str] | None = None
) -> Answer | Finding:
    """The answer, or the finding that there was none."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        async with session.request(
            method, url, headers=headers, data=form, timeout=_PATIENCE, allow_redirects=False
        ) as response:
            return Answer(response.status, response.headers.copy(), _document(await response.content.read(_MOST_BYTES)))
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return _not_reached(host_of(url), error)


def _not_reached(host: str, error: Exception) -> Finding:
    match error:
        case aiohttp.ClientConnectorCertificateError():
            why = getattr(error.certificate_error, "verify_message", type(error).__name__)
            what = f"{host} shows a certificate that is not trusted ({why})"
            advice = (
                "Where your network opens what is encrypted, add its certificate to those of the system, "
                "or name it with SSL_CERT_FILE: docs/drift.md."
            )
        case aiohttp.ClientHttpProxyError():
            what = f"The proxy does not let us through to {host} ({error.status})"
            advice = "Check the name and password in LARTRAFF_PROXY, and that the proxy allows this address."
        case aiohttp.ClientProxyConnectionError():
            what = f"The proxy on the way to {host} cannot be reached"
            advice = "Check LARTRAFF_PROXY, and that this machine may reach it."
        case _:
            what = f"{host} cannot be reached ({type(error).__name__})"
            advice = "Let this machine reach it: name look-up, firewall, proxy."
    return Finding(False, what, advice)


def _document(body: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def host_of(url: str) -> str:
    return urlsplit(url).netloc


def skew(answer: Answer, now: datetime) -> list[Finding]:
    """How far our clock is from the other machine's."""
    try:
        theirs = parsedate_to_datetime(answer.headers.get("Date", ""))
        seconds = (now - theirs).total_seconds()
    except (ValueError, TypeError):
        return []
    if abs(seconds) <= _MOST_SKEW_SECONDS:
        return [Finding(True, "The clock is right")]
    direction = "ahead" if seconds > 0 else "behind"
    return [
        Finding(False, f"The clock is {abs(seconds):.0f} seconds {direction}", "Switch time synchronisation on (NTP).")
    ]


async def public_address(session: aiohttp.ClientSession, url: str) -> list[Finding]:
    """Our own address leads here, as seen from this machine: by a page for everybody, since health is for us alone."""
    action = "Check LARTRAFF_PUBLIC_URL, the proxy before this server, and that `lartraff serve` runs."
    answer = await ask(session, "GET", f"{url}/privacy")
    if isinstance(answer, Finding):
        return [Finding(False, answer.what, action)]
    if answer.status != 200:
        return [Finding(False, f"{host_of(url)} answers {answer.status} instead of 200", action)]
    return [Finding(True, f"Our own address answers: {host_of(url)}")]


async def no_public_address(url: str, *, needed: bool) -> list[Finding]:
    """An address that only this machine knows, although people in Slack or Teams get links to it."""
    what = f"People get links (calendar, boards, documents) to {url}, which leads nowhere but on this machine"
    return [Finding(False if needed else None, what, "Set LARTRAFF_PUBLIC_URL to the address that others reach.")]


async def mail(sign_in: Callable[[], Awaitable[None]]) -> list[Finding]:
    """The mail server lets us in; nothing is sent. `sign_in` raises `Undeliverable` when it does not."""
    try:
        await sign_in()
    except Undeliverable as trouble:
        action = "Check LARTRAFF_SMTP_URL, and that this machine may reach the mail server."
        return [Finding(False, f"The mail server does not let us in ({trouble.reason})", action)]
    return [Finding(True, "The mail server lets us in")]
