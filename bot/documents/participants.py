"""A programme's participants as tables: who comes to which meeting and what they need, and what to invoice whom."""

from __future__ import annotations

from collections.abc import Iterator

from bot.documents.dossier import Voice
from bot.documents.names import file_title
from bot.documents.spreadsheet import Cell, Sheet, comma_separated, excel
from bot.domain.offers import has_lapsed
from bot.domain.participants import Account, Booking, Participants, cancelled_at
from bot.domain.programmes import Occasion, Programme
from bot.domain.registrations import Seat, SeatState
from bot.domain.words import Moment, Period, Words, _
from bot.texts import Translator

_TITLE = _("Participant list")
_INVOICES = _("Invoice basis")

_WHO = (
    (_("Meeting"), 28),
    (_("When"), 32),
    (_("State"), 24),
    (_("Name"), 24),
    (_("E-mail"), 30),
    (_("Organisation"), 24),
    (_("Role group"), 18),
)
_TOLD = ((_("Access needs"), 36), (_("Registered by"), 24), (_("E-mail of whoever registered"), 30))
_ACCOUNTS = (
    (_("Organisation"), 28),
    (_("Invoice reference"), 24),
    (_("GLN"), 18),
    (_("Seats"), 40),
    (_("Calculation"), 44),
    (_("Total excluding VAT"), 14),
    (_("Late cancellations"), 14),
    (_("Currency"), 10),
    (_("Registered by"), 34),
)
_KNOWS = {"yes": _("Yes"), "no": _("Not yet"), "": ""}


def file_name(found: Participants, translator: Translator, *, invoices: bool = False) -> str:
    """What the file is called, without its ending."""
    say = Voice(translator)
    return file_title(say.line(_INVOICES if invoices else _TITLE), say.line(found.programme.title))


def excel_file(found: Participants, translator: Translator) -> bytes:
    """Both tables, the second one where anything is ever charged."""
    programme, say = found.programme, Voice(translator)
    sheets = (_seats(found, say), *(() if programme.free else (_invoices(found, say),)))
    about: dict[str, Words] = {"title": _TITLE, "author": programme.organiser, "subject": programme.title}
    return excel(sheets, about, found.read_at, say)


def csv_of_participants(found: Participants, translator: Translator) -> bytes:
    say = Voice(translator)
    return comma_separated(_seats(found, say), say)


def csv_of_invoices(found: Participants, translator: Translator) -> bytes:
    say = Voice(translator)
    return comma_separated(_invoices(found, say), say)


# --- Who comes --------------------------------------------------------------------------------------------------------


def _seats(found: Participants, say: Voice) -> Sheet:
    programme = found.programme
    lodging = ((_("Lodging and meals"), 14),) if programme.asks_lodging else ()
    known = ((_("Prior knowledge"), 16),) if programme.prerequisite else ()
    rows = tuple(_row(found, *one, say) for one in found.seats())
    return Sheet(_TITLE, (*_WHO, *lodging, *known, *_TOLD), rows)


def _row(found: Participants, occasion: Occasion, booking: Booking, seat: Seat, say: Voice) -> tuple[Cell, ...]:
    programme, registration, participant = found.programme, booking.registration, seat.participant
    lodging = (_("Yes") if seat.lodging else "",) if programme.asks_lodging else ()
    known = (_KNOWS[booking.prerequisite],) if programme.prerequisite else ()
    words: tuple[Words, ...] = (
        _("Called off: {title}", title=occasion.title) if occasion.cancelled else occasion.title,
        _when(programme, occasion, say),
        _state(programme, seat),
        participant.name,
        participant.email,
        registration.organisation,
        found.roles.get(participant.person, ""),
        *lodging,
        *known,
        registration.needs,
        booking.made_by.name,
        booking.made_by.email,
    )
    return tuple(say(one) for one in words)


def _when(programme: Programme, occasion: Occasion, say: Voice) -> str:
    """Each day on a line of its own."""
    return "\n".join(say.line(Period(day.starts_at, day.ends_at, programme.zone)) for day in occasion.days)


def _state(programme: Programme, seat: Seat) -> Words:
    match seat.state:
        case SeatState.CONFIRMED:
            return _("Registered")
        case SeatState.WAITING:
            return _("On the waiting list, place {n}", n=seat.position)
        case SeatState.OFFERED if seat.offered_until is not None:
            return _("Offered until {when}", when=Moment(seat.offered_until, programme.zone))
    if has_lapsed(seat):
        return _("Did not answer the offer in time")
    at = cancelled_at(seat)
    return _("Cancelled {when}", when=Moment(at, programme.zone)) if at is not None else _("Cancelled")


# --- What to invoice --------------------------------------------------------------------------------------------------


def _invoices(found: Participants, say: Voice) -> Sheet:
    return Sheet(_INVOICES, _ACCOUNTS, tuple(_account(one, say) for one in found.accounts()))


def _account(account: Account, say: Voice) -> tuple[Cell, ...]:
    price, registrations = account.price, [booking.registration for booking in account.bookings]
    bookers = (booking.made_by for booking in account.bookings)
    return (
        say(account.organisation),
        say(_each_once(one.invoice_reference for one in registrations)),
        say(_each_once(one.gln for one in registrations)),
        "\n".join(_held(account, say)),
        say(price.in_words()),
        price.total,
        account.late_cancellations,
        price.currency,
        say(_each_once(" ".join(part for part in (one.name, one.email) if part) for one in bookers)),
    )


def _held(account: Account, say: Voice) -> Iterator[str]:
    for occasion in account.programme.occasions:
        if number := account.held.get(occasion.id, 0):
            yield say(_("{title}: {n}", title=occasion.title, n=number))


def _each_once(written: Iterator[str]) -> str:
    return "\n".join(dict.fromkeys(one for one in written if one))
