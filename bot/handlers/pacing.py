"""How fast each platform lets us write: to one conversation, and to all of a workspace."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot.domain.values import dataclass
from bot.ports import Address, Surface

Limits = tuple[tuple[int, float], ...]
"""(messages, seconds): at most so many in any such time."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What a platform takes from one workspace; nothing means that it takes everything."""

    per_second: float = 0.0  # calls, of all kinds
    conversation: Limits = ()
    pages: Limits = ()  # people's own pages, together
    edits: Limits = ()  # changed messages, together


RATES: Mapping[str, Rates] = {
    # Slack: 1 message a second and channel; several hundred a minute and workspace. views.publish is of tier 4 (100 a
    # minute and more), chat.update of tier 3 (50).
    "slack": Rates(525 / 60, conversation=((1, 1.0),), pages=((90, 60.0),), edits=((45, 60.0),)),
    # Teams: for each bot and conversation, and 50 requests a second for an app in a tenant.
    "teams": Rates(50.0, conversation=((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))),
}

_CLOSE = 0.985
"""How close to the allowed rate we go. The rest is for calls that reach the platform a little earlier than meant."""

_AHEAD = 0.75  # seconds; what is taken at once to be sent, and so how long an answer may stand behind other messages
_CATCH_UP = 0.2  # seconds; so much that was missed, while the process did something else, is made up for
_AT_ONCE = 100  # messages under way in a workspace, when the platform is slow or sets no rate

_PAGES, _EDITS = ("", "pages"), ("", "edits")
_Kind = tuple[str, str]


class Pace:
    """The pace in one workspace. Times are those of the event loop, in seconds."""

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._interval = 1 / (rates.per_second * _CLOSE) if rates.per_second else 0.0
        self._next = 0.0  # when the next call may be made
        self._went: dict[_Kind, list[float]] = {}
        self._memory = max((seconds for _, limits in _all(rates) for _, seconds in limits), default=0.0)
        self.handful = min(_AT_ONCE, max(1, round(_AHEAD / self._interval))) if self._interval else _AT_ONCE

    def begin(self) -> None:
        """Nothing was missed while there was nothing to send."""
        self._next = max(self._next, asyncio.get_running_loop().time())

    def room(self, under_way: int) -> int:
        """How many more messages can be on their way soon."""
        now = asyncio.get_running_loop().time()
        if not self._interval:
            return _AT_ONCE - under_way
        start = max(self._next, now - _CATCH_UP)
        return max(0, min(_AT_ONCE - under_way, int((now + _AHEAD - start) / self._interval)))

    def until_room(self) -> float:
        """Seconds until about half a handful can be taken."""
        half_way = self._next - asyncio.get_running_loop().time() - _AHEAD / 2
        return max(half_way, 0.0)

    def wait(self, address: Address, *, edits: bool) -> float:
        """Seconds until another message may go there, whatever else the workspace is sent."""
        now = asyncio.get_running_loop().time()
        return max((self._free_at(*kind) - now for kind in self._kinds(address, edits=edits)), default=0.0)

    async def turn(self) -> None:
        """Wait until the workspace may be called."""
        if self._interval:
            now = asyncio.get_running_loop().time()
            mine = max(self._next, now - _CATCH_UP)
            self._next = mine + self._interval
            await asyncio.sleep(max(mine - now, 0.0))

    def went(self, address: Address, *, edits: bool) -> None:
        """A call has ended: counted from here, whatever time it took to get there."""
        now = asyncio.get_running_loop().time()
        for kind, limits in self._kinds(address, edits=edits):
            if limits:
                most, longest = max(most for most, _ in limits), max(seconds for _, seconds in limits)
                times = [time for time in self._went.get(kind, ()) if time > now - longest]
                self._went[kind] = [*times, now][-most:]

    def forget(self) -> None:
        """Let go of what limits nothing any more."""
        before = asyncio.get_running_loop().time() - self._memory
        self._went = {kind: times for kind, times in self._went.items() if times[-1] > before}

    def _kinds(self, address: Address, *, edits: bool) -> list[tuple[_Kind, Limits]]:
        if address.surface is Surface.HOME:
            return [(_PAGES, self._rates.pages)]
        own = ((address.surface.value, address.conversation), self._rates.conversation)
        return [own, (_EDITS, self._rates.edits)] if edits else [own]

    def _free_at(self, kind: _Kind, limits: Limits) -> float:
        times = self._went.get(kind, ())
        return max((times[-most] + seconds for most, seconds in limits if len(times) >= most), default=0.0)


def _all(rates: Rates) -> tuple[tuple[str, Limits], ...]:
    return ("conversation", rates.conversation), ("pages", rates.pages), ("edits", rates.edits)
