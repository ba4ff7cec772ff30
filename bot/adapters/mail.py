"""Mail over SMTP: each mail over a connection of its own, encrypted unless the server is this machine."""

from __future__ import annotations

import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as LINES
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib import SMTP, SMTPException, SMTPRecipientsRefused, SMTPResponseException

from bot.domain.values import dataclass
from bot.ports import Mail, Trouble, Undeliverable

_PATIENCE = 30  # seconds, for each answer of the server
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_POLICY = LINES.clone(cte_type="7bit")  # whatever the servers on the way can take
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class MailConfig:
    """Where mails are handed over, and who sends them."""

    host: str
    port: int
    scheme: str  # "smtp" (in the clear), "smtp+starttls" or "smtps"
    username: str
    password: str
    sender: str  # e-mail address

    @classmethod
    def of(cls, url: str, sender: str) -> MailConfig:
        """The server at an address such as `smtp+starttls://user:password@host:587`."""
        parts = urlsplit(url)
        return cls(
            host=parts.hostname or "",
            port=parts.port or _PORTS[parts.scheme],
            scheme=parts.scheme,
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            sender=sender,
        )


class SmtpMailer:
    """Hands mails to a server. Implements `bot.ports.Mailer`."""

    def __init__(self, config: MailConfig) -> None:
        self._config = config

    async def send(self, mail: Mail) -> None:
        message = self._message(mail)
        async with self._connection() as server:
            try:
                await server.send_message(message, sender=self._config.sender, recipients=[mail.recipient])
            except (SMTPException, OSError, ValueError) as error:
                raise _trouble(error, begun=True) from error

    async def check(self) -> None:
        """Connect and sign in, and send nothing. Raises `Undeliverable`."""
        async with self._connection():
            pass

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[SMTP]:
        """A server that has let us in."""
        config = self._config
        server = SMTP(
            hostname=config.host,
            port=config.port,
            use_tls=config.scheme == "smtps",
            start_tls=config.scheme == "smtp+starttls",
            timeout=_PATIENCE,
        )
        try:
            await server.connect()
            if config.username:
                await server.login(config.username, config.password)
        except (SMTPException, OSError, ValueError) as error:
            server.close()
            raise _trouble(error, begun=False) from error
        try:
            yield server
        finally:
            await _leave(server)

    def _message(self, mail: Mail) -> EmailMessage:
        """The mail as it travels. Raises `Undeliverable` for an address that is none."""
        message = EmailMessage(_POLICY)
        try:
            message["From"] = Address("Lärträff", addr_spec=self._config.sender)
            message["To"] = Address(addr_spec=mail.recipient)
        except (ValueError, IndexError, MessageError) as error:
            raise Undeliverable(Trouble.FAULT, "not an e-mail address") from error
        message["Subject"] = _CONTROLS.sub(" ", mail.subject)
        message["Date"] = format_datetime(mail.sent_at)
        message["Message-ID"] = f"<{mail.id}@{self._config.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"  # nobody's absence is answered to us
        message.set_content(mail.body)
        for one in mail.attachments:
            main, _slash, sub = one.media_type.partition("/")
            message.add_attachment(one.content, maintype=main, subtype=sub, filename=one.name)
        return message


async def _leave(server: SMTP) -> None:
    """Say goodbye; what was handed over stays handed over, whatever comes back."""
    try:
        await server.quit(timeout=1)
    except (SMTPException, OSError):
        server.close()


def _trouble(error: Exception, *, begun: bool) -> Undeliverable:
    """What an error of the library's means to us; `begun` when the mail may have been taken meanwhile."""
    inner = error.__cause__ if isinstance(error, aiosmtplib.SMTPConnectError) else error
    if isinstance(inner, ssl.SSLCertVerificationError):
        return Undeliverable(Trouble.LATER, f"certificate not trusted: {inner.verify_message}")
    if isinstance(inner, ssl.SSLError):
        return Undeliverable(Trouble.LATER, "no encryption")
    if not begun and type(error) is SMTPException:  # the library's own: the server offers no STARTTLS, or no sign-in
        return Undeliverable(Trouble.LATER, str(error))
    match error:
        case aiosmtplib.SMTPAuthenticationError():
            return Undeliverable(Trouble.LATER, f"sign-in refused ({error.code})")  # somebody may set that right
        case SMTPRecipientsRefused():
            return _refused(error.recipients[0].code)
        case SMTPResponseException():
            return _refused(error.code)
        case aiosmtplib.SMTPNotSupported() | ValueError():
            return Undeliverable(Trouble.FAULT, type(error).__name__)
        case aiosmtplib.SMTPConnectError():
            return Undeliverable(Trouble.LATER, "no connection")
    return Undeliverable(Trouble.UNKNOWN if begun else Trouble.LATER, "no answer")


def _refused(code: int) -> Undeliverable:
    """The server's own word: codes from 500 are for good, those below ask us to come back."""
    return Undeliverable(Trouble.GONE if code >= 500 else Trouble.LATER, f"SMTP {code}")
