"""Every view about links for people without Slack or Teams: `scenes` gives name → view."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.conversation import Run
from bot.domain.programmes import Programme
from bot.domain.rounds import Mode, Round, State, boxes
from bot.domain.workshops import Script, Step, Workshop
from bot.flows import guest_page, guests
from bot.messages import View
from tests.flows.samples import NOW, ZONE

_ID = "0123456789abcdef" * 2
_ADDRESS = f"https://larande.exempel.se/guest/{_ID}-{'A' * 43}"


class _Book:
    """Admits whoever is written down."""

    def __init__(self, link: guests.OwnLink | None) -> None:
        self._link = link

    def admit(self, programme: str, group: str, *, name: str, email: str) -> guests.OwnLink | None:
        return self._link


def scenes(size: str, programme: Programme, name: str) -> Iterator[tuple[str, View]]:
    """`name` is what people and groups are called."""
    found = programme.question_sets[0]
    made = boxes(found, (role.words for role in programme.role_groups))
    round = Round(_ID, programme.id, found.title, made, Mode.NOTES, NOW, state=State.OPEN, closes_at=NOW)
    link = guests.GroupLink(round, _ID, name, _ADDRESS, NOW + timedelta(days=30), ZONE)
    yield f"{size} link of a group", guests.group_link(link)
    yield f"{size} new link of a group", guests.group_link(link, renewed=True)
    writes = [guests.Writes(round, _ID, name)] * 25
    for number, page in (("no", []), ("one", writes[:1]), ("many", writes)):
        yield f"{size} {number} web links", guests.links_of(programme, page, 1)
    yield from _page(size, round, name)
    yield from _looking_back(size, programme, round, name)
    yield from _guests(size, programme, name)


def _page(size: str, round: Round, name: str) -> Iterator[tuple[str, View]]:
    """What a guest's own page shows of a round of notes."""
    for chooses in (False, True):
        one = guest_page.Invitation(round, name, ZONE, "" if chooses else name, _ADDRESS, _ADDRESS, chooses)
        yield f"{size} open to a guest, chooses {chooses}", guest_page.own_page(name, [one] * 9)
    yield f"{size} which small group", guest_page.which_group(round, [(f"{n:032}", name) for n in range(20)])
    yield f"{size} in a small group", guest_page.you_talk_in(round, name, _ADDRESS)


def _looking_back(size: str, programme: Programme, round: Round, name: str) -> Iterator[tuple[str, View]]:
    """What it shows of a workshop, and of rounds that have closed."""
    steps = tuple(Step(f"s{n}", round.title) for n in range(5))
    running = Workshop(_ID, programme.id, Script("dagen", round.title, steps), "p", NOW, at=1)
    closed = [guest_page.ClosedRound(round, programme, board) for board in (_ADDRESS, "")]
    yield f"{size} looking back", guest_page.own_page(name, [], [running, running.paused(NOW)], closed * 4)


def _guests(size: str, programme: Programme, name: str) -> Iterator[tuple[str, View]]:
    one = guests.Guest(_ID, name, f"{'g' * 50}@example.org", name)
    for number, page in (("no", []), ("many", [one] * 25)):
        yield f"{size} {number} guests", guests.guests(programme, page, 1)
    link = guests.OwnLink(one, programme.id, _ADDRESS, NOW + timedelta(days=400), ZONE)
    yield f"{size} link of a guest", guests.own_link(link)
    yield f"{size} new link of a guest", guests.own_link(link, renewed=True)
    yield f"{size} removing a guest", guests.ask_to_remove(one, programme.id)
    yield f"{size} guest removed", guests.removed()
    groups = tuple((f"group {_ID[:-2]}{n:02}", name) for n in range(12 if size != "small" else 1))
    facts, run = guests.NewGuestFacts(programme, groups), Run(_ID, guests.NewGuest(programme.id))
    form = guests.inviting.begin(run, facts, _Book(link))
    yield f"{size} new guest", form.view
    answers = {"name": name[:100], "group": groups[0][0]}
    for kind, book in (("written down", _Book(link)), ("without a group any more", _Book(None))):
        yield f"{size} new guest {kind}", guests.inviting.receive(form.run, answers, facts, book).view
