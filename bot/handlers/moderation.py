"""Moderating: which new posts wait for a coordinator, and what coordinators decide about posts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Generic, TypeVar

from bot.domain import guard
from bot.domain.board import Answer, Standing
from bot.domain.guard import Finding, Guard
from bot.domain.programmes import Programme
from bot.domain.refusals import Gone
from bot.domain.rounds import Round
from bot.domain.values import dataclass
from bot.domain.words import Localised, Words, _
from bot.flows import buttons, moderation
from bot.flows.moderation import HELD, HIDDEN, MODERATED, PERSONAL, SHOWN, Entry, Said
from bot.handlers import matters
from bot.handlers.outcomes import Outcome, Show
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import Card
from storage import masking
from storage.answers import Answers
from storage.answers import Ruling as Ruled
from storage.groups import Groups
from storage.held_replies import HeldReplies, HeldReply
from storage.rounds import Rounds

_PUBLISHED, _MASKED, _HIDDEN, _UNDONE = "published", "masked", "hidden", "undone"
"""Verdicts."""

REPLY = "reply"
"""How a verdict about a reply to a post begins: it is none about the post."""

_AT_ONCE = timedelta()
"""A post that is held a minute after the queue was emptied is news: somebody looks at the screen."""


# --- For those who put posts up ---------------------------------------------------------------------------------------


def guard_of(visit: Visit, round: Round) -> Guard:
    """The guard that knows those who take part, for several texts of a round."""
    roster = Groups(visit.connection, visit.now).roster(round.programme)
    return Guard(roster, visit.surroundings.directory.words)


def look(visit: Visit, round: Round, text: str) -> tuple[Finding, ...]:
    """What in a text points at a person, those who take part included."""
    return guard_of(visit, round).found(text)


def weigh(visit: Visit, round: Round, text: str) -> tuple[Standing, str]:
    """Whether a new post is shown at once, and why not."""
    return weigher(visit, round)(text)


def weigher(visit: Visit, round: Round) -> Callable[[str], tuple[Standing, str]]:
    """`weigh` for many posts of a round: those who take part are looked up once."""
    watch = guard_of(visit, round)
    unnamed = (Standing.HELD, MODERATED) if round.moderated else (Standing.SHOWN, "")
    return lambda text: (Standing.HELD, PERSONAL) if watch.found(text) else unnamed


def ask_for_a_look(visit: Visit, round: Round) -> None:
    """Let the coordinators know that posts wait, or that none do any more; the round must be locked."""
    key = f"held:{round.id}"
    if waiting_in(visit, [round.id]):
        view = moderation.waiting(round.id, round.title)
        matters.open_matter(visit, key=key, programme=round.programme, kind="held", view=view, rest=_AT_ONCE)
    else:
        matters.settled(visit, key=key)


def waiting_in(visit: Visit, rounds: Collection[str]) -> tuple[str, ...]:
    """What waits in these rounds, posts and replies: for each the id of its round."""
    return tuple(one.round for store in (_store(visit).held, _replies(visit).waiting) for one in store(rounds))


# --- Looking ----------------------------------------------------------------------------------------------------------


def moderate(scene: Scene, about: str) -> Outcome:
    """What waits: everywhere, or in a round; with a list and a page after it, that one in place of the message."""
    id, _colon, place = about.partition(":")
    if not id:
        return _where(scene)
    return Show(list_of(scene, round_of(scene, id), place), replaces=bool(place))


def _where(scene: Scene) -> Outcome:
    waits = tuple(_waiting(scene.visit))
    if len(waits) == 1:
        return Show(list_of(scene, waits[0][0], HELD))
    return Show(moderation.rounds([(asked.id, asked.title, n) for asked, n in waits]))


def _waiting(visit: Visit) -> Iterator[tuple[Round, int]]:
    """The rounds where posts are held, and how many."""
    store = Rounds(visit.connection, visit.now)
    known = {one.id: one for programme in visit.programmes for one in store.of_programme(programme)}
    held = waiting_in(visit, known)
    yield from ((known[id], held.count(id)) for id in dict.fromkeys(held))


def round_of(scene: Scene, id: str) -> Round:
    """Raises `Gone`."""
    found = Rounds(scene.visit.connection, scene.visit.now).get(id)
    if found is None or found.programme not in scene.visit.programmes:
        raise Gone(_("That round is no longer there. Write “status” to see what is."))
    return found


def list_of(scene: Scene, asked: Round, place: str, said: Said = moderation.NOTHING_SAID) -> Card:
    """One of the lists of a round: `held`, or another with its page."""
    which, _colon, page = place.partition(":")
    which = which if which in (SHOWN, HIDDEN) else HELD
    watch = guard_of(scene.visit, asked)
    found = (one for one in _store(scene.visit).of_round(asked.id) if one.standing == which)
    entries = [_entry(watch, asked, one) for one in found]
    replies = _replies(scene.visit).of_round(asked.id)
    replied = [reply_entry(scene.visit, watch, asked, one) for one in replies if one.standing == which]
    if which == HELD:
        return moderation.held(asked.id, asked.title, [*entries, *replied], said)
    if which == HIDDEN:
        entries = [*(replace(entry, hidden=_hidden_by(scene, entry)) for entry in entries), *replied]
    number = int(page) if page.isascii() and page.isdecimal() else 1
    return moderation.decided_ones(which, asked.id, title=asked.title, entries=entries, page=number, said=said)


def _entry(watch: Guard, asked: Round, answer: Answer) -> Entry:
    box = asked.box(answer.box)
    held = answer.standing is Standing.HELD
    found = tuple(one.words for one in watch.found(answer.text)) if held else ()
    return Entry(_token(answer), box.name, box.question(answer.question).text, answer.text, found, answer.reason)


def reply_entry(visit: Visit, watch: Guard, asked: Round, reply: HeldReply) -> Entry:
    """A reply as the coordinator sees it."""
    found = tuple(one.words for one in watch.found(reply.text)) if reply.standing is Standing.HELD else ()
    role = name_of_role(visit.programmes[asked.programme], asked, reply.role)
    return Entry(reply_token(reply), role, asked.title, reply.text, found, reply.reason, replies_to=reply.post)


def name_of_role(programme: Programme, about: Round, role: str) -> Localised:
    """How a role is called: in the round, which is frozen, or else in the programme."""
    frozen = next((box.name for box in about.boxes if box.role == role), None)
    group = programme.role_group(role)
    return frozen or (group.name if group is not None else Localised({"sv": role}))


def _hidden_by(scene: Scene, entry: Entry) -> Words:
    last = _rulings(scene.visit, entry.token.partition(":")[0])[-1:]
    people = scene.visit.people
    return next((moderation.hidden_by(people.person(one.person).name, one.ruled_at, scene.zone) for one in last), "")


def _token(answer: Answer) -> str:
    """The post and how it stands: what has changed since it was looked at is not decided about unseen."""
    return f"{answer.id}:{answer.standing}:{_mark(answer.reason, answer.text)}"


def reply_token(reply: HeldReply) -> str:
    """The same of a reply."""
    return f"{reply.id}:{reply.standing}:{_mark(reply.reason, reply.text)}"


def _mark(reason: str, text: str) -> str:
    return hashlib.sha256(f"{reason}\n{text}".encode()).hexdigest()[:12]


# --- Deciding ---------------------------------------------------------------------------------------------------------

T = TypeVar("T", Answer, HeldReply)


@dataclass(frozen=True, slots=True)
class RuledOn(Generic[T]):
    """What coordinators rule on: posts, or the replies to them."""

    get: Callable[[Visit, str], T | None]
    token: Callable[[T], str]  # one and how it stands
    overtaken: Callable[[Visit, T], Said]  # why one does not stand as it was seen
    entry: Callable[[Visit, Round, T], Entry]  # one as the coordinator sees it


Ruling = Callable[[Scene, Round, T, str], Said]
"""Does what a press asks for with one as it was seen; the last argument is what follows its token."""


def decide(scene: Scene, about: str, kind: RuledOn[T], rule: Ruling[T]) -> Outcome:
    """Rule on one if it still stands as it was seen: with two coordinators at once the first one does."""
    id, stood, mark, rest = (*about.split(":", 3), "", "", "")[:4]
    one = _locked(scene.visit, id, kind)
    if one is None:
        return Show(moderation.gone())
    asked = round_of(scene, one.round)
    said = kind.overtaken(scene.visit, one)
    if kind.token(one) == f"{id}:{stood}:{mark}":
        said = rule(scene, asked, one, rest)
        ask_for_a_look(scene.visit, asked)
    place = rest if rest in (HELD, SHOWN) else stood
    return Show(list_of(scene, asked, place, said), replaces=True)


def put_away(scene: Scene, about: str, kind: RuledOn[T], rule: Ruling[T]) -> Outcome:
    """Hide one: first ask for which of the published reasons, then do it."""
    if about.rpartition(":")[2] in moderation.POLICY:
        return decide(scene, about, kind, rule)
    one = kind.get(scene.visit, about.partition(":")[0])
    if one is None:
        return Show(moderation.gone())
    asked = round_of(scene, one.round)
    entry = replace(kind.entry(scene.visit, asked, one), token=about)
    return Show(moderation.why(entry, f"{asked.id}:{one.standing}:1"), replaces=True)


def _locked(visit: Visit, id: str, kind: RuledOn[T]) -> T | None:
    """One with its round locked: nobody else rules on it, or writes it anew, until the transaction ends."""
    found = kind.get(visit, id)
    if found is not None:
        Rounds(visit.connection, visit.now).locked(found.round)
    return kind.get(visit, id)


def _overtaken(visit: Visit, answer: Answer) -> Said:
    """Why a post does not stand as it was seen."""
    before = _rulings(visit, answer.id)
    if not before or before[-1].verdict == _UNDONE:
        return moderation.changed()
    return moderation.decided(visit.people.person(before[-1].person).name)


def _rulings(visit: Visit, post: str) -> list[Ruled]:
    """What was decided about a post, and not about replies to it."""
    return [one for one in _store(visit).rulings(post) if not one.verdict.startswith(f"{REPLY} ")]


_POSTS: RuledOn[Answer] = RuledOn(
    lambda visit, key: _store(visit).get(key),
    _token,
    _overtaken,
    lambda visit, asked, one: _entry(guard_of(visit, asked), asked, one),
)


def release(scene: Scene, about: str) -> Outcome:
    """Publish a held post as it is."""
    return decide(scene, about, _POSTS, _release)


def _release(scene: Scene, asked: Round, answer: Answer, rest: str) -> Said:
    if answer.standing is not Standing.HELD:
        return moderation.changed()
    _store(scene.visit).stand(answer, Standing.SHOWN)
    _note(scene, answer, _PUBLISHED)
    return moderation.published(_undo_token(scene.visit, answer))


def release_all(scene: Scene, about: str) -> Outcome:
    """Publish several held posts as they were seen. What changed meanwhile, or points at a person, is left alone."""
    id, *tokens = about.split(" ")
    asked = round_of(scene, id)
    seen = [one for one in _as_seen(scene.visit, asked, tokens) if _points_at_nobody(scene.visit, asked, one)]
    for answer in seen:
        _release(scene, asked, answer, "")
    ask_for_a_look(scene.visit, asked)
    undo = [_undo_token(scene.visit, answer).rpartition(":")[0] for answer in seen]
    said = moderation.all_published(asked.id, undo, left=len(tokens) - len(seen))
    return Show(list_of(scene, asked, HELD, said), replaces=True)


def undo_release_all(scene: Scene, about: str) -> Outcome:
    """Let what was published at once wait again, as far as nobody has touched it since."""
    id, *tokens = about.split(" ")
    asked = round_of(scene, id)
    seen = [one for one in _as_seen(scene.visit, asked, tokens) if one.standing is Standing.SHOWN]
    for answer in seen:
        _undo(scene, asked, answer, HELD)
    ask_for_a_look(scene.visit, asked)
    return Show(list_of(scene, asked, HELD, moderation.undone() if seen else moderation.changed()), replaces=True)


def _as_seen(visit: Visit, asked: Round, tokens: Collection[str]) -> list[Answer]:
    """The posts of a round that stand as they were seen; the round is locked for it."""
    Rounds(visit.connection, visit.now).locked(asked.id)
    return [one for one in _store(visit).of_round(asked.id) if _token(one) in tokens]


def _points_at_nobody(visit: Visit, asked: Round, answer: Answer) -> bool:
    held = answer.standing is Standing.HELD and answer.reason != PERSONAL
    return held and not look(visit, asked, answer.text)


def mask(scene: Scene, about: str) -> Outcome:
    """Publish a held post with a word in brackets for what points at a person."""
    return decide(scene, about, _POSTS, _mask)


def _mask(scene: Scene, asked: Round, answer: Answer, rest: str) -> Said:
    if answer.standing is not Standing.HELD:
        return moderation.changed()
    text = masked(scene.visit, asked, answer.text)
    _store(scene.visit).rewrite(answer, text, standing=Standing.SHOWN)
    _note(scene, answer, _MASKED)
    return moderation.published_masked(text)


def masked(visit: Visit, asked: Round, text: str) -> str:
    """The text with a word in brackets for what points at a person; nothing else keeps what stood there."""
    found, language = look(visit, asked, text), next(iter(asked.title.wordings), "")  # the one it was written in
    instead = guard.masked(text, found, language)
    masking.mask(visit.connection, text, instead, {one.words for one in found})
    visit.surroundings.journal.unscrub()
    return instead


def hide(scene: Scene, about: str) -> Outcome:
    """Hide a post, once it is known for which of the published reasons."""
    return put_away(scene, about, _POSTS, _hide)


def _hide(scene: Scene, asked: Round, answer: Answer, reason: str) -> Said:
    _store(scene.visit).stand(answer, Standing.HIDDEN, reason)
    _note(scene, answer, _HIDDEN, reason)
    return moderation.hidden(reason, _undo_token(scene.visit, answer))


def undo_ruling(scene: Scene, about: str) -> Outcome:
    """Put a post back to where it stood before the ruling, if nobody has touched it since."""
    return decide(scene, about, _POSTS, _undo)


def _undo(scene: Scene, asked: Round, answer: Answer, before: str) -> Said:
    if before == SHOWN:
        _store(scene.visit).stand(answer, Standing.SHOWN)
    else:
        reason = PERSONAL if look(scene.visit, asked, answer.text) else MODERATED
        _store(scene.visit).stand(answer, Standing.HELD, reason)
    _note(scene, answer, _UNDONE)
    return moderation.undone()


def _undo_token(visit: Visit, before: Answer) -> str:
    """The post as it stands after a ruling, and where it stood before."""
    now = _store(visit).get(before.id)
    assert now is not None, "its round is locked"
    return f"{_token(now)}:{before.standing}"


def _note(scene: Scene, answer: Answer, verdict: str, reason: str = "") -> None:
    """Write down who decided what: about which post, never about whose."""
    _store(scene.visit).rule(answer, verdict, reason, scene.person.id)


def _store(visit: Visit) -> Answers:
    return Answers(visit.connection, visit.now)


def _replies(visit: Visit) -> HeldReplies:
    return HeldReplies(visit.connection, visit.now)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    buttons.MODERATE: moderate,
    moderation.RELEASE: release,
    moderation.RELEASE_ALL: release_all,
    moderation.UNDO_RELEASE_ALL: undo_release_all,
    moderation.MASK: mask,
    moderation.HIDE: hide,
    moderation.UNDO_RULING: undo_ruling,
}
