"""A question goes to a colleague who knows more, is answered there, and comes back when it is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.people import Role
from bot.flows import appointing, handing, linked_contacts, misses
from bot.handlers import handing as handlers
from bot.handlers.events import Left
from bot.messages import ChoiceField, Form, View
from storage.faq import Entries
from storage.tables import matters as matter_rows
from storage.tables import misses as miss_rows
from storage.tables import outbox
from tests.flows.samples import CONTACT, SINGLE
from tests.handlers import questions as towns
from tests.handlers.questions import Questions
from tests.handlers.test_matters import FRIDAY, away, tidy
from tests.handlers.town import Person, at_once, second_process, text

BACK = (matter_rows.c.key.like("handed_back:%"), matter_rows.c.closed_at.is_(None))
WAITING = (matter_rows.c.key.like("misses:%"), matter_rows.c.closed_at.is_(None))
here, small = towns.on_both, towns.on_sqlite


async def hand(here: Questions, miss: str, to: Person, *, by: Person | None = None, **how: Any) -> str:
    person = by or here.admin
    form = (await person.press(misses.HAND_OVER, miss)).view
    shown = text((await person.submit(form, {"colleague": await here.id(to)}, **how)).view)
    await here.town.deliver()
    return shown


async def link(here: Questions, person: Person, contact: str = CONTACT.name) -> str:
    """Let somebody answer as a contact whom the programme's file names, by a code."""
    form = (await here.admin.press(linked_contacts.LINK)).view
    given = text((await here.admin.submit(form, {"contact": f"{SINGLE.id} {contact}"})).view)
    code = given.partition("link ")[2].split()[0]
    return text((await person.say(f"link {code}")).view)


async def put(here: Questions, person: Person) -> list[str]:
    await here.town.deliver()
    return [one.text for one in here.town.messages(person) if "A question for you" in one.text]


async def write(person: Person, miss: str, said: str = "I Lund.", **more: str) -> View | None:
    """Answer what was handed to one, to the very end."""
    shown = (await person.press(handing.ANSWER, miss)).view
    answers = {"answers.en": said, **more}
    while isinstance(shown, Form) and not shown.refusal:
        shown, answers = (await person.submit(shown, answers)).view, {}
    return shown


async def at(here: Questions, **later: float) -> None:
    await tidy(here.town, until=here.town.clock.at + timedelta(**later))


# --- Handing over -----------------------------------------------------------------------------------------------------


async def test_P7a_a_question_is_handed_over_and_answered_by_who_has_it(here: Questions) -> None:
    kim, miss = await here.coordinator("kim"), await here.ask("Var är det?", named=True)
    assert "Kim has the question now" in await hand(here, miss, kim)
    (seen,) = await put(here, kim)
    for part in ("“Var är det?”", "Admin asks you to answer it.", "Asked by: Ann", "Please answer by"):
        assert part in seen
    assert "on its way" in text(await write(kim, miss))
    (told,) = [one for one in await here.town.person("ann").received() if "answer to your question" in one]
    assert ("I Lund." in told, "Kim" in told) == (True, True)
    assert "The question has been answered" in text(here.town.posts["sandbox"].updated[-1][1])


async def test_the_coordinators_see_who_has_it_and_since_when(small: Questions) -> None:
    kim, miss = await small.coordinator("kim"), await small.ask("Var är det?")
    small.town.clock.at = FRIDAY
    await hand(small, miss, kim)
    shown = text((await small.admin.press(misses.QUEUE)).view)
    assert ("Handed over to: Kim" in shown, "Has had it since: Friday 15 January" in shown) == (True, True)
    assert "Taken on by" not in shown
    assert await small.town.count(matter_rows, *WAITING) == 0
    mine = text((await small.town.person("ann").say("my questions")).view)
    assert "It is with Kim, and you usually get the answer by Tuesday 19 January 2027." in mine


async def test_the_same_press_twice_hands_it_over_once(small: Questions) -> None:
    kim, miss = await small.coordinator("kim"), await small.ask("Var är det?")
    form = (await small.admin.press(misses.HAND_OVER, miss)).view
    kims = {"colleague": await small.id(kim)}
    both = await at_once(*(small.admin.submit(form, kims, delivery="the same") for _ in range(2)))
    assert all("Kim has the question now" in text(one.view) for one in both)
    assert len(await put(small, kim)) == 1


async def test_of_two_who_hand_it_over_at_once_one_does(here: Questions) -> None:
    kim, lo = await here.coordinator("kim"), await here.coordinator("lo")
    miss = await here.ask("Var är det?")
    forms = [(await one.press(misses.HAND_OVER, miss)).view for one in (here.admin, lo)]
    ids = [{"colleague": await here.id(one)} for one in (kim, here.admin)]
    async with second_process(here.town) as other:
        lo.reception = other
        said = await at_once(here.admin.submit(forms[0], ids[0]), lo.submit(forms[1], ids[1]))
    assert sorted("has the question now" in text(one.view) for one in said) == [False, True]
    assert await here.town.count(outbox, outbox.c.key.like("handed:%")) == 1


async def test_it_is_offered_to_who_is_here_and_has_a_post(small: Questions) -> None:
    kim, lo = await small.coordinator("kim"), await small.coordinator("lo")
    dee = await small.coordinator("dee", role=Role.PARTICIPANT)
    await small.known("stranger")
    await away(small.town, kim, FRIDAY, deputy=dee)
    form = (await small.admin.press(misses.HAND_OVER, await small.ask("Var är det?"))).view
    assert isinstance(form, Form)
    (field,) = form.fields
    assert isinstance(field, ChoiceField)
    assert [one.value for one in field.options] == [await small.id(lo), await small.id(dee)]


async def test_where_nobody_can_have_it_the_way_to_appoint_somebody_is_named(small: Questions) -> None:
    miss = await small.ask("Var är det?")
    assert "nobody to hand it over to yet" in text((await small.admin.press(misses.HAND_OVER, miss)).view)


async def test_what_was_answered_meanwhile_is_not_handed_over(small: Questions) -> None:
    kim, miss = await small.coordinator("kim"), await small.ask("Var är det?")
    form = (await small.admin.press(misses.HAND_OVER, miss)).view
    await kim.press(misses.DISMISS, f"{miss} :0")
    reply = await small.admin.submit(form, {"colleague": await small.id(kim)})
    assert "Somebody else has seen to this meanwhile." in text(reply.view)
    assert await put(small, kim) == []


# --- Whose it is ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("do", [handing.ANSWER, handing.GIVE_BACK, handing.RIGHT])
async def test_only_the_one_who_has_it_may_and_only_this_question(small: Questions, do: str) -> None:
    kim, lo = await small.coordinator("kim"), await small.known("lo")
    mine, other = await small.ask("Var är det?"), await small.ask("Vad kostar det?")
    await hand(small, mine, kim)
    for person, miss in ((lo, mine), (small.town.person("ann"), mine), (kim, other)):
        assert "belongs to somebody else" in text((await person.press(do, miss)).view)
    assert (await small.miss(mine)).owner == await small.id(kim)


async def test_control_without_looking_whose_it_is_anybody_answers(
    small: Questions, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim, lo, miss = await small.coordinator("kim"), await small.known("lo"), await small.ask("Var är det?")
    await hand(small, miss, kim)
    found = await small.miss(miss)
    monkeypatch.setattr(handlers, "_theirs", lambda *_asked: found)
    monkeypatch.setattr(handlers, "_is_theirs", lambda *_asked: True)
    assert "on its way" in text(await write(lo, miss))


async def test_a_form_that_lies_open_is_no_way_to_answer_what_one_has_no_longer(small: Questions) -> None:
    kim, lo, miss = await small.coordinator("kim"), await small.coordinator("lo"), await small.ask("Var är det?")
    await hand(small, miss, kim)
    form = (await kim.press(handing.ANSWER, miss)).view
    await hand(small, miss, lo)
    again = (await kim.submit(form, {"answers.en": "Fel."})).view
    assert isinstance(again, Form)
    assert "no longer with you" in text(again)
    assert "Fel." in repr(again.values)
    assert (await small.miss(miss)).answered_by == ""


async def test_between_preview_and_sending_it_is_looked_at_again(small: Questions) -> None:
    kim, miss = await small.coordinator("kim"), await small.ask("Var är det?")
    await hand(small, miss, kim)
    shown = (await kim.press(handing.ANSWER, miss)).view
    preview = (await kim.submit(shown, {"answers.en": "Fel."})).view
    while isinstance(preview, Form) and "This is what they get" not in text(preview):
        preview = (await kim.submit(preview)).view
    await small.admin.press(misses.TAKE, f"{miss} :0 {await small.id(kim)}")
    assert "no longer with you" in text((await kim.submit(preview)).view)
    assert (await small.miss(miss)).answered_by == ""


async def test_what_a_colleague_answers_is_kept_for_this_programme_or_nowhere(small: Questions) -> None:
    kim, miss = await small.known("kim"), await small.ask("Var är det?")
    await link(small, kim)
    await hand(small, miss, kim)
    form = (await kim.press(handing.ANSWER, miss)).view
    assert ("for Dialog" in text(form), "for all programmes" in text(form)) == (True, False)
    await write(kim, miss)
    (kept,) = (await small.town.read(lambda c: Entries(c, small.town.clock.now()).all())).values()
    assert kept.programme == SINGLE.id


async def test_where_no_form_can_be_opened_the_question_is_shown_again(small: Questions) -> None:
    kim, miss = await small.coordinator("kim"), await small.ask("Var är det?")
    await hand(small, miss, kim)
    assert "A question for you" in text((await kim.press(handing.ANSWER, miss, opens_forms=False)).view)


# --- Back again -------------------------------------------------------------------------------------------------------


async def test_P7a_after_two_working_days_it_is_back_with_the_coordinators(here: Questions) -> None:
    kim, lo = await here.coordinator("kim"), await here.coordinator("lo")
    miss = await here.ask("Var är det?")
    here.town.clock.at = FRIDAY
    await hand(here, miss, kim)
    await at(here, days=4, minutes=-1)  # over the weekend, nearly two working days
    assert (await here.miss(miss)).owner == await here.id(kim)
    await at(here, minutes=1)
    await at(here)
    assert ((await here.miss(miss)).owner, await here.town.count(matter_rows, *BACK)) == ("", 1)
    assert "Kim has had it for two working days" in "".join(await lo.received())
    assert "back with the coordinators" in text(here.town.posts["sandbox"].updated[-1][1])


async def test_two_workers_bring_it_back_once(here: Questions) -> None:
    kim, miss = await here.coordinator("kim"), await here.ask("Var är det?")
    await hand(here, miss, kim)
    here.town.clock.move(days=9)
    await at_once(here.town.tick.tidy(), here.town.tick.tidy())
    assert await here.town.count(matter_rows, *BACK) == 1


async def test_nothing_lies_with_who_goes_away_leaves_or_loses_the_post(small: Questions) -> None:
    kim, lo, mo = [await small.coordinator(name) for name in ("kim", "lo", "mo")]
    for person in (kim, lo, mo):
        await hand(small, await small.ask(f"Var är {person.profile.name}?"), person)
    await away(small.town, kim, small.town.clock.at + timedelta(days=30))
    await lo.send(Left())
    await small.admin.press(appointing.CONFIRM_END_POST, f"coordinator:{await small.id(mo)}")
    await at(small)
    assert await small.town.count(miss_rows, miss_rows.c.owner.is_not(None)) == 0
    status = text((await small.admin.say("status")).view)
    for part in ("Kim is away, or cannot be reached.", "Whoever had it is no longer here.", "Mo no longer answers"):
        assert part in status


@pytest.mark.parametrize("how", ["left", "erased"])
async def test_what_lies_with_who_leaves_or_is_erased_is_back_at_once(here: Questions, how: str) -> None:
    kim, miss = await here.coordinator("kim"), await here.ask("Var är det?")
    await hand(here, miss, kim)
    await (kim.send(Left()) if how == "left" else kim.press("erase_me_now"))
    assert ((await here.miss(miss)).owner, await here.town.count(matter_rows, *BACK)) == ("", 1)
    status = text((await here.admin.say("status")).view)
    assert ("Whoever had it is no longer here." in status, "Kim" in status) == (True, False)
    await at(here)
    assert await here.town.count(matter_rows, *BACK) == 1


@pytest.mark.parametrize("how", ["left", "erased"])
async def test_what_somebody_has_taken_on_who_leaves_or_is_erased_is_nobodys_again(small: Questions, how: str) -> None:
    kim, miss = await small.coordinator("kim"), await small.ask("Var är det?")
    await kim.press(misses.TAKE, f"{miss} :0")
    assert (await small.miss(miss)).owner == await small.id(kim)
    await (kim.send(Left()) if how == "left" else kim.press("erase_me_now"))
    assert (await small.miss(miss)).owner == ""
    assert "1 question waits" in text((await small.admin.say("status")).view)


async def test_what_lies_with_another_stays_there_when_somebody_leaves(small: Questions) -> None:
    kim, lo = await small.coordinator("kim"), await small.coordinator("lo")
    mine, his = await small.ask("Var är det?"), await small.ask("Vad kostar det?")
    await hand(small, mine, kim)
    await kim.press(handing.GIVE_BACK, mine)
    await hand(small, his, lo)
    await kim.send(Left())
    assert (await small.miss(his)).owner == await small.id(lo)
    assert await small.town.count(matter_rows, *BACK) == 1


async def test_who_cannot_answer_gives_it_back_at_once(small: Questions) -> None:
    kim, miss = await small.coordinator("kim"), await small.ask("Var är det?")
    await hand(small, miss, kim)
    reply = await kim.click("I cannot answer it")
    assert ("back with the coordinators" in text(reply.view), reply.replaces) == (True, True)
    assert await small.town.count(matter_rows, *BACK) == 1
    assert "Kim could not answer it." in text((await small.admin.say("status")).view)


async def test_who_gave_it_back_is_offered_last_and_with_word_of_it(small: Questions) -> None:
    kim, miss = await small.coordinator("kim"), await small.ask("Var är det?")
    await small.coordinator("lo")
    assert "Has had this question" not in text((await small.admin.press(misses.HAND_OVER, miss)).view)
    await hand(small, miss, kim)
    await kim.press(handing.GIVE_BACK, miss)
    form = (await small.admin.press(misses.HAND_OVER, miss)).view
    assert isinstance(form, Form)
    (field,) = form.fields
    assert isinstance(field, ChoiceField)
    assert field.options[-1].value == await small.id(kim)
    assert text(form).count("Has had this question without answering it.") == 1
    assert "no longer with you" in text((await kim.press(handing.GIVE_BACK, miss)).view)


async def test_the_matter_is_over_when_somebody_else_sees_to_it(small: Questions) -> None:
    kim, lo, miss = await small.coordinator("kim"), await small.coordinator("lo"), await small.ask("Var är det?")
    await hand(small, miss, kim)
    await kim.press(handing.GIVE_BACK, miss)
    await hand(small, miss, lo)
    assert await small.town.count(matter_rows, *BACK) == 0
    await lo.press(handing.GIVE_BACK, miss)
    assert await small.town.count(matter_rows, *BACK) == 1
    await small.admin.press(misses.DISMISS, f"{miss} :0")
    assert await small.town.count(matter_rows, *BACK) == 0


# --- Contacts of programmes -------------------------------------------------------------------------------------------


async def test_a_contact_of_the_file_is_linked_by_a_code_and_stands_under_who_does_what(small: Questions) -> None:
    kim = await small.known("kim", "teams")
    assert f"You answer questions as {CONTACT.name} now" in await link(small, kim)
    shown = text((await small.admin.press(appointing.POSTS)).view)
    assert f"Answers questions as {CONTACT.name}: Dialog" in shown
    assert "Kim answers questions as Kursadministrationen now: Dialog" in "".join(await small.admin.received())


async def test_the_same_e_mail_alone_links_nobody(small: Questions) -> None:
    await small.town.person("kurs").open_home()  # kurs@example.org, as the contact has it
    assert CONTACT.email == "kurs@example.org"
    miss = await small.ask("Var är det?", contact=CONTACT.name)
    assert "nobody to hand it over to" in text((await small.admin.press(misses.HAND_OVER, miss)).view)


async def test_P7a_a_question_in_a_linked_contact_s_field_goes_there_first(here: Questions) -> None:
    kim, ann = await here.known("kim", "teams"), here.town.person("ann")
    await link(here, kim)
    await ann.register(SINGLE.id, occasions=("a",))
    told = text((await ann.say("säljer ni hundkex?")).view)
    assert "passed your question on to Kursadministrationen" in told
    assert "It is with Kim" in text((await ann.say("my questions")).view)
    (seen,) = await put(here, kim)
    assert ("säljer ni hundkex?" in seen, "your field" in seen, "Ann" in seen) == (True, True, False)
    assert await here.town.count(matter_rows, *WAITING) == 0
    here.town.clock.at = FRIDAY + timedelta(days=7)
    await at(here)
    assert await here.town.count(matter_rows, *BACK) == 1


async def test_P7a_nobody_is_promised_an_answer_before_who_gets_it_is_asked_for_one(small: Questions) -> None:
    kim, ann = await small.known("kim"), small.town.person("ann")
    await link(small, kim)
    await ann.register(SINGLE.id, occasions=("a",))
    small.town.clock.at = FRIDAY + timedelta(days=2)  # at a weekend the two used to differ
    told = text((await ann.say("säljer ni hundkex?")).view)
    (seen,) = await put(small, kim)
    day = seen.partition("Please answer by")[2].strip(" :\n").partition("\n")[0]
    assert f"usually by {day}" in told


async def test_nobody_is_put_their_own_question(small: Questions) -> None:
    kim = await small.known("kim")
    await link(small, kim)
    await kim.register(SINGLE.id, occasions=("a",))
    await kim.say("säljer ni hundkex?")
    assert await put(small, kim) == []
    assert await small.town.count(matter_rows, *WAITING) == 1


async def test_a_contact_s_post_ends_and_what_they_had_comes_back(small: Questions) -> None:
    kim, miss = await small.known("kim"), await small.ask("Var är det?")
    await link(small, kim)
    await hand(small, miss, kim)
    post = f"answering:{await small.id(kim)}:{SINGLE.id}:{CONTACT.name}"
    await small.admin.press(appointing.CONFIRM_END_POST, post)
    assert "no longer with you" in text((await kim.press(handing.ANSWER, miss)).view)
    await at(small)
    assert await small.town.count(matter_rows, *BACK) == 1
