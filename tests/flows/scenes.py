"""Every view that people are shown, from small, typical and extreme facts: `SCENES` is name → view.

What is extreme arrives through the limits that we set ourselves: a programme file at the edge of each key's length,
and forms filled in to the last character.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from typing import Any

from bot.conversation import Flow
from bot.domain.challenges import LONGEST
from bot.domain.people import Language, Person
from bot.domain.programmes import (
    Enrolment,
    Programme,
    RoleGroup,
    Speaker,
)
from bot.domain.registrations import Participant, Registration, Seat, SeatState
from bot.domain.words import Localised
from bot.flows import (
    booking,
    changing,
    greeting,
    materials,
    mine,
    occasions,
    programmes,
    rebooking,
    receipts,
    registration,
    reminders,
    status,
    tasks,
    waiting,
    welcome,
    workshop_lists,
)
from bot.flows.materials import Page, Reader
from bot.messages import Answer, Card, Form, TextField, View
from config import workshop_schema
from config.programme_schema import ANSWER, LABEL, LINE, PARAGRAPH
from config.question_schema import INTRO, QUESTION, SET_TITLE
from tests.flows import (
    board_scenes,
    challenge_scenes,
    change_scenes,
    coach_scenes,
    curating_scenes,
    document_scenes,
    ending_scenes,
    faq_scenes,
    feedback_scenes,
    guest_scenes,
    material_scenes,
    miss_scenes,
    moderation_scenes,
    newcomer_scenes,
    note_scenes,
    people_scenes,
    plan_scenes,
    post_scenes,
    rating_scenes,
    reminder_scenes,
    result_scenes,
    round_scenes,
    sealing_scenes,
    vote_scenes,
    workshop_scenes,
)
from tests.flows.extremes import EXTREME, EXTREME_COHORT, edge, full
from tests.flows.reminder_scenes import fullest
from tests.flows.samples import ARCHIVE, COHORT, FREE, GLN, NOW, SINGLE
from tests.flows.walking import ANNA, Desk, Walk, booking_facts, changing_facts

PROGRAMMES = {
    "small": FREE, "typical": SINGLE, "cohort": COHORT, "extreme": EXTREME, "extreme cohort": EXTREME_COHORT,
}  # fmt: skip

NAME, EMAIL = full(120), "e" * 240 + "@example.org"
TYPED: dict[str, dict[str, Answer]] = {
    "small": {"takes_part": "me"},
    "typical": {"occasions": ("a", "b"), "prerequisite": "no", "needs": "Hörslinga", "guide": "yes", "gln": GLN},
    "cohort": {"takes_part": "others", "places": "2", "lodging": ("ett", "tre"), "colleague": "Bo Ek"},
    "extreme": {
        "occasions": ("o0", "o1", "o2", "o3"), "prerequisite": "no", "name": NAME, "email": EMAIL,
        "organisation": full(120), "takes_part": "others", "places": "2", "colleague": NAME,
        "colleague_email": EMAIL, "needs": full(500), "invoice": full(60), "lodging": ("o0", "o1"), "instead": "cancel",
    },
}  # fmt: skip
TYPED["extreme cohort"] = {**TYPED["extreme"], "places": "8"}  # 96 seats: Slack's lists take 100


def _refused(form: Form) -> Form:
    """The form after everything in it was wrong: too long by one, and once as long as Slack lets through."""
    typed = [one for one in form.fields if isinstance(one, TextField)]
    values = {one.name: "Å" * 3000 if one is typed[0] else full(one.max_chars + 1) for one in typed}
    errors = {one.name: occasions.too_late(EXTREME).reason for one in form.fields}
    return replace(form, values={**form.values, **values}, errors=errors, refusal=occasions.too_late(EXTREME).reason)


def _walked(
    name: str, flow: Flow[Any, Any, Any], state: Any, facts: Any, desk: Desk, **typed: Answer
) -> Iterator[tuple[str, View]]:
    size = name.split(":", maxsplit=1)[0]
    walk = Walk(flow, state, facts, desk)
    for step, form in walk.steps({**TYPED[size], **typed}):
        yield f"{name}: {step}", form
        if form.fields:
            yield f"{name}: {step}, refused", _refused(form)
    yield f"{name}: done", walk.view
    for number, (_person, view) in enumerate(desk.told):
        yield f"{name}: told {number}", view


def _flows(size: str, programme: Programme) -> Iterator[tuple[str, View]]:
    for where in ("", ", full"):
        desk = Desk(programme, full=bool(where))
        left = {o.id: 0 for o in programme.occasions} if where else {o.id: o.capacity for o in programme.occasions}
        busy = {o.id: o.title for o in programme.occasions} if where else {}
        held: Any = {"SE-1281": ({o.id: 1 for o in programme.occasions[1:]}, {})} if where else {}
        facts = booking_facts(programme, left=left, busy=busy, held=held)
        state = booking.Draft(programme.id)
        yield from _walked(f"{size}: registration{where}", registration.flow, state, facts, desk)
    booked = ((o.id, Participant(), SeatState.CONFIRMED) for o in programme.occasions)
    spare = tuple(Seat(f"n{id}", "r9", programme.id, id, nobody, state) for id, nobody, state in booked)
    facts = booking_facts(programme, unnamed={"SE-1281": spare, f"other:{full(120).casefold()}": spare})
    yield from _walked(
        f"{size}: registration, spare seats", registration.flow, booking.Draft(programme.id), facts, Desk(programme),
        takes_part="me", takes_spare="yes",
    )  # fmt: skip
    for late in ("", ", late"):
        for name, flow in (
            ("change", rebooking.change),
            ("substitute", changing.substitute),
            ("cancel", changing.cancel),
        ):
            desk = _registered(size, programme)
            now = (programme.occasions[0].free_until or NOW) if late else NOW
            yield from _walked(f"{size}: {name}{late}", flow, changing.Draft("r1"), changing_facts(desk, now=now), desk)
    if programme.enrolment is Enrolment.SINGLE and len(programme.occasions) > 1:
        desk = _given_up(_registered(size, programme))
        yield from _walked(
            f"{size}: change, put back", rebooking.change, changing.Draft("r1"), changing_facts(desk), desk
        )


def _registered(size: str, programme: Programme) -> Desk:
    desk = Desk(programme, known={EMAIL: "bo"})
    walk = Walk(registration.flow, booking.Draft(programme.id), booking_facts(programme), desk)
    for _form in walk.steps(TYPED[size]):
        pass
    desk.told.clear()
    return desk


def _given_up(desk: Desk) -> Desk:
    """Only the first occasion is left, and the others can still be undone."""
    assert desk.registration is not None
    seats = desk.registration.seats
    first, until = seats[0].occasion, NOW + timedelta(minutes=9)
    cancelled = (replace(one, state=SeatState.CANCELLED, undo_until=until) for one in seats if one.occasion != first)
    held = (one for one in seats if one.occasion == first)
    desk.registration = replace(desk.registration, seats=(*held, *cancelled))
    return desk


def _seats(programme: Programme, state: SeatState, many: int) -> tuple[Seat, ...]:
    """So many seats at each occasion, named to the edge or not at all."""
    return tuple(
        Seat(
            f"s{n}", "r1", programme.id, o.id, Participant(NAME if n % 2 else "", EMAIL, "bo"), state, True, n + 1,
            NOW + timedelta(hours=24),
        )
        for o in programme.occasions
        for n in range(many if o is programme.occasions[0] else min(many, 2))
    )  # fmt: skip


def _cards(size: str, programme: Programme) -> Iterator[tuple[str, View]]:
    """What is said outside the flows."""
    many = 20 if size.startswith("extreme") else 1
    who = NAME if many > 1 else "Bo"
    calendar = Desk(programme).calendar
    for state in (SeatState.CONFIRMED, SeatState.WAITING) if many > 1 else SeatState:
        seats = _seats(programme, state, many)
        kept = Registration("r1", programme.id, who, "SE-1281", "anna", seats, full(60), GLN, full(500))
        both = (mine.Booking(programme, kept, seats, kept.made_by),) * (2 if many > 1 else 1)
        yield f"{size}: mine, {state}", mine.card(both, (mine.Unfinished("run", programme),), NOW)
        yield (
            f"{size}: home, {state}",
            welcome.home(
                replace(ANNA, name=who), both, (mine.Unfinished("run", programme),), tuple(PROGRAMMES.values()), NOW
            ),
        )
        yield f"{size}: registered, {state}", receipts.registered(
            programme, kept, total=Desk(programme, kept).priced("", ""), calendar=calendar,
            unprepared=True, guide=True, now=NOW,
        )  # fmt: skip
        yield (
            f"{size}: accepted, {state}",
            waiting.accepted(programme, seats, calendar=calendar, reader=ANNA.id, now=NOW),
        )
        yield f"{size}: restored, {state}", receipts.restored(programme, seats, calendar=calendar, reader=ANNA.id)
        yield (
            f"{size}: seat given, {state}",
            receipts.you_have_a_seat(programme, kept, seats, by=who, calendar=calendar, now=NOW),
        )
    seats = _seats(programme, SeatState.OFFERED, 1)
    yield f"{size}: draft", reminders.unfinished(mine.Unfinished("run", programme))
    offered = Registration("r1", programme.id, who, "SE-1281", "anna", seats)
    yield f"{size}: mine, an offer", mine.card((mine.Booking(programme, offered, seats, "bo"),), (), NOW)
    yield f"{size}: offer", waiting.offer(programme, seats)
    yield f"{size}: offer answered in words", waiting.not_taken_yet(programme, seats)
    yield f"{size}: offer to two", waiting.offer(programme, (*seats, *seats))
    yield f"{size}: declined", waiting.declined(programme)
    yield f"{size}: lapsed", waiting.lapsed(programme, seats)
    missed = tuple(replace(seat, state=SeatState.RELEASED) for seat in seats)
    way_back = mine.Booking(programme, replace(offered, seats=missed), (), "bo")
    yield f"{size}: mine, an offer that has run out", mine.card((way_back,), (), NOW)
    queued = tuple(replace(seat, state=SeatState.WAITING, position=12) for seat in seats)
    yield f"{size}: in line again", waiting.in_line_again(programme, queued)
    yield f"{size}: waits no longer", receipts.waits_no_longer(programme, seats, by=who)
    yield f"{size}: unnamed seat taken", receipts.unnamed_taken(programme, seats, by=who)
    yield f"{size}: handed on", receipts.your_seat_went_on(programme, seats, to=who)
    yield f"{size}: cancelled for you", receipts.cancelled_for_you(programme, seats, by=who, calendar=calendar)
    yield f"{size}: code", receipts.claim_codes(programme, ((Participant(who), "ABCDE-23456"),) * 20)
    yield f"{size}: programme", programmes.details(programme, {o.id: 0 for o in programme.occasions}, NOW)
    yield f"{size}: invitation", programmes.invitation(programme, room, NOW)
    yield f"{size}: too late", welcome.declined(occasions.too_late(programme, programme.occasions[0]).reason)
    yield f"{size}: status", status.card((programme,), _state(programme))
    yield f"{size}: welcome", welcome.welcome(replace(ANNA, name=who))


def room(programme: Programme) -> dict[str, int | None]:
    """Free seats: none, one, many, without limit, and so on."""
    return dict(zip((o.id for o in programme.occasions), cycle((0, 1, 99_999, None)), strict=False))


def _state(programme: Programme) -> status.State:
    counts = {(programme.id, o.id, state): 99_999 for o in programme.occasions for state in SeatState}
    undelivered = [(platform, full(80), 12_345) for platform in ("slack", "teams", "sandbox") for _ in range(3)]
    unanswered = {(programme.id, o.id): 99_999 for o in programme.occasions}
    return status.State(counts, {programme.id: 1}, undelivered, 2, 3, unanswered=unanswered)


def _others() -> Iterator[tuple[str, View]]:
    """What depends on nobody and nothing."""
    yield "mine, nothing", mine.card((), (), NOW)
    yield "home, nothing", welcome.home(Person("x"), (), (), (), NOW)
    yield "programmes, none", programmes.overview((), room, NOW)
    yield "programmes, all", programmes.overview((*PROGRAMMES.values(), ARCHIVE), room, NOW)
    yield "programmes, twelve extreme", programmes.overview((EXTREME,) * 12, room, NOW)
    yield "choose, none", programmes.choose_to_register((), room, NOW)
    yield "choose, all", programmes.choose_to_register(PROGRAMMES.values(), room, NOW, begun=PROGRAMMES)
    yield "materials, none", materials.card((), Reader(), NOW, Page())
    yield "archive", programmes.details(ARCHIVE, {}, NOW)
    yield "status, nothing", status.card((), status.State({}, {}, (), 0, 0))
    yield "welcome, unnamed", welcome.welcome(Person("x"))
    everything = welcome.help_card(coordinator=True)
    yield "help", replace(everything, items=(*everything.items, *workshop_lists.HELP))
    yield "remind me", welcome.remind_me()
    yield "who I am", replace(everything, body=(welcome.who_i_am(), *everything.body))
    yield "languages", welcome.languages()
    yield "language chosen", welcome.language_chosen(Language.NYNORSK)
    yield "not understood", welcome.not_understood()
    yield "hello, nothing", greeting.hello(greeting.Concerns())
    yield "hello, something is open", greeting.hello(greeting.Concerns(open=(EXTREME,)))
    yield "goodbye", greeting.goodbye()
    yield "the same to you", greeting.same_to_you()
    yield "well", greeting.well()
    yield "never mind", greeting.never_mind()
    yield "ask away", greeting.ask_away()
    yield "tasks, which programme", tasks.choose(tasks.Task.AMEND, (EXTREME, SINGLE))
    yield "tasks, suggested", tasks.suggest([tasks.to_choose(tasks.Task.WRITE), tasks.PLACES[tasks.Task.ASK].button()])
    yield "tasks, in the file", tasks.in_file()
    yield "channel", welcome.channel_hello()
    yield "fault", welcome.fault("0123abcd")
    yield "no longer offered", waiting.no_longer_offered()
    for made in (welcome.finished, welcome.not_yours, welcome.unknown_form, welcome.newer_version,
                 welcome.unknown_button, welcome.discarded):  # fmt: skip
        yield made.__name__, made()


def _all() -> Iterator[tuple[str, View]]:
    yield from _others()
    yield from people_scenes.plain_scenes()
    yield from reminder_scenes.wishes(tuple(PROGRAMMES.values()))
    for size, programme in PROGRAMMES.items():
        yield from _flows(size, programme)
        yield from _cards(size, programme)
        told = fullest(programme, edge(LINE), edge(PARAGRAPH)) if size.startswith("extreme") else programme
        name, email = (NAME, EMAIL) if size.startswith("extreme") else ("Bo", "bo@example.org")
        yield from reminder_scenes.scenes(size, told, name)
        yield from people_scenes.scenes(size, programme, name, email)
        yield from newcomer_scenes.scenes(size, programme, name, EXTREME.title)


def _rounds() -> Iterator[tuple[str, View]]:
    yield from round_scenes.scenes("typical", round_scenes.TYPICAL, "Strateger 1")
    extreme = round_scenes.extreme(EXTREME, edge(SET_TITLE), edge(QUESTION), edge(INTRO))
    yield from round_scenes.scenes("extreme", extreme, NAME)


def _notes() -> Iterator[tuple[str, View]]:
    yield from note_scenes.scenes("typical", round_scenes.TYPICAL, "Strateger 1")
    yield from guest_scenes.scenes("typical", round_scenes.TYPICAL, "Strateger 1")
    extreme = round_scenes.extreme(EXTREME, edge(SET_TITLE), edge(QUESTION), edge(INTRO))
    yield from note_scenes.scenes("extreme", extreme, NAME)
    yield from guest_scenes.scenes("extreme", extreme, NAME)


def _materials() -> Iterator[tuple[str, View]]:
    yield from material_scenes.scenes("typical", material_scenes.TALKS)
    roles = (RoleGroup("chefer", edge(LABEL), edge(LABEL)),)
    one = EXTREME.materials[1]
    talk = replace(one, id="talk", for_roles=("chefer",), reflection=(edge(LINE),) * 20, members_only=True)
    speakers = (Speaker(full(LABEL.chars), edge(PARAGRAPH)),) * 9
    told = fullest(EXTREME, edge(LINE), edge(PARAGRAPH))
    full_shelf = (*told.materials, replace(talk, speakers=speakers, occasion=told.occasions[0].id))
    yield from material_scenes.scenes("extreme", replace(told, role_groups=roles, materials=full_shelf))


def _challenges() -> Iterator[tuple[str, View]]:
    sheet = Localised({"sv": "Basfakta om kommunen."})
    yield from challenge_scenes.scenes("typical", COHORT, "Färre unga, fler äldre.", "Bo Ek", sheet)
    yield from challenge_scenes.scenes("extreme", EXTREME_COHORT, full(LONGEST), NAME, edge(PARAGRAPH))


def _plans() -> Iterator[tuple[str, View]]:
    yield from plan_scenes.scenes("typical", SINGLE, "Bo", Localised({"sv": "Chefer"}))
    yield from plan_scenes.scenes("extreme", EXTREME, NAME, edge(SET_TITLE))


def _results() -> Iterator[tuple[str, View]]:
    area = Localised({"sv": "Ledning"})
    yield from result_scenes.scenes("typical", round_scenes.TYPICAL, Localised({"sv": "Vi har mål"}), area)
    extreme = round_scenes.extreme(EXTREME, edge(SET_TITLE), edge(QUESTION), edge(INTRO))
    yield from result_scenes.scenes("extreme", extreme, edge(QUESTION), edge(LABEL))


def _receipts() -> dict[str, Card]:
    """An old message of each size, to be corrected."""
    found = {
        size: view for size in PROGRAMMES for name, view in _cards(size, PROGRAMMES[size]) if "registered, c" in name
    }
    return {size: view for size, view in found.items() if isinstance(view, Card)}


def _faq() -> Iterator[tuple[str, View]]:
    yield from faq_scenes.scenes("typical", SINGLE, Localised({"sv": "Ingår det fika?"}), Localised({"sv": "Ja."}))
    yield from faq_scenes.scenes("extreme", EXTREME, edge(LINE), edge(ANSWER))


def _feedback() -> Iterator[tuple[str, View]]:
    yield from feedback_scenes.scenes("typical", SINGLE, Localised({"sv": "Vad tar du med dig?"}), "samtalen")
    yield from feedback_scenes.scenes("extreme", EXTREME, edge(QUESTION), full(200))


def _workshops() -> Iterator[tuple[str, View]]:
    yield from workshop_scenes.scenes("typical", workshop_scenes.typical(), "Lunds kommun")
    yield from coach_scenes.scenes("typical, coach", workshop_scenes.typical(), "Lunds kommun")
    title, say = edge(workshop_schema.TITLE), edge(workshop_schema.SAY)
    extreme = workshop_scenes.made(EXTREME, title, say, edge(QUESTION), steps=workshop_schema.MOST_STEPS)
    yield from workshop_scenes.scenes("extreme", extreme, NAME)
    yield from coach_scenes.scenes("extreme, coach", extreme, NAME)


SCENES: dict[str, View] = {
    **dict(_all()),
    **{f"notes: {name}": view for name, view in _notes()},
    **{f"materials: {name}": view for name, view in _materials()},
    **{f"challenges: {name}": view for name, view in _challenges()},
    **{f"plans: {name}": view for name, view in _plans()},
    **{f"feedback: {name}": view for name, view in _feedback()},
    **{f"rounds: {name}": view for name, view in _rounds()},
    **dict(change_scenes.scenes(PROGRAMMES, _receipts())),
    **dict(ending_scenes.scenes(PROGRAMMES)),
    **{f"posts: {name}": view for name, view in post_scenes.SCENES.items()},
    **{f"curating: {name}": view for name, view in curating_scenes.SCENES.items()},
    **{f"documents: {name}": view for name, view in document_scenes.SCENES.items()},
    **{f"board: {name}": view for name, view in board_scenes.SCENES.items()},
    **{f"faq: {name}": view for name, view in _faq()},
    **{f"misses: {name}": view for name, view in miss_scenes.SCENES.items()},
    **{f"moderation: {name}": view for name, view in moderation_scenes.SCENES.items()},
    **{f"rating: {name}": view for name, view in rating_scenes.SCENES.items()},
    **{f"sealing: {name}": view for name, view in sealing_scenes.SCENES.items()},
    **{f"results: {name}": view for name, view in (*_results(), *result_scenes.SCENES.items())},
    **{f"workshop: {name}": view for name, view in _workshops()},
    **{f"vote: {name}": view for name, view in vote_scenes.SCENES.items()},
}
