"""The board's page: what it shows, to whom, and what its links open."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from jinja2 import Environment

from bot.domain.board import Standing
from bot.domain.rounds import Box, Mode, State
from bot.domain.words import Localised
from bot.flows.moderation import PERSONAL
from bot.keys import link_token
from bot.web import board, styled
from storage.groups import Groups
from storage.links import Kind, Links
from storage.rounds import Rounds
from tests.fixtures.seed_board import POSTS, WORDINGS
from tests.flows.samples import LUND, NOW
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


# --- the page ---------------------------------------------------------------------------------------------------------


async def test_the_page_says_whose_board_it_is_where_one_organisation_is_asked(site: BoardSite) -> None:
    assert LUND.name not in await site.page(await site.link())
    lunds = replace(ROUND, id="lunds", organisation=LUND.key)
    await site.do(lambda connection: Rounds(connection, NOW).add(lunds))
    assert f"Modellkonceptet · {LUND.name}" in await site.page(await site.link("lunds"))


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
        assert headers["Server"] == "lartraff"  # and no versions
        answer.close()


async def test_the_page_names_no_other_host_and_no_style_or_script_within(site: BoardSite) -> None:
    page = await site.page(await site.link())
    assert not re.search(r"(src|href)=\"(?!/|#)", page)
    assert "style=" not in page
    assert re.findall(r"<script[^>]*>(.*?)</script>", page) == ["", ""]


@pytest.mark.parametrize(
    ("header", "query", "language", "word"),
    [
        ("", "", "sv", "Tillgänglighet"),
        ("de,fr;q=0.5", "", "sv", "Tillgänglighet"),
        ("nb-NO,nb;q=0.9,en;q=0.8", "", "nb", "Tilgjengelighet"),
        ("no", "", "nb", "Tilgjengelighet"),
        ("is, en;q=0.3, nn;q=0.4", "", "nn", "Tilgjengelegheit"),
        ("da-DK, en;q=0.3", "", "nb", "Tilgjengelighet"),
        ("fi, en;q=0.3", "", "sv", "Tillgänglighet"),
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
    careless = Environment(loader=styled._templates().loader, autoescape=False)  # noqa: S701 - as it must not be
    monkeypatch.setattr(styled, "_templates", lambda: careless)
    await site.put_up(HOSTILE)
    assert "<img src=x" in await site.page(await site.link())


async def test_N3b_what_is_held_or_hidden_is_counted_and_never_shown(site: BoardSite) -> None:
    await site.put_up("Anna Svensson sade nej", "anna@lund.se", standing=Standing.HELD, reason="name")
    await site.put_up("070-123 45 67")
    await site.hide("070-123 45 67", PERSONAL)
    page = await site.page(await site.link())
    assert "2 inlägg väntar på granskning" in page
    assert "1 inlägg har dolts: Personuppgifter" in page
    assert not [word for word in ("Anna Svensson", "anna@lund.se", "070-123") if word in page]
    stream = await site.follow(await site.link())
    assert "Anna" not in str(await stream.news())


async def test_what_to_do_while_answering_is_not_said_once_the_round_has_closed(site: BoardSite) -> None:
    asked = replace(ROUND, id="r3", intro=Localised({"sv": "Utse en person som dokumenterar."}))
    done = replace(asked, id="r4", state=State.CLOSED)
    pages = [await site.page(await site.add(one)) for one in (asked, done)]
    assert ["Utse en person" in page for page in pages] == [True, False]


async def test_a_closed_board_says_where_too_few_voted_for_numbers(site: BoardSite) -> None:
    voted = replace(ROUND, id="r3", votes=3)
    pages = []
    for one in (voted, replace(voted, id="r4", state=State.CLOSED)):
        link = await site.add(one)
        await site.put_up("Utbilda alla", round=one.id)
        pages.append(await site.page(link))
    assert ["För få har röstat" in page for page in pages] == [False, True]


async def test_empty_questions_say_so(site: BoardSite) -> None:
    open_one, closed = replace(ROUND, id="r3"), replace(ROUND, id="r4", state=State.CLOSED)
    assert (await site.page(await site.add(open_one))).count("Inga inlägg än") == 9
    assert (await site.page(await site.add(closed))).count("Här skrev ingen något") == 9


async def test_P5_a_sealed_round_says_when_its_answers_are_shown_and_that_too_few_came(site: BoardSite) -> None:
    opened = await site.page(await site.add(replace(SEALED, threshold=7)))
    assert "om minst 7 personer har svarat" in opened
    closed = await site.page(await site.add(replace(SEALED, id="r3", state=State.CLOSED)))
    assert closed.count("Här visas inget: det krävs svar från minst 5 personer") == 9
    assert ("0 inlägg" in opened, "0 inlägg" in closed) == (False, True)
    assert ("Inga inlägg än" in opened, opened.count("Förseglat tills rundan avslutas")) == (False, 9)
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
    assert len(files) == 4
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
    id = right.removeprefix("/board/").partition("-")[0]
    wrong = [
        *(planned, withdrawn, documents),
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


async def test_a_link_that_was_closed_or_has_run_out_says_that_it_is_no_longer_valid(either_site: BoardSite) -> None:
    site = either_site
    revoked = await site.add(replace(ROUND, id="r8"))
    short = await site.do(lambda connection: Links(connection, NOW).give_out(Kind.BOARD, "r9", lasts=timedelta(days=1)))
    await site.do(lambda connection: Links(connection, NOW).revoke(Kind.BOARD, "r8"))
    site.clock.move(days=2)
    for link in (revoked, f"/board/{short}-{link_token(KEY, short)}"):
        answer = await site.client.get(link)
        assert answer.status == 404
        assert "Länken gäller inte längre" in await answer.text()
        for more in ("changes", "qr.svg"):
            assert (await site.client.get(f"{link}/{more}")).status == 404
    guessed = await site.client.get(f"/board/{short}-{link_token(bytes(32), short)}")
    assert "Länken gäller inte längre" not in await guessed.text()  # whoever has only half of it learns nothing
