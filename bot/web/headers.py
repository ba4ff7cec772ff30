"""Headers that every answer of ours carries: nothing is run, framed, guessed, kept or told to other sites."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Server": "lartraff",  # and not which versions of what it is made of
}


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Add the headers that a handler did not set itself, also to refusals."""
    try:
        answer = await handler(request)
    except web.HTTPException as refusal:
        _add(refusal)
        raise
    if not answer.prepared:
        _add(answer)
    return answer


def _add(answer: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
