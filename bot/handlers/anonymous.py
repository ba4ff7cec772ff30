"""The path that never sees who speaks: answers that people give for themselves, sealed until their round closes.

Who it is is found out in one transaction, and what they have written is put away in another one that knows only a
marker. Nothing that names anybody (a delivery, a run, a message) is written with a text, or stored beside it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from bot import keys
from bot.conversation import clean, read
from bot.domain import guard
from bot.domain.people import Language
from bot.domain.refusals import Gone, NotAllowed, Refusal
from bot.domain.rounds import Mode, Round
from bot.flows import buttons, sealing, welcome
from bot.flows.sealing import Sheet
from bot.handlers import by_link
from bot.handlers.events import Event, Inbound, Pressed, Reply, Submitted, WentBack
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.scene import Scene
from bot.handlers.urns import box_of, texts_in
from bot.handlers.visit import Surroundings, Visit
from bot.messages import Answer, View
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
    roster: frozenset[str]  # names to look for in what is written
    language: Language


@dataclass(frozen=True, slots=True)
class _Slip:
    """What goes on from there: no name, no account, and nothing that leads to one but the marker."""

    sheet: Sheet
    urn: str
    marker: bytes
    key: bytes  # what seals the box
    roster: frozenset[str]


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
            if not inbound.in_window:
                return Reply(sealing.invitation(round), language)
            return _let_in(visit, round, known.person.id, language)
        except Refusal as refused:
            return Reply(welcome.declined(refused.reason), language)

    # What they write

    async def _answer(self, admitted: _Admitted, event: Event | None) -> View:
        typed = _typed(admitted.sheet, event.answers) if isinstance(event, Submitted) else {}
        try:
            slip = self._slip(admitted)
        except LookupError:  # the urn has been emptied
            return _came_late(admitted.sheet, typed)
        except (OSError, keys.UnusableKeyError):
            log.exception("the keys of an urn cannot be reached")
            return sealing.refused(admitted.sheet, typed, reason=sealing.out_of_reach())
        if isinstance(event, Submitted):
            return await self._take(slip, event, typed)
        return sealing.form(slip.sheet, {} if slip.sheet.by_link else await self._sent_before(slip))

    def _slip(self, admitted: _Admitted) -> _Slip:
        """Raises `LookupError` when the round has closed, and what the keys raise when they cannot be reached."""
        if not admitted.sheet.round.is_open:
            raise LookupError
        marking, sealing_key = self._surroundings.urn_keys.keys(admitted.urn)
        marker = keys.marker(marking, admitted.person)
        return _Slip(admitted.sheet, admitted.urn, marker, sealing_key, admitted.roster)

    async def _sent_before(self, slip: _Slip) -> sealing.Texts:
        box = await self._unit_of_work.run_alone(lambda connection: Urns(connection).box(slip.urn, slip.marker))
        return texts_in(slip.key, slip.marker, box) if box is not None else {}

    async def _take(self, slip: _Slip, event: Submitted, typed: Typed) -> View:
        values, errors = read(sealing.fields(slip.sheet), event.answers)
        if errors:
            return sealing.refused(slip.sheet, typed, errors=errors)
        texts = sealing.texts(values)
        known = self._surroundings.directory.words
        personal = tuple(one.words for text in texts.values() for one in guard.found(text, slip.roster, known))
        if personal and sealing.read_token(event.token) != (slip.sheet.round.id, sealing.LOOK):
            return sealing.second_look(slip.sheet, typed, personal)
        return await self._put_away(slip, texts, typed) if texts else await self._take_back(slip)

    async def _put_away(self, slip: _Slip, texts: sealing.Texts, typed: Typed) -> View:
        try:
            box = keys.seal(slip.key, slip.marker, json.dumps(texts, ensure_ascii=False))
        except keys.TooLongError as error:
            return sealing.refused(slip.sheet, typed, reason=sealing.too_long(error.over))
        put = await self._unit_of_work.run_alone(partial(self._put, slip=slip, box=box))
        return sealing.thanks(slip.sheet) if put else _came_late(slip.sheet, typed)

    async def _take_back(self, slip: _Slip) -> View:
        there = await self._unit_of_work.run_alone(partial(self._take_out, slip=slip))
        if slip.sheet.by_link:
            return sealing.none_left(slip.sheet)
        return sealing.taken_back(slip.sheet) if there else sealing.nothing_written(slip.sheet)

    # The second transaction. Nothing else may happen in it: what it writes could be told to belong together.

    def _put(self, connection: Connection, slip: _Slip, box: bytes) -> bool:
        if not self._is_open(connection, slip):
            return False
        Urns(connection).put(slip.urn, slip.marker, box)
        return True

    def _take_out(self, connection: Connection, slip: _Slip) -> bool:
        return self._is_open(connection, slip) and Urns(connection).take_out(slip.urn, slip.marker)

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
            return found[0] if found is not None else None
    return None


def _round(visit: Visit, id: str) -> Round:
    """Raises `Gone`."""
    found = Rounds(visit.connection, visit.now).get(id)
    if found is None or found.mode is not Mode.SEALED or found.programme not in visit.programmes:
        raise Gone(sealing.closed())
    return found


def _let_in(visit: Visit, round: Round, person: str, language: Language) -> _Admitted:
    """Raises `NotAllowed` for somebody who is not asked, and `Gone` when the round was never open."""
    box = box_of(visit, round, person)
    if box is None:
        raise NotAllowed(sealing.for_others())
    urn = next((one for one in Urns(visit.connection).of_round(round.id) if one.box == box.role), None)
    if urn is None:
        raise Gone(sealing.closed())
    sheet = Sheet(round, box, visit.programmes[round.programme].zone)
    roster = Groups(visit.connection, visit.now).roster(round.programme)
    return _Admitted(person, sheet, urn.id, roster, language)


def _typed(sheet: Sheet, answers: Mapping[str, Answer]) -> Typed:
    """What is shown again: every word, without what could break the showing."""
    names = (field.name for field in sealing.fields(sheet))
    given = {name: answers[name] for name in names if name in answers}
    return {name: clean(one if isinstance(one, str) else " ".join(one), long=True) for name, one in given.items()}


def _came_late(sheet: Sheet, typed: Typed) -> View:
    """The round is not open: whoever has written something gets it back."""
    if any(typed.values()):
        return sealing.refused(sheet, typed, reason=sealing.just_closed())
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
    return Show(sealing.stored(Rounds(scene.visit.connection, scene.visit.now).get(about)))


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {buttons.SEAL: invite, buttons.STORED: show_stored}
