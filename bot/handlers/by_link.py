"""What is asked of people without Slack or Teams, by way of links: a group's notes, and all that a guest is asked."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import timedelta

from pydantic import TypeAdapter

from bot.domain import notes
from bot.domain.people import Language
from bot.domain.programmes import Programme
from bot.domain.rounds import Asked, Mode, Round, State
from bot.domain.values import dataclass
from bot.domain.words import Words
from bot.flows import groups, guest_page, notes_page
from bot.flows.guest_page import Invitation
from bot.flows.noting import NoteFacts, Notes, PutUp, field_name
from bot.handlers import boards, joining, looking_back, note_forms, noting, small_groups, urns
from bot.handlers.group_names import called
from bot.handlers.prompting import Circle
from bot.handlers.visit import Visit
from bot.messages import Card, Form, View
from storage.deliveries import Deliveries
from storage.groups import Group, Groups
from storage.links import Kind, Link, Links
from storage.rounds import Rounds

LASTS = timedelta(days=30)
"""How long the link to a group's form holds at most; the round may close before."""

_PLATFORM = "web"  # where forms that were sent are noted, beside the deliveries of Slack and Teams
_NONCE = re.compile(r"[0-9a-f]{32}")

Typed = Mapping[str, str]
"""Field name → what was typed. Untrusted, but without what could break the showing."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A page."""

    view: View
    programme: Words = ""
    board: str = ""  # address of the page with the round's board
    may_go_on: bool = False  # more can be written
    is_there: bool = True  # False: the link opens nothing, and this gives back what was written


# --- A group's notes --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """Where notes that come by a link belong."""

    link: str
    programme: Programme
    round: Round
    group: Group
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class _Sent:
    """What came in one form at one time, and what became of it."""

    texts: notes.Texts
    put_up: PutUp
    ratings: notes.Texts = field(default_factory=dict)


_SENT: TypeAdapter[_Sent] = TypeAdapter(_Sent)


def link_of(visit: Visit, round: str, group: str) -> Link:
    """The link to a group's form, the same as long as it is in force."""
    store = Links(visit.connection, visit.now)
    found = store.open(store.give_out(Kind.NOTES, f"{round} {group}", lasts=LASTS), Kind.NOTES)
    assert found is not None, "it has just been given out"
    return found


def show_notes(visit: Visit, link: str) -> Shown | None:
    """The form behind a link, anew each time; None when the link opens nothing."""
    place = _place(visit, link)
    if place is None:
        return None
    if not place.round.is_open:
        return _closed(visit, place, {})
    return _shown(visit, place, notes_page.form(_facts(visit, place), _nonce()))


def take_notes(visit: Visit, link: str, token: str, typed: Typed, *, is_ours: bool) -> Shown:
    """Put up what was sent, once however often it arrives. What was written comes back whenever it is not put up.

    Parameters
    ----------
    is_ours
        Whether the browser says that the form was sent from our own page.
    """
    place = _locked(visit, _place(visit, link))
    if place is None:
        return Shown(notes_page.link_over(typed), is_there=False)
    if not place.round.is_open:
        return _sent_before(visit, place, token) or _closed(visit, place, typed)
    facts, (nonce, _looked) = _facts(visit, place), notes_page.read_token(token)
    if not is_ours or not _NONCE.fullmatch(nonce):
        again = notes_page.form(facts, _nonce(), typed=typed, refusal=notes_page.sender_unknown())
        return _shown(visit, place, again)
    view = notes_page.take(
        facts, place.group.id, token, typed=typed, put_up=lambda written: _put_up(visit, place, nonce, written)
    )
    return _shown(visit, place, view)


def _put_up(visit: Visit, place: _Place, nonce: str, written: Notes) -> PutUp:
    """Put up what has not come in this form before: somebody may go back, add a line and send again."""
    before = tuple(_sent(visit, place, nonce))
    texts: notes.Texts = written.texts
    rated: dict[str, str] = {}
    for one in before:
        texts, rated = notes.without(texts, one.texts), {**rated, **one.ratings}
    given = noting.Given(texts, replace(written, rated=rated).changed)
    if before and not texts and not given.ratings:
        return _together([one.put_up for one in before])
    done = noting.put_up(visit, place.round, place.group, given, asked=place.asked)
    kept = _SENT.dump_json(_Sent(texts, done, given.ratings)).decode()
    Deliveries(visit.connection, visit.now).add(_PLATFORM, place.link, f"{nonce}.{len(before)}", kept)
    return done


def _sent(visit: Visit, place: _Place, nonce: str) -> Iterator[_Sent]:
    """What has come in this form before, the first time first."""
    store, number = Deliveries(visit.connection, visit.now), 0
    while (kept := store.reply(_PLATFORM, place.link, f"{nonce}.{number}")) is not None:
        yield _SENT.validate_json(kept)
        number += 1


def _sent_before(visit: Visit, place: _Place, token: str) -> Shown | None:
    """The receipt, for somebody whose connection was lost while it came, and the round closed since."""
    before = tuple(_sent(visit, place, notes_page.read_token(token)[0]))
    if not before:
        return None
    return _shown(visit, place, notes_page.sent(_together([one.put_up for one in before]), _facts(visit, place)))


def _together(done: Sequence[PutUp]) -> PutUp:
    questions = dict.fromkeys(question for one in done for question in one.posts)
    posts = {question: tuple(post for one in done for post in one.posts.get(question, ())) for question in questions}
    return PutUp(posts, sum(one.held for one in done))


def _place(visit: Visit, link: str) -> _Place | None:
    opened = Links(visit.connection, visit.now).open(link, Kind.NOTES)
    if opened is None:
        return None
    round, _blank, id = opened.about.partition(" ")
    found, group = _rounds(visit).get(round), Groups(visit.connection, visit.now).get(id)
    programme = visit.programmes.get(found.programme) if found is not None else None
    if found is None or group is None or programme is None or found.mode is not Mode.NOTES:
        return None
    asked = note_forms.asked_in(programme, found, group)
    return _Place(link, programme, found, group, asked) if asked and found.state is not State.PLANNED else None


def _locked(visit: Visit, place: _Place | None) -> _Place | None:
    """The place with its round as it is now, and stays until the transaction ends."""
    found = _rounds(visit).locked(place.round.id) if place is not None else None
    return replace(place, round=found) if place is not None and found is not None else None


def _facts(visit: Visit, place: _Place) -> NoteFacts:
    box, watch = place.round.box(place.group.role).name, noting.personal(visit, place.round)
    caution = groups.if_few() if Circle(visit, place.round).is_few(place.group) else ""
    name = called(visit, place.group)
    return NoteFacts(place.round, place.programme.title, name, box, place.asked, watch, caution)


def _closed(visit: Visit, place: _Place, typed: Typed) -> Shown:
    questions = {field_name(asked): asked.text for asked in place.asked}
    return _shown(visit, place, notes_page.not_open(place.round, typed, questions))


def _shown(visit: Visit, place: _Place, view: View) -> Shown:
    has_board = place.round.state is not State.WITHDRAWN
    board = boards.address(visit, place.round.id) if has_board else ""
    return Shown(view, place.programme.title, board, may_go_on=place.round.is_open)


def _nonce() -> str:
    return secrets.token_hex(16)


def _rounds(visit: Visit) -> Rounds:
    return Rounds(visit.connection, visit.now)


# --- What a guest is asked --------------------------------------------------------------------------------------------


def guest_of(visit: Visit, link: str) -> str | None:
    """The person whose own link it is; None when it opens nothing."""
    opened = Links(visit.connection, visit.now).open(link, Kind.GUEST)
    return opened.about if opened is not None else None


def page_of_guest(visit: Visit, link: str, *, here: str, language: Language) -> Card | None:
    """A guest's own page: what is open to them, and what they may look back at; None when the link opens nothing.

    Parameters
    ----------
    here
        The address of the guest's own page.
    """
    person = guest_of(visit, link)
    if person is None:
        return None
    running = [one for one in _rounds(visit).running() if one.is_open and one.programme in visit.programmes]
    found = [one for round in reversed(running) for one in _invitations(visit, round, person, here)]
    spoken = f"?language={language}"
    asked = [replace(one, form=one.form + spoken, board=one.board + spoken) for one in found]
    closed = [replace(one, board=one.board and one.board + spoken) for one in looking_back.closed(visit, person)]
    name, under_way = visit.people.person(person).name, looking_back.under_way(visit, person)
    return guest_page.own_page(name, asked, under_way, closed)


def _invitations(visit: Visit, round: Round, person: str, here: str) -> Iterator[Invitation]:
    if round.occasion:
        return  # who is at a meeting has met us in chat, and its board is not for them
    programme, board = visit.programmes[round.programme], boards.address(visit, round.id)
    if round.mode is Mode.SEALED:
        if urns.box_of(visit, round, person) is not None:
            yield Invitation(round, programme.title, programme.zone, "", f"{here}/{round.id}", board)
        return
    own = Groups(visit.connection, visit.now).of_person(programme.id, person)
    if small_groups.offered_to(visit, round, person, own):
        yield Invitation(round, programme.title, programme.zone, "", f"{here}/{round.id}", board, chooses=True)
        return
    asked = [group for group in own if note_forms.asked_in(programme, round, group)]
    for group in small_groups.chosen(visit, round, person, asked):
        form = visit.surroundings.link_address(Kind.NOTES, link_of(visit, round.id, group.id).id)
        yield Invitation(round, programme.title, programme.zone, called(visit, group), form, board)


# --- The small group that a guest talks in ----------------------------------------------------------------------------


def group_choice(visit: Visit, link: str, round: str) -> Form | None:
    """The form that asks a guest which of a workshop's small groups they talk in; None when there is none to ask."""
    found = _choosing(visit, link, round)
    if found is None:
        return None
    return guest_page.which_group(found.round, [(one.id, called(visit, one)) for one in found.groups])


def choose_group(visit: Visit, link: str, round: str, chosen: str, *, is_ours: bool) -> Form | Card | None:
    """Let a guest talk in a group until the workshop ends, and show them the way to its notes.

    None when there is nothing to be chosen any more.
    """
    found = _choosing(visit, link, round)
    group = next((one for one in found.groups if one.id == chosen), None) if found is not None and is_ours else None
    if found is None or group is None:
        return group_choice(visit, link, round)
    joining.settle(visit, visit.programmes[found.round.programme], group, found.person)
    joining.of(visit).prefer(group.id, found.person)
    form = visit.surroundings.link_address(Kind.NOTES, link_of(visit, round, group.id).id)
    return guest_page.you_talk_in(found.round, called(visit, group), form)


@dataclass(frozen=True, slots=True)
class _Choosing:
    """A guest who has not said which group they talk in: their own and the small ones."""

    person: str
    round: Round
    groups: tuple[Group, ...]


def _choosing(visit: Visit, link: str, id: str) -> _Choosing | None:
    person, found = guest_of(visit, link), _rounds(visit).get(id)
    if person is None or found is None or not found.is_open or found.programme not in visit.programmes:
        return None
    own = Groups(visit.connection, visit.now).of_person(found.programme, person)
    small = small_groups.offered_to(visit, found, person, own) if found.mode is Mode.NOTES else ()
    return _Choosing(person, found, (*small, *own)) if small else None
