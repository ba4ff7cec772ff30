"""The board's page and its stream: what they show, to whom, and what they tell of changes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp.test_utils import TestClient, TestServer
from jinja2 import Environment

from bot.assembly import Plan, assemble
from bot.domain.board import Standing
from bot.domain.people import Language
from bot.domain.rounds import Box, Mode, State
from bot.domain.words import Localised
from bot.flows.moderation import PERSONAL
from bot.keys import link_token
from bot.pages import application
from bot.web import board, live
from bot.web.live import MOST_UNSENT, Frame, Viewer
from config import catalogues
from storage import programmes
from storage.answers import Answers, NewAnswer
from storage.groups import Groups
from storage.links import Kind, Links
from storage.rounds import Rounds
from storage.unit_of_work import unit_of_work
from tests.fixtures.seed_board import POSTS, WORDINGS
from tests.flows.samples import DIRECTORY, NOW
from tests.handlers.town import MovableClock
from tests.web.boards import KEY, PROGRAMME, ROUND, BoardSite, board_site

SEALED = replace(ROUND, id="r2", mode=Mode.SEALED)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}</ul>&amp;\x00"
MISSING = "0" * 32


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


# --- the page ---------------------------------------------------------------------------------------------------------


async def test_N3_the_page_shows_every_post_under_its_question_in_order(either_site: BoardSite) -> None:
    page = await either_site.page(await either_site.link())
    places = [page.index(text.replace('"', "&#34;")) for _box, _question, text in POSTS]
    assert places == sorted(places)
    assert all(wording in page for wording in WORDINGS.values())
    assert "50 inlägg" in page
    assert page.index("Modellkonceptet") < page.index("<h1") < page.index("Politiker</h2>")


async def test_nothing_is_kept_guessed_framed_run_or_told_to_others(site: BoardSite) -> None:
    link = await site.link()
    for path in (link, f"{link}/qr.svg", f"{link}/changes", "/board/wrong"):
        answer = await site.client.get(path)
        headers = answer.headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
        assert (headers["X-Content-Type-Options"], headers["X-Robots-Tag"]) == ("nosniff", "noindex, nofollow")
        assert "Set-Cookie" not in headers
        answer.close()


async def test_the_page_names_no_other_host_and_no_style_or_script_within(site: BoardSite) -> None:
    page = await site.page(await site.link())
    assert not re.search(r"(src|href)=\"(?!/|#)", page)
    assert "style=" not in page
    assert re.findall(r"<script[^>]*>(.*?)</script>", page) == [""]


@pytest.mark.parametrize(
    ("header", "query", "language", "word"),
    [
        ("", "", "sv", "Tillgänglighet"),
        ("de,fr;q=0.5", "", "sv", "Tillgänglighet"),
        ("nb-NO,nb;q=0.9,en;q=0.8", "", "nb", "Tilgjengelighet"),
        ("no", "", "nb", "Tilgjengelighet"),
        ("fi, en;q=0.3, nn;q=0.4", "", "nn", "Tilgjengelegheit"),
        ("en-GB", "", "en", "Accessibility"),
        ("en;q=0, nb;q=zero", "", "sv", "Tillgänglighet"),
        ("nb", "?language=en", "en", "Accessibility"),
        ("nb", "?language=xx", "nb", "Tilgjengelighet"),
    ],
)
async def test_the_page_speaks_the_readers_language(
    site: BoardSite, header: str, query: str, language: str, word: str
) -> None:
    page = await site.page(await site.link() + query, **{"Accept-Language": header})
    assert f'<html lang="{language}">' in page
    assert word in page


async def test_what_is_written_in_another_language_says_so_to_screen_readers(site: BoardSite) -> None:
    page = await site.page(await site.link() + "?language=en")
    assert '<h1 lang="sv">Uppstartskonferensen' in page
    assert '<h3 lang="sv" tabindex="-1">Vad kan ni' in page
    assert '<ul class="posts" lang="sv">' in page


async def test_one_role_can_be_looked_at_alone(site: BoardSite) -> None:
    page = await site.page(await site.link() + "?role=chefer")
    assert "Goda exempel från mentorerna" in page
    assert "Bidra med kunskap" not in page
    assert "Bidra med kunskap" in await site.page(await site.link() + "?role=other")


async def test_a_board_of_everybody_has_no_empty_heading(site: BoardSite) -> None:
    everybody = (Box("", Localised({}), ROUND.boxes[0].questions),)
    page = await site.page(await site.add(replace(ROUND, id="r3", boxes=everybody)))
    assert '<h2 lang="sv" tabindex="-1">Vad kan ni' in page
    assert "<h3" not in page
    assert "Alla roller" not in page


async def test_hostile_text_is_shown_as_text(site: BoardSite) -> None:
    await site.put_up(HOSTILE)
    page = await site.page(await site.link())
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;{{7*7}}&lt;/ul&gt;&amp;amp;" in page
    assert "<img src=x" not in page


async def test_the_check_for_hostile_text_sees_a_template_that_does_not_escape(
    site: BoardSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    careless = Environment(loader=board._TEMPLATES.loader, autoescape=False)  # noqa: S701 - as it must not be
    monkeypatch.setattr(board, "_TEMPLATES", careless)
    await site.put_up(HOSTILE)
    assert "<img src=x" in await site.page(await site.link())


async def test_N3b_what_is_held_or_hidden_is_counted_and_never_shown(site: BoardSite) -> None:
    await site.put_up("Anna Svensson sade nej", "anna@lund.se", standing=Standing.HELD, reason="name")
    await site.put_up("070-123 45 67")
    await site.hide("070-123 45 67", PERSONAL)
    page = await site.page(await site.link())
    assert "2 inlägg väntar på granskning" in page
    assert "1 inlägg har tagits bort: Personuppgifter" in page
    assert not [word for word in ("Anna Svensson", "anna@lund.se", "070-123") if word in page]
    stream = await site.follow(await site.link())
    assert "Anna" not in str(await stream.news())


async def test_empty_questions_say_so(site: BoardSite) -> None:
    open_one, closed = replace(ROUND, id="r3"), replace(ROUND, id="r4", state=State.CLOSED)
    assert (await site.page(await site.add(open_one))).count("Inga inlägg än") == 9
    assert (await site.page(await site.add(closed))).count("Här skrev ingen något") == 9


async def test_P5_a_sealed_round_says_when_its_answers_are_shown_and_that_too_few_came(site: BoardSite) -> None:
    opened = await site.page(await site.add(replace(SEALED, threshold=7)))
    assert "om minst 7 personer har svarat" in opened
    closed = await site.page(await site.add(replace(SEALED, id="r3", state=State.CLOSED)))
    assert closed.count("Här visas inget: det krävs svar från minst 5 personer") == 9
    assert "Öppen" in opened
    assert "Avslutad" in closed


async def test_a_post_has_its_group_where_the_round_is_signed_and_says_that_it_was_moved(site: BoardSite) -> None:
    link = await site.add(replace(ROUND, id="r5", signed=True))
    group = await site.do(lambda connection: Groups(connection, NOW).found(PROGRAMME.id, "chefer", "Grupp <A>"))
    await site.put_up("Tid", round="r5", group=group.id)
    await site.change("Bidra med kunskap", lambda store, answer: store.move(answer, box="chefer", question="bidra"))
    assert '<p class="by">Grupp &lt;A&gt;</p>' in await site.page(link)
    assert (await site.page(await site.link())).count(">Flyttat hit från en annan fråga<") == 1


async def test_what_was_replied_stands_under_the_post(site: BoardSite) -> None:
    await site.change("Bidra med kunskap", lambda store, answer: store.reply(answer, box="chefer", accepted=True))
    await site.change("Nulägesanalys viktig", lambda store, answer: store.reply(answer, box="", text="<Vi> hjälper"))
    page = await site.page(await site.link())
    assert re.search(r"<b>Chefer</b> <b[^>]*>Ja, det gör vi</b>", page)
    assert re.search(r"<b>Arrangören</b> <b[^>]*></b> <span>&lt;Vi&gt; hjälper</span>", page)


async def test_the_qr_code_is_an_image_of_this_boards_public_address(
    site: BoardSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "_qr", lambda address: address.encode())
    link = await site.link()
    answer = await site.client.get(f"{link}/qr.svg?language=nb")
    assert answer.content_type == "image/svg+xml"
    assert await answer.text() == f"https://bot.example.org{link}"


def test_a_qr_code_is_dark_on_white_with_a_margin() -> None:
    written = board._qr("https://bot.example.org/board/x").decode()
    assert written.startswith("<svg")
    assert 'fill="#fff"' in written
    assert 'stroke="#000"' in written


async def test_the_page_weighs_little(site: BoardSite) -> None:
    link = await site.link()
    page = await site.page(link)
    files = re.findall(r'"(/board/static/[^"]+)"', page)
    sizes = [len(await (await site.client.get(path)).read()) for path in [link, f"{link}/qr.svg", *files]]
    assert len(files) == 3
    assert sum(sizes) <= 60_000, sizes


async def test_files_may_be_kept_for_good_since_their_address_changes_with_them(site: BoardSite) -> None:
    page = await site.page(await site.link())
    for path in re.findall(r'"(/board/static/[^"]+)"', page):
        answer = await site.client.get(path)
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]
    assert (await site.client.get("/board/static/board.py")).status == 404


# --- links ------------------------------------------------------------------------------------------------------------


async def test_every_link_that_opens_no_board_gets_the_same_answer(either_site: BoardSite) -> None:
    site = either_site
    right, planned = await site.link(), await site.add(replace(ROUND, id="r6", state=State.PLANNED))
    withdrawn = await site.add(replace(ROUND, id="r7", state=State.WITHDRAWN))
    documents = await site.link(kind=Kind.DOCUMENTS)
    over = await site.add(replace(ROUND, id="r8"))
    short = await site.do(lambda connection: Links(connection, NOW).give_out(Kind.BOARD, "r9", lasts=timedelta(days=1)))
    revoked, id = over, right.removeprefix("/board/").partition("-")[0]
    await site.do(lambda connection: Links(connection, NOW).revoke(Kind.BOARD, "r8"))
    site.clock.move(days=2)
    wrong = [
        *(planned, withdrawn, documents, revoked),
        f"/board/{short}-{link_token(KEY, short)}",
        f"/board/{MISSING}-{link_token(KEY, MISSING)}",
        f"/board/{id}-{link_token(bytes(32), id)}",
        f"/board/{id}-{'a' * 43}",
        *(f"/board/{id}", "/board/x", "/board/%00", "/board/%ff-%fe", f"/board/{'a' * 5000}"),
    ]
    assert (await site.client.get(right)).status == 200
    answers = [await site.client.get(link) for link in wrong]
    assert {(answer.status, await answer.text()) for answer in answers} == {(404, await answers[0].text())}
    assert "Här finns ingen tavla" in await answers[0].text()
    assert {(await site.client.get(f"{link}/changes")).status for link in wrong} == {404}
    assert {(await site.client.get(f"{link}/qr.svg")).status for link in wrong[2:]} == {404}


# --- the stream -------------------------------------------------------------------------------------------------------


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
    assert (len(hidden["ids"]), hidden["notes"]) == (2, ["1 inlägg har tagits bort"])
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
    assert [await stream.line(), await stream.line()] == ["retry: 2000\n\n", ":\n\n"]


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
        if round == "r1" and len(boards._boards) == 2:
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


async def test_nobody_watches_a_board_that_nobody_looks_at(site: BoardSite) -> None:
    stream = await site.follow(await site.link())
    await stream.line()
    stream.answer.close()
    boards = site.pages.live
    async with asyncio.timeout(5):
        while boards._task is not None and not boards._task.done():
            await site.put_up("Nytt")
            await asyncio.sleep(0.02)
    assert boards._boards == {}


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
