"""After a meeting: thanks to those who were there, and what was said, for those who were not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.materials import from_occasion, of_occasion
from bot.domain.programmes import Enrolment, Material, Occasion, Programme, local_day
from bot.domain.rounds import Round
from bot.domain.words import Text, Words, _
from bot.flows import buttons, materials, occasions
from bot.flows.feedback import asking as asking_for_feedback
from bot.flows.materials import Reader
from bot.messages import Button, Card, Fact, Item

_MATERIALS_SHOWN = 4
"""More than these are found under "materials"."""


# --- To those who were there ------------------------------------------------------------------------------------------


def thanks(
    programme: Programme,
    occasion: Occasion,
    now: datetime,
    feedback: Round | None = None,
    *,
    member: bool,
    own_next: Occasion | None = None,
) -> Card:
    """The day after; links that are for members only to a `member`, who took part.

    With `feedback`, the round in which the reader may say what they think of the meeting; with `own_next`, the next
    meeting where they have, or wait for, a seat.
    """
    was_absent = (materials.was_absent(programme, occasion),) if member else ()
    return Card(
        _("Thank you for taking part in {title}", title=occasion.title),
        body=(
            *_homework(occasion),
            *(() if feedback else (_tell(programme),)),
        ),
        facts=_next_meeting(programme, own_next or _following(programme, occasion), is_theirs=own_next is not None),
        items=(
            *((asking_for_feedback(feedback, programme),) if feedback else ()),
            *(_link(one) for one in _published(programme, occasion, member=member)),
        ),
        buttons=(
            *(() if own_next else _way_to_the_next(programme, occasion, now)),
            buttons.ALL_MATERIALS,
            *was_absent,
        ),
    )


def _tell(programme: Programme) -> Text:
    return _("What was good, and what could be better? Tell {contact}", contact=occasions.contact(programme))


def _published(programme: Programme, occasion: Occasion, *, member: bool) -> tuple[Material, ...]:
    """What is there: the meeting's own first, then what belongs to none and was not shown after an earlier one."""
    own = of_occasion(programme, occasion)
    before = [one for one in programme.occasions if one.ends_at < occasion.starts_at and not one.cancelled]
    told = local_day(before[-1].ends_at, programme.zone) if before else None
    others = (one for one in programme.materials if not one.occasion and one not in own)
    fresh = (one for one in others if told is None or (one.published is not None and one.published > told))
    found = (one for one in (*own, *fresh) if one.url and (member or not one.members_only))
    return tuple(found)[:_MATERIALS_SHOWN]


def _link(material: Material) -> Item:
    return Item(material.title, buttons=(Button(_("Open"), url=material.url),))


def _homework(occasion: Occasion) -> Iterator[Words]:
    if occasion.homework:
        yield _("To do at home until we meet again:")
        yield from map(_bullet, occasion.homework)


def later(programme: Programme, occasion: Occasion) -> Iterator[Occasion]:
    """The meetings that are held after this one, in the order of time."""
    return (one for one in programme.occasions if one.starts_at > occasion.ends_at and not one.cancelled)


def _following(programme: Programme, occasion: Occasion) -> Occasion | None:
    return next(later(programme, occasion), None)


def _next_meeting(programme: Programme, following: Occasion | None, *, is_theirs: bool = False) -> tuple[Fact, ...]:
    if following is None:
        return ()
    own = is_theirs or programme.enrolment is Enrolment.COHORT  # else they may have no seat there
    label = _("Next meeting") if own else _("Next meeting of the programme")
    return (Fact(label, occasions.titled(programme, following)),)


def _way_to_the_next(programme: Programme, occasion: Occasion, now: datetime) -> tuple[Button, ...]:
    """Registering for the next meeting, where each is registered for by itself and it is open still."""
    is_open = _following(programme, occasion) in programme.open_occasions(now)
    return (buttons.register(programme),) if is_open and programme.enrolment is Enrolment.SINGLE else ()


# --- To those who were not --------------------------------------------------------------------------------------------


def package(programme: Programme, occasion: Occasion, reader: Reader, now: datetime) -> Card:
    """What was said, what there is to see and read, what to do until the next meeting, and when that is."""
    found = of_occasion(programme, occasion)
    following = next((one for one in later(programme, occasion) if one.starts_at > now), None)
    missing = any(not one.url for one in found) or not found
    return Card(
        _("Catch up on {title}", title=occasion.title),
        body=(
            _("You could not be there. This is what it was about, and what comes next."),
            *_said(occasion),
            *_homework(occasion),
            *_preparation(following),
            *((_("Not all material is here yet. Choose what you want to be told of."),) if missing and found else ()),
        ),
        facts=_next_meeting(programme, following),
        items=(
            *(materials.entry(programme, one, reader, now) for one in found),
            *(() if found else (_nothing_yet(programme, occasion, reader),)),
        ),
        buttons=(*_way_in(programme, reader, now), buttons.ALL_MATERIALS),
    )


def _way_in(programme: Programme, reader: Reader, now: datetime) -> tuple[Button, ...]:
    """For those who have no seat at any of its meetings."""
    is_in = programme.id in reader.member_of
    return (buttons.register(programme),) if programme.is_open(now) and not is_in else ()


def _said(occasion: Occasion) -> Iterator[Words]:
    if occasion.purpose:
        yield occasion.purpose
    if occasion.agenda:
        yield _("This was the agenda:")
        yield from occasion.agenda_lines
    elif occasion.topics:
        yield _("This is what we talked about:")
        yield from map(_bullet, occasion.topics)


def _preparation(following: Occasion | None) -> Iterator[Words]:
    if following is not None and following.preparation:
        yield _("Before the next meeting:")
        yield from map(_bullet, following.preparation)


def _nothing_yet(programme: Programme, occasion: Occasion, reader: Reader) -> Item:
    what = from_occasion(occasion.id)
    awaits = (programme.id, what) in reader.awaits
    said = _("I will tell you when something is here.") if awaits else _("There is no material from this meeting yet.")
    tell_me = materials.tell_me(programme.id, what, awaits=awaits)
    return Item(_("Material from the meeting"), (said,), buttons=(tell_me,))


def not_over() -> Text:
    return _("This meeting is not over yet.")


def _bullet(words: Words) -> Text:
    return _("• {what}", what=words)
