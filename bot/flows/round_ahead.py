"""What stands in the way of a planned round, told to coordinators the working day before it opens."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.programmes import Programme
from bot.domain.rounds import Round
from bot.domain.values import dataclass
from bot.domain.words import Moment, Words, _, n_
from bot.flows import channels, prompts
from bot.flows.channels import Channel
from bot.flows.groups import all_groups, too_few
from bot.messages import Card, Tone


@dataclass(frozen=True, slots=True)
class Ahead:
    """A planned round, and what would go wrong if it opened as things are."""

    round: Round
    programme: Programme
    few: tuple[tuple[Words, int], ...] = ()  # box where each answers alone, and how many are there: too few
    small: tuple[tuple[Words, int], ...] = ()  # group that takes notes, and how many are in it: recognised by them
    empty: tuple[Words, ...] = ()  # boxes that no group writes into
    ungrouped: int = 0
    unreached: int = 0
    channels: tuple[Channel, ...] = ()  # that the bot cannot write in

    @property
    def is_fine(self) -> bool:
        return not any((self.few, self.small, self.empty, self.ungrouped, self.unreached, self.channels))


def card(ahead: Ahead) -> Card:
    """The matter: what is wrong and, for each of it, what to do."""
    when = Moment(ahead.round.opens_at, ahead.programme.zone)
    return Card(
        _("Before it opens: {title}", title=ahead.round.title),
        body=(ahead.programme.title, _("The questions go out {time}. Have a look at this first:", time=when),
              *_people(ahead), *_places(ahead)),
        buttons=(all_groups(ahead.programme.id), prompts.status_button(ahead.round)),
        tone=Tone.WARNING,
    )  # fmt: skip


def _people(ahead: Ahead) -> Iterator[Words]:
    for box, there in ahead.few:
        yield n_(
            "{box}: {n} person can answer, and {least} are needed. As it is, the round will not open: "
            "let more people join, or undo it and ask all roles together.",
            "{box}: {n} people can answer, and {least} are needed. As it is, the round will not open: "
            "let more people join, or undo it and ask all roles together.",
            there,
            box=box,
            least=ahead.round.threshold,
        )
    for group, members in ahead.small:
        yield too_few(group, members)
    for box in ahead.empty:
        yield _("{box}: nobody has chosen a group there yet. Ask those concerned to write “group” to me.", box=box)
    if ahead.ungrouped:
        yield n_(
            "{n} person has not chosen a group. I ask them to when the round opens; it is quicker if you do now.",
            "{n} people have not chosen a group. I ask them to when the round opens; it is quicker if you do now.",
            ahead.ungrouped,
        )
    if ahead.unreached:
        yield n_(
            "I cannot reach {n} person. Write to them yourself, or give them a web link.",
            "I cannot reach {n} people. Write to them yourself, or give them a web link.",
            ahead.unreached,
        )


def _places(ahead: Ahead) -> Iterator[Words]:
    for one in ahead.channels:
        yield _("I cannot write in {channel}. {what_to_do}", channel=channels.name(one), what_to_do=channels.to_do(one))
