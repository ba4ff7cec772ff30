"""The ground that other tests stand on: fresh databases, and no way out of this machine."""

import asyncio
import socket

import pytest
from sqlalchemy import create_engine, inspect, text

from storage.tables import metadata


@pytest.mark.parametrize("again", [1, 2])
def test_a_database_is_fresh_and_has_every_table(engine_url: str, again: int) -> None:
    engine = create_engine(engine_url)
    assert set(inspect(engine).get_table_names()) == set(metadata.tables)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE left_behind (number integer)"))
    engine.dispose()


def test_no_connection_leaves_this_machine() -> None:
    with socket.socket() as outward, pytest.raises(RuntimeError, match="only this machine"):
        outward.connect(("192.0.2.1", 80))
    with socket.socket() as outward, pytest.raises(RuntimeError, match="only this machine"):
        outward.connect_ex(("192.0.2.1", 80))


def test_no_name_is_looked_up_elsewhere() -> None:
    with pytest.raises(RuntimeError, match="only this machine"):
        socket.getaddrinfo("slack.com", 443)


async def test_asyncio_is_held_back_too() -> None:
    with pytest.raises(RuntimeError, match="only this machine"):
        await asyncio.open_connection("192.0.2.1", 80)


async def test_this_machine_can_be_reached() -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "localhost", 0)
    async with server:
        reader, writer = await asyncio.open_connection("localhost", server.sockets[0].getsockname()[1])
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
