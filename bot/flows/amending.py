"""Moving, changing and cancelling a meeting: the coordinator sees what follows from it before anybody is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Protocol

from bot.conversation import Flow
from bot.domain import dates, times
from bot.domain.changes import SETTLES, Change, Kind, held_on, with_agenda_of
from bot.domain.people import Language
from bot.domain.programmes import Format, Occasion, Programme, Span, local_day
from bot.domain.refusals import FieldRefused, Overtaken, Refusal
from bot.domain.values import dataclass
from bot.domain.words import Listed, Localised, Moment, Text, Words, _, n_
from bot.flows import agendas, announcements, buttons, occasions
from bot.flows.effects import Facts, doubts, effects, when_told
from bot.messages import Action, Button, Card, ChoiceField, Field, Form, Notice, Option, TextField, Tone

AMEND, CALL_OFF = "amend", "call_off"
UNDO_CHANGE, TELL_NOW = "undo_change", "tell_now"

_LINK = re.compile(r"https?://[^\s<>\"]+")
_CLOCK = re.compile(r"(?:(?:kl\.?|klockan|klokka|at) *)?([01]?\d|2[0-3])(?:[.:]([0-5]\d))?")
_FORMATS = (
    Option(Format.ON_SITE.value, _("In person")),
    Option(Format.ONLINE.value, _("Online")),
    Option(Format.HYBRID.value, _("In person or online")),
)
_MOST_DAYS = 10  # each has four fields, and a form must stay one that people read


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been answered. Mappings have a day's number as their key."""

    programme: str
    occasion: str = ""
    seen: int = -1  # sequence of the occasion as it was shown last
    preset: bool = False  # the occasion was given by a button, not chosen here
    day: Mapping[str, str] = field(default_factory=dict)
    start: Mapping[str, str] = field(default_factory=dict)
    end: Mapping[str, str] = field(default_factory=dict)
    agenda: Mapping[str, str] = field(default_factory=dict)
    format: str = ""
    place: str = ""
    link: str = ""
    touched: bool = False  # the details have been answered once
    overtaken: bool = False  # it was another one when the form was opened


class ProgrammeDesk(Protocol):
    """What the coordinators' flows act through: one transaction, on behalf of one coordinator."""

    def amend(self, programme: str, occasion: Occasion, *, seen: int) -> Programme:
        """Let the occasion be this from now on. Raises `Overtaken` when it is no longer the one that was seen."""


# --- Which meeting ----------------------------------------------------------------------------------------------------

amend: Flow[Draft, Facts, ProgrammeDesk] = Flow(AMEND, Draft, version=2)
call_off: Flow[Draft, Facts, ProgrammeDesk] = Flow(CALL_OFF, Draft, version=1)


def changeable(programme: Programme, now: datetime) -> tuple[Occasion, ...]:
    """The meetings that lie ahead; a cancelled one can be held after all."""
    return tuple(one for one in programme.occasions if one.ends_at > now)


def _label(programme: Programme, occasion: Occasion) -> Option:
    note = _("called off") if occasion.cancelled else ""
    return Option(occasion.id, occasions.label(programme, occasion), note)


def _ask_occasion(draft: Draft, facts: Facts, title: Text, offered: tuple[Occasion, ...]) -> Form | None:
    if draft.preset:
        return None
    options = tuple(_label(facts.programme, one) for one in offered)
    return Form(title, (ChoiceField("occasion", _("Meeting"), options),), intro=(facts.programme.title,))


@amend.ask("occasion")
def ask_occasion(draft: Draft, facts: Facts) -> Form | None:
    return _ask_occasion(draft, facts, _("Change meeting"), changeable(facts.programme, facts.now))


@call_off.ask("occasion")
def ask_occasion_to_call_off(draft: Draft, facts: Facts) -> Form | None:
    held = tuple(one for one in changeable(facts.programme, facts.now) if not one.cancelled)
    return _ask_occasion(draft, facts, _("Cancel meeting"), held)


@amend.check("occasion")
@call_off.check("occasion")
def take_note(draft: Draft, facts: Facts) -> Draft:
    """Another meeting than before is shown with its own values."""
    return replace(draft, seen=_chosen(draft, facts).sequence, touched=False)


def _chosen(draft: Draft, facts: Facts) -> Occasion:
    """The meeting as it is now; raises `Gone` when the programme no longer has it."""
    return facts.programme.occasion(draft.occasion)


# --- What it shall be -------------------------------------------------------------------------------------------------


@amend.ask("details")
def ask_details(draft: Draft, facts: Facts) -> Form:
    occasion = _chosen(draft, facts)
    return Form(
        occasion.title,
        tuple(_fields(occasion, facts.language)),
        intro=(_("Change what is different and leave the rest. Nobody is told before you have confirmed."),),
        values={} if draft.touched else dict(_present(occasion, facts)),
    )


def _fields(occasion: Occasion, language: Language) -> Iterator[Field]:
    yield from _days_held(occasion, language)
    if len(occasion.days) < _MOST_DAYS:
        yield from _one_more_day(len(occasion.days) + 1)
        yield from agendas.fields(occasion, len(occasion.days) + 1, language)
    yield ChoiceField("format", _("How we meet"), _FORMATS)
    yield TextField("place", _("Place"), required=False)
    yield TextField("link", _("Link to join"), _("Only those who have a seat see it."), required=False, max_chars=500)


def _days_held(occasion: Occasion, language: Language) -> Iterator[Field]:
    if len(occasion.days) == 1:
        yield TextField("day.1", _("Day"), _("For example 20 May or 2027-05-20"), max_chars=20)
        yield TextField("start.1", _("From"), max_chars=20)
        yield TextField("end.1", _("To"), max_chars=20)
        yield from agendas.fields(occasion, 1, language)
        return
    for n in range(1, len(occasion.days) + 1):
        first, other = _("The other days move along, unless you change them."), _("Leave it empty to remove this day.")
        hint = first if n == 1 else other
        yield TextField(f"day.{n}", _("Day {number}", number=n), hint, required=False, max_chars=20)
        yield TextField(f"start.{n}", _("From, day {number}", number=n), required=False, max_chars=20)
        yield TextField(f"end.{n}", _("To, day {number}", number=n), required=False, max_chars=20)
        yield from agendas.fields(occasion, n, language)


def _one_more_day(n: int) -> Iterator[Field]:
    yield TextField(f"day.{n}", _("One more day"), _("Leave it empty if there is none."), required=False, max_chars=20)
    like_before = _("Left empty: as on the last day.")
    yield TextField(f"start.{n}", _("From, the new day"), like_before, required=False, max_chars=20)
    yield TextField(f"end.{n}", _("To, the new day"), like_before, required=False, max_chars=20)


def _present(occasion: Occasion, facts: Facts) -> Iterator[tuple[str, str]]:
    for n, span in enumerate(occasion.days, 1):
        starts, ends = (times.local(moment, facts.programme.zone) for moment in (span.starts_at, span.ends_at))
        yield f"day.{n}", starts.date().isoformat()
        yield f"start.{n}", f"{starts:%H.%M}"
        yield f"end.{n}", f"{ends:%H.%M}"
        yield f"agenda.{n}", agendas.written(occasion, n, facts.language)
    yield "format", occasion.format.value
    yield "place", wording(occasion.place, facts.language)
    yield "link", occasion.link


def wording(words: Localised, language: Language) -> str:
    """The wording that is shown for change: the coordinator's own language, or the original."""
    return words.wordings.get(language.value) or next(iter(words.wordings.values()), "")


def reworded(words: Localised, typed: str, language: Language) -> Localised:
    """What was typed over `words`; the other languages would now say something else."""
    return words if typed == wording(words, language) else Localised({language.value: typed} if typed else {})


@amend.check("details")
def check_details(draft: Draft, facts: Facts) -> Draft:
    occasion = _chosen(draft, facts)
    if draft.link and not _LINK.fullmatch(draft.link):
        raise FieldRefused("link", _("A link begins with https:// and has no blanks."))
    if wanted(draft, facts) == occasion:
        raise Refusal(_("The meeting is like this already. Change something first."))
    return replace(draft, seen=occasion.sequence, touched=True, overtaken=draft.seen != occasion.sequence)


def wanted(draft: Draft, facts: Facts) -> Occasion:
    """The meeting as the coordinator wants it; raises `FieldRefused` for what cannot be."""
    occasion = _chosen(draft, facts)
    new, zone = len(occasion.days) + 1, facts.programme.zone
    spans = {n: _span(draft, n, day, zone, new) for n, day in _days(draft, occasion, facts).items()}
    order = _in_order(spans, new)
    days = tuple(spans[n] for n in order)
    occasion = replace(occasion, agenda=agendas.rewritten(occasion, draft.agenda, facts.language))
    if draft.agenda.get(str(new)) and new not in order:
        raise FieldRefused(f"day.{new}", _("This day has an agenda. Please write which day it is, too."))
    if days != occasion.days:
        occasion = held_on(with_agenda_of(occasion, order), days, zone, facts.now)
    place = reworded(occasion.place, draft.place, facts.language)
    return _met(replace(occasion, place=place, link=draft.link, cancelled=False), occasion, draft)


def _met(after: Occasion, before: Occasion, draft: Draft) -> Occasion:
    """The meeting in person or online, as chosen; the place or the link that this makes useless goes along.

    A place that is still to be announced does not stand in the way of anything.
    """
    met = Format(draft.format or before.format)
    if met is Format.ONLINE and before.format is not Format.ONLINE and after.place == before.place:
        return replace(after, format=met, place=Localised({}))
    if met is not Format.ONLINE and before.place and not after.place:
        raise FieldRefused("place", _("Please write where we meet."))
    if met is Format.ON_SITE and after.link and after.link == before.link:
        return replace(after, format=met, link="")
    if met is Format.ON_SITE and after.link:
        raise FieldRefused("format", _("With a link, people can join online as well. Please choose how we meet."))
    return replace(after, format=met)


def _days(draft: Draft, occasion: Occasion, facts: Facts) -> Mapping[int, date]:
    """The days that were typed, by number; where only the first is another one, those after it move along."""
    zone = facts.programme.zone
    was = {n: local_day(span.starts_at, zone) for n, span in enumerate(occasion.days, 1)}
    today = local_day(facts.now, zone)
    wanted = [n for n in range(1, len(was) + 2) if draft.day.get(str(n))]
    typed = {n: day_of(draft.day[str(n)], f"day.{n}", today) for n in wanted}
    if not typed:
        none_left = _("A meeting has at least one day. You call it off with the button Cancel meeting.")
        raise FieldRefused("day.1", none_left)
    after = typed.keys() & was.keys() - {1}
    along = typed[1] - was[1] if 1 in typed and all(typed[n] == was[n] for n in after) else timedelta(0)
    return {n: day + along if n in after else day for n, day in typed.items()}


def _in_order(spans: Mapping[int, Span], new: int) -> tuple[int, ...]:
    """The numbers of the days as they follow each other: the new one may come anywhere among the others."""
    known = [n for n in spans if n != new]
    order = sorted(spans, key=lambda n: spans[n].starts_at)
    for earlier, later in (*pairwise(known), *pairwise(order)):
        if spans[later].starts_at < spans[earlier].ends_at:
            raise FieldRefused(f"day.{max(earlier, later)}", _("The days have to follow each other."))
    return tuple(order)


def _span(draft: Draft, n: int, held: date, zone: str, new: int) -> Span:
    starts, ends = (_clock(side, name, n, new) for name, side in _sides(draft))
    if ends <= starts:
        raise FieldRefused(f"end.{n}", _("The meeting has to end after it begins."))
    return Span(times.instant(held, starts, zone), times.instant(held, ends, zone))


def _clock(side: Mapping[str, str], name: str, n: int, new: int) -> time:
    """As it was typed; the new day is held at the hours of the last one, unless it has its own."""
    like_before = side.get(str(n - 1), "") if n == new else ""
    return clock(side.get(str(n)) or like_before, f"{name}.{n}")


def _sides(draft: Draft) -> tuple[tuple[str, Mapping[str, str]], ...]:
    return ("start", draft.start), ("end", draft.end)


def day_of(typed: str, name: str, today: date) -> date:
    """A day as we show it or as people write it; raises `FieldRefused` for anything else."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        meant = today if dates.is_today(typed) else dates.read_day(typed, today)
    if meant is None:
        raise FieldRefused(name, _("Please write a day in the future, for example 15 August or 2027-08-15."))
    return meant


def clock(typed: str, name: str) -> time:
    """A time of day as people write it; raises `FieldRefused` for anything else."""
    match = _CLOCK.fullmatch(typed.strip().casefold())
    if match is None:
        raise FieldRefused(name, _("Please write the time as hours and minutes: for example 09.30."))
    return time(int(match[1]), int(match[2] or 0))


# --- What follows from it ---------------------------------------------------------------------------------------------


@amend.ask("effect")
def ask_effect(draft: Draft, facts: Facts) -> Form:
    before, after = _chosen(draft, facts), wanted(draft, facts)
    changed_meanwhile = _("Somebody else has changed this meeting since you opened it. Please look closely.")
    return Form(
        _("This is what happens"),
        intro=(
            *((changed_meanwhile,) if draft.overtaken else ()),
            *doubts(after, facts.programme, facts.now, typed=_typed(draft, before, facts)),
            *agendas.doubts(before, after, facts.programme.zone),
            *when_told(facts, before, after),
        ),
        facts=tuple(effects(facts, before, after)),
        submit=_("Confirm"),
    )


@call_off.ask("effect")
def ask_effect_of_calling_off(draft: Draft, facts: Facts) -> Form:
    before = _chosen(draft, facts)
    after = replace(before, cancelled=True)
    return Form(
        _("Cancel meeting"),
        intro=tuple(when_told(facts, before, after)),
        facts=tuple(effects(facts, before, after)),
        submit=_("Confirm"),
    )


def _typed(draft: Draft, occasion: Occasion, facts: Facts) -> tuple[tuple[date, time], ...]:
    """Day and time of each beginning as they were typed: the clocks may jump over one."""
    days, new = _days(draft, occasion, facts).items(), len(occasion.days) + 1
    return tuple((day, _clock(draft.start, "start", n, new)) for n, day in days)


# --- Done -------------------------------------------------------------------------------------------------------------

amend.rescue(Overtaken, back_to="details")


@amend.on_done
def do_amend(draft: Draft, facts: Facts, desk: ProgrammeDesk) -> Card:
    return _done(draft, facts, wanted(draft, facts), desk)


@call_off.on_done
def do_call_off(draft: Draft, facts: Facts, desk: ProgrammeDesk) -> Card:
    return _done(draft, facts, replace(_chosen(draft, facts), cancelled=True), desk)


def _done(draft: Draft, facts: Facts, after: Occasion, desk: ProgrammeDesk) -> Card:
    change = Change(_chosen(draft, facts), after)
    stored = desk.amend(facts.programme.id, after, seen=draft.seen)
    told = bool(change.kinds) and not stored.draft
    heard = facts.reach(after.id, change.kinds).total if told else 0
    return Card(
        _("Done: {title}", title=after.title),
        body=(*announcements.in_words(stored, change), *_new_agenda(change), *_who_is_told(heard, change, facts)),
        buttons=(
            *((undo(stored, stored.occasion(after.id)),) if told else ()),
            *((Button(_("Tell them now"), Action(TELL_NOW, stored.id)),) if told else ()),
            Button(_("See all messages"), Action(buttons.TIMELINE, stored.id)),
        ),
        tone=Tone.GOOD,
    )


def undo(programme: Programme, occasion: Occasion) -> Button:
    """Puts back what people know of the meeting, while it is as it is here and nobody has been told."""
    return Button(_("Undo"), Action(UNDO_CHANGE, f"{programme.id} {occasion.id} {occasion.sequence}"))


def _new_agenda(change: Change) -> Iterator[Words]:
    if change.before.agenda != change.after.agenda and Kind.ANNOUNCED not in change.kinds:
        yield _("The agenda is changed.")


def _who_is_told(heard: int, change: Change, facts: Facts) -> Iterator[Words]:
    if not heard:
        return
    at = facts.told_at(change)
    if at - facts.now > SETTLES:
        when = Moment(at, facts.programme.zone)
        yield n_("{n} person is told on {time}.", "{n} people are told on {time}.", heard, time=when)
    else:
        yield n_("{n} person is told in ten minutes.", "{n} people are told in ten minutes.", heard)


def undone(programme: Programme, occasion: Occasion) -> Notice:
    """After an undo: the meeting is as people know it."""
    title = occasions.label(programme, occasion)
    return Notice(_("Undone. {title}: it stands as people know it, and nobody was told.", title=title), Tone.GOOD)


def being_told() -> Notice:
    return Notice(_("They are being told now."), Tone.GOOD)


def nothing_to_undo() -> Text:
    return _("People have been told already, or it has changed again. Change the meeting instead.")


def overtaken(programme: Programme, occasion: Occasion) -> Overtaken:
    """The refusal of a coordinator whose colleague was faster."""
    return Overtaken(
        _(
            "Somebody else has changed this meeting meanwhile: {facts}. Please look through it again.",
            facts=Listed((occasion.title, occasions.hours(programme, occasion), occasions.where(occasion))),
        )
    )


def nothing_ahead() -> Text:
    return _("No meeting of this programme lies ahead.")
