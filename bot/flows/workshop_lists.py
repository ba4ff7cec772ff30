"""Which workshops there are for somebody: to lead, to begin, and to take part in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.programmes import Programme
from bot.domain.words import Words, _
from bot.domain.workshops import Script, State
from bot.flows import buttons, workshops
from bot.flows.workshops import Standing
from bot.messages import Action, Button, Card, Item, Tone

HELP = (
    Item(_("workshop"), (_("Lead a workshop step by step: begin it, go on with it, or read its script."),)),
    Item(_("results"), (_("See what a self-assessment came to, and how two of them compare."),)),
)
"""What stands in the help of those who lead workshops."""


def overview(
    programmes: Sequence[Programme], going_on: Sequence[Standing], taking_part: Sequence[Standing] = ()
) -> Card:
    """The workshops that somebody takes part in, that they lead, and those that they may begin."""
    if not programmes and not going_on and not taking_part:
        return Card(
            _("No workshop is going on"),
            body=(_("When one begins I write to you. A coordinator or your organisation’s contact begins it."),),
        )
    offered = [(one, script) for one in programmes for script in one.workshops]
    return Card(
        _("Workshops"),
        items=(
            *map(_taking_part, taking_part),
            *map(_going_on, going_on),
            *(_offer(one, script) for one, script in offered),
        ),
    )


def _taking_part(one: Standing) -> Item:
    ways = (Button(_("Answer"), Action(buttons.ANSWER), tone=Tone.PRIMARY),) if one.now.is_open else ()
    return Item(workshops.whose(one), (_("You take part."), *_where(one)), buttons=ways)


def _going_on(one: Standing) -> Item:
    return Item(workshops.whose(one), lines=tuple(_where(one)), buttons=(workshops.open_card(one.workshop.id),))


def _where(one: Standing) -> Iterator[Words]:
    if one.workshop.state is State.ENDED:
        yield _("The workshop is over")
        return
    yield workshops.heading(one.workshop)
    if one.workshop.state is State.PAUSED:
        yield _("Paused.")


def _offer(programme: Programme, found: Script) -> Item:
    read = Button(_("Read the whole script"), Action(workshops.SCRIPT, f"{programme.id} {found.id}"))
    return Item(found.title, (programme.title, workshops.in_all(found)), buttons=(read, begin_button(programme, found)))


def begin_button(programme: Programme, found: Script) -> Button:
    about = f"{programme.id} {found.id}"
    return Button(_("Begin the workshop"), Action(workshops.BEGIN, about), tone=Tone.PRIMARY, opens_form=True)


def for_participant(standing: Standing) -> Card:
    """Where the workshop is, for somebody who takes part."""
    return Card(
        workshops.heading(standing.workshop),
        body=(
            workshops.whose(standing),
            *((_("There is a break now."),) if standing.workshop.state is State.PAUSED else ()),
        ),
        buttons=(Button(_("Answer"), Action(buttons.ANSWER), tone=Tone.PRIMARY),) if standing.now.is_open else (),
    )
