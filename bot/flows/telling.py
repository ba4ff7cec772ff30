"""What an answer from a programme's data is about and says, and how the answers of several become one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace

from bot.domain.programmes import Programme
from bot.domain.registrations import Seat
from bot.domain.values import dataclass
from bot.domain.words import Listed, Words, _
from bot.flows import buttons, occasions
from bot.flows.timetable import Parts
from bot.messages import Button, Fact, Item

_MOST_TOLD = 4
"""Different answers that are given at once, where it cannot be known which programme is meant."""
_MORE = _("There are more programmes. Name the one you mean, and I will tell you about it.")


@dataclass(frozen=True, slots=True)
class Known:
    """A programme, and what the reader has to do with it. Where everybody can read, nothing is theirs."""

    programme: Programme
    mine: frozenset[str] = frozenset()  # occasions at which the reader has a confirmed seat
    left: Mapping[str, int | None] = field(default_factory=dict)
    named: frozenset[str] = frozenset()  # occasions that the question is about; none where it may be any of them
    aloud: bool = False  # everybody can read it
    days: frozenset[str] = frozenset()  # that it is about, and that are no meetings
    parts: Mapping[str, Parts] = field(default_factory=dict)  # of the named occasions that it is about
    queued: tuple[Seat, ...] = ()  # that the reader waits for or is offered


@dataclass(frozen=True, slots=True)
class Told:
    """An answer about one programme."""

    lines: tuple[Words, ...] = ()
    facts: tuple[Fact, ...] = ()
    items: tuple[Item, ...] = ()
    buttons: tuple[Button, ...] = ()


# --- Several programmes -----------------------------------------------------------------------------------------------


def alone(one: Known, told: Told, *, among: Sequence[Known]) -> Told:
    """What is told of one programme, under its title where others could have been meant."""
    return told if len(among) == 1 else Told(items=tuple(_under([called(one, among)], told)), buttons=told.buttons)


def called(one: Known, among: Sequence[Known]) -> Words:
    """The programme's title, with its edition where another one is called the same."""
    return occasions.programme_name(one.programme, [other.programme for other in among])


def of_several(answers: Sequence[tuple[Known, Told]]) -> Told:
    """What holds for all, then what else holds for some, and the names of those that there is no room for."""
    shared = _shared([told for _known, told in answers])
    further = [(known, _beyond(shared, told)) for known, told in answers]
    among = [known for known, _told in answers]
    alike = _alike([(called(known, among), told) for known, told in further if _bare(told) != Told()])
    shown = [item for titles, same in alike[:_MOST_TOLD] for item in _together(titles, same)]
    left_out = tuple(title for titles, _same in alike[_MOST_TOLD:] for title in titles)
    return replace(shared, items=(*shown, *((Item(Listed(left_out), (_MORE,)),) if left_out else ())))


def _shared(answers: Sequence[Told]) -> Told:
    """How all begin and go on alike; nothing where they are the same altogether, which is said with all their names."""
    first = answers[0]
    alike = [all(told.lines[:n] == first.lines[:n] for told in answers) for n in range(1, len(first.lines) + 1)]
    lines = first.lines[: sum(alike)]
    if not lines or all(_bare(told) == Told(lines) for told in answers):
        return Told()
    return Told(lines, buttons=first.buttons if all(told.buttons == first.buttons for told in answers) else ())


def _beyond(shared: Told, told: Told) -> Told:
    return replace(told, lines=told.lines[len(shared.lines) :], buttons=() if shared.buttons else told.buttons)


def _alike(answers: Sequence[tuple[Words, Told]]) -> list[tuple[list[Words], list[Told]]]:
    """The titles of those that have the same answer, with their answers."""
    found: list[tuple[list[Words], list[Told]]] = []
    for title, told in answers:
        titles, same = next((one for one in found if _bare(one[1][0]) == _bare(told)), ([], []))
        if not same:
            found.append((titles, same))
        titles.append(title)
        same.append(told)
    return found


def _bare(told: Told) -> Told:
    """The answer itself, without the ways on from it."""
    return replace(told, buttons=())


def _together(titles: Sequence[Words], same: Sequence[Told]) -> Iterator[Item]:
    """One answer for several programmes; where each has a way on of its own, the list of all has them."""
    ways = same[0].buttons if all(told.buttons == same[0].buttons for told in same) else (buttons.ALL_PROGRAMMES,)
    told = replace(same[0], buttons=ways)
    yield from _under(titles, told, told.buttons)


def _under(titles: Sequence[Words], told: Told, ways: tuple[Button, ...] = ()) -> Iterator[Item]:
    """What is told of one programme, or alike of several, under the titles."""
    title = titles[0] if len(titles) == 1 else Listed(tuple(titles))
    if told.lines or told.facts or not told.items:
        yield Item(title, told.lines, told.facts, ways)
    yield from (titled(item, title) for item in told.items)


def titled(item: Item, title: Words) -> Item:
    """A meeting with the title of its programme, or of several, before its own."""
    return replace(item, title=_("{title}: {meeting}", title=title, meeting=item.title))
