"""Mail over SMTP: what arrives, and what each refusal means."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from ssl import SSLContext

import pytest

from bot import doctor
from bot.adapters.mail import MailConfig, SmtpMailer
from bot.ports import Attachment, Mail, Trouble, Undeliverable
from tests.fixtures.smtp_stand_in import MailServer, certificate, mail_server

AT = datetime(2027, 2, 9, 15, tzinfo=UTC)
MAIL = Mail(
    "abc123",
    "diariet@example.se",
    "Uppstart: dokument från Åsa\r\nBcc: evil@example.org",
    "Hej!\n\n.\nÅäö 👩🏽‍🏫\n" + "lång rad " * 300,
    AT,
    (Attachment("Uppstart-på-ön.docx", "application/x-word", bytes(range(256)) * 40),),
)


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with mail_server() as listening:
        yield listening


def mailer(server: MailServer, *, user: str = "", port: int = 0, scheme: str = "smtp") -> SmtpMailer:
    return SmtpMailer(MailConfig.of(f"{scheme}://{user}127.0.0.1:{port or server.port}", "larttraff@example.se"))


async def trouble(sending: SmtpMailer, mail: Mail = MAIL) -> tuple[Trouble, str]:
    with pytest.raises(Undeliverable) as caught:
        await sending.send(mail)
    return caught.value.trouble, caught.value.reason


async def test_a_mail_arrives_as_it_was_written(server: MailServer) -> None:
    await mailer(server, user="anna:hemligt%40@").send(MAIL)
    (message,) = server.taken
    assert server.recipients == ["diariet@example.se"]
    body, attached = message.get_body(("plain",)), list(message.iter_attachments())
    assert body is not None
    assert body.get_content().split() == MAIL.body.split()
    assert [(one.get_filename(), one.get_content()) for one in attached] == [
        ("Uppstart-på-ön.docx", MAIL.attachments[0].content)
    ]


async def test_the_headers_say_who_what_and_that_a_machine_wrote_it(server: MailServer) -> None:
    await mailer(server).send(MAIL)
    (message,) = server.taken
    assert message["From"] == "Lärträff <larttraff@example.se>"
    assert message["To"] == "diariet@example.se"
    assert message["Message-ID"] == "<abc123@example.se>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == AT


async def test_a_title_cannot_add_a_header(server: MailServer) -> None:
    await mailer(server).send(MAIL)
    (message,) = server.taken
    assert message["Bcc"] is None
    assert message["Subject"] == "Uppstart: dokument från Åsa Bcc: evil@example.org"


@pytest.mark.parametrize(
    ("says", "meant"),
    [
        ({"RCPT": "550 5.1.1 no such mailbox"}, (Trouble.GONE, "SMTP 550")),
        ({"RCPT": "451 greylisted"}, (Trouble.LATER, "SMTP 451")),
        ({"MAIL": "553 not you"}, (Trouble.GONE, "SMTP 553")),
        ({"DATA": "452 no room"}, (Trouble.LATER, "SMTP 452")),
        ({"CONTENT": "552 too large"}, (Trouble.GONE, "SMTP 552")),
        ({"CONNECT": "421 too busy"}, (Trouble.LATER, "SMTP 421")),
        ({"AUTH": "535 wrong"}, (Trouble.LATER, "sign-in refused (535)")),
    ],
)
async def test_what_a_refusal_means(server: MailServer, says: dict[str, str], meant: tuple[Trouble, str]) -> None:
    server.says = says
    assert await trouble(mailer(server, user="anna:hemligt@")) == meant
    assert server.taken == []


async def test_a_line_that_goes_dead_after_the_content_leaves_it_open_whether_it_arrived(server: MailServer) -> None:
    server.hangs_up_after = "DATA"
    assert (await trouble(mailer(server)))[0] is Trouble.UNKNOWN


async def test_a_server_that_is_not_there_is_tried_again(server: MailServer) -> None:
    assert await trouble(mailer(server, port=1)) == (Trouble.LATER, "no connection")


@pytest.mark.parametrize("recipient", ["", "utan snabel-a", "a@b\r\nBcc: evil@example.org", "<a@b>, c@d"])
async def test_what_is_no_address_is_given_up_before_anything_is_sent(server: MailServer, recipient: str) -> None:
    assert await trouble(mailer(server), replace(MAIL, recipient=recipient)) == (Trouble.FAULT, "not an e-mail address")
    assert server.taken == []


def test_the_address_of_a_server_says_everything() -> None:
    found = MailConfig.of("smtp+starttls://anna%40lund.se:s%2Fnd@mail.example.se", "x@example.se")
    assert (found.host, found.port, found.username, found.password) == (
        "mail.example.se", 587, "anna@lund.se", "s/nd"
    )  # fmt: skip
    assert MailConfig.of("smtps://mail.example.se", "x@example.se").port == 465


async def test_the_doctor_signs_in_and_sends_nothing(server: MailServer) -> None:
    sending = mailer(server, user="anna:hemligt@")
    assert [one.ok for one in await doctor.mail(sending.check)] == [True]
    server.says = {"AUTH": "535 wrong"}
    (wrong,) = await doctor.mail(sending.check)
    assert (wrong.ok, wrong.what) == (False, "The mail server does not let us in (sign-in refused (535))")
    assert server.taken == []


# --- Encrypted --------------------------------------------------------------------------------------------------------

HERE = "127.0.0.1"
BEFORE_THE_CLOAK = {"smtp+starttls": ["EHLO", "STARTTLS"], "smtps": []}
"""All that anybody on the way may read, in either scheme."""


@pytest.fixture
def badge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int, bool], SSLContext]:
    """Makes what a server speaks with: for an address, for so many days, and trusted by this machine or not."""

    def make(host: str, days: int, is_trusted: bool) -> SSLContext:
        file, speaking = certificate(tmp_path, host, days=days)
        if is_trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(file))  # as an administrator would
        return speaking

    return make


@pytest.fixture
def trusted(badge: Callable[[str, int, bool], SSLContext]) -> SSLContext:
    return badge(HERE, 1, True)


def speaking(scheme: str, cloak: SSLContext) -> dict[str, SSLContext]:
    return {"only" if scheme == "smtps" else "offers": cloak}


@pytest.mark.parametrize("scheme", BEFORE_THE_CLOAK)
async def test_name_password_and_mail_travel_encrypted(trusted: SSLContext, scheme: str) -> None:
    async with mail_server(**speaking(scheme, trusted)) as server:
        await mailer(server, user="anna:hemligt@", scheme=scheme).send(MAIL)
    assert (len(server.taken), server.in_the_clear) == (1, BEFORE_THE_CLOAK[scheme])


async def test_control_in_the_clear_everything_can_be_read(server: MailServer) -> None:
    await mailer(server, user="anna:hemligt@").send(MAIL)
    assert server.in_the_clear == ["EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]


@pytest.mark.parametrize(
    ("shown", "is_trusted", "why"),
    [
        ((HERE, 2), False, "self-signed certificate"),
        (("127.0.0.2", 2), True, f"IP address mismatch, certificate is not valid for '{HERE}'."),
        ((HERE, -1), True, "certificate has expired"),
    ],
    ids=["of nobody we trust", "of somebody else", "expired"],
)
@pytest.mark.parametrize("scheme", BEFORE_THE_CLOAK)
async def test_a_server_that_cannot_show_who_it_is_gets_nothing_and_is_tried_again(
    badge: Callable[[str, int, bool], SSLContext], scheme: str, shown: tuple[str, int], is_trusted: bool, why: str
) -> None:
    async with mail_server(**speaking(scheme, badge(*shown, is_trusted))) as server:
        said = await trouble(mailer(server, user="anna:hemligt@", scheme=scheme))
    assert said == (Trouble.LATER, f"certificate not trusted: {why}")
    assert (server.taken, server.in_the_clear) == ([], BEFORE_THE_CLOAK[scheme])


@pytest.mark.parametrize(
    ("scheme", "why"),
    [("smtp+starttls", "SMTP STARTTLS extension not supported by server."), ("smtps", "no encryption")],
)
async def test_a_server_that_does_not_encrypt_gets_neither_password_nor_mail(
    server: MailServer, scheme: str, why: str
) -> None:
    assert await trouble(mailer(server, user="anna:hemligt@", scheme=scheme)) == (Trouble.LATER, why)
    assert server.taken == []
    assert not {"AUTH", "MAIL", "DATA"} & set(server.in_the_clear)


async def test_the_doctor_says_what_is_wrong_with_the_certificate(tmp_path: Path) -> None:
    async with mail_server(offers=certificate(tmp_path, HERE)[1]) as server:
        (wrong,) = await doctor.mail(mailer(server, scheme="smtp+starttls").check)
    assert wrong.what == "The mail server does not let us in (certificate not trusted: self-signed certificate)"
