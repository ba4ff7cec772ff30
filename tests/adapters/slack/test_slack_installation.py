"""Several workspaces: who may install, what is kept, and what is destroyed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer

from bot.adapters.slack.app import Installing, Slack, SlackConfig, build
from bot.adapters.slack.installations import Installation
from bot.adapters.slack.manifest import BOT_SCOPES
from bot.adapters.slack.webapi import Json
from bot.domain.people import Actor, Language
from bot.handlers.events import WorkspaceRemoved
from bot.messages import Notice
from bot.ports import Address, Trouble, Undeliverable
from bot.texts import Translators
from bot.web import prose
from tests.adapters.slack.conftest import FakeHandlers
from tests.fixtures.slack_stand_in import BOT_TOKEN, SECRET, Fault, SlackStandIn

ENGLISH = {"Accept-Language": "en"}


@dataclass
class Rows:
    """An installation store in memory."""

    installations: dict[str, Installation] = field(default_factory=dict)
    states: dict[str, float] = field(default_factory=dict)
    saved_at: datetime = field(default_factory=lambda: datetime.now(UTC))  # every one of them

    async def find(self, workspace: str) -> Installation | None:
        return self.installations.get(workspace)

    async def save(self, installation: Installation) -> None:
        self.installations[installation.workspace] = installation

    async def delete(self, workspace: str, until: datetime) -> None:
        if self.saved_at <= until:
            self.installations.pop(workspace, None)

    async def issue_state(self, digest: str, expires: float) -> None:
        self.states[digest] = expires

    async def consume_state(self, digest: str, now: float) -> bool:
        return self.states.pop(digest, 0) > now


class Backwards:
    """A cipher that anyone can see has been used."""

    def encrypt(self, plain: bytes) -> bytes:
        return plain[::-1]

    def decrypt(self, sealed: bytes) -> bytes:
        return sealed[::-1]


@dataclass
class Site:
    """The adapter with its pages, the administrators, and a clock to turn."""

    url: str
    slack: Slack
    rows: Rows
    admins: set[str] = field(default_factory=lambda: {"slack:T1:UADMIN"})
    time: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.time

    async def may_install(self, actor: Actor) -> bool:
        return str(actor) in self.admins


@pytest.fixture
async def site(
    slack: SlackStandIn, handlers: FakeHandlers, translators: Translators, session: ClientSession
) -> AsyncIterator[Site]:
    rows = Rows()
    here = Site("", None, rows)  # type: ignore[arg-type]
    config = SlackConfig(
        signing_secrets=(SECRET,), client_id="1.2", client_secret="c", api_url=slack.api_url, public_url="https://l.se"
    )
    here.slack = build(
        config,
        receives=handlers,
        translators=translators,
        clock=here,
        session=session,
        installing=Installing(rows, Backwards(), here.may_install, partial(prose.outcome, translators)),
    )
    app = web.Application()
    here.slack.routes(app)
    async with TestServer(app) as server:
        here.url = str(server.make_url("/"))
        slack.bot_at = f"{here.url}slack/events"
        yield here


class Browser:
    """A browser that keeps its cookies (and would send this one over https only)."""

    def __init__(self, site: Site, session: ClientSession) -> None:
        self._site = site
        self._session = session
        self.state = ""
        self._cookie = ""

    async def begin(self) -> ClientResponse:
        answer = await self._session.get(f"{self._site.url}slack/install", allow_redirects=False)
        self.state = parse_qs(urlsplit(answer.headers["Location"]).query)["state"][0]
        self._cookie = answer.headers["Set-Cookie"].split(";")[0]
        return answer

    async def finish(self, state: str | None = None, code: str = "a code", *, cookie: bool = True) -> tuple[int, str]:
        headers = {**ENGLISH, **({"Cookie": self._cookie} if cookie else {})}
        asked = {"state": self.state if state is None else state, "code": code}
        async with self._session.get(f"{self._site.url}slack/oauth_redirect", params=asked, headers=headers) as answer:
            return answer.status, await answer.text()


@pytest.fixture
async def browser(site: Site) -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar()) as session:
        yield Browser(site, session)


async def test_an_administrator_installs_the_app_and_it_can_speak(
    site: Site, browser: Browser, slack: SlackStandIn
) -> None:
    await browser.begin()
    status, page = await browser.finish()
    assert status == 200
    assert "<p>Lärträff is installed. Open Slack and write “help” to Lärträff.</p>" in page
    assert site.rows.installations["T1"].sealed_token == BOT_TOKEN[::-1].encode()
    slack.person("U1")
    await site.slack.platform.send(Address("slack", "T1", "U1"), Notice("Hi."), Language.ENGLISH, outbox="n1")
    assert slack.calls[-1].token == BOT_TOKEN


async def test_slack_is_asked_for_these_rights_and_the_browser_is_bound(site: Site, browser: Browser) -> None:
    answer = await browser.begin()
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert asked["scope"] == [",".join(BOT_SCOPES)]
    assert asked["redirect_uri"] == ["https://l.se/slack/oauth_redirect"]
    assert all(word in answer.headers["Set-Cookie"] for word in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/slack"))
    assert browser.state not in site.rows.states  # only its digest is kept


async def test_a_state_is_good_once(site: Site, browser: Browser) -> None:
    await browser.begin()
    await browser.finish()
    assert (await browser.finish())[0] == 400


@pytest.mark.parametrize("state", ["", "another", "\ud800"])
async def test_a_state_from_elsewhere_is_worth_nothing(site: Site, browser: Browser, state: str) -> None:
    await browser.begin()
    status, page = await browser.finish(state.encode("utf-8", "replace").decode())
    assert (status, "Start again" in page) == (400, True)
    assert site.rows.installations == {}


async def test_another_browser_cannot_finish(site: Site, browser: Browser) -> None:
    await browser.begin()
    assert (await browser.finish(cookie=False))[0] == 400


async def test_after_ten_minutes_one_starts_again(site: Site, browser: Browser) -> None:
    await browser.begin()
    site.time += timedelta(minutes=10, seconds=1)
    assert (await browser.finish())[0] == 400


@pytest.mark.parametrize(("code", "words"), [("", "cancelled"), ("wrong", "did not confirm")])
async def test_each_failure_says_what_to_do(site: Site, browser: Browser, code: str, words: str) -> None:
    await browser.begin()
    status, page = await browser.finish(code=code)
    assert (status, words in page) == (400, True)


async def test_whoever_is_no_administrator_installs_nothing(site: Site, browser: Browser) -> None:
    site.admins.clear()
    await browser.begin()
    status, page = await browser.finish()
    assert (status, "LARTRAFF_ADMINS" in page) == (400, True)
    assert site.rows.installations == {}


async def test_a_workspace_that_removes_the_app_is_forgotten(
    site: Site, browser: Browser, slack: SlackStandIn, handlers: FakeHandlers
) -> None:
    await browser.begin()
    await browser.finish()
    await site.slack.identity("T1")
    assert await slack.send_event({"type": "app_uninstalled"}) == 200
    assert site.rows.installations == {}
    with pytest.raises(Undeliverable) as failed:
        await site.slack.identity("T1")
    assert (failed.value.trouble, failed.value.reason) == (Trouble.GONE, "not_installed")


@pytest.mark.parametrize("event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["U0"]}}])
async def test_a_removal_that_is_told_late_leaves_what_was_installed_since(
    site: Site, browser: Browser, slack: SlackStandIn, handlers: FakeHandlers, event: Json
) -> None:
    removed_at = int(site.rows.saved_at.timestamp()) - 60
    await browser.begin()
    await browser.finish()
    await slack.send_event(event, event_time=removed_at)
    assert set(site.rows.installations) == {"T1"}
    assert handlers.received == []  # its people are there as before
    await slack.send_event(event, event_time=removed_at + 120)
    assert site.rows.installations == {}
    assert handlers.event == WorkspaceRemoved()


async def test_a_removal_that_a_crash_interrupted_is_told_again(
    site: Site, slack: SlackStandIn, handlers: FakeHandlers
) -> None:
    assert site.rows.installations == {}  # the token was destroyed, and then the process died
    await slack.send_event({"type": "app_uninstalled"})
    assert handlers.event == WorkspaceRemoved()


async def test_a_token_that_another_process_renewed_is_read_anew(
    site: Site, browser: Browser, slack: SlackStandIn
) -> None:
    await browser.begin()
    await browser.finish()
    await site.slack.identity("T1")
    await site.rows.save(replace(site.rows.installations["T1"], sealed_token=b"new"[::-1]))
    slack.inject("auth.test", Fault(error="token_revoked"))
    await site.slack.identity("T1")
    assert [call.token for call in slack.calls[-2:]] == [BOT_TOKEN, "new"]


async def test_a_workspace_that_has_taken_its_token_back_is_gone(
    site: Site, browser: Browser, slack: SlackStandIn
) -> None:
    await browser.begin()
    await browser.finish()
    slack.inject("auth.test", Fault(error="token_revoked"))
    with pytest.raises(Undeliverable) as caught:
        await site.slack.identity("T1")
    assert caught.value.trouble is Trouble.GONE


def test_without_any_token_it_does_not_start(
    handlers: FakeHandlers, translators: Translators, session: ClientSession
) -> None:
    config = SlackConfig(signing_secrets=(SECRET,))
    with pytest.raises(ValueError, match="SLACK_BOT_TOKEN"):
        build(config, receives=handlers, translators=translators, clock=Site("", None, Rows()), session=session)  # type: ignore[arg-type]
