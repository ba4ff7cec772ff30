"""What whoever leads is asked about the end of a step or of the workshop: before it, and when nobody has ended it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.programmes import local_day
from bot.domain.rounds import Mode
from bot.domain.values import dataclass
from bot.domain.words import Day, Text, Words, _, n_
from bot.domain.workshops import State, is_needed
from bot.flows import prompts, workshops
from bot.flows.rounds import Standing as RoundStanding
from bot.flows.workshops import Standing
from bot.messages import Button, Card, Fact, Tone


@dataclass(frozen=True, slots=True)
class Loss:
    """What would be lost, and of what: a box, a vote, the drafts of groups."""

    said: Text
    facts: tuple[Fact, ...]


def by_going_on(standing: Standing) -> tuple[Loss, ...]:
    """What would be lost if the next step began now."""
    return _losses(standing, standing.workshop.at + 1)


def _by_ending(standing: Standing) -> tuple[Loss, ...]:
    return _losses(standing, len(standing.steps))


def _losses(standing: Standing, at: int) -> tuple[Loss, ...]:
    """What closes with the steps before this one, unless it or a later one goes on with it."""
    script = standing.workshop.script
    closing = (one for one in standing.steps if one.step.set and not is_needed(script, one.step.id, at))
    found = (one.progress for one in closing if one.is_open)
    return tuple(loss for progress in found if progress is not None for loss in _of_round(progress))


def _of_round(found: RoundStanding) -> Iterator[Loss]:
    boxes = tuple(box for box in found.round.boxes if box.role in found.short)
    if boxes:
        too_few = tuple(Fact(prompts.box_name(box), found.steps[box.role]) for box in boxes)
        yield Loss(_("Too few have answered for anything to be shown: their answers will be gone for good."), too_few)
    drafts = tuple(prompts.drafts(group.name for group in found.groups if group.has_draft))
    if drafts and found.round.mode is Mode.NOTES:
        yield Loss(_("A draft that is not put up before the questions close is seen by nobody."), drafts)
    if found.few_voted and any(group.posts for group in found.groups):
        yield Loss(_("A vote that is over cannot be opened again."), (Fact(_("Votes"), found.voted),))


# --- Asking -----------------------------------------------------------------------------------------------------------


def ask_to_go_on(standing: Standing, losses: tuple[Loss, ...]) -> Card:
    """Ask before the next step begins; it must have one."""
    assert standing.following is not None, "after the last step a workshop ends"
    anyway = Button(_("Go on anyway"), workshops.on(workshops.NEXT_ANYWAY, standing.workshop), tone=Tone.DANGER)
    ways = (anyway, workshops.longer(standing.workshop), _back_to_card(standing, _("No, not yet")))
    return _question(standing, _("Go on to {title} now?", title=standing.following.title), losses, (), ways)


def ask_to_end(standing: Standing) -> Card:
    """Ask before a workshop is over for good."""
    still = tuple(dict.fromkeys(one.round.id for one in standing.steps if one.is_open and one.round is not None))
    closes = (n_("What is open closes: {n} round.", "What is open closes: {n} rounds.", len(still)),) if still else ()
    thanked = _("Everybody who took part is thanked. If you mean to go on another day, pause instead.")
    end = Button(_("End it"), workshops.on(workshops.CONFIRM_END, standing.workshop), tone=Tone.DANGER)
    ways = (end, _back_to_card(standing, _("No, go on")))
    return _question(standing, _("End the workshop?"), _by_ending(standing), (*closes, thanked), ways)


def not_ended(standing: Standing, since: datetime) -> Card:
    """To whoever leads it, and later to the coordinators: it was left `since` and is still under way."""
    workshop, day = standing.workshop, Day(local_day(since, standing.programme.zone))
    title = workshop.script.title
    if workshop.state is State.PAUSED:
        said = (
            _("It has been paused since {day}.", day=day),
            _("Questions that each person answers alone are still open, and until they close nobody sees the answers."),
        )
    else:
        said = (
            _("It has been at {step} since {day}.", step=workshop.step.title, day=day),
            _("Until you end it the questions stay open, and nobody gets to see all that came of it."),
        )
    pause = () if workshop.state is State.PAUSED else (workshops.pause(workshop),)
    return Card(
        _("Not ended yet: {title}", title=title),
        body=(workshops.whose(standing), *said),
        buttons=(workshops.end(workshop), *pause, workshops.open_card(workshop.id)),
        tone=Tone.WARNING,
    )


def _question(
    standing: Standing, title: Text, losses: tuple[Loss, ...], more: tuple[Words, ...], ways: tuple[Button, ...]
) -> Card:
    return Card(
        title,
        body=(workshops.whose(standing), *_once(losses), *more),
        facts=tuple(fact for loss in losses for fact in loss.facts),
        buttons=ways,
    )


def _once(losses: tuple[Loss, ...]) -> Iterator[Text]:
    return (loss.said for place, loss in enumerate(losses) if loss.said not in [one.said for one in losses[:place]])


def _back_to_card(standing: Standing, label: Text) -> Button:
    return Button(label, workshops.on(workshops.CARD, standing.workshop))
