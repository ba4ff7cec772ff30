"""Channels that follow programmes: bound by coordinators, checked the day before, reported when the bot is missing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from bot.domain.nudges import schedule
from bot.domain.people import Language
from bot.domain.programmes import Programme
from bot.domain.refusals import Gone, NotAllowed
from bot.domain.rounds import State
from bot.domain.rules import Audience
from bot.domain.words import _
from bot.flows import channels, welcome
from bot.handlers import matters, prompting
from bot.handlers.group_names import called
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.scene import Scene
from bot.handlers.visit import Surroundings, Visit
from bot.messages import Card
from bot.ports import Address, Clock, Platform, Surface, Trouble, Undeliverable
from storage.bindings import Binding, Bindings
from storage.groups import Groups
from storage.outbox import Letter
from storage.rounds import Rounds
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

_AHEAD = timedelta(hours=76)  # the day before, and before a weekend or a day off in between
_CHECKED_AGAIN = timedelta(hours=20)
_NEVER = datetime.min.replace(tzinfo=UTC)
REMOVED = "removed"
"""The trouble of a channel that the bot was taken out of."""


# --- What coordinators do ---------------------------------------------------------------------------------------------


def follow(scene: Scene, about: str) -> Outcome:
    """`channel`, and the button in the bot's first words there: which programme to follow."""
    _must_coordinate(scene)
    channel = scene.inbound.came_from
    if channel.surface is not Surface.CHANNEL:
        return Show(channels.only_in_a_channel())
    scene.visit.people.remember_channel(channel)
    open_ended = [one for one in scene.programmes if not one.occasions or one.occasions[-1].ends_at > scene.visit.now]
    return Show(channels.choose(open_ended or scene.programmes, channel.conversation))


def bind(scene: Scene, about: str) -> Outcome:
    """Let a channel follow a programme: the one named by the button, or else the one it was pressed in."""
    _must_coordinate(scene)
    id, _blank, conversation = about.partition(" ")
    programme, here = scene.programme(id), scene.inbound.came_from
    if here.surface is Surface.CHANNEL:
        scene.visit.people.remember_channel(here)
    elif not conversation:
        return Show(channels.only_in_a_channel())
    else:
        here = Address(here.platform, here.workspace, conversation, Surface.CHANNEL)
    follows = any(one.programme == programme.id for one in _bindings(scene.visit).of_channel(here))
    _bindings(scene.visit).bind(here, programme.id, scene.person.id, name=here.details.get("name", ""))
    channel = _bindings(scene.visit).of_channel(here)[0].address  # with all that is known of how to reach it
    key = f"bound:{programme.id}:{_recipient(channel)}:{scene.inbound.delivery}"
    language = scene.visit.language_of(channel)
    if not follows:  # a second press is answered, and not told to everybody again
        scene.visit.outbox.add(key, channel, channels.bound(programme), person="", language=language)
    prompting.catch_up_in(scene.visit, channel)
    return Show(channels.bound_for_coordinator(programme))


def unbind(scene: Scene, about: str) -> Outcome:
    _must_coordinate(scene)
    programme, found = _named(scene, about)
    _bindings(scene.visit).unbind(found.address, programme.id)
    return Show(channels.unbound(programme), replaces=True)


def thread(scene: Scene, about: str) -> Outcome:
    """Turn threads on or off for a channel."""
    _must_coordinate(scene)
    programme, found = _named(scene, about)
    _bindings(scene.visit).thread(found.address, programme.id, threads=not found.threads)
    return Show(_overview(scene, programme), replaces=True)


def languages(scene: Scene, about: str) -> Outcome:
    """Which language a channel is to be written to in."""
    _must_coordinate(scene)
    programme, found = _named(scene, about)
    return Show(channels.languages(programme, _seen(scene.visit, found)))


def speak(scene: Scene, about: str) -> Outcome:
    """From now on the channel is written to in this language; boards are shown anew in it."""
    _must_coordinate(scene)
    code, _blank, rest = about.partition(" ")
    programme, found = _named(scene, rest)
    chosen = {"language": Language(code).value} if code in set(Language) else {}
    scene.visit.people.remember_channel(replace(found.address, details={**found.address.details, **chosen}))
    prompting.catch_up_in(scene.visit, found.address)
    return Show(_overview(scene, programme), replaces=True)


def overview(scene: Scene, about: str) -> Outcome:
    """The channels of a programme."""
    _must_coordinate(scene)
    return Show(_overview(scene, scene.programme(about)))


def _overview(scene: Scene, programme: Programme) -> Card:
    found = _bindings(scene.visit).of_programme(programme.id)
    return channels.of_programme(programme, [_seen(scene.visit, one) for one in found])


def _named(scene: Scene, about: str) -> tuple[Programme, Binding]:
    id, _blank, recipient = about.partition(" ")
    programme = scene.programme(id)
    for found in _bindings(scene.visit).of_programme(id):
        if found.recipient == recipient:
            return programme, found
    raise Gone(_("The channel no longer follows {title}.", title=programme.title))


def _must_coordinate(scene: Scene) -> None:
    if not scene.coordinates:
        raise NotAllowed(_("Only coordinators can choose what a channel follows."))


# --- What happens to channels -----------------------------------------------------------------------------------------


def added(visit: Visit, channel: Address) -> None:
    """The bot is in the channel (again): greet it once, ever, and send what is asked and has not come there."""
    visit.people.remember_channel(channel)
    _works(visit, channel)
    visit.outbox.add(
        f"channel:{_recipient(channel)}",
        channel,
        welcome.channel_hello(),
        person="",
        language=visit.language_of(channel),
    )
    prompting.catch_up_in(visit, channel)


def removed(visit: Visit, channel: Address) -> None:
    """The bot is no longer in the channel, or in all channels of a team (Teams says only which team)."""
    whole_team = channel.details.get("team") == channel.conversation
    for bound in _bindings(visit).all():
        place = bound.address
        there = (place.platform, place.workspace) == (channel.platform, channel.workspace)
        in_team = whole_team and place.details.get("team") == channel.conversation
        if there and (place.conversation == channel.conversation or in_team):
            _report(visit, place, REMOVED)


def refused(visit: Visit, letter: Letter, trouble: Undeliverable) -> None:
    """A message to a channel was refused for good."""
    _report(visit, letter.address, trouble.reason)


def _report(visit: Visit, channel: Address, trouble: str) -> None:
    """Note the trouble, and tell the coordinators, unless it stands on their list already."""
    found = _bindings(visit).of_channel(channel)
    _bindings(visit).checked(channel, trouble)
    if not found:
        _report_group(visit, channel, trouble)
        return
    programmes = [visit.programmes[one.programme] for one in found if one.programme in visit.programmes]
    matters.open_matter(
        visit,
        key=_matter(channel),
        programme=found[0].programme,
        kind="channel",
        view=channels.missing(programmes, _seen(visit, found[0], trouble)),
    )


def _report_group(visit: Visit, channel: Address, trouble: str) -> None:
    """The same of a channel that follows nothing, and in which a group talks."""
    for group in Groups(visit.connection, visit.now).of_channel(channel):
        if group.programme in visit.programmes:
            seen = channels.Channel("", channel.platform, channel.details.get("name", ""), False, trouble)
            view = channels.missing_for_group(visit.programmes[group.programme], called(visit, group), seen)
            matters.open_matter(visit, key=_matter(channel), programme=group.programme, kind="channel", view=view)


def _works(visit: Visit, channel: Address) -> None:
    """Messages get through (again): nobody has to look at it any more."""
    _bindings(visit).checked(channel, "")
    matters.settled(visit, key=_matter(channel))


def _matter(channel: Address) -> str:
    return f"channel:{_recipient(channel)}"


def _bindings(visit: Visit) -> Bindings:
    return Bindings(visit.connection, visit.now)


def _recipient(channel: Address) -> str:
    return f"{channel.platform} {channel.workspace} {channel.conversation}"


def _seen(visit: Visit, bound: Binding, trouble: str | None = None) -> channels.Channel:
    found, language = bound.trouble if trouble is None else trouble, visit.language_of(bound.address)
    return channels.Channel(bound.recipient, bound.address.platform, bound.name, bound.threads, found, language)


# --- The day before ---------------------------------------------------------------------------------------------------


class Preflight:
    """Asks the day before whether the bot may still write in the channels that something is planned for."""

    def __init__(
        self, unit_of_work: UnitOfWork, clock: Clock, platforms: Mapping[str, Platform], surroundings: Surroundings
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._platforms = platforms
        self._surroundings = surroundings
        self._asked: dict[str, datetime] = {}  # channels of groups; whoever asks once more does no harm

    async def run(self) -> None:
        """Check every channel that a message is due in soon and that was not checked today."""
        due = await self._unit_of_work.run_behind(self._due)
        due += await self._unit_of_work.run_behind(self._of_groups)
        await asyncio.gather(*(self._check(bound) for bound in due))

    def _due(self, connection: Connection) -> tuple[Binding, ...]:
        """Channels bound just now, and those that something is planned for soon; each once."""
        visit = self._visit(connection)
        unchecked = _bindings(visit).unchecked(visit.now - _CHECKED_AGAIN)
        busy = {one.programme for one in unchecked if _is_due_soon(visit.programmes.get(one.programme), visit.now)}
        busy |= _asked_soon(visit)
        due = (one for one in unchecked if one.checked_at is None or one.programme in busy)
        return tuple({one.recipient: one for one in due}.values())

    def _of_groups(self, connection: Connection) -> tuple[Binding, ...]:
        """Channels that follow nothing, and in which a group talks that is asked something soon; each once."""
        visit = self._visit(connection)
        known = {one.recipient for one in _bindings(visit).all()}
        found = {
            one.recipient: one
            for programme in _asked_soon(visit)
            for one in _where_groups_talk(visit, programme)
            if one.recipient not in known and self._asked.get(one.recipient, _NEVER) <= visit.now - _CHECKED_AGAIN
        }
        self._asked.update(dict.fromkeys(found, visit.now))
        return tuple(found.values())

    async def _check(self, bound: Binding) -> None:
        platform, channel = self._platforms.get(bound.address.platform), bound.address
        if platform is None:
            return
        try:
            await platform.check(channel)
            name = bound.name or await platform.channel_name(channel)  # while it can be asked for
        except Undeliverable as found:
            if found.trouble in (Trouble.FORBIDDEN, Trouble.GONE):
                reason = found.reason
                await self._unit_of_work.run_behind(
                    lambda connection: _report(self._visit(connection), channel, reason)
                )
            return  # nothing was learnt: asked again in a minute
        await self._unit_of_work.run_behind(lambda connection: self._note(connection, channel, name))

    def _note(self, connection: Connection, channel: Address, name: str) -> None:
        visit = self._visit(connection)
        _works(visit, channel)
        _bindings(visit).named(channel, name)

    def _visit(self, connection: Connection) -> Visit:
        return Visit(connection, self._clock.now(), self._surroundings)


def _asked_soon(visit: Visit) -> set[str]:
    """The programmes with a round that opens soon."""
    planned = (one for one in Rounds(visit.connection, visit.now).running() if one.state is State.PLANNED)
    return {one.programme for one in planned if one.opens_at <= visit.now + _AHEAD and not one.occasion}


def _where_groups_talk(visit: Visit, programme: str) -> Iterator[Binding]:
    store = Groups(visit.connection, visit.now)
    places = (store.channel_of(group) for group in store.of_programme(programme))
    yield from (Binding(one, programme, one.details.get("name", ""), False, "", None, "") for one in places if one)


def _is_due_soon(programme: Programme | None, now: datetime) -> bool:
    if programme is None:
        return False
    to_channels = (one for one in schedule(programme) if one.audience is Audience.CHANNELS)
    return any(now < one.due_at and one.looked_up_at <= now + _AHEAD for one in to_channels)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    channels.FOLLOW: follow,
    channels.BIND: bind,
    channels.UNBIND: unbind,
    channels.THREAD: thread,
    channels.LANGUAGE: languages,
    channels.SPEAK: speak,
    channels.CHANNELS: overview,
}
