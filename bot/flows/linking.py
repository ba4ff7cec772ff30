"""Joining one's accounts in Slack and Teams, choosing where to be written to, and parting them again."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.people import Actor
from bot.domain.programmes import Programme
from bot.domain.registrations import Registration, Seat
from bot.domain.values import dataclass
from bot.domain.words import Listed, Words, _
from bot.flows import buttons, occasions
from bot.messages import Action, Button, Card, Fact, Item, Notice, Tone

LINK = "link"
JOIN = "join"
UNLINK = "unlink"
USE = "use"

_PLATFORMS = {"slack": "Slack", "teams": "Teams", "sandbox": "Sandbox"}

LINK_ACCOUNT = Button(_("Link my other account"), Action(LINK))


@dataclass(frozen=True, slots=True)
class Linked:
    """One of a person's accounts, as they see it."""

    actor: Actor
    email: str = ""  # as the platform's directory has it
    here: bool = False  # where they write from now
    can_part: bool = False  # it was joined to another one


def platform_name(platform: str) -> str:
    return _PLATFORMS.get(platform, platform)


def issued(code: str, accounts: Sequence[Linked], written_to: str) -> Card:
    """The code for one's other account, and what is linked already."""
    return Card(
        _("Link your other account"),
        body=(
            _("Do you use both Slack and Teams? Write this to Lärträff in the other one, within an hour: link {code}",
              code=code),
            _("Show the code to nobody: whoever writes it shares your registrations and reminders."),
            _("Has a colleague given you a code for a seat? Write it after the word, for example: link ABCDE-FGHIJ"),
        ),
        items=_items(accounts) if len(accounts) > 1 else (),
        buttons=_choices(accounts, written_to),
    )  # fmt: skip


def _items(accounts: Sequence[Linked]) -> tuple[Item, ...]:
    return tuple(_item(account) for account in accounts)


def _item(account: Linked) -> Item:
    name: Words = platform_name(account.actor.platform)
    part = (Button(_("Unlink"), Action(UNLINK, str(account.actor)), tone=Tone.DANGER),) if account.can_part else ()
    return Item(
        _("{platform}, where you are now", platform=name) if account.here else name,
        lines=(account.email,) if account.email else (),
        buttons=part,
    )


def _choices(accounts: Sequence[Linked], written_to: str) -> tuple[Button, ...]:
    """A button for each platform that the person could be written to instead."""
    there = dict.fromkeys(account.actor.platform for account in accounts)
    return tuple(
        Button(_("Write to me in {platform}", platform=platform_name(one)), Action(USE, one))
        for one in there
        if one != written_to
    )


def confirm(code: str, *, name: str, email: str, platform: str) -> Card:
    """Before two accounts are joined: whose the other one is, as somebody may have been given a stranger's code."""
    return Card(
        _("Is this your other account?"),
        body=(
            _("This code is no seat. It makes the account below and the one you write from the same person."),
            _("Everything you have registered follows along, and whoever uses that account sees it and can change it."),
            _("Did somebody else give you the code? Then do not go on."),
        ),
        facts=(
            Fact(_("Platform"), platform_name(platform)),
            Fact(_("Name"), name or _("not known")),
            *((Fact(_("E-mail"), email),) if email else ()),
        ),
        buttons=(
            Button(_("Yes, it is mine"), Action(JOIN, code), tone=Tone.PRIMARY),
            buttons.MY_REGISTRATIONS,
        ),
        tone=Tone.WARNING,
    )


@dataclass(frozen=True, slots=True)
class Double:
    """A seat that was one too many, and has no name now."""

    programme: Programme
    registration: Registration
    seat: Seat
    mine: bool  # the person made the registration, and so can hand the seat over


def joined(
    accounts: Sequence[Linked], written_to: str, doubles: Sequence[Double] = (), *, answered_anew: bool = False
) -> Card:
    """After joining, to both accounts: what is linked, where reminders come from, and the way back.

    `answered_anew` where people answer alone or vote just now, whether or not this person has.
    """
    again = _(
        "What the linked account had answered alone or voted for is taken back, so that nobody counts twice. "
        "Do it again while it is open."
    )
    return Card(
        _("Your accounts are linked"),
        body=(
            _("You have the same registrations in all of them, and each reminder comes once."),
            _("Reminders come to you in {platform}.", platform=platform_name(written_to)),
            *((again,) if answered_anew else ()),
            _("Was it not you who did this? Press Unlink at once, and tell a coordinator."),
        ),
        items=(*_items(accounts), *(_double(one) for one in doubles)),
        buttons=(*_choices(accounts, written_to), buttons.MY_REGISTRATIONS),
        tone=Tone.GOOD,
    )


def _double(one: Double) -> Item:
    if one.mine:
        word = _(
            "One of them has no name now and still belongs to {organisation}. Give it to a colleague, or cancel it.",
            organisation=one.registration.organisation,
        )
    else:
        word = _("One of them goes back to the colleague who booked it, who has been told.")
    return Item(
        _("You had two seats at the same meeting"),
        lines=(_meeting(one), word),
        buttons=_seat_buttons(one) if one.mine else (),
    )


def double_for_registrant(one: Double, *, name: str) -> Card:
    """To the colleague who booked a seat for somebody who had one already, from another account."""
    return Card(
        _("A seat has no name now: {title}", title=one.programme.title),
        body=(
            _("{name} had two seats at the same meeting, booked in Slack and in Teams.", name=name or _("A colleague")),
            _("One of them still belongs to {organisation}. Give it to a colleague, or cancel it.",
              organisation=one.registration.organisation),
        ),
        facts=(Fact(_("Meeting"), _meeting(one)),),
        buttons=_seat_buttons(one),
    )  # fmt: skip


def seated_again(programme: Programme, seat: Seat) -> Card:
    """To the same colleague, when the accounts are two again."""
    name = seat.participant.name or _("A colleague")
    return Card(
        _("The seat has its name again: {title}", title=programme.title),
        body=(
            _("The accounts of {name} in Slack and in Teams are no longer linked, and each has its seat.", name=name),
        ),
        facts=(Fact(_("Meeting"), occasions.label(programme, programme.occasion(seat.occasion))),),
        buttons=(buttons.MY_REGISTRATIONS,),
    )


def _meeting(one: Double) -> Words:
    return occasions.label(one.programme, one.programme.occasion(one.seat.occasion))


def _seat_buttons(one: Double) -> tuple[Button, ...]:
    return buttons.substitute(one.registration), buttons.cancel(one.registration)


def joined_already() -> Notice:
    return Notice(_("These accounts are linked already. Write “link” to see them."), Tone.GOOD)


def own_code() -> Notice:
    return Notice(_("That is this account’s own code. Write it to Lärträff in your other account."), Tone.WARNING)


def no_longer_linked() -> Notice:
    return Notice(_("That account is no longer linked to yours. Write “link” to see those that are."))


def parted(platforms: Sequence[str], *, went_along: bool) -> Card:
    """After unlinking, to both: what each of them has now."""
    names = Listed(tuple(platform_name(platform) for platform in platforms))
    if went_along:
        body = (
            _("What you had registered before you linked it, is yours here as before."),
            _("What was registered while the accounts were linked stays with the other one."),
        )
    else:
        body = (
            _("What had been registered in {platforms} before you linked it, is there again.", platforms=names),
            _("Everything else stays here."),
        )
    return Card(
        _("{platforms} is no longer linked", platforms=names),
        body=body,
        buttons=(buttons.MY_REGISTRATIONS, LINK_ACCOUNT),
        tone=Tone.GOOD,
    )


def chosen(platform: str) -> Notice:
    return Notice(_("From now on your reminders come in {platform}.", platform=platform_name(platform)), Tone.GOOD)


def choose_platform(accounts: Sequence[Linked], written_to: str) -> Card:
    """Where reminders come from, and where they could."""
    return Card(
        _("Where shall I write to you?"),
        body=(_("Reminders come to you in {platform}.", platform=platform_name(written_to)),),
        buttons=(*_choices(accounts, written_to), LINK_ACCOUNT),
    )


def not_there(platform: str) -> Card:
    """To somebody who wants to be written to where we do not know them, or cannot write to them."""
    return Card(
        _("I cannot write to you in {platform}", platform=platform_name(platform)),
        body=(
            _("I do not know of an account of yours there that I can write to."),
            _("Link it first. If it is linked already, write “hello” to Lärträff there."),
        ),
        buttons=(LINK_ACCOUNT,),
        tone=Tone.WARNING,
    )
