"""Whatever is asked of the pages of workshops and results without their own link, there is one same answer: 404.

`LARTRAFF_HOSTILE` sets how many requests; 10,000 take some ten seconds.
"""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from yarl import URL

from bot.handlers import screens
from storage.links import Kind, Links
from tests.handlers.coached import Coached, coached
from tests.handlers.walk_pages import Pages, pages_of

REQUESTS = int(os.environ.get("LARTRAFF_HOSTILE", "400"))
KINDS = (Kind.WORKSHOP, Kind.RESULTS, Kind.BOARD, Kind.GUEST, Kind.MY_DATA)
ABOUTS = (
    "whole",
    "sealed",
    "r1",
    "coach whole ",
    "coach whole nobody",
    "sealed role:",
    "sealed whole",
    "",
    " ",
    "coach",
)
ENDINGS = (
    "",
    "/changes",
    "/changes?after=-1",
    "/changes?after=9e99",
    "/report.docx",
    "/figures.csv",
    "?language=x",
    "/",
)
JUNK = ("%00", "%2e%2e%2f", "..;/", "%ff", "A" * 3000, "'", "%0d%0aX-A:b", "\u202e", "٣" * 32, "-", "*", "{link}")


@pytest.fixture
async def pages(sqlite_url: str) -> AsyncIterator[tuple[Coached, Pages]]:
    async with coached(sqlite_url) as here, pages_of(here.town) as opened:
        yield here, opened


def mangled(link: str, chance: random.Random) -> str:
    """The secret half cut, changed or doubled, or something else altogether."""
    at = chance.randrange(1, len(link))
    ways = (
        link[:-at],
        link[:at] + chance.choice("Aa0_-") + link[at + 1 :] + "x",
        link[:-at] + ("A" if link[-at] != "A" else "B") + link[len(link) - at + 1 :],
        link.upper(),
        link + link,
        link.partition("-")[0],
        "-" + link.partition("-")[2],
        chance.choice(JUNK),
        link + chance.choice(JUNK),
    )
    return chance.choice(ways)


async def answered(pages: Pages, path: str) -> tuple[int, bytes]:
    url = URL(f"http://127.0.0.1:{pages.client.port}{path}", encoded=path.isascii())
    async with pages.client.session.get(url, headers={"Accept-Language": "sv"}) as answer:
        return answer.status, await answer.read() if answer.status == 404 else b""


async def test_wrong_and_foreign_links_all_get_the_same_answer(pages: tuple[Coached, Pages]) -> None:
    _here, opened = pages
    chance = random.Random(7)
    gone: dict[str, set[bytes]] = {}
    links = [await opened.link(kind, about) for kind in KINDS for about in ABOUTS]
    for _ in range(REQUESTS):
        secret = chance.choice(links).rpartition("/")[2]
        where, ending = chance.choice(("workshop", "results")), chance.choice(ENDINGS)
        link = mangled(secret, chance)
        status, body = await answered(opened, f"/{where}/{link}{ending}")
        assert status in (400, 404), (where, status)
        if status == 404 and ending == "" and link.isascii() and not set(link) & set("%/{}"):
            gone.setdefault(where, set()).add(body)
    assert {where: len(bodies) for where, bodies in gone.items()} == {"workshop": 1, "results": 1}


async def test_links_of_another_kind_expired_or_revoked_open_nothing(pages: tuple[Coached, Pages]) -> None:
    here, opened = pages
    wrong = [
        link.replace(f"/{kind}/", f"/{where}/")
        for kind in KINDS
        for about in ("whole", "sealed", "r1")
        for where in ("workshop", "results")
        if kind != where and (link := await opened.link(kind, about))
    ]
    strange = [await opened.link(Kind.WORKSHOP, screens.for_coach("whole", "nobody"))]
    strange += [await opened.link(Kind.WORKSHOP, about) for about in ("nothing", "coach", "coach whole", " ")]
    strange += [await opened.link(Kind.RESULTS, about) for about in ("nothing", "r1", "r1 sealed", "sealed sealed")]
    revoked, expired = await opened.link(Kind.WORKSHOP, "lund"), await opened.link(Kind.WORKSHOP, "habo")
    now = here.town.clock.now()
    await here.town.work.run(lambda c: Links(c, now).revoke(Kind.WORKSHOP, "lund"))
    assert [await answered(opened, one) for one in (*wrong, *strange) if (await answered(opened, one))[0] != 404] == []
    assert [(await answered(opened, one))[0] for one in (revoked, expired)] == [404, 200]
    here.town.clock.at += timedelta(hours=2)
    assert [(await answered(opened, one))[0] for one in (revoked, expired)] == [404, 404]


async def test_control_pages_that_take_any_link_are_caught(
    pages: tuple[Coached, Pages], monkeypatch: pytest.MonkeyPatch
) -> None:
    _here, opened = pages
    monkeypatch.setattr("bot.web.ground.link_token_is_right", lambda *_: True)
    link = await opened.link(Kind.WORKSHOP, "whole")
    assert (await answered(opened, link[:-3] + "AAA"))[0] == 200
