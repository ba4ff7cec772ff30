"""One's own challenge: asked for, written, shown back, shared with those who were chosen, and with nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from bot.domain import challenges as rule
from bot.domain.challenges import LONGEST, Looker, Visibility
from bot.domain.nudges import schedule
from bot.flows import challenge_lists, challenges, ending
from bot.flows.challenge_lists import As
from bot.handlers import challenge_lists as lists
from bot.messages import Card, Form
from storage.erasure import Eraser
from storage.retention import Retention
from storage.tables import challenge_viewers, deliveries, outbox, reflections, runs
from storage.tables import challenges as written
from tests.flows.samples import NOW, at
from tests.handlers.challenge_town import THREAD, Circle, challenge_circle
from tests.handlers.test_after_an_offer import give_everything_up
from tests.handlers.town import Person, at_once, second_process, text

SECRET = "Ingen vågar säga att skolan i norr måste stängas"
EVERYBODY = ("anna", "bertil", "outsider", "leader")
DUE = {one.rule.name: one.due_at for one in schedule(THREAD)}


@pytest.fixture
async def here(engine_url: str) -> AsyncIterator[Circle]:
    async with challenge_circle(engine_url) as opened:
        yield opened


@pytest.fixture
async def small(sqlite_url: str) -> AsyncIterator[Circle]:
    async with challenge_circle(sqlite_url) as opened:
        yield opened


async def told(person: Person, words: str) -> list[str]:
    return [one for one in await person.received() if words in one]


# --- Asked for --------------------------------------------------------------------------------------------------------


async def test_P8_each_participant_is_asked_with_the_facts_about_their_own_organisation(here: Circle) -> None:
    await here.town.tick_at(DUE["challenge"])
    (anna,), (bertil,) = [await told(one, "What do you want to work on?") for one in (here.anna, here.bertil)]
    assert ("Vad vill du ändra på?" in anna, "tolv bibliotek" in anna, "https://example.org/lund" in anna) == (
        True,
    ) * 3
    assert ("Vad vill du ändra på?" in bertil, "bibliotek" in bertil) == (True, False)
    assert not await told(here.outsider, "want to work on") + await told(here.leader, "want to work on")


async def test_P8b_at_most_two_nudges_and_then_a_line_in_the_leaders_list(here: Circle) -> None:
    for name in ("challenge", "challenge_again", "challenge_last"):
        await here.town.tick_at(DUE[name])
        assert ("not reminded any more" in text((await here.leader.say("challenges")).view)) is False
    for _again in range(2):
        here.town.clock.move(days=1)
        await here.town.tick.run()
    assert len(await told(here.anna, "is not written yet")) == 2
    shown = text((await here.leader.say("challenges")).view)
    assert "Have not written, and are not reminded any more\n  Anna\n  Bertil" in shown


async def test_P8b_who_has_written_is_not_nudged(here: Circle) -> None:
    await here.town.tick_at(DUE["challenge"])
    await here.write(here.anna, SECRET)
    await here.town.tick_at(DUE["challenge_again"])
    assert (await told(here.anna, "is not written yet"), len(await told(here.bertil, "is not written yet"))) == ([], 1)


async def test_P8_whom_the_first_question_did_not_reach_is_asked_and_only_then_reminded(here: Circle) -> None:
    await here.town.tick_at(DUE["challenge_again"])
    assert (len(await told(here.anna, "want to work on?")), await told(here.anna, "is not written yet")) == (1, [])
    await here.town.tick_at(DUE["challenge_last"])
    assert len(await told(here.anna, "is not written yet")) == 1


async def test_a_nudge_that_was_put_off_does_not_come_when_it_is_written_meanwhile(small: Circle) -> None:
    await small.town.tick_at(DUE["challenge"])
    await small.anna.click("Snooze")
    await small.write(small.anna, SECRET)
    small.town.clock.move(days=2)
    await small.town.tick.run()
    assert len(await told(small.anna, "What do you want to work on?")) == 1


async def test_a_programme_that_does_not_ask_plans_nothing() -> None:
    assert not [one for one in schedule(replace(THREAD, asks_challenge=False)) if one.rule.name.startswith("challenge")]


# --- Written ----------------------------------------------------------------------------------------------------------


async def test_P8_only_oneself_sees_it_unless_one_chooses_otherwise(here: Circle) -> None:
    form = (await here.anna.press(challenges.WRITE, THREAD.id)).view
    assert isinstance(form, Form)
    assert form.values["visibility"] == "me"
    done = text((await here.anna.submit(form, {"text": SECRET})).view)
    assert (SECRET in done, "Only you" in done) == (True, True)
    assert SECRET in text((await here.anna.say("utmaning")).view)


async def test_P8c_versions_are_kept_the_newest_is_used_and_old_ones_are_for_oneself(here: Circle) -> None:
    await here.write(here.anna, "Först tänkte jag så här", Visibility.LEADERS)
    here.town.clock.move(days=1)
    await here.write(here.anna, SECRET, Visibility.LEADERS)
    assert await here.stored(here.anna) == [(1, "Först tänkte jag så här"), (2, SECRET)]
    read = text((await here.read(here.leader)).view)
    assert (SECRET in read, "Först tänkte" in read) == (True, False)
    own = text((await here.anna.press(challenges.THREAD, THREAD.id)).view)
    assert own.index("Först tänkte") < own.index(SECRET)


async def test_the_same_text_again_is_no_new_version(here: Circle) -> None:
    for visibility in (Visibility.ME, Visibility.ME, Visibility.LEADERS):
        await here.write(here.anna, SECRET, visibility)
    assert await here.stored(here.anna) == [(1, SECRET)]


async def test_two_windows_at_once_lose_nothing(here: Circle) -> None:
    async with second_process(here.town) as elsewhere:
        there = replace(here.anna, reception=elsewhere)
        first = (await here.anna.press(challenges.WRITE, THREAD.id)).view
        twice = (one.submit(first, {"text": "a"}, delivery="1") for one in (here.anna, there))
        await at_once(*twice)
        assert await here.stored(here.anna) == [(1, "a")]
        forms = [(await one.press(challenges.WRITE, THREAD.id)).view for one in (here.anna, here.anna)]
        await at_once(here.anna.submit(forms[0], {"text": "b"}), there.submit(forms[1], {"text": "c"}))
    found = [text for _number, text in await here.stored(here.anna)]
    assert found[0] == "a"
    assert set(found[1:]) in ({"b"}, {"c"}, {"b", "c"})


async def test_the_longest_and_the_most_hostile_text_comes_back_as_it_was(small: Circle) -> None:
    hostile = "<!channel> *b* <at>alla</at> {{x}} " + "å" * (LONGEST - 40)
    await small.write(small.anna, hostile)
    assert hostile in text((await small.anna.say("utmaning")).view)
    form = (await small.anna.press(challenges.WRITE, THREAD.id)).view
    refused = (await small.anna.submit(form, {"text": "x" * (LONGEST + 1)})).view
    assert isinstance(refused, Form)
    assert refused.errors["text"]


@pytest.mark.parametrize("do", [challenges.WRITE, "sparring", "want_sparring"])
async def test_only_those_who_take_part_have_one(small: Circle, do: str) -> None:
    assert "for those who take part in Toppolitiker" in text((await small.outsider.press(do, THREAD.id)).view)


async def test_who_has_no_such_programme_is_told_so(small: Circle) -> None:
    assert "None of your programmes" in text((await small.outsider.say("utmaning")).view)


# --- Who may see it ---------------------------------------------------------------------------------------------------

MAY = {
    Visibility.ME: set(),
    Visibility.LEADERS: {("leader", As.LEADER)},
    Visibility.GROUP: {("leader", As.LEADER), ("bertil", As.GROUP)},
}


async def looks(here: Circle) -> set[tuple[str, As]]:
    """Everybody tries everything that could show Anna's challenge; who got to see it, and as what."""
    found = set()
    for name in EVERYBODY[1:]:
        person = getattr(here, name)
        for word in ("utmaning", "utmaningar", "challenges", "mina uppgifter", "läget", "material"):
            assert SECRET not in repr(await person.say(word)), (name, word)
        for do in (challenges.CHALLENGE, challenges.THREAD, challenge_lists.LIST, "sparring", "timeline"):
            assert SECRET not in repr(await person.press(do, THREAD.id)), (name, do)
        for who in As:
            if SECRET in repr(await here.read(person, who)):
                found.add((name, who))
    return found


@pytest.mark.parametrize("bertils", [None, *Visibility])
@pytest.mark.parametrize("visibility", list(Visibility))
async def test_P8_nobody_but_the_chosen_ever_sees_a_challenge(
    small: Circle, visibility: Visibility, bertils: Visibility | None
) -> None:
    """Every person × visibility; another participant sees it only while they share their own in the same way."""
    await small.write(small.anna, SECRET, visibility)
    if bertils is not None:
        await small.write(small.bertil, "Mitt eget", bertils)
    shares = bertils is Visibility.GROUP
    expected = {one for one in MAY[visibility] if shares or one[0] != "bertil"}
    assert await looks(small) == expected
    await small.town.deliver()
    elsewhere = [post for platform in small.town.posts.values() for post in platform.sent]
    assert not [post for post in elsewhere if SECRET in repr(post.view) and post.address.conversation != "anna"]


async def test_control_the_same_look_finds_what_a_careless_rule_lets_out(
    small: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    await small.write(small.anna, SECRET)
    monkeypatch.setattr(lists, "may_see", lambda _visibility, _looker: True)
    assert ("leader", As.LEADER) in await looks(small)


def test_the_rule_in_full() -> None:
    lookers = [Looker(c, t, s) for c in (False, True) for t in (False, True) for s in (False, True)]
    allowed = {v: [one for one in lookers if rule.may_see(v, one)] for v in Visibility}
    assert allowed[Visibility.ME] == []
    assert allowed[Visibility.LEADERS] == [one for one in lookers if one.coordinates]
    assert allowed[Visibility.GROUP] == [one for one in lookers if one.coordinates or (one.takes_part and one.shares)]


async def test_what_others_wrote_is_stored_nowhere_but_with_them(here: Circle) -> None:
    """Reading happens in a form, so that no message, no answer and no form of the reader's keeps a copy."""
    await here.write(here.anna, SECRET, Visibility.LEADERS)
    before = repr(await here.town.contents(outbox, deliveries, runs)).count(SECRET)
    read = (await here.read(here.leader)).view
    assert SECRET in repr(read)
    await here.leader.submit(read)
    assert repr(await here.town.contents(outbox, deliveries, runs)).count(SECRET) == before > 0


async def test_a_form_that_lies_open_shows_nothing_once_it_is_narrowed(here: Circle) -> None:
    await here.write(here.anna, SECRET, Visibility.LEADERS)
    form = (await here.read(here.leader)).view
    await here.write(here.anna, SECRET, Visibility.ME)
    assert SECRET not in repr(await here.leader.submit(form))
    assert "Nobody lets you see" in text((await here.read(here.leader)).view)


async def test_who_has_left_the_programme_is_neither_shown_nor_shown_anything(here: Circle) -> None:
    for person in (here.anna, here.bertil):
        await here.write(person, SECRET, Visibility.GROUP)
    await here.town.work.run(_nobody_takes_part)
    assert SECRET not in repr(await here.read(here.bertil, As.GROUP))
    assert SECRET not in repr(await here.read(here.leader))


def _nobody_takes_part(connection: Connection) -> None:
    for occasion in THREAD.occasions:
        Retention(connection, NOW).forget_participants(THREAD.id, occasion.id)


# --- Changing who may -------------------------------------------------------------------------------------------------


async def test_P8a_widening_is_asked_once_more_and_never_silent(here: Circle) -> None:
    await here.write(here.anna, SECRET)
    form = (await here.anna.press(challenges.WRITE, THREAD.id)).view
    asked = (await here.anna.submit(form, {"visibility": "group"})).view
    assert isinstance(asked, Form)
    assert ("Let more people see it?" in text(asked), "cannot be unseen" in text(asked)) == (True, True)
    assert "Nobody lets you see" in text((await here.read(here.leader)).view)
    await here.anna.submit(asked)
    assert SECRET in text((await here.read(here.leader)).view)


async def test_P8a_a_form_from_before_the_narrowing_does_not_widen_it_silently(here: Circle) -> None:
    await here.write(here.anna, SECRET, Visibility.LEADERS)
    old = (await here.anna.press(challenges.WRITE, THREAD.id)).view
    phone = (await here.anna.press(challenges.WRITE, THREAD.id)).view
    await here.anna.submit(phone, {"visibility": "me"})
    again = (await here.anna.press(challenges.WRITE, THREAD.id)).view
    assert isinstance(again, Form)
    assert again.values["visibility"] == "me"
    answer = (await here.anna.submit(old, {"visibility": "leaders"})).view
    assert "Saved" not in text(answer)
    assert "Nobody lets you see" in text((await here.read(here.leader)).view)


async def test_P8a_narrowing_says_who_has_seen_it_and_that_it_cannot_be_unseen(here: Circle) -> None:
    await here.write(here.anna, SECRET, Visibility.LEADERS)
    await here.read(here.leader)
    done = text((await here.write(here.anna, SECRET, Visibility.ME)).view)
    assert ("cannot be unseen" in done, "Leader (mon 11 jan" in done.lower().replace("leader", "Leader")) == (
        True,
        True,
    )
    await here.write(here.anna, "Något nytt")
    shown = text((await here.anna.say("utmaning")).view)
    assert ("Leader" in shown, "an earlier version" in shown) == (True, True)


async def test_P8a_the_list_of_who_has_seen_it_is_honest_both_ways(here: Circle) -> None:
    await here.write(here.anna, SECRET, Visibility.LEADERS)
    await here.leader.say("utmaningar")
    assert "Nobody yet" in text((await here.anna.say("utmaning")).view)
    await here.read(here.leader)
    assert "Leader" in text((await here.anna.say("utmaning")).view)
    assert await here.town.count(challenge_viewers) == 1


async def test_the_leaders_list_has_names_and_how_far_they_are_and_no_text(here: Circle) -> None:
    await here.write(here.anna, SECRET, Visibility.LEADERS)
    await here.write(here.bertil, "Bara mitt")
    shown = text((await here.leader.say("utmaningar")).view)
    assert "2 of 2 have written" in shown
    for part in ("Have written, and share with you", "Anna", "Have written", "Bertil"):
        assert part in shown
    assert "Only coordinators" in text((await here.anna.say("utmaningar")).view)


# --- Shown back, and thought about ------------------------------------------------------------------------------------


async def test_P8_it_is_shown_back_before_each_meeting_to_oneself_alone(here: Circle) -> None:
    await here.write(here.anna, SECRET)
    for occasion in THREAD.occasions:
        before = [one.due_at for one in schedule(THREAD) if (one.rule.name, one.about) == ("day_before", occasion.id)]
        await here.town.tick_at(before[0])
    shown = await told(here.anna, "Your challenge, as you wrote it:")
    assert len([one for one in shown if SECRET in one]) >= 3
    assert not await told(here.bertil, "Your challenge, as you wrote it:")
    assert not [p for p in here.town.posts["slack"].sent + here.town.posts["teams"].sent if SECRET in p.text]


async def test_P8_after_a_meeting_there_is_room_for_a_reflection_that_nobody_else_sees(here: Circle) -> None:
    await here.write(here.anna, "Utmaningen", Visibility.GROUP)
    await here.town.tick_at(DUE["afterwards"])
    form = (await here.anna.click("Write what you take with you")).view
    assert isinstance(form, Form)
    assert "Utmaningen" in text(form)
    await here.anna.submit(form, {"text": SECRET})
    assert await here.town.count(reflections) == 1
    assert await looks(here) == set()
    assert SECRET in text((await here.anna.press(challenges.THREAD, THREAD.id)).view)


async def test_a_reflection_can_be_written_anew_and_not_before_the_meeting(small: Circle) -> None:
    about = f"{THREAD.id} ett"
    assert "once it has begun" in text((await small.anna.press(challenges.REFLECT, about)).view)
    small.town.clock.at = at(THREAD.occasions[0].starts_at.date(), 16)
    first = (await small.anna.press(challenges.REFLECT, about)).view
    await small.anna.submit(first, {"text": "ett"})
    form = (await small.anna.press(challenges.REFLECT, about)).view
    assert isinstance(form, Form)
    assert form.values["text"] == "ett"
    await small.anna.submit(form, {"text": "två"})
    assert await small.town.count(reflections) == 1
    assert await small.town.count(reflections, reflections.c.text == "två") == 1


async def test_after_the_last_meeting_the_whole_thread_is_offered(small: Circle) -> None:
    last = [one.due_at for one in schedule(THREAD) if (one.rule.name, one.about) == ("afterwards", "tre")]
    await small.write(small.anna, SECRET)
    await small.town.tick_at(last[0])
    page = (await small.anna.click("Everything I have written")).view
    assert isinstance(page, Card)
    assert ("My thread through the programme" in text(page), SECRET in text(page)) == (True, True)
    assert [one.url.rpartition("/")[2] for one in page.buttons if one.url] == [f"{THREAD.id}.docx?language=en"]


async def test_the_thread_has_pages(small: Circle) -> None:
    for number in range(challenges.MOST + 1):
        await small.write(small.anna, f"Version {number}.")
    first = text((await small.anna.press(challenges.THREAD, THREAD.id)).view)
    second = text((await small.anna.press(challenges.THREAD, f"{THREAD.id}:{challenges.MOST}")).view)
    assert ("Version 0." in first, "Version 5." in first, "Version 5." in second) == (True, False, True)


# --- What is stored, and erased ---------------------------------------------------------------------------------------


async def test_my_data_has_all_of_it_and_erasing_leaves_nothing(here: Circle) -> None:
    await here.write(here.anna, "Först", Visibility.LEADERS)
    await here.write(here.anna, SECRET, Visibility.LEADERS)
    await here.read(here.leader)
    anna = await here.id(here.anna)
    stored = await here.town.read(lambda c: Eraser(c, here.town.clock.now()).stored(anna))
    assert [len(stored[name]) for name in ("challenges", "challenge_viewers")] == [2, 1]
    assert "Challenges you have written, with earlier versions" in text((await here.anna.say("my data")).view)
    await here.anna.press("erase_me_now")
    assert (await here.town.count(written), await here.town.count(challenge_viewers)) == (0, 0)
    left = await here.town.contents(outbox, runs, deliveries)
    assert [row for rows in left.values() for row in rows if SECRET in repr(row)] == []


async def test_a_reader_who_is_erased_is_no_longer_named_and_has_still_read_it(here: Circle) -> None:
    await here.write(here.anna, SECRET, Visibility.GROUP)
    await here.write(here.bertil, "Bara mitt", Visibility.GROUP)
    for reader in (here.leader, here.bertil):  # two without a name are one and the same row
        await here.read(reader)
        await reader.press("erase_me_now")
        shown = text((await here.anna.say("utmaning")).view)
        assert ("Leader" in shown or "Bertil" in shown, "Nobody yet" in shown) == (False, False)
        assert "somebody without a name here" in shown
    assert await here.town.count(challenge_viewers) == 1


async def test_whoever_is_erased_is_not_named_in_the_challenge_of_another(here: Circle) -> None:
    """However the name was written: the two databases differ in which cases they tell apart."""
    asa = here.town.person("åsa ek")
    await asa.register(THREAD.id)
    for said in ("Åsa Ek vet mer", "Fråga ÅSA EK om skolan", "åsa ek igen", "Åsa Eks idé", "Åsa Ek-Lind är en annan"):
        await here.write(here.anna, said)
    await asa.press("erase_me_now")
    assert [said for _n, said in await here.stored(here.anna)] == [
        "– vet mer", "Fråga – om skolan", "– igen", "–s idé", "Åsa Ek-Lind är en annan",
    ]  # fmt: skip


async def test_when_the_programme_keeps_names_no_longer_the_challenges_go(here: Circle) -> None:
    await here.write(here.anna, SECRET)
    await here.town.work.run(lambda c: Retention(c, here.town.clock.now()).forget_programme(THREAD.id))
    assert await here.town.read(lambda c: c.execute(select(written)).all()) == []


# --- When it is over --------------------------------------------------------------------------------------------------


async def test_whoever_takes_part_no_more_reads_that_nobody_else_sees_it_until_they_do_again(here: Circle) -> None:
    await here.write(here.anna, SECRET, Visibility.LEADERS)
    assert "You and the programme leaders" in text((await here.anna.say("challenge")).view)
    await here.anna.say("my registrations")
    await give_everything_up(here.anna)
    assert "Only you, as you no longer take part." in text((await here.anna.say("challenge")).view)


async def test_the_last_thanks_say_until_when_it_is_kept(small: Circle) -> None:
    thanks = [one.due_at for one in schedule(THREAD) if one.rule.name == "afterwards"]
    for due_at in thanks:
        await small.town.tick_at(due_at)
    said = ["is kept until" in one for one in await told(small.anna, "What do you take with you")]
    assert said == [False, False, True]


async def test_in_a_closed_edition_nobody_reads_that_they_have_written_nothing(small: Circle) -> None:
    await small.write(small.anna, SECRET)
    small.town.clock.at = THREAD.occasions[-1].ends_at + timedelta(days=1)
    await small.leader.press(ending.NOW, THREAD.id)
    for do in (challenges.WRITE, challenges.THREAD):
        shown = text((await small.anna.press(do, THREAD.id)).view)
        assert ("The edition is closed" in shown, "have not written" in shown) == (True, False)
