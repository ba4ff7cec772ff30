"""Feedback on a meeting: what those who were there are asked, and what coordinators hear of it. Whose it is, nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from bot.domain import times
from bot.domain.programmes import Occasion, Programme, local_day
from bot.domain.rounds import Mode, Question, QuestionSet, Round, State, boxes
from bot.domain.themes import Theme
from bot.domain.values import dataclass
from bot.domain.words import Localised, Moment, Text, Words, _, n_
from bot.domain.workdays import Whereabouts, next_polite
from bot.flows import buttons, faq, prompts, sealing
from bot.messages import Action, Button, Card, Item

FEEDBACK = "feedback"  # about a programme

_WORKING_DAYS = 5
_CLOSES_AT = time(16)
_DAY = timedelta(days=1)

_THEMES_SHOWN = 5
"""Of each question; the board has all that was written."""

_MEETINGS_SHOWN = 12


# --- The round --------------------------------------------------------------------------------------------------------

QUESTIONS = (
    Question(
        "plus",
        Localised(
            {
                "sv": "Plus: Vad var bra?",
                "nb": "Pluss: Hva var bra?",
                "nn": "Pluss: Kva var bra?",
                "en": "Plus: What was good?",
            }
        ),
    ),
    Question(
        "minus",
        Localised(
            {
                "sv": "Minus: Vad kunde ha varit bättre?",
                "nb": "Minus: Hva kunne vært bedre?",
                "nn": "Minus: Kva kunne ha vore betre?",
                "en": "Minus: What could have been better?",
            }
        ),
    ),
    Question(
        "intressant",
        Localised(
            {
                "sv": "Intressant: Vad vill du veta mer om?",
                "nb": "Interessant: Hva vil du vite mer om?",
                "nn": "Interessant: Kva vil du vite meir om?",
                "en": "Interesting: What do you want to know more about?",
            }
        ),
    ),
)
"""What is asked where a programme has no questions of its own."""

_TITLES = {"sv": "Återkoppling: {}", "nb": "Tilbakeblikk: {}", "nn": "Tilbakeblikk: {}", "en": "Feedback: {}"}

_INTRO = Localised(
    {
        "sv": "Ett par rader räcker. Hoppa över det du inte har något att säga om.",
        "nb": "Et par linjer er nok. Hopp over det du ikke har noe å si om.",
        "nn": "Eit par linjer er nok. Hopp over det du ikkje har noko å seie om.",
        "en": "A line or two is enough. Skip whatever you have nothing to say about.",
    }
)


def round_about(programme: Programme, occasion: Occasion, id: str, now: datetime) -> Round:
    """The round in which those who were at a meeting say what they think of it."""
    asked = QuestionSet(FEEDBACK, _title(occasion), programme.feedback_questions or QUESTIONS, by_role=False)
    return Round(
        id=id,
        programme=programme.id,
        title=asked.title,
        boxes=boxes(asked, ()),
        mode=Mode.SEALED,
        opens_at=occasion.ends_at,
        intro=_INTRO,
        closes_at=_closes_at(now, programme.zone),
        occasion=occasion.id,
    )


def _title(occasion: Occasion) -> Localised:
    wordings = occasion.title.wordings
    original = next(iter(wordings.values()), "")
    return Localised({code: title.format(wordings.get(code) or original) for code, title in _TITLES.items()})


def _closes_at(now: datetime, zone: str) -> datetime:
    """In the afternoon of the fifth working day from now."""
    there, moment = Whereabouts.of(zone), now
    for _day in range(_WORKING_DAYS):
        moment = next_polite(times.instant(local_day(moment, zone) + _DAY, time(0), zone), there)
    return times.instant(local_day(moment, zone), _CLOSES_AT, zone)


# --- To those who were there ------------------------------------------------------------------------------------------


def asking(about: Round, programme: Programme) -> Item:
    """The questions with the button that opens the form, as a part of a message."""
    return Item(
        _("What did you think of the meeting?"),
        (
            *(_("• {what}", what=asked.text) for asked in about.boxes[0].questions),
            n_(
                "You answer without your name. Only the coordinators read it, and only if at least {n} answers.",
                "You answer without your name. Only the coordinators read it, and only if at least {n} answer.",
                about.threshold,
            ),
            *((_("Open until {moment}.", moment=Moment(about.closes_at, programme.zone)),) if about.closes_at else ()),
        ),
        buttons=(buttons.answer_sealed(about.id),),
    )


def reminder(about: Round, programme: Programme, occasion: Occasion) -> Card:
    """Once, to everybody who was there: nobody knows who has answered."""
    return Card(
        _("Do you have two minutes? {title}", title=occasion.title),
        body=(_("Have you answered already? Thank you, then you need not do anything: I cannot see who has."),),
        items=(asking(about, programme),),
    )


def typed_instead(open_ones: Sequence[Round]) -> Card:
    """To somebody who has typed what nothing answers, while it could be an answer: it is kept nowhere."""
    if not all(one.occasion for one in open_ones):
        return sealing.typed_instead(open_ones)
    return Card(
        _("Was that a question?"),
        body=(
            _("I have no answer to it. Press “It is a question, send it”, and it goes to somebody who knows."),
            _("Was it what you think of a meeting? I have not kept it: that has a form of its own, without names."),
            _("But your message stays in your workplace’s own log. Delete it here if you can, then press “Answer”."),
        ),
        items=tuple(Item(one.title, buttons=(buttons.answer_sealed(one.id),)) for one in open_ones),
        buttons=(faq.it_is_a_question(), faq.ask_human()),
        footnote=_("Did you mean something else? Write “help” to see everything I can do."),
    )


# --- What came of it --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """What was said to one question."""

    question: Localised
    posts: int
    themes: tuple[Theme, ...] = ()


def result(about: Round, programme: Programme, said: Sequence[Said], *, held: int) -> Card:
    """To coordinators when enough have answered; `held` posts wait for one of them."""
    waits = (n_("{n} post waits to be read", "{n} posts wait to be read", held),) if held else ()
    return Card(
        about.title,
        body=(programme.title, sealing.steps(about.threshold, about.threshold), *waits),
        items=tuple(Item(one.question, tuple(_said(one))) for one in said),
        buttons=(
            buttons.open_board(about.id),
            _word(about),
            prompts.status_button(about),
        ),
        footnote=_("Only coordinators can open this board."),
    )


def _said(one: Said) -> Iterator[Words]:
    """How much, and what comes back in it."""
    yield n_("{n} post", "{n} posts", one.posts)
    for theme in one.themes[:_THEMES_SHOWN]:
        yield n_(
            "“{word}” comes back in {n} post", "“{word}” comes back in {n} posts", theme.count, word=theme.words[0]
        )


def too_few(about: Round, programme: Programme) -> Card:
    """To coordinators when so few have answered that nothing is shown to anybody."""
    k = about.threshold
    return Card(
        about.title,
        body=(programme.title, _("Fewer than {k} have answered. Nothing is shown, and nothing is kept.", k=k)),
    )


# --- How it stands ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """Feedback on one meeting."""

    round: Round
    meeting: Localised
    steps: Words = ""  # how many have answered while it is open


def line(standing: Standing, zone: str) -> Text:
    """In the view of all programmes: one line, about the latest meeting."""
    return _("“{meeting}”: {standing}", meeting=standing.meeting, standing=_in_words(standing, zone))


def _in_words(standing: Standing, zone: str) -> Words:
    about = standing.round
    if about.state is State.CLOSED:
        return _("Feedback is closed.")
    if about.state is State.WITHDRAWN:
        return _("No feedback was asked for: fewer than {k} took part.", k=about.threshold)
    if about.closes_at is None:
        return _("Feedback is open. {steps}.", steps=standing.steps)
    until = Moment(about.closes_at, zone)
    return _("Feedback is open until {moment}. {steps}.", moment=until, steps=standing.steps)


def way_to(programme: str) -> Button:
    return Button(_("Feedback"), Action(FEEDBACK, programme))


def listed(programme: Programme, standings: Sequence[Standing]) -> Card:
    """Feedback on the meetings of a programme, the latest first."""
    if not standings:
        return Card(
            _("Feedback"),
            body=(
                programme.title,
                _("There is none yet. When a meeting has ended, I ask those who were there."),
            ),
        )
    return Card(
        _("Feedback"),
        body=(programme.title,),
        items=tuple(_listed(one, programme.zone) for one in standings[:_MEETINGS_SHOWN]),
    )


def _listed(standing: Standing, zone: str) -> Item:
    return Item(standing.meeting, (_in_words(standing, zone),), buttons=tuple(_ways(standing.round)))


def _ways(about: Round) -> Iterator[Button]:
    if about.state is State.CLOSED:
        yield buttons.open_board(about.id)
        yield _word(about)
    if about.state in (State.OPEN, State.CLOSED):
        yield prompts.status_button(about)


def _word(about: Round) -> Button:
    return Button(_("Download Word"), Action(buttons.DOCUMENTS, about.id))
