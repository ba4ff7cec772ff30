"""What anyone on the internet can send to the front, and what little of it gets anywhere."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import parse_qs, urlencode

import pytest
from aiohttp import ClientSession, web
from aiohttp.helpers import HeadersMixin
from hypothesis import given, settings
from hypothesis import strategies as st
from multidict import CIMultiDict
from slack_sdk.signature import Clock as SdkClock
from slack_sdk.signature import SignatureVerifier
from yarl import URL
from yarl._parse import query_to_pairs

from bot.adapters.slack.app import Slack, SlackConfig, build
from bot.adapters.slack.front import MAX_BYTES, Front, Signature
from bot.texts import Translators
from tests.adapters.slack.conftest import FakeHandlers
from tests.adapters.slack.hostile import FORM, JSON, NOW, Headers, Hostile, hostile_requests, sign
from tests.fixtures.slack_stand_in import SECRET, SlackStandIn

ALLOWED = {200, 400, 401, 404, 413, 415}


class Still:
    """A clock that stands still."""

    def now(self) -> datetime:
        return datetime.fromtimestamp(NOW, UTC)


class StillForSdk(SdkClock):
    """The same for slack_sdk."""

    def now(self) -> float:
        return NOW


# The signature


@settings(deadline=None)
@given(
    body=st.text(st.characters(codec="utf-8")),
    stamp=st.integers(NOW - 302, NOW + 302),
    secret=st.sampled_from([SECRET, "old", "other"]),
)
def test_the_signature_check_is_slacks_own(body: str, stamp: int, secret: str) -> None:
    headers = sign(body.encode(), stamp=stamp, secret=secret)
    theirs = SignatureVerifier(SECRET, StillForSdk()).is_valid_request(body, headers)
    ours = Signature((SECRET,), Still()).is_valid(
        body.encode(), headers["X-Slack-Request-Timestamp"], headers["X-Slack-Signature"]
    )
    assert ours == theirs


def test_the_secret_before_the_last_change_is_accepted_too() -> None:
    headers = sign(b"x", secret="old")
    both = Signature((SECRET, "old"), Still())
    assert both.is_valid(b"x", headers["X-Slack-Request-Timestamp"], headers["X-Slack-Signature"])


@pytest.mark.parametrize("secrets", [(), ("",), (SECRET, " ")])
def test_an_empty_secret_does_not_start(secrets: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="signing secret"):
        Signature(secrets, Still())


WRITABLE = st.text(st.characters(codec="utf-8"), min_size=1)


@settings(deadline=None)
@given(st.dictionaries(WRITABLE, WRITABLE, max_size=4))
def test_a_form_is_read_as_the_standard_library_reads_it(fields: dict[str, str]) -> None:
    fields = {
        name.encode("utf-8", "ignore").decode() or "x": v.encode("utf-8", "ignore").decode()
        for name, v in fields.items()
    }
    body = urlencode(fields)
    theirs = {name: values[-1] for name, values in parse_qs(body, keep_blank_values=True).items()}
    assert dict(query_to_pairs(body)) == theirs


# One request at a time


@pytest.fixture
def front(translators: Translators, handlers: FakeHandlers, session: ClientSession) -> Front:
    config = SlackConfig(signing_secrets=(SECRET,), bot_token="xoxb-1", api_url="http://127.0.0.1:9/api/")
    slack = build(config, receives=handlers, translators=translators, clock=Still(), session=session)
    assert slack._front is not None
    return slack._front


async def test_a_wrong_signing_secret_can_be_read_in_the_log(front: Front, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    assert await status(front, b"{}", {**JSON, **sign(b"{}", secret="another")}) == 401
    assert "wrong signing secret" in caplog.text
    assert "another" not in caplog.text


class Arriving(HeadersMixin):
    """A request as the front sees it, without a connection (aiohttp's own mock is slower than the front)."""

    def __init__(self, method: str, body: bytes, headers: Headers) -> None:
        self.method = method
        self.headers = self._headers = CIMultiDict(headers)
        self.content = self
        self._body = body

    def is_eof(self) -> bool:
        """Whether all of it has arrived already, as half of them have."""
        return len(self._body) % 2 == 0

    def read_nowait(self, most: int) -> bytes:
        return self._body[:most]

    async def iter_any(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._body), 65_536):
            yield self._body[start : start + 65_536]


async def status(front: Front, body: bytes, headers: Headers, method: str = "POST") -> int:
    return (await front.handle(cast("web.Request", Arriving(method, body, headers)))).status


@pytest.mark.parametrize(
    ("method", "body", "headers", "expected"),
    [
        ("GET", b"", {}, 404),
        ("POST", b"{}", {**JSON, "Content-Encoding": "gzip"}, 415),
        ("POST", b"{}", JSON, 401),
        ("POST", b"x" * (MAX_BYTES + 1), JSON, 413),
        ("POST", b"x", {**JSON, "Content-Length": str(MAX_BYTES + 1)}, 413),
        ("POST", b"{}", {"Content-Type": "text/xml", **sign(b"{}")}, 415),
        ("POST", b"{", {**JSON, **sign(b"{")}, 400),
        ("POST", b"[" * 100_000, {**JSON, **sign(b"[" * 100_000)}, 400),
        ("POST", b"ssl_check=1&token=x", {**FORM, **sign(b"ssl_check=1&token=x")}, 200),
        ("POST", b"payload=1", {**FORM, **sign(b"payload=1")}, 400),
        ("POST", b'{"type":"app_rate_limited"}', {**JSON, **sign(b'{"type":"app_rate_limited"}')}, 200),
    ],
)
async def test_each_kind_of_request_has_its_answer(
    front: Front, method: str, body: bytes, headers: Headers, expected: int
) -> None:
    assert await status(front, body, headers, method) == expected


async def test_an_address_is_verified(front: Front) -> None:
    body = b'{"type":"url_verification","challenge":"3eZb"}'
    answer = await front._verified("application/json", body)
    assert json.loads(answer.text or "") == {"challenge": "3eZb"}


# Ten thousand of them


async def assaulted(handle: Callable[[Hostile], Any], handlers: FakeHandlers, count: int) -> tuple[Counter[int], int]:
    """The answers' statuses, and how often someone without the secret reached the handlers."""
    statuses: Counter[int] = Counter()
    intrusions = 0
    for hostile in hostile_requests(count):
        before = len(handlers.received)
        statuses[await handle(hostile)] += 1
        intrusions += not hostile.authentic and len(handlers.received) > before
    return statuses, intrusions


async def test_ten_thousand_hostile_requests_do_nothing_and_break_nothing(
    front: Front, handlers: FakeHandlers, caplog: pytest.LogCaptureFixture
) -> None:
    statuses, intrusions = await assaulted(lambda h: status(front, h.body, h.headers), handlers, 10_000)
    assert set(statuses) <= ALLOWED
    assert intrusions == 0
    assert [record.exc_info for record in caplog.records if record.exc_info] == []
    assert statuses[401] > 3_000  # the assault did happen,
    assert handlers.received  # and what only looked odd, but was Slack's, did get through


async def test_the_same_assault_finds_a_broken_front(
    front: Front, handlers: FakeHandlers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "_signature", type("Gullible", (), {"is_valid": lambda *_: True})())
    _, intrusions = await assaulted(lambda h: status(front, h.body, h.headers), handlers, 300)
    assert intrusions > 0


async def test_the_same_assault_finds_bolts_own_front_answering_500(
    handlers: FakeHandlers, caplog: pytest.LogCaptureFixture
) -> None:
    from slack_bolt.adapter.aiohttp import to_aiohttp_response
    from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

    app = AsyncApp(signing_secret=SECRET, token="xoxb-1")

    async def stock(hostile: Hostile) -> int:
        try:
            request = AsyncBoltRequest(body=hostile.body.decode(), headers=dict(hostile.headers))
            return (await to_aiohttp_response(await app.async_dispatch(request))).status
        except Exception:  # noqa: BLE001 - whatever it is
            return 500  # as aiohttp answers when a handler raises

    statuses, _ = await assaulted(stock, handlers, 100)
    assert statuses[500] > 0


async def test_over_a_real_connection_the_answers_are_the_same(
    bot: Slack, slack: SlackStandIn, session: ClientSession
) -> None:
    for body, headers, expected in (
        (b"{}", JSON, 401),
        (b"x" * (MAX_BYTES + 1), JSON, 413),
        (b"", {**JSON, "Content-Encoding": "deflate"}, 415),
    ):
        async with session.post(slack.bot_at, data=body, headers=headers) as answer:
            assert answer.status == expected
    async with session.get(slack.bot_at) as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    "broken",
    [
        b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nxx\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcdefgh",
        b"Content-Length: -5\r\n\r\n",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Content-Type: \xff\xfe; charset=\x80\r\nContent-Length: 2\r\n\r\n{}",
        b"X-Slack-Signature: v0=\xff\xfe\r\nX-Slack-Request-Timestamp: \xd9\xa3\r\nContent-Length: 2\r\n\r\n{}",
    ],
)
async def test_broken_http_is_no_error_of_ours(
    bot: Slack, slack: SlackStandIn, caplog: pytest.LogCaptureFixture, broken: bytes
) -> None:
    at = URL(slack.bot_at)
    reader, writer = await asyncio.open_connection(at.host, at.port)
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + broken)
    answer = await asyncio.wait_for(reader.read(), 3)
    writer.close()
    await writer.wait_closed()
    assert int(answer.split()[1]) in ALLOWED
    assert [record.name for record in caplog.records if record.name.startswith("bot.")] == []
