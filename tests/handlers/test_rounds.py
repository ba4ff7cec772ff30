"""Rounds from the question on: asked at once or later, once, and read by each in their own wording."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from bot.domain.rounds import State
from bot.flows import asking, buttons, prompts, round_drafts
from bot.handlers.events import AddedToChannel
from bot.messages import Form, Notice
from bot.ports import Address, Trouble, Undeliverable
from tests.fixtures.seed_board import WORDINGS
from tests.handlers import round_town
from tests.handlers.round_town import (
    MODEL,
    STRATEGISTS,
    WHOLE,
    all_rounds,
    appointed,
    ask,
    bind,
    in_channel,
    in_group,
    known,
    preview,
    read,
    states,
    talks_in,
    the_round,
)
from tests.handlers.town import Town, at_once, second_process, text
from tests.handlers.town import buttons as buttons_of
from tests.handlers.workshop import channel, follows, group, press_on

town, small_town = round_town.on_both, round_town.on_sqlite


# --- Asking -----------------------------------------------------------------------------------------------------------


async def test_C2_each_role_group_reads_the_questions_in_its_own_wording(town: Town) -> None:
    people = {role: await in_group(town, role, role) for role in ("politiker", "chefer", "strateger")}
    asked = await ask(town)
    assert "Asked: Uppstartskonferensen" in text(asked.view)
    for role, person in people.items():
        theirs = {wording for (whose, _question), wording in WORDINGS.items() if whose == role}
        others = set(WORDINGS.values()) - theirs
        assert all(wording in read(town, person) for wording in theirs)
        assert not [wording for wording in others if wording in read(town, person)]


@pytest.mark.parametrize("said", ["ställ frågor", "Ställ fråga!", "still spørsmål", "nye spørsmål", "ask questions"])
async def test_a_coordinator_who_types_it_comes_to_the_questions(small_town: Town, said: str) -> None:
    await appointed(small_town, "admin")
    reply = await small_town.person("admin").say(said)
    assert "Ask questions" in text(reply.view)


async def test_whoever_asks_no_groups_has_a_question_of_their_own(small_town: Town) -> None:
    anna = await in_group(small_town, "anna", "politiker")
    shown = (await anna.say("ställ en fråga")).view
    assert text(shown) == text((await anna.say("fråga en människa")).view)
    assert "Only coordinators" not in text(shown)


async def test_C2_the_preview_shows_every_wording_word_for_word_and_who_gets_it(small_town: Town) -> None:
    for n in range(3):
        await in_group(small_town, f"s{n}", "strateger", f"Grupp {n % 2}")
    await in_group(small_town, "p", "politiker")
    await bind(small_town, WHOLE)
    shown = text(await preview(small_town))
    assert all(wording in shown for wording in WORDINGS.values())
    assert "3 people in 2 groups" in shown
    assert "1 person in 1 group" in shown
    assert "Channels: alla" in shown


async def test_C2_what_the_preview_shows_is_what_is_sent(small_town: Town) -> None:
    person = await in_group(small_town, "chefer", "chefer")
    form = await preview(small_town, roles=("chefer",))
    shown = [text(Notice(line)).split(". ", 1)[1] for item in form.items for line in item.lines]
    assert len(shown) == 3
    await small_town.person("admin").submit(form)
    await small_town.deliver()
    assert all(question in read(small_town, person) for question in shown)


async def test_nothing_is_asked_before_the_last_step(small_town: Town) -> None:
    person = await in_group(small_town, "p", "politiker")
    await preview(small_town)
    await small_town.deliver()
    assert await all_rounds(small_town) == []
    assert read(small_town, person) == ""


async def test_only_the_chosen_role_groups_are_asked(small_town: Town) -> None:
    politician, manager = await in_group(small_town, "p", "politiker"), await in_group(small_town, "c", "chefer")
    await ask(small_town, roles=("chefer",))
    assert [box.role for box in (await the_round(small_town)).boxes] == ["chefer"]
    assert read(small_town, politician) == ""
    assert "Vad kan ni som chefer" in read(small_town, manager)


async def test_somebody_without_a_group_is_asked_to_choose_one(town: Town) -> None:
    person = await known(town, "anna")
    await person.register(MODEL.id)
    await town.deliver()
    town.posts["sandbox"].sent.clear()
    await ask(town)
    assert "Which group do you belong to?" in read(town, person)
    assert (await person.button("Choose group")).do == buttons.NOTE


async def test_P5_somebody_without_a_group_chooses_one_and_comes_to_the_sealed_form(town: Town) -> None:
    for n in range(5):
        await in_group(town, f"p{n}", "politiker")
    person = await known(town, "anna")
    await person.register(MODEL.id)
    own = {"title": "Läget", "questions": "Hur går det?", "mode": "sealed"}
    await ask(town, "own", roles=("politiker",), **own)
    way = await person.button("Choose group")
    reply = await person.press(way.do, way.about)
    assert "Which group do you belong to?" in text(reply.view)
    reply = await press_on(person, await press_on(person, reply, "Politiker"), "Answer")
    assert isinstance(reply.view, Form)


async def sealed_in_a_channel(town: Town) -> Address:
    """A channel that follows the programme, where politicians are asked each for themselves."""
    for n in range(5):
        await in_group(town, f"p{n}", "politiker")
    here = channel("C1", "sandbox", "W1")
    await follows(town, here, by=await known(town, "kim"))
    await ask(town, "own", roles=("politiker",), title="Läget", questions="Hur går det?", mode="sealed")
    return here


async def test_P5_in_a_channel_somebody_nobody_knows_yet_chooses_a_group_and_answers_sealed(town: Town) -> None:
    here, id = await sealed_in_a_channel(town), (await the_round(town)).id
    new = town.person("ny")
    asked = await new.press(buttons.SEAL, id, came_from=here)
    assert "Which group do you belong to?" in text(asked.view)
    reply = await press_on(new, asked, "Politiker", came_from=here)
    assert isinstance((await press_on(new, reply, "Answer")).view, Form)


async def test_P5_elsewhere_or_in_another_role_they_are_told_that_it_goes_to_others(town: Town) -> None:
    here, id = await sealed_in_a_channel(town), (await the_round(town)).id
    manager = await in_group(town, "chef", "chefer")
    for person, where in ((manager, here), (town.person("ny"), channel("C2", "sandbox", "W1"))):
        assert "put to others" in text((await person.press(buttons.SEAL, id, came_from=where)).view)


async def test_P5_in_the_channel_where_a_group_talks_one_belongs_to_it_and_answers_at_once(town: Town) -> None:
    here = await sealed_in_a_channel(town)
    await group(town, "politiker", "Politiker A", where=here)
    reply = await town.person("ny").press(buttons.SEAL, (await the_round(town)).id, came_from=here)
    assert isinstance(reply.view, Form)


async def test_P5_answer_lists_only_rounds_that_ask_ones_own_role(town: Town) -> None:
    manager, politician = await in_group(town, "c", "chefer"), await in_group(town, "p", "politiker")
    await ask(town, roles=("politiker",))
    assert "Nothing is open to you" in text((await manager.say("svara")).view)
    assert "Open to you now" in text((await politician.say("svara")).view)


async def test_whoever_registers_while_questions_are_open_finds_them_below_the_receipt_and_once(town: Town) -> None:
    await ask(town, roles=("politiker",))
    anna, bo = await known(town, "anna"), await known(town, "bo")
    await anna.register(MODEL.id, role="politiker")
    await bo.register(MODEL.id, role="chefer")
    told, other = await anna.received(), await bo.received()
    assert told[-1].startswith("Uppstartskonferensen")
    assert "Take notes" in {text(Notice(one.label)) for one in buttons_of(town.messages(anna)[-1].view)}
    assert sum("Uppstartskonferensen" in one for one in told) == 1
    assert not any("Uppstartskonferensen" in one for one in other)


async def test_a_question_for_some_organisations_is_sent_to_those_alone(small_town: Town) -> None:
    lund, habo = await in_group(small_town, "lund", "chefer"), await in_group(small_town, "habo", "chefer")
    await lund.register(MODEL.id, organisation="Lunds kommun")
    await habo.register(MODEL.id, organisation="Habo kommun")
    await ask(small_town, "set:mentorer")
    assert "För mentorsregionerna?" in read(small_town, lund)
    assert "För mentorsregionerna?" not in read(small_town, habo)
    assert "För alla?" in read(small_town, habo)


async def test_a_channel_of_a_group_reads_its_own_wording_and_the_programmes_channel_all(small_town: Town) -> None:
    await bind(small_town, WHOLE)
    await talks_in(small_town, "strateger", "Strateger 1", STRATEGISTS)
    await ask(small_town)
    (own,), whole = in_channel(small_town, STRATEGISTS), in_channel(small_town, WHOLE)[-1]
    assert WORDINGS["strateger", "bidra"] in own
    assert WORDINGS["chefer", "bidra"] not in own
    assert all(wording in whole for wording in WORDINGS.values())


def asked_in(town: Town, channel: Address) -> int:
    """How often the questions have come to a channel."""
    return sum(WORDINGS["strateger", "bidra"] in one for one in in_channel(town, channel))


@contextmanager
def out_of(town: Town, *places: Address) -> Iterator[None]:
    """While somebody has taken the bot out of these channels."""
    post, names = town.posts["sandbox"], {one.conversation for one in places}
    let_in = post.send

    async def send(address: Address, *what: Any, **how: Any) -> str:
        if address.conversation in names:
            raise Undeliverable(Trouble.FORBIDDEN, "not_in_channel")
        return await let_in(address, *what, **how)

    with patch.object(post, "send", send):
        yield


async def back_in(town: Town, channel: Address) -> None:
    """Somebody lets the bot in again."""
    await town.person("admin").send(AddedToChannel(), came_from=channel)
    await town.deliver()


async def test_a_channel_that_the_bot_comes_back_to_gets_the_questions_once(town: Town) -> None:
    await bind(town, WHOLE)
    await talks_in(town, "strateger", "Strateger 1", STRATEGISTS)
    with out_of(town, WHOLE, STRATEGISTS):
        await ask(town)
    for place in (WHOLE, STRATEGISTS):
        assert asked_in(town, place) == 0  # the positive control
        await back_in(town, place)
        await back_in(town, place)
        assert asked_in(town, place) == 1


async def test_a_channel_that_could_not_be_written_to_on_return_gets_the_questions_the_next_time(
    small_town: Town,
) -> None:
    await bind(small_town, WHOLE)
    with out_of(small_town, WHOLE):
        await ask(small_town)
        await back_in(small_town, WHOLE)
    assert asked_in(small_town, WHOLE) == 0
    await back_in(small_town, WHOLE)
    assert asked_in(small_town, WHOLE) == 1


async def test_a_channel_that_comes_to_follow_while_questions_are_open_gets_them(small_town: Town) -> None:
    await ask(small_town)
    assert asked_in(small_town, WHOLE) == 0
    await bind(small_town, WHOLE)
    await bind(small_town, WHOLE)
    assert asked_in(small_town, WHOLE) == 1


async def test_a_channel_that_the_bot_comes_to_gets_nothing_that_is_not_for_it(small_town: Town) -> None:
    await ask(small_town)
    await back_in(small_town, WHOLE)
    assert asked_in(small_town, WHOLE) == 0


async def test_a_channel_that_follows_the_programme_and_is_a_groups_own_is_written_to_once(small_town: Town) -> None:
    await bind(small_town, STRATEGISTS)
    before = len(in_channel(small_town, STRATEGISTS))
    await talks_in(small_town, "strateger", "Strateger 1", STRATEGISTS)
    await ask(small_town)
    assert len(in_channel(small_town, STRATEGISTS)) == before + 1


async def test_who_wants_nothing_gets_nothing_and_the_preview_says_so(small_town: Town) -> None:
    person = await in_group(small_town, "p", "politiker")
    form = (await person.press(buttons.PAUSE)).view
    assert isinstance(form, Form)
    await person.submit(form, {"level": "none"})
    await small_town.deliver()
    small_town.posts["sandbox"].sent.clear()
    assert "1 person wants no messages" in text(await preview(small_town))
    await ask(small_town)
    assert read(small_town, person) == ""


# --- One's own questions ----------------------------------------------------------------------------------------------


async def test_own_questions_are_filled_in_like_those_of_the_programme(small_town: Town) -> None:
    person = await in_group(small_town, "p", "politiker")
    await ask(small_town, "own", title="Läget", questions="Vad gör ni som {role}?\n\nOch {others}?")
    assert "Vad gör ni som politiker?" in read(small_town, person)
    assert "Och chefer and strateger/nyckelpersoner?" in read(small_town, person)


@pytest.mark.parametrize(
    ("questions", "says"),
    [
        ("a\nb\nc\nd", "At most three questions"),
        ("x" * 201, "Please shorten question 1: it has 201 characters"),
        ("{role}?", "needs a box for each role group"),
        ("Vad säger {othres}?", "I do not know {othres}: write {role} or {others}."),
    ],
)
async def test_own_questions_that_cannot_be_asked_come_back_with_every_word(
    small_town: Town, questions: str, says: str
) -> None:
    admin = small_town.person("admin")
    form = (await admin.press(buttons.ASK, MODEL.id)).view
    form = (await admin.submit(form, {"source": "own"})).view
    own = {"title": "Läget", "questions": questions, "mode": "notes", "split": "together", "look": "no"}
    again = (await admin.submit(form, own)).view
    assert isinstance(again, Form)
    assert says in text(again)
    assert again.values["questions"] == questions


async def test_hostile_words_reach_people_as_they_were_written(small_town: Town) -> None:
    person = await in_group(small_town, "p", "politiker")
    hostile = "<!channel> {0.__class__} {role!r} %s {{DATE()}} [x](https://evil.example)?"
    await ask(small_town, "own", title="<b>@here</b>", questions=hostile)
    assert hostile in read(small_town, person)
    assert "<b>@here</b>" in read(small_town, person)


# --- Twice ------------------------------------------------------------------------------------------------------------


async def test_C2c_whoever_asks_the_same_again_is_asked_whether_they_mean_it(town: Town) -> None:
    person = await in_group(town, "p", "politiker")
    await ask(town)
    form = await preview(town)
    assert "The same questions are out already" in text(form)
    reply = await town.person("admin").submit(form, {"again": "no"})
    assert "Nothing was asked" in text(reply.view)
    assert len(await all_rounds(town)) == 1
    await town.deliver()
    assert read(town, person).count(WORDINGS["politiker", "bidra"]) == 1


async def test_C2c_asked_again_on_purpose_it_is_a_round_of_its_own(small_town: Town) -> None:
    await ask(small_town)
    form = await preview(small_town)
    await small_town.person("admin").submit(form, {"again": "yes"})
    assert await states(small_town) == [State.OPEN, State.OPEN]


async def test_control_without_the_look_at_what_is_out_the_same_goes_twice(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (asking, round_drafts):
        monkeypatch.setattr(module, "repeated", lambda *_given: ())
    person = await in_group(small_town, "p", "politiker")
    await ask(small_town)
    await ask(small_town)
    assert read(small_town, person).count(WORDINGS["politiker", "bidra"]) == 2


async def test_questions_for_another_role_group_are_no_repetition(small_town: Town) -> None:
    await ask(small_town, roles=("politiker",))
    assert "out already" not in text(await preview(small_town, roles=("chefer",)))


async def test_the_same_submit_twice_asks_once(town: Town) -> None:
    person = await in_group(town, "p", "politiker")
    form, admin = await preview(town), town.person("admin")
    first, second = await at_once(*(admin.submit(form, delivery="same") for _ in range(2)))
    assert text(first.view) == text(second.view)
    await town.deliver()
    assert await states(town) == [State.OPEN]
    assert read(town, person).count(WORDINGS["politiker", "bidra"]) == 1


async def test_of_two_coordinators_at_once_the_second_is_told_of_the_first(town: Town) -> None:
    await in_group(town, "p", "politiker")
    kim = await appointed(town, "kim")
    ours, theirs = await preview(town), (await kim.press(buttons.ASK, MODEL.id)).view
    theirs = (await kim.submit(theirs, {"source": "set:uppstart"})).view
    theirs = (await kim.submit(theirs)).view
    async with second_process(town) as reception:
        kim.reception = reception
        replies = await at_once(town.person("admin").submit(ours), kim.submit(theirs))
    assert await states(town) == [State.OPEN]
    assert sum("out already" in text(one.view) for one in replies) == 1


# --- Later ------------------------------------------------------------------------------------------------------------


async def test_a_planned_round_opens_at_its_time_and_once_for_two_workers(town: Town) -> None:
    person = await in_group(town, "p", "politiker")
    planned = await ask(town, opens_day="tomorrow", opens_at="10.30")
    assert "Planned: Uppstartskonferensen" in text(planned.view)
    assert (await states(town), read(town, person)) == ([State.PLANNED], "")
    town.clock.at = (await the_round(town)).opens_at - timedelta(seconds=1)
    await town.tick.run()
    assert await states(town) == [State.PLANNED]
    town.clock.move(seconds=1)
    await at_once(town.tick.run(), town.tick.run())
    await town.deliver()
    assert await states(town) == [State.OPEN]
    assert read(town, person).count(WORDINGS["politiker", "bidra"]) == 1


async def test_a_planned_round_can_be_undone_until_it_opens(small_town: Town) -> None:
    await ask(small_town, opens_day="tomorrow")
    small_town.clock.move(hours=3)
    reply = await small_town.person("admin").press(prompts.UNDO_ROUND, (await the_round(small_town)).id)
    assert "Nobody was asked." in text(reply.view)
    await small_town.tick_at(small_town.clock.at + timedelta(days=2))
    assert await states(small_town) == [State.WITHDRAWN]


async def test_every_wrong_time_is_named_at_once(small_town: Town) -> None:
    times = {"opens_day": "nångång", "opens_at": "kväll", "closes_day": "sen", "closes_at": "99"}
    form = await preview(small_town, **times)
    assert set(form.errors) == set(times)
    form = await preview(small_town, opens_day="nångång", closes_day="idag", closes_at="11.59")  # it is noon
    assert set(form.errors) == {"opens_day", "closes_at"}


async def test_a_time_that_has_passed_is_refused_and_today_is_understood(small_town: Town) -> None:
    admin = small_town.person("admin")
    form = (await admin.press(buttons.ASK, MODEL.id)).view
    form = (await admin.submit(form, {"source": "set:uppstart"})).view
    again = (await admin.submit(form, {"closes_day": "idag", "closes_at": "11.59"})).view  # it is noon
    assert "That time has passed" in text(again)
    again = (await admin.submit(again, {"closes_at": "9.00", "closes_day": "tomorrow", "opens_day": "20 jan"})).view
    assert "It has to close after it has opened" in text(again)
    shown = (await admin.submit(again, {"closes_at": "13.30", "closes_day": "", "opens_day": ""})).view
    assert "13.30" in text(shown) or "13:30" in text(shown)
