"""What those who take part in a workshop are told: that it begins, where it goes on, and thanks at the end."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.programmes import Programme
from bot.domain.rounds import Mode, Round
from bot.domain.words import Text, Words, _, n_
from bot.domain.workshops import Step
from bot.flows import buttons, plan_cards, voting, workshops
from bot.flows.workshops import Standing
from bot.messages import Button, Card, Tone


def begins(standing: Standing, *, alone: bool) -> Card:
    """Before the first step: how long it takes, and what is promised to those who are asked `alone`, if any are."""
    script = standing.workshop.script
    return Card(
        _("The workshop begins: {title}", title=script.title),
        body=(
            standing.organisation or standing.programme.title,
            *((script.intro,) if script.intro else ()),
            _("It takes {time} in all, breaks included.", time=workshops.length(script.minutes)),
            *((_promise(script.threshold),) if alone else ()),
        ),
    )


def _promise(threshold: int) -> Text:
    """How many it takes before a sealed answer counts, said before anybody has answered."""
    return n_(
        "Some questions you answer alone and without your name. They are shown only if at least {n} answers.",
        "Some questions you answer alone and without your name. They are shown only if at least {n} answer.",
        threshold,
    )


def goes_on(programme: Programme, step: Step, about: Round) -> Card:
    """A step that goes on with what an earlier one has asked: people vote, or write on."""
    votes = tuple(voting.button(about))
    how = _vote(about) if votes else _("You can go on writing.")
    return Card(
        step.title,
        body=(programme.title, about.title, how),
        buttons=(*votes, buttons.open_board(about.id), *(() if votes else (_write(about),))),
    )


def _vote(about: Round) -> Text:
    return n_(
        "Look at what has been written, and give your {n} vote to what you want to begin with.",
        "Look at what has been written, and give your {n} votes to what you want to begin with.",
        about.votes,
    )


def _write(about: Round) -> Button:
    return buttons.answer_sealed(about.id) if about.mode is Mode.SEALED else buttons.take_notes(about.id)


def resumed(standing: Standing) -> Card:
    """After a pause, which may have lasted for weeks."""
    about = standing.now.round
    is_open = standing.now.is_open and about is not None
    return Card(
        _("We go on with {title}", title=standing.workshop.step.title),
        body=(workshops.whose(standing), *(_where_you_were(about) if is_open and about is not None else ())),
        buttons=tuple(_ways(about, is_vote=standing.now.is_vote)) if is_open and about is not None else (),
    )


def _where_you_were(about: Round) -> Iterator[Text]:
    if about.mode is Mode.SEALED:
        yield _("Have you answered everything already? Then you are done. Otherwise you go on where you stopped.")
    else:
        yield _("Everything you wrote before the break is still there.")


def _ways(about: Round, *, is_vote: bool) -> Iterator[Button]:
    """What the step is for stands first."""
    if is_vote:
        yield from voting.button(about)
    yield _write(about)
    if about.mode is Mode.NOTES:
        yield buttons.open_board(about.id)
    if not is_vote:
        yield from voting.button(about)


def thanks(standing: Standing) -> Card:
    """One word of thanks to everybody, with the boards that are theirs to read and the plan."""
    workshop = standing.workshop
    again = [one for one in standing.earlier if one.is_kept]
    now = [one for one in standing.steps if one.step.set]
    ways = [
        *(_titled(one.round, workshops.before_again(one.round.title)) for one in again if one.round is not None),
        *(_titled(one.round, one.round.title) for one in now if one.round is not None and not one.round.only_rated),
    ]
    items, short = buttons.to_choose(ways, _("Open"))
    return Card(
        _("Thank you for the workshop!"),
        body=(workshops.whose(standing), _("Here is what you arrived at. The plan is where it goes on.")),
        items=items,
        buttons=(plan_cards.open_plan(workshop.programme, workshop.organisation), *short),
        tone=Tone.GOOD,
    )


def _titled(about: Round, label: Words) -> Button:
    return Button(label, buttons.open_board(about.id).action)
