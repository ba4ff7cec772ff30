"""Whose channels are: in which country those work who read a channel, as far as their organisations tell."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.domain.programmes import Programme
from bot.domain.workdays import Whereabouts
from bot.handlers.visit import Visit
from bot.ports import Address
from storage import belonging
from storage.groups import Groups


class WhoseChannels:
    """Where the readers of channels work; of each programme it is looked up once who is met in which workspace."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._groups = Groups(visit.connection, visit.now)
        self._met: dict[str, Mapping[tuple[str, str], frozenset[str]]] = {}

    def there(self, channel: Address, programme: Programme) -> Whereabouts:
        """In the country of the organisation whose channel it is; in the programme's where there are several."""
        keys = self._talking(channel, programme) or self._met_beside(channel, programme)
        found = {Whereabouts.of(programme.zone, key) for key in keys}
        return found.pop() if len(found) == 1 else Whereabouts.of(programme.zone)

    def _talking(self, channel: Address, programme: Programme) -> Collection[str]:
        """The organisations of the groups that talk in the channel itself."""
        groups = self._groups.of_channel(channel)
        return {one.organisation_key for one in groups if one.programme == programme.id} - {""}

    def _met_beside(self, channel: Address, programme: Programme) -> Collection[str]:
        """The organisations of those who take part and are met in the same workspace."""
        if programme.id not in self._met:
            self._met[programme.id] = belonging.organisations_met(self._visit.connection, programme.id)
        return self._met[programme.id].get((channel.platform, channel.workspace), frozenset())
