"""Every view about plans, expectations and needs, from small, typical and extreme facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from bot.conversation import Run
from bot.domain.plans import PlanRow, Progress, tally
from bot.domain.programmes import Programme
from bot.domain.rounds import LONGEST_POST
from bot.domain.words import Localised
from bot.flows import expecting, needing, plan_cards, planning
from bot.flows.expecting import Expectation, Mirror
from bot.flows.moderation import POLICY, reason_words
from bot.flows.needing import Answered, Need, Queue, Recurring
from bot.flows.plan_cards import Line, Plan
from bot.messages import Answer, Form, View
from tests.flows.samples import NOW

_ID = "0123456789abcdef" * 2
_DUE = date(2027, 3, 1)


def scenes(size: str, programme: Programme, name: str, line: Localised) -> Iterator[tuple[str, View]]:
    """The views of one programme; `name` is as long as a name may be, and `line` as a name in its file."""
    long = size == "extreme"
    text = (name * 20)[:LONGEST_POST] if long else "Följa upp besluten"
    yield from _plans(size, programme, name, text, many=20 if long else 2)
    yield from _forms(size, programme, name, text, many=80 if long else 1)
    yield from _mirrors(size, line, text, many=12 if long else 2)
    yield from _needs(size, line, text, many=60 if long else 2)


# --- Plans ------------------------------------------------------------------------------------------------------------


def _row(programme: Programme, name: str, text: str) -> PlanRow:
    return PlanRow(
        _ID, programme.id, f"other:{name.casefold()}", name, text, name, programme.occasions[0].id,
        progress=Progress.BLOCKED, owner="p", deputy=name, remark=text[:500], changed_at=NOW, changer=name,
    )  # fmt: skip


def _plans(size: str, programme: Programme, name: str, text: str, many: int) -> Iterator[tuple[str, View]]:
    full = _row(programme, name, text)
    bare = replace(full, who="", owner="", before="", due=_DUE, deputy="", remark="", progress=Progress.PLANNED)
    rows = [full, bare, replace(bare, progress=Progress.DONE), replace(bare, due=None)] * many
    plan = Plan(programme, full.organisation_key, name, rows, coordinator=True)
    yield f"{size}: plan", plan_cards.card(plan)
    yield f"{size}: plan, last page", plan_cards.card(plan, plan_cards.MOST * ((len(rows) - 1) // plan_cards.MOST))
    yield f"{size}: plan, empty", plan_cards.card(replace(plan, rows=()))
    yield f"{size}: plan of others", plan_cards.card(replace(plan, mine=False))
    yield f"{size}: plan of others, empty", plan_cards.card(replace(plan, rows=(), mine=False))
    yield f"{size}: which plan", plan_cards.choose([(programme, full.organisation_key, name)] * (8 if many > 2 else 2))
    yield f"{size}: whose plans", plan_cards.choose_matrix([programme] * 8)
    yield f"{size}: no plan", plan_cards.no_plan()
    lines = [Line(f"SE-{n}", name, tally(rows) if n % 3 else None) for n in range(40 if many > 2 else 2)]
    yield f"{size}: all plans", plan_cards.matrix(programme, lines)
    yield f"{size}: put down", plan_cards.you_own(programme, full, name)
    yield f"{size}: put down by nobody", plan_cards.you_own(programme, bare, "")
    yield f"{size}: owner left", plan_cards.nobody_left(programme, rows, name)
    yield f"{size}: owner left, nobody to ask", plan_cards.nobody_left_for_coordinators(programme, name, len(rows))
    yield f"{size}: due soon", plan_cards.due_soon(programme, rows)
    yield f"{size}: before a meeting", plan_cards.before_meeting(programme, programme.occasions[0].title, rows)
    yield f"{size}: after a meeting", plan_cards.after_meeting(programme, programme.occasions[0].title, rows)
    yield f"{size}: overdue", plan_cards.overdue(programme, rows)


class _Desk:
    def keep_row(self, row: PlanRow) -> PlanRow:
        return row

    def remove_row(self, row: PlanRow) -> None: ...

    def answer(self, programme: str, needs: tuple[str, ...], text: str) -> int:
        return len(needs)

    def correct(self, need: str, text: str) -> int:
        return 1


def _forms(size: str, programme: Programme, name: str, text: str, many: int) -> Iterator[tuple[str, View]]:
    colleagues = tuple((f"p{n}", f"{n} {name}"[:120]) for n in range(many))
    facts = planning.Facts(NOW, programme, "SE-1281", name, ("me", name), colleagues)
    new = planning.add.begin(Run("r", planning.drafted(programme, "SE-1281", NOW)), facts, _Desk())
    yield f"{size}: new row", new.view
    typed = {"what": text, "owner": planning.SOMEBODY, "before": planning.OWN_DAY, "day": "x" * 40, "deputy": name}
    yield f"{size}: new row, refused", planning.add.receive(new.run, typed, facts, _Desk()).view
    good = {**typed, "who": name[:120], "deputy": name[:120], "day": "15 aug"}
    yield f"{size}: new row, done", planning.add.receive(new.run, good, facts, _Desk()).view
    row = replace(_row(programme, name[:120], text), deputy=name[:120])
    known = replace(facts, row=row)
    opened = planning.change.begin(Run("r", planning.reopened(row, "me")), known, _Desk())
    yield f"{size}: update", opened.view
    assert isinstance(opened.view, Form)
    answers = dict(opened.view.values)
    yield f"{size}: update, done", planning.change.receive(opened.run, answers, known, _Desk()).view
    later = replace(known, row=replace(row, changed_at=NOW + timedelta(minutes=1)))
    asked = planning.change.receive(opened.run, answers, later, _Desk())
    yield f"{size}: update, overtaken", asked.view
    for which in (planning.MINE, planning.THEIRS):
        chosen = {"stands": f"{which} {(NOW + timedelta(minutes=1)).isoformat()}"}
        yield f"{size}: update, overtaken, {which}", planning.change.receive(asked.run, chosen, later, _Desk()).view
    removed = {**answers, "progress": planning.REMOVE}
    yield f"{size}: update, removed", planning.change.receive(opened.run, removed, known, _Desk()).view


# --- Expectations -----------------------------------------------------------------------------------------------------


def _mirrors(size: str, line: Localised, text: str, many: int) -> Iterator[tuple[str, View]]:
    some = (
        Expectation(_ID, text, line),
        Expectation(_ID, text, line, accepted=True),
        Expectation(_ID, text, line, accepted=True, ours=False),
        Expectation(_ID, text, line, accepted=True, said=text[:500]),
        Expectation(_ID, text, line, said=text[:500], waiting=many - 1, aside=tuple(map(reason_words, POLICY))),
    )
    mirror = Mirror(_ID, line, "politiker", line, some * many, tuple((f"r{n}", line) for n in range(many)))
    yield f"{size}: expected", expecting.card(mirror)
    yield f"{size}: expected, last page", expecting.card(mirror, 5, note=expecting.taken_on(text[:120]))
    yield f"{size}: expected, taken on without a plan", expecting.card(mirror, note=expecting.taken_on(""))
    yield f"{size}: expected, nothing", expecting.card(replace(mirror, expectations=()))
    yield f"{size}: expected, nothing yet", expecting.nothing_yet()
    facts = expecting.Facts(text, line, lambda typed: (typed[:30],) * many)
    voice = _Voice(mirror)
    asked = expecting.flow.begin(Run("r", expecting.Draft(_ID, "politiker")), facts, voice)
    yield f"{size}: expected, answer", asked.view
    again = expecting.flow.receive(asked.run, {"text": text[:500]}, facts, voice)
    yield f"{size}: expected, look again", again.view
    yield f"{size}: expected, answered", expecting.flow.receive(again.run, {"text": text[:500]}, facts, voice).view


class _Voice:
    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror

    def say(self, answer: str, role: str, text: str) -> expecting.Said:
        return expecting.Said(self._mirror, held=len(text) > 100)


# --- Needs ------------------------------------------------------------------------------------------------------------


def _needs(size: str, line: Localised, text: str, many: int) -> Iterator[tuple[str, View]]:
    needs = tuple(Need(f"{n:032}", f"{text[:-4]}{n:04}", line if n % 2 else Localised({})) for n in range(many))
    long = (text * 2)[: needing.LONGEST]
    queue = Queue("p", line, needs, (Answered(needs[:3], long), Answered(needs[:1], "Ja")) * 2)
    recurring = (Recurring((text[:40],) * 5, 12, 5000, (line, line)), Recurring(("tid",), 3, 50)) * 3
    yield f"{size}: needs", needing.card([queue], "p", 0, recurring)
    yield f"{size}: needs of several programmes", needing.card([queue, queue], "", needing.MOST)
    yield f"{size}: needs, nothing", needing.card([], "")
    yield f"{size}: needs, matter", needing.waiting(_ID, line, many)
    yield f"{size}: needs, told", needing.told_to_all([need.text for need in needs[:5]], long, board=_ID)
    yield f"{size}: needs, take down?", needing.ask_to_take_down(Answered(needs[:9], long), "p")
    yield f"{size}: needs, taken down", needing.taken_down(many, "p")
    yield f"{size}: needs, told no longer", needing.told_no_longer([need.text for need in needs[:5]])
    yield f"{size}: needs, corrected", needing.told_to_all([text], long, corrected=True)
    facts = needing.Facts(needs, 1200, 3)
    asked = needing.flow.begin(Run("r", needing.Draft("p", (needs[0].id,))), facts, _Desk())
    yield f"{size}: needs, answer", asked.view
    answers: dict[str, Answer] = {"needs": tuple(need.id for need in needs[:20]), "text": long}
    seen = needing.flow.receive(asked.run, answers, facts, _Desk())
    yield f"{size}: needs, preview", seen.view
    yield f"{size}: needs, done", needing.flow.receive(seen.run, {}, facts, _Desk()).view
    start = Run("r", needing.Draft("p", (), long, needs[0].id))
    asked = needing.flow.begin(start, replace(facts, needs=needs[:3]), _Desk())
    yield f"{size}: needs, correct", asked.view
    seen = needing.flow.receive(asked.run, {"text": long}, replace(facts, needs=needs[:3]), _Desk())
    yield f"{size}: needs, correct, preview", seen.view
    yield f"{size}: needs, correct, done", needing.flow.receive(seen.run, {}, facts, _Desk()).view
