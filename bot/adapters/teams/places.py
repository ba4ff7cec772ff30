"""Where in Teams something is: our addresses and message references, with what Teams needs to find them."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.values import dataclass
from bot.ports import Address, Surface

PLATFORM = "teams"

_THREAD = ";messageid="  # between the id of a channel and that of a thread's first post


@dataclass(frozen=True, slots=True)
class Reference:
    """A message that was sent; as text it is what `Platform.send` returns."""

    conversation: str
    message: str

    def __str__(self) -> str:
        return f"{self.conversation}|{self.message}"

    @classmethod
    def all_of(cls, text: str) -> tuple[Reference, ...]:
        """The messages that a view became. Ids of Teams hold colons and semicolons, but neither bar nor blank."""
        return tuple(map(cls._read, text.split()))

    @classmethod
    def parse(cls, text: str) -> Reference:
        """The last one of them."""
        return cls._read(text.rpartition(" ")[2])

    @classmethod
    def _read(cls, text: str) -> Reference:
        conversation, _, message = text.rpartition("|")
        return cls(conversation, message)

    @property
    def thread(self) -> str:
        """The conversation in which one answers this post of a team's channel: its own, or the one it stands in."""
        return self.conversation if _THREAD in self.conversation else f"{self.conversation}{_THREAD}{self.message}"


def conversation_with(place: Place, person: str) -> dict[str, object]:
    """What Teams is told to open the conversation with one person. Told twice, it gives the same one."""
    return {
        "isGroup": False,
        "bot": {"id": place.bot},
        "members": [{"id": place.user or person}],
        "tenantId": place.tenant,
        "channelData": {"tenant": {"id": place.tenant}},  # a channel named here would make it a channel post
    }


def channel_name(team: str, channel: str) -> str:
    """How people tell a channel from those of other teams; the first one of a team has no name of its own."""
    return " › ".join(name for name in (team, channel) if name)


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation as Teams knows it. Empty where an event did not say."""

    tenant: str
    service_url: str
    conversation: str = ""  # without the thread
    thread: str = ""  # conversation id of the thread within a team's channel
    bot: str = ""  # `28:` and our app id
    user: str = ""  # `29:` and more: the person as this bot knows them
    team: str = ""
    channel: str = ""  # set in a team's channel only
    name: str = ""  # what people call the channel or group chat

    @classmethod
    def of(cls, address: Address) -> Place:
        """The place that `address` leads to."""
        details = address.details
        conversation = details.get("conversation", "")
        if not conversation and address.surface is Surface.CHANNEL:
            conversation = address.conversation
        return cls(
            tenant=address.workspace,
            service_url=details.get("service_url", ""),
            conversation=conversation,
            bot=details.get("bot", ""),
            user=details.get("user", ""),
            team=details.get("team", ""),
            channel=details.get("channel", ""),
            name=details.get("name", ""),
        )

    def alone(self, person: str) -> Address:
        """Our address of the person who acted in this channel or group: a conversation that may have to be created."""
        return replace(self, conversation="", thread="", team="", channel="").address(person)

    def left(self) -> Address:
        """Our address of what the bot is no longer in: a group chat, one channel, or all of a team.

        A whole team is written as its id with no `channel` beside it; addresses of its channels name it as `team`.
        """
        whole_team = replace(self, conversation=self.team, channel="", name="")
        return (whole_team if self.team and self.channel in ("", self.team) else self).address("")

    @staticmethod
    def split(conversation: str) -> tuple[str, str]:
        """A conversation as an event names it: the chat or channel, and the thread if it is one."""
        base, threaded, _ = conversation.partition(_THREAD)
        return base, conversation if threaded else ""

    def address(self, person: str) -> Address:
        """Our address of this place: of `person`, or of the channel when `person` is empty.

        It does not name the thread: who writes to a channel later writes a new post, or names a message to answer.
        """
        named = {
            "service_url": self.service_url,
            "conversation": self.conversation,
            "bot": self.bot,
            "user": self.user if person else "",
            "tenant": self.tenant,
            "team": self.team,
            "channel": self.channel,
            "name": "" if person else self.name,
        }
        details = {name: value for name, value in named.items() if value}
        surface = Surface.PERSON if person else Surface.CHANNEL
        return Address(PLATFORM, self.tenant, person or self.conversation, surface, details)
