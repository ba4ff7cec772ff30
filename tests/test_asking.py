"""Why another machine cannot be reached: the doctor names what stands in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from ssl import SSLContext

from bot.assembly import shared_session
from bot.doctor import asking
from bot.doctor.findings import Finding
from tests.fixtures.smtp_stand_in import certificate


async def asked(url: str, proxy: str = "") -> tuple[str, str]:
    async with shared_session(proxy) as session:
        finding = await asking.ask(session, "GET", url)
    assert isinstance(finding, Finding)
    assert finding.ok is False
    return finding.what, finding.action


@asynccontextmanager
async def answering(answer: bytes, ssl: SSLContext | None = None) -> AsyncIterator[int]:
    """Something that gives everybody this answer; its port."""

    async def give(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(give, "127.0.0.1", 0, ssl=ssl) as server:
        yield server.sockets[0].getsockname()[1]


async def test_a_network_with_a_certificate_of_its_own_is_told_where_to_put_it(tmp_path: Path) -> None:
    _file, speaking = certificate(tmp_path, "127.0.0.1")
    async with answering(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", speaking) as port:
        what, advice = await asked(f"https://127.0.0.1:{port}/")
        assert what == f"127.0.0.1:{port} shows a certificate that is not trusted (self-signed certificate)"
        assert "SSL_CERT_FILE" in advice


async def test_a_proxy_that_refuses_is_told_apart_from_one_that_is_not_there() -> None:
    refuses = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    async with answering(refuses) as port:
        what, advice = await asked("https://slack.com/api/", proxy := f"http://127.0.0.1:{port}")
    assert what == "The proxy does not let us through to slack.com (407)"
    assert "name and password in LARTRAFF_PROXY" in advice
    assert (await asked("https://slack.com/api/", proxy))[0] == "The proxy on the way to slack.com cannot be reached"


async def test_a_name_that_leads_nowhere_is_the_networks_matter() -> None:
    what, advice = await asked("http://127.0.0.1:9/")
    assert what == "127.0.0.1:9 cannot be reached (ClientConnectorError)"
    assert "firewall" in advice
