"""A coordinator gives a material its link, or another one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Protocol
from urllib.parse import urlsplit

from bot.conversation import Flow
from bot.domain import dates
from bot.domain.programmes import Material, Programme
from bot.domain.refusals import FieldRefused, Overtaken
from bot.domain.values import dataclass
from bot.domain.words import Text, Words, _, n_
from bot.flows import buttons, materials
from bot.messages import Button, Card, ChoiceField, Form, Option, TextField, Tone

LONGEST = 2000
"""Characters of an address, as in programme files: Slack and Teams take it behind a button."""

_LONGEST_DAY = 30
_REFUSED = frozenset("<>\"'\\^`{|} ")


@dataclass(frozen=True, slots=True)
class Facts:
    """The material as it is now; `waiting` hear of it when it has come."""

    programme: Programme
    material: Material
    today: date
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been answered; `seen` is the link as it was shown last."""

    seen: str = ""
    url: str = ""
    kind: str = ""
    published: str = ""
    overtaken: bool = False  # it was another one when the form was opened


def draft(material: Material) -> Draft:
    """The form filled in with how the material stands."""
    day = material.published.isoformat() if material.published is not None else ""
    return Draft(material.url, material.url, material.kind, day)


class LinkDesk(Protocol):
    """What the flow acts through."""

    def keep_link(self, programme: str, material: Material, *, seen: str) -> Programme:
        """Let the material have this link, kind and day. Raises `Overtaken` when the link is not the one seen."""


flow: Flow[Draft, Facts, LinkDesk] = Flow(materials.SET_LINK, Draft, version=1)


@flow.ask("link")
def ask(draft: Draft, facts: Facts) -> Form:
    kinds = tuple(Option(kind, label) for kind, label in materials.KINDS.items())
    return Form(
        facts.material.title,
        (
            TextField("url", _("Link"), _("It begins with https:// or http://"), max_chars=LONGEST),
            ChoiceField("kind", _("Kind"), kinds),
            TextField(
                "published",
                _("Published"),
                _("The day, for example yesterday or 2027-05-20. It may be left empty."),
                required=False,
                max_chars=_LONGEST_DAY,
            ),
        ),
        submit=_("Save"),
        intro=(facts.programme.title, *_who_sees_it(facts)),
    )


def _who_sees_it(facts: Facts) -> tuple[Words, ...]:
    if facts.material.members_only:
        return (_("Only those who are registered see the link."),)
    return (_("Everybody who looks at the materials sees the link."),)


@flow.check("link")
def check(draft: Draft, facts: Facts) -> Draft:
    if not is_web_address(draft.url):
        raise FieldRefused("url", no_address())
    day_of(draft.published, facts.today)
    return replace(draft, seen=facts.material.url, overtaken=draft.seen != facts.material.url)


def is_web_address(typed: str) -> bool:
    """Whether a button can lead there."""
    try:
        parts = urlsplit(typed)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and _REFUSED.isdisjoint(typed)
    except ValueError:
        return False


def no_address() -> Text:
    return _("A link begins with https:// or http:// and has no blanks.")


def day_of(typed: str, today: date) -> date | None:
    """A day in any year, or one written as people do: behind us where it could be either. Raises `FieldRefused`."""
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        meant = dates.read_past_day(typed, today) or dates.read_day(typed, today)
    if meant is None:
        raise FieldRefused("published", _("Please write the day, for example yesterday, 20 May or 2027-05-20."))
    return meant


@flow.ask("sure")
def ask_again(draft: Draft, facts: Facts) -> Form | None:
    """Only where somebody else was faster."""
    if not draft.overtaken:
        return None
    other = _("Somebody else has given it another link since you opened the form: {link}", link=draft.seen)
    none = _("Somebody else has removed the link since you opened the form.")
    return Form(
        facts.material.title,
        intro=(other if draft.seen else none, _("Yours takes its place.")),
        submit=_("Save"),
    )


flow.rescue(Overtaken, back_to="link")


@flow.on_done
def done(draft: Draft, facts: Facts, desk: LinkDesk) -> Card:
    wanted = replace(facts.material, url=draft.url, kind=draft.kind, published=day_of(draft.published, facts.today))
    desk.keep_link(facts.programme.id, wanted, seen=draft.seen)
    waiting = n_("{n} person who waits for it is told.", "{n} people who wait for it are told.", facts.waiting)
    return Card(
        _("Saved: {title}", title=wanted.title),
        body=((waiting,) if facts.waiting else ()),
        buttons=(Button(_("Open"), url=wanted.url), buttons.ALL_MATERIALS),
        tone=Tone.GOOD,
    )


def overtaken() -> Overtaken:
    return Overtaken(_("Somebody else has changed this link at the same moment. Please look through it again."))


def invitation(programme: Programme, material: Material) -> Card:
    """Where no form can be opened at once: the button that opens it."""
    return Card(material.title, body=(programme.title,), buttons=(materials.set_link(programme, material),))
