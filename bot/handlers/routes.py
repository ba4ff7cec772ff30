"""What starts what: every action of a button or a typed word, what it does, and who may do it."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.people import Language
from bot.domain.programmes import Programme
from bot.domain.refusals import Gone, NotAllowed, Refusal
from bot.domain.registrations import SeatState
from bot.domain.words import _
from bot.flows import (
    booking,
    buttons,
    changing,
    editions,
    mine,
    programmes,
    receipts,
    registration,
    status,
    waiting,
    welcome,
    workshops,
)
from bot.flows import ending as closing
from bot.flows import matters as concerns
from bot.flows.occasions import too_late
from bot.handlers import (
    amending,
    anonymous,
    appointing,
    asking,
    beginning,
    cautions,
    challenge_lists,
    challenges,
    channels,
    coaching,
    curating,
    curating_forms,
    curating_trial,
    documents,
    ending,
    expecting,
    faq,
    feedback,
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
    moderating_replies,
    moderation,
    my_data,
    needing,
    new_materials,
    note_taking,
    noting,
    overseeing,
    own_reminders,
    permissions,
    planning,
    postings,
    proposals,
    question_tests,
    results,
    sparring,
    subscriptions,
    timeline,
    voting,
    words,
)
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.scene import Scene
from bot.handlers.seats import accept_offer, decline_offer
from bot.messages import Action, Notice, Tone, View


def register(scene: Scene, about: str) -> Outcome:
    """Register for the named programme, or choose among those that are open."""
    programme = _named(scene, about)
    if programme is None:
        begun = {draft.programme.id for draft in scene.unfinished()}
        return Show(programmes.choose_to_register(scene.programmes, scene.left, scene.visit.now, begun=begun))
    if not programme.is_open(scene.visit.now):
        raise too_late(programme)
    return Start(registration.flow.name, programme.id, booking.Draft(programme.id))


def _named(scene: Scene, about: str) -> Programme | None:
    """The programme with this id, or the only one whose title begins with the typed word."""
    if not about:
        return None
    known = scene.visit.programmes.get(about)
    if known is not None:
        return known
    typed = words.plain(about)
    found = [p for p in scene.programmes if any(typed in words.plain(t) for t in p.title.wordings.values())]
    return found[0] if len(found) == 1 else None


def change(scene: Scene, about: str) -> Outcome:
    scene.desk.may_change(about)
    return _about_registration(scene, changing.change.name, about)


def substitute(scene: Scene, about: str) -> Outcome:
    return _about_registration(scene, changing.substitute.name, about)


def cancel(scene: Scene, about: str) -> Outcome:
    return _about_registration(scene, changing.cancel.name, about)


def _about_registration(scene: Scene, flow: str, about: str) -> Start:
    scene.booking_facts(about)  # refuses what is not theirs, or no longer there
    return Start(flow, about, changing.Draft(about))


def cannot_come(scene: Scene, about: str) -> Outcome:
    """The reminder's own button: cancel, or hand over, just this seat."""
    seat = scene.seat(about)
    if seat not in scene.booking_facts(seat.registration).active:
        raise Gone(_("This seat has changed meanwhile. Write “my registrations” to see how it stands."))
    return Start(
        changing.cancel.name, seat.registration, changing.Draft(seat.registration, seats=(seat.id,), preset=True)
    )


def undo(scene: Scene, about: str) -> Outcome:
    restored, back = scene.desk.undo(about)
    programme = scene.visit.programmes[restored.programme]
    for person in sorted({seat.participant.person for seat in back} - {"", scene.person.id}):
        theirs = tuple(seat for seat in back if seat.participant.person == person)
        view = receipts.restored(programme, theirs, calendar=scene.desk.calendar, reader=person)
        scene.visit.tell(person, view, key=f"restored:{theirs[0].id}:{theirs[0].sequence}")
    return Show(receipts.restored(programme, back, calendar=scene.desk.calendar, reader=scene.person.id), replaces=True)


def accept(scene: Scene, about: str) -> Outcome:
    seat = scene.seat(about)
    programme = scene.programme(seat.programme)
    seats = accept_offer(scene.visit, programme, seat)
    if not seats and seat.state is SeatState.CONFIRMED:
        seats = (seat,)  # pressed twice
    if not seats:
        return Show(waiting.no_longer_offered(), replaces=True)
    return Show(waiting.accepted(programme, seats, calendar=scene.desk.calendar, reader=scene.person.id), replaces=True)


def decline(scene: Scene, about: str) -> Outcome:
    seat = scene.seat(about)
    programme = scene.programme(seat.programme)
    if not decline_offer(scene.visit, programme, seat):
        return Show(waiting.no_longer_offered(), replaces=True)
    return Show(waiting.declined(programme), replaces=True)


def show_mine(scene: Scene, about: str) -> Outcome:
    return Show(mine.card(scene.bookings(), scene.unfinished(), scene.visit.now))


def show_programmes(scene: Scene, about: str) -> Outcome:
    return Show(programmes.overview(scene.programmes, scene.left, scene.visit.now))


def show_programme(scene: Scene, about: str) -> Outcome:
    programme = scene.programme(about)
    ways = (*editions.ways(programme), *closing.way(programme, scene.visit.now)) if scene.coordinates else ()
    if beginning.places(scene, programme):
        ways = (*ways, *workshops.way_to(programme))
    return Show(programmes.details(programme, scene.left(programme), scene.visit.now, ways=ways))


def discard(scene: Scene, about: str) -> Outcome:
    run = scene.visit.runs.get(about)
    if run is None or run.actor != scene.actor:
        raise NotAllowed(_("This form belongs to somebody else."))
    scene.visit.runs.close(run.id)
    return Show(welcome.discarded(), replaces=True)


def language(scene: Scene, about: str) -> Outcome:
    chosen = _LANGUAGES.get(words.plain(about))
    if chosen is None:
        return Show(welcome.languages())
    scene.choose_language(chosen)
    return Show(welcome.language_chosen(chosen))


_LANGUAGES = {
    **{language.value: language for language in Language},
    "svenska": Language.SWEDISH,
    "swedish": Language.SWEDISH,
    "norsk": Language.BOKMAL,
    "norska": Language.BOKMAL,
    "bokmal": Language.BOKMAL,
    "norsk bokmal": Language.BOKMAL,
    "nynorsk": Language.NYNORSK,
    "norsk nynorsk": Language.NYNORSK,
    "engelska": Language.ENGLISH,
    "engelsk": Language.ENGLISH,
    "english": Language.ENGLISH,
}


def show_status(scene: Scene, about: str) -> Outcome:
    """How the programmes stand; with a name, what went and will go to that participant."""
    return timeline.of_somebody(scene, about) if about else Show(_status(scene))


def _status(scene: Scene) -> View:
    drafts: dict[str, int] = {}
    for run in scene.visit.runs.unfinished(registration.flow.name):
        drafts[run.about] = drafts.get(run.about, 0) + 1
    state = status.State(
        counts=scene.visit.registrations.counts(),
        unfinished=drafts,
        undelivered=scene.visit.outbox.undelivered(),
        maybe_twice=scene.visit.outbox.maybe_twice(),
        missed=scene.visit.nudges.missed(),
        matters=matters.open_matters(scene.visit, set(scene.visit.programmes)),
        posts=appointing.status_buttons(scene),
        rounds=overseeing.lines(scene.visit),
        misses=misses.counts(scene.visit),
        feedback=feedback.lines(scene.visit, scene.programmes),
    )
    return status.card(status.current(scene.programmes, scene.visit.now), state)


def done_in_status(scene: Scene, about: str) -> Outcome:
    """Close a matter where it stands in the status."""
    matters.close(scene, about)
    return Show(_status(scene), replaces=True)


def show_help(scene: Scene, about: str) -> Outcome:
    return Show(welcome.help_card(coordinator=scene.coordinates))


def thanks(scene: Scene, about: str) -> Outcome:
    return Show(Notice(_("You are welcome!"), Tone.GOOD))


ROUTES: dict[str, Callable[[Scene, str], Outcome]] = {
    buttons.REGISTER: register,
    buttons.CHANGE: change,
    buttons.SUBSTITUTE: substitute,
    buttons.CANCEL: cancel,
    buttons.CANNOT_COME: cannot_come,
    buttons.UNDO: undo,
    buttons.ACCEPT: accept,
    buttons.DECLINE: decline,
    buttons.MINE: show_mine,
    buttons.PROGRAMMES: show_programmes,
    buttons.PROGRAMME: show_programme,
    buttons.DISCARD: discard,
    buttons.LANGUAGE: language,
    buttons.HELP: show_help,
    buttons.STATUS: show_status,
    buttons.PAUSE: manners.pause,
    buttons.WAKE: manners.wake,
    buttons.SNOOZE: manners.snooze,
    buttons.TIMELINE: timeline.timeline,
    words.THANKS: thanks,
    concerns.DONE_IN_STATUS: done_in_status,
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
    **documents.ROUTES,
    **ending.ROUTES,
    **groups.ROUTES,
    **guests.ROUTES,
    **handing.ROUTES,
    **leading.ROUTES,
    **leaving.ROUTES,
    **linked_contacts.ROUTES,
    **linking.ROUTES,
    **materials.ROUTES,
    **matters.ROUTES,
    **misses.ROUTES,
    **misses_answering.ROUTES,
    **moderating_replies.ROUTES,
    **moderation.ROUTES,
    **my_data.ROUTES,
    **note_taking.ROUTES,
    **noting.ROUTES,
    **overseeing.ROUTES,
    **own_reminders.ROUTES,
    **expecting.ROUTES,
    **faq.ROUTES,
    **feedback.ROUTES,
    **needing.ROUTES,
    **new_materials.ROUTES,
    **planning.ROUTES,
    **postings.ROUTES,
    **proposals.ROUTES,
    **sparring.ROUTES,
    **question_tests.ROUTES,
    **results.ROUTES,
    **subscriptions.ROUTES,
    **voting.ROUTES,
}


def follow(scene: Scene, action: Action) -> Outcome:
    """Do what a button or a word asks for; a refusal becomes a card that says why and shows ways on."""
    route = ROUTES.get(action.do)
    if route is None:
        return Show(welcome.unknown_button())
    try:
        permissions.check(scene, action.do)
        return route(scene, action.about)
    except Refusal as refused:
        return Show(welcome.declined(refused.reason))
