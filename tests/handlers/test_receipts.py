"""What stands on the papers people get: all that they gave, and the way out again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.nudges import Level, Wishes
from bot.flows import buttons as buttons_of_flows
from bot.flows import manners, occasions
from bot.handlers.words import understand
from bot.messages import Notice
from tests.flows.samples import COHORT, CONTACT, FREE, NOW, SINGLE, ZONE, with_capacity, words
from tests.handlers.test_changing import cancel
from tests.handlers.town import Town, buttons, text

GLN = "7300009999996"


async def test_P1_the_gln_stands_in_summary_and_receipt_and_can_be_changed(town: Town) -> None:
    anna = town.person("anna")
    summary = await anna.up_to_confirm(SINGLE.id, occasions=("a",), gln="7300 0099 99996")
    assert f"GLN: {GLN}" in text(summary)
    await anna.submit(summary)
    assert f"GLN: {GLN}" in (await anna.received())[-1]
    form = (await anna.click("Change")).view
    assert "check digit" in str((await anna.submit(form, {"gln": "7300009999990"})).view)
    await anna.submit((await anna.submit(form, {"gln": ""})).view)
    assert "GLN" not in (await anna.received())[-1]


async def test_P1_a_gln_that_is_added_later_is_kept(small_town: Town) -> None:
    anna = small_town.person("anna")
    await anna.register(occasions=("a",))
    form = (await anna.click("Change")).view
    await anna.submit((await anna.submit(form, {"gln": GLN})).view)
    assert f"GLN: {GLN}" in (await anna.received())[-1]


async def test_P3_whoever_cancels_gets_the_file_that_takes_the_entry_out_of_the_calendar(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    await town.load(with_capacity(FREE, 1))
    for person in (anna, bo):  # bo waits, and has nothing in his calendar
        await person.register(FREE.id)
        await cancel(person)
        await person.received()
    removing = [[b.url for b in buttons(town.messages(one)[-1].view) if text(Notice(b.label)) == "Remove from calendar"]
                for one in (anna, bo)]  # fmt: skip
    assert len(removing[0]) == 1
    assert removing[1] == []


async def test_P3_a_meeting_given_up_by_change_leaves_the_calendar_as_well(small_town: Town) -> None:
    anna = small_town.person("anna")
    await anna.register(occasions=("a", "b"))
    form = (await anna.click("Change")).view
    await anna.submit((await anna.submit(form, {"occasions": ("b",)})).view)
    await anna.received()
    (receipt,) = [one.view for one in small_town.messages(anna) if "has changed" in one.text]
    labels = [text(Notice(button.label)) for button in buttons(receipt)]
    assert (labels.count("Add to calendar"), labels.count("Remove from calendar")) == (1, 1)


async def test_P1b_who_waits_is_told_what_comes_and_that_waiting_costs_nothing(town: Town) -> None:
    await town.load(with_capacity(SINGLE, 1))
    anna, bo = town.person("anna"), town.person("bo")
    await anna.register(occasions=("a",))
    summary = await bo.up_to_confirm(SINGLE.id, occasions=("a",))
    assert "Waiting costs nothing. The price below holds" in text(summary)
    await bo.submit(summary)
    receipt = (await bo.received())[-1]
    assert "When a seat becomes free I offer it to you here" in receipt
    assert "Waiting costs nothing." in receipt
    assert "Waiting costs" not in (await anna.received())[-1]


async def test_P1b_where_nothing_costs_anything_waiting_is_not_said_to_be_free(small_town: Town) -> None:
    await small_town.load(with_capacity(FREE, 1))
    anna, bo = small_town.person("anna"), small_town.person("bo")
    await anna.register(FREE.id)
    summary = await bo.up_to_confirm(FREE.id)
    await bo.submit(summary)
    receipt = (await bo.received())[-1]
    assert "When a seat becomes free" in receipt
    assert "Waiting costs" not in text(summary) + receipt


async def test_P1_lodging_is_named_for_the_meetings_at_which_it_was_chosen_and_no_other(small_town: Town) -> None:
    anna, booked = small_town.person("anna"), "Lodging and meals: Träff ett\n"
    summary = await anna.up_to_confirm(COHORT.id, lodging=("ett",))
    assert booked in text(summary)
    await anna.submit(summary)
    assert booked in (await anna.received())[-1]


async def test_P1c_who_writes_register_again_is_told_that_something_is_begun(small_town: Town) -> None:
    anna, begun = small_town.person("anna"), "You have begun to register"
    assert begun not in text((await anna.say("register")).view)
    await anna.submit((await anna.press("register", SINGLE.id)).view, {"occasions": ("a",), "prerequisite": "yes"})
    assert text((await anna.say("register")).view).count(begun) == 1
    assert begun not in text((await small_town.person("bo").say("register")).view)


async def test_P9_a_pause_is_not_called_all_reminders(small_town: Town) -> None:
    anna = small_town.person("anna")
    paused = text((await anna.say("pause 1 vecka")).view)
    assert "I pause until" in paused
    assert "You get all reminders" not in paused
    assert "You get all reminders" in text((await anna.press(buttons_of_flows.WAKE)).view)


async def test_P9_fewer_for_one_programme_is_said_beside_what_holds_for_all(small_town: Town) -> None:
    anna = small_town.person("anna")
    await anna.register(FREE.id)
    assert "Fika: " not in text((await anna.say("stop", opens_forms=False)).view)
    await anna.submit((await anna.press("pause", FREE.id)).view, {"level": "few"})
    assert "Fika: fewer reminders" in text((await anna.say("stop", opens_forms=False)).view)


def test_P9_none_for_one_programme_is_said_even_where_a_pause_was_chosen_before() -> None:
    none = Wishes(Level.NONE, paused_until=NOW)
    assert "Fika: no reminders" in text(manners.invitation(Wishes(), ZONE, "", [("Fika", none)]))


@pytest.mark.parametrize("typed", ["pause yesterday", "pausa till igår", "pausa till 30 februari"])
async def test_P9_a_day_that_is_none_is_not_repeated_garbled(small_town: Town, typed: str) -> None:
    said = text((await small_town.person("anna").say(typed)).view)
    assert "which coming day you mean" in said
    assert "igar" not in said


def test_P9_whoever_gets_fewer_now_is_offered_all_reminders_again() -> None:
    def offers(said: Wishes, *apart: Wishes) -> bool:
        shown = manners.invitation(said, ZONE, "", [(words("Fika"), one) for one in apart])
        return any(one.action and one.action.do == buttons_of_flows.WAKE for one in buttons(shown))

    fewer, paused = Wishes(Level.FEW), Wishes(paused_until=NOW)
    assert [offers(Wishes()), offers(Wishes(), Wishes())] == [False, False]
    assert [offers(fewer), offers(paused), offers(Wishes(), paused)] == [True, True, True]


@pytest.mark.parametrize(
    "typed",
    [
        *("stopp", "STOP!", "sluta", "färre", "snooza", "inga påminnelser", "sluta pausa"),
        *("Stopp alle meldinger", "stoppa alla meddelanden", "Ta meg av lista", "Ikkje minn meg", "Do not remind me"),
        *("slå på påminningane igjen", "Jag vill ha påminnelser igen", "gjenoppta", "All reminders again"),
    ],
)
def test_P9_words_that_ask_for_less_are_understood_alone(typed: str) -> None:
    assert (found := understand(typed))
    assert found.do == "pause"
    assert not found.about
    assert understand("stopp, vem skrev det här egentligen") is None


def test_a_contact_without_a_role_is_written_without_a_hole() -> None:
    nobody = replace(CONTACT, role=words(""))
    assert text(Notice(occasions.written(nobody))) == "Kursadministrationen (kurs@example.org)"
    assert text(Notice(occasions.written(replace(nobody, email="")))) == "Kursadministrationen"
