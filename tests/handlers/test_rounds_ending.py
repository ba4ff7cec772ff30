"""How a round ends: undone within a minute, or closed, told, and opened anew."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.rounds import UNDO, State
from bot.flows import buttons, prompts
from bot.flows import rounds as words
from tests.fixtures.seed_board import WORDINGS
from tests.handlers import round_town
from tests.handlers.round_town import (
    MODEL,
    WHOLE,
    appointed,
    ask,
    bind,
    in_channel,
    in_group,
    labels,
    preview,
    read,
    states,
    the_round,
    write,
)
from tests.handlers.town import Town, at_once, text

town, small_town = round_town.on_both, round_town.on_sqlite


# --- Undo -------------------------------------------------------------------------------------------------------------


async def test_C2b_within_a_minute_everything_is_taken_back(town: Town) -> None:
    await in_group(town, "p", "politiker")
    await ask(town)
    town.clock.move(seconds=59)
    reply = await town.person("admin").press(prompts.UNDO_ROUND, (await the_round(town)).id)
    assert "The messages are being taken away" in text(reply.view)
    assert await states(town) == [State.WITHDRAWN]
    await town.deliver()
    assert len(town.posts["sandbox"].removed) == 1
    assert "Undone" in text((await town.person("admin").press(prompts.UNDO_ROUND, (await the_round(town)).id)).view)


async def test_after_exactly_a_minute_it_can_only_be_closed(town: Town) -> None:
    await in_group(town, "p", "politiker")
    await ask(town)
    town.clock.at += UNDO
    reply = await town.person("admin").press(prompts.UNDO_ROUND, (await the_round(town)).id)
    assert "too late to undo" in text(reply.view)
    assert "Close the round" in labels(reply)
    assert await states(town) == [State.OPEN]


async def test_the_rounds_own_card_offers_to_undo_it_while_it_can_be(town: Town) -> None:
    await ask(town)
    admin, id = town.person("admin"), (await the_round(town)).id
    town.clock.at += UNDO - timedelta(seconds=1)
    assert "Undo" in labels(await admin.press(buttons.ROUND, id))
    town.clock.move(seconds=1)
    assert "Undo" not in labels(await admin.press(buttons.ROUND, id))


async def test_what_has_not_gone_out_never_does(small_town: Town) -> None:
    person = await in_group(small_town, "p", "politiker")
    form = await preview(small_town)
    await small_town.person("admin").submit(form)
    await small_town.person("admin").press(prompts.UNDO_ROUND, (await the_round(small_town)).id)
    await small_town.deliver()
    assert read(small_town, person) == ""


# --- Closing ----------------------------------------------------------------------------------------------------------


async def test_a_round_closes_at_its_time_once_and_says_so(town: Town) -> None:
    await bind(town, WHOLE)
    await in_group(town, "p", "politiker", "Nämnden")
    await in_group(town, "c", "chefer", "Ledningen")
    await ask(town, closes_at="15.00")
    await write(town, "chefer", "Ledningen", "Efterfråga resultat")
    town.clock.at = (await the_round(town)).closes_at  # type: ignore[assignment]
    await at_once(town.tick.run(), town.tick.run())
    await town.deliver()
    assert await states(town) == [State.CLOSED]
    told = in_channel(town, WHOLE)
    assert sum("Closed: Uppstartskonferensen" in one for one in told) == 1
    assert "https://bot.example.org/board/" in told[-1]


async def test_coordinators_hear_which_groups_have_written_nothing(small_town: Town) -> None:
    kim = await appointed(small_town, "kim")
    await in_group(small_town, "p", "politiker", "Nämnden")
    await in_group(small_town, "c", "chefer", "Ledningen")
    await ask(small_town)
    await write(small_town, "chefer", "Ledningen", "Efterfråga resultat")
    asked = await kim.press(prompts.CLOSE_ROUND, (await the_round(small_town)).id)
    assert "Nobody can write any more then" in text(asked.view)
    assert await states(small_town) == [State.OPEN]
    await kim.press(words.CONFIRM_CLOSE, (await the_round(small_town)).id)
    await small_town.deliver()
    assert "1 post is on the board." in read(small_town, kim)
    assert "Nämnden" in read(small_town, kim)
    assert "Ledningen" not in read(small_town, kim)


async def test_N3b_whoever_closes_hears_before_and_after_how_many_posts_still_wait(small_town: Town) -> None:
    kim = await appointed(small_town, "kim")
    await in_group(small_town, "c", "chefer", "Ledningen")
    await ask(small_town)
    id = (await the_round(small_town)).id
    form = (await small_town.person("c").press(buttons.NOTE, id)).view
    form = (await small_town.person("c").submit(form, {"texts.bidra": "Ring 070-123 45 67"})).view
    await small_town.person("c").submit(form)
    assert "Wait to be read by a coordinator: 1 post" in text((await kim.press(prompts.CLOSE_ROUND, id)).view)
    await kim.press(words.CONFIRM_CLOSE, id)
    await small_town.deliver()
    assert "Wait to be read by a coordinator: 1 post" in read(small_town, kim)


async def test_where_nobody_wrote_anything_nobody_is_thanked_for_it(small_town: Town) -> None:
    await bind(small_town, WHOLE)
    await in_group(small_town, "c", "chefer", "Ledningen")
    await ask(small_town)
    await small_town.person("admin").press(words.CONFIRM_CLOSE, (await the_round(small_town)).id)
    await small_town.deliver()
    told = in_channel(small_town, WHOLE)[-1]
    assert ("Nobody wrote anything." in told, "Thank you" in told) == (True, False)


async def test_who_runs_a_programme_as_an_administrator_alone_hears_of_the_end_too(small_town: Town) -> None:
    await in_group(small_town, "p", "politiker", "Nämnden")
    await ask(small_town)
    await small_town.person("admin").press(words.CONFIRM_CLOSE, (await the_round(small_town)).id)
    await small_town.deliver()
    assert "Closed: Uppstartskonferensen" in read(small_town, small_town.person("admin"))


async def test_closed_twice_it_is_told_once_and_stays_closed(town: Town) -> None:
    await bind(town, WHOLE)
    await ask(town)
    id, admin = (await the_round(town)).id, town.person("admin")
    await at_once(*(admin.press(words.CONFIRM_CLOSE, id) for _ in range(2)))
    await town.deliver()
    assert sum("Closed:" in one for one in in_channel(town, WHOLE)) == 1
    assert "closed already" in text((await admin.press(words.NUDGE_GROUPS, id)).view)
    assert "Ask again" in labels(await admin.press(buttons.ROUND, id))


async def test_P5c_where_nothing_is_shown_nobody_is_thanked_for_what_is_on_the_board(town: Town) -> None:
    await bind(town, WHOLE)
    people = [await in_group(town, f"p{n}", "politiker") for n in range(5)]
    await ask(town, "own", roles=("politiker",), title="Läget", questions="Hur går det?", mode="sealed")
    id = (await the_round(town)).id
    await town.person("admin").press(words.CONFIRM_CLOSE, id)
    await town.deliver()
    (said,) = (one for one in in_channel(town, WHOLE) if "Closed:" in one)
    assert "Too few answered for anything to be shown, and nothing of it is kept." in said
    assert "/board/" not in said
    assert "on the board" not in said
    late = await people[0].press(buttons.SEAL, id)
    assert ("This round is closed" in text(late.view), labels(late)) == (True, ["Open the board"])


async def test_reopening_is_a_new_round_with_the_same_words(small_town: Town) -> None:
    person = await in_group(small_town, "p", "politiker")
    await ask(small_town, roles=("politiker",))
    id, admin = (await the_round(small_town)).id, small_town.person("admin")
    await admin.press(words.CONFIRM_CLOSE, id)
    small_town.clock.move(hours=1)
    form = (await admin.press(buttons.ASK, f"{MODEL.id} {id}")).view
    shown = (await admin.submit(form)).view
    await admin.submit(shown)
    await small_town.deliver()
    assert await states(small_town) == [State.CLOSED, State.OPEN]
    assert read(small_town, person).count(WORDINGS["politiker", "bidra"]) == 2


async def test_the_closing_time_can_be_changed_while_the_round_is_open(town: Town) -> None:
    await ask(town, closes_at="15.00")
    id, admin = (await the_round(town)).id, town.person("admin")
    form = (await admin.press(words.CLOSING_TIME, id)).view
    assert "Saved" in text((await admin.submit(form, {"closes_at": "16.00"})).view)
    await town.tick_at(town.clock.at + timedelta(hours=3, minutes=1))
    assert await states(town) == [State.OPEN]
    form = (await admin.press(words.CLOSING_TIME, id)).view
    await admin.submit(form, {"closes_at": "", "closes_day": ""})
    assert (await the_round(town)).closes_at is None
