"""The page of a guest: somebody without Slack or Teams, who answers by a link of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.programmes import Programme
from bot.domain.rounds import Round
from bot.domain.values import dataclass
from bot.domain.words import Moment, Words, _
from bot.domain.workshops import State, Workshop
from bot.flows import workshops
from bot.messages import Button, Card, ChoiceField, Form, Item, Option, Tone


@dataclass(frozen=True, slots=True)
class Invitation:
    """A round that is open to a guest."""

    round: Round
    programme: Words
    zone: str  # IANA name
    group: Words  # name of the group that they write for; empty: they answer alone. Untrusted
    form: str  # address of the form
    board: str  # address of the page with the board
    chooses: bool = False  # they say first which of several small groups they talk in


@dataclass(frozen=True, slots=True)
class ClosedRound:
    """A round that has closed, of which a guest may read what came of it."""

    round: Round
    programme: Programme
    board: str  # address of the page with the board; empty: too few answered for anything to be shown


def own_page(
    name: str, found: Sequence[Invitation], under_way: Sequence[Workshop] = (), closed: Sequence[ClosedRound] = ()
) -> Card:
    """Where the guest's workshops are, what they can answer and, below that, what has closed, the newest first."""
    nothing = _("Nothing is open to you right now. Keep the link: what comes later is found here too.")
    return Card(
        _("Open to {name} now", name=name),
        body=() if found else (nothing,),
        items=(*map(_under_way, under_way), *map(_open, found), *map(_closed, closed)),
        footnote=_("The link is yours alone: whoever has it can answer in your place."),
    )


def _under_way(one: Workshop) -> Item:
    pause = (_("There is a break now."),) if one.state is State.PAUSED else ()
    return Item(workshops.heading(one), (one.script.title, *pause))


def _open(one: Invitation) -> Item:
    alone = _("Each of you answers alone, and nobody is told who has written what.")
    notes = _("You write for {group}. The board shows no person’s name.", group=one.group)
    how = _("There are small groups today: choose the one that you talk in.") if one.chooses else alone
    until = one.round.closes_at
    return Item(
        one.round.title,
        (
            one.programme,
            notes if one.group else how,
            *((_("Open until {moment}.", moment=Moment(until, one.zone)),) if until else ()),
        ),
        buttons=(Button(_("Answer"), url=one.form, tone=Tone.PRIMARY), Button(_("Open the board"), url=one.board)),
    )


def _closed(one: ClosedRound) -> Item:
    opened = _("Opened on {day}", day=Moment(one.round.opens_at, one.programme.zone))
    too_few = _("Too few answered for anything to be shown, and nothing of it is kept.")
    return Item(
        _("Closed: {title}", title=one.round.title),
        (one.programme.title, opened, *(() if one.board else (too_few,))),
        buttons=(Button(_("Open the board"), url=one.board),) if one.board else (),
    )


def which_group(round: Round, groups: Sequence[tuple[str, Words]]) -> Form:
    """Asks once which group a guest talks in, of several given as (id, name)."""
    options = tuple(Option(id, name) for id, name in groups)
    return Form(
        _("Which group do you talk in?"),
        (ChoiceField("group", _("Group"), options),),
        submit=_("Choose"),
        intro=(round.title, _("I ask once: until the workshop ends I remember which one you took.")),
    )


def you_talk_in(round: Round, group: Words, form: str) -> Card:
    """The way on, once they have chosen."""
    return Card(
        _("You talk in {group}", group=group),
        items=(
            Item(
                round.title,
                (_("You write for {group}. The board shows no person’s name.", group=group),),
                buttons=(Button(_("Answer"), url=form, tone=Tone.PRIMARY),),
            ),
        ),
        tone=Tone.GOOD,
    )


def not_taken(title: Words, reason: Words, typed: Mapping[str, str]) -> Card:
    """Nothing was sealed: what was written is given back."""
    kept = tuple(Item(_("You have written"), (text,)) for text in typed.values() if text)
    lost = (_("It is still here: copy it if you want to keep it."),) if kept else ()
    return Card(title, body=(reason, *lost), items=kept, tone=Tone.WARNING)


def link_over(typed: Mapping[str, str]) -> Card:
    reason = _("It was not sent. Ask whoever gave you the link for a new one.")
    return not_taken(_("This link is no longer in force"), reason, typed)


def went_wrong(typed: Mapping[str, str]) -> Card:
    reason = _("The fault is on our side, and it was not sent. Go back and try once more.")
    return not_taken(_("That went wrong"), reason, typed)


def sender_unknown(typed: Mapping[str, str]) -> Card:
    """To somebody whose browser does not say that the form came from our own page."""
    reason = _("It did not come from the page with the form, so it was not sent. Open your link and try once more.")
    return not_taken(_("Not sent yet"), reason, typed)
