"""The page of a self-assessment: opened by its link alone, with every figure, as Word and CSV, and in a browser."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Literal, TypeVar

import pytest
import pytest_asyncio
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from docx import Document
from sqlalchemy import Connection

from bot.assembly import Plan, Site, assemble
from bot.domain.rounds import Round, State
from bot.handlers.results import for_role
from bot.keys import link_token
from bot.pages import application
from config.catalogues import FOLDER
from storage import programmes
from storage.links import Kind, Links
from storage.rounds import Rounds
from storage.tallies import Tallies
from tests.documents.dossiers import HOSTILE, PROGRAMME
from tests.documents.test_results import MORE, ROUND
from tests.domain.test_assessment import FEW
from tests.fixtures.chromium import Windows, violations
from tests.flows.samples import DIRECTORY, LUND, NOW, words
from tests.handlers.town import MovableClock

T = TypeVar("T")
THEN = replace(ROUND, programme=PROGRAMME.id, state=State.CLOSED, opens_at=NOW)
LATER = replace(THEN, id="r2", opens_at=NOW + timedelta(days=900))
EVIL = replace(THEN, id="evil", title=words("<script>alert(1)</script>" + HOSTILE[11]))
LUNDS, LATER_LUNDS = (replace(one, id=f"{one.id}-lund", organisation=LUND.key) for one in (THEN, LATER))


@dataclass
class Pages:
    """A site with two rounds of the same assessment, behind a web address."""

    site: Site
    client: TestClient[web.Request, web.Application]

    async def do(self, what: Callable[[Connection], T]) -> T:
        return await self.site.unit_of_work.run(what)

    async def link(self, about: str = "r1", kind: Kind = Kind.RESULTS) -> str:
        id = await self.do(lambda connection: Links(connection, NOW).give_out(kind, about))
        return f"/results/{id}-{link_token(self.site.link_key, id)}"

    async def get(self, path: str) -> ClientResponse:
        return await self.client.get(path, headers={"Accept-Language": "sv"})

    async def page(self, about: str = "r1") -> str:
        answer = await self.get(await self.link(about))
        assert answer.status == 200
        return unescape(re.sub(r"<[^>]*>", " ", (await answer.text()).partition("<body>")[2]))


def fill(connection: Connection) -> None:
    programmes.load(connection, PROGRAMME, NOW)
    for shown, given in ((THEN, FEW), (LATER, MORE), (EVIL, FEW), (LUNDS, FEW), (LATER_LUNDS, MORE)):
        Rounds(connection, NOW).add(shown)
        end(connection, shown)
        for (role, question), counts in given.items():
            if sum(counts.values()) >= shown.threshold:
                Tallies(connection).put(shown.id, role, question, counts)


def end(connection: Connection, shown: Round) -> None:
    Rounds(connection, shown.opens_at).enter(shown.id, State.CLOSED, from_states=(State.CLOSED,))


@asynccontextmanager
async def open_pages(url: str, folder: Path) -> AsyncIterator[Pages]:
    site = assemble(Plan(url, folder / "keys", "", FOLDER, DIRECTORY), MovableClock())
    await site.unit_of_work.run(fill)
    try:
        async with TestClient(TestServer(application(site, ticks=False))) as client:
            yield Pages(site, client)
    finally:
        await site.unit_of_work.close()


@pytest.fixture
async def pages(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Pages]:
    async with open_pages(sqlite_url, tmp_path) as opened:
        yield opened


async def test_C7_the_page_has_areas_every_statement_and_what_is_hidden_says_so(pages: Pages) -> None:
    page = await pages.page()
    assert "Skala: från 1 till 5." in page
    assert "3,0 (1,4; 27)" in page
    assert "för få för att visas" in page
    assert "minst 5 personer i en roll" in page


async def test_of_a_role_the_page_shows_itself_and_all_together(pages: Pages) -> None:
    page = await pages.page(for_role("r1", "politiker"))
    tables = page[page.index("Områden") :]
    assert "Politiker" in tables
    assert "Chefer" not in tables


async def test_page_and_word_say_whose_result_it_is_where_one_organisation_was_asked(pages: Pages) -> None:
    for about in (LUNDS.id, f"{LATER_LUNDS.id} {LUNDS.id}"):
        assert LUND.name in await pages.page(about)
        word = await pages.get(f"{await pages.link(about)}/report.docx")
        assert LUND.name in " ".join(line.text for line in Document(BytesIO(await word.read())).paragraphs)
    assert LUND.name not in await pages.page()  # everybody was asked


async def test_C7c_two_rounds_say_that_these_are_not_the_same_people(pages: Pages) -> None:
    page = await pages.page("r2 r1")
    assert "2027 och 2029: Skattning" in page
    assert "Det är inte samma personer som har svarat båda gångerna." in page
    assert "+0,31" in page
    assert "kan inte jämföras" in page


async def test_word_and_csv_can_be_downloaded(pages: Pages) -> None:
    for about, line in (("r1", "Område;ledning;"), ("r2 r1", "Område;ledning;")):
        link = await pages.link(about)
        word, table = await pages.get(f"{link}/report.docx"), await pages.get(f"{link}/figures.csv?language=sv")
        assert Document(BytesIO(await word.read())).tables
        assert line in (await table.read()).decode("utf-8-sig")
        assert "attachment" in table.headers["Content-Disposition"]


async def test_every_other_link_gets_the_same_answer(pages: Pages) -> None:
    right = await pages.link()
    wrong = [right[:-1] + ("A" if right[-1] != "A" else "B"), await pages.link("r1", Kind.BOARD)]
    wrong += [await pages.link(about) for about in ("x", "r1 r2", "r1 r1")]
    found = [await pages.get(path + more) for path in wrong for more in ("", "/report.docx", "/figures.csv")]
    assert {(answer.status, await answer.text()) for answer in found} == {(404, "404: Not Found")}


async def test_hostile_words_stay_words_and_nothing_comes_from_elsewhere(pages: Pages) -> None:
    answer = await pages.get(await pages.link("evil"))
    text = await answer.text()
    assert "<script" not in text
    assert re.findall(r"""(?:src|href)=["'](?:https?:)?//""", text) == []
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; frame-ancestors 'none'")
    assert answer.headers["Cache-Control"] == "no-store"


# --- In a browser -----------------------------------------------------------------------------------------------------


@pytest_asyncio.fixture(loop_scope="session")
async def opened(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Pages]:
    async with open_pages(sqlite_url, tmp_path) as found:
        yield found


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(("width", "theme", "about"), [(1280, "light", "r1"), (320, "dark", "r2 r1")])
async def test_axe_finds_nothing_and_it_needs_no_script(
    opened: Pages, windows: Windows, width: int, theme: Literal["light", "dark"], about: str
) -> None:
    page = await windows[True].new_page()
    await page.set_viewport_size({"width": width, "height": 800})
    await page.emulate_media(color_scheme=theme)
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text))
    await page.goto(f"http://127.0.0.1:{opened.client.port}{await opened.link(about)}")
    assert await violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await page.evaluate("document.scripts.length") == 0
    assert [one for one in wrong if "favicon" not in one] == []
    await page.close()


@pytest.mark.asyncio(loop_scope="session")
async def test_C7_on_a_phone_every_figure_stands_with_its_heading_and_nothing_is_cut_off(
    opened: Pages, windows: Windows
) -> None:
    page = await windows[False].new_page()
    await page.set_viewport_size({"width": 390, "height": 800})
    await page.goto(f"http://127.0.0.1:{opened.client.port}{await opened.link('r2 r1')}")
    for table in await page.locator(".wide").all():
        assert await table.evaluate("one => one.scrollWidth <= one.clientWidth")
    cell = page.get_by_role("cell", name="+0,31").first
    assert await cell.evaluate("one => getComputedStyle(one, '::before').content") == '"Skillnad"'
    assert "Skillnad" in await page.get_by_role("columnheader").all_inner_texts()
    await page.close()
