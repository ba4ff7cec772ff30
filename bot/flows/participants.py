"""A programme's participants as a coordinator is handed them: how many have told what, and files that name them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.participants import Participants
from bot.domain.people import Language
from bot.domain.programmes import Programme
from bot.domain.words import Text, _, n_
from bot.flows import buttons, occasions
from bot.messages import Action, Button, Card, Fact, Tone

PARTICIPANTS = "participant_list"  # about a programme


def way_to(programme: Programme) -> Button:
    return Button(_("Participant list"), Action(PARTICIPANTS, programme.id))


def choose(programmes: Sequence[Programme]) -> Card:
    """Which programme's, where several go on."""
    items, short = buttons.to_choose(
        [Button(occasions.programme_name(one, programmes), Action(PARTICIPANTS, one.id)) for one in programmes]
    )
    return Card(_("Participant list"), items=items, buttons=short)


def nothing_yet(programme: Programme) -> Card:
    return Card(_title(programme), body=(_("Nobody has registered yet."),))


def card(found: Participants, page: str, language: Language) -> Card:
    """The files. `page` is the address that they lie under; they speak the language of whoever gets the buttons."""
    return Card(
        _title(found.programme),
        body=(
            _("For each meeting: who comes, who waits and who has cancelled, with e-mail address, organisation and "
              "what they need."),
            _("The links work for an hour, and for whoever has them. The files name people: keep them where your "
              "organisation keeps such things, and delete them when you are done."),
        ),
        facts=tuple(_facts(found)),
        buttons=tuple(_files(found.programme, page, language)),
    )  # fmt: skip


def _title(programme: Programme) -> Text:
    return _("Participant list: {programme}", programme=programme.title)


def _facts(found: Participants) -> Iterator[Fact]:
    number = len(found.bookings)
    yield Fact(_("Registrations"), str(number))
    if needing := sum(bool(one.registration.needs) for one in found.bookings):
        yield Fact(_("Access needs"), n_("in {n} registration", "in {n} registrations", needing))


def _files(programme: Programme, page: str, language: Language) -> Iterator[Button]:
    yield Button(_("Download Excel"), url=f"{page}/participants.xlsx?language={language}", tone=Tone.PRIMARY)
    yield Button(_("Participants as CSV"), url=f"{page}/participants.csv?language={language}")
    if not programme.free:
        yield Button(_("Invoice basis as CSV"), url=f"{page}/invoices.csv?language={language}")
