"""The leader's card in their conversation follows what groups write and what another leader does, at an easy pace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import count

import pytest
from sqlalchemy import func, select

from bot.flows import workshops as words
from bot.handlers.tick import Tick
from bot.messages import Form, Notice, View
from storage.answers import Answers
from storage.living import Living
from storage.outbox import Outbox
from storage.posts import Posts
from storage.tables import members, outbox
from storage.unit_of_work import unit_of_work
from tests.flows.samples import LUND
from tests.handlers.linked import owner
from tests.handlers.town import Person, at_once, text
from tests.handlers.town import buttons as all_buttons
from tests.handlers.workshop_town import PROGRAMME, Day, lund, rate, write


@pytest.fixture
async def day(engine_url: str) -> AsyncIterator[Day]:
    async with lund(engine_url) as opened:
        await opened.begin()
        await opened.press(words.NEXT_STEP)
        await look(opened)
        seen(opened)
        yield opened


@pytest.fixture
async def small(sqlite_url: str) -> AsyncIterator[Day]:
    async with lund(sqlite_url) as opened:
        await opened.begin()
        await opened.press(words.NEXT_STEP)
        await look(opened)
        seen(opened)
        yield opened


def labels(view: View | None) -> list[str]:
    return [text(Notice(one.label)) for one in all_buttons(view)]


async def look(day: Day, seconds: int = 15) -> None:
    await day.town.tick_at(day.town.clock.now())
    day.town.clock.move(seconds=seconds)
    await day.town.tick.run()
    await day.town.deliver()


def seen(day: Day) -> list[str]:
    """What the card has said, where it stands or anew, since it was looked at last."""
    post = day.town.posts[day.leader.actor.platform]
    shown = [text(view) for _reference, view in post.updated] + [one.text for one in day.town.messages(day.leader)]
    post.updated.clear()
    post.sent.clear()
    return [said for said in shown if "Step " in said or "is over:" in said]


async def test_G3_what_a_group_writes_edits_the_leader_s_card_once(day: Day) -> None:
    await write(day.people[0], (await day.round("swot")).id, "Vi hjälps åt", "Bra kartor")
    await look(day)
    [said] = seen(day)
    assert "Grupp 1: 2 posts" in said
    await look(day, 60)
    assert seen(day) == []


async def test_what_many_write_within_fifteen_seconds_is_one_edit(small: Day) -> None:
    about = (await small.round("swot")).id
    await write(small.people[0], about, "Ett")
    await small.town.tick.run()
    await small.town.deliver()
    seen(small)
    for _second in range(14):
        small.town.clock.move(seconds=1)
        await write(small.people[2], about, "Mer")
        await small.town.tick_at(small.town.clock.now())
    assert seen(small) == []
    await look(small, 1)
    assert len(seen(small)) == 1


async def test_two_workers_edit_it_once(day: Day) -> None:
    await write(day.people[0], (await day.round("swot")).id, "Vi hjälps åt")
    day.town.clock.move(seconds=15)
    elsewhere = unit_of_work(day.town.url)
    try:
        other = Tick(elsewhere, day.town.clock, day.town.surroundings)
        await at_once(day.town.tick.run(), other.run())
        await at_once(day.town.tick.run(), other.run())
    finally:
        await elsewhere.close()
    await day.town.deliver()
    assert len(seen(day)) == 1


async def test_control_without_a_look_at_what_it_said_last_a_second_worker_says_it_again(
    small: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = count()

    def again(living: Living, key: str, *place: object, person: str) -> bool:
        box: Outbox = living._outbox
        address, language, view = place
        return box.add(f"{key}:{next(numbers)}", address, view, person=person, language=language, edits=key)  # type: ignore[arg-type]

    monkeypatch.setattr(Living, "show", again)
    monkeypatch.setattr(Living, "said_at", lambda *_key: None)
    small.town.clock.move(seconds=15)
    for _worker in range(2):
        await Tick(small.town.work, small.town.clock, small.town.surroundings).run()
        await small.town.deliver()
    assert len(seen(small)) == 2


async def test_a_step_that_another_leader_takes_is_shown_to_the_one_who_began(small: Day) -> None:
    pressed = await small.press(words.NEXT_STEP, small.town.person("admin"))
    assert "Step 3 of 8" in text(pressed.view)
    await look(small)
    assert "Step 3 of 8" in seen(small)[-1]


async def test_sealed_answers_are_followed_in_steps(small: Day) -> None:
    await small.to("skattning")
    await look(small)
    seen(small)
    for person in small.people[:4]:
        await rate(person, (await small.round("skattning")).id)
    await look(small)
    [said] = seen(small)
    assert "4" in said


async def test_votes_are_followed_in_steps(small: Day) -> None:
    await small.to("forslag")
    about = (await small.round("forslag")).id
    await write(small.people[0], about, "Kör på")
    await look(small)
    assert "Votes:" not in seen(small)[-1]  # as long as people write
    await small.to("rosta")
    await look(small)
    assert "Votes: Nobody has voted yet" in seen(small)[-1]
    post = await small.town.read(lambda c: Answers(c, small.town.clock.now()).of_round(about)[0].id)
    await small.people[0].press("cast", f"{about} {post}")
    await look(small, 60)
    [said] = seen(small)
    assert "Votes: Fewer than 4 have voted" in said


async def test_paused_it_says_so_and_then_rests(small: Day) -> None:
    await small.press(words.PAUSE, small.town.person("admin"))
    assert "Paused." in seen(small)[-1]
    await write(small.people[0], (await small.round("swot")).id, "Under pausen")
    await look(small)
    assert seen(small) == []
    await small.press(words.RESUME)
    await look(small)
    assert "Grupp 1: 1 post" in seen(small)[-1]


async def test_over_it_says_what_came_of_it(small: Day) -> None:
    await small.press(words.CONFIRM_END)
    assert "The workshop is over: Dagen" in seen(small)[-1]
    await look(small)
    assert seen(small) == []


async def leads_no_longer(day: Day) -> None:
    town = day.town
    me = await town.read(lambda c: str(c.execute(select(outbox.c.person).where(own)).scalar_one()))
    await town.work.run(lambda c: Posts(c, town.clock.now()).remove_contact(PROGRAMME.id, LUND.key, me))


async def test_whoever_leads_no_longer_sees_nothing_new(small: Day) -> None:
    await leads_no_longer(small)
    await write(small.people[0], (await small.round("swot")).id, "Hemligt")
    await look(small)
    assert seen(small) == []


async def test_whoever_leads_no_longer_gets_no_card_of_the_next_step(small: Day) -> None:
    await leads_no_longer(small)
    await small.press(words.NEXT_STEP, small.town.person("admin"))
    await look(small)
    assert seen(small) == []


async def test_an_hour_of_edits_leaves_no_heap_of_rows_and_all_of_them_are_the_leader_s(small: Day) -> None:
    about = (await small.round("swot")).id
    for line in ("Ett", "Två", "Tre", "Fyra"):
        await write(small.people[0], about, line)
        await look(small)
    rows = select(outbox.c.person, func.count()).where(edits).group_by(outbox.c.person)
    [(person, number)] = await small.town.read(lambda c: c.execute(rows).all())
    assert person
    assert number <= 3


async def test_one_that_cannot_be_shown_keeps_no_other_waiting(small: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_asked: object) -> Notice:
        raise RuntimeError

    await write(small.people[0], (await small.round("swot")).id, "Ett")
    with monkeypatch.context() as broken:
        broken.setattr(words, "card", fails)
        await look(small)
    assert seen(small) == []
    await look(small)
    assert len(seen(small)) == 1


# --- One card, below the newest messages ------------------------------------------------------------------------------


def stands(day: Day) -> list[str]:
    """What the leader's conversation shows now of cards to lead with: the newest words of each message."""
    post = day.town.posts[day.leader.actor.platform]
    mine = day.town.messages(day.leader)
    shown: dict[str, View] = {f"ref-{n}": one.view for n, one in enumerate(post.sent, 1) if one in mine}
    shown |= {reference: view for reference, view in post.updated if reference in shown}
    return [text(view) for view in shown.values() if "10 more minutes" in labels(view)]


@pytest.fixture
async def fresh(sqlite_url: str) -> AsyncIterator[Day]:
    async with lund(sqlite_url) as opened:
        await opened.people[0].register(PROGRAMME.id)  # so that something is sent to many
        await opened.leader.register(PROGRAMME.id)
        await opened.begin()
        yield opened


async def test_the_card_comes_anew_below_the_news_of_each_step_and_stands_nowhere_else(fresh: Day) -> None:
    for _step in range(3):
        await fresh.press(words.NEXT_STEP)
        await look(fresh)
        assert len(stands(fresh)) == 1
    newest = fresh.town.messages(fresh.leader)[-1]
    assert "Step " in newest.text


async def test_a_step_that_cannot_begin_is_said_on_the_card_itself(fresh: Day) -> None:
    await fresh.press(words.NEXT_STEP)
    for person in fresh.people[1:]:
        await leave_groups(fresh, person)
    reply = await fresh.press(words.NEXT_STEP)
    assert "Självskattning cannot begin yet" in text(reply.view)
    assert {"Next step", "Go on without asking", "Pause"} <= set(labels(reply.view))
    assert reply.replaces


async def test_what_cannot_be_asked_again_offers_no_way_on_without_asking(fresh: Day) -> None:
    await fresh.to("alla")
    await fresh.press(words.BACK)
    for person in fresh.people[1:]:
        await leave_groups(fresh, person)
    reply = await fresh.press(words.AGAIN)
    assert "Självskattning cannot begin yet" in text(reply.view)
    assert "Go on without asking" not in labels(reply.view)


async def leave_groups(day: Day, person: Person) -> None:
    id = await owner(day.town, person)
    await day.town.work.run(lambda c: c.execute(members.delete().where(members.c.person == id)))


async def test_pressed_twice_at_once_one_card_is_left(fresh: Day) -> None:
    about = await fresh.about()
    replies = await at_once(*(fresh.leader.press(words.NEXT_STEP, about) for _twice in range(3)))
    await fresh.town.deliver()
    assert all("stands below the newest messages" in text(reply.view) for reply in replies)
    assert len(stands(fresh)) == 1
    assert (await fresh.stands()).at == 1


async def test_time_that_is_up_is_said_by_the_card_which_comes_anew(fresh: Day) -> None:
    fresh.town.clock.move(minutes=25)
    await fresh.town.tick.run()
    await fresh.town.deliver()
    [said] = stands(fresh)
    assert "Time is up" in said
    assert "Time is up" in fresh.town.messages(fresh.leader)[-1].text


async def test_what_another_leader_changes_in_passing_is_shown_where_the_card_stands(fresh: Day) -> None:
    about = await fresh.about()
    await fresh.press(words.LONGER, fresh.town.person("admin"))
    reply = await fresh.leader.press(words.LONGER, about)
    assert "Step 1 of 8" in text(reply.view)


async def test_the_leader_sees_in_steps_how_many_have_voted(fresh: Day) -> None:
    await fresh.to("forslag")
    about = (await fresh.round("forslag")).id
    await write(fresh.people[0], about, "Bygg en bro")
    await fresh.to("rosta")
    assert "Nobody has voted yet" in text(fresh.card())
    for person in fresh.people[:3]:
        ballot = (await person.press("vote", about)).view
        cast = next(one.action for one in all_buttons(ballot) if one.action and one.action.do == "cast")
        await person.press("cast", cast.about)
    await look(fresh)
    assert "Fewer than 4 have voted" in "\n".join(stands(fresh))


own = outbox.c.key.like("workshop:%:lead")
edits = outbox.c.key.like("workshop:%:lead") | outbox.c.key.like("workshop:%:lead:edit%")


async def test_posts_that_wait_are_counted_until_the_end_and_led_to_only_for_who_may_judge(small: Day) -> None:
    await write(small.people[0], (await small.round("swot")).id, "Ring Bea på 070-174 06 05", "Bra kartor")
    await look(small)
    waiting = "Wait to be read by a coordinator: 1 post"
    assert waiting in seen(small)[-1]
    await small.to("skattning")
    assert "Read what waits" not in labels(small.card())
    admins = await small.town.person("admin").press(words.CARD, small.workshop)
    assert (waiting in text(small.card()), waiting in text(admins.view)) == (True, True)
    assert "Read what waits" in labels(admins.view)
    await small.press(words.CONFIRM_END)
    assert waiting in text(small.card())


async def test_a_group_s_draft_is_on_the_card_until_it_is_put_up(small: Day) -> None:
    about = (await small.round("swot")).id
    form = (await small.people[0].press("note", about)).view
    assert isinstance(form, Form)
    (name,) = (one.name for one in form.fields if one.kind == "text")
    await small.people[0].submit(form, {name: "Halvt", "later": ("draft",)})
    said = text((await small.leader.press(words.CARD, small.workshop)).view)
    assert ("Grupp 1: 0 posts and a draft that is not put up" in said, "Halvt" in said) == (True, False)
    await write(small.people[0], about, "Helt")
    assert "a draft" not in text((await small.leader.press(words.CARD, small.workshop)).view)


async def test_who_has_nobody_to_take_notes_is_on_the_card_which_follows(day: Day) -> None:
    none_yet = "Grupp 1: 0 posts and nobody takes notes yet"
    assert none_yet in text((await day.press(words.CARD)).view)
    await day.people[0].press("note", (await day.round("swot")).id)
    await look(day)
    [said] = seen(day)
    assert ("Grupp 1: 0 posts" in said, none_yet in said) == (True, False)


async def test_a_vote_needs_nobody_to_take_notes(small: Day) -> None:
    await small.to("forslag")
    await write(small.people[0], (await small.round("forslag")).id, "Bygg en bro")
    assert "nobody takes notes yet" in text((await small.leader.press(words.CARD, small.workshop)).view)
    await small.to("rosta")
    assert "nobody takes notes yet" not in text(small.card())


async def test_what_a_step_was_rated_is_one_press_away_in_the_next_which_asks_something(small: Day) -> None:
    await small.to("skattning")
    about = (await small.round("skattning")).id
    for person in small.people[:4]:
        await rate(person, about)
    await small.to("alla")
    assert "Result" in labels(small.card())
