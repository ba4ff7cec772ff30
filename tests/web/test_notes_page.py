"""A group's notes by a web link: nothing lost, nothing doubled, nothing opened that should not be."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer

from bot.domain.rounds import LONGEST_POST, Mode, State
from bot.handlers import by_link
from bot.keys import link_token
from storage.groups import Groups
from storage.links import Kind, Links
from storage.rounds import Rounds
from storage.tables import deliveries, matters
from storage.unit_of_work import unit_of_work
from tests.handlers.town import Town, at_once
from tests.handlers.workshop import ROUND, answers, board, close, draft, group, open_round, texts
from tests.journeys.test_hostile_words import NAMES
from tests.web.guest_site import KEY, OURS, GuestSite, app_of, fields, guest_site, said, token_in

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def site(engine_url: str) -> AsyncIterator[GuestSite]:
    async with guest_site(engine_url) as opened:
        await open_round(opened.town)
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def small(sqlite_url: str) -> AsyncIterator[GuestSite]:
    """On SQLite alone: for what has nothing to do with the database."""
    async with guest_site(sqlite_url) as opened:
        await open_round(opened.town)
        yield opened


# --- Writing ----------------------------------------------------------------------------------------------------------


async def test_the_page_asks_what_the_group_is_asked_and_says_what_becomes_of_it(site: GuestSite) -> None:
    page = said(await site.page(await site.link(await group(site.town))))
    assert "Notes of Strateger A" in page
    assert "Vad förväntar ni er av de andra (chefer och politiker)?" in page
    for sentence in ("One line is one post.", "Strateger och nyckelpersoner", "neither its name nor any person’s"):
        assert sentence in page


async def test_several_lines_are_several_posts_of_the_group_at_once(site: GuestSite) -> None:
    its = await group(site.town)
    page = await site.write(await site.link(its), bidra="- Kunskap\r\n\r\n• Tid\r\n", stod="Mod")
    assert "3 posts are on the board" in page
    assert await board(site.town) == [
        ("strateger", "bidra", "Kunskap"), ("strateger", "bidra", "Tid"), ("strateger", "stod", "Mod"),
    ]  # fmt: skip
    assert {one.group for one in await answers(site.town)} == {its}


async def test_the_group_draft_is_the_note_takers_and_stays_so(small: GuestSite) -> None:
    its = await group(small.town)
    await small.town.work.run(lambda c: Rounds(c, small.town.clock.now()).keep_draft(ROUND, its, {"bidra": "Hemligt"}))
    link = await small.link(its)
    assert "Hemligt" not in await small.page(link)
    await small.write(link, bidra="Öppet")
    assert (await texts(small.town), await draft(small.town, its)) == (["Öppet"], {"bidra": "Hemligt"})


async def test_a_line_that_is_too_long_comes_back_with_the_reason_and_every_word(small: GuestSite) -> None:
    link = await small.link(await group(small.town))
    token = token_in(await small.page(link))
    long = "x" * (LONGEST_POST + 1)
    answer = await (await small.send(link, token, fields({"bidra": long, "stod": "Mod"}))).text()
    assert "Divide it into several lines" in said(answer)
    assert long in answer
    assert ">\nMod</textarea>" in answer
    assert 'href="#f-texts.bidra"' in answer
    assert token_in(answer) == token
    assert await texts(small.town) == []


async def test_whoever_opens_the_link_reads_what_a_small_group_has_to_know_unless_it_is_known_to_be_large(
    small: GuestSite,
) -> None:
    its = await group(small.town)
    link, said_so = await small.link(its), "If there are fewer than three of you in the group, the others can tell"
    assert said_so in said(await small.page(link))
    members = [small.town.person(name, "slack", "S1") for name in ("ann", "bo", "cilla")]
    assert await group(small.town, "strateger", "Strateger A", *members) == its
    assert said_so not in said(await small.page(link))


async def test_nothing_written_is_said_so(small: GuestSite) -> None:
    assert "Write at least one line" in await small.write(await small.link(await group(small.town)), bidra="  \n ")


async def test_what_may_name_somebody_is_asked_about_once_and_then_waits(site: GuestSite) -> None:
    link = await site.link(await group(site.town))
    asked = await (
        await site.send(link, token_in(await site.page(link)), fields({"bidra": "Ring 070-123 45 67\nMod"}))
    ).text()
    assert "Could this point to somebody?" in asked
    assert "070-123 45 67" in said(asked)
    assert await texts(site.town) == []
    page = said(await (await site.send(link, token_in(asked), fields({"bidra": "Ring 070-123 45 67\nMod"}))).text())
    assert "1 post waits until a coordinator has looked" in page
    assert await texts(site.town) == ["Mod"]
    assert await site.town.count(matters) == 1


@pytest.mark.parametrize("name", sorted(NAMES))
async def test_hostile_words_are_only_words(small: GuestSite, name: str) -> None:
    words = NAMES[name] + "<script>x()</script>\"'&"
    its = await group(small.town, "chefer", words)
    link = await small.link(its)
    page = await small.page(link)
    assert "<script>x" not in page
    token = token_in(page)
    for typed in (words, "y" * (LONGEST_POST + 1) + words):
        assert "<script>x" not in await (await small.send(link, token, fields({"bidra": typed}))).text()


# --- Once, and not less -----------------------------------------------------------------------------------------------


async def test_the_same_form_however_often_and_wherever_it_arrives_is_put_up_once(site: GuestSite) -> None:
    link = await site.link(await group(site.town))
    token = token_in(await site.page(link))
    work = unit_of_work(site.town.url)
    try:
        elsewhere = Town(work, site.town.url)
        async with TestClient(TestServer(app_of(elsewhere))) as other:
            sent = [
                site.send(link, token, fields({"bidra": "En gång\nTvå"}), client=other if n % 2 else None)
                for n in range(6)
            ]
            pages = [said(await answer.text()) for answer in await at_once(*sent)]
    finally:
        await work.close()
    assert await texts(site.town) == ["En gång", "Två"]
    assert all("2 posts are on the board" in page for page in pages)


async def test_control_another_form_puts_the_same_up_once_more(site: GuestSite) -> None:
    """The positive control: the count above sees a post that is put up twice."""
    link = await site.link(await group(site.town))
    for _ in range(2):
        await site.write(link, bidra="Samma idé")
    assert Counter(await texts(site.town)) == {"Samma idé": 2}


async def test_who_goes_back_and_adds_a_line_puts_up_that_line(site: GuestSite) -> None:
    link = await site.link(await group(site.town))
    token = token_in(await site.page(link))
    for lines in ("- Ett", "- Ett\n- Två", "- Ett\n- Två", "- Tre\n- Ett", "- Ett"):
        await site.send(link, token, fields({"bidra": lines}))
    assert await texts(site.town) == ["Ett", "Två", "Tre"]


async def test_at_the_same_moment_as_the_note_taker_in_chat(site: GuestSite) -> None:
    ann = site.town.person("ann", "slack", "S1")
    its = await group(site.town, "strateger", "Strateger A", ann)
    link = await site.link(its)
    tokens = [token_in(await site.page(link)) for _ in range(5)]
    form = (await ann.press("note", ROUND)).view
    await at_once(
        ann.submit(form, {"texts.bidra": "chatt a\nchatt b"}),
        *(site.send(link, token, fields({"bidra": f"{n} a\n{n} b"})) for n, token in enumerate(tokens)),
    )
    written = await texts(site.town)
    assert Counter(written) == Counter(f"{who} {half}" for who in ("chatt", *range(5)) for half in "ab")
    assert all(a[:-1] == b[:-1] for a, b in zip(written[::2], written[1::2], strict=True)), "one submit stays together"


async def test_what_was_written_when_the_round_closed_is_given_back(site: GuestSite) -> None:
    link = await site.link(await group(site.town))
    token = token_in(await site.page(link))
    await close(site.town)
    answer = await site.send(link, token, fields({"bidra": "För sent\nmen kvar"}))
    page = said(await answer.text())
    assert "This round is closed" in page
    assert "It is still here" in page
    assert "men kvar" in page
    assert "Open the board" in page
    assert await texts(site.town) == []
    assert "This round is closed" in said(await site.page(link))


async def test_a_receipt_that_was_lost_is_there_again_after_the_round_has_closed(site: GuestSite) -> None:
    link = await site.link(await group(site.town))
    token = token_in(await site.page(link))
    await site.send(link, token, fields({"bidra": "Framme"}))
    await close(site.town)
    answer = await site.send(link, token, fields({"bidra": "Framme"}))
    assert "1 post is on the board" in said(await answer.text())


async def test_what_was_written_when_the_link_was_renewed_is_given_back(site: GuestSite) -> None:
    its = await group(site.town)
    link = await site.link(its)
    token = token_in(await site.page(link))
    await site.town.work.run(lambda c: Links(c, site.town.clock.now()).revoke(Kind.NOTES, f"{ROUND} {its}"))
    answer = await site.send(link, token, fields({"bidra": "Kvar"}))
    assert answer.status == 404
    assert "You have written Kvar" in said(await answer.text())
    assert await texts(site.town) == []


async def test_a_fault_of_ours_gives_the_words_back_and_puts_nothing_up(
    small: GuestSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = await small.link(await group(small.town))
    token = token_in(await small.page(link))

    def break_down(*_asked: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(by_link, "_SENT", type("Broken", (), {"dump_json": break_down}))
        answer = await small.send(link, token, fields({"bidra": "Kvar"}))
    assert answer.status == 500
    assert "You have written Kvar" in said(await answer.text())
    assert await texts(small.town) == []
    assert await small.town.count(deliveries, deliveries.c.platform == "web") == 0


# --- What opens, and what does not ------------------------------------------------------------------------------------


async def refused(site: GuestSite, path: str) -> None:
    answer = await site.client.get(path)
    assert answer.status == 404
    assert "Notes of" not in await answer.text()


async def test_whatever_does_not_open_gets_the_same_answer(site: GuestSite) -> None:
    its = await group(site.town)
    right = await site.link(its)
    id = right.split("/")[2].partition("-")[0]
    board_id = await site.town.work.run(lambda c: Links(c, site.town.clock.now()).give_out(Kind.BOARD, ROUND))
    wrong = (
        f"/notes/{id}-{'A' * 43}",
        f"/notes/{'0' * 32}-{link_token(KEY, '0' * 32)}",
        site.path(Kind.NOTES, board_id),
        f"/board/{right.split('/')[2]}",
        "/notes/x", "/notes/-", "/notes/%00-%ff",
    )  # fmt: skip
    for path in wrong:
        await refused(site, path)
    pages = [await (await site.client.get(path)).text() for path in wrong if path.startswith("/notes/")]
    assert len({said(page) for page in pages}) == 1
    site.town.clock.move(days=31)
    await refused(site, right)


@pytest.mark.parametrize("state", [State.PLANNED, State.WITHDRAWN])
async def test_a_round_that_is_not_open_takes_nothing(small: GuestSite, state: State) -> None:
    await open_round(small.town, "other", state=state)
    its = await group(small.town)
    link = await small.link(its, "other")
    token = f"{'0' * 32}.write"
    answer = await small.send(link, token, fields({"bidra": "Kvar"}))
    assert "Kvar" in said(await answer.text())
    assert await texts(small.town, "other") == []


async def test_a_sealed_round_has_no_group_form(small: GuestSite) -> None:
    await open_round(small.town, "sealed", mode=Mode.SEALED)
    await refused(small, await small.link(await group(small.town), "sealed"))


async def test_a_removed_group_has_none_either(small: GuestSite) -> None:
    its = await group(small.town)
    link = await small.link(its)
    await small.town.work.run(lambda c: Groups(c, small.town.clock.now()).remove(its))
    await refused(small, link)


# --- Other sites, and what no browser sends ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"X-Nothing": "1"},
    ],
)
async def test_what_another_site_sends_is_shown_and_not_put_up(small: GuestSite, headers: dict[str, str]) -> None:
    link = await small.link(await group(small.town))
    token = token_in(await small.page(link))
    page = await (await small.send(link, token, fields({"bidra": "Kvar"}), headers=headers)).text()
    assert "This did not come from the page" in said(page)
    assert "Kvar</textarea>" in page
    assert await texts(small.town) == []


async def test_control_our_own_page_by_origin_alone(small: GuestSite) -> None:
    """The positive control, as a browser sends it that does not know of Sec-Fetch-Site."""
    link = await small.link(await group(small.town))
    origin = f"http://127.0.0.1:{small.client.port}"
    await small.send(link, token_in(await small.page(link)), fields({"bidra": "Mod"}), headers={"Origin": origin})
    assert await texts(small.town) == ["Mod"]


@pytest.mark.parametrize("token", ["", "x", "../..", "0" * 31 + "\x00.write", "0" * 33])
async def test_a_strange_mark_is_not_taken(small: GuestSite, token: str) -> None:
    link = await small.link(await group(small.town))
    answer = await small.send(link, token, fields({"bidra": "Kvar"}))
    assert "Kvar</textarea>" in await answer.text()
    assert await texts(small.town) == []


async def test_broken_bodies_break_nothing(small: GuestSite) -> None:
    link = await small.link(await group(small.town))
    kind = {"Content-Type": "application/x-www-form-urlencoded; charset=nonsense", **OURS}
    plain = {"Content-Type": "application/x-www-form-urlencoded", **OURS}

    async def status(body: bytes, headers: dict[str, str]) -> int:
        return (await small.client.post(link, data=body, headers=headers)).status

    assert await status(b"token=%ff&texts.bidra=%00%ff\xff", kind) == 200
    assert await status(b"a=1&" * 200, plain) == 400
    assert await status(b"texts.bidra=" + b"x" * (600 * 1024), plain) == 413
    assert await status(b"{}", {"Content-Type": "application/json", **OURS}) == 415
    assert await texts(small.town) == []


async def test_the_page_may_run_nothing_and_is_kept_nowhere(small: GuestSite) -> None:
    answer = await small.client.get(await small.link(await group(small.town)))
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "script-src" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"


async def test_what_is_asked_of_some_organisations_is_asked_of_their_groups_only(small: GuestSite) -> None:
    its = await group(small.town, "ingen", "Utanför")
    await refused(small, await small.link(its))
