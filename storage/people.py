"""Persons, the actors they own, and where they can be reached."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, Row, bindparam, case, insert, or_, select, update

from bot.conversation import clean
from bot.domain.people import Actor, Language, Person, Profile, Role
from bot.domain.values import dataclass
from bot.domain.workdays import Whereabouts
from bot.ports import Address, Surface
from storage.portions import portions
from storage.prepared import Prepared
from storage.tables import actors, addresses, people
from storage.upsert import insert_or_ignore, upsert

_SEEN_HOLDS = timedelta(hours=1)
"""Where somebody was seen last is right to the hour; to the second it would cost a statement for each event."""


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """An actor with the person behind it, and what has already happened between us."""

    actor: Actor
    person: Person
    directory_email: str = ""
    profile_read: bool = False
    welcomed: bool = False
    home_opened: bool = False
    language_chosen: bool = False
    address_details: str | None = None  # JSON, as stored


@dataclass(frozen=True, slots=True)
class Account:
    """An actor as one of a person's own, and whether it can be written to."""

    actor: Actor
    directory_email: str  # from the platform, never typed
    left: bool
    blocked: bool

    @property
    def reachable(self) -> bool:
        return not self.left and not self.blocked


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person as somebody who is sent things. Without an `address`, `gone` says why."""

    person: Person
    zone: str  # IANA name, or nothing when the person's platform does not say
    digest_at: datetime | None  # UTC
    address: Address | None
    gone: str  # "", "left", "blocked", or "unknown": nobody has met them in any workspace

    def there(self, otherwise: str) -> Whereabouts:
        """Where they work; in the zone `otherwise` while nobody knows theirs."""
        return Whereabouts.of(self.zone or otherwise, self.person.organisation)


_HERE = (
    (addresses.c.platform == actors.c.platform)
    & (addresses.c.workspace == actors.c.workspace)
    & (addresses.c.surface == Surface.PERSON.value)
    & (addresses.c.conversation == actors.c.user)
)
_WITH_THE_WORKSPACE = "app_uninstalled"  # Slack's own word
"""Why somebody is out of reach whose whole workspace has removed the bot."""

REACHABLE = actors.c.left_at.is_(None) & actors.c.blocked_at.is_(None)
_PREFERRED = (
    case((people.c.platform == actors.c.platform, 0), else_=1),  # the one they chose
    actors.c.seen_at.desc(),
    actors.c.platform,
)
_PERSONAL = (people.c.id, people.c.name, people.c.email, people.c.language, people.c.organisation, people.c.role)
_BY_ACTOR = Prepared(
    select(
        actors.c.directory_email,
        actors.c.profile_read,
        actors.c.welcomed_at.is_not(None).label("welcomed"),
        actors.c.home_opened_at.is_not(None).label("home_opened"),
        actors.c.blocked_reason,
        or_(
            actors.c.left_at.is_not(None), actors.c.blocked_at.is_not(None), actors.c.seen_at <= bindparam("long_ago")
        ).label("is_back"),
        *_PERSONAL,
        people.c.language_chosen,
        addresses.c.details,
    )
    .join(people, people.c.id == actors.c.person)
    .outerjoin(addresses, _HERE)
    .where(
        actors.c.platform == bindparam("platform"),
        actors.c.workspace == bindparam("workspace"),
        actors.c.user == bindparam("user"),
    )
)
_PERSON = Prepared(select(*_PERSONAL).where(people.c.id == bindparam("person")))
_REMEMBER = Prepared(
    update(people)
    .where(people.c.id == bindparam("person"))
    .values(name=bindparam("name"), email=bindparam("email"), organisation=bindparam("organisation"))
)
_ADDRESSED = Prepared(
    select(actors.c.platform, actors.c.workspace, actors.c.user, addresses.c.details)
    .join(people, people.c.id == actors.c.person)
    .outerjoin(addresses, _HERE)
    .where(actors.c.person == bindparam("person"), REACHABLE)
    .order_by(*_PREFERRED)
    .limit(1)
)
_REACHED = (
    select(
        people,
        actors.c.platform.label("on"),
        actors.c.workspace,
        actors.c.user,
        actors.c.left_at,
        actors.c.blocked_at,
        addresses.c.details,
    )
    .outerjoin(actors, actors.c.person == people.c.id)
    .outerjoin(addresses, _HERE)
    .where(people.c.id.in_(bindparam("persons", expanding=True)))
    .order_by(people.c.id, case((REACHABLE, 0), (actors.c.left_at.is_(None), 1), else_=2), *_PREFERRED)
)
_THIS_ACTOR = (
    (actors.c.platform == bindparam("p")) & (actors.c.workspace == bindparam("w")) & (actors.c.user == bindparam("u"))
)
_SEEN = Prepared(
    update(actors).where(_THIS_ACTOR).values(seen_at=bindparam("now"), left_at=None, blocked_at=None, blocked_reason="")
)
_MARK = {
    event: Prepared(update(actors).where(_THIS_ACTOR).values({f"{event}_at": bindparam("now")}))
    for event in ("welcomed", "home_opened", "left")
}


def _key(actor: Actor) -> dict[str, str]:
    return {"platform": actor.platform, "workspace": actor.workspace, "user": actor.user}


def _where(actor: Actor) -> dict[str, str]:
    return {"p": actor.platform, "w": actor.workspace, "u": actor.user}


class People:
    """The persons and actors of all workspaces, each reached only with its full key."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def meet(self, actor: Actor, address: Address | None, profile: Profile | None, language: Language) -> Acquaintance:
        """The actor as we know them, made acquainted if they are new; address and profile are brought up to date.

        `language` is the one to speak until the person or their platform says another.
        """
        known = self._find(actor) or self._create(actor, language)
        if profile is not None and not known.profile_read:
            known = self._learn(known, profile)
        if address is not None:
            self._remember_address(known, address)
        return known

    def present(self, actor: Actor) -> str | None:
        """The id of the actor's person; None when the actor is unknown or has left."""
        here = _THIS_ACTOR & actors.c.left_at.is_(None)
        found: str | None = self._connection.execute(select(actors.c.person).where(here), _where(actor)).scalar()
        return found

    def person(self, id: str) -> Person:
        """The person with this id, who must be there."""
        return _person(_PERSON.first(self._connection, person=id))

    def addressed(self, person: str) -> tuple[Actor, Address] | None:
        """On the platform the person chose, else where they were last seen; None when we cannot reach them at all."""
        row = _ADDRESSED.first(self._connection, person=person)
        if row is None:
            return None
        return Actor(row.platform, row.workspace, row.user), _address(row.platform, row)

    def reached(self, persons: Collection[str]) -> Mapping[str, Recipient]:
        """Person id → where to write to each, however many they are; nothing for ids that are nobody's."""
        found: dict[str, Recipient] = {}
        for some in portions(persons):
            for row in self._connection.execute(_REACHED, {"persons": some}):
                found.setdefault(row.id, _recipient(row))  # the first row is the best one
        return found

    def staying(self, persons: Collection[str]) -> tuple[str, ...]:
        """Those of these people who are known, and whom nobody erases until the transaction ends."""
        found: list[str] = []
        for some in portions(persons):
            there = select(people.c.id).where(people.c.id.in_(some)).order_by(people.c.id)
            found += self._connection.execute(there.with_for_update(read=True, key_share=True)).scalars()
        return tuple(found)

    def digested(self, persons: Collection[str]) -> None:
        """Note that these people are being sent what could wait."""
        for some in portions(persons):
            self._connection.execute(update(people).where(people.c.id.in_(some)).values(digest_at=self._now))

    def owner(self, actor: Actor) -> str | None:
        """The id of the actor's person, also when the actor has left; None when nobody has met it."""
        found: str | None = self._connection.execute(select(actors.c.person).where(_THIS_ACTOR), _where(actor)).scalar()
        return found

    def actors_of(self, person: str) -> tuple[Account, ...]:
        """All of the person's own actors, those that are written to first first."""
        theirs = select(actors).join(people, people.c.id == actors.c.person).where(actors.c.person == person)
        rows = self._connection.execute(theirs.order_by(*_PREFERRED, actors.c.workspace, actors.c.user))
        return tuple(
            Account(
                Actor(row.platform, row.workspace, row.user),
                row.directory_email,
                left=row.left_at is not None,
                blocked=row.blocked_at is not None,
            )
            for row in rows
        )

    def is_here(self, person: str) -> bool:
        """Whether somebody has an account that they have not left."""
        return any(not account.left for account in self.actors_of(person))

    def homes(self, person: str) -> tuple[Actor, ...]:
        """The actors whose own page has been opened, and so must show the truth."""
        rows = self._connection.execute(
            select(actors.c.platform, actors.c.workspace, actors.c.user).where(
                actors.c.person == person, actors.c.left_at.is_(None), actors.c.home_opened_at.is_not(None)
            )
        )
        return tuple(Actor(row.platform, row.workspace, row.user) for row in rows)

    def in_directory(self, workspace: tuple[str, str], email: str) -> str | None:
        """The person whom this workspace's own directory lists under an e-mail address, if exactly one."""
        rows = self._connection.execute(
            select(actors.c.person).where(
                actors.c.platform == workspace[0],
                actors.c.workspace == workspace[1],
                actors.c.directory_email == email.casefold(),
                actors.c.left_at.is_(None),
            )
        ).all()
        return rows[0].person if email and len(rows) == 1 else None

    def remember(self, person: Person) -> None:
        """Store what the person has told about themselves."""
        _REMEMBER.run(
            self._connection,
            person=person.id,
            name=person.name,
            email=person.email,
            organisation=person.organisation or "",
        )

    def choose_language(self, person: str, language: Language) -> None:
        """Keep the language the person asked for, whatever their platform says later."""
        self._connection.execute(
            update(people).where(people.c.id == person).values(language=language.value, language_chosen=True)
        )

    def choose_platform(self, person: str, platform: str) -> None:
        """Write to the person on this platform from now on, as long as they can be reached there."""
        self._connection.execute(update(people).where(people.c.id == person).values(platform=platform))

    def block(self, actor: Actor, reason: str) -> None:
        """Write no more to an actor who is still there, until they write to us; `reason` is the platform's own code."""
        self._connection.execute(
            update(actors).where(_THIS_ACTOR).values(blocked_at=self._now, blocked_reason=reason), _where(actor)
        )

    def mark(self, actor: Actor, *, event: str) -> None:
        """Note that something happened to the actor now: `welcomed`, `home_opened` or `left`."""
        _MARK[event].run(self._connection, **_where(actor), now=self._now)

    def appoint(self, person: str, role: Role) -> None:
        """Give the person a role."""
        self._connection.execute(update(people).where(people.c.id == person).values(role=role.value))

    def called(self, text: str) -> tuple[Person, ...]:
        """Everybody whose name or e-mail address has this in it, whatever its case; by their names."""
        everybody = map(_person, self._connection.execute(select(people).order_by(people.c.name, people.c.id)))
        wanted = text.casefold()  # SQLite knows no case but that of ASCII
        return tuple(one for one in everybody if wanted in one.name.casefold() or wanted in one.email.casefold())

    def with_role(self, *roles: Role) -> tuple[Person, ...]:
        """Everybody who has one of the roles."""
        rows = self._connection.execute(select(people).where(people.c.role.in_([role.value for role in roles])))
        return tuple(_person(row) for row in rows)

    def _find(self, actor: Actor) -> Acquaintance | None:
        row = _BY_ACTOR.first(self._connection, **_key(actor), long_ago=self._now - _SEEN_HOLDS)
        if row is None:
            return None
        if row.blocked_reason == _WITH_THE_WORKSPACE:
            self._workspace_is_back(actor)
        if row.is_back:
            _SEEN.run(self._connection, **_where(actor), now=self._now)
        return _acquaintance(actor, row)

    def _create(self, actor: Actor, language: Language) -> Acquaintance:
        """A new person with this actor. Two first events at once agree on whichever came first."""
        person = Person(uuid.uuid4().hex, language=language)
        self._connection.execute(insert(people), {"id": person.id, "language": language.value, "created_at": self._now})
        new = insert_or_ignore(
            self._connection,
            actors,
            platform=actor.platform,
            workspace=actor.workspace,
            user=actor.user,
            person=person.id,
            seen_at=self._now,
        )
        if new:
            self._workspace_is_back(actor)
            return Acquaintance(actor, person)
        self._connection.execute(people.delete().where(people.c.id == person.id))
        found = self._find(actor)
        assert found is not None, "an actor that cannot be inserted is there"
        return found

    def _learn(self, known: Acquaintance, profile: Profile) -> Acquaintance:
        """Take over what the platform's directory says, except where the person has said something themselves."""
        profile = replace(profile, name=clean(profile.name), email=clean(profile.email))
        person = known.person
        language = person.language if known.language_chosen else profile.language or person.language
        person = replace(
            person, name=person.name or profile.name, email=person.email or profile.email, language=language
        )
        self._connection.execute(
            update(people)
            .where(people.c.id == person.id)
            .values(name=person.name, email=person.email, language=language.value, zone=profile.zone or "")
        )
        self._connection.execute(
            update(actors).where(_THIS_ACTOR).values(profile_read=True, directory_email=profile.email.casefold()),
            _where(known.actor),
        )
        return replace(known, person=person, profile_read=True, directory_email=profile.email.casefold())

    def workspace_left(self, platform: str, workspace: str) -> None:
        """Everybody of a workspace that removed the bot is out of reach, until somebody of it is heard of again."""
        self._connection.execute(
            update(actors)
            .where(actors.c.platform == platform, actors.c.workspace == workspace, actors.c.left_at.is_(None))
            .values(left_at=self._now, blocked_reason=_WITH_THE_WORKSPACE)
        )

    def _workspace_is_back(self, actor: Actor) -> None:
        """One of them is heard of, so it has the bot again: all are there who were when it was removed."""
        gone = (actors.c.left_at.is_not(None), actors.c.blocked_reason == _WITH_THE_WORKSPACE)
        self._connection.execute(
            update(actors)
            .where(actors.c.platform == actor.platform, actors.c.workspace == actor.workspace, *gone)
            .values(left_at=None, blocked_reason="")
        )

    def remember_channel(self, address: Address) -> None:
        """Keep the way to reach a channel; what an earlier event told and this one does not still holds."""
        this = (addresses.c.platform == address.platform, addresses.c.workspace == address.workspace)
        there = (addresses.c.surface == address.surface.value, addresses.c.conversation == address.conversation)
        before = self._connection.execute(select(addresses.c.details).where(*this, *there)).scalar()
        known = from_json(before or "{}")
        details = {**known, **address.details}
        if before is None or details != known:
            self._store(address.platform, address.workspace, address.surface, address.conversation, details)

    def _remember_address(self, known: Acquaintance, address: Address) -> None:
        """Keep the way to reach the actor fresh; platforms may change it at any time, and tell more or less of it."""
        before = from_json(known.address_details or "{}")
        details = {**before, **address.details}
        if known.address_details is None or details != before:
            actor = known.actor
            self._store(actor.platform, actor.workspace, Surface.PERSON, actor.user, details)

    def _store(
        self, platform: str, workspace: str, surface: Surface, conversation: str, details: Mapping[str, str]
    ) -> None:
        upsert(
            self._connection,
            addresses,
            platform=platform,
            workspace=workspace,
            surface=surface.value,
            conversation=conversation,
            details=json.dumps(dict(details), ensure_ascii=False, sort_keys=True),
            updated_at=self._now,
        )


def _address(platform: str, row: Any) -> Address:
    return Address(platform, row.workspace, row.user, Surface.PERSON, from_json(row.details or "{}"))


def _recipient(row: Row[Any]) -> Recipient:
    """The person with what the row says of one of their actors, if they have any."""
    gone = "left" if row.left_at is not None else "blocked" if row.blocked_at is not None else ""
    gone = gone if row.on is not None else "unknown"
    return Recipient(_person(row), row.zone, row.digest_at, None if gone else _address(row.on, row), gone)


def _person(row: Row[Any]) -> Person:
    return Person(row.id, row.name, row.email, Language(row.language), row.organisation or None, Role(row.role))


def _acquaintance(actor: Actor, row: Row[Any]) -> Acquaintance:
    return Acquaintance(
        actor,
        _person(row),
        directory_email=row.directory_email,
        profile_read=row.profile_read,
        welcomed=row.welcomed,
        home_opened=row.home_opened,
        language_chosen=row.language_chosen,
        address_details=row.details,
    )
