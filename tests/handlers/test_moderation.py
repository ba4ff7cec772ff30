"""Moderation: what is held, what a coordinator decides, first come first served, and an audit without authors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.domain.board import Answer, Standing
from bot.domain.people import Role
from bot.domain.rounds import Mode
from bot.flows import buttons as words_of_actions
from bot.flows import moderation as flow
from bot.handlers import boards, matters, moderation
from bot.handlers.events import Reply
from bot.handlers.visit import Visit
from bot.messages import Notice
from storage.answers import Answers, NewAnswer
from storage.rounds import Rounds
from storage.tables import rulings
from tests.fixtures.kinds import Kind
from tests.handlers.prepared import prepared
from tests.handlers.test_matters import appointed, away, heard, known, tidy
from tests.handlers.test_my_data import everything
from tests.handlers.town import Person, Town, text
from tests.handlers.workshop import MODEL, ROUND, answers, close, group, labels, open_round, person_id, press_on, write

NAMING = "Fråga Anna på ekonomi"
PLAIN = "Efterfråga resultat"


@pytest.fixture
async def town(engine: Kind) -> AsyncIterator[Town]:
    async with prepared(engine, MODEL) as opened:
        yield opened


@pytest.fixture
async def small(sqlite: Kind) -> AsyncIterator[Town]:
    async with prepared(sqlite, MODEL) as opened:
        yield opened


def visit(town: Town, connection: Connection) -> Visit:
    return Visit(connection, town.clock.now(), town.surroundings)


async def put_up(town: Town, *written: str, round: str = ROUND, group: str = "", question: str = "bidra") -> list[str]:
    """Put posts on a board as whoever takes notes does: weighed, and with a look asked for; their ids."""

    def post(connection: Connection) -> list[str]:
        here = visit(town, connection)
        asked = Rounds(connection, here.now).locked(round)
        assert asked is not None
        weighed = [(one, *moderation.weigh(here, asked, one)) for one in written]
        new = [NewAnswer("chefer", question, one, group, standing, reason) for one, standing, reason in weighed]
        ids = Answers(connection, here.now).add(round, new)
        moderation.ask_for_a_look(here, asked)
        return list(ids)

    return await town.work.run(post)


async def standing(town: Town, id: str) -> Standing:
    return (await one(town, id)).standing


async def one(town: Town, id: str) -> Answer:
    found = await town.read(lambda c: Answers(c, town.clock.now()).get(id))
    assert found is not None
    return found


async def audit(town: Town, id: str) -> list[tuple[str, str, str]]:
    """(verdict, reason, person) of all decisions about a post."""
    found = await town.read(lambda c: Answers(c, town.clock.now()).rulings(id))
    return [(ruling.verdict, ruling.reason, ruling.person) for ruling in found]


async def queue(person: Person, about: str = ROUND) -> Reply:
    return await person.press(words_of_actions.MODERATE, about)


async def heading(town: Town, round: str = ROUND) -> Any:
    """The board's first question of the managers."""
    programmes = {MODEL.id: MODEL}
    board = await town.read(lambda c: boards.read(c, town.clock.now(), programmes, round))
    assert board is not None
    return next(part for part in board.parts if part.role == "chefer").headings[0]


async def hide(person: Person, reply: Reply, why: str = "Insult or threat") -> Reply:
    return await press_on(person, await press_on(person, reply, "Hide"), why)


# --- What is held -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moderated", "written", "held"),
    [
        (False, PLAIN, (Standing.SHOWN, "")),
        (False, NAMING, (Standing.HELD, flow.PERSONAL)),
        (True, PLAIN, (Standing.HELD, flow.MODERATED)),
        (True, NAMING, (Standing.HELD, flow.PERSONAL)),
        (False, "Se hur Lunds kommun gör", (Standing.SHOWN, "")),
    ],
)
async def test_N3b_what_names_a_person_is_held_and_the_rest_where_the_round_says_so(
    small: Town, moderated: bool, written: str, held: tuple[Standing, str]
) -> None:
    asked = await open_round(small, moderated=moderated)
    assert await small.work.run(lambda c: moderation.weigh(visit(small, c), asked, written)) == held


async def test_P5b_those_who_take_part_are_known_by_name(small: Town) -> None:
    asked = await open_round(small)

    def weighed(connection: Connection) -> Standing:
        return moderation.weigh(visit(small, connection), asked, "det hänger bara på quillon")[0]

    assert await small.work.run(weighed) is Standing.SHOWN
    await group(small, "chefer", "Chefer A", small.person("quillon"))
    assert await small.work.run(weighed) is Standing.HELD


async def test_C5a_a_held_post_is_not_on_the_board_which_says_that_one_waits(town: Town) -> None:
    await open_round(town)
    await put_up(town, NAMING, PLAIN)
    shown = await heading(town)
    assert [post.text for post in shown.posts] == [PLAIN]
    assert shown.held == 1


# --- The coordinators' matter -----------------------------------------------------------------------------------------


async def test_coordinators_are_told_once_however_many_posts_wait(town: Town) -> None:
    kim = await appointed(town, "kim")
    await open_round(town)
    await put_up(town, NAMING)
    await tidy(town)
    await put_up(town, NAMING, NAMING)
    await tidy(town)
    (said,) = heard(town, kim)
    assert "Posts wait to be looked at" in said
    assert "3 posts wait" in text((await kim.click("Look at them")).view)


async def test_the_matter_is_closed_with_the_last_post_and_a_new_one_opens_it_at_once(town: Town) -> None:
    kim = await appointed(town, "kim")
    await open_round(town)
    await put_up(town, NAMING)
    await press_on(kim, await queue(kim), "Publish")
    assert await town.read(lambda c: matters.open_matters(visit(town, c), {MODEL.id})) == ()
    await put_up(town, NAMING)
    assert len(await town.read(lambda c: matters.open_matters(visit(town, c), {MODEL.id}))) == 1


async def test_C3a_a_deputy_moderates_while_the_coordinator_is_away(small: Town) -> None:
    kim, deputy = await appointed(small, "kim"), await known(small, "deputy")
    await open_round(small)
    (id,) = await put_up(small, NAMING)
    assert "Only coordinators" in text((await queue(deputy)).view)
    await away(small, kim, small.clock.now().replace(year=2028), deputy)
    await press_on(deputy, await queue(deputy), "Publish")
    assert await standing(small, id) is Standing.SHOWN


async def test_a_participant_decides_nothing_even_with_the_right_token(small: Town) -> None:
    kim, ann = await appointed(small, "kim"), await known(small, "ann")
    await open_round(small)
    (id,) = await put_up(small, NAMING)
    publish = (await queue(kim)).view.items[0].buttons[0].action  # type: ignore[union-attr]
    assert publish is not None
    assert "Only coordinators" in text((await ann.press(publish.do, publish.about)).view)
    assert await standing(small, id) is Standing.HELD


# --- Deciding ---------------------------------------------------------------------------------------------------------


async def test_C5_the_coordinator_sees_box_question_words_found_and_publishes(town: Town) -> None:
    kim = await appointed(town, "kim")
    await open_round(town)
    (id,) = await put_up(town, NAMING)
    said = text((reply := await queue(kim)).view)
    for part in ("Chefer", "Vad kan ni som chefer bidra med rent konkret?", NAMING, "Points at a person: Anna"):
        assert part in said
    assert "Nothing waits" in text((await press_on(kim, reply, "Publish")).view)
    assert await standing(town, id) is Standing.SHOWN
    assert await audit(town, id) == [("published", "", await person_id(town, kim))]


async def test_C5_published_with_the_name_masked(town: Town) -> None:
    kim = await appointed(town, "kim")
    await open_round(town)
    (id,) = await put_up(town, f"{NAMING}, 070-123 45 67")
    said = text((await press_on(kim, await queue(kim), "Publish masked")).view)
    assert "Fråga [namn] på ekonomi, [telefon]" in said
    assert [post.text for post in (await heading(town)).posts] == ["Fråga [namn] på ekonomi, [telefon]"]
    assert [verdict for verdict, _reason, _person in await audit(town, id)] == ["masked"]


async def test_C5_what_was_masked_stands_in_no_message_answer_or_form_either(town: Town) -> None:
    """Of the coordinators, who have read it, and of whoever wrote it for their group."""
    anna, kim, lo = town.person("anna"), await appointed(town, "kim"), await appointed(town, "lo")
    await open_round(town)
    await group(town, "chefer", "Chefer A", anna)
    written = ("Tack!", "Fråga Gudrun Holmgren på ekonomi", "Gudrun Holmgren vet", "Hör med Gudrun Holmgren")
    await write(anna, {"bidra": "\n".join(written)})
    await queue(lo)  # answered at once
    await kim.press(words_of_actions.MODERATE, ROUND, answers_inline=False)
    await town.deliver()
    assert "Holmgren" in await everything(town)
    for _post in written[1:]:  # all of them are shown in each message
        await press_on(kim, await queue(kim), "Publish masked")
    assert "Holmgren" not in await everything(town)
    assert town.surroundings.journal.unscrubbed
    masked = ["Tack!", "Fråga [namn] på ekonomi", "[namn] vet", "Hör med [namn]"]
    assert [one.text for one in await answers(town)] == masked


async def test_what_names_nobody_is_not_offered_masked(small: Town) -> None:
    kim = await appointed(small, "kim")
    await open_round(small, moderated=True)
    await put_up(small, PLAIN)
    assert "Publish masked" not in labels(await queue(kim))


async def test_C5c_hiding_asks_for_a_published_reason_and_the_board_tells_it(town: Town) -> None:
    kim = await appointed(town, "kim")
    await open_round(town)
    (id,) = await put_up(town, NAMING)
    asked = await press_on(kim, await queue(kim), "Hide")
    assert "Criticism is no reason" in text(asked.view)
    assert await standing(town, id) is Standing.HELD
    await press_on(kim, asked, "Insult or threat")
    shown = await heading(town)
    assert (shown.held, shown.hidden, shown.posts) == (0, ("insult",), ())
    assert text_of_reason(shown.hidden[0]) == "Insult or threat"
    assert await audit(town, id) == [("hidden", "insult", await person_id(town, kim))]


def text_of_reason(reason: str) -> str:
    return text(Notice(flow.reason_words(reason)))


@pytest.mark.parametrize("forged", ["duplicate", "held", "moderated", "'; --"])
async def test_a_reason_that_is_not_in_the_policy_hides_nothing(small: Town, forged: str) -> None:
    kim = await appointed(small, "kim")
    await open_round(small)
    (id,) = await put_up(small, NAMING)
    token = (await queue(kim)).view.items[0].buttons[0].action.about  # type: ignore[union-attr]
    await kim.press(flow.HIDE, f"{token}:{forged}")
    assert await standing(small, id) is Standing.HELD


async def test_C5b_what_is_on_the_board_is_taken_down_without_anybody_learning_who_asked(town: Town) -> None:
    kim = await appointed(town, "kim")
    await open_round(town, mode=Mode.SEALED)
    (id,) = await put_up(town, PLAIN)
    await close(town)
    reply = await hide(kim, await queue(kim, f"{ROUND}:shown:1"), "On request")
    assert "There are no posts on the board" in text(reply.view)
    assert (await heading(town)).hidden == ("request",)
    kept = (await town.contents(rulings))["rulings"]
    assert [(row[1], row[2], row[3], row[4]) for row in kept] == [(id, "hidden", "request", await person_id(town, kim))]


async def test_many_shown_posts_come_page_by_page_and_all_of_them(small: Town) -> None:
    kim = await appointed(small, "kim")
    await open_round(small)
    await put_up(small, *(f"Inlägg {n}." for n in range(14)))
    first = await queue(kim, f"{ROUND}:shown:1")
    second = await press_on(kim, first, "More posts")
    third = await press_on(kim, second, "More posts")
    said = "".join(text(reply.view) for reply in (first, second, third))
    assert all(f"Inlägg {n}." in said for n in range(14))
    assert "Page 3 of 3" in text(third.view)
    assert "More posts" not in labels(third)


# --- Taking it back ---------------------------------------------------------------------------------------------------


async def test_a_publication_is_undone_and_the_post_waits_again(town: Town) -> None:
    kim = await appointed(town, "kim")
    await open_round(town)
    (id,) = await put_up(town, NAMING)
    published = await press_on(kim, await queue(kim), "Publish")
    town.clock.move(seconds=5)
    again = await press_on(kim, published, "Undo")
    assert "1 post waits" in text(again.view)
    assert (await one(town, id)).reason == flow.PERSONAL
    assert [verdict for verdict, *_rest in await audit(town, id)] == ["published", "undone"]


async def test_what_was_hidden_from_the_board_is_there_again_after_undo(small: Town) -> None:
    kim = await appointed(small, "kim")
    await open_round(small)
    (id,) = await put_up(small, PLAIN)
    hidden = await hide(kim, await queue(kim, f"{ROUND}:shown:1"))
    assert PLAIN in text((await press_on(kim, hidden, "Undo")).view)
    assert await standing(small, id) is Standing.SHOWN


async def test_a_hidden_post_can_be_looked_at_again_much_later(small: Town) -> None:
    kim, lo = await appointed(small, "kim"), await appointed(small, "lo")
    await open_round(small)
    (id,) = await put_up(small, NAMING)
    await hide(kim, await queue(kim))
    small.clock.move(days=9)
    listed = await queue(lo, f"{ROUND}:hidden:1")
    assert "Hidden: Insult or threat" in text(listed.view)
    assert "By Kim, Monday 11 January 2027" in text(listed.view)
    assert "1 post waits" in text((await press_on(lo, listed, "Look at it again")).view)
    assert await standing(small, id) is Standing.HELD


# --- Where something waits --------------------------------------------------------------------------------------------


async def test_without_a_round_what_waits_anywhere_is_listed(small: Town) -> None:
    kim = await appointed(small, "kim")
    assert "Nothing waits" in text((await queue(kim, "")).view)
    await open_round(small)
    await put_up(small, NAMING)
    assert NAMING in text((await queue(kim, "")).view)
    await open_round(small, "r2")
    await put_up(small, NAMING, NAMING, round="r2")
    said = text((await queue(kim, "")).view)
    assert "1 post waits" in said
    assert "2 posts wait" in said


@pytest.mark.parametrize("about", ["nothing", "r1:shown:-1", "r1:shown:x", "r1:shown:99", "r1:hidden:", "r1::::", "::"])
async def test_odd_addresses_of_lists_are_answered_in_words(small: Town, about: str) -> None:
    kim = await appointed(small, "kim")
    await open_round(small)
    for do in (words_of_actions.MODERATE, flow.RELEASE, flow.MASK, flow.HIDE, flow.UNDO_RULING):
        said = text((await kim.press(do, about)).view)
        assert said
        assert "went wrong" not in said


async def test_no_ruling_is_about_an_author(town: Town) -> None:
    """The group's members are in none of the rows, and of the coordinator only that it was them who decided."""
    kim, ann = await appointed(town, "kim", Role.COORDINATOR), town.person("ann")
    await open_round(town)
    theirs = await group(town, "chefer", "Chefer A", ann)
    await put_up(town, NAMING, PLAIN, group=theirs)
    await hide(kim, await queue(kim))
    kept = repr(await town.contents(rulings))
    assert await person_id(town, ann) not in kept
    assert theirs not in kept
    assert NAMING not in kept


async def test_the_answers_keep_their_order_whatever_is_decided(small: Town) -> None:
    kim = await appointed(small, "kim")
    await open_round(small)
    await put_up(small, "A först", NAMING, "B sist")
    await press_on(kim, await queue(kim), "Publish")
    assert [found.text for found in await answers(small)] == ["A först", NAMING, "B sist"]
