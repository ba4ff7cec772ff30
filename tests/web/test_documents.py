"""The page of a round's documents: opened by its link alone, and everything on it can be downloaded."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from docx import Document
from sqlalchemy import Connection

from bot.assembly import Plan, Site, assemble
from bot.domain.plans import PlanRow
from bot.domain.rounds import Mode, Round, State
from bot.domain.words import Localised
from bot.keys import link_token
from bot.pages import application
from config.catalogues import FOLDER
from storage import programmes
from storage.answers import Answers, NewAnswer
from storage.groups import Groups
from storage.links import Kind, Links
from storage.plans import Plans
from storage.rounds import Rounds
from tests.documents.dossiers import HOSTILE, PROGRAMME, ROUND
from tests.flows.samples import DIRECTORY, LUND, NOW
from tests.handlers.town import MovableClock

T = TypeVar("T")
HOSTILE_NAME = '<script>alert(1)</script> & "Lund" \ud800'


@dataclass
class Pages:
    """A site with a round, two groups and a plan, behind a web address."""

    site: Site
    clock: MovableClock
    client: TestClient[web.Request, web.Application]

    async def do(self, what: Callable[[Connection], T]) -> T:
        return await self.site.unit_of_work.run(what)

    async def link(self, about: str = "r1", kind: Kind = Kind.DOCUMENTS, lasts: timedelta = timedelta(days=9)) -> str:
        id = await self.do(lambda connection: Links(connection, self.clock.now()).give_out(kind, about, lasts=lasts))
        return f"/documents/{id}-{link_token(self.site.link_key, id)}"

    async def get(self, path: str, **headers: str) -> ClientResponse:
        return await self.client.get(path, headers={"Accept-Language": "sv", **headers})

    async def page(self, path: str = "") -> str:
        answer = await self.get(path or await self.link())
        assert answer.status == 200
        return await answer.text()

    async def word(self, path: str) -> list[str]:
        answer = await self.get(path)
        assert answer.status == 200
        return [paragraph.text for paragraph in Document(BytesIO(await answer.read())).paragraphs]

    async def add(self, shown: Round) -> None:
        await self.do(lambda connection: Rounds(connection, NOW).add(shown))


def fill(connection: Connection) -> None:
    programmes.load(connection, PROGRAMME, NOW)
    Rounds(connection, NOW).add(ROUND)
    groups = Groups(connection, NOW)
    lund = groups.found(PROGRAMME.id, "chefer", "Lund", organisation_key=LUND.key)
    groups.found(PROGRAMME.id, "chefer", HOSTILE_NAME.encode("utf-8", "ignore").decode())
    new = [NewAnswer("chefer", "stod", text, lund.id) for text in ("Tid", *HOSTILE)]
    Answers(connection, NOW).add("r1", [replace(one, text=storable(one.text)) for one in new])
    Plans(connection, NOW).keep(PlanRow("p1", PROGRAMME.id, LUND.key, LUND.name, "=1+1", "Anna"))


def storable(text: str) -> str:
    """What a database takes of it."""
    return text.encode("utf-8", "ignore").decode().replace("\0", "")


@asynccontextmanager
async def open_pages(url: str, folder: Path) -> AsyncIterator[Pages]:
    clock = MovableClock()
    site = assemble(Plan(url, folder / "keys", "", FOLDER, DIRECTORY), clock)
    await site.unit_of_work.run(fill)
    async with TestClient(TestServer(application(site, ticks=False))) as client:
        yield Pages(site, clock, client)
    await site.unit_of_work.close()


@pytest.fixture
async def pages(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Pages]:
    async with open_pages(sqlite_url, tmp_path) as opened:
        yield opened


def downloads(page: str) -> list[str]:
    return [unescape(address) for address in re.findall(r'<a href="(/documents/[^"]+)"', page)]


async def test_C6_everything_on_the_page_can_be_downloaded(pages: Pages) -> None:
    found = downloads(await pages.page())
    assert len(found) == 5 * 3  # all, the plans, two groups and an organisation; as Word, Excel and CSV
    for address in found:
        answer = await pages.get(address)
        assert answer.status == 200
        content = await answer.read()
        assert content.startswith(b"\xef\xbb\xbf" if ".csv" in address else b"PK")


async def test_a_file_comes_with_its_name_and_kind(pages: Pages) -> None:
    (group,) = [one for one in downloads(await pages.page()) if "organisation-" in one and ".docx" in one]
    headers = (await pages.get(group)).headers
    assert headers["Content-Type"].endswith("wordprocessingml.document")
    name = unquote(headers["Content-Disposition"].partition("filename*=UTF-8''")[2])
    assert name == "Uppstartskonferensen-Lunds-kommun-2027-01-11.docx"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["X-Robots-Tag"] == "noindex, nofollow"


async def test_a_group_file_holds_its_posts_and_not_who_is_missing(pages: Pages) -> None:
    link = await pages.link()
    whole = await pages.word(f"{link}/all.docx")
    assert "Grupper som inte har skrivit något" in whole
    other, mine = [one for one in downloads(await pages.page(link)) if "/group-" in one and ".docx" in one]
    assert ("Tid" in await pages.word(mine), "Tid" in await pages.word(other)) == (True, False)
    assert "Grupper som inte har skrivit något" not in await pages.word(mine)


async def test_the_plans_alone_hold_no_posts(pages: Pages) -> None:
    assert "Tid" not in await pages.word(f"{await pages.link()}/plan.docx")
    csv = await (await pages.get(f"{await pages.link()}/plan.csv")).text()
    assert "'=1+1" in csv


async def test_the_page_and_the_files_speak_the_readers_language(pages: Pages) -> None:
    link = await pages.link()
    assert '<html lang="nn">' in await pages.page(f"{link}?language=nn")
    assert "?language=nn" in downloads(await pages.page(f"{link}?language=nn"))[0]
    assert [line for line in await pages.word(f"{link}/all.docx?language=en") if line.startswith("Organiser: ")]


async def test_a_name_that_somebody_made_up_is_only_text(pages: Pages) -> None:
    page = await pages.page()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


async def test_the_page_is_allowed_its_own_style_and_nothing_else(pages: Pages) -> None:
    policy = (await pages.get(await pages.link())).headers["Content-Security-Policy"]
    assert re.fullmatch(
        r"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-[^']+'",
        policy,
    )
    assert "http" not in await pages.page()


async def test_every_other_link_gets_the_same_answer(pages: Pages) -> None:
    link = await pages.link()
    board, short = await pages.link(kind=Kind.BOARD), await pages.link("r2", lasts=timedelta(minutes=1))
    pages.clock.move(minutes=2)
    id, _hyphen, token = link.rpartition("/")[2].partition("-")
    wrong = [
        board,
        short,
        await pages.link("unknown"),
        f"/documents/{id}-{token[:-1]}{'A' if token[-1] != 'A' else 'B'}",
        f"/documents/{'0' * 32}-{token}",
        f"/documents/{id}-{link_token(bytes(32), id)}",
        f"/documents/{id}-",
        "/documents/x-y",
        f"{link}/secret.docx",
        f"{link}/all.exe",
        f"{link}/all-x.docx",
        f"{link}/group-{'0' * 32}.docx",
        f"{link}/organisation-SE-9999.docx",
        f"{link}/group-.docx",
        f"{link}/..%2Fall.docx",
    ]
    answers = [await pages.get(address) for address in (*wrong, *(f"{one}/all.docx" for one in wrong[:6]))]
    assert {(answer.status, await answer.text()) for answer in answers} == {(404, "404: Not Found")}
    assert (await pages.get(link)).status == 200


async def test_a_revoked_link_opens_nothing_from_then_on(pages: Pages) -> None:
    link = await pages.link()
    await pages.do(lambda connection: Links(connection, pages.clock.now()).revoke(Kind.DOCUMENTS, "r1"))
    assert [(await pages.get(f"{link}{file}")).status for file in ("", "/all.docx")] == [404, 404]
    assert (await pages.get(await pages.link())).status == 200


@pytest.mark.parametrize("state", [State.PLANNED, State.WITHDRAWN])
async def test_a_round_that_is_not_open_has_no_documents(pages: Pages, state: State) -> None:
    await pages.add(replace(ROUND, id="r2", state=state))
    assert (await pages.get(await pages.link("r2"))).status == 404


async def test_C6c_a_sealed_round_has_no_file_for_a_group(pages: Pages) -> None:
    await pages.add(replace(ROUND, id="r2", mode=Mode.SEALED))
    link = await pages.link("r2")
    found = downloads(await pages.page(link))
    assert not [address for address in found if "/group-" in address]
    group = await pages.do(lambda connection: Groups(connection, NOW).of_programme(PROGRAMME.id)[0].id)
    assert (await pages.get(f"{link}/group-{group}.docx")).status == 404
    assert "Tid" not in await pages.word(f"{link}/organisation-{LUND.key}.docx")


async def test_a_title_of_nothing_but_signs_still_has_a_name(pages: Pages) -> None:
    await pages.add(replace(ROUND, id="r2", title=Localised({"sv": '/../ \r\n "; ?'})))
    answer = await pages.get(f"{await pages.link('r2')}/all.xlsx")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="lartraff-2027-01-11.xlsx"')
    assert ZipFile(BytesIO(await answer.read())).testzip() is None
