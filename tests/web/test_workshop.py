"""A workshop's page: what the room sees, what a coach sees, that it hears what is new, and who gets nothing."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.domain.workshops import Script, Step, Workshop
from bot.handlers import screens
from bot.handlers.visit import Visit
from storage.answers import Answers, NewAnswer
from storage.coaches import Coaches
from storage.erasure import Eraser
from storage.links import Kind, Links
from storage.people import People
from storage.workshops import Workshops
from tests.flows.samples import NOW
from tests.flows.samples import words as said
from tests.handlers.coached import MEMBER, PROGRAMME, SET
from tests.handlers.test_coaching import leaks
from tests.handlers.workshop import open_round
from tests.web.rooms import Room, open_room


@pytest.fixture
async def room(sqlite_url: str) -> AsyncIterator[Room]:
    async with open_room(sqlite_url) as opened:
        yield opened


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page.partition("<body>")[2]).split())


# --- The room ---------------------------------------------------------------------------------------------------------


async def test_the_screen_says_where_they_are_what_to_do_and_until_when(room: Room) -> None:
    said = words_of(await room.page(await room.link()))
    for words in ("Modellkonceptet", "Steg 2 av 4", "SWOT i grupp", "Tänk på er vardag.", "Till kl. 12.30"):
        assert words in said
    assert "Dela upp er tre och tre." not in said  # that is for whoever leads
    assert "En i varje grupp skriver ”anteckna” till Lärträff" in said
    assert "Hittills 1 inlägg" in said
    assert "Sedan: Självskattning" in said
    assert "Vad är ni bra på?" in said


@pytest.mark.parametrize(
    ("language", "words"),
    [("sv", "Steg 2 av 4"), ("nb", "Så langt"), ("nn", "Etterpå"), ("en", "Step 2 of 4")],
)
async def test_the_screen_speaks_the_readers_language(room: Room, language: str, words: str) -> None:
    assert words in words_of(await room.page(await room.link(), language=language))


async def test_the_screen_shows_no_word_that_anybody_wrote_and_no_group_by_name(room: Room) -> None:
    assert "CANARY" not in await room.page(await room.link())


async def test_a_paused_workshop_says_so_and_one_that_is_over_says_thank_you(room: Room) -> None:
    link, town = await room.link(), room.here.town
    for how, words in (("paused", "Nu är det paus."), ("ended", "Tack för i dag!")):

        def stop(connection: Connection, how: str = how) -> None:
            was = Workshops(connection, NOW).get("whole")
            assert was is not None
            assert Workshops(connection, NOW).save(was.paused(NOW) if how == "paused" else was.ended(), was=was)

        await town.work.run(stop)
        said = words_of(await room.page(link))
        assert words in said
        assert "Till kl. 12.30" not in said


async def test_nothing_is_fetched_from_elsewhere_kept_or_framed(room: Room) -> None:
    answer = await room.client.get(await room.link())
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', await answer.text())


async def test_where_people_vote_the_screen_says_how_and_how_many_have_and_hears_of_it_by_itself(room: Room) -> None:
    town, anna = room.here.town, room.here.town.person(MEMBER)
    await open_round(town, "v1", SET, programme=PROGRAMME, votes=2)
    leader = await room.here.id(room.here.cleo)
    (post,) = await town.work.run(lambda connection: _begin_to_vote(connection, leader))
    link = await room.link("vote")
    shown = words_of(await room.page(link))
    assert "Tryck på ”Rösta” i meddelandet från Lärträff. Var och en har 2 röster." in shown
    assert "Ingen har röstat än" in shown
    assert ("anteckna" in shown, "Hittills" in shown, "CANARY" in shown) == (False, False, False)
    stream = await room.follow(link)
    await anna.press("cast", f"v1 {post}")
    assert "data: " in await stream.line()
    assert "Alla har röstat" in words_of(await room.page(link))


def _begin_to_vote(connection: Connection, leader: str) -> tuple[str, ...]:
    """A workshop whose second step is a vote on what the first one has brought; the ids of that."""
    script = Script("val", said("Val"), (Step("a", said("Föreslå"), set=SET.id), Step("b", said("Välj"), goes_on="a")))
    there = Workshop("vote", PROGRAMME.id, script, leader, NOW, at=1)
    Workshops(connection, NOW).add(there)
    Workshops(connection, NOW).add_round("vote", "a", "v1")
    return Answers(connection, NOW).add("v1", [NewAnswer("", "styrka", "Fler kartor CANARY")])


# --- The coach --------------------------------------------------------------------------------------------------------


async def test_G3c_a_coachs_page_has_the_script_and_figures_and_no_word_of_anybodys(room: Room) -> None:
    await room.here.appoint()
    page = await room.page(await room.coachs_link())
    said = words_of(page)
    for words in ("Hela manuset", "Hälsa på varandra.", "Grupp 1 1 inlägg", "3,0 av 5", "för få för att visas"):
        assert words in said
    assert leaks_on(page) == []


async def test_control_the_rooms_page_does_not_pass_the_check_for_boards(room: Room) -> None:
    assert "/board/" in leaks_on(await room.page(await room.link()))


def leaks_on(page: str) -> list[str]:
    """As in chat; our own style sheets are no board."""
    return leaks(page.replace("/board/static/", ""))  # type: ignore[arg-type]


async def test_saying_that_one_is_a_coach_opens_nothing_more(room: Room) -> None:
    for asked in ("?coach", "?coach=1", "?coach=true&role=coach"):
        assert "Hela manuset" not in await room.page(await room.link() + asked)


async def test_a_coachs_link_ends_with_the_post_and_each_has_their_own(room: Room) -> None:
    await room.here.appoint()
    link, coach = await room.coachs_link(), await room.here.id(room.here.coach)
    assert link != await room.link()
    await room.here.town.work.run(lambda c: Coaches(c, NOW).remove(PROGRAMME.id, "", coach))
    await room.page(link, 404)
    await room.page(await room.link())


async def test_a_coachs_link_ends_when_their_account_is_closed(room: Room) -> None:
    await room.here.appoint()
    link = await room.coachs_link()
    await room.page(link)
    coach = room.here.coach.actor
    await room.here.town.work.run(lambda c: People(c, NOW).mark(coach, event="left"))
    await room.page(link, 404)


async def test_a_coachs_link_goes_with_the_person_who_is_erased(room: Room) -> None:
    await room.here.appoint()
    link, coach, town = await room.coachs_link(), await room.here.id(room.here.coach), room.here.town
    await town.work.run(lambda c: (eraser := Eraser(c, NOW)).erase(eraser.identity(coach)))
    await room.page(link, 404)
    assert await town.read(lambda c: Links(c, NOW).given_out(Kind.WORKSHOP, screens.for_coach("whole", coach))) is None


@pytest.mark.parametrize("kind", [Kind.BOARD, Kind.RESULTS, Kind.GUEST])
async def test_a_link_of_another_kind_or_a_wrong_one_opens_no_workshop(room: Room, kind: Kind) -> None:
    link = await room.link()
    gone = await room.page(await room.link("whole", kind), 404)
    assert gone == await room.page(link[:-1] + ("A" if link[-1] != "A" else "B"), 404)
    assert gone == await room.page("/workshop/nothing", 404)
    assert (await room.client.get("/workshop/nothing/changes")).status == 404


async def test_a_link_that_was_renewed_says_plainly_that_it_is_no_longer_valid(room: Room) -> None:
    old, wrong = await room.link(), await room.page("/workshop/nothing", 404)
    await room.here.town.work.run(lambda c: Links(c, NOW).revoke(Kind.WORKSHOP, "whole"))
    said = words_of(await room.page(old, 404))
    assert "Länken gäller inte längre" in said
    assert "Modellkonceptet" not in said
    assert "Länken gäller inte längre" not in wrong
    await room.page(await room.link())


async def test_a_page_is_let_go_when_the_leader_renews_its_link(room: Room) -> None:
    stream = await room.follow(await room.link())
    await room.here.town.work.run(lambda c: Links(c, NOW).revoke(Kind.WORKSHOP, "whole"))
    assert await stream.ends()


# --- By itself --------------------------------------------------------------------------------------------------------


async def test_the_page_hears_of_the_next_step_and_of_every_post(room: Room) -> None:
    stream = await room.follow(await room.link())
    await room.here.move(1)
    first = int((await stream.line()).partition("data: ")[2])
    await room.write("Ett till")
    assert int((await stream.line()).partition("data: ")[2]) > first


async def test_asking_again_is_newer_although_nothing_is_written_yet(room: Room) -> None:
    town, link = room.here.town, await room.link()
    await room.write("Ett till")
    await open_round(town, "z9", SET, programme=PROGRAMME)
    before = await version(room)
    await town.work.run(lambda c: Workshops(c, NOW).add_round("whole", "swot", "z9"))
    await room.here.move(0)
    assert await version(room) > before
    assert "Hittills 0 inlägg" in words_of(await room.page(link))


async def version(room: Room) -> int:
    surroundings = room.here.town.surroundings
    return await room.here.town.read(lambda c: screens.versions(Visit(c, NOW, surroundings), ["whole"])["whole"])


async def test_a_page_is_let_go_when_its_coach_coaches_no_more(room: Room) -> None:
    await room.here.appoint()
    stream, coach = await room.follow(await room.coachs_link()), await room.here.id(room.here.coach)
    await room.here.town.work.run(lambda c: Coaches(c, NOW).remove(PROGRAMME.id, "", coach))
    assert await stream.ends()


async def test_a_page_is_let_go_when_its_link_is_over(room: Room) -> None:
    stream = await room.follow(await room.link())
    room.here.town.clock.at += timedelta(days=401)
    assert await stream.ends()
