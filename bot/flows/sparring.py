"""Sparring partners: wished for, proposed without a name, and together once both have said yes."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.programmes import Programme
from bot.domain.values import dataclass
from bot.domain.words import Text, Words, _, n_
from bot.flows import buttons, challenges, occasions
from bot.messages import Action, Button, Card, Fact, Item, Notice, Tone

SPARRING = "sparring"  # about a programme
WANT = "want_sparring"  # about a programme
STOP = "stop_sparring"  # about a programme
YES = "accept_sparring"  # about a programme and a proposal
NO = "decline_sparring"  # about a programme and a proposal
PAIR = "pair_sparring"  # for coordinators; about a programme


@dataclass(frozen=True, slots=True)
class Partner:
    """Whom somebody spars with; shown only when both have said yes."""

    name: str  # untrusted
    organisation: str  # untrusted; empty when it is not known
    email: str  # untrusted; empty when it is not known


def see(programme: str) -> Button:
    return Button(_("Sparring partner"), Action(SPARRING, programme))


def choose(programmes: Sequence[Programme]) -> Card:
    """Somebody takes part in several programmes that have this."""
    ways = tuple(Item(occasions.programme_name(one, programmes), buttons=(see(one.id),)) for one in programmes)
    return Card(_("Sparring partner"), body=(_("In which programme?"),), items=ways)


def nowhere() -> Card:
    """Somebody takes part in no programme that has this."""
    return Card(
        _("Sparring partner"),
        body=(_("That is for programmes where everybody works on a challenge of their own. You take part in none."),),
        buttons=(buttons.ALL_PROGRAMMES,),
    )


def pair_up(programme: str) -> Button:
    return Button(_("Propose pairs"), Action(PAIR, programme))


def _stop(programme: str, label: Text) -> Button:
    return Button(label, Action(STOP, programme))


def invited(programme: Programme) -> Card:
    """What it is, and how one gets somebody."""
    return Card(
        _("Somebody to spar with?"),
        body=(
            programme.title,
            _("Talk about your challenges with a participant from another organisation, in your own way."),
            _("When there is somebody, I ask both of you. Names are shown only when both have said yes."),
        ),
        buttons=(Button(_("I would like that"), Action(WANT, programme.id), tone=Tone.PRIMARY),),
    )


def waiting(programme: Programme) -> Card:
    return Card(
        _("You are waiting for a sparring partner"),
        body=(programme.title, _("I ask you when there is somebody from another organisation.")),
        buttons=(_stop(programme.id, _("I do not want to any more")), challenges.see(programme.id)),
    )


def proposed(programme: Programme, proposal: str, *, agreed: bool) -> Card:
    """There is somebody; neither sees who before both have said yes."""
    if agreed:
        return Card(
            _("You have said yes"),
            body=(programme.title, _("I write to you both as soon as the other one has said yes too.")),
            buttons=(_stop(programme.id, _("I do not want to any more")),),
        )
    about = f"{programme.id} {proposal}"
    return Card(
        _("There is somebody you could spar with"),
        body=(
            programme.title,
            _("It is a participant from another organisation. Names are shown only when both of you have said yes."),
            _("If you say no, the other one is not told your name."),
        ),
        buttons=(
            Button(_("Yes, gladly"), Action(YES, about), tone=Tone.PRIMARY),
            Button(_("No, thank you"), Action(NO, about)),
        ),
    )


def together(programme: Programme, partner: Partner) -> Card:
    told = (
        Fact(_("Name"), partner.name),
        Fact(_("Organisation"), partner.organisation),
        Fact(_("E-mail"), partner.email),
    )
    return Card(
        _("You have a sparring partner"),
        body=(
            programme.title,
            _("Both of you have said yes. Write to each other and agree on how you want to do it."),
            _("What you have written about your challenge is not shown to the other one: you tell what you like."),
        ),
        facts=tuple(fact for fact in told if fact.value),
        buttons=(_stop(programme.id, _("Leave the pair")), challenges.see(programme.id)),
        tone=Tone.GOOD,
    )


def came_to_nothing(programme: Programme, *, were_together: bool = False) -> Card:
    """To the one who is left: the other said no, or has left a pair in which both had said yes."""
    again = _("You are waiting again, and I ask you when there is somebody else.")
    return Card(
        _("Your sparring partner has left the pair") if were_together else _("Nothing came of the pair"),
        body=(programme.title, again),
        buttons=(_stop(programme.id, _("I do not want to any more")),),
    )


def left(programme: Programme) -> Card:
    return Card(
        _("You are not waiting for anybody any more"),
        body=(programme.title, _("You can change your mind whenever you like.")),
        buttons=(
            Button(_("I would like a sparring partner"), Action(WANT, programme.id)),
            challenges.see(programme.id),
        ),
        tone=Tone.GOOD,
    )


def no_longer() -> Text:
    return _("This is no longer the case. Write “challenge” to see how it stands.")


def was_proposed(programme: Programme, pairs: Sequence[tuple[str, str]], alone: int, back: Button) -> Card:
    """To the coordinator: how many were asked, and no names."""
    rest: tuple[Words, ...] = (
        n_(
            "{n} person is left, without anybody from another organisation.",
            "{n} people are left, without anybody from another organisation.",
            alone,
        ),
    )
    return Card(
        n_("{n} pair has been asked", "{n} pairs have been asked", len(pairs)),
        body=(programme.title, *(rest if alone else ())),
        buttons=(back,),
        tone=Tone.GOOD if pairs else Tone.PLAIN,
    )


def can_be_asked(programme: Programme, pairs: int) -> Card:
    """The coordinators' matter: participants wait until somebody lets them be asked."""
    return Card(
        n_("{n} pair can be asked to spar", "{n} pairs can be asked to spar", pairs),
        body=(programme.title, _("They wait for somebody to spar with. I ask them when you choose to.")),
        buttons=(pair_up(programme.id),),
    )


def nobody_waits() -> Notice:
    return Notice(_("Nobody is waiting for a sparring partner."))
