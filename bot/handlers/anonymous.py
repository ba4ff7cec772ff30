"""The path that never sees who speaks: answers that people give for themselves, sealed until their round closes.

Who it is is found out in one transaction, and what they have written is put away in another one that knows only a
marker. Nothing that names anybody (a delivery, a run, a message) is written with a text, or stored beside it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from bot import keys
from bot.conversation import clean, read
from bot.domain import guard
from bot.domain.people import Language
from bot.domain.refusals import Gone, NotAllowed, Refusal
from bot.domain.rounds import Mode, Round, State
from bot.domain.values import dataclass
from bot.flows import buttons, note_taking, sealing, sheets, stored, welcome
from bot.flows import groups as group_words
from bot.flows.sheets import Sheet, Texts
from bot.handlers import by_link, groups, joining
from bot.handlers.events import Event, Inbound, Pressed, Reply, Submitted, WentBack
from bot.handlers.note_taking import open_to as all_open_to
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.prompting import Circle
from bot.handlers.scene import Scene
from bot.handlers.urns import box_answered, box_of, texts_in
from bot.handlers.visit import Surroundings, Visit
from bot.messages import Answer, ChoiceField, TextField, View
from bot.ports import Clock
from storage.groups import Groups
from storage.rounds import Rounds
from storage.unit_of_work import UnitOfWork
from storage.urns import Urns

log = logging.getLogger(__name__)

Typed = Mapping[str, str]
"""Field name → what was typed, to be shown again."""


@dataclass(frozen=True, slots=True)
class _Admitted:
    """Somebody who may answer. This is where it ends that we know who."""

    person: str
    sheet: Sheet
    urn: str
    elsewhere: tuple[str, ...]  # the round's other urns: who moves to another role answers there instead
    roster: frozenset[str]  # names to look for in what is written
    language: Language


@dataclass(frozen=True, slots=True)
class _Slip:
    """What goes on from there: no name, no account, and nothing that leads to one but the marker."""

    sheet: Sheet
    urn: str
    marker: bytes
    key: bytes  # what seals the box
    elsewhere: tuple[tuple[str, bytes], ...]  # urns where nothing of the person's is to lie, and their marker there
    roster: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Put:
    """What has become of a page that was sent."""

    sent: Texts  # all that lies in the person's box now
    was_there: bool  # something lay there before


class Anonymous:
    """Receives what the reception must not: presses on "Answer" and the forms of sealed rounds."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, surroundings: Surroundings) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._surroundings = surroundings

    @staticmethod
    def takes(inbound: Inbound) -> bool:
        """Whether the event is one of these."""
        return _asked_for(inbound) is not None

    async def receive(self, inbound: Inbound) -> Reply:
        """Act on the event. The same one again does no harm: it puts the same text in the same place."""
        admitted = await self._unit_of_work.run(partial(self._admit, inbound=inbound))
        if isinstance(admitted, Reply):
            return admitted
        return Reply(await self._answer(admitted, inbound.event), admitted.language)

    async def by_link(self, link: str, round: str, sent: Submitted | None = None) -> View | None:
        """The form for somebody who came by a link of their own, and what they send; None where it opens nothing.

        Others may have got hold of the link, so it neither shows nor tells whether there is an answer already.
        """
        admitted = await self._unit_of_work.run(partial(self._admit_by_link, link=link, round=round))
        return await self._answer(admitted, sent) if admitted is not None else None

    # Who it is

    def _admit_by_link(self, connection: Connection, link: str, round: str) -> _Admitted | None:
        visit = Visit(connection, self._clock.now(), self._surroundings)
        person = by_link.guest_of(visit, link)
        if person is None:
            return None
        try:
            admitted = _let_in(visit, _round(visit, round), person, visit.surroundings.language)
        except Refusal:
            return None
        return replace(admitted, sheet=replace(admitted.sheet, by_link=True))

    def _admit(self, connection: Connection, inbound: Inbound) -> _Admitted | Reply:
        visit = Visit(connection, self._clock.now(), self._surroundings)
        known = visit.people.meet(inbound.actor, inbound.private, inbound.profile, visit.surroundings.language)
        language = known.person.language
        try:
            round = _round(visit, _asked_for(inbound) or "")
            if _is_over(visit, inbound, round, known.person.id):
                others = all_open_to(Scene(visit, known, inbound))
                return Reply(note_taking.not_open(round, others=bool(others)), language)
            if not inbound.in_window:
                return Reply(sealing.invitation(round), language)
            way = _way_in(Scene(visit, known, inbound), round)
            if way is not None:
                return Reply(way, language)
            return _let_in(visit, round, known.person.id, language)
        except Refusal as refused:
            return Reply(welcome.declined(refused.reason), language)

    # What they write

    async def _answer(self, admitted: _Admitted, event: Event | None) -> View:
        page = sealing.page_of(admitted.sheet, event.token) if isinstance(event, Submitted | WentBack) else 0
        typed = _typed(admitted.sheet, page, event.answers) if isinstance(event, Submitted) else {}
        try:
            slip = self._slip(admitted)
        except LookupError:  # the urn has been emptied
            return _came_late(admitted.sheet, typed, page)
        except (OSError, keys.UnusableKeyError):
            log.exception("the keys of an urn cannot be reached")
            return sealing.refused(admitted.sheet, typed, reason=sealing.out_of_reach(), page=page)
        if isinstance(event, Submitted):
            return await self._take(slip, event, typed)
        sent = {} if slip.sheet.by_link else await self._sent_before(slip)
        first = max(0, page - 1) if isinstance(event, WentBack) else sheets.first_open(slip.sheet, sent)
        return sealing.form(slip.sheet, sent, first)

    def _slip(self, admitted: _Admitted) -> _Slip:
        """Raises `LookupError` when the round has closed, and what the keys raise when they cannot be reached."""
        if not admitted.sheet.round.is_open:
            raise LookupError
        marker, sealing_key = self._marker(admitted.urn, admitted.person)
        elsewhere = tuple((urn, self._marker(urn, admitted.person)[0]) for urn in admitted.elsewhere)
        return _Slip(admitted.sheet, admitted.urn, marker, sealing_key, elsewhere, admitted.roster)

    def _marker(self, urn: str, person: str) -> tuple[bytes, bytes]:
        """The person's marker in an urn, and what seals the boxes there."""
        marking, sealing_key = self._surroundings.urn_keys.keys(urn)
        return keys.marker(marking, person), sealing_key

    async def _sent_before(self, slip: _Slip) -> Texts:
        return await self._unit_of_work.run_alone(partial(self._in_box, slip=slip))

    async def _take(self, slip: _Slip, event: Submitted, typed: Typed) -> View:
        page = sealing.page_of(slip.sheet, event.token)
        values, errors = read((*sealing.fields(slip.sheet, page), sealing.take_back_field()), event.answers)
        if errors:
            return sealing.refused(slip.sheet, typed, errors=errors, page=page)
        if slip.sheet.rated and sealing.takes_back(values):
            return await self._take_back(slip)
        given = sheets.answered(slip.sheet, page, values)
        personal = self._personal(slip, given)
        if personal and sealing.read_token(event.token) != sealing.Place(slip.sheet.round.id, sealing.LOOK, page):
            return sealing.second_look(slip.sheet, typed, personal, page)
        return await self._put_away(slip, page, given, typed)

    def _personal(self, slip: _Slip, given: Texts) -> tuple[str, ...]:
        """The words that may tell who somebody is."""
        known = self._surroundings.directory.words
        texts = sheets.words_of(slip.sheet, given)
        return tuple(one.words for text in texts for one in guard.found(text, slip.roster, known))

    async def _put_away(self, slip: _Slip, page: int, given: Texts, typed: Typed) -> View:
        try:
            put = await self._unit_of_work.run_alone(partial(self._put, slip=slip, page=page, given=given))
        except keys.TooLongError as error:
            reason = sealing.too_long(error.over, on_several_pages=len(slip.sheet.pages) > 1)
            return sealing.refused(slip.sheet, typed, reason=reason, page=page)
        if put is None:
            return _came_late(slip.sheet, typed, page)
        if not slip.sheet.is_last(page):
            return sealing.form(slip.sheet, put.sent, page + 1)
        return sealing.thanks(slip.sheet) if put.sent else _emptied(slip.sheet, was_there=put.was_there)

    async def _take_back(self, slip: _Slip) -> View:
        there = await self._unit_of_work.run_alone(partial(self._take_out, slip=slip))
        return _emptied(slip.sheet, was_there=there)

    # The second transaction. Nothing else may happen in it: what it writes could be told to belong together.

    def _put(self, connection: Connection, slip: _Slip, page: int, given: Texts) -> _Put | None:
        """Seal a page together with the others; None when the round has closed. Raises `keys.TooLongError`.

        What lies in the box is read here, under the round's lock: of two pages sent at once neither is lost.
        """
        if not self._is_open(connection, slip):
            return None
        self._leave_others(connection, slip)
        before = self._in_box(connection, slip)
        sent = sheets.together(slip.sheet, page, before, given)
        if sent:
            box = keys.seal(slip.key, slip.marker, json.dumps(sent, ensure_ascii=False))
            Urns(connection).put(slip.urn, slip.marker, box)
        else:
            Urns(connection).take_out(slip.urn, slip.marker)
        return _Put(sent, bool(before))

    def _leave_others(self, connection: Connection, slip: _Slip) -> None:
        for urn, marker in slip.elsewhere:
            Urns(connection).take_out(urn, marker)

    def _in_box(self, connection: Connection, slip: _Slip) -> Texts:
        box = Urns(connection).box(slip.urn, slip.marker)
        return texts_in(slip.key, slip.marker, box) if box is not None else {}

    def _take_out(self, connection: Connection, slip: _Slip) -> bool:
        if not self._is_open(connection, slip):
            return False
        self._leave_others(connection, slip)
        return Urns(connection).take_out(slip.urn, slip.marker)

    def _is_open(self, connection: Connection, slip: _Slip) -> bool:
        """Whether the round is open, and stays so until the transaction ends."""
        round = Rounds(connection, self._clock.now()).locked(slip.sheet.round.id)
        return round is not None and round.is_open


def _asked_for(inbound: Inbound) -> str | None:
    """The id of the round whose form the event is about (untrusted); None when it is about something else."""
    match inbound.event:
        case Pressed(action) if action.do == buttons.SEAL and inbound.opens_forms:
            return clean(action.about)
        case Submitted(token=token) | WentBack(token=token):
            found = sealing.read_token(clean(token))
            return found.round if found is not None else None
    return None


def _round(visit: Visit, id: str) -> Round:
    """Raises `Gone`."""
    found = Rounds(visit.connection, visit.now).get(id)
    if found is None or found.mode is not Mode.SEALED or found.programme not in visit.programmes:
        raise Gone(sealing.closed())
    return found


def _is_over(visit: Visit, inbound: Inbound, round: Round, person: str) -> bool:
    """Whether somebody who was asked comes too late to write anything: they are shown where to read."""
    late = isinstance(inbound.event, Pressed) and round.state is State.CLOSED
    return late and box_of(visit, round, person) is not None


def _way_in(scene: Scene, round: Round) -> View | None:
    """The choice of a group, to somebody who has not said which role is theirs; None when it is known, or not theirs.

    Whoever presses in a channel where a group talks belongs to it, and in one that follows the programme may choose.
    """
    programme, then = scene.programme(round.programme), f"{buttons.ANSWER} {round.id}"
    if scene.person.id in Circle(scene.visit, round).ungrouped:
        return group_words.choose(programme, then=then)
    if not _is_new_here(scene, round):
        return None
    here = [one for one in groups.talking_here(scene, programme.id) if groups.box_of(round, one) is not None]
    if len(here) == 1:
        joining.settle(scene.visit, programme, here[0], scene.person.id)
        return None
    return groups.choice(scene, programme, then=then) if not round.organisation else None


def _is_new_here(scene: Scene, round: Round) -> bool:
    """Whether somebody in a channel of the programme has no part in it yet that could tell what they are asked."""
    if round.occasion or not groups.comes_from_its_channel(scene, round.programme):
        return False
    mine = joining.of(scene.visit).of_person(round.programme, scene.person.id)
    return not any(group.role for group in mine) and box_of(scene.visit, round, scene.person.id) is None


def _let_in(visit: Visit, round: Round, person: str, language: Language) -> _Admitted:
    """Raises `NotAllowed` for somebody who is not asked and has not answered, and `Gone` when it was never open."""
    box = box_of(visit, round, person) or (box_answered(visit, round, person) if round.is_open else None)
    if box is None:
        raise NotAllowed(sealing.for_others())
    there = Urns(visit.connection).of_round(round.id)
    urn = next((one for one in there if one.box == box.role), None)
    if urn is None:
        raise Gone(sealing.closed())
    elsewhere = tuple(one.id for one in there if one.id != urn.id)
    programme = visit.programmes[round.programme]
    sheet = Sheet(round, box, programme.zone, programme.title)
    roster = Groups(visit.connection, visit.now).roster(round.programme)
    return _Admitted(person, sheet, urn.id, elsewhere, roster, language)


def _typed(sheet: Sheet, page: int, answers: Mapping[str, Answer]) -> Typed:
    """What is shown again: every word, and what was chosen, without what could break the showing."""
    given = ((field, answers[field.name]) for field in sealing.fields(sheet, page) if field.name in answers)
    return {field.name: _shown_again(field, one) for field, one in given}


def _shown_again(field: TextField | ChoiceField, answer: Answer) -> str:
    typed = answer if isinstance(answer, str) else " ".join(answer)
    if isinstance(field, ChoiceField):
        return typed if typed in [option.value for option in field.options] else ""
    return clean(typed, long=True)


def _emptied(sheet: Sheet, *, was_there: bool) -> View:
    """Nothing of the person's lies sealed now. Whoever came by a link is not told whether something did."""
    if sheet.by_link:
        return sealing.none_left(sheet)
    return sealing.taken_back(sheet) if was_there else sealing.nothing_written(sheet)


def _came_late(sheet: Sheet, typed: Typed, page: int) -> View:
    """The round is not open: whoever has written something gets it back."""
    if any(typed.values()):
        return sealing.refused(sheet, typed, reason=sealing.just_closed(), page=page)
    return sealing.over(sheet) if sheet.by_link else welcome.declined(sealing.closed())


# --- Around the form --------------------------------------------------------------------------------------------------


def open_to(scene: Scene) -> tuple[Round, ...]:
    """The open rounds in which the person may answer for themselves."""
    running = Rounds(scene.visit.connection, scene.visit.now).running()
    sealed = (one for one in running if one.is_open and one.mode is Mode.SEALED)
    return tuple(one for one in sealed if box_of(scene.visit, one, scene.person.id) is not None)


def invite(scene: Scene, about: str) -> Outcome:
    """Where no form can open: the button that opens it."""
    return Show(sealing.invitation(_round(scene.visit, about)))


def show_stored(scene: Scene, about: str) -> Outcome:
    """What is stored of a round; the card speaks of answers without names where no round is meant."""
    return Show(stored.stored(Rounds(scene.visit.connection, scene.visit.now).get(about)))


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {buttons.SEAL: invite, buttons.STORED: show_stored}
