"""What coordinators decide about replies that were held: shown, shown masked, or put aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.board import Answer, Standing
from bot.domain.rounds import Round
from bot.flows import moderation as words
from bot.flows.moderation import Said
from bot.handlers import moderation
from bot.handlers.outcomes import Outcome
from bot.handlers.scene import Scene
from bot.handlers.visit import Visit
from storage.answers import Answers
from storage.held_replies import HeldReplies, HeldReply

_REPLIES: moderation.RuledOn[HeldReply] = moderation.RuledOn(
    lambda visit, key: _store(visit).get(key),
    moderation.reply_token,
    lambda _visit, _reply: words.changed(),
    lambda visit, asked, one: moderation.reply_entry(visit, moderation.guard_of(visit, asked), asked, one),
)


def release(scene: Scene, about: str) -> Outcome:
    """Let the board show a reply as it is."""
    return moderation.decide(scene, about, _REPLIES, _release)


def _release(scene: Scene, asked: Round, reply: HeldReply, rest: str) -> Said:
    _publish(scene, reply, reply.text, "published")
    return words.published("")


def mask(scene: Scene, about: str) -> Outcome:
    """Let the board show a reply with a word in brackets for what points at a person."""
    return moderation.decide(scene, about, _REPLIES, _mask)


def _mask(scene: Scene, asked: Round, reply: HeldReply, rest: str) -> Said:
    text = moderation.masked(scene.visit, asked, reply.text)
    _publish(scene, reply, text, "masked")
    return words.published_masked(text)


def _publish(scene: Scene, reply: HeldReply, text: str, verdict: str) -> None:
    """In place of what the role has said before; whether it has taken the post on stays."""
    store, answer = Answers(scene.visit.connection, scene.visit.now), _answer(scene, reply)
    said = (one for one in store.replies(reply.round) if (one.answer, one.box) == (reply.answer, reply.role))
    before = next(said, None)
    _store(scene.visit).drop(reply)
    store.reply(answer, box=reply.role, accepted=before is not None and before.accepted, text=text)
    _note(scene, answer, verdict)


def _answer(scene: Scene, reply: HeldReply) -> Answer:
    found = Answers(scene.visit.connection, scene.visit.now).get(reply.answer)
    assert found is not None, "a reply goes with its answer"
    return found


def hide(scene: Scene, about: str) -> Outcome:
    """Put a reply aside, once it is known for which of the published reasons."""
    return moderation.put_away(scene, about, _REPLIES, _hide)


def _hide(scene: Scene, asked: Round, reply: HeldReply, reason: str) -> Said:
    _store(scene.visit).stand(reply, Standing.HIDDEN, reason)
    _note(scene, _answer(scene, reply), "hidden", reason)
    now = _store(scene.visit).get(reply.id)
    assert now is not None, "its round is locked"
    return words.reply_put_aside(reason, moderation.reply_token(now))


def look_again(scene: Scene, about: str) -> Outcome:
    """Let a reply that was put aside wait again."""
    return moderation.decide(scene, about, _REPLIES, _look_again)


def _look_again(scene: Scene, asked: Round, reply: HeldReply, rest: str) -> Said:
    _store(scene.visit).stand(reply, Standing.HELD)
    _note(scene, _answer(scene, reply), "undone")
    return words.undone()


def _note(scene: Scene, answer: Answer, verdict: str, reason: str = "") -> None:
    """Write down who decided what, with the post that was replied to: never about whose."""
    store = Answers(scene.visit.connection, scene.visit.now)
    store.rule(answer, f"{moderation.REPLY} {verdict}", reason, scene.person.id)


def _store(visit: Visit) -> HeldReplies:
    return HeldReplies(visit.connection, visit.now)


ROUTES: Mapping[str, Callable[[Scene, str], Outcome]] = {
    words.RELEASE_REPLY: release,
    words.MASK_REPLY: mask,
    words.HIDE_REPLY: hide,
    words.LOOK_AGAIN_AT_REPLY: look_again,
}
