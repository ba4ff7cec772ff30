"""A coordinator adds a material in chat, with its link or as something that is to come; and removes it again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from bot.conversation import Flow
from bot.domain import ids
from bot.domain.materials import from_occasion
from bot.domain.people import Language
from bot.domain.programmes import Material, Programme, local_day
from bot.domain.refusals import FieldRefused, Refusal
from bot.domain.values import dataclass
from bot.domain.words import Localised, Text, Words, _, n_
from bot.flows import buttons, material_links, materials, occasions
from bot.messages import Action, Button, Card, ChoiceField, Field, Form, Notice, Option, TextField, Tone

_LONGEST_TITLE = 75
"""Characters, as in programme files."""

_LONGEST_DAY = 20
_NO_MEETING = "*"  # no meeting has such an id


class Taken(Refusal):
    """There is a material with this title already."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the form looks at."""

    programmes: tuple[Programme, ...]  # that it can be added to
    language: Language  # of the coordinator
    now: datetime
    waiting: dict[tuple[str, str], int]  # (programme, what is waited for) → people


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been answered."""

    programme: str = ""
    title: str = ""
    kind: str = ""
    url: str = ""
    published: str = ""
    members: str = "no"
    occasion: str = _NO_MEETING


class Shelf(Protocol):
    """What the flow acts through."""

    def add(self, programme: str, material: Material) -> None:
        """Let the programme have this material, too. Raises `Taken`."""


flow: Flow[Draft, Facts, Shelf] = Flow(materials.NEW, Draft, version=1)


@flow.ask("what")
def ask_what(draft: Draft, facts: Facts) -> Form:
    kinds = tuple(Option(kind, label) for kind, label in materials.KINDS.items())
    who = (Option("no", _("Everybody")), Option("yes", _("Only those who are registered")))
    return Form(
        _("New material"),
        (
            *_programme_field(draft, facts),
            TextField("title", _("Title"), max_chars=_LONGEST_TITLE),
            ChoiceField("kind", _("Kind"), kinds),
            TextField(
                "url",
                _("Link"),
                _("It begins with https:// or http://. Leave it empty if it is still to come."),
                required=False,
                max_chars=material_links.LONGEST,
            ),
            TextField(
                "published",
                _("Published"),
                _("The day, for example 2027-05-20. For what is to come, the day you expect it. It may be left empty."),
                required=False,
                max_chars=_LONGEST_DAY,
            ),
            ChoiceField("members", _("Who gets the link?"), who),
        ),
    )


def _programme_field(draft: Draft, facts: Facts) -> tuple[Field, ...]:
    if len(facts.programmes) == 1:
        return ()
    names = tuple(Option(one.id, occasions.programme_name(one, facts.programmes)) for one in facts.programmes)
    return (ChoiceField("programme", _("Programme"), names),)


@flow.check("what")
def check_what(draft: Draft, facts: Facts) -> Draft:
    programme = _programme(draft, facts)
    if draft.url and not material_links.is_web_address(draft.url):
        raise FieldRefused("url", material_links.no_address())
    material_links.day_of(draft.published, _today(programme, facts))
    if programme.material(ids.from_title(draft.title)) is not None:
        raise FieldRefused("title", there_already())
    return replace(draft, programme=programme.id)


def _programme(draft: Draft, facts: Facts) -> Programme:
    """The one that was chosen; the only one, where there was no choice."""
    return next((one for one in facts.programmes if one.id == draft.programme), facts.programmes[0])


def _today(programme: Programme, facts: Facts) -> date:
    return local_day(facts.now, programme.zone)


@flow.ask("meeting")
def ask_meeting(draft: Draft, facts: Facts) -> Form | None:
    """To which meeting it belongs; those who missed that one get it the day after."""
    held = _programme(draft, facts).occasions
    if not held:
        return None
    options = (Option(_NO_MEETING, _("No particular meeting")), *(Option(one.id, one.title) for one in held))
    return Form(
        _("New material"),
        (ChoiceField("occasion", _("Meeting"), options),),
        intro=(_("Whoever could not come to a meeting gets what belongs to it."),),
        values={"occasion": draft.occasion},
    )


@flow.ask("look")
def look(draft: Draft, facts: Facts) -> Form:
    """The material as it will stand in the list."""
    programme, made = _programme(draft, facts), wanted(draft, facts)
    shown = materials.entry(programme, made, materials.Reader(), facts.now)
    return Form(
        _("This is how it will look"),
        submit=_("Save"),
        intro=(shown.title, *shown.lines, *((made.url,) if made.url else ()), *_who_hears(draft, facts, made)),
    )


def wanted(draft: Draft, facts: Facts) -> Material:
    programme = _programme(draft, facts)
    return Material(
        Localised({facts.language.value: draft.title}),
        draft.kind,
        draft.url,
        members_only=draft.members == "yes",
        occasion="" if draft.occasion == _NO_MEETING else draft.occasion,
        published=material_links.day_of(draft.published, _today(programme, facts)),
        from_chat=True,
        instead_of="",
    )


def _who_hears(draft: Draft, facts: Facts, made: Material) -> Iterator[Words]:
    if not made.url:
        yield _("Whoever wants to can be told when the link is here.")
        return
    waiting = facts.waiting.get((draft.programme, from_occasion(made.occasion)), 0) if made.occasion else 0
    if waiting:
        yield n_("{n} person who waits for it is told.", "{n} people who wait for it are told.", waiting)


@flow.on_done
def done(draft: Draft, facts: Facts, shelf: Shelf) -> Card:
    programme, made = _programme(draft, facts), wanted(draft, facts)
    shelf.add(programme.id, made)
    return Card(
        _("Saved: {title}", title=made.title),
        body=(programme.title, _("It stays when the programme’s file is loaded again.")),
        buttons=(
            *((Button(_("Open"), url=made.url),) if made.url else ()),
            Button(_("Remove"), Action(materials.REMOVE, f"{programme.id} {made.id}")),
            materials.new(programme.id),
            buttons.ALL_MATERIALS,
        ),
        tone=Tone.GOOD,
    )


flow.rescue(Taken, back_to="what")


def there_already() -> Text:
    return _("There is a material with this title already. Choose another title, or change the link of that one.")


# --- Removing ---------------------------------------------------------------------------------------------------------


def ask_to_remove(programme: Programme, material: Material) -> Card:
    return Card(
        _("Remove this material?"),
        body=(material.title, programme.title),
        buttons=(
            Button(_("Remove"), Action(materials.CONFIRM_REMOVE, f"{programme.id} {material.id}"), tone=Tone.DANGER),
            buttons.ALL_MATERIALS,
        ),
    )


def removed(material: Material) -> Notice:
    return Notice(_("Removed: {title}", title=material.title), Tone.GOOD)


def is_the_file_s() -> Text:
    return _("This material is in the programme’s file, and is removed there.")


def invitation(programme: str) -> Card:
    """Where no form can be opened at once: the button that opens it."""
    return Card(_("Materials"), buttons=(materials.new(programme), buttons.ALL_MATERIALS))
