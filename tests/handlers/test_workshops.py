"""A workshop that a municipality runs itself: begun, led on and back, paused for weeks, and brought to its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.people import Language, Role
from bot.domain.workshops import State
from bot.flows import buttons
from bot.flows import workshops as words
from bot.flows.round_drafts import Draft, Facts, Reach, entire, source_of
from bot.handlers import audiences, leaders
from bot.handlers.tick import Tick
from bot.messages import Action, Button, Card, Form
from storage.tables import groups, members, note_takers, outbox, rounds, sealed, workshop_rounds
from storage.tables import workshops as rows
from tests.flows.samples import LUND
from tests.handlers import workshop_town
from tests.handlers.linked import appoint
from tests.handlers.town import Person, at_once, second_process, text
from tests.handlers.town import buttons as buttons_of
from tests.handlers.workshop import texts
from tests.handlers.workshop_town import PROGRAMME, Day, rate, write

STORED = (rows, workshop_rounds, rounds, groups, note_takers)


async def stored(day: Day) -> object:
    """Everything about workshops that there is, with every message about them."""
    about = outbox.c.key.like("round:%") | outbox.c.key.like("workshop:%")
    return await day.town.contents(*STORED), await day.town.count(outbox, about)


day, small = workshop_town.on_both, workshop_town.on_sqlite


def labels(view: object) -> Mapping[str, Button]:
    assert isinstance(view, Card), view
    return {text(Card(button.label)).strip("*# \n"): button for button in buttons_of(view)}


async def test_what_was_written_before_a_step_was_asked_again_is_among_what_came_of_it(small: Day) -> None:
    await small.begin()
    await small.to("swot")
    first = (await small.round("swot")).id
    await write(small.people[0], first, "Viktigt ett")
    small.town.clock.move(minutes=1)
    await small.press(words.NEXT_STEP)
    await small.press(words.BACK)
    await small.press(words.AGAIN)
    second = (await small.round("swot")).id
    await write(small.people[0], second, "Tillagt")
    await small.press(words.CONFIRM_END)
    thanks = small.town.messages(small.people[1])[-1].view
    for shown in (small.card(), thanks):
        boards = [one.action.about for one in buttons_of(shown) if one.action and one.action.do == buttons.BOARD]
        assert boards[:2] == [first, second]
    assert "SWOT, before it was asked again" in labels(thanks)


# --- Beginning --------------------------------------------------------------------------------------------------------


async def test_G3_the_word_workshop_offers_the_script_to_the_contact(small: Day) -> None:
    said = text((await small.leader.say("workshop")).view)
    assert "8 steps, 4 hours and 10 minutes in all." in said
    whole = text((await small.leader.press(words.SCRIPT, "verkstad dagen")).view)
    assert "3. Självskattning, 30 minutes" in whole
    assert "each person answers alone, sealed" in whole
    assert "Hälsa alla välkomna." in whole


async def test_G3b_the_threshold_is_decided_before_the_start_and_told_to_everybody(day: Day) -> None:
    await day.begin(threshold="3")
    assert (await day.stands()).script.threshold == 3
    for person in day.people:
        assert "shown only if at least 3 answer" in day.got(person)
    assert (day.got(day.other), day.got(day.stranger)) == ("", "")


async def test_the_leader_s_card_lasts_among_their_messages_and_is_what_the_word_shows(small: Day) -> None:
    reply = await small.begin()
    assert "has begun" in text(reply.view)
    assert "Step 1 of 8 · Välkomna" in small.got(small.leader)
    assert "Step 1 of 8 · Välkomna" in text((await small.leader.say("workshop")).view)


async def test_G3b_a_threshold_that_those_here_could_never_reach_is_not_accepted(small: Day) -> None:
    reply = await small.begin(threshold="7")
    assert "6 people can answer, so choose 6 or fewer" in text(reply.view)
    assert await small.town.count(rows) == 0


async def test_whoever_is_contact_of_another_organisation_or_nobody_leads_nothing(small: Day) -> None:
    await small.begin()
    before = await stored(small)
    for who in (small.other, small.stranger, small.people[0]):
        for do in (words.NEXT_STEP, words.SKIP, words.BACK, words.PAUSE, words.LONGER, words.END, words.CONFIRM_END):
            assert "leads this workshop" in text((await small.press(do, who)).view)
        assert "leads this workshop" in text((await who.press(words.CARD, small.workshop)).view)
        assert "leads this workshop" in text((await who.press(words.BEGIN, "verkstad dagen")).view)
    assert await stored(small) == before


async def test_control_without_the_check_anybody_would_lead(small: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    await small.begin()
    monkeypatch.setattr(leaders, "may_lead", lambda *_asked: True)
    await small.press(words.NEXT_STEP, small.stranger)
    assert (await small.stands()).at == 1


async def test_of_two_who_begin_at_once_one_does(day: Day) -> None:
    async with second_process(day.town) as elsewhere:
        twin = Person(day.town, day.town.person("admin").actor, day.town.person("admin").profile, elsewhere)
        await twin.open_home()
        about = "verkstad dagen"
        mine, theirs = (await day.leader.press(words.BEGIN, about)).view, (await twin.press(words.BEGIN, about)).view
        theirs = (await twin.submit(theirs, {"place": "SE-1281"})).view
        said = [text(one.view) for one in await at_once(day.leader.submit(mine), twin.submit(theirs))]
    assert await day.town.count(rows) == 1
    assert sorted("already under way" in one for one in said) == [False, True]


async def test_small_groups_are_made_for_the_organisation_alone(small: Day) -> None:
    await small.begin(groups="2")
    made = await small.town.count(groups, groups.c.name.like("Group _, Lunds kommun"))
    assert (made, await small.town.count(members)) == (2, 6)


# --- On and back ------------------------------------------------------------------------------------------------------


async def test_G3_next_closes_what_was_asked_and_asks_what_comes(day: Day) -> None:
    await day.begin()
    await day.press(words.NEXT_STEP)
    assert await day.rounds() == {"swot": "open"}
    await write(day.people[0], (await day.round("swot")).id, "Vi hjälps åt", "Bra kartor")
    card = text((await day.leader.press(words.CARD, day.workshop)).view)
    of_round = await day.town.person("admin").press(buttons.ROUND, (await day.round("swot")).id)
    assert labels(of_round.view)["The workshop"].action == Action(words.CARD, day.workshop)
    assert "Grupp 1: 2 posts" in card
    assert "anna" not in card.casefold()
    await day.press(words.NEXT_STEP)
    assert await day.rounds() == {"swot": "closed", "skattning": "open"}


async def test_what_a_later_step_goes_on_with_stays_open_over_the_break(small: Day) -> None:
    await small.begin(threshold="3")
    await small.to("forslag")
    await small.to("rosta")
    assert (await small.rounds())["forslag"] == "open"
    assert "give your 2 votes" in small.got(small.people[0])
    await small.to("plan")
    assert (await small.rounds())["forslag"] == "closed"


async def test_back_and_on_again_asks_nobody_twice(small: Day) -> None:
    await small.begin()
    await small.to("skattning")
    asked = (await small.round("skattning")).id
    back = await small.press(words.BACK)
    assert "Ask again" in labels(back.view)
    assert "Still open: Självskattning." in text(back.view)
    await small.press(words.NEXT_STEP)
    assert (await small.round("skattning")).id == asked
    assert await small.town.count(rounds) == 2


async def test_asked_again_is_a_new_round_once(small: Day) -> None:
    await small.begin()
    await small.to("skattning")
    await small.press(words.BACK)
    first, about = await small.round("swot"), await small.about()
    small.town.clock.move(minutes=1)
    for _twice in range(2):
        await small.leader.press(words.AGAIN, about)
    assert (await small.round("swot")).id != first.id
    assert await small.town.count(rounds) == 3


async def test_an_outdated_button_shows_the_card_and_changes_nothing(day: Day) -> None:
    await day.begin()
    old = await day.about()
    await day.press(words.NEXT_STEP)
    before = await stored(day)
    for do in (words.NEXT_STEP, words.SKIP, words.BACK, words.PAUSE, words.LONGER, words.END, words.CONFIRM_END):
        assert "stands below the newest messages" in text((await day.leader.press(do, old)).view)
        assert "Step 2 of 8" in text((await day.town.person("admin").press(do, old)).view)
    assert await stored(day) == before


async def test_a_double_tap_goes_one_step(day: Day) -> None:
    await day.begin()
    about = await day.about()
    await at_once(*(day.leader.press(words.NEXT_STEP, about, delivery=name) for name in ("d1", "d1", "d2")))
    assert (await day.stands()).at == 1
    assert await day.town.count(rounds) == 1


async def test_of_two_leaders_at_once_one_wins(day: Day) -> None:
    await day.begin()
    about = await day.about()
    async with second_process(day.town) as elsewhere:
        twin = Person(day.town, day.town.person("admin").actor, day.town.person("admin").profile, elsewhere)
        await twin.open_home()
        await at_once(day.leader.press(words.NEXT_STEP, about), twin.press(words.PAUSE, about))
    found = await day.stands()
    assert (found.at, found.state) in ((1, State.RUNNING), (0, State.PAUSED))
    assert found.version == 1


async def test_a_step_that_cannot_begin_leaves_everything_as_it_was(day: Day) -> None:
    await day.begin(threshold="6")
    await day.press(words.NEXT_STEP)
    await day.people[0].press("leave_group", await group_of(day, "Grupp 1"))
    before = await stored(day)
    reply = await day.press(words.NEXT_STEP)
    assert "Självskattning cannot begin yet" in text(reply.view)
    assert "Nothing has changed" in text(reply.view)
    assert await stored(day) == before
    await day.press(words.SKIP)
    assert ((await day.stands()).step.id, await day.rounds()) == ("skattning", {"swot": "closed"})
    assert "You went on without asking" in text((await day.leader.say("workshop")).view)


async def group_of(day: Day, name: str) -> str:
    found = await day.town.contents(groups)
    return next(str(row[0]) for row in found["groups"] if name in row)


async def test_a_result_that_too_few_gave_is_said_to_be_withheld(small: Day) -> None:
    await small.begin(threshold="3")
    await small.to("skattning")
    await rate(small.people[0], (await small.round("skattning")).id)
    await small.to("alla")
    assert "too few have answered" in text(small.card())
    assert "Result" in labels((await small.press(words.BACK)).view)


async def test_the_leader_is_shown_the_result_and_other_people_are_not(small: Day) -> None:
    await small.begin(threshold="3")
    await small.to("skattning")
    about = (await small.round("skattning")).id
    for person in small.people[:4]:
        await rate(person, about)
    await small.press(words.NEXT_STEP)
    assert "Result: Skattning" in small.got(small.leader)
    assert "Result: Skattning" in text((await small.leader.press("results", about)).view)
    for who in (small.people[0], small.other, small.stranger):
        assert "Result: Skattning" not in text((await who.press("results", about)).view)
        assert "Only coordinators" in text((await who.press("share_results", about)).view)
    await small.leader.press("share_results", about)
    assert "Result: Skattning" in text((await small.people[0].press("results", about)).view)


async def test_an_administrator_who_leads_is_sent_the_result_although_there_is_a_coordinator(small: Day) -> None:
    admin = small.town.person("admin")
    await appoint(small.town, small.stranger, Role.COORDINATOR)
    await small.begin(admin)
    await small.to("skattning")
    for person in small.people[:4]:
        await rate(person, (await small.round("skattning")).id)
    await small.to("alla")
    assert "Result: Skattning" in small.got(admin)


async def test_forms_and_ballots_say_which_programme_asks(small: Day) -> None:
    await small.begin()
    await small.to("swot")
    anna = small.people[0]
    notes = (await anna.press(buttons.NOTE, (await small.round("swot")).id)).view
    assert "SWOT · Verkstad" in text(notes)
    await small.to("skattning")
    sealed_form = (await anna.press(buttons.SEAL, (await small.round("skattning")).id, opens_forms=True)).view
    assert isinstance(sealed_form, Form)
    assert "Verkstad" in text(sealed_form)
    await small.to("forslag")
    about = (await small.round("forslag")).id
    await write(anna, about, "Bygg en bro")
    await small.to("rosta")
    assert "Verkstad" in text((await anna.press("vote", about)).view)


# --- Everybody together -----------------------------------------------------------------------------------------------


async def test_all_agree_on_one_thing_and_the_leader_writes_until_somebody_takes_over(day: Day) -> None:
    await day.begin(threshold="3")
    await day.to("alla")
    about = (await day.round("alla")).id
    assert "Leader writes for all of you." in day.got(day.people[3])
    await write(day.leader, about, "Vi vill samma sak")
    assert "Everybody together, Lunds kommun: 1 post" in text((await day.leader.press(words.CARD, day.workshop)).view)
    said = text((await day.people[3].press(buttons.NOTE, about)).view)
    assert "Leader takes notes for Everybody together, Lunds kommun." in said
    whole = f"{about} all:verkstad:SE-1281"
    assert isinstance((await day.people[3].press("take_notes_over", whole)).view, Form)
    for do, what in ((buttons.NOTE, about), ("take_notes_over", whole)):
        assert not isinstance((await day.other.press(do, what)).view, Form)


async def test_who_joins_once_the_writer_has_been_erased_is_asked_too_and_may_write(day: Day) -> None:
    await day.begin(threshold="3")
    await day.to("alla")
    about = (await day.round("alla")).id
    await write(day.leader, about, "Vi vill samma sak")
    await day.stranger.register(PROGRAMME.id, organisation=LUND.name)
    await day.town.deliver()
    assert "Leader writes for all of you." in day.got(day.stranger)  # the control: while there is somebody who does
    await day.leader.press("erase_me_now")
    late = day.town.person("late")
    await late.register(PROGRAMME.id, organisation=LUND.name)
    await day.town.deliver()
    asked = next(message for message in day.town.messages(late) if "Vad är vi överens om?" in message.text)
    assert "One of you takes notes for the group." in asked.text
    assert "writes for" not in asked.text
    assert "Leader" not in asked.text
    await write(late, about, "Och lite till")
    assert await texts(day.town, about) == ["Vi vill samma sak", "Och lite till"]


async def test_the_whole_group_is_in_no_list_of_groups(small: Day) -> None:
    await small.begin(threshold="3")
    await small.to("alla")
    assert await small.town.count(groups, groups.c.id == "all:verkstad:SE-1281") == 1
    for said in ((await small.town.person("admin").press("groups", "verkstad")), await small.people[0].say("group")):
        assert "Everybody together" not in text(said.view)


# --- Only one organisation --------------------------------------------------------------------------------------------


async def test_a_round_of_one_organisation_asks_nobody_else(day: Day) -> None:
    await day.begin()
    await day.press(words.NEXT_STEP)
    about = (await day.round("swot")).id
    for who in (day.other, day.stranger):
        assert day.got(who) == ""
        for do in (buttons.NOTE, buttons.BOARD, buttons.ANSWER):
            said = text((await who.press(do, about)).view)
            assert "Vad är bra?" not in said
            assert "SWOT" not in said
        assert "SWOT" not in text((await who.say("answer")).view)
    assert all("Vad är bra?" in day.got(person) for person in day.people)


async def test_what_one_organisation_proposes_is_read_and_voted_on_by_nobody_else(small: Day) -> None:
    await small.begin(threshold="3")
    await small.to("forslag")
    about = (await small.round("forslag")).id
    await write(small.people[0], about, "Bygg en bro")
    assert "Bygg en bro" in text((await small.people[1].press("proposals", about)).view)
    for who in (small.other, small.stranger):
        for do in ("proposals", "vote", "our_posts", buttons.NOTE):
            assert "Bygg en bro" not in text((await who.press(do, about)).view)
    await small.to("rosta")
    for who in (small.other, small.stranger):
        assert "Bygg en bro" not in text((await who.press("vote", about)).view)
    assert "Bygg en bro" in text((await small.people[1].press("vote", about)).view)


async def test_nobody_votes_before_the_step_in_which_all_do(day: Day) -> None:
    await day.begin(threshold="3")
    await day.to("forslag")
    anna, about = day.people[0], (await day.round("forslag")).id
    await write(anna, about, "Bygg en bro")
    refused = text((await anna.press("vote", about)).view)
    await day.press(words.PAUSE)
    await day.press(words.RESUME)
    assert ("There is no vote here" in refused, "Bygg en bro" in refused) == (True, False)
    assert [b for m in day.town.messages(anna) for b in labels(m.view) if isinstance(m.view, Card)].count("Vote") == 0
    version = (await day.round("forslag")).version
    await day.to("rosta")
    assert (await day.round("forslag")).version > version  # the board in a channel gets its button
    assert next(iter(labels(day.town.messages(anna)[-1].view))) == "Vote"
    assert "Bygg en bro" in text((await anna.press("vote", about)).view)
    await day.press(words.PAUSE)
    await day.press(words.RESUME)
    assert next(iter(labels(day.town.messages(anna)[-1].view))) == "Vote"


async def test_a_vote_that_never_began_is_no_vote_that_too_few_took_part_in(small: Day) -> None:
    await small.begin(threshold="3")
    await small.to("forslag")
    about = (await small.round("forslag")).id
    await write(small.people[0], about, "Bygg en bro")
    assert "The vote has not begun." in text((await small.people[1].press("proposals", about)).view)
    await small.press(words.CONFIRM_END)
    assert "There was no vote." in text((await small.people[1].press("proposals", about)).view)


async def test_asked_again_outside_the_workshop_there_is_a_vote_at_once(small: Day) -> None:
    await small.begin(threshold="3")
    await small.to("forslag")
    before = await small.round("forslag")
    facts = Facts(PROGRAMME, before.opens_at, Language.ENGLISH, (before,), lambda _round: Reach(), lambda _r, _box: 0)
    anew = entire(Draft(PROGRAMME.id, source=source_of(before)), facts)
    assert (before.has_vote, anew.has_vote) == (False, True)


async def test_a_sealed_round_of_one_organisation_lets_nobody_else_answer(small: Day) -> None:
    await small.begin()
    await small.to("skattning")
    about = (await small.round("skattning")).id
    for who in (small.other, small.stranger):
        assert not isinstance((await who.press(buttons.SEAL, about, opens_forms=True)).view, Form)
    assert await small.town.count(sealed) == 0


async def test_control_without_the_organisation_others_are_asked(small: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = audiences.asked_of
    monkeypatch.setattr("bot.handlers.prompting.asked_of", lambda v, one: everybody(v, replace(one, organisation="")))
    await small.begin()
    await small.press(words.NEXT_STEP)
    assert "Vad är bra?" in small.got(small.other)


async def test_nobody_joins_a_group_of_another_organisation(small: Day) -> None:
    reply = await small.other.press("join_group", await group_of(small, "Grupp 1"))
    assert "belongs to another organisation" in text(reply.view)
    assert "Grupp 1" not in text((await small.other.say("group")).view)


# --- A pause ----------------------------------------------------------------------------------------------------------


async def test_G3_a_pause_of_three_weeks_loses_nothing_and_reminds_nobody(day: Day) -> None:
    await day.begin()
    await day.to("skattning")
    about = (await day.round("skattning")).id
    await rate(day.people[0], about)
    await day.press(words.PAUSE)
    before = [day.got(person) for person in day.people]
    for _day in range(21):
        day.town.clock.move(days=1)
        await day.town.tick.run()
        await day.town.tick.tidy()
    await day.town.deliver()
    assert [day.got(person) for person in day.people] == before
    await day.press(words.RESUME)
    assert "We go on with Självskattning" in day.got(day.people[1])
    assert "Then you are done" in day.got(day.people[0])
    assert (await day.stands()).ends_at == day.town.clock.now() + timedelta(minutes=30)
    for person in day.people[1:4]:
        await rate(person, about)
    assert await day.town.count(sealed) == 4


async def test_paused_it_only_goes_on_or_ends(small: Day) -> None:
    await small.begin()
    paused = await small.press(words.PAUSE)
    assert {"Next step", "Back", "Pause"}.isdisjoint(labels(paused.view))
    before = await stored(small)
    for do in (words.NEXT_STEP, words.BACK, words.LONGER, words.PAUSE):
        assert "Paused." in text((await small.press(do)).view)
    assert await stored(small) == before


# --- Time -------------------------------------------------------------------------------------------------------------


async def test_the_leader_is_told_once_that_time_is_up_by_two_workers(day: Day) -> None:
    await day.begin()
    day.town.clock.move(minutes=19)
    await day.town.tick.run()
    assert await told(day) == 0
    day.town.clock.move(minutes=2)
    async with second_process(day.town):
        other = Tick(day.town.work, day.town.clock, day.town.surroundings)
        await at_once(day.town.tick.run(), other.run())
    await day.town.tick.run()
    assert await told(day) == 1
    assert "Step 1 of 8" in text((await day.press(words.LONGER)).view)
    day.town.clock.move(minutes=11)
    await day.town.tick.run()
    assert await told(day) == 2


async def told(day: Day) -> int:
    await day.town.deliver()
    return day.got(day.leader).count("Time is up")


# --- The end ----------------------------------------------------------------------------------------------------------


async def test_the_end_is_asked_for_closes_what_is_open_and_thanks_everybody_once(day: Day) -> None:
    await day.begin()
    await day.press(words.NEXT_STEP)
    about = await day.about()
    asked = await day.press(words.END)
    assert "What is open closes: 1 round." in text(asked.view)
    assert await day.rounds() == {"swot": "open"}
    for _twice in range(2):
        over = await day.leader.press(words.CONFIRM_END, about)
        assert "stands below the newest messages" in text(over.view)
    await day.town.deliver()
    assert "The workshop is over" in text(day.card())
    assert day.got(day.leader).count("The workshop is over") == 1
    assert await day.rounds() == {"swot": "closed"}
    assert [day.got(person).count("Thank you for the workshop!") for person in day.people] == [1] * 6
    assert day.got(day.other) == ""
