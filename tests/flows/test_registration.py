"""Registering as a conversation: no platform, no database, no mock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.conversation import Flow
from bot.domain.people import Language
from bot.domain.programmes import Programme
from bot.domain.refusals import AlreadyRegistered, DeadlinePassed
from bot.domain.registrations import Register
from bot.domain.words import _
from bot.flows import booking, registration
from bot.flows.occasions import too_late
from bot.messages import Answer, Fact, Form, Notice
from tests.fixtures.seed_board import ROLE_GROUPS
from tests.flows.samples import COHORT, FREE, GLN, SINGLE, with_capacity
from tests.flows.walking import Desk, Walk, booking_facts, fitting
from tests.texts.resolving import resolve


def walk(programme: Programme = SINGLE, desk: Desk | None = None, **facts: object) -> Walk:
    seen = booking_facts(programme, **facts)
    return Walk(registration.flow, booking.Draft(programme.id), seen, desk or Desk(programme))


def labels(form: Form) -> list[str]:
    """What stands above the fields."""
    return [resolve(Form(field.label))[Language.SWEDISH] for field in form.fields]


def test_P1_what_is_asked_stands_above_its_choices() -> None:
    """It stood below them in small print, and above them only “Prior knowledge” and “Guide”."""
    going = walk()
    assert "Kan du grunderna?" in labels(going.form)
    going.answer(occasions=("a",), prerequisite="yes")
    going.answer(takes_part="me")
    assert "Vill du ha en enkel guide till hur du ansluter digitalt?" in labels(going.form)


def test_P1_four_questions_and_a_receipt() -> None:
    going = walk()
    going.answer(occasions=("a",), prerequisite="yes")
    assert going.step == "person"
    going.answer(takes_part="me")
    assert going.step == "practical"
    going.answer(guide="yes", invoice="REF", gln=GLN)
    assert going.step == "confirm"
    said = resolve(going.answer())
    assert "Du är anmäld." in said[Language.SWEDISH]
    (person, receipt), *_rest = going.desk.told
    assert person == "anna"
    assert "Lunds kommun" in resolve(receipt)[Language.SWEDISH]


def test_the_role_somebody_chose_stands_in_the_summary() -> None:
    going = walk(replace(SINGLE, role_groups=ROLE_GROUPS))
    going.answer(occasions=("a",), prerequisite="yes")
    going.answer(takes_part="me", role="chefer")
    going.answer(guide="yes", invoice="REF", gln=GLN)
    assert Fact(_("Your role"), ROLE_GROUPS[1].name) in going.form.facts


def test_all_meetings_at_once() -> None:
    going = walk()
    going.to_end(occasions=("all",))
    (command,) = going.desk.asked
    assert isinstance(command, Register)
    assert [occasion for occasion, _who in command.seats] == ["a", "b", "c"]


def test_not_yet_prepared_leads_to_links_and_on() -> None:
    going = walk()
    going.answer(occasions=("a",), prerequisite="no")
    assert going.step == "prior_knowledge"
    assert "https://example.org/grund" in str(resolve(going.form))
    going.answer()
    assert going.step == "person"


def test_names_now_for_different_colleagues_at_each_meeting() -> None:
    going = walk()
    going.answer(occasions=("a", "b"), prerequisite="yes")
    going.answer(takes_part="others")
    going.answer(places="1", same="no")
    going.answer(**{"colleague.a|1": "Bo", "colleague.b|1": "Cia", "colleague_email.b|1": "c@d.se"})
    going.to_end()
    (command,) = going.desk.asked
    assert isinstance(command, Register)
    assert [(occasion, who.name, who.email) for occasion, who in command.seats] == [
        ("a", "Bo", ""), ("b", "Cia", "c@d.se"),
    ]  # fmt: skip


def test_names_once_for_colleagues_who_come_to_all_meetings() -> None:
    going = walk()
    going.answer(occasions=("a", "b", "c"), prerequisite="yes")
    going.answer(takes_part="others")
    assert going.form.values["same"] == "yes"
    going.answer(places="4")
    assert len(going.form.fields) == 8
    going.answer(**{"colleague.|1": "Bo", "colleague_email.|1": "b@d.se", "colleague.|4": "Cia"})
    going.to_end()
    (command,) = going.desk.asked
    assert isinstance(command, Register)
    everywhere = [("Bo", "b@d.se"), ("", ""), ("", ""), ("Cia", "")]
    assert [(who.name, who.email) for _occasion, who in command.seats] == everywhere * 3


@pytest.mark.parametrize(("places", "same", "asked"), [("8", "yes", True), ("9", "yes", False), ("3", "no", False)])
def test_more_names_than_a_form_holds_are_filled_in_later(places: str, same: str, asked: bool) -> None:
    going = walk()
    going.answer(occasions=("a", "b", "c"), prerequisite="yes")
    going.answer(takes_part="others")
    going.answer(places=places, same=same)
    assert (going.step == "colleagues") is asked


def test_whoever_chooses_one_meeting_after_all_is_asked_for_its_names_only() -> None:
    going = walk()
    going.answer(occasions=("a", "b"), prerequisite="yes")
    going.answer(takes_part="others")
    going.answer(places="1")
    while going.step != "occasions":
        going.back()
    going.answer(occasions=("a",), prerequisite="yes")
    going.answer(takes_part="others")
    assert [field.name for field in going.form.fields] == ["places"]
    going.answer(places="1")
    (name, _email) = going.form.fields
    going.answer(**{name.name: "Bo"})
    going.to_end()
    (command,) = going.desk.asked
    assert isinstance(command, Register)
    assert [who.name for _occasion, who in command.seats] == ["Bo"]


def test_confirming_does_not_look_up_again_what_was_shown() -> None:
    going = walk()
    while going.step != "confirm":
        going.answer(**dict(fitting(going.form, {})))
    assert not going.form.fields
    going.facts = replace(going.facts, left={}, held={})  # whoever looks there fails
    with pytest.raises(KeyError):
        registration.ask_confirm(going.turn.run.state, going.facts)
    assert isinstance(going.answer(), Notice)


def test_a_check_of_a_form_on_which_nothing_is_answered_is_a_mistake() -> None:
    trial: Flow[booking.Draft, None, None] = Flow("trial", booking.Draft, version=1)
    trial.ask("shown", only_shown=True)(lambda _draft, _facts: Form(_("Registration")))
    with pytest.raises(ValueError, match="nothing is answered"):
        trial.check("shown")


def test_a_large_party_gives_names_later() -> None:
    going = walk(FREE)
    going.to_end(occasions=("fika",), takes_part="others", places="20")
    (command,) = going.desk.asked
    assert isinstance(command, Register)
    assert len(command.seats) == 20
    assert {who.name for _occasion, who in command.seats} == {""}


def test_P2_a_cohort_shows_its_sum_before_confirm() -> None:
    going = walk(COHORT)
    forms = dict(going.steps({"lodging": ("ett", "två", "tre")}))
    shown = resolve(forms["confirm"])[Language.SWEDISH].replace("\N{NO-BREAK SPACE}", " ")
    assert "24 000 + 3 × 3 000 = 33 000 kr exklusive moms" in shown


@pytest.mark.parametrize(
    ("step", "wrong", "field"),
    [
        ("occasions", {"occasions": ()}, "occasions"),
        ("occasions", {"occasions": ("gone",)}, "occasions"),
        ("occasions", {"prerequisite": "perhaps"}, "prerequisite"),
        ("person", {"name": ""}, "name"),
        ("person", {"name": "Å" * 4000}, "name"),
        ("person", {"email": "anna"}, "email"),
        ("person", {"email": "anna@lund.se, bo@lund.se"}, "email"),
        ("person", {"needs": "x" * 501}, "needs"),
        ("person", {"organisation": "\x00\u200b "}, "organisation"),
        ("practical", {"gln": "1234567890123"}, "gln"),
        ("practical", {"gln": "x" * 21}, "gln"),
        ("practical", {"invoice": ""}, "invoice"),
    ],
)
def test_every_refusal_names_the_field_and_keeps_what_was_typed(
    step: str, wrong: dict[str, Answer], field: str
) -> None:
    going = walk()
    for name, _form in going.steps({"occasions": ("a",), "needs": "hörslinga", "guide": "yes", "invoice": "REF"}):
        if name == step:
            break
    form = going.form
    given: dict[str, Answer] = {"occasions": ("a",), "prerequisite": "yes", "guide": "yes", "invoice": "REF"}
    typed = {**form.values, **given, **wrong}
    before = going.turn.run
    again = going.flow.receive(before, typed, going.facts, going.desk).view
    assert isinstance(again, Form)
    assert list(again.errors) == [field]
    assert again.token == form.token
    for one in again.fields:
        shown = typed.get(one.name, "")
        if shown and shown not in (("gone",), "perhaps", "\x00\u200b "):
            assert again.values.get(one.name) == shown, one.name
    resolve(again)


@pytest.mark.parametrize("gln", ["7381 0351 6000 0", GLN, ""])
def test_a_gln_may_be_written_with_blanks(gln: str) -> None:
    going = walk()
    going.to_end(occasions=("a",), gln=gln)
    (command,) = going.desk.asked
    assert isinstance(command, Register)
    assert command.gln == gln.replace(" ", "")


def test_P1a_a_passed_deadline_leads_back_with_everything_in_place() -> None:
    desk = Desk(SINGLE, refuses=too_late(SINGLE, SINGLE.occasions[0]))
    going = walk(SINGLE, desk)
    for step, _form in going.steps({"occasions": ("a", "b"), "needs": "hörslinga"}):
        if step == "confirm":
            break
    going.facts = replace(going.facts, now=SINGLE.occasions[0].deadline)
    refused = going.answer()
    assert isinstance(refused, Form)
    assert going.step == "occasions"
    assert refused.values["occasions"] == ("b",)
    assert "fredag 29 januari 2027 kl. 23.59" in resolve(refused)[Language.SWEDISH]
    going.to_end()
    command = desk.asked[-1]
    assert isinstance(command, Register)
    assert command.needs == "hörslinga"


def test_a_refusal_that_leads_nowhere_is_raised() -> None:
    going = walk(COHORT, Desk(COHORT, refuses=DeadlinePassed(_("Too late."))))
    with pytest.raises(DeadlinePassed):
        going.to_end()


def test_somebody_who_has_a_seat_chooses_anew() -> None:
    going = walk(SINGLE, Desk(SINGLE, refuses=AlreadyRegistered(_("Please choose one."))))
    for step, _form in going.steps({"occasions": ("a",)}):
        if step == "confirm":
            break
    going.answer()
    assert going.step == "person"
    assert going.form.refusal


def test_going_back_and_forth_loses_nothing() -> None:
    going = walk()
    going.answer(occasions=("b",), prerequisite="yes")
    going.answer(takes_part="me", needs="hörslinga")
    going.back()
    going.back()
    assert (going.step, going.form.values["occasions"]) == ("occasions", ("b",))
    assert not going.form.can_go_back
    tokens = {going.form.token}
    for _step, form in going.steps({}):
        assert "needs" not in form.values or form.values["needs"] == "hörslinga"
        tokens.add(form.token)
    assert len(tokens) > 3


def test_the_waiting_list_is_said_before_and_after() -> None:
    full = with_capacity(FREE, 0)
    going = Walk(registration.flow, booking.Draft(full.id), booking_facts(full), Desk(full, full=True))
    forms = dict(going.steps({"occasions": ("fika",)}))
    assert "väntelistan" in resolve(forms["confirm"])[Language.SWEDISH]
    assert "väntelistan" in resolve(going.view)[Language.SWEDISH]


def test_a_package_that_becomes_complete_shows_the_difference() -> None:
    held: object = {"SE-1281": ({"a": 1, "b": 1}, {})}
    forms = dict(walk(SINGLE, None, held=held).steps({"occasions": ("c",)}))
    shown = resolve(forms["confirm"])[Language.SWEDISH].replace("\N{NO-BREAK SPACE}", " ")
    assert "3 000 kr" in shown
    assert "600 kr" in shown


def test_an_occasion_that_one_has_a_seat_at_is_still_there_for_colleagues() -> None:
    going = walk(FREE, None, mine=frozenset({"fika"}))
    going.answer(occasions=("fika",))
    assert going.step == "person"
    refused = going.answer(takes_part="me")
    assert isinstance(refused, Form)
    assert set(refused.errors) == {"takes_part"}
    going.answer(takes_part="others")
    assert going.step == "places"


def test_the_state_of_a_draft_survives_a_newer_clock() -> None:
    going = walk()
    going.answer(occasions=("a", "b"), prerequisite="yes")
    going.facts = replace(going.facts, now=going.facts.now + timedelta(days=3))
    shown = going.flow.show(going.turn.run, going.facts, going.desk)
    assert shown.view == going.view
