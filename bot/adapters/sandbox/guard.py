"""What every request to the sandbox must pass: it has no sign-in, so it answers this computer's own browser only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from bot.adapters.sandbox.inbound import Fields, NotUnderstoodError, fields

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Refuse = Callable[[int, str], web.Response]
"""Status and the name of a label → a page that says it."""

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    # Not `no-referrer`: then a browser would send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

BODY_AT_MOST: Final = 256 * 1024  # bytes; a form of ours with every field full stays below a tenth of it


def guarded(handle: Handler, hosts: tuple[str, ...], refuse: Refuse) -> Handler:
    """`handle`, behind the checks. Refusals say nothing about the sandbox."""

    async def check_and_handle(request: web.Request) -> web.StreamResponse:
        if not _is_ours(request, hosts):
            response: web.StreamResponse = refuse(403, "not_here")
        else:
            try:
                response = await handle(request)
            except NotUnderstoodError:
                response = refuse(400, "not_understood")
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    return check_and_handle


def _is_ours(request: web.Request, hosts: tuple[str, ...]) -> bool:
    """Whether the page was asked for under its own name (else: DNS rebinding), and posts come from itself."""
    host = request.headers.get("Host", "").lower()
    if _without_port(host) not in hosts:
        return False
    if request.method in ("GET", "HEAD"):
        return True
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if origin is None and site is None:
        return False  # every browser sends at least one of them with a form
    return origin in (None, f"http://{host}") and site in (None, "same-origin")


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host


async def posted(request: web.Request) -> Fields:
    """The fields of a posted form. Raises `NotUnderstoodError` when it is no form, or too large."""
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise NotUnderstoodError("not a form")
    body = bytearray()
    async for chunk in request.content.iter_chunked(65536):
        body += chunk
        if len(body) > BODY_AT_MOST:
            raise NotUnderstoodError("too large")
    return fields(bytes(body))
