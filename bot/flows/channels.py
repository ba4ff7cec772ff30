"""Channels that follow a programme: choosing one, its settings, and what to do when the bot is missing there."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.people import ENDONYMS, Language
from bot.domain.programmes import Programme
from bot.domain.values import dataclass
from bot.domain.words import Text, Words, _
from bot.flows import buttons, occasions
from bot.messages import Action, Button, Card, Item, Notice, Tone

FOLLOW = "follow"
BIND = "bind"
UNBIND = "unbind"
THREAD = "thread"
LANGUAGE = "channel_language"
SPEAK = "channel_speaks"  # about a language, a programme and a channel
CHANNELS = "channels"


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that follows a programme, as its coordinator sees it."""

    key: str  # what buttons name it by
    platform: str
    name: str  # empty where the platform does not say
    threads: bool
    trouble: str  # why messages do not get through; empty when they do
    language: Language = Language.SWEDISH  # in which it is written to


def choose(programmes: Sequence[Programme], channel: str) -> Card:
    """Which programme the channel should follow.

    The question is often answered elsewhere, in the person's own conversation, so its buttons name the `channel`.
    """
    ways = [_follow(occasions.programme_name(one, programmes), one, channel) for one in programmes]
    items, short = buttons.to_choose(ways, _("Follow"))
    return Card(
        _("Which programme should this channel follow?"),
        body=(
            _("Reminders to the whole group come here then: the day before a meeting, and before registration closes."),
        ),
        items=items,
        buttons=short,
    )


def _follow(label: Words, programme: Programme, channel: str) -> Button:
    return Button(label, Action(BIND, f"{programme.id} {channel}"))


def bound(programme: Programme) -> Notice:
    """Said in the channel for everybody to see."""
    return Notice(
        _("This channel now follows {title}. Reminders for the whole group come here.", title=programme.title),
        Tone.GOOD,
    )


def bound_for_coordinator(programme: Programme) -> Card:
    """To the coordinator who asked for it."""
    return Card(
        _("The channel follows {title}", title=programme.title),
        body=(_("I check the day before that I am still in the channel, and tell you if I am not."),),
        buttons=(Button(_("Channels"), Action(CHANNELS, programme.id)),),
        tone=Tone.GOOD,
    )


def only_in_a_channel() -> Notice:
    return Notice(_("Write this in the channel: mention me and write “channel”."))


def unbound(programme: Programme) -> Notice:
    return Notice(_("The channel no longer follows {title}.", title=programme.title))


def of_programme(programme: Programme, channels: Sequence[Channel]) -> Card:
    """The channels of a programme with their settings."""
    nothing = (_("No channel follows this programme yet. Add me to a channel, mention me there and write “channel”."),)
    return Card(
        _("Channels: {title}", title=programme.title),
        body=() if channels else nothing,
        items=tuple(_item(programme, channel) for channel in channels),
        buttons=(buttons.STATUS_OF_ALL,),
    )


def _item(programme: Programme, channel: Channel) -> Item:
    about = f"{programme.id} {channel.key}"
    label = _("Write all in the channel itself") if channel.threads else _("Keep each meeting in a thread")
    how: Words = _("One thread for each meeting.") if channel.threads else _("Each message goes in the channel itself.")
    return Item(
        name(channel),
        lines=(how, ENDONYMS[channel.language], *((to_do(channel),) if channel.trouble else ())),
        buttons=(
            Button(label, Action(THREAD, about)),
            Button(_("Language"), Action(LANGUAGE, about)),
            Button(_("Stop following"), Action(UNBIND, about)),
        ),
    )


def languages(programme: Programme, channel: Channel) -> Card:
    """In which language a channel shall be written to: who reads it need not be where the installation is."""
    ways = (
        Button(called, Action(SPEAK, f"{language.value} {programme.id} {channel.key}"))
        for language, called in ENDONYMS.items()
    )
    return Card(_("Which language shall I write in {channel}?", channel=name(channel)), buttons=tuple(ways))


def name(channel: Channel) -> Words:
    """The channel as people there call it."""
    if not channel.name:
        return _("A channel in {platform}", platform=channel.platform.title())
    return f"#{channel.name}" if channel.platform == "slack" else channel.name


def missing(programmes: Sequence[Programme], channel: Channel) -> Card:
    """To the coordinators: the bot cannot write in a channel, and exactly what to do."""
    return Card(
        _("I cannot write in {channel}", channel=name(channel)),
        body=(
            *(_("Reminders of {title} should come there.", title=one.title) for one in programmes),
            to_do(channel),
        ),
        buttons=tuple(Button(_("Channels"), Action(CHANNELS, one.id)) for one in programmes[:1]),
        tone=Tone.WARNING,
    )


def missing_for_group(programme: Programme, group: Words, channel: Channel) -> Card:
    """To the coordinators: a group talks in a channel where the bot cannot write."""
    return Card(
        _("I cannot write in {channel}", channel=name(channel)),
        body=(programme.title, _("{group} talks there: its questions should come to it.", group=group), to_do(channel)),
        tone=Tone.WARNING,
    )


def to_do(channel: Channel) -> Text:
    """The exact step that lets the bot in again."""
    where: Words = name(channel) if channel.name else _("the channel")
    if channel.trouble == "is_archived":
        return _("It is closed: {channel}. Choose another channel, or open it again.", channel=where)
    if channel.platform == "slack":
        return _("Open {channel} and write: /invite @Lärträff", channel=where)
    return _("Open the team of {channel} and add Lärträff under Manage team, Apps.", channel=where)
