"""Every view about materials: the list, what those who wait are told, catching up, and the form of a link."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.conversation import Run
from bot.domain.materials import from_occasion
from bot.domain.programmes import Material, Programme, RoleGroup, Speaker
from bot.flows import catching_up, material_links, materials
from bot.flows.materials import News, Page, Reader
from bot.messages import View
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
            yield f"{size}: thanks to {who}", catching_up.thanks(programme, occasion, member=reader.coordinates)
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


class _Desk:
    """A desk that takes every link."""

    def __init__(self, programme: Programme) -> None:
        self._programme = programme

    def keep_link(self, programme: str, material: Material, *, seen: str) -> Programme:
        return self._programme
