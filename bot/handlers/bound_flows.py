"""Which flow goes with which facts and which desk: what a form needs to be drawn, answered and brought to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from bot.conversation import Flow
from bot.flows import amending as changing_meetings
from bot.flows import appointing as posts
from bot.flows import asking as questions
from bot.flows import beginning as workshop_beginnings
from bot.flows import cautions as levels_of_caution
from bot.flows import challenge_lists as others_challenges
from bot.flows import challenges as own_challenges
from bot.flows import (
    changing,
    editions,
    mine,
    programmes,
    registration,
    rulebook,
)
from bot.flows import coaching as coaches_of_workshops
from bot.flows import curating_form as written_answers
from bot.flows import curating_paste as pasted_answers
from bot.flows import curating_tests as several_tests
from bot.flows import curating_trial as test_box
from bot.flows import expecting as expectations
from bot.flows import faq as questions_and_answers
from bot.flows import groups as discussion_groups
from bot.flows import guests as people_without_chat
from bot.flows import handing as handed_questions
from bot.flows import linked_contacts as contacts_of_programmes
from bot.flows import manners as wishes
from bot.flows import material_links as links_of_materials
from bot.flows import misses_answering as answers_to_questions
from bot.flows import needing as help_asked_for
from bot.flows import new_materials as materials_in_chat
from bot.flows import noting as group_notes
from bot.flows import own_posts as group_posts
from bot.flows import own_reminders as own_words
from bot.flows import planning as plan_rows
from bot.flows import proposals as plans_to_be
from bot.flows import rounds as round_words
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
    """A flow with what its steps look at; `facts` takes the scene and what the run is about."""

    flow: Flow[Any, Any, Any]
    facts: Callable[[Scene, str], Any]
    port: Callable[[Scene], Any] = attrgetter("desk")  # what its end acts through
    invitation: Callable[[Scene, str], View] = _my_registrations  # has its button, where no form can be opened at once


FLOWS = {
    registration.flow.name: Binding(registration.flow, Scene.registration_facts, invitation=_open_programme),
    changing.change.name: Binding(changing.change, Scene.booking_facts),
    changing.substitute.name: Binding(changing.substitute, Scene.booking_facts),
    changing.cancel.name: Binding(changing.cancel, Scene.booking_facts),
    wishes.flow.name: Binding(wishes.flow, manners.facts, manners.WishBook, manners.invitation),
    changing_meetings.amend.name: Binding(
        changing_meetings.amend, amending.facts, amending.ProgrammeRoom, amending.invitation
    ),
    changing_meetings.call_off.name: Binding(
        changing_meetings.call_off, amending.facts, amending.ProgrammeRoom, amending.invitation
    ),
    rulebook.flow.name: Binding(rulebook.flow, amending.rule_facts, amending.ProgrammeRoom, amending.invitation),
    own_words.flow.name: Binding(own_words.flow, own_reminders.facts, own_reminders.RuleRoom, own_reminders.invitation),
    editions.copy.name: Binding(editions.copy, amending.edition_facts, amending.ProgrammeRoom, amending.invitation),
    editions.publish.name: Binding(
        editions.publish, amending.edition_facts, amending.ProgrammeRoom, amending.invitation
    ),
    questions.flow.name: Binding(questions.flow, asking.facts, asking.AskingRoom, asking.invitation),
    round_words.closing.name: Binding(
        round_words.closing, overseeing.closing_facts, overseeing.ClosingRoom, overseeing.closing_invitation
    ),
    workshop_beginnings.flow.name: Binding(
        workshop_beginnings.flow, beginning.facts, beginning.Room, beginning.invitation
    ),
    own_challenges.flow.name: Binding(own_challenges.flow, challenges.facts, challenges.OwnDesk, challenges.invitation),
    own_challenges.reflecting.name: Binding(
        own_challenges.reflecting, challenges.meeting_facts, challenges.OwnDesk, challenges.invitation
    ),
    others_challenges.flow.name: Binding(
        others_challenges.flow, challenge_lists.facts, invitation=challenge_lists.invitation
    ),
    questions_and_answers.flow.name: Binding(
        questions_and_answers.flow, passing_on.facts, passing_on.Hands, passing_on.invitation
    ),
    expectations.flow.name: Binding(expectations.flow, expecting.facts, expecting.RoleVoice, expecting.invitation),
    written_answers.add.name: Binding(
        written_answers.add, curating_forms.new_facts, curating_forms.Room, curating_forms.tools
    ),
    written_answers.change.name: Binding(
        written_answers.change, curating_forms.facts, curating_forms.Room, curating_forms.invitation
    ),
    written_answers.translate.name: Binding(
        written_answers.translate, curating_forms.facts, curating_forms.Room, curating_forms.invitation
    ),
    pasted_answers.flow.name: Binding(
        pasted_answers.flow, curating_forms.paste_facts, curating_forms.Room, curating_forms.tools
    ),
    test_box.flow.name: Binding(test_box.flow, curating_trial.facts, invitation=curating_forms.tools),
    several_tests.flow.name: Binding(several_tests.flow, question_tests.facts, invitation=curating_forms.tools),
    levels_of_caution.flow.name: Binding(
        levels_of_caution.flow, cautions.facts, cautions.Room, invitation=curating_forms.tools
    ),
    help_asked_for.flow.name: Binding(help_asked_for.flow, needing.facts, needing.HelpRoom, needing.invitation),
    links_of_materials.flow.name: Binding(
        links_of_materials.flow, materials.link_facts, materials.LinkRoom, materials.link_invitation
    ),
    answers_to_questions.answering.name: Binding(
        answers_to_questions.answering, misses_answering.facts, misses_answering.AnswerRoom, misses_answering.invitation
    ),
    answers_to_questions.matching.name: Binding(
        answers_to_questions.matching,
        misses_answering.entry_facts,
        misses_answering.AnswerRoom,
        misses_answering.invitation,
    ),
    materials_in_chat.flow.name: Binding(
        materials_in_chat.flow, new_materials.facts, new_materials.ShelfRoom, new_materials.invitation
    ),
    handed_questions.flow.name: Binding(handed_questions.flow, handing.facts, handing.HandingRoom, handing.invitation),
    handed_questions.answering.name: Binding(
        handed_questions.answering, handing.answer_facts, handing.OwnRoom, handing.answer_invitation
    ),
    coaches_of_workshops.flow.name: Binding(
        coaches_of_workshops.flow, coaching.facts, coaching.Desk, appointing.contact_invitation
    ),
    contacts_of_programmes.flow.name: Binding(
        contacts_of_programmes.flow, linked_contacts.facts, linked_contacts.Desk, appointing.contact_invitation
    ),
    plan_rows.add.name: Binding(plan_rows.add, planning.facts_of_new, planning.PlanRoom, planning.invitation),
    plan_rows.change.name: Binding(plan_rows.change, planning.facts_of_row, planning.PlanRoom, planning.invitation),
    plans_to_be.flow.name: Binding(plans_to_be.flow, proposals.facts, proposals.PlanRoom, proposals.invitation),
    posts.away.name: Binding(posts.away, appointing.leave_facts, appointing.Office, appointing.leave_invitation),
    posts.contact.name: Binding(
        posts.contact, appointing.contact_facts, appointing.Office, appointing.contact_invitation
    ),
    group_notes.noting.name: Binding(group_notes.noting, noting.facts, noting.NoteBook, note_taking.invitation),
    group_posts.edit.name: Binding(group_posts.edit, noting.edit_facts, noting.PostBook, noting.edit_invitation),
    discussion_groups.founding.name: Binding(
        discussion_groups.founding, groups.new_facts, groups.Room, groups.new_invitation
    ),
    people_without_chat.inviting.name: Binding(
        people_without_chat.inviting, guests.new_facts, guests.Book, guests.new_invitation
    ),
}
