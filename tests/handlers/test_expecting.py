"""The expectation mirror: what each role is shown, who may take it on, and what comes of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection, select, update

from bot.domain.board import Reply as Said
from bot.domain.board import Standing
from bot.flows import buttons, expecting, moderation
from bot.handlers import moderation as handlers
from bot.handlers.events import Reply
from bot.messages import Form
from storage.answers import Answers
from storage.plans import Plans
from storage.tables import outbox, rounds
from tests.flows.samples import HABO, LUND
from tests.handlers.closed_round import HELD, Conference, conference, publish
from tests.handlers.town import Person, at_once, second_process, text
from tests.handlers.town import buttons as all_buttons
from tests.handlers.workshop import MODEL, ROUND, group, labels

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


async def replies(here: Conference) -> dict[str, Said]:
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


async def of_lund_alone(here: Conference) -> None:
    """The round becomes one that asks Lund and nobody else, and closes."""

    def change(connection: Connection) -> None:
        asked = json.loads(connection.execute(select(rounds.c.document)).scalar_one())
        connection.execute(update(rounds).values(document=json.dumps({**asked, "organisation": LUND.key})))

    await here.town.work.run(change)
    await here.close()


async def planned_by(here: Conference) -> list[str]:
    rows = await here.town.read(lambda c: Plans(c, here.town.clock.now()).of_programme(MODEL.id))
    return [row.organisation_key for row in rows]


async def test_what_one_organisations_round_gave_is_in_its_plan_for_who_takes_part_for_two(here: Conference) -> None:
    await here.politician.register(MODEL.id, organisation=HABO.name)  # that goes before Lund, for which she only talks
    await of_lund_alone(here)
    await here.politician.press(expecting.TAKE_ON, about(here, STEPS, "politiker"))
    assert await planned_by(here) == [LUND.key]


async def test_what_one_organisations_round_gave_is_in_no_plan_of_another(here: Conference) -> None:
    await group(here.town, "politiker", "Habo", here.admin, organisation_key=HABO.key)
    await of_lund_alone(here)
    reply = await here.admin.press(expecting.TAKE_ON, about(here, STEPS, "politiker"))
    assert ("1 is taken on." in text(reply.view), await planned_by(here)) == (True, [])


async def test_control_in_a_round_for_all_both_have_it_in_the_plan_of_their_own(small: Conference) -> None:
    await group(small.town, "politiker", "Habo", small.admin, organisation_key=HABO.key)
    await small.politician.register(MODEL.id, organisation=HABO.name)
    await small.close()
    await small.politician.press(expecting.TAKE_ON, about(small, STEPS, "politiker"))
    await small.admin.press(expecting.TAKE_ON, about(small, MANDATE, "politiker"))
    assert await planned_by(small) == [HABO.key, HABO.key]


async def test_what_one_organisation_took_on_another_can_take_on_too(here: Conference) -> None:
    lund = here.town.person("lund")
    await here.politician.register(MODEL.id, organisation=HABO.name)
    await group(here.town, "politiker", "Politiker", lund)
    await lund.register(MODEL.id, organisation=LUND.name)
    await here.close()
    await here.politician.press(expecting.TAKE_ON, about(here, STEPS, "politiker"))
    seen = await lund.press(buttons.EXPECTED, f"{ROUND} politiker")
    assert "Your role has taken this on. It is not in your organisation’s plan yet." in text(seen.view)
    taken = await lund.press(expecting.TAKE_ON, about(here, STEPS, "politiker"))
    assert "It is not in your" not in text(taken.view)
    assert sorted(await planned_by(here)) == sorted([HABO.key, LUND.key])


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


# --- Answers that wait for a coordinator ------------------------------------------------------------------------------

PHONE = "Ring 070-123 45 67"


async def say(here: Conference, words: str) -> Reply:
    """A politician answers, and sends it as it is when asked whether it points to somebody."""
    form = (await here.politician.press(expecting.SAY, about(here, STEPS, "politiker"))).view
    reply = await here.politician.submit(form, {"text": words})
    return await here.politician.submit(reply.view) if isinstance(reply.view, Form) else reply


async def decide(here: Conference, do: str, reason: str = "") -> str:
    """The coordinator presses the button of the only answer that waits, and gives a reason if asked."""
    view = (await here.admin.press(buttons.MODERATE, ROUND)).view
    action = next(one.action for one in all_buttons(view) if one.action and one.action.do == do)
    reply = await here.admin.press(do, f"{action.about}:{reason}" if reason else action.about)
    return text(reply.view)


async def seen_by_the_role(here: Conference) -> str:
    return text((await here.politician.press("expected", ROUND)).view)


async def test_an_answer_that_points_to_somebody_waits_and_its_writer_is_told_why(here: Conference) -> None:
    await here.close()
    told = text((await say(here, PHONE)).view)
    assert "A coordinator looks at your answer first, since it may point to somebody: 070-123 45 67" in told
    assert await replies(here) == {}
    shown = await seen_by_the_role(here)
    assert ("1 answer waits until a coordinator has looked." in shown, "070" in shown) == (True, False)


async def test_the_coordinators_see_what_waits_and_publish_it(here: Conference) -> None:
    await here.close()
    await say(here, PHONE)
    await here.town.tick.tidy()
    assert "Posts wait to be looked at" in "".join(await here.admin.received())
    seen = text((await here.admin.press(buttons.MODERATE, ROUND)).view)
    for part in ("Politiker would answer:", PHONE, STEPS):
        assert part in seen
    assert "Published." in await decide(here, moderation.RELEASE_REPLY)
    assert [one.text for one in (await replies(here)).values()] == [PHONE]
    assert "waits until a coordinator" not in await seen_by_the_role(here)


async def test_published_masked_it_says_no_longer_what_points_to_somebody(small: Conference) -> None:
    await small.close()
    await say(small, PHONE)
    await decide(small, moderation.MASK_REPLY)
    (reply,) = (await replies(small)).values()
    assert ("Ring" in reply.text, "070" in reply.text) == (True, False)


async def test_put_aside_the_role_sees_why_and_it_may_be_looked_at_again(here: Conference) -> None:
    await here.close()
    await say(here, PHONE)
    assert "Why is it hidden?" in await decide(here, moderation.HIDE_REPLY)
    assert "Nothing waits" not in await decide(here, moderation.HIDE_REPLY, moderation.PERSONAL)
    shown = await seen_by_the_role(here)
    assert ("not put up: Personal data" in shown, "070" in shown) == (True, False)
    hidden = (await here.admin.press(buttons.MODERATE, f"{ROUND}:{moderation.HIDDEN}:1")).view
    again = next(b.action for b in all_buttons(hidden) if b.action and b.action.do == moderation.LOOK_AGAIN_AT_REPLY)
    await here.admin.press(again.do, again.about)
    assert "1 answer waits" in await seen_by_the_role(here)


async def test_what_waits_leaves_what_the_role_has_said_before_and_nobodys_words_are_lost(small: Conference) -> None:
    await small.close()
    for words in ("Vi återkommer i mars", PHONE, "Fråga 070-765 43 21", PHONE):
        await say(small, words)
    assert [one.text for one in (await replies(small)).values()] == ["Vi återkommer i mars"]
    waiting = text((await small.admin.press(buttons.MODERATE, ROUND)).view)
    assert [waiting.count(one) for one in ("070-123 45 67", "070-765 43 21")] == [2, 2]  # and once as what points


async def test_of_two_coordinators_at_once_one_decides_about_an_answer(here: Conference) -> None:
    await here.close()
    await say(here, PHONE)
    view = (await here.admin.press(buttons.MODERATE, ROUND)).view
    found = {b.action.do: b.action.about for b in all_buttons(view) if b.action}
    async with second_process(here.town) as other:
        twin = Person(here.town, here.admin.actor, here.admin.profile, other)
        put_aside = f"{found[moderation.HIDE_REPLY]}:{moderation.PERSONAL}"
        await at_once(
            here.admin.press(moderation.RELEASE_REPLY, found[moderation.RELEASE_REPLY]),
            twin.press(moderation.HIDE_REPLY, put_aside),
        )
    shown = "not put up" in await seen_by_the_role(here)
    assert (len(await replies(here)), shown) in ((1, False), (0, True))


async def test_only_coordinators_decide_about_answers(small: Conference) -> None:
    await small.close()
    await say(small, PHONE)
    view = (await small.admin.press(buttons.MODERATE, ROUND)).view
    about = next(b.action.about for b in all_buttons(view) if b.action and b.action.do == moderation.RELEASE_REPLY)
    for do in (moderation.RELEASE_REPLY, moderation.MASK_REPLY, moderation.HIDE_REPLY, moderation.LOOK_AGAIN_AT_REPLY):
        assert "Only coordinators" in text((await small.politician.press(do, about)).view)
    assert await replies(small) == {}


async def test_control_without_the_guard_the_answer_would_be_shown(
    small: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    await small.close()
    monkeypatch.setattr(handlers, "weigh", lambda *_asked: (Standing.SHOWN, ""))
    await say(small, PHONE)
    assert [one.text for one in (await replies(small)).values()] == [PHONE]


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
