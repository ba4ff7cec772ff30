"""What we say outside and to whom: exact hosts only, as anyone can own a name under a shared domain; short answers."""

from __future__ import annotations

import ipaddress
import json
from functools import lru_cache
from urllib.parse import urlsplit

import aiohttp
from pydantic_core import PydanticSerializationError, to_json

MAX_ANSWER_BYTES = 1_000_000


def is_loopback(host: str) -> bool:
    """Whether a host name (without port) can only mean this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@lru_cache(maxsize=100)
def may_call(service_url: str, hosts: tuple[str, ...]) -> bool:
    """Whether a service address is https on one of `hosts` (or http on one that is this machine)."""
    try:
        parts = urlsplit(service_url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    written = parts.netloc.lower()
    secure = parts.scheme == "https" and written.removesuffix(":443") in {h.removesuffix(":443") for h in hosts}
    local = parts.scheme == "http" and is_loopback(host) and written in hosts
    plain = not (parts.query or parts.fragment or parts.username or parts.password)
    return plain and port != 0 and (secure or local) and service_url.isascii() and service_url.isprintable()


def written(body: object) -> bytes:
    """JSON as it is sent. Half a character, which is no text, is replaced."""
    try:
        return to_json(body)  # a third of the time that json takes
    except PydanticSerializationError:
        return json.dumps(body, ensure_ascii=False).encode(errors="replace")


async def limited(response: aiohttp.ClientResponse) -> bytes:
    """The body of an answer; raises `ValueError` when it is absurdly long."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            raise ValueError("the answer is too long")
    return bytes(body)
