"""The expectation mirror: what each role is shown, who may take it on, and what comes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.domain.board import Reply
from bot.flows import expecting
from bot.messages import Form
from storage.answers import Answers
from storage.plans import Plans
from storage.tables import outbox
from tests.handlers.closed_round import HELD, Conference, conference, publish
from tests.handlers.town import Person, at_once, second_process, text
from tests.handlers.workshop import MODEL, ROUND, labels

STEPS = "En tydlig planering av stegen"  # of the managers, to politicians and strategists
MANDATE = "Mandat och förankring"  # of the strategists


@pytest.fixture
async def here(engine_url: str) -> AsyncIterator[Conference]:
    async with conference(engine_url) as opened:
        yield opened


@pytest.fixture
async def small(sqlite_url: str) -> AsyncIterator[Conference]:
    async with conference(sqlite_url) as opened:
        yield opened


async def replies(here: Conference) -> dict[str, Reply]:
    found = await here.town.read(lambda c: Answers(c, here.town.clock.now()).replies(ROUND))
    return {one.answer: one for one in found}


async def plan(here: Conference) -> list[str]:
    rows = await here.town.read(lambda c: Plans(c, here.town.clock.now()).of_programme(MODEL.id))
    return [row.what for row in rows]


def about(here: Conference, post: str, role: str) -> str:
    return f"{here.of(post)} {role} 0"


async def mirrors(person: Person) -> list[str]:
    return [one for one in await person.received() if "What the others expect of you" in one]


# --- Showing ----------------------------------------------------------------------------------------------------------


async def test_each_role_gets_what_the_other_two_expect_of_it_once(here: Conference) -> None:
    await here.close()
    await here.close()
    (seen,) = await mirrors(here.politician)
    for part in ("(Politiker)", "From Chefer", STEPS, "1–5 of 13"):
        assert part in seen
    assert "En struktur i ärendebereidningen" not in seen  # what politicians themselves expect
    assert [len(await mirrors(one)) for one in (here.manager, here.strategist, here.admin)] == [1, 1, 0]


async def test_what_is_held_back_is_in_no_mirror(here: Conference) -> None:
    await here.close()
    for person, role in ((here.politician, "politiker"), (here.strategist, "strateger")):
        for start in (0, 5, 10):
            reply = await person.press("expected", f"{ROUND} {role} {start}")
            assert HELD not in repr(reply)
        assert HELD not in "".join(await mirrors(person))


async def test_control_what_a_coordinator_publishes_is_found_by_the_same_look(small: Conference) -> None:
    await small.close()
    await publish(small, HELD)
    pages = [await small.politician.press("expected", f"{ROUND} politiker {start}") for start in (0, 5, 10)]
    assert any(HELD in repr(page) for page in pages)


async def test_every_expectation_is_on_some_page(small: Conference) -> None:
    await small.close()
    pages = [text((await small.politician.press("expected", f"{ROUND} politiker {n}")).view) for n in (0, 5, 10)]
    assert sum(page.count("From ") for page in pages) == 13


async def test_before_the_round_has_closed_nothing_is_shown(small: Conference) -> None:
    reply = await small.politician.press("expected", ROUND)
    assert "Nothing is expected of you yet" in text(reply.view)
    assert STEPS not in text((await small.politician.press("expected")).view)


async def test_somebody_in_no_group_sees_nothing(small: Conference) -> None:
    await small.close()
    bo = small.town.person("bo")
    for asked in ("", ROUND, f"{ROUND} politiker"):
        assert "Nothing is expected of you yet" in text((await bo.press("expected", asked)).view)


async def test_the_one_that_closed_last_needs_no_name(small: Conference) -> None:
    await small.close()
    assert STEPS in text((await small.politician.press("expected")).view)


async def test_who_wants_no_reminders_gets_no_mirror_and_can_still_ask(small: Conference) -> None:
    await small.politician.submit((await small.politician.say("pause")).view, {"level": "none", "pause": "no"})
    await small.close()
    assert await mirrors(small.politician) == []
    assert STEPS in text((await small.politician.press("expected")).view)


# --- Taking on --------------------------------------------------------------------------------------------------------


async def test_what_is_taken_on_stands_on_the_board_and_in_the_plan_once(here: Conference) -> None:
    await here.close()
    await here.politician.press(expecting.TAKE_ON, about(here, STEPS, "politiker"))
    reply = await here.politician.press(expecting.TAKE_ON, about(here, STEPS, "politiker"))
    assert "in the plan of Lunds kommun" in text(reply.view)
    assert "1 is taken on." in text(reply.view)
    assert [(r.box, r.accepted) for r in (await replies(here)).values()] == [("politiker", True)]
    assert [what[:20] for what in await plan(here)] == [STEPS[:20]]
    shown = text((await here.politician.say("plan")).view)
    assert (STEPS in shown, "Nobody has taken this on yet" in shown) == (True, True)


async def test_of_two_who_take_it_on_at_once_there_is_one_reply_and_one_row(here: Conference) -> None:
    await here.close()
    async with second_process(here.town) as other:
        twin = Person(here.town, here.politician.actor, here.politician.profile, other)
        asked = about(here, STEPS, "politiker")
        await at_once(*(one.press(expecting.TAKE_ON, asked) for one in (here.politician, twin)))
    assert (len(await replies(here)), len(await plan(here))) == (1, 1)


async def test_both_other_roles_may_take_the_same_on(small: Conference) -> None:
    await small.close()
    await small.politician.press(expecting.TAKE_ON, about(small, STEPS, "politiker"))
    await small.strategist.press(expecting.TAKE_ON, about(small, STEPS, "strateger"))
    found = await small.town.read(lambda c: Answers(c, small.town.clock.now()).replies(ROUND))
    assert sorted(one.box for one in found) == ["politiker", "strateger"]


@pytest.mark.parametrize(
    ("who", "post", "role", "reason"),
    [
        ("politician", MANDATE, "chefer", "Only those who belong to a group of this role"),
        ("admin", MANDATE, "politiker", "Only those who belong to a group of this role"),
        ("manager", STEPS, "chefer", "what your own role expects"),
        ("politician", HELD, "politiker", "no longer on the board"),
        ("politician", "Efterfråga resultat", "politiker", "no longer on the board"),  # no expectation
    ],
)
async def test_nobody_answers_for_a_role_that_is_not_theirs(
    small: Conference, who: str, post: str, role: str, reason: str
) -> None:
    await small.close()
    for do in (expecting.TAKE_ON, expecting.SAY):
        assert reason in text((await getattr(small, who).press(do, about(small, post, role))).view)
    assert (await replies(small), await plan(small)) == ({}, [])


# --- Answering --------------------------------------------------------------------------------------------------------


async def test_an_answer_stands_on_the_board_beside_what_was_taken_on(here: Conference) -> None:
    await here.close()
    asked = about(here, STEPS, "politiker")
    await here.politician.press(expecting.TAKE_ON, asked)
    form = (await here.politician.press(expecting.SAY, asked)).view
    shown = text((await here.politician.submit(form, {"text": "Vi återkommer i mars"})).view)
    assert ("Vi återkommer i mars" in shown, "We have taken this on." in shown) == (True, True)
    (reply,) = (await replies(here)).values()
    assert (reply.accepted, reply.text, reply.box) == (True, "Vi återkommer i mars", "politiker")


async def test_words_that_may_point_to_somebody_are_shown_once_before_they_are_sent(small: Conference) -> None:
    await small.close()
    form = (await small.politician.press(expecting.SAY, about(small, STEPS, "politiker"))).view
    again = (await small.politician.submit(form, {"text": "Ring 070-123 45 67"})).view
    assert isinstance(again, Form)
    assert "Could this point to somebody?" in text(again)
    assert await replies(small) == {}
    await small.politician.submit(again, {"text": "Ring växeln"})
    assert [one.text for one in (await replies(small)).values()] == ["Ring växeln"]


async def test_the_list_is_where_a_form_cannot_be_opened_at_once(small: Conference) -> None:
    await small.close()
    asked = about(small, STEPS, "politiker")
    reply = await small.politician.press(expecting.SAY, asked, opens_forms=False)
    assert "We take this on" in labels(reply)


async def test_the_same_delivery_answers_once(small: Conference) -> None:
    await small.close()
    asked = about(small, STEPS, "politiker")
    for _ in range(2):
        await small.politician.press(expecting.TAKE_ON, asked, delivery="the same")
    assert len(await plan(small)) == 1
    assert await small.town.count(outbox, outbox.c.key.like(f"round:{ROUND}:expected:%")) == 3
