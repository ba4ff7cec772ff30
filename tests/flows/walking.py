"""Walking through a flow as a test does: start with facts, see the question, answer through JSON, see the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.conversation import Flow, Run, Turn
from bot.domain.people import Person
from bot.domain.prices import Quote, quote
from bot.domain.programmes import Programme
from bot.domain.refusals import Refusal
from bot.domain.registrations import Change, Participant, Register, Registration, Seat, SeatState, Substitution
from bot.flows import booking, changing, mine
from bot.messages import Answer, ChoiceField, Form, NumberField, View
from tests.flows.samples import DIRECTORY, NOW

ANNA = Person("anna", "Anna Ek", "anna@lund.se", organisation="SE-1281")
Choices = Mapping[str, Answer]


@dataclass
class Desk:
    """A registration desk in memory; `refuses` is raised by the next thing that is asked of it."""

    programme: Programme
    registration: Registration | None = None
    refuses: Refusal | None = None
    full: bool = False
    known: dict[str, str] = field(default_factory=dict)  # e-mail → person
    told: list[tuple[str, View]] = field(default_factory=list)
    asked: list[object] = field(default_factory=list)

    def _note(self, command: object) -> None:
        self.asked.append(command)
        if self.refuses is not None:
            refused, self.refuses = self.refuses, None
            raise refused

    def register(self, command: Register) -> Registration:
        self._note(command)
        state = SeatState.WAITING if self.full else SeatState.CONFIRMED
        seats = tuple(
            Seat(f"s{n}", "r1", command.programme, occasion, who, state, occasion in command.lodging, int(self.full))
            for n, (occasion, who) in enumerate(command.seats)
        )
        self.registration = Registration(
            "r1", command.programme, command.organisation, command.organisation_key, "anna", seats,
            command.invoice_reference, command.gln, command.needs,
        )  # fmt: skip
        return self.registration

    def ask_along(self, registration: Registration) -> None:
        """Nothing is open here."""

    def change(self, command: Change) -> Registration:
        self._note(command)
        return self._kept()

    def cancel(self, seats: tuple[str, ...]) -> Registration:
        self._note(seats)
        return self._kept()

    def substitute(self, seats: tuple[str, ...], participant: Participant) -> Substitution:
        self._note((seats, participant))
        person = self.known.get(participant.email, "")
        before = tuple(seat for seat in self._kept().seats if seat.id in seats)
        newcomer = replace(participant, person=person)
        after = tuple(replace(seat, participant=newcomer, sequence=1) for seat in before)
        replaced = tuple(seat.participant for seat in before)
        return Substitution(self._kept(), after, replaced, "" if person else "ABCDE-23456")

    def codes(self, seats: tuple[Seat, ...]) -> tuple[tuple[Participant, str], ...]:
        strangers = dict.fromkeys(seat.participant for seat in seats if seat.participant.name)
        return tuple((one, "ABCDE-23456") for one in strangers if not one.person)

    def priced(self, programme: str, organisation_key: str) -> Quote:
        seats = self._kept().seats
        counts = {seat.occasion: sum(s.occasion == seat.occasion for s in seats) for seat in seats}
        return quote(self.programme, counts, {})

    def calendar(self, seat: Seat) -> str:
        return f"https://bot.example.org/calendar/{seat.id}.ics"

    def tell(self, person: str, view: View, *, key: str) -> None:
        self.told.append((person, view))

    def _kept(self) -> Registration:
        assert self.registration is not None
        return self.registration


def booking_facts(programme: Programme, **changes: Any) -> booking.Facts:
    facts = booking.Facts(
        programme=programme,
        now=NOW,
        person=ANNA,
        directory=DIRECTORY,
        left={occasion.id: occasion.capacity for occasion in programme.occasions},
        mine=frozenset(),
        busy={},
        held={},
        unnamed={},
    )
    return replace(facts, **changes)


def changing_facts(desk: Desk, **changes: Any) -> changing.Facts:
    assert desk.registration is not None
    facts = changing.Facts(
        booking=mine.Booking(desk.programme, desk.registration, desk.registration.seats, desk.registration.made_by),
        now=NOW,
        person=ANNA,
        awaited=lambda: frozenset(occasion.id for occasion in desk.programme.occasions),
        held={},
        left={occasion.id: occasion.capacity for occasion in desk.programme.occasions},
    )
    return replace(facts, **changes)


class Walk:
    """Somebody's way through a flow; the state goes through JSON before every answer, as after a restart."""

    def __init__(self, flow: Flow[Any, Any, Any], state: Any, facts: Any, desk: Desk) -> None:
        self.flow, self.facts, self.desk = flow, facts, desk
        self.turn: Turn[Any] = flow.begin(Run("run", state), facts, desk)

    @property
    def view(self) -> View:
        return self.turn.view

    @property
    def form(self) -> Form:
        assert isinstance(self.turn.view, Form), self.turn.view
        return self.turn.view

    @property
    def step(self) -> str:
        return self.turn.run.step

    def answer(self, **answers: Answer) -> View:
        """Fill in these fields and leave the others as they stand."""
        self._restart()
        named = {name.replace("__", "."): value for name, value in answers.items()}
        self.turn = self.flow.receive(self.turn.run, {**self.form.values, **named}, self.facts, self.desk)
        return self.turn.view

    def back(self) -> View:
        self._restart()
        self.turn = self.flow.back(self.turn.run, self.facts, self.desk)
        return self.turn.view

    def steps(self, wanted: Choices) -> Iterator[tuple[str, Form]]:
        """Go on to the end with these answers, and with what can stand where none is given; each form on the way."""
        while isinstance(self.view, Form):
            yield self.step, self.form
            before = self.form
            self._restart()
            self.turn = self.flow.receive(
                self.turn.run, {**before.values, **dict(fitting(before, wanted))}, self.facts, self.desk
            )
            shown = self.turn.view
            assert not (isinstance(shown, Form) and shown.token == before.token), (before, shown)

    def to_end(self, **wanted: Answer) -> View:
        for _step in self.steps({name.replace("__", "."): value for name, value in wanted.items()}):
            pass
        return self.view

    def _restart(self) -> None:
        run = self.turn.run
        self.turn = replace(self.turn, run=replace(run, state=self.flow.load(self.flow.dump(run.state))))


def fitting(form: Form, wanted: Choices) -> Iterator[tuple[str, Answer]]:
    """An answer for every field that has to be answered, or that is wanted."""
    for one in form.fields:
        prefix = one.name.partition(".")[0]
        if one.name in wanted or prefix in wanted:
            yield one.name, wanted.get(one.name, wanted.get(prefix, ""))
        elif form.values.get(one.name) or not one.required:
            continue
        elif isinstance(one, ChoiceField):
            yield one.name, one.options[0].value
        elif isinstance(one, NumberField):
            yield one.name, str(one.most)
        else:
            yield one.name, "anna@lund.se" if one.email else "REF-1"
