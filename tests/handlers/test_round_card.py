"""A round's card and the way to its board: only what there is, and only what can be done."""

from __future__ import annotations

from bot.domain.rounds import Box, Mode, Round, State
from bot.domain.rules import NOTHING
from bot.flows import buttons
from bot.flows import rounds as words
from bot.flows.rounds import GroupStanding
from tests.flows.samples import NOW
from tests.handlers import round_town
from tests.handlers.round_town import MODEL, ask, in_group, labels, the_round, write
from tests.handlers.town import Town, text

town = round_town.on_sqlite


async def ways(town: Town) -> list[str]:
    return labels(await town.person("admin").press(buttons.ROUND, (await the_round(town)).id))


async def test_nothing_can_be_taken_down_before_there_is_something(town: Town) -> None:
    await in_group(town, "bo", "chefer", "Ledningen")
    await ask(town)
    assert "Take down a post" not in await ways(town)
    await write(town, "chefer", "Ledningen", "Efterfråga resultat")
    assert "Take down a post" in await ways(town)


async def test_P5_the_way_to_a_sealed_board_counts_nothing_while_it_is_open(town: Town) -> None:
    for n in range(5):
        await in_group(town, f"p{n}", "politiker")
    await ask(town, "own", roles=("politiker",), title="Läget", questions="Hur går det?", mode="sealed")
    said = text((await town.person("admin").press(buttons.BOARD, (await the_round(town)).id)).view)
    assert ("0 posts" in said, "shown when the round has closed" in said) == (False, True)
    assert "Take down a post" not in await ways(town)
    await town.person("admin").press(words.CONFIRM_CLOSE, (await the_round(town)).id)
    assert "Take down a post" not in await ways(town)  # too few answered, so there is none


def test_people_guests_and_posts_stand_in_one_list() -> None:
    about = Round("r1", MODEL.id, MODEL.title, (Box("", NOTHING, ()),), Mode.NOTES, NOW, state=State.OPEN)
    groups = tuple(GroupStanding(name, "", 6, True, 13, guests) for name, guests in (("Bordet", 2), ("Salen", 0)))
    said = text(words.card(words.Standing(about, MODEL, groups)))
    for expected in ("4 people, 2 guests and 13 posts", "6 people and 13 posts"):
        assert expected in said
