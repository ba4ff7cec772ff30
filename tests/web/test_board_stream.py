"""The board's stream: what it tells of changes, to whom, and when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.assembly import Plan, assemble
from bot.domain.people import Language
from bot.domain.rounds import State
from bot.keys import link_token
from bot.pages import application
from bot.web import live
from bot.web.live import MOST_UNSENT, Frame, Viewer
from config import catalogues
from storage import programmes
from storage.answers import Answers, NewAnswer
from storage.links import Kind, Links
from storage.rounds import Rounds
from storage.unit_of_work import unit_of_work
from tests.flows.samples import DIRECTORY, NOW
from tests.handlers.town import MovableClock
from tests.web.boards import PROGRAMME, ROUND, BoardSite, board_site


@pytest.fixture
async def site(sqlite_url: str) -> AsyncIterator[BoardSite]:
    async with board_site(sqlite_url) as opened:
        yield opened


@pytest.fixture
async def either_site(engine_url: str) -> AsyncIterator[BoardSite]:
    """The same on both databases."""
    async with board_site(engine_url) as opened:
        yield opened


def never_looks_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_POLL", 3600)


async def test_N3_a_new_post_is_told_alone_and_at_once(either_site: BoardSite, monkeypatch: pytest.MonkeyPatch) -> None:
    never_looks_by_itself(monkeypatch)
    site = either_site
    stream = await site.follow(await site.link(), after=await site.version())
    assert await stream.line() == "retry: 2000\n\n"
    await site.put_up("Mer tid")
    news = await stream.news()
    assert [post["text"] for post in news["posts"].values()] == ["Mer tid"]
    assert list(news["questions"]) == ["2-3"]
    assert len(news["questions"]["2-3"]["ids"]) == 4
    assert (news["count"], news["id"]) == ("51 inlägg", str(await site.version()))


async def test_what_another_process_changes_is_seen_soon(engine_url: str) -> None:
    async with board_site(engine_url) as site:
        stream = await site.follow(await site.link(), after=await site.version())
        other = unit_of_work(engine_url)
        await stream.line()
        await other.run(
            lambda connection: Answers(connection, NOW).add("r1", [NewAnswer("chefer", "stod", "Från en annan")])
        )
        assert "Från en annan" in str(await stream.news())
        await other.close()


async def test_whoever_comes_back_having_missed_something_gets_everything(site: BoardSite) -> None:
    link, before = await site.link(), await site.version()
    await site.put_up("Medan du var borta")
    stream = await site.follow(link, after=0, **{"Last-Event-ID": str(before)})
    assert len((await stream.news())["posts"]) == 51


async def test_whoever_missed_nothing_is_told_nothing_until_something_happens(site: BoardSite) -> None:
    stream = await site.follow(await site.link(), after=1, **{"Last-Event-ID": str(await site.version())})
    await stream.line()
    await site.put_up("Nytt")
    assert len((await stream.news())["posts"]) == 1


@pytest.mark.parametrize("known", ["-1", "x", "9" * 40, "1e9", ""])
async def test_whoever_says_nonsense_about_what_they_know_gets_everything(site: BoardSite, known: str) -> None:
    stream = await site.follow(await site.link(), after=0, **{"Last-Event-ID": known})
    assert len((await stream.news())["posts"]) == 50


async def test_a_page_newer_than_what_is_watched_is_told_what_follows(site: BoardSite) -> None:
    link, version = await site.link(), await site.version()
    first = await site.follow(link, after=version)
    ahead = await site.follow(link, after=version + 1)
    await asyncio.gather(first.line(), ahead.line())
    await site.put_up("Det som sidan redan visar")
    assert (await ahead.news())["version"] == version + 1


async def test_everything_that_can_change_is_told(site: BoardSite) -> None:
    link = await site.link()
    stream = await site.follow(link, after=await site.version())
    await stream.line()
    await site.change("Efterfråga resultat", lambda store, answer: store.rewrite(answer, "Efterfråga mer"))
    assert [post["text"] for post in (await stream.news())["posts"].values()] == ["Efterfråga mer"]
    await site.hide("Efterfråga mer")
    hidden = (await stream.news())["questions"]["2-1"]
    assert (len(hidden["ids"]), hidden["notes"]) == (2, ["1 inlägg har dolts"])
    await site.change("Nulägesanalys viktig", lambda s, one: s.move(one, box="politiker", question="bidra"))
    moved = await stream.news()
    assert sorted(moved["questions"]) == ["1-1", "2-3"]
    assert [post["moved"] for post in moved["posts"].values()] == ["Flyttat hit från en annan fråga"]
    await site.do(lambda c: Rounds(c, NOW).enter("r1", State.CLOSED, from_states=[State.OPEN]))
    closed = await stream.news()
    assert (closed["open"], closed["state"], closed["questions"]) == (False, "Avslutad", {})


async def test_each_viewer_is_told_in_their_language(site: BoardSite) -> None:
    link, version = await site.link(), await site.version()
    streams = [await site.follow(link, version, **{"Accept-Language": code}) for code in ("sv", "nb", "en")]
    await asyncio.gather(*(stream.line() for stream in streams))
    await site.put_up("Tid")
    counts = [(await stream.news())["count"] for stream in streams]
    assert counts == ["51 inlägg", "51 innlegg", "51 posts"]


async def test_a_busy_board_is_told_in_sums_and_nothing_is_lost(site: BoardSite) -> None:
    stream = await site.follow(await site.link(), after=await site.version())
    await stream.line()
    heard: list[str] = []
    for number in range(30):
        await site.put_up(f"nr {number}")
    events = 0
    while len(heard) < 30:
        heard += [post["text"] for post in (await stream.news())["posts"].values()]
        events += 1
    assert heard == [f"nr {number}" for number in range(30)]
    assert events < 10


@pytest.mark.parametrize(
    "end",
    [
        lambda connection: Links(connection, NOW).revoke(Kind.BOARD, "r1"),
        lambda connection: Rounds(connection, NOW).enter("r1", State.WITHDRAWN, from_states=[State.OPEN]),
    ],
    ids=["revoked", "withdrawn"],
)
async def test_a_stream_ends_with_its_link_or_its_round(either_site: BoardSite, end: Callable[[Any], Any]) -> None:
    link = await either_site.link()
    stream = await either_site.follow(link, after=await either_site.version())
    await stream.line()
    await either_site.do(end)
    async with asyncio.timeout(5):
        assert await stream.ends()
    assert (await either_site.client.get(f"{link}/changes")).status == 404


async def test_a_stream_ends_when_its_link_is_over(site: BoardSite) -> None:
    stream = await site.follow(await site.link(), after=await site.version())
    await stream.line()
    site.clock.move(days=401)
    async with asyncio.timeout(5):
        assert await stream.ends()


async def test_stopping_lets_viewers_go_at_once(site: BoardSite) -> None:
    link = await site.link()
    stream = await site.follow(link, after=await site.version())
    await stream.line()
    async with asyncio.timeout(2):
        await site.pages.live.stop()
        assert await stream.ends()
    assert (await site.client.get(f"{link}/changes")).status == 503


async def test_there_is_an_end_to_how_many_can_watch(site: BoardSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_VIEWERS", 1)
    link = await site.link()
    await (await site.follow(link)).line()
    assert (await site.client.get(f"{link}/changes")).status == 503


async def test_silence_is_broken_so_that_proxies_keep_the_connection(
    site: BoardSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_HEARTBEAT", 0.0)
    stream = await site.follow(await site.link(), after=await site.version())
    assert [await stream.line(), await stream.line()] == ["retry: 2000\n\n", "event: beat\ndata\n\n"]


async def test_a_proxy_that_knows_no_chunks_gets_none(site: BoardSite) -> None:
    link, server = await site.link(), site.client.server
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"GET {link}/changes?after={await site.version()} HTTP/1.0\r\nHost: x\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert b"chunked" not in head.lower()
    assert await reader.readuntil(b"\n\n") == b"retry: 2000\n\n"
    await site.put_up("Tid")
    assert (await reader.readuntil(b"\n\n")).startswith(b"id: ")
    writer.close()


async def test_trouble_with_the_database_is_survived(site: BoardSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_AFTER_TROUBLE", 0.0)
    look, failures = site.pages.live._look, iter([OSError("disk"), OSError("disk")])

    async def fail_twice(*asked: Any) -> Any:
        for failure in failures:
            raise failure
        return await look(*asked)

    monkeypatch.setattr(site.pages.live, "_look", fail_twice)
    stream = await site.follow(await site.link(), after=await site.version())
    await stream.line()
    await site.put_up("Trots allt")
    assert "Trots allt" in str(await stream.news())


async def test_a_board_that_cannot_be_shown_keeps_nobody_from_the_others(
    site: BoardSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = site.pages.live._read

    async def refuse_one(round: str) -> Any:
        if round == "r1" and len(boards._watched) == 2:
            raise KeyError(round)
        return await read(round)

    boards = site.pages.live
    monkeypatch.setattr(boards, "_read", refuse_one)
    first = await site.follow(await site.link(), after=await site.version())
    second = await site.follow(await site.add(replace(ROUND, id="r2")), after=0)
    await asyncio.gather(first.line(), second.line())
    await site.put_up("Det går inte")
    await site.put_up("Det går", round="r2")
    assert "Det går" in str(await second.news())


async def test_whoever_comes_while_others_boards_are_looked_at_is_told_of_nothing_old(
    site: BoardSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    boards = site.pages.live
    look, came, looked = boards._look, asyncio.Event(), asyncio.Event()

    async def look_while_somebody_comes(abouts: Any, links: Any) -> Any:
        if "r2" in abouts:
            looked.set()
        found = await look(abouts, links)
        await came.wait()
        return found

    monkeypatch.setattr(boards, "_look", look_while_somebody_comes)
    first = await site.follow(await site.link(), after=await site.version())
    await first.line()
    second = await site.follow(await site.add(replace(ROUND, id="r2")), after=0)
    await second.line()
    came.set()
    await looked.wait()
    await site.put_up("Nytt", round="r2")
    assert "Nytt" in str(await second.news())


async def test_nobody_watches_a_board_that_nobody_looks_at(site: BoardSite) -> None:
    stream = await site.follow(await site.link())
    await stream.line()
    stream.answer.close()
    boards = site.pages.live
    async with asyncio.timeout(5):
        while boards._task is not None and not boards._task.done():
            await site.put_up("Nytt")
            await asyncio.sleep(0.02)
    assert boards._watched == {}


class Wire:
    """A connection that keeps what is written until it is read."""

    def __init__(self, unsent: int) -> None:
        self.unsent = unsent
        self.aborted = False
        self.written: list[bytes] = []

    def is_closing(self) -> bool:
        return self.aborted

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def write(self, sent: bytes) -> None:
        self.written.append(sent)

    def abort(self) -> None:
        self.aborted = True


async def test_a_viewer_who_does_not_read_is_let_go_and_all_others_are_told() -> None:
    loop = asyncio.get_running_loop()
    wires = [Wire(0), Wire(MOST_UNSENT + 1), Wire(MOST_UNSENT)]
    viewers = [Viewer("l", Language.ENGLISH, cast("Any", wire), loop.create_future(), version=1) for wire in wires]
    await live._tell(viewers, lambda _viewer: Frame(b"x"))
    assert [wire.aborted for wire in wires] == [False, True, False]
    assert [viewer.gone.done() for viewer in viewers] == [False, True, False]
    assert [wire.written for wire in wires] == [[b"1\r\nx\r\n"], [], [b"1\r\nx\r\n"]]


async def test_a_whole_site_has_boards_and_wakes_them(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    never_looks_by_itself(monkeypatch)
    whole = assemble(Plan(sqlite_url, tmp_path / "keys", "", catalogues.FOLDER, DIRECTORY), MovableClock())

    def fill(connection: Any) -> str:
        programmes.load(connection, PROGRAMME, NOW)
        Rounds(connection, NOW).add(ROUND)
        return Links(connection, NOW).give_out(Kind.BOARD, "r1")

    id = await whole.unit_of_work.run(fill)
    async with TestClient(TestServer(application(whole, ticks=False))) as client:
        link = f"/board/{id}-{link_token(whole.link_key, id)}"
        assert (await client.get(link)).status == 200
        answer = await client.get(f"{link}/changes?after=0")
        await answer.content.readuntil(b"\n\n")
        await whole.unit_of_work.run(lambda c: Answers(c, NOW).add("r1", [NewAnswer("chefer", "stod", "Ny")]))
        assert b"Ny" in await answer.content.readuntil(b"\n\n")
    await whole.unit_of_work.close()
