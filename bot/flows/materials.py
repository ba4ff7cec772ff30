"""The materials as people are shown them: the list, one of them, and what those who waited for one are told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime

from bot.domain.materials import learning_order, publishing_order, stage_of
from bot.domain.programmes import Material, Occasion, Programme, local_day
from bot.domain.values import dataclass
from bot.domain.words import Day, Listed, Text, Words, _
from bot.flows import buttons, occasions
from bot.flows.truth import page_of
from bot.messages import Action, Button, Card, Item, Notice, Tone

AWAIT, UNAWAIT = "await_material", "unawait_material"  # about a programme and what is waited for in it
DEAD_LINK = "dead_link"  # about a programme and a material
SET_LINK = "material_link"  # the same, for coordinators
NEW = "new_material"  # about a programme or nothing, for coordinators
REMOVE = "remove_material"  # about a programme and a material that was added in chat
CONFIRM_REMOVE = "confirm_remove_material"  # the same
WAS_ABSENT = "was_absent"  # about a programme and an occasion

MOST = 8
"""Materials in one message; the others follow with "Show more"."""

_BY_DAY = "*"  # in the button of a list in the order of publishing; no programme has such an id

KINDS: Mapping[str, Text] = {
    "agenda": _("Agenda"),
    "slides": _("Slides"),
    "recording": _("Recording"),
    "guide": _("Guide"),
    "reading": _("Reading"),
    "film": _("Film"),
}

Placed = tuple[Programme, Material]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: decides which links there are, and what is recommended."""

    member_of: frozenset[str] = frozenset()  # programmes with a sure seat
    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)  # programme → role groups
    awaits: frozenset[tuple[str, str]] = frozenset()  # (programme, what)
    coordinates: bool = False

    def roles_in(self, programme: Programme) -> frozenset[str]:
        return self.roles.get(programme.id, frozenset())

    def may_open(self, programme: Programme, material: Material) -> bool:
        """Whether the link is for them; members' ones are never shown to anybody else."""
        return not material.members_only or programme.id in self.member_of or self.coordinates


# --- The list ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of the list."""

    programme: str = ""  # id; nothing for all of them
    by_day: bool = False  # in the order of publishing
    start: int = 0

    @classmethod
    def of(cls, about: str) -> Page:
        """The page that a button asks for."""
        head, start = page_of(about)
        named = [word for word in head.split() if word != _BY_DAY]
        return cls(named[0] if named else "", _BY_DAY in head.split(), start)

    def button(self, label: Text) -> Button:
        head = " ".join(filter(None, (self.programme, _BY_DAY if self.by_day else "")))
        return Button(label, Action(buttons.MATERIALS, f"{head}:{self.start}"))


def card(programmes: Sequence[Programme], reader: Reader, now: datetime, page: Page) -> Card:
    """One page of the materials of these programmes, in learning order or the newest first."""
    rows = [(programme, one) for programme in programmes for one in _ordered(programme, reader, page)]
    start = page.start if page.start < len(rows) else 0
    shown = rows[start : start + MOST]
    several = {programme.id: programme for programme, _material in rows}.values()
    return Card(
        _("Materials"),
        body=tuple(_how_many(len(rows), start, len(shown))),
        items=tuple(_entries(shown, reader, now, several=several, by_day=page.by_day)),
        buttons=(
            *((new(page.programme),) if reader.coordinates and programmes else ()),
            *_ways(rows, shown, now, Page(page.programme, page.by_day, start)),
        ),
    )


def _ordered(programme: Programme, reader: Reader, page: Page) -> tuple[Material, ...]:
    return publishing_order(programme) if page.by_day else learning_order(programme, reader.roles_in(programme))


def _how_many(all: int, start: int, shown: int) -> Iterator[Words]:
    if not all:
        yield _("There is no material yet.")
    if shown < all:
        yield _("{first}–{last} of {all}", first=start + 1, last=start + shown, all=all)


def _entries(
    shown: Sequence[Placed], reader: Reader, now: datetime, *, several: Collection[Programme], by_day: bool
) -> Iterator[Item]:
    before: Placed | None = None
    for programme, material in shown:
        yield from _heading(programme, material, before, several=several, by_day=by_day)
        yield entry(programme, material, reader, now)
        before = programme, material


def _heading(
    programme: Programme, material: Material, before: Placed | None, *, several: Collection[Programme], by_day: bool
) -> Iterator[Item]:
    """Above the first of a programme, and of a stage."""
    another = before is None or before[0] is not programme
    staged = bool(material.stage) and not by_day
    fresh = staged and (another or before is None or stage_of(before[1]) != stage_of(material))
    stage = (_("Stage: {stage}", stage=material.stage),) if fresh else ()
    if len(several) > 1 and another:
        yield Item(occasions.programme_name(programme, several), stage)
    elif stage:
        yield Item(stage[0])


def _ways(rows: Sequence[Placed], shown: Sequence[Placed], now: datetime, page: Page) -> Iterator[Button]:
    following = page.start + len(shown)
    if following < len(rows):
        yield Page(page.programme, page.by_day, following).button(_("Show more"))
    if len(rows) > 1:
        label = _("In learning order") if page.by_day else _("Newest first")
        yield Page(page.programme, not page.by_day).button(label)
    for programme, occasion in _just_held(shown, now):
        yield was_absent(programme, occasion, label=_("I was not at {title}", title=occasion.title))
    yield buttons.ALL_PROGRAMMES


def _just_held(shown: Sequence[Placed], now: datetime) -> Iterator[tuple[Programme, Occasion]]:
    """The meetings that are over and that something of what is shown belongs to."""
    named = {(programme.id, material.occasion) for programme, material in shown}
    for programme in {programme.id: programme for programme, _material in shown}.values():
        for occasion in programme.occasions:
            if (programme.id, occasion.id) in named and occasion.ends_at <= now and not occasion.cancelled:
                yield programme, occasion


def was_absent(programme: Programme, occasion: Occasion, *, label: Text | None = None) -> Button:
    """The way to what one has missed."""
    return Button(label or _("I was not there"), Action(WAS_ABSENT, f"{programme.id} {occasion.id}"))


# --- One of them ------------------------------------------------------------------------------------------------------


def entry(programme: Programme, material: Material, reader: Reader, now: datetime, *, first: Words = "") -> Item:
    """A material with all there is to know of it, and what this reader can do; `first` is said before all else."""
    lines = (*((first,) if first else ()), *_lines(programme, material, reader, now))
    return Item(material.title, lines, buttons=tuple(_buttons(programme, material, reader, now)))


def _lines(programme: Programme, material: Material, reader: Reader, now: datetime) -> Iterator[Words]:
    yield _state(programme, material, now)
    yield from _recommended(programme, material, reader)
    if material.about:
        yield material.about
    yield from talk_by(material)
    yield from to_think_about(material)
    if material.url and not reader.may_open(programme, material):
        yield _("For those who are registered.")
    if not material.url and (programme.id, material.id) in reader.awaits:
        yield _("I will tell you when it is here.")


def _state(programme: Programme, material: Material, now: datetime) -> Words:
    kind: Words = KINDS.get(material.kind, material.kind)
    day = material.published
    if material.url:
        return _("{kind}, published {day}", kind=kind, day=Day(day)) if day is not None else kind
    if day is not None and day > local_day(now, programme.zone):
        return _("{kind}: to come {day}", kind=kind, day=Day(day))
    return _("{kind}: to come", kind=kind)


def _recommended(programme: Programme, material: Material, reader: Reader) -> Iterator[Words]:
    mine = reader.roles_in(programme)
    groups = [programme.role_group(role) for role in material.for_roles if role in mine]
    called = tuple(group.words.called for group in groups if group is not None)
    if called:
        yield _("Recommended for {role}", role=Listed(called))


def talk_by(material: Material) -> Iterator[Words]:
    """Those who speak, with their titles."""
    for speaker in material.speakers:
        yield _("{name}: {about}", name=speaker.name, about=speaker.about) if speaker.about else speaker.name


def to_think_about(material: Material) -> Iterator[Words]:
    """The questions that come with a material."""
    if material.reflection:
        yield _("To think about:")
        yield from (_("• {what}", what=question) for question in material.reflection)


def _buttons(programme: Programme, material: Material, reader: Reader, now: datetime) -> Iterator[Button]:
    about = f"{programme.id} {material.id}"
    if not material.url:
        yield tell_me(programme.id, material.id, awaits=(programme.id, material.id) in reader.awaits)
    elif reader.may_open(programme, material):
        yield Button(_("Open"), url=material.url)
        yield Button(_("The link does not work"), Action(DEAD_LINK, about))
    elif programme.is_open(now):
        yield buttons.register(programme)
    if reader.coordinates:
        yield set_link(programme, material)
    if reader.coordinates and material.from_chat:
        yield Button(_("Remove"), Action(REMOVE, about))


def new(programme: str) -> Button:
    """The way for a coordinator to add a material, to this programme or to one that is chosen."""
    return Button(_("New material"), Action(NEW, programme), opens_form=True)


def set_link(programme: Programme, material: Material) -> Button:
    label = _("Change the link") if material.url else _("Add the link")
    return Button(label, Action(SET_LINK, f"{programme.id} {material.id}"), opens_form=True)


def tell_me(programme: str, what: str, *, awaits: bool) -> Button:
    """The way to be told when it is there, or no longer."""
    if awaits:
        return Button(_("Do not tell me"), Action(UNAWAIT, f"{programme} {what}"))
    return Button(_("Tell me when it is here"), Action(AWAIT, f"{programme} {what}"))


# --- Waiting for one --------------------------------------------------------------------------------------------------


def will_tell(programme: Programme, what: str, title: Words) -> Card:
    return Card(
        _("I will tell you when it is here"),
        body=(title,),
        buttons=(tell_me(programme.id, what, awaits=True), buttons.ALL_MATERIALS),
        tone=Tone.GOOD,
    )


def will_not_tell(title: Words) -> Notice:
    return Notice(_("Then I will not tell you of it: {title}", title=title))


def is_here(programme: Programme, found: Sequence[Material], reader: Reader, now: datetime) -> Card:
    """To somebody who wants to be told of what is there already."""
    return Card(_("It is here already"), items=tuple(entry(programme, material, reader, now) for material in found))


@dataclass(frozen=True, slots=True)
class News:
    """Something that somebody waited for; `mended`: its link did not work."""

    programme: Programme
    material: Material
    mended: bool = False


def told(found: Sequence[News], reader: Reader, now: datetime) -> Card:
    """What somebody waited for, in one message."""
    return Card(
        _headline(found),
        items=tuple(
            entry(
                one.programme,
                one.material,
                reader,
                now,
                first=_("You told me that this link did not work. Please try it now.") if one.mended else "",
            )
            for one in found
        ),
        footnote=_("You get this once, because you wanted to know."),
    )


def _headline(found: Sequence[News]) -> Words:
    if all(one.mended for one in found):
        return _("Please try the link again")
    return _("What you waited for is here")


# --- A link that does not work ----------------------------------------------------------------------------------------


def does_not_work(programme: Programme, material: Material) -> Card:
    """A matter for the coordinators."""
    return Card(
        _("A link does not work: {title}", title=material.title),
        body=(
            programme.title,
            _("Whoever told me hears of it when the link has been changed, or when you press Done."),
        ),
        buttons=(Button(_("Open"), url=material.url), set_link(programme, material)),
        tone=Tone.WARNING,
    )


def thanks_for_telling() -> Notice:
    return Notice(_("Thank you! A coordinator looks at it, and I tell you when the link works."), Tone.GOOD)


def gone() -> Text:
    return _("This material is no longer here. Write “materials” to see what is.")


def only_for_members() -> Text:
    return _("This material is for those who are registered.")
