"""Group notes on their way to the board, and a group's own posts once they stand there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache

from bot.domain import notes
from bot.domain.board import Answer, Standing
from bot.domain.refusals import Gone, NotAllowed
from bot.domain.rounds import MOVABLE, Asked, Round
from bot.domain.values import dataclass
from bot.domain.words import Text, Words, _
from bot.flows import groups as group_words
from bot.flows import note_taking, own_posts, rating
from bot.flows import noting as flow
from bot.flows.noting import NoteFacts, Notes, NotPutUp, PutUp
from bot.handlers import groups, joining, moderation
from bot.handlers.group_names import called
from bot.handlers.note_forms import asked_of
from bot.handlers.note_taking import round_of, rounds
from bot.handlers.outcomes import Outcome, Show, Start
from bot.handlers.prompting import Circle
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from bot.messages import Button, View
from storage.answers import Answers, NewAnswer
from storage.groups import Group

# --- The form ---------------------------------------------------------------------------------------------------------


def facts(scene: Scene, about: str) -> NoteFacts:
    """What the form about a round and a group looks at.

    Who may send it is looked at when it is sent, so that nothing written is lost.
    """
    round, group, *_rest = about.split(" ")
    found, own = round_of(scene, round), groups.known(scene, group)
    name, box, watch = called(scene.visit, own), groups.box_of(found, own) or "", personal(scene.visit, found)
    circle, writer = Circle(scene.visit, found), scene.person.id
    there = circle.members(own) | {writer}
    caution = group_words.too_few(name, len(there)) if circle.is_few(own, writer) else ""
    title = scene.visit.programmes[found.programme].title
    return NoteFacts(found, title, name, box, asked_of(scene, found, own), watch, caution)


class NoteRoom:
    """Implements `bot.flows.noting.NoteDesk` for one person."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._rounds = rounds(scene.visit)

    def keep(self, written: Notes) -> None:
        """Keep what is written as the group's draft, beside what others have written into it meanwhile."""
        self._rounds.locked(written.round)
        since = notes.without(self._draft(written), written.begun)
        kept = notes.merged(self._still_to_put_up(written), since)
        self._store(written, {**_but_for(kept, written.ratings), **written.changed})

    def put_up(self, written: Notes) -> PutUp | NotPutUp:
        found = self._rounds.locked(written.round)
        assert found is not None, "the form's facts have read it"
        group = groups.known(self._scene, written.group)
        refused = self._refusal(found, group)
        if refused is not None:
            still = {**self._still_to_put_up(written), **written.changed}
            self.keep(written)
            reason, ways = refused
            return NotPutUp(reason, still, ways)
        return self._put_up(found, group, written)

    def _refusal(self, found: Round, group: Group) -> tuple[Text, tuple[Button, ...]] | None:
        """Why the person cannot put anything up for the group, and what they can do instead."""
        if not found.is_open:
            return flow.closed_meanwhile(found)
        if not groups.belongs(self._scene, group):
            return flow.left_meanwhile(called(self._scene.visit, group)), ()
        taker = self._rounds.note_takers(found.id).get(group.id, "")
        if taker != self._scene.person.id:
            return flow.taken_meanwhile(self._scene.visit.name_of(taker), found, group.id)
        return None

    def _put_up(self, found: Round, group: Group, written: Notes) -> PutUp:
        texts = self._still_to_put_up(written)
        rest = notes.without(self._draft(written), written.begun)
        given = Given(texts, written.changed)
        done = put_up(self._scene.visit, found, group, given, asked=asked_of(self._scene, found, group))
        self._store(written, _but_for(rest, written.ratings))
        return done

    def _still_to_put_up(self, written: Notes) -> dict[str, str]:
        """What is written without what the form began with and somebody else has put up or dropped since."""
        return notes.without(written.texts, notes.without(written.begun, self._draft(written)))

    def _draft(self, written: Notes) -> notes.Texts:
        return self._rounds.draft(written.round, written.group)

    def _store(self, written: Notes, draft: notes.Texts) -> None:
        if draft:
            self._rounds.keep_draft(written.round, written.group, draft)
        else:
            self._rounds.drop_draft(written.round, written.group)


def _but_for(draft: notes.Texts, questions: Collection[str]) -> dict[str, str]:
    return {question: text for question, text in draft.items() if question not in questions}


@dataclass(frozen=True, slots=True)
class Given:
    """What a group has given."""

    texts: notes.Texts  # question → lines
    ratings: notes.Texts  # question → a value, or that the group does not know


def put_up(visit: Visit, found: Round, group: Group, given: Given, *, asked: Sequence[Asked]) -> PutUp:
    """Put a group's lines on the board, or let them wait for a coordinator, and its ratings in place of earlier ones.

    The round must be open and locked.
    """
    rated = {one.id: (given.ratings[one.id],) for one in asked if _rate(visit, found, group, one, given.ratings)}
    new = tuple(_posts(visit, found, group, given.texts, asked))
    Answers(visit.connection, visit.now).add(found.id, new)
    held = sum(one.standing is Standing.HELD for one in new)
    if held:
        moderation.ask_for_a_look(visit, found)
    by_question = {one.question: tuple(n.text for n in new if n.question == one.question) for one in new}
    return PutUp({**by_question, **rated}, held)


def _rate(visit: Visit, found: Round, group: Group, asked: Asked, ratings: notes.Texts) -> bool:
    """Let the group's rating of a question be the one that was chosen; whether that changes anything.

    It is a number: nobody has to look at it before it is shown.
    """
    chosen, store = ratings.get(asked.id, ""), _answers(visit)
    if asked.scale is None or not chosen:
        return False
    here = (found.box(group.role).role, asked.id)
    before = next((one for one in store.of_group(found.id, group.id) if (one.box, one.question) == here), None)
    if chosen == rating.DONT_KNOW:
        if before is not None:
            store.remove(before)
    elif before is None:
        store.add(found.id, [NewAnswer(*here, chosen, group.id)])
    elif before.text != chosen:
        store.rewrite(before, chosen, standing=Standing.SHOWN)
    return (before.text if before is not None else rating.DONT_KNOW) != chosen


def _posts(visit: Visit, found: Round, group: Group, texts: notes.Texts, asked: Iterable[Asked]) -> Iterator[NewAnswer]:
    box, weigh = found.box(group.role), moderation.weigher(visit, found)
    for one in asked:
        for text in notes.posts_in(texts.get(one.id, "")) if one.scale is None else ():
            standing, reason = weigh(text)
            yield NewAnswer(box.role, one.id, text, group.id, standing, reason)


def personal(visit: Visit, found: Round) -> Callable[[str], Collection[str]]:
    """Finds the words of a text that may tell who somebody is."""
    watch = cache(lambda: moderation.guard_of(visit, found))  # those who take part are looked up once, if at all
    return lambda text: tuple(one.words for one in watch().found(text)) if text else ()


# --- A group's own posts ----------------------------------------------------------------------------------------------


def our_posts(scene: Scene, about: str) -> Outcome:
    """`round group`, and perhaps a page."""
    round, group, page = (*about.split(" "), "", "")[:3]
    return Show(_posts_of(scene, round_of(scene, round), groups.own_group(scene, group), page))


def _posts_of(scene: Scene, found: Round, group: Group, page: str = "") -> View:
    if not found.is_open:
        return note_taking.not_open(found)
    own = [one for one in _answers(scene.visit).of_group(found.id, group.id) if not _is_rating(found, one)]
    posts = [own_posts.OwnPost(one, _question(found, one).text, _is_movable(scene, one)) for one in own]
    return own_posts.page_of(posts, (group.id, called(scene.visit, group)), found, int(page) if page.isdecimal() else 0)


def _question(found: Round, answer: Answer) -> Asked:
    return found.box(answer.box).question(answer.question)


def _is_rating(found: Round, answer: Answer) -> bool:
    return found.is_rated(answer.box, answer.question)


def _is_movable(scene: Scene, answer: Answer) -> bool:
    return scene.visit.now - answer.written_at <= MOVABLE


def _own(scene: Scene, id: str) -> tuple[Answer, Round, Group]:
    """A post of a group of the person's own, in an open round that is locked. Raises `Gone` and `NotAllowed`."""
    before = _answers(scene.visit).get(id)
    if before is None or not before.group:
        raise _gone()
    round_of(scene, before.round)
    found = rounds(scene.visit).locked(before.round)
    answer = _answers(scene.visit).get(id)  # anew, now that nobody else changes it
    if answer is None or found is None or _is_rating(found, answer):
        raise _gone()  # a rating is changed in the form that it was given in
    group = groups.own_group(scene, answer.group)
    if not found.is_open:
        raise NotAllowed(_("The round is closed, so its posts stay as they are. A coordinator can take one away."))
    if own_posts.stands_still(answer, found):
        raise NotAllowed(own_posts.STANDS_STILL)
    return answer, found, group


def _gone() -> Gone:
    return Gone(_("That post is no longer there."))


def edit(scene: Scene, about: str) -> Outcome:
    answer, _found, _group = _own(scene, about)
    return Start(own_posts.edit.name, answer.id, own_posts.Edit(answer.id, answer.text))


def edit_facts(scene: Scene, about: str) -> own_posts.EditFacts:
    """What the form about a post looks at; whether it can be changed is looked at when it is sent."""
    answer = _answers(scene.visit).get(about)
    if answer is None or not answer.group:
        raise _gone()
    found = round_of(scene, answer.round)
    if _is_rating(found, answer):
        raise _gone()
    return own_posts.EditFacts(_question(found, answer), personal(scene.visit, found))


def edit_invitation(scene: Scene, about: str) -> View:
    """Where no form can be opened at once: the card with the button that opens it."""
    _answer, found, group = _own(scene, about)
    return _posts_of(scene, found, group)


class PostRoom:
    """Implements `bot.flows.own_posts.PostDesk` for one person."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def rewrite(self, answer: str, text: str) -> Standing | Words:
        try:
            before, found, _group = _own(self._scene, answer)
        except (Gone, NotAllowed) as refused:
            return refused.reason
        if text == before.text:
            return before.standing
        standing, reason = moderation.weigh(self._scene.visit, found, text)
        if before.standing is Standing.HIDDEN and standing is Standing.SHOWN:
            standing, reason = Standing.HELD, before.reason  # who took it away decides whether it may come back
        _answers(self._scene.visit).rewrite(before, text, standing=standing, reason=reason)
        if Standing.HELD in (standing, before.standing):
            moderation.ask_for_a_look(self._scene.visit, found)
        return standing


def move(scene: Scene, about: str) -> Outcome:
    """Where the post could stand instead."""
    answer, found, _group = _own(scene, about)
    _check_movable(scene, answer)
    return Show(own_posts.where(answer, tuple(_places(scene, found, answer))))


def move_to(scene: Scene, about: str) -> Outcome:
    id, group, question = (*about.split(" "), "", "")[:3]
    answer, found, _group = _own(scene, id)
    _check_movable(scene, answer)
    if (group, question) == (answer.group, answer.question):
        return Show(own_posts.moved(answer, group), replaces=True)  # pressed twice
    place = next((one for one in _places(scene, found, answer) if (one.group, one.question) == (group, question)), None)
    if place is None:
        raise Gone(_("That place is no longer there for your group. Press “Move” once more."))
    box = found.box(groups.known(scene, group).role).role
    _answers(scene.visit).move(answer, box=box, question=question, group=group)
    return Show(own_posts.moved(answer, group), replaces=True)


def _check_movable(scene: Scene, answer: Answer) -> None:
    if not _is_movable(scene, answer):
        raise NotAllowed(own_posts.too_late_to_move())


def _places(scene: Scene, found: Round, answer: Answer) -> Iterator[own_posts.Place]:
    """The questions of the boxes that the person's groups write into, but for where the post stands."""
    for group in joining.of(scene.visit).of_person(found.programme, scene.person.id):
        box = groups.box_of(found, group)
        if box is None:
            continue
        for asked in asked_of(scene, found, group):
            here = (found.box(group.role).role, asked.id) == (answer.box, answer.question)
            if asked.scale is None and (not here or (found.signed and group.id != answer.group)):
                yield own_posts.Place(group.id, called(scene.visit, group), box, asked.id, asked.text)


def remove(scene: Scene, about: str) -> Outcome:
    """Ask before anything is taken away."""
    answer, _found, group = _own(scene, about)
    return Show(own_posts.ask_to_remove(answer, group.id))


def confirm_remove(scene: Scene, about: str) -> Outcome:
    answer, found, _group = _own(scene, about)
    _answers(scene.visit).remove(answer)
    if answer.standing is Standing.HELD:
        moderation.ask_for_a_look(scene.visit, found)  # perhaps nothing waits any more
    return Show(own_posts.removed(answer), replaces=True)


def _answers(visit: Visit) -> Answers:
    return Answers(visit.connection, visit.now)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    flow.OUR_POSTS: our_posts,
    own_posts.EDIT: edit,
    own_posts.MOVE: move,
    own_posts.MOVE_TO: move_to,
    own_posts.REMOVE: remove,
    own_posts.CONFIRM_REMOVE: confirm_remove,
}
