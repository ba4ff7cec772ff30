"""A calendar link opens one seat's file, and says nothing to anyone without it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.domain.people import Language
from bot.domain.programmes import Enrolment, Occasion, Programme, Span
from bot.domain.registrations import Participant, Seat, SeatState
from bot.domain.words import Localised
from bot.keys import seat_token
from bot.texts import Translators
from bot.web.calendar import CalendarEntry, CalendarFiles
from bot.web.headers import guarded

NOW = datetime(2027, 1, 15, 8, tzinfo=UTC)
KEY = bytes(range(32))
SPAN = Span(datetime(2027, 3, 16, 9, tzinfo=UTC), datetime(2027, 3, 16, 15, tzinfo=UTC))
OCCASION = Occasion("o1", Localised({"en": 'Träff "1"\r\nX: y'}), (SPAN,), deadline=NOW)
PROGRAMME = Programme(
    "p", "1", Localised({"en": "P"}), Localised({"en": "s"}), "Org", "Europe/Oslo", Enrolment.SINGLE, (OCCASION,)
)
SEAT = Seat("ab12", "r1", "p", "o1", Participant("Eva"), SeatState.CONFIRMED)
ENTRIES = {"ab12": CalendarEntry(PROGRAMME, OCCASION, SEAT, Language.ENGLISH)}
LINK = f"/calendar/ab12-{seat_token(KEY, SEAT)}.ics"
Client = TestClient[web.Request, web.Application]


class StoppedClock:
    """It is always the same moment."""

    def now(self) -> datetime:
        return NOW


async def find(seat: str) -> CalendarEntry | None:
    assert "\0" not in seat, "PostgreSQL refuses a text with a zero in it"
    return ENTRIES.get(seat)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    app = web.Application(middlewares=[guarded])
    CalendarFiles(find, key=KEY, translators=Translators(Path()), clock=StoppedClock()).routes(app)
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_a_link_opens_the_seats_file(client: Client) -> None:
    answer = await client.get(LINK)
    assert answer.status == 200
    assert answer.content_type == "text/calendar"
    assert "UID:ab12@lartraff" in await answer.text()


async def test_a_file_is_kept_by_nobody_on_the_way_and_runs_nothing(client: Client) -> None:
    headers = (await client.get(LINK)).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


async def test_a_file_has_a_name_for_every_browser(client: Client) -> None:
    named = (await client.get(LINK)).headers["Content-Disposition"]
    assert named == "attachment; filename=\"Traff-1-X-y.ics\"; filename*=UTF-8''Tr%C3%A4ff-1-X-y.ics"


async def test_a_title_without_letters_still_gives_a_name(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    nameless = replace(ENTRIES["ab12"], occasion=replace(OCCASION, title=Localised({"en": "???"})))
    monkeypatch.setitem(ENTRIES, "ab12", nameless)
    assert 'filename="lartraff.ics"' in (await client.get(LINK)).headers["Content-Disposition"]


@pytest.mark.parametrize(
    "wrong",
    [
        "/calendar/ab12.ics",
        "/calendar/ab12-.ics",
        f"/calendar/ab12-{seat_token(KEY, replace(SEAT, id='other'))}.ics",  # someone else's
        f"/calendar/gone-{seat_token(KEY, replace(SEAT, id='gone'))}.ics",  # right, of a seat that is no longer there
        f"/calendar/ab12-{seat_token(bytes(32), SEAT)}.ics",
        "/calendar/%ff%00-x.ics",
        "/calendar/ab12%00-x.ics",
        f"/calendar/{'a' * 5000}.ics",
    ],
)
async def test_every_other_link_gets_the_same_answer(client: Client, wrong: str) -> None:
    answer = await client.get(wrong, headers={"Accept-Language": "en"})
    assert answer.status == 404
    assert await answer.text() == (
        "This link is not valid any more. Write “my registrations” to Lärträff to see your meetings."
    )
    assert answer.headers["Cache-Control"] == "no-store"
