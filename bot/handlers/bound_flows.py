"""Which flow goes with which facts and which desk: what a form needs to be drawn, answered and brought to its end."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from bot.conversation import Flow
from bot.domain.values import dataclass
from bot.flows import amending as amending_flow
from bot.flows import appointing as appointing_flow
from bot.flows import asking as asking_flow
from bot.flows import beginning as beginning_flow
from bot.flows import cautions as cautions_flow
from bot.flows import challenge_lists as challenge_lists_flow
from bot.flows import challenges as challenges_flow
from bot.flows import changing, editions, mine, programmes, rebooking, registration, rulebook
from bot.flows import coaching as coaching_flow
from bot.flows import curating_form as curating_form_flow
from bot.flows import curating_paste as curating_paste_flow
from bot.flows import curating_tests as curating_tests_flow
from bot.flows import curating_trial as curating_trial_flow
from bot.flows import expecting as expecting_flow
from bot.flows import faq as faq_flow
from bot.flows import groups as groups_flow
from bot.flows import guests as guests_flow
from bot.flows import handing as handing_flow
from bot.flows import linked_contacts as linked_contacts_flow
from bot.flows import manners as manners_flow
from bot.flows import material_links as material_links_flow
from bot.flows import misses_answering as misses_answering_flow
from bot.flows import needing as needing_flow
from bot.flows import new_materials as new_materials_flow
from bot.flows import noting as noting_flow
from bot.flows import own_details as own_details_flow
from bot.flows import own_posts as own_posts_flow
from bot.flows import own_reminders as own_reminders_flow
from bot.flows import planning as planning_flow
from bot.flows import proposals as proposals_flow
from bot.flows import rounds as rounds_flow
from bot.handlers import (
    amending,
    appointing,
    asking,
    beginning,
    cautions,
    challenge_lists,
    challenges,
    coaching,
    curating_forms,
    curating_trial,
    expecting,
    groups,
    guests,
    handing,
    linked_contacts,
    manners,
    materials,
    misses_answering,
    needing,
    new_materials,
    note_taking,
    noting,
    overseeing,
    own_details,
    own_reminders,
    passing_on,
    planning,
    proposals,
    question_tests,
)
from bot.handlers.scene import Scene
from bot.messages import View


def _my_registrations(scene: Scene, about: str) -> View:
    return mine.card(scene.bookings(), scene.unfinished(), scene.visit.now)


def _open_programme(scene: Scene, about: str) -> View:
    return programmes.invitation(scene.programme(about), scene.left, scene.visit.now)


@dataclass(frozen=True, slots=True)
class Binding:
    """A flow with what its steps look at; `facts` takes the scene and what the run is about.

    A flow ends by acting through a desk, a protocol of its own module. A room of `bot.handlers` is that desk for one
    person, in the transaction of the event.
    """

    flow: Flow[Any, Any, Any]
    facts: Callable[[Scene, str], Any]
    port: Callable[[Scene], Any] = attrgetter("desk")  # the room; by default the registration desk
    invitation: Callable[[Scene, str], View] = _my_registrations  # has its button, where no form can be opened at once


_BINDINGS = (
    Binding(registration.flow, Scene.registration_facts, invitation=_open_programme),
    Binding(rebooking.change, Scene.booking_facts),
    Binding(changing.substitute, Scene.booking_facts),
    Binding(changing.cancel, Scene.booking_facts),
    Binding(manners_flow.flow, manners.facts, manners.WishRoom, manners.invitation),
    Binding(amending_flow.amend, amending.facts, amending.ProgrammeRoom, amending.invitation),
    Binding(amending_flow.call_off, amending.facts, amending.ProgrammeRoom, amending.invitation),
    Binding(rulebook.flow, amending.rule_facts, amending.ProgrammeRoom, amending.invitation),
    Binding(own_details_flow.flow, own_details.facts, own_details.OwnRoom, own_details.invitation),
    Binding(own_reminders_flow.flow, own_reminders.facts, own_reminders.RuleRoom, own_reminders.invitation),
    Binding(editions.copy, amending.edition_facts, amending.ProgrammeRoom, amending.invitation),
    Binding(editions.publish, amending.edition_facts, amending.ProgrammeRoom, amending.invitation),
    Binding(asking_flow.flow, asking.facts, asking.AskingRoom, amending.invitation),
    Binding(rounds_flow.closing, overseeing.closing_facts, overseeing.ClosingRoom, overseeing.closing_invitation),
    Binding(beginning_flow.flow, beginning.facts, beginning.WorkshopRoom, beginning.invitation),
    Binding(challenges_flow.flow, challenges.facts, challenges.ChallengeRoom, challenges.invitation),
    Binding(challenges_flow.reflecting, challenges.meeting_facts, challenges.ChallengeRoom, challenges.invitation),
    Binding(challenge_lists_flow.flow, challenge_lists.facts, invitation=challenge_lists.invitation),
    Binding(faq_flow.flow, passing_on.facts, passing_on.QuestionRoom, passing_on.invitation),
    Binding(expecting_flow.flow, expecting.facts, expecting.ExpectationRoom, expecting.invitation),
    Binding(curating_form_flow.add, curating_forms.new_facts, curating_forms.EntryRoom, curating_forms.tools),
    Binding(curating_form_flow.change, curating_forms.facts, curating_forms.EntryRoom, curating_forms.invitation),
    Binding(curating_form_flow.translate, curating_forms.facts, curating_forms.EntryRoom, curating_forms.invitation),
    Binding(curating_paste_flow.flow, curating_forms.paste_facts, curating_forms.EntryRoom, curating_forms.tools),
    Binding(curating_trial_flow.flow, curating_trial.facts, invitation=curating_forms.tools),
    Binding(curating_tests_flow.flow, question_tests.facts, invitation=curating_forms.tools),
    Binding(cautions_flow.flow, cautions.facts, cautions.CautionRoom, invitation=curating_forms.tools),
    Binding(needing_flow.flow, needing.facts, needing.HelpRoom, needing.invitation),
    Binding(material_links_flow.flow, materials.link_facts, materials.LinkRoom, materials.link_invitation),
    Binding(
        misses_answering_flow.answering,
        misses_answering.facts,
        misses_answering.AnswerRoom,
        misses_answering.invitation,
    ),
    Binding(
        misses_answering_flow.matching,
        misses_answering.entry_facts,
        misses_answering.AnswerRoom,
        misses_answering.invitation,
    ),
    Binding(new_materials_flow.flow, new_materials.facts, new_materials.ShelfRoom, new_materials.invitation),
    Binding(handing_flow.flow, handing.facts, handing.HandingRoom, handing.invitation),
    Binding(handing_flow.answering, handing.answer_facts, handing.OwnRoom, handing.answer_invitation),
    Binding(coaching_flow.flow, coaching.facts, coaching.CodeRoom, appointing.contact_invitation),
    Binding(linked_contacts_flow.flow, linked_contacts.facts, linked_contacts.CodeRoom, appointing.contact_invitation),
    Binding(planning_flow.add, planning.facts_of_new, planning.PlanRoom, planning.invitation),
    Binding(planning_flow.change, planning.facts_of_row, planning.PlanRoom, planning.invitation),
    Binding(proposals_flow.flow, proposals.facts, proposals.PlanRoom, proposals.invitation),
    Binding(appointing_flow.away, appointing.leave_facts, appointing.AppointingRoom, appointing.leave_invitation),
    Binding(
        appointing_flow.contact, appointing.contact_facts, appointing.AppointingRoom, appointing.contact_invitation
    ),
    Binding(noting_flow.noting, noting.facts, noting.NoteRoom, note_taking.invitation),
    Binding(own_posts_flow.edit, noting.edit_facts, noting.PostRoom, noting.edit_invitation),
    Binding(groups_flow.founding, groups.new_facts, groups.GroupRoom, groups.new_invitation),
    Binding(guests_flow.inviting, guests.new_facts, guests.GuestRoom, guests.new_invitation),
)

FLOWS = {binding.flow.name: binding for binding in _BINDINGS}
"""Flow name → its binding."""
