"""Where the app is installed: bot tokens by workspace, kept sealed, and the pages by which Slack installs it."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlencode

from aiohttp import web

from bot.adapters.slack.manifest import BOT_SCOPES
from bot.adapters.slack.webapi import Json, WebApi
from bot.domain.people import Actor
from bot.domain.values import dataclass
from bot.domain.words import Text, _
from bot.ports import Clock, Trouble, Undeliverable

log = logging.getLogger(__name__)

_UNTIL_MENDED = 60.0  # seconds between two tries with a token that Slack refuses
_STATE_LIVES = timedelta(minutes=10)
_COOKIE = "lartraff_slack_install"
_AUTHORIZE = "https://slack.com/oauth/v2/authorize"


@dataclass(frozen=True, slots=True)
class Installation:
    """The app in one workspace, or in a whole organisation. `sealed_token` can be opened by the cipher only."""

    workspace: str  # the workspace's id, or the organisation's when the app is installed for all of it
    name: str
    bot_user: str
    scopes: str  # as granted, with commas between
    sealed_token: bytes


class InstallationStore(Protocol):
    """Rows that outlive the process."""

    async def find(self, workspace: str) -> Installation | None: ...

    async def save(self, installation: Installation) -> None:
        """Keep it, in place of an earlier one of the same workspace."""

    async def delete(self, workspace: str, until: datetime) -> None:
        """Forget it, if it was installed by then."""

    async def issue_state(self, digest: str, expires: float) -> None:
        """Keep the digest of an installation's secret until `expires` (seconds since 1970, UTC)."""

    async def consume_state(self, digest: str, now: float) -> bool:
        """Whether the digest was there and in time; it is gone afterwards, at once for everybody."""


class Cipher(Protocol):
    """Seals what must not lie readable in a database."""

    def encrypt(self, plain: bytes) -> bytes: ...

    def decrypt(self, sealed: bytes) -> bytes: ...


class OneToken:
    """The tokens of an app that serves one workspace: always the configured one.

    Guests from other workspaces are reached through it too, so it is not asked which workspace.
    """

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self, workspace: str) -> str | None:  # noqa: ARG002 - there is only one
        return self._token

    def forget(self, workspace: str) -> None:
        """Keep it: another token comes with new settings and a new start."""

    def ended(self) -> Undeliverable:
        """Messages wait for the other token: nothing is wrong with them."""
        log.error("Slack refuses SLACK_BOT_TOKEN, so nothing is sent: `lartraff doctor` says why")
        return Undeliverable(Trouble.LATER, "token_ended", retry_after=_UNTIL_MENDED)

    async def removed(self, workspace: str, at: datetime) -> bool:  # noqa: ARG002 - there is only one
        """Keep it, for the same reason."""
        return True


class StoredTokens:
    """The tokens of an app that several workspaces have installed, read when first needed."""

    def __init__(self, store: InstallationStore, cipher: Cipher) -> None:
        self._store = store
        self._cipher = cipher
        self._read: dict[str, str] = {}

    async def token(self, workspace: str) -> str | None:
        if workspace not in self._read:
            installation = await self._store.find(workspace)
            if installation is None:
                return None
            self._read[workspace] = self._cipher.decrypt(installation.sealed_token).decode()
        return self._read[workspace]

    def forget(self, workspace: str) -> None:
        self._read.pop(workspace, None)

    def ended(self) -> Undeliverable:
        """The workspace no longer has the app, whatever its readers would like."""
        return Undeliverable(Trouble.GONE, "token_ended")

    async def removed(self, workspace: str, at: datetime) -> bool:
        """The workspace removed the app: its token is destroyed, unless the app has been installed anew since."""
        self.forget(workspace)
        await self._store.delete(workspace, at)
        return await self._store.find(workspace) is None

    async def install(self, granted: Json) -> str:
        """Keep what oauth.v2.access granted; the workspace's id."""
        workspace = str((_place(granted) or {}).get("id", ""))
        await self._store.save(
            Installation(
                workspace=workspace,
                name=str((_place(granted) or {}).get("name", "")),
                bot_user=str(granted.get("bot_user_id", "")),
                scopes=str(granted.get("scope", "")),
                sealed_token=self._cipher.encrypt(str(granted["access_token"]).encode()),
            )
        )
        self.forget(workspace)
        return workspace


MayInstall = Callable[[Actor], Awaitable[bool]]
"""Whether this person may install the app: those whom the setting LARTRAFF_ADMINS names."""


Shows = Callable[[web.Request, Text, Text, int], web.Response]
"""A page for the one who asked: its title, what it says, and the status."""


@dataclass(frozen=True, slots=True)
class OAuth:
    """The app as Slack knows it. `redirect_uri` stands in the manifest too."""

    client_id: str
    client_secret: str
    redirect_uri: str


class InstallPages:
    """`/slack/install` leads to Slack's question to the administrator, `/slack/oauth_redirect` takes the answer."""

    def __init__(
        self,
        oauth: OAuth,
        store: InstallationStore,
        tokens: StoredTokens,
        *,
        api: WebApi,
        may_install: MayInstall,
        clock: Clock,
        shows: Shows,
    ) -> None:
        self._oauth = oauth
        self._store = store
        self._tokens = tokens
        self._api = api
        self._may_install = may_install
        self._clock = clock
        self._shows = shows

    async def begin(self, request: web.Request) -> web.StreamResponse:  # noqa: ARG002 - a handler's signature
        """Send the browser to Slack with a secret that it alone can bring back, once, within ten minutes."""
        state = secrets.token_urlsafe(32)
        expires = self._clock.now() + _STATE_LIVES
        await self._store.issue_state(_digest(state), expires.timestamp())
        asked = {
            "client_id": self._oauth.client_id,
            "scope": ",".join(BOT_SCOPES),
            "redirect_uri": self._oauth.redirect_uri,
            "state": state,
        }
        answer = web.Response(status=302, headers={"Location": f"{_AUTHORIZE}?{urlencode(asked)}"})
        answer.set_cookie(
            _COOKIE,
            state,
            max_age=int(_STATE_LIVES.total_seconds()),
            path="/slack",
            secure=True,
            httponly=True,
            samesite="Lax",
        )
        return answer

    async def finish(self, request: web.Request) -> web.StreamResponse:
        """Take Slack's answer: every doubt ends in a page that says what to do."""
        if not await self._is_ours(request):
            return self._page(
                request,
                400,
                _("The installation took too long or began in another browser. Start again at /slack/install."),
            )
        code = request.query.get("code", "")
        if not code:
            return self._page(request, 400, _("The installation was cancelled. Nothing has changed."))
        try:
            granted = await self._api.redeem(
                self._oauth.client_id, self._oauth.client_secret, code, self._oauth.redirect_uri
            )
        except Undeliverable:
            return self._page(request, 400, _("Slack did not confirm the installation. Start again at /slack/install."))
        if not await self._may_install(_installer(granted)):
            return self._page(
                request,
                400,
                _("Only an administrator named in LARTRAFF_ADMINS can install Lärträff. Nothing was saved."),
            )
        await self._tokens.install(granted)
        return self._page(request, 200, _("Lärträff is installed. Open Slack and write “help” to Lärträff."))

    async def _is_ours(self, request: web.Request) -> bool:
        state, kept = request.query.get("state", ""), request.cookies.get(_COOKIE, "")
        same_browser = secrets.compare_digest(_letters(state), _letters(kept))
        return (
            bool(state)
            and same_browser
            and await self._store.consume_state(_digest(state), self._clock.now().timestamp())
        )

    def _page(self, request: web.Request, status: int, sentence: Text) -> web.Response:
        """A page of one sentence, in the browser's language."""
        answer = self._shows(request, _("Lärträff in Slack"), sentence, status)
        answer.del_cookie(_COOKIE, path="/slack", secure=True, httponly=True, samesite="Lax")
        return answer


def _digest(state: str) -> str:
    return hashlib.sha256(_letters(state)).hexdigest()


def _letters(untrusted: str) -> bytes:
    return untrusted.encode("utf-8", "surrogatepass")


def _place(granted: Json) -> Json | None:
    """The workspace; or the organisation, when the app was installed for all of it."""
    place = granted.get("enterprise") if granted.get("is_enterprise_install") else granted.get("team")
    return place if isinstance(place, dict) else None


def _installer(granted: Json) -> Actor:
    user = (granted.get("authed_user") or {}).get("id", "")
    return Actor("slack", str((_place(granted) or {}).get("id", "")), str(user))
