"""Where in Teams something is: our addresses and message references, with what Teams needs to find them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.ports import Address, Surface

PLATFORM = "teams"


@dataclass(frozen=True, slots=True)
class Reference:
    """A message that was sent; as text it is what `Platform.send` returns."""

    conversation: str
    message: str

    def __str__(self) -> str:
        return f"{self.conversation}|{self.message}"

    @classmethod
    def parse(cls, text: str) -> Reference:
        """The reference that `str` wrote. Ids of Teams hold colons and semicolons, but no bar."""
        conversation, _, message = text.rpartition("|")
        return cls(conversation, message)


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
            thread=details.get("thread", ""),
            bot=details.get("bot", ""),
            user=details.get("user", ""),
            team=details.get("team", ""),
            channel=details.get("channel", ""),
        )

    def alone(self, person: str) -> Address:
        """Our address of the person who acted in this channel or group: a conversation that may have to be created."""
        return replace(self, conversation="", thread="", team="", channel="").address(person)

    def address(self, person: str) -> Address:
        """Our address of this place: of `person`, or of the channel when `person` is empty."""
        named = {
            "service_url": self.service_url,
            "conversation": self.conversation,
            "thread": self.thread,
            "bot": self.bot,
            "user": self.user if person else "",
            "tenant": self.tenant,
            "team": self.team,
            "channel": self.channel,
        }
        details = {name: value for name, value in named.items() if value}
        surface = Surface.PERSON if person else Surface.CHANNEL
        return Address(PLATFORM, self.tenant, person or self.conversation, surface, details)
