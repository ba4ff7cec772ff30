"""A workshop as one reader sees it on the screen: every sentence in their language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from bot.domain.rounds import Mode
from bot.domain.values import dataclass
from bot.domain.words import Clock, Words, _, n_
from bot.domain.workshops import State
from bot.flows import coaching, workshops
from bot.flows.workshops import StepStanding
from bot.handlers.screens import Screen
from bot.messages import Card
from bot.texts import Translator
from bot.web.board_labels import CLOSED
from bot.web.board_words import written_in

_MOST_ASKED = 6
"""Questions that have room on a screen; whoever writes sees all of them."""


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step of the script, for a coach."""

    title: str
    minutes: str
    asked: tuple[str, ...]
    say: str
    counts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    result: Card | None
    is_now: bool


@dataclass(frozen=True, slots=True)
class ShownWorkshop:
    """Everything that stands on the page and can change."""

    version: int
    language: str  # code of the language that the script is written in
    whose: str
    programme: str
    place: str  # step 3 of 9
    title: str
    say: str
    state: str  # what has to be said of where it stands, or nothing
    until: str  # until when the time box lasts, or nothing
    ends_at: datetime | None  # UTC
    minutes: str  # the time box
    following: str
    asked: tuple[str, ...]  # what is asked now, in few words
    answer: str  # how to answer, or nothing
    counts: tuple[tuple[str, str], ...]
    board: str  # the path of the board, or nothing
    steps: tuple[ShownStep, ...]  # only for a coach


def shown(screen: Screen, translator: Translator) -> ShownWorkshop:
    """The workshop in the reader's language."""
    standing, say = screen.standing, translator.say
    workshop, zone = standing.workshop, standing.programme.zone
    over = workshop.state is State.ENDED
    return ShownWorkshop(
        version=screen.version,
        language=written_in(workshop.step.title, translator),
        whose=say(workshops.whose(standing)),
        programme=say(standing.programme.title),
        place=say(_("Step {n} of {all}", n=workshop.at + 1, all=len(workshop.script.steps))),
        title=say(_("Thank you for today!") if over else workshop.step.title),
        say="" if over else say(_say(screen)),
        state=say(_state(workshop.state)),
        until=say(_("Until {time}", time=Clock(workshop.ends_at, zone))) if workshop.ends_at is not None else "",
        ends_at=workshop.ends_at,
        minutes=say(workshops.minutes(workshop.step.minutes)) if workshop.step.minutes and not over else "",
        following=say(standing.following.title) if standing.following is not None and not over else "",
        asked=tuple(map(say, _asked(screen))),
        answer=say(_answer(screen)),
        counts=() if screen.is_coachs else tuple(_counts(screen, translator)),
        board=urlsplit(screen.board).path,
        steps=tuple(_steps(screen, translator)) if screen.is_coachs else (),
    )


def _state(state: State) -> Words:
    if state is State.PAUSED:
        return _("There is a break now. What was open is still open.")
    return _("The workshop is over.") if state is State.ENDED else ""


def _say(screen: Screen) -> Words:
    """What the coach reads is the script, and the room what is asked now: the script is for whoever leads."""
    now = screen.standing.now
    if screen.is_coachs:
        return now.step.say
    return now.round.intro if now.round is not None and now.is_open else ""


def _asked(screen: Screen) -> Sequence[Words]:
    """What the room talks about now, as far as it can be read from the back of the room."""
    now = screen.standing.now
    if screen.is_coachs or now.round is None or now.round.mode is not Mode.NOTES or not now.is_open:
        return ()
    written = (one for box in now.round.boxes for one in box.asked_of(()) if one.scale is None)
    asked = {tuple(one.text.wordings.items()): one.text for one in written}  # two roles may be asked the same
    return tuple(asked.values()) if len(asked) <= _MOST_ASKED else ()


def _answer(screen: Screen) -> Words:
    """How those in the room answer."""
    now = screen.standing.now
    if screen.is_coachs or now.round is None or not now.is_open:
        return ""
    if now.is_vote:
        return n_(
            "Press “Vote” in the message from Lärträff. Each of you has {n} vote.",
            "Press “Vote” in the message from Lärträff. Each of you has {n} votes.",
            now.round.votes,
        )
    if now.round.together:
        return ""  # what all agree on is written by one, who has been asked to
    if now.round.mode is Mode.NOTES:
        return _("One in each group writes “take notes” to Lärträff, in Slack or in Teams.")
    return _("Write “answer” to Lärträff, in Slack or in Teams.")


def _counts(screen: Screen, translator: Translator) -> Iterator[tuple[str, str]]:
    """How much there is in all, for the room; of sealed answers and votes nothing but steps."""
    now, say = screen.standing.now, translator.say
    if now.progress is None or not (now.is_open or now.is_closed):
        return
    if now.progress.round.mode is Mode.SEALED:
        yield from _facts(now, translator)
    elif now.is_vote:
        yield say(_("Votes")), say(now.progress.voted)
    else:
        posts = sum(group.posts for group in now.progress.groups)
        yield say(_("So far")), say(n_("{n} post", "{n} posts", posts))


def _facts(one: StepStanding, translator: Translator) -> Iterator[tuple[str, str]]:
    return ((translator.say(fact.label), translator.say(fact.value)) for fact in coaching.counted(one))


def _steps(screen: Screen, translator: Translator) -> Iterator[ShownStep]:
    standing, say = screen.standing, translator.say
    for at, one in enumerate(standing.steps):
        own = bool(one.step.set)
        yield ShownStep(
            title=say(one.step.title),
            minutes=say(workshops.minutes(one.step.minutes)) if one.step.minutes else "",
            asked=tuple(say(words) for words in workshops.asked(one.step, standing.programme)),
            say=say(one.step.say),
            counts=tuple(_facts(one, translator)) if own else (),
            notes=tuple(say(words) for words in coaching.too_few(one)) if own else (),
            result=screen.results.get(one.round.id) if own and one.round is not None else None,
            is_now=at == standing.workshop.at and standing.workshop.state is not State.ENDED,
        )


LABELS: dict[str, Words] = {
    "time_over": _("Time is up."),
    "left": _("Time left"),
    "then": _("Then"),
    "script": _("The whole script"),
    "here": _("Now"),
    "qr": _("QR code"),
    "board": _("The board on your phone"),
    "live": _("Updated by itself"),
    "again": _("Connecting again …"),
    "over": _("No longer updated: this link has been closed."),
    "reload": _("Load the page again to see where you are."),
    "coach": _("For the coach: the script, where they are and what is counted."),
    "languages": _("Language"),
    "privacy": _("Privacy"),
    "accessibility": _("Accessibility"),
    "gone": _("There is no workshop here"),
    "why_gone": _("The link is wrong, or no longer in force. Ask whoever leads the workshop for a new one."),
    "closed": CLOSED,
    "why_closed": _("Ask whoever leads the workshop for the one that is valid now."),
}
