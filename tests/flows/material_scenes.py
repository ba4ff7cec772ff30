"""Every view about materials: the list, what those who wait are told, catching up, and the form of a link."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.conversation import Run
from bot.domain.materials import from_occasion
from bot.domain.people import Language
from bot.domain.programmes import Material, Programme, RoleGroup, Speaker
from bot.flows import catching_up, material_links, materials, new_materials
from bot.flows.materials import News, Page, Reader
from bot.messages import Form, View
from tests.flows.samples import DAYS, NOW, SINGLE, words

ROLES = (RoleGroup("chefer", words("Chefer")), RoleGroup("strateger", words("Strateger")))
FIRST, GOING = words("Komma igång"), words("Hålla igång")

TALKS = replace(
    SINGLE,
    role_groups=ROLES,
    materials=(
        Material(words("Handledning"), "guide", "https://example.org/guide"),
        Material(
            words("Att komma igång"), "recording", "https://example.org/komma", FIRST, words("Om starten."),
            (Speaker("Jacob Torfing", words("Professor i politik")), Speaker("Eva")), published=date(2027, 1, 4),
        ),
        Material(
            words("Att hålla igång"), "recording", "https://example.org/halla", GOING, words("Om ledarskap."),
            reflection=(words("Vem är du?"),), published=date(2026, 12, 1),
        ),
        Material(words("Bilder"), "slides", "", FIRST, occasion="a", id="bilder", published=DAYS[1]),
        Material(words("Till chefer"), "slides", "https://example.org/chefer", FIRST, for_roles=("chefer",)),
        Material(words("Protokoll"), "reading", "https://example.org/hemligt", GOING, members_only=True),
    ),
)  # fmt: skip
"""A programme of talks: stages that were published the other way round, something to come, something for members."""


def scenes(size: str, programme: Programme) -> Iterator[tuple[str, View]]:
    """The views of one programme."""
    seen = Reader()
    everything = Reader(
        member_of=frozenset({programme.id}),
        roles={programme.id: frozenset(group.id for group in programme.role_groups)},
        awaits=frozenset((programme.id, one.id) for one in programme.materials),
        coordinates=True,
    )
    for who, reader in (("anybody", seen), ("everybody", everything)):
        for by_day in (False, True):
            page = Page("", by_day)
            yield f"{size}: materials for {who}, by day {by_day}", materials.card((programme,), reader, NOW, page)
        last = Page(programme.id, start=materials.MOST)
        yield f"{size}: materials for {who}, last page", materials.card((programme,) * 2, reader, NOW, last)
        for occasion in programme.occasions[:1]:
            yield f"{size}: package for {who}", catching_up.package(programme, occasion, reader, NOW)
            yield f"{size}: thanks to {who}", catching_up.thanks(programme, occasion, NOW, member=reader.coordinates)
    yield from _new(f"{size}: new material", programme)
    for material in programme.materials[:2]:
        yield from _one(f"{size}: {material.kind}", programme, material, everything)


def _one(name: str, programme: Programme, material: Material, reader: Reader) -> Iterator[tuple[str, View]]:
    news = [News(programme, material), News(programme, material, mended=True)] * 4
    yield f"{name}: told", materials.told(news, reader, NOW)
    yield f"{name}: mended", materials.told(news[1:2], reader, NOW)
    yield f"{name}: will tell", materials.will_tell(programme, from_occasion("x"), material.title)
    yield f"{name}: will not tell", materials.will_not_tell(material.title)
    yield f"{name}: is here", materials.is_here(programme, (material,), reader, NOW)
    yield f"{name}: does not work", materials.does_not_work(programme, replace(material, url=_LONG))
    yield f"{name}: invitation", material_links.invitation(programme, material)
    yield from _form(name, programme, replace(material, url=_LONG, published=date(2027, 1, 4)))


_LONG = "https://example.org/" + "x" * (material_links.LONGEST - 20)


def _form(name: str, programme: Programme, material: Material) -> Iterator[tuple[str, View]]:
    facts = material_links.Facts(programme, material, NOW.date(), waiting=99_999)
    desk = _Desk(programme)
    turn = material_links.flow.begin(Run("run", material_links.draft(material)), facts, desk)
    yield f"{name}: link", turn.view
    wrong = {"url": "www.example.org", "kind": "film", "published": "i fjol"}
    yield f"{name}: link refused", material_links.flow.receive(turn.run, wrong, facts, desk).view
    other = replace(facts, material=replace(material, url="https://example.org/other"))
    right = {"url": _LONG, "kind": "film", "published": "2027-01-04"}
    overtaken = material_links.flow.receive(turn.run, right, other, desk)
    yield f"{name}: link overtaken", overtaken.view
    yield f"{name}: link saved", material_links.flow.receive(turn.run, right, facts, desk).view
    yield f"{name}: link saved after all", material_links.flow.receive(overtaken.run, {}, other, desk).view


def _new(name: str, programme: Programme) -> Iterator[tuple[str, View]]:
    """A material that is added in chat, from the form to its removal."""
    several = (programme, replace(SINGLE, id="another"))
    facts = new_materials.Facts(several, Language.SWEDISH, NOW, {})
    draft = new_materials.Draft(programme.id, "Å" * 75, "guide", _LONG, "2027-05-20", "yes")
    desk = _Desk(programme)
    for kind, state in (("there", draft), ("to come", replace(draft, url="", members="no"))):
        turn, seen = new_materials.flow.begin(Run("run", state), facts, desk), 0
        while isinstance(turn.view, Form):
            yield f"{name}, {kind}, {seen}", turn.view
            turn = new_materials.flow.receive(turn.run, {**turn.view.values}, facts, desk)
            seen += 1
        yield f"{name}, {kind}, saved", turn.view
    made = new_materials.wanted(draft, facts)
    shelf = replace(programme, materials=(made,))
    reader = Reader(coordinates=True)
    yield f"{name}, in the list", materials.card((shelf,), reader, NOW, Page())
    yield f"{name}, remove?", new_materials.ask_to_remove(shelf, made)
    yield f"{name}, removed", new_materials.removed(made)
    yield f"{name}, invitation", new_materials.invitation(programme.id)


class _Desk:
    """A desk that takes every link and every material."""

    def __init__(self, programme: Programme) -> None:
        self._programme = programme

    def keep_link(self, programme: str, material: Material, *, seen: str) -> Programme:
        return self._programme

    def add(self, programme: str, material: Material) -> None:
        """Nothing comes of it."""
