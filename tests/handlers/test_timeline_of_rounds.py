"""The coordinators' view of all messages: also what rounds will send, have sent and could not."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import date

from bot.domain.people import Language
from bot.flows import prompts, truth
from bot.messages import Card, Notice
from bot.ports import Address, Trouble, Undeliverable
from storage.outbox import Outbox
from storage.rounds import Rounds
from tests.flows.samples import at
from tests.handlers import feedback_town, round_town
from tests.handlers.feedback_town import MEETINGS, THERE, arrived
from tests.handlers.round_town import MODEL, ask, bind, in_group, the_round
from tests.handlers.town import Person, Town, text

rounds_town = round_town.on_both
IDLE, ENDS = "groups that have written nothing by then", "channels, those who take notes, and coordinators"
FEEDBACK = "Feedback on the meeting"


async def timeline(person: Person, programme: str) -> list[str]:
    """All lines of all pages."""
    found: list[str] = []
    start = 0
    while True:
        view = (await person.press("timeline", f"{programme}:{start}")).view
        assert isinstance(view, Card)
        found += text(view).splitlines()
        if not any(text(Notice(button.label)) == "Show more" for button in view.buttons):
            return found
        start += truth.MOST


def of(title: str, lines: list[str]) -> list[str]:
    return [line.strip() for line in lines if title in line]


async def test_C1_the_dry_run_lists_what_a_round_will_send(rounds_town: Town) -> None:
    town = rounds_town
    await in_group(town, "p", "politiker")
    await bind(town, round_town.WHOLE)
    await ask(town, opens_day="2027-02-01", opens_at="10:00")
    about, closes_at = await the_round(town), at(date(2027, 2, 10), 16)
    await town.work.run(lambda c: Rounds(c, town.clock.now()).change_closing(about.id, closes_at))
    lines = of("Uppstartskonferensen", await timeline(town.person("admin"), MODEL.id))
    assert [line.replace("Uppstartskonferensen", "…") for line in lines] == [
        "Monday 1 February 2027 at 10:00 (09:00 UTC): The questions: …, to 1 person and 1 channel",
        f"Tuesday 9 February 2027 at 16:00 (15:00 UTC): A reminder before it closes: …, to {IDLE}",
        f"Wednesday 10 February 2027 at 16:00 (15:00 UTC): The round is closed: …, to {ENDS}",
    ]


async def test_what_lies_behind_is_not_foretold(rounds_town: Town) -> None:
    town = rounds_town
    await in_group(town, "p", "politiker")
    await ask(town)
    about, closes_at = await the_round(town), at(date(2027, 2, 10), 16)
    await town.work.run(lambda c: Rounds(c, town.clock.now()).change_closing(about.id, closes_at))
    admin = town.person("admin")
    assert len(of("A reminder before it closes", await timeline(admin, MODEL.id))) == 1
    town.clock.at = at(date(2027, 2, 9), 17)
    assert of("A reminder before it closes", await timeline(admin, MODEL.id)) == []


async def test_what_waits_is_not_yet_sent_and_what_is_corrected_is_sent_once(rounds_town: Town) -> None:
    town, language = rounds_town, Language.ENGLISH
    await ask(town)
    admin, id, there = town.person("admin"), (await the_round(town)).id, Address("sandbox", "W1", "x")
    one = f"round:{id}:result:x"

    def sent() -> Awaitable[list[str]]:
        return timeline(admin, MODEL.id)

    async def put(key: str, edits: str = "") -> None:
        said = Notice("Så blev det")
        await town.work.run(
            lambda c: Outbox(c, town.clock.now()).add(key, there, said, person="", language=language, edits=edits)
        )

    await put(one)
    assert of("The result", await sent()) == []
    await town.deliver()
    await put(f"{one}:edit", edits=one)
    await town.deliver()
    (line,) = of("The result", await sent())
    assert line.endswith("to 1 channel")


async def test_the_record_says_how_many_a_round_has_reached_and_why_not_all(rounds_town: Town) -> None:
    town = rounds_town
    for name in ("p", "q", "r"):
        await in_group(town, name, "politiker")
    town.posts["sandbox"].troubles = [None, Undeliverable(Trouble.FORBIDDEN, "blocked")]  # whoever asks gets a card
    await ask(town)
    await town.deliver()
    lines = of("The questions: Uppstartskonferensen", await timeline(town.person("admin"), MODEL.id))
    assert sorted(line.partition("Uppstartskonferensen, ")[2] for line in lines) == [
        "to 1 person. Not sent: Lärträff is blocked or removed there (blocked)",
        "to 2 people",
    ]


async def test_the_record_has_who_came_later_at_the_time_when_they_got_the_questions(rounds_town: Town) -> None:
    town = rounds_town
    await in_group(town, "p", "politiker")
    await ask(town)
    await town.deliver()
    town.clock.move(days=3)
    await town.person("q").register(MODEL.id)
    await town.deliver()
    lines = of("The questions: Uppstartskonferensen", await timeline(town.person("admin"), MODEL.id))
    assert [line.rpartition(", ")[2] for line in lines] == ["to 1 person", "to 1 person"]


async def test_what_was_taken_back_was_not_sent(rounds_town: Town) -> None:
    town = rounds_town
    await in_group(town, "p", "politiker")
    admin = town.person("admin")
    await admin.submit(await round_town.preview(town))
    await admin.press(prompts.UNDO_ROUND, (await the_round(town)).id)
    await town.deliver()
    assert of("Uppstartskonferensen", await timeline(admin, MODEL.id)) == []


async def test_who_has_paused_is_not_counted_among_those_who_get_the_questions(rounds_town: Town) -> None:
    town = rounds_town
    for name in ("p", "q"):
        await in_group(town, name, "politiker")
    await town.person("q").say("pause 2027-12-01")
    await ask(town, opens_day="2027-02-01", opens_at="10:00")
    (line,) = of("The questions", await timeline(town.person("admin"), MODEL.id))
    assert line.endswith("to 1 person; 1 has paused or opted out")


# --- Feedback ---------------------------------------------------------------------------------------------------------


async def test_C7_feedback_is_promised_only_where_enough_take_part(town: Town) -> None:
    await town.load(MEETINGS)
    await arrived(town, *THERE)
    await arrived(town, *THERE[:4], at=feedback_town.ELSEWHERE.id)
    found = of(FEEDBACK, await timeline(town.person("admin"), MEETINGS.id))
    assert [line.partition(": ")[2] for line in found] == [
        f"{FEEDBACK}: Träff fika, to 5 participants",
        f"{FEEDBACK}: Träff annan, to 4 participants. Will not be sent: too few take part",
    ]
    own = text((await town.person("anna").say("my reminders")).view)
    assert (f"{FEEDBACK}: Träff fika" in own, f"{FEEDBACK}: Träff annan" in own) == (True, False)


async def test_a_round_about_a_meeting_is_foretold_by_its_end_alone(town: Town) -> None:
    await town.load(MEETINGS)
    await arrived(town, *THERE)
    await town.tick_at(MEETINGS.occasions[0].ends_at)
    lines = await timeline(town.person("admin"), MEETINGS.id)
    assert of("The questions", lines) == []
    assert len(of("The round is closed", lines)) == 1
