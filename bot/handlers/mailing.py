"""A round's documents by mail: put down when the round closes, written and sent afterwards, and given up aloud."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.documents.dossier import Dossier, Voice, file_name
from bot.domain.rounds import Round
from bot.domain.values import dataclass
from bot.domain.words import Moment, Text, _
from bot.flows import documents
from bot.handlers import matters, shelf
from bot.handlers.visit import Surroundings, Visit
from bot.messages import Card
from bot.ports import Attachment, Clock, Mail, Mailer, Trouble, Undeliverable, UnitOfWork
from bot.texts import Translators, original
from storage.mails import FAILED, SENT, Dispatch, Mails

_ROUND = "round"  # the only kind of mail there is

_LEASE = timedelta(minutes=10)
"""Longer than any mail server takes. A process that dies while it sends leaves the mail to whoever looks after that."""

_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480))
"""Before each new attempt: a server that is away over night is waited for, fifteen hours in all."""

_MOST_ATTEMPTS = len(_PAUSES) + 1

_UNNOTICED = timedelta(hours=1)
"""No mail waits longer than this without the coordinators' hearing of it: they may pass the documents on themselves."""

_REST = timedelta(days=2)
"""Longer than a mail is tried: whoever has seen to it is not told of the same mail again."""

_NO_ANSWER = "no answer"
_WORTH_A_TRY = (Trouble.LATER, Trouble.UNKNOWN)


def mail_round(visit: Visit, round: Round) -> None:
    """Have the documents of a round that closes mailed to the address that its programme names, once."""
    if round.mail_to:
        language = original(visit.programmes[round.programme].title)
        Mails(visit.connection, visit.now).add(
            _key(round.id),
            programme=round.programme,
            recipient=round.mail_to,
            language=language,
            kind=_ROUND,
            about=round.id,
        )


def receipt(visit: Visit, round: str) -> Text | None:
    """What has become of the mail with a round's documents, for coordinators; None when there is none."""
    mail = Mails(visit.connection, visit.now).of(_key(round))
    if mail is None:
        return None
    if mail.state == SENT and mail.sent_at is not None:
        programme = visit.programmes.get(mail.programme)
        when = Moment(mail.sent_at, programme.zone) if programme is not None else ""
        return _("Sent to {recipient}, {when}", recipient=mail.recipient, when=when)
    if mail.state == FAILED:
        return _("Could not be sent to {recipient}", recipient=mail.recipient)
    if mail.reason:
        return _("Not sent to {recipient} yet, I keep trying ({reason})", recipient=mail.recipient, reason=mail.reason)
    return _("On its way to {recipient}", recipient=mail.recipient)


def _key(round: str) -> str:
    return f"round:{round}"


@dataclass(frozen=True, slots=True)
class _Taken:
    """A mail that is ours to send, with what it is written from."""

    dispatch: Dispatch
    dossier: Dossier


class Postman:
    """Sends what is due. Several may run at once: mails are claimed, not shared.

    When a process dies after the server took a mail and before that was noted, the mail goes again, under the same id.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        clock: Clock,
        surroundings: Surroundings,
        translators: Translators,
        mailer: Mailer | None,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._surroundings = surroundings
        self._translators = translators
        self._mailer = mailer

    async def run(self) -> None:
        """Send everything that is due now; without a mail server, tell coordinators instead."""
        while (dispatch := await self._unit_of_work.run_behind(self._claim)) is not None:
            taken = await self._unit_of_work.run_behind(partial(self._read, dispatch=dispatch))
            if taken is not None:
                await self._handle(taken)

    def _claim(self, connection: Connection) -> Dispatch | None:
        return Mails(connection, self._clock.now()).claim(_LEASE)

    def _read(self, connection: Connection, dispatch: Dispatch) -> _Taken | None:
        """The mail with what stands on the board now; None when the round or its programme is no longer here."""
        visit = self._visit(connection)
        found = shelf.read(connection, visit.now, visit.programmes, visit.surroundings.directory, dispatch.about)
        if found is None:
            Mails(connection, visit.now).failed(dispatch, "nothing to send")
            return None
        taken = _Taken(dispatch, shelf.whole(found))
        if dispatch.attempts > 1:  # whoever had it last may have died
            _tell_in_time(visit, taken, dispatch.reason, until=visit.now + _LEASE)
        return taken

    def _visit(self, connection: Connection) -> Visit:
        return Visit(connection, self._clock.now(), self._surroundings)

    async def _handle(self, taken: _Taken) -> None:
        if self._mailer is None:
            await self._unit_of_work.run_behind(partial(self._give_up, taken=taken, reason=""))
        elif taken.dispatch.attempts > _MOST_ATTEMPTS:  # begun again and again, and never ended
            reason = taken.dispatch.reason or _NO_ANSWER
            await self._unit_of_work.run_behind(partial(self._give_up, taken=taken, reason=reason))
        else:
            await self._send(taken, self._mailer)

    async def _send(self, taken: _Taken, mailer: Mailer) -> None:
        # In a thread: to write a document takes longer than anybody else should wait.
        mail = await asyncio.to_thread(self._written, taken)
        try:
            await mailer.send(mail)
        except Undeliverable as trouble:
            await self._unit_of_work.run_behind(partial(self._troubled, taken=taken, trouble=trouble))
        else:
            await self._unit_of_work.run_behind(partial(self._sent, taken=taken))

    def _sent(self, connection: Connection, taken: _Taken) -> None:
        visit = self._visit(connection)
        Mails(connection, visit.now).sent(taken.dispatch)
        matters.settled(visit, key=_matter(taken.dispatch))

    def _troubled(self, connection: Connection, taken: _Taken, trouble: Undeliverable) -> None:
        if trouble.trouble in _WORTH_A_TRY and taken.dispatch.attempts < _MOST_ATTEMPTS:
            visit = self._visit(connection)
            again = visit.now + _PAUSES[taken.dispatch.attempts - 1]
            if Mails(connection, visit.now).later(taken.dispatch, again, trouble.reason):
                _tell_in_time(visit, taken, trouble.reason, until=again)
        else:
            self._give_up(connection, taken, trouble.reason)

    def _give_up(self, connection: Connection, taken: _Taken, reason: str) -> None:
        """Leave it to the coordinators to pass the documents on; without a reason, there is no mail server."""
        visit, mail = self._visit(connection), taken.dispatch
        if Mails(connection, visit.now).failed(mail, reason or "no mail server"):  # or somebody else has it
            _tell(visit, taken, documents.not_mailed, reason)

    def _written(self, taken: _Taken) -> Mail:
        """The mail itself: the letter, with everything as Word and as Excel."""
        from bot.documents import cover, spreadsheet, tables, word  # 13 MB that nobody needs before the first document

        dispatch, dossier = taken.dispatch, taken.dossier
        translator = self._translators(dispatch.language)
        name = file_name(dossier, Voice(translator))
        return Mail(
            id=dispatch.id,
            recipient=dispatch.recipient,
            subject=cover.subject(dossier, translator),
            body=cover.body(dossier, translator),
            sent_at=dossier.written_at,
            attachments=(
                Attachment(f"{name}.docx", word.MEDIA_TYPE, word.word_file(dossier, translator)),
                Attachment(f"{name}.xlsx", spreadsheet.EXCEL_MEDIA_TYPE, tables.excel_file(dossier, translator)),
            ),
        )


# --- Telling coordinators ---------------------------------------------------------------------------------------------


def _matter(mail: Dispatch) -> str:
    return f"mail:{mail.id}"


def _tell_in_time(visit: Visit, taken: _Taken, reason: str, *, until: datetime) -> None:
    """Let coordinators know of a mail that will have waited too long when it is tried again."""
    if until > taken.dispatch.written_at + _UNNOTICED:
        _tell(visit, taken, documents.not_mailed_yet, reason or _NO_ANSWER)


def _tell(visit: Visit, taken: _Taken, words: Callable[..., Card], reason: str) -> None:
    """One matter for each mail, which says how it stands by now."""
    mail = taken.dispatch
    page = shelf.address(visit, mail.about)
    view = words(taken.dossier.title, mail.recipient, page, mail.language, reason=reason)
    matters.keep_matter(visit, key=_matter(mail), programme=mail.programme, kind="mail", view=lambda: view, rest=_REST)
