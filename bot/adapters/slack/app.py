"""The Slack adapter, put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import ClientSession, web

from bot.adapters.slack.answers import Answers
from bot.adapters.slack.deliver import SlackPlatform
from bot.adapters.slack.dispatch import Dispatch
from bot.adapters.slack.front import Front, Signature
from bot.adapters.slack.installations import (
    Cipher,
    InstallationStore,
    InstallPages,
    MayInstall,
    OAuth,
    OneToken,
    Shows,
    StoredTokens,
)
from bot.adapters.slack.webapi import Json, WebApi
from bot.domain.values import dataclass
from bot.handlers.events import Receives
from bot.ports import Clock
from bot.texts import Translators

if TYPE_CHECKING:
    from bot.adapters.slack.socket import Socket

SLACKS_OWN = "https://slack.com/api/"
_SLACKS_HOOKS = "https://hooks.slack.com/"


@dataclass(frozen=True, slots=True)
class SlackConfig:
    """What the adapter is told. One workspace: `bot_token`; several: the client id and secret, and `public_url`."""

    signing_secrets: tuple[str, ...] = ()  # the current one first; needed unless Socket Mode is used
    bot_token: str = ""
    app_token: str = ""  # Socket Mode
    client_id: str = ""
    client_secret: str = ""
    api_url: str = SLACKS_OWN  # ends with a slash
    public_url: str = ""  # without a slash at the end
    proxy: str = ""  # by which Socket Mode goes out; all else goes by the shared session

    @property
    def hooks(self) -> str:
        """Where a response_url may lead: Slack's own host, or the host that stands in for it."""
        if self.api_url == SLACKS_OWN:
            return _SLACKS_HOOKS
        own = urlsplit(self.api_url)
        return f"{own.scheme}://{own.netloc}/"


@dataclass(frozen=True, slots=True)
class Installing:
    """What an app that several workspaces install needs besides."""

    store: InstallationStore
    cipher: Cipher
    may_install: MayInstall
    shows: Shows


class Slack:
    """The adapter: its pages, its place in the outbox, its connection."""

    def __init__(
        self,
        platform: SlackPlatform,
        api: WebApi,
        *,
        front: Front | None,
        pages: InstallPages | None,
        socket: Socket | None,
    ) -> None:
        self.platform = platform
        self._api = api
        self._front = front
        self._pages = pages
        self._socket = socket

    def routes(self, app: web.Application) -> None:
        """Add `/slack/events`, and with several workspaces the pages that install the app."""
        if self._front is not None:
            app.router.add_route("*", "/slack/events", self._front.handle)
        if self._pages is not None:
            app.router.add_get("/slack/install", self._pages.begin, allow_head=False)
            app.router.add_get("/slack/oauth_redirect", self._pages.finish, allow_head=False)

    async def start(self) -> None:
        """Connect, when Socket Mode is used."""
        if self._socket is not None:
            await self._socket.start()

    async def stop(self) -> None:
        """Disconnect."""
        if self._socket is not None:
            await self._socket.stop()

    @property
    def hears(self) -> Callable[[], Awaitable[bool]] | None:
        """Whether Socket Mode is connected; None where Slack brings events by HTTP."""
        return self._socket.is_connected if self._socket is not None else None

    async def identity(self, workspace: str = "") -> Json:
        """What Slack's auth.test says of the bot's token: its team and bot. Raises `Undeliverable`."""
        return await self._api.call("auth.test", workspace, {})


def build(
    config: SlackConfig,
    *,
    receives: Receives,
    translators: Translators,
    clock: Clock,
    session: ClientSession,
    installing: Installing | None = None,
) -> Slack:
    """The adapter. `installing` is needed without a bot token. Raises `ValueError` when the configuration is unsafe."""
    tokens: OneToken | StoredTokens
    if config.bot_token:
        tokens = OneToken(config.bot_token)
    elif installing is not None:
        tokens = StoredTokens(installing.store, installing.cipher)
    else:
        raise ValueError("Slack needs SLACK_BOT_TOKEN, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET")
    api = WebApi(session, config.api_url, tokens)
    platform = SlackPlatform(api, translators)
    dispatch = Dispatch(receives, Answers(api, platform, translators, hooks=config.hooks), platform, tokens)
    front = (
        None
        if config.app_token and not config.signing_secrets
        else Front(Signature(config.signing_secrets, clock), dispatch)
    )
    pages = None
    if isinstance(tokens, StoredTokens) and installing is not None:
        oauth = OAuth(config.client_id, config.client_secret, f"{config.public_url}/slack/oauth_redirect")
        pages = InstallPages(
            oauth,
            installing.store,
            tokens,
            api=api,
            may_install=installing.may_install,
            clock=clock,
            shows=installing.shows,
        )
    return Slack(platform, api, front=front, pages=pages, socket=_socket(config, dispatch))


def _socket(config: SlackConfig, dispatch: Dispatch) -> Socket | None:
    """The connection for Socket Mode, whose library is loaded only where it is used."""
    if not config.app_token:
        return None
    from bot.adapters.slack.socket import Socket

    return Socket(config.app_token, config.api_url, dispatch, proxy=config.proxy)
