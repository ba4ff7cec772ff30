"""Checks of Slack: tokens, rights and the signing secret."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime

import aiohttp

from bot.doctor.asking import Answer, ask, skew
from bot.doctor.findings import Finding
from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class SlackAccess:
    """How Slack is configured; empty where something is not set. The scopes are the manifest's."""

    api_url: str  # with a slash at the end
    bot_token: str
    app_token: str
    signing_secrets: tuple[str, ...]
    scopes: frozenset[str]
    optional_scopes: frozenset[str]


_SIGNING_SECRET = re.compile(r"[0-9a-f]{32}")
_SLACK_ERRORS = {
    "invalid_auth": "Copy the token again: Slack's app page, OAuth & Permissions.",
    "not_authed": "Copy the token again: Slack's app page, OAuth & Permissions.",
    "token_revoked": "Install the app again: Slack's app page, Install App. Then copy the new token.",
    "token_expired": "Switch token rotation off for the app, or install it again.",
    "account_inactive": "The workspace removed the app: install it again and copy the new token.",
    "not_allowed_token_type": "Slack wants the other kind of token here: xoxb- for the bot, xapp- for Socket Mode.",
    "missing_scope": "Give the app-level token the right connections:write: Slack's app page, Basic Information.",
}


async def slack(session: aiohttp.ClientSession, access: SlackAccess, *, now: Callable[[], datetime]) -> list[Finding]:
    """Slack knows the tokens and has granted the rights, and the signing secret can be one."""
    findings = list(_signing_secret_problems(access.signing_secrets))
    if access.bot_token:
        findings += await _bot_token(session, access, now)
    else:
        findings.append(Finding(None, "Slack: each workspace installs the app itself, at /slack/install"))
    if access.app_token:
        findings += await _app_token(session, access)
    return findings


def _signing_secret_problems(secrets: tuple[str, ...]) -> Iterator[Finding]:
    if any(not _SIGNING_SECRET.fullmatch(secret) for secret in secrets):
        yield Finding(
            False,
            "Slack: a signing secret does not look like one (32 digits and letters a–f)",
            "Copy it again: Slack's app page, Basic Information, Signing Secret.",
        )


async def _bot_token(session: aiohttp.ClientSession, access: SlackAccess, now: Callable[[], datetime]) -> list[Finding]:
    answer = await ask(session, "POST", f"{access.api_url}auth.test", token=access.bot_token)
    if isinstance(answer, Finding):
        return [answer]
    findings = skew(answer, now())
    if not answer.document.get("ok"):
        return [*findings, _slack_refusal("the bot token", answer)]
    findings.append(Finding(True, "Slack: the bot token works"))
    if "x-oauth-scopes" in answer.headers:  # Slack's own name for what was granted
        granted = {scope.strip() for scope in answer.headers["x-oauth-scopes"].split(",")}
        findings += _scopes(access, granted)
    return findings


def _scopes(access: SlackAccess, granted: set[str]) -> Iterator[Finding]:
    missing = sorted(access.scopes - access.optional_scopes - granted)
    declined = sorted(access.optional_scopes - granted)
    if missing:
        yield Finding(
            False,
            f"Slack: rights are missing: {', '.join(missing)}",
            "Paste the manifest (lartraff manifest slack) into the app's page and install the app again.",
        )
    if declined:
        yield Finding(None, f"Slack: optional rights were not granted: {', '.join(declined)}")
    if not missing:
        yield Finding(True, "Slack: every right that is needed has been granted")


async def _app_token(session: aiohttp.ClientSession, access: SlackAccess) -> list[Finding]:
    answer = await ask(session, "POST", f"{access.api_url}apps.connections.open", token=access.app_token)
    if isinstance(answer, Finding):
        return [answer]
    if not answer.document.get("ok"):
        return [_slack_refusal("the app token (Socket Mode)", answer)]
    return [Finding(True, "Slack: the app token works, Socket Mode can connect")]


def _slack_refusal(what: str, answer: Answer) -> Finding:
    error = str(answer.document.get("error", answer.status))
    error = error if re.fullmatch(r"[a-z0-9_]{1,60}", error) else "an unknown error"
    return Finding(False, f"Slack refuses {what}: {error}", _SLACK_ERRORS.get(error, "Look the error up at Slack."))
