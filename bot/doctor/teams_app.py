"""Checks of Teams: our token, Microsoft's keys and the hosts that messages are sent to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import urlsplit

import aiohttp

from bot.doctor.asking import Answer, ask, host_of, skew
from bot.doctor.findings import Finding
from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class TeamsAccess:
    """How Teams is configured."""

    client_id: str
    client_secret: str
    client_secret_expires: date | None
    token_url: str
    openid_metadata_url: str
    service_hosts: tuple[str, ...]


_SOON = 30  # days before a secret expires at which one has to act
_TEAMS_SCOPE = "https://api.botframework.com/.default"
_PORTAL = "Azure portal, App registrations, Lärträff"
_AADSTS = {
    7000215: ("the client secret is wrong", f"{_PORTAL}, Certificates & secrets: copy the Value, not the Secret ID."),
    7000222: ("the client secret has expired", f"{_PORTAL}, Certificates & secrets: make a new one and set it."),
    700016: ("the tenant has no such app", "Check TEAMS_CLIENT_ID and TEAMS_TENANT_ID: both stand on the app's page."),
    7000229: (
        "the app is not enabled in the tenant",
        f"{_PORTAL}: create the app's service principal (Enterprise app).",
    ),
    7000112: ("the app has been disabled", f"{_PORTAL}: let an administrator enable it."),
    90002: ("there is no such tenant", "Check TEAMS_TENANT_ID: it stands on the app's page as Directory (tenant) ID."),
    900023: (
        "the tenant id is malformed",
        "Check TEAMS_TENANT_ID: it stands on the app's page as Directory (tenant) ID.",
    ),
    53003: ("a Conditional Access policy blocks it", "Let an administrator exempt the app from the policy."),
}
"""What Microsoft's error numbers mean (learn.microsoft.com/entra/identity-platform/reference-error-codes)."""


async def teams(session: aiohttp.ClientSession, access: TeamsAccess, *, now: Callable[[], datetime]) -> list[Finding]:
    """Microsoft gives us a token, and the addresses that we need can be reached."""
    findings = await _teams_token(session, access, now)
    findings += await _signing_keys(session, access.openid_metadata_url)
    for host in access.service_hosts:
        findings.append(await _service_host(session, host))
    return [*findings, _last_day(access.client_secret_expires, now().date())]


def _last_day(expires: date | None, today: date) -> Finding:
    """How long the secret holds, which Microsoft does not tell us."""
    if expires is None:
        note = (
            f"{_PORTAL}, Certificates & secrets: set TEAMS_CLIENT_SECRET_EXPIRES to its last day, and you are warned."
        )
        return Finding(None, "Teams: when the client secret expires cannot be read from here", note)
    left = (expires - today).days
    if left > _SOON:
        return Finding(True, f"Teams: the client secret holds until {expires}")
    said = f"expires on {expires}, in {left} day{'s' if left > 1 else ''}" if left > 0 else f"expired on {expires}"
    return Finding(False, f"Teams: the client secret {said}", _AADSTS[7000222][1])


async def _teams_token(
    session: aiohttp.ClientSession, access: TeamsAccess, now: Callable[[], datetime]
) -> list[Finding]:
    form = {
        "grant_type": "client_credentials",
        "client_id": access.client_id,
        "client_secret": access.client_secret,
        "scope": _TEAMS_SCOPE,
    }
    answer = await ask(session, "POST", access.token_url, form=form)
    if isinstance(answer, Finding):
        return [answer]
    findings = skew(answer, now())
    if answer.status == 200 and answer.document.get("access_token"):
        return [*findings, Finding(True, "Teams: the client id and secret work")]
    return [*findings, _aadsts(answer)]


def _aadsts(answer: Answer) -> Finding:
    codes = answer.document.get("error_codes")
    code = codes[0] if isinstance(codes, list) and codes and isinstance(codes[0], int) else 0
    if code in _AADSTS:
        meaning, action = _AADSTS[code]
        return Finding(False, f"Teams: Microsoft gives no token: {meaning} (AADSTS{code})", action)
    number = f"AADSTS{code}" if code else f"status {answer.status}"
    action = "Look the number up at https://login.microsoftonline.com/error" if code else "Check TEAMS_TOKEN_URL."
    return Finding(False, f"Teams: Microsoft gives no token ({number})", action)


async def _signing_keys(session: aiohttp.ClientSession, url: str) -> list[Finding]:
    answer = await ask(session, "GET", url)
    if isinstance(answer, Finding):
        return [answer]
    if answer.status == 200 and answer.document.get("jwks_uri"):
        return [Finding(True, "Teams: the keys that sign incoming requests can be found")]
    return [Finding(False, f"Teams: no keys at {host_of(url)} ({answer.status})", "Check TEAMS_OPENID_METADATA_URL.")]


async def _service_host(session: aiohttp.ClientSession, host: str) -> Finding:
    scheme = "http" if urlsplit(f"//{host}").hostname in ("localhost", "127.0.0.1", "::1") else "https"
    answer = await ask(session, "GET", f"{scheme}://{host}/")
    return answer if isinstance(answer, Finding) else Finding(True, f"Teams: {host} can be reached")
