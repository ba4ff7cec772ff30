"""What a discussion group is called: as people named it, and in the reader's language where its name came by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.organisations import Directory
from bot.domain.people import Language
from bot.domain.programmes import Programme
from bot.domain.words import Localised, Words
from bot.handlers.visit import Visit
from storage.groups import Group

TOGETHER = Localised(
    {"sv": "Alla tillsammans", "nb": "Alle sammen", "nn": "Alle saman", "en": "Everybody together"},
)
_NUMBERED = Localised({"sv": "Grupp", "nb": "Gruppe", "nn": "Gruppe", "en": "Group"})


def written(visit: Visit, name: Localised, organisation: str = "") -> str:
    """A name of ours as it is kept, in the language of the installation."""
    return _of_organisation(visit.surroundings.directory, _in(visit.surroundings.language, name), organisation)


def _in(language: Language, name: Localised) -> str:
    return name.wordings.get(language.value) or next(iter(name.wordings.values()))


def _of_organisation(directory: Directory, name: str, organisation: str) -> str:
    """The name of a group with its organisation's: two organisations have no group in common."""
    known = directory.get(organisation) if organisation else None
    return f"{name}, {known.name if known is not None else organisation}" if organisation else name


def numbered(n: int | str) -> Localised:
    """The name of a small group."""
    return Localised({language: f"{wording} {n}" for language, wording in _NUMBERED.wordings.items()})


def called(visit: Visit, group: Group) -> Words:
    """What people read as the name of a group."""
    programme = visit.programmes.get(group.programme)
    return name_of(programme, visit.surroundings.directory, group) if programme is not None else group.name


def name_of(programme: Programme, directory: Directory, group: Group) -> Words:
    """The same where there is no visit."""
    name = _given(programme, directory, group)
    return _with_organisation(name, directory, group) if name is not None else group.name


def called_there(visit: Visit, group: Group) -> Words:
    """The same where everything is about its organisation, which need not be named with each group."""
    return _given(visit.programmes[group.programme], visit.surroundings.directory, group) or group.name


def _given(programme: Programme, directory: Directory, group: Group) -> Localised | None:
    """The name that a group got without anybody's choosing it, if it did; without its organisation's."""
    names = _ours(programme, group)
    return next((n for n in names if group.name in _with_organisation(n, directory, group).wordings.values()), None)


def _with_organisation(name: Localised, directory: Directory, group: Group) -> Localised:
    return Localised(
        {
            language: _of_organisation(directory, wording, group.organisation_key)
            for language, wording in name.wordings.items()
        }
    )


def _ours(programme: Programme, group: Group) -> Iterator[Localised]:
    """The names that a group may have got without anybody's choosing it."""
    role = programme.role_group(group.role)
    if group.is_whole:
        yield TOGETHER
    elif role is not None:
        yield role.name
    else:
        yield programme.title
        if number := re.search(r"\d+", group.name):
            yield numbered(number.group())
