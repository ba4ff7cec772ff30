"""What is stored of a round's answers, and what nobody can find out: said to whoever asks."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.rounds import Mode, Round, State
from bot.domain.words import Text, _
from bot.flows import buttons
from bot.flows.sealing import WHAT_IS_STORED, no_promise
from bot.messages import Button, Card, Item


def stored(round: Round | None) -> Card:
    """What exists of a round's answers, and what nobody can find out; without a round, of answers without names."""
    if round is not None and round.mode is Mode.NOTES:
        return _stored_notes(round)
    which = (_("This is about what you answer without your name."),) if round is None else ()
    none = _("There is no list of who has written what. So nobody can be given one, not even an administrator.")
    body = (*which, none)
    if round is None or round.is_open or round.state is State.PLANNED:
        items = (_before(round), _afterwards(round), _not_promised())
        return Card(WHAT_IS_STORED, body, items=items, buttons=_ways(round))
    return Card(WHAT_IS_STORED, body, items=(_since_closing(round), _not_promised()), buttons=_ways(round))


def _is_rated(round: Round | None) -> bool:
    return round is not None and any(asked.scale for box in round.boxes for asked in box.questions)


def _ways(round: Round | None) -> tuple[Button, ...]:
    if round is None:
        return ()
    if round.is_open:
        return (buttons.answer_sealed(round.id),)
    return () if round.occasion else (buttons.open_board(round.id),)


def _before(round: Round | None) -> Item:
    empty = _("Take your answer back at any time: open the form, empty everything and send.")
    regret = _("Take your answer back at any time: open the form, and choose that on its first page.")
    return Item(
        _("While the questions are open"),
        (
            _("Your answer lies in a locked box. All boxes are equally large, and none has a name or a time on it."),
            _("The key lies outside the database, and apart from its backups."),
            regret if _is_rated(round) else empty,
        ),
    )


def _afterwards(round: Round | None) -> Item:
    return Item(
        _("When they have closed"),
        (
            _("The boxes are opened. The texts are shuffled, and shown with nothing but the day."),
            *_counted(round),
            _("Then the boxes are deleted and the key is destroyed."),
            _("If too few have answered, everything is destroyed without being shown."),
        ),
    )


def _counted(round: Round | None) -> Iterator[Text]:
    if round is not None and _is_rated(round):
        yield _(
            "Ratings are counted, question by question. Only the numbers are kept, and only where at least {k} people "
            "have rated.",
            k=round.threshold,
        )


def _since_closing(round: Round) -> Item:
    return Item(
        _("Now that the questions have closed"),
        (
            _("What is left is the texts that the board shows, in random order and with the day only."),
            *_counted(round),
            _("The boxes they lay in are deleted, and the key is destroyed. So no answer can be taken back any more."),
        ),
    )


def _not_promised() -> Item:
    return Item(_("What nobody can promise"), (no_promise(),))


def _stored_notes(round: Round) -> Card:
    return Card(
        WHAT_IS_STORED,
        body=(
            _("The answers are a group’s notes, and the group is their author."),
            _("Kept are the texts, which group wrote them, when, and who takes the group’s notes. Not who said what."),
        ),
        buttons=(buttons.open_board(round.id),),
    )
