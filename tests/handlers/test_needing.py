"""Needs: the organisers' queue, one answer to everybody, its correction, and the agenda it returns in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.domain.people import Role
from bot.flows import needing
from bot.handlers import amending
from bot.handlers.ending import forget
from bot.handlers.visit import Visit
from bot.messages import ChoiceField, Form
from storage.answers import Answers
from storage.people import People
from storage.tables import matters, outbox
from tests.flows.samples import DAYS, at
from tests.handlers.closed_round import HELD_NEED, Conference, conference, publish
from tests.handlers.town import Person, at_once, second_process, text
from tests.handlers.workshop import MODEL, ROUND, channel, labels

NUMBERS = "Hjälpa att ta fram rätt nyckeltal"
ANALYSIS = "Nulägesanalys viktig"
GUIDE = "Guiden till nyckeltal finns under material."


@pytest.fixture
async def here(engine_url: str) -> AsyncIterator[Conference]:
    async with conference(engine_url) as opened:
        yield opened


@pytest.fixture
async def small(sqlite_url: str) -> AsyncIterator[Conference]:
    async with conference(sqlite_url) as opened:
        yield opened


async def fill(here: Conference, *needs: str, said: str = GUIDE, who: Person | None = None) -> Form:
    """Choose needs and write an answer, up to the preview."""
    admin = who or here.admin
    form = (await admin.press(needing.ANSWER, MODEL.id)).view
    preview = (await admin.submit(form, {"needs": tuple(map(here.of, needs)), "text": said})).view
    assert isinstance(preview, Form), text(preview)
    return preview


async def answer(here: Conference, *needs: str, said: str = GUIDE) -> str:
    shown = text((await here.admin.submit(await fill(here, *needs, said=said))).view)
    await here.town.deliver()
    return shown


async def told(person: Person) -> list[str]:
    return [one for one in await person.received() if "You asked for help with this" in one]


async def replies(here: Conference) -> dict[str, str]:
    found = await here.town.read(lambda c: Answers(c, here.town.clock.now()).replies(ROUND))
    return {one.answer: one.text for one in found}


def everybody(here: Conference) -> Sequence[Person]:
    return here.politician, here.manager, here.strategist


# --- The queue --------------------------------------------------------------------------------------------------------


async def test_C8_a_closed_round_with_needs_is_a_matter_until_all_are_answered(here: Conference) -> None:
    await here.close()
    assert await here.town.count(matters, matters.c.kind == "needs", matters.c.closed_at.is_(None)) == 1
    form = (await here.admin.press(needing.ANSWER, MODEL.id)).view
    assert isinstance(form, Form)
    (needs, _text) = form.fields
    assert isinstance(needs, ChoiceField)
    all_of_them = tuple(option.value for option in needs.options)
    assert len(all_of_them) == 15
    preview = (await here.admin.submit(form, {"needs": all_of_them[:14], "text": GUIDE})).view
    await here.admin.submit(preview)
    assert await here.town.count(matters, matters.c.kind == "needs", matters.c.closed_at.is_(None)) == 1
    await answer(here, next(text for text, id in here.answers.items() if id == all_of_them[14]))
    assert await here.town.count(matters, matters.c.kind == "needs", matters.c.closed_at.is_(None)) == 0
    assert "Everything that was asked for has an answer" in text((await here.admin.press("needs")).view)


async def test_C8_the_list_has_every_need_with_its_role_in_the_order_of_the_board(small: Conference) -> None:
    await small.close()
    first = text((await small.admin.press("needs", ROUND)).view)
    second = text((await small.admin.press("needs", f"{ROUND}:8")).view)
    assert ("15 wait for an answer." in first, "1–8 of 15" in first, "9–15 of 15" in second) == (True, True, True)
    assert first.index("Kunskaper, hjälp") < first.index(NUMBERS)
    assert "Politiker" in first
    assert "Much like" not in first


async def test_what_is_held_back_is_not_in_the_queue(small: Conference) -> None:
    await small.close()
    pages = [f"needs {ROUND}:0", f"needs {ROUND}:8", f"needs {MODEL.id}:8", f"{needing.ANSWER} {MODEL.id}"]
    assert not [page for page in pages if HELD_NEED in repr(await small.admin.press(*page.split()))]
    await publish(small, HELD_NEED)  # the control: the same look finds it now
    assert [page for page in pages if HELD_NEED in repr(await small.admin.press(*page.split()))]


async def test_the_words_that_come_back_are_counted_with_their_roles(small: Conference) -> None:
    await small.close()
    shown = text((await small.admin.press("needs", ROUND)).view)
    assert "Words that come back" in shown
    assert " of 50 posts: " in shown


async def test_needs_are_for_coordinators(small: Conference) -> None:
    await small.close()
    await answer(small, NUMBERS)
    of_one = ((do, small.of(NUMBERS)) for do in (needing.CORRECT, needing.TAKE_DOWN, needing.CONFIRM_TAKE_DOWN))
    for do, about in (("needs", ROUND), (needing.ANSWER, MODEL.id), *of_one):
        assert "Only coordinators" in text((await small.manager.press(do, about)).view)


async def test_a_round_that_is_not_there_is_said_to_be_gone(small: Conference) -> None:
    assert "no longer here" in text((await small.admin.press("needs", "x")).view)


# --- Answering --------------------------------------------------------------------------------------------------------


async def test_C8_one_answer_goes_to_everybody_and_to_the_channel_once(here: Conference) -> None:
    where = channel("alla", "sandbox", "W1")
    await here.close()
    await here.admin.press("bind", MODEL.id, came_from=where)
    preview = await fill(here, NUMBERS, ANALYSIS)
    assert "3 participants and 1 channel" in text(preview)
    for _ in range(2):
        await here.admin.submit(preview, delivery="the same")
    for person in everybody(here):
        (seen,) = await told(person)
        for part in (NUMBERS, ANALYSIS, f"Here it is: {GUIDE}"):
            assert part in seen
    sent = [one for one in here.town.posts["sandbox"].sent if one.address.conversation == "alla"]
    assert sum(GUIDE in one.text for one in sent) == 1
    assert set((await replies(here)).values()) == {GUIDE}


async def test_C8a_a_correction_changes_what_the_same_people_got_and_nothing_is_sent_anew(here: Conference) -> None:
    await here.close()
    await answer(here, NUMBERS, ANALYSIS)
    late = here.town.person("late")
    await late.register(MODEL.id)
    form = (await here.admin.press(needing.CORRECT, here.of(ANALYSIS))).view
    assert isinstance(form, Form)
    assert form.values["text"] == GUIDE
    preview = (await here.admin.submit(form, {"text": "Rätt länk"})).view
    assert "3 messages have been changed" in text((await here.admin.submit(preview)).view)
    await here.town.deliver()
    edits = [text(view) for _reference, view in here.town.posts["sandbox"].updated if "Rätt länk" in text(view)]
    assert len(edits) == 3
    assert all("This answer has been corrected." in one for one in edits)
    assert [len(await told(one)) for one in (*everybody(here), late)] == [1, 1, 1, 0]
    assert list((await replies(here)).values()) == ["Rätt länk"] * 2


def edits(here: Conference, said: str) -> int:
    return sum(said in text(view) for _reference, view in here.town.posts["sandbox"].updated)


DOWN = "was not right and has been taken down"


async def test_an_answer_that_is_taken_down_is_gone_where_it_stood_and_waits_again(here: Conference) -> None:
    await here.close()
    await answer(here, NUMBERS, ANALYSIS)
    asked = text((await here.admin.press(needing.TAKE_DOWN, here.of(ANALYSIS))).view)
    assert ("Take the answer down?" in asked, GUIDE in asked, len(await replies(here))) == (True, True, 2)
    done = text((await here.admin.press(needing.CONFIRM_TAKE_DOWN, here.of(ANALYSIS))).view)
    assert "in 3 messages too" in done
    await here.town.deliver()
    assert (edits(here, DOWN), await replies(here)) == (3, {})
    assert [edits(here, f"• {need}") for need in (NUMBERS, ANALYSIS)] == [3, 3]  # everything it was about
    assert "15 wait for an answer." in text((await here.admin.press("needs", ROUND)).view)


async def test_what_was_taken_down_is_answered_anew_and_only_the_new_answer_is_corrected(here: Conference) -> None:
    await here.close()
    await answer(here, NUMBERS)
    await here.admin.press(needing.CONFIRM_TAKE_DOWN, here.of(NUMBERS))
    await answer(here, NUMBERS, said="Bättre")
    assert [len(await told(one)) for one in everybody(here)] == [2, 2, 2]
    form = (await here.admin.press(needing.CORRECT, here.of(NUMBERS))).view
    preview = (await here.admin.submit(form, {"text": "Allra bäst"})).view
    assert "3 messages have been changed" in text((await here.admin.submit(preview)).view)
    await here.town.deliver()
    assert (edits(here, DOWN), edits(here, "Allra bäst")) == (3, 3)
    assert (edits(here, NUMBERS), edits(here, f"• {NUMBERS}")) == (6, 0)  # one need is no list


async def test_of_two_who_take_it_down_at_once_one_does_and_the_messages_change_once(here: Conference) -> None:
    await here.close()
    await answer(here, NUMBERS)
    lo, about = await coordinator(here, "lo"), here.of(NUMBERS)
    async with second_process(here.town) as other:
        lo.reception = other
        both = await at_once(*(one.press(needing.CONFIRM_TAKE_DOWN, about) for one in (here.admin, lo)))
    assert sorted("has been taken down" in text(one.view) for one in both) == [False, True]
    await here.town.deliver()
    assert edits(here, DOWN) == 3


async def test_a_correction_that_lay_open_does_not_bring_back_what_was_taken_down(small: Conference) -> None:
    await small.close()
    await answer(small, NUMBERS)
    form = (await small.admin.press(needing.CORRECT, small.of(NUMBERS))).view
    await small.admin.press(needing.CONFIRM_TAKE_DOWN, small.of(NUMBERS))
    assert "no longer on the board" in text((await small.admin.submit(form, {"text": "Rätt"})).view)
    assert await replies(small) == {}


async def test_of_two_who_answer_the_same_at_once_one_does_and_the_other_is_told(here: Conference) -> None:
    await here.close()
    lo = await coordinator(here, "lo")
    previews = [await fill(here, NUMBERS, said="Ett"), await fill(here, NUMBERS, said="Två", who=lo)]
    async with second_process(here.town) as other:
        lo.reception = other
        both = await at_once(here.admin.submit(previews[0]), lo.submit(previews[1]))
    said = [text(one.view) for one in both]
    assert sum("Your answer goes out" in one for one in said) == 1
    assert sum("Somebody else has answered this" in one for one in said) == 1
    assert [len(await told(one)) for one in everybody(here)] == [1, 1, 1]


async def coordinator(here: Conference, name: str) -> Person:
    person = here.town.person(name)
    await person.open_home()

    def appoint(connection: Connection) -> None:
        store = People(connection, here.town.clock.now())
        store.appoint(str(store.present(person.actor)), Role.COORDINATOR)

    await here.town.work.run(appoint)
    return person


async def test_who_wants_no_messages_of_the_programme_gets_none(small: Conference) -> None:
    await small.close()
    await small.manager.submit((await small.manager.say("pause")).view, {"level": "none", "pause": "no"})
    assert "in 2 messages" in await answer(small, NUMBERS)
    assert [len(await told(one)) for one in everybody(small)] == [1, 0, 1]


async def test_a_form_without_a_choice_or_an_answer_comes_back(small: Conference) -> None:
    await small.close()
    form = (await small.admin.press(needing.ANSWER, f"{MODEL.id} {small.of(NUMBERS)}")).view
    assert isinstance(form, Form)
    assert form.values["needs"] == (small.of(NUMBERS),)
    assert "Please choose at least one." in text((await small.admin.submit(form, {"needs": (), "text": GUIDE})).view)
    assert "Please fill this in." in text((await small.admin.submit(form, {"text": " "})).view)
    assert await small.town.count(outbox, outbox.c.key.like("need:%")) == 0


async def test_the_list_is_where_a_form_cannot_be_opened_at_once(small: Conference) -> None:
    await small.close()
    reply = await small.admin.press(needing.ANSWER, MODEL.id, opens_forms=False)
    assert "Answer several" in labels(reply)


# --- The next agenda --------------------------------------------------------------------------------------------------


async def test_the_next_agenda_begins_with_what_was_asked_for(here: Conference) -> None:
    await here.close()
    await here.manager.register(MODEL.id)
    await answer(here, NUMBERS, ANALYSIS, "Goda exempel", "Lära av varandra")
    await here.town.tick_at(at(DAYS[0] - timedelta(days=14), 9))
    agenda = next(one for one in await here.manager.received() if "Here it is:" in one and "registered for" in one)
    assert agenda.count("You asked for:") == 3
    assert "and 1 more answer, on the board" in agenda


async def test_an_agenda_without_answers_says_nothing_of_them(small: Conference) -> None:
    await small.close()
    await small.manager.register(MODEL.id)
    await small.town.tick_at(at(DAYS[0] - timedelta(days=14), 9))
    assert not any("You asked for" in one for one in await small.manager.received())


async def test_C8_in_a_closed_edition_nobody_is_asked_for_answers_any_more(here: Conference) -> None:
    waiting = (matters.c.kind == "needs", matters.c.closed_at.is_(None))
    await here.close()
    assert await here.town.count(matters, *waiting) == 1

    def forgotten(connection: Connection) -> None:
        visit = Visit(connection, here.town.clock.now(), here.town.surroundings)
        forget(visit, amending.locked(visit, MODEL.id), visit.now)

    await here.town.work.run(forgotten)
    assert await here.town.count(matters, *waiting) == 0
    await publish(here, HELD_NEED)  # what was held back until now is no reason to ask again
    assert await here.town.count(matters, *waiting) == 0
