"""What starts what: where each button and each typed word leads, once it is sure that this person may."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.domain.refusals import Refusal
from bot.domain.words import Words
from bot.flows import welcome
from bot.handlers import (
    amending,
    anonymous,
    appointing,
    asking,
    cautions,
    challenge_lists,
    challenges,
    channels,
    coaching,
    curating,
    curating_forms,
    curating_trial,
    denying,
    documents,
    ending,
    expecting,
    faq,
    feedback,
    greeting,
    groups,
    guests,
    handing,
    leading,
    leaving,
    linked_contacts,
    linking,
    manners,
    materials,
    matters,
    misses,
    misses_answering,
    misses_taken_down,
    moderating_replies,
    moderation,
    my_data,
    needing,
    new_materials,
    newcomers,
    note_taking,
    noting,
    overseeing,
    own_details,
    own_reminders,
    participants,
    permissions,
    planning,
    postings,
    proposals,
    question_tests,
    registering,
    results,
    sparring,
    status,
    subscriptions,
    talking,
    tasks,
    timeline,
    voting,
)
from bot.handlers.events import Pressed
from bot.handlers.outcomes import Declined, Outcome, Show
from bot.handlers.scene import Scene
from bot.messages import Action, Button, Notice, Tone, View
from bot.ports import Surface

ROUTES: dict[str, Callable[[Scene, str], Outcome]] = {
    **amending.ROUTES,
    **anonymous.ROUTES,
    **appointing.ROUTES,
    **asking.ROUTES,
    **cautions.ROUTES,
    **challenge_lists.ROUTES,
    **challenges.ROUTES,
    **channels.ROUTES,
    **coaching.ROUTES,
    **curating.ROUTES,
    **curating_forms.ROUTES,
    **curating_trial.ROUTES,
    **denying.ROUTES,
    **documents.ROUTES,
    **ending.ROUTES,
    **expecting.ROUTES,
    **faq.ROUTES,
    **feedback.ROUTES,
    **greeting.ROUTES,
    **groups.ROUTES,
    **guests.ROUTES,
    **handing.ROUTES,
    **leading.ROUTES,
    **leaving.ROUTES,
    **linked_contacts.ROUTES,
    **linking.ROUTES,
    **manners.ROUTES,
    **materials.ROUTES,
    **matters.ROUTES,
    **misses.ROUTES,
    **misses_answering.ROUTES,
    **misses_taken_down.ROUTES,
    **moderating_replies.ROUTES,
    **moderation.ROUTES,
    **my_data.ROUTES,
    **needing.ROUTES,
    **new_materials.ROUTES,
    **newcomers.ROUTES,
    **note_taking.ROUTES,
    **noting.ROUTES,
    **overseeing.ROUTES,
    **own_details.ROUTES,
    **own_reminders.ROUTES,
    **participants.ROUTES,
    **planning.ROUTES,
    **postings.ROUTES,
    **proposals.ROUTES,
    **question_tests.ROUTES,
    **registering.ROUTES,
    **results.ROUTES,
    **sparring.ROUTES,
    **status.ROUTES,
    **subscriptions.ROUTES,
    **talking.ROUTES,
    **tasks.ROUTES,
    **timeline.ROUTES,
    **voting.ROUTES,
}


def follow(scene: Scene, action: Action) -> Outcome:
    """Do what a button or a word asks for; a refusal says why."""
    route = ROUTES.get(action.do)
    if route is None:
        return Show(welcome.unknown_button())
    try:
        permissions.check(scene, action.do)
        return route(scene, action.about)
    except Refusal as refused:
        ways = refused.ways if isinstance(refused, Declined) else ()
        return Show(_declined(scene, refused.reason, ways))


def _declined(scene: Scene, reason: Words, ways: Sequence[Button]) -> View:
    """Why, with ways on; only a line to somebody in a channel, where a card would take the place of the one pressed."""
    pressed = isinstance(scene.inbound.event, Pressed)
    if pressed and scene.inbound.came_from.surface is Surface.CHANNEL:
        return Notice(reason, Tone.WARNING)
    return welcome.declined(reason, ways)
