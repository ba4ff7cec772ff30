"""A meeting that is added when people take part already: who is told, who gets a seat, and what nobody pays for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.domain.programmes import Prices, Programme
from storage import programmes
from storage.tables import seats
from tests.flows.samples import COHORT, NOW, SINGLE, at, occasion
from tests.handlers.changed import pass_ten_minutes
from tests.handlers.test_adding_meetings import sitting
from tests.handlers.town import Person, Town, text
from tests.handlers.workshop import channel, follows

EXTRA = occasion("d", date(2027, 6, 10))
LONGER = replace(SINGLE, occasions=(*SINGLE.occasions, EXTRA))
FOURTH = occasion("fyra", date(2027, 7, 1))
LONGER_COHORT = replace(COHORT, occasions=(*COHORT.occasions, FOURTH))
NEXT_MORNING = at(NOW.date() + timedelta(days=1), 9)


async def load_file(town: Town, programme: Programme) -> programmes.Loaded:
    return await town.work.run(lambda connection: programmes.load_file(connection, programme, town.clock.now()))


async def news(person: Person) -> list[str]:
    """What somebody has been told of meetings that were added."""
    return [one for one in await person.received() if "New meeting" in one]


async def price_told(person: Person) -> str:
    """What the organisation pays, as the latest receipt says."""
    receipt = [one for one in await person.received() if one.startswith("You are registered")][-1]
    (line,) = [one for one in receipt.splitlines() if one.startswith("Price for your organisation: ")]
    return line.partition(": ")[2].replace("\N{NO-BREAK SPACE}", " ")


async def test_whoever_takes_part_is_told_of_it_the_next_morning_once_and_nobody_else_is(town: Town) -> None:
    anna, bo, begun = town.person("anna"), town.person("bo"), town.person("begun")
    await anna.register(occasions=("a",))
    await begun.up_to_confirm(SINGLE.id)
    await bo.open_home()
    assert (await load_file(town, LONGER)).added == ("d",)
    await pass_ten_minutes(town)
    assert await news(anna) == []
    await town.tick_at(NEXT_MORNING)
    (told,) = await news(anna)
    assert "New meeting: Träff d, Thursday 10 June 2027" in told
    assert "You are not registered for it yet." in told
    assert "zoom.example.org/d" not in told
    assert [await news(bo), await news(begun)] == [[], []]
    assert (await load_file(town, LONGER)).added == ()
    await town.tick_at(NEXT_MORNING + timedelta(days=1))
    assert await news(anna) == [told]


async def test_whoever_has_chosen_it_meanwhile_needs_no_telling(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a",))
    await load_file(town, LONGER)
    await anna.register(occasions=("d",))
    await town.tick_at(NEXT_MORNING)
    assert await news(anna) == []


async def test_whoever_registers_when_it_is_there_is_told_nothing_new(town: Town) -> None:
    await town.person("anna").register(occasions=("a",))
    await load_file(town, LONGER)
    town.clock.move(minutes=1)
    late = town.person("late")
    await late.register(occasions=("a",))
    await town.tick_at(NEXT_MORNING)
    assert await news(late) == []


async def test_before_anybody_takes_part_a_meeting_is_like_every_other(town: Town) -> None:
    anna = town.person("anna")
    await load_file(town, LONGER)
    await anna.register(occasions=("a", "b", "c"))
    assert await price_told(anna) == "3 × 1,200 = SEK 3,600 excluding VAT"
    await town.tick_at(NEXT_MORNING)
    assert await news(anna) == []


async def test_a_confirmed_package_stays_what_it_was_and_has_room_for_the_new_meeting(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a", "b", "c"))
    await load_file(town, LONGER)
    await town.tick_at(NEXT_MORNING)
    assert "If your organisation has the package price, it is included" in (await news(anna))[0]
    await anna.register(occasions=("d",))
    assert await price_told(anna) == "SEK 3,000 excluding VAT"


async def test_in_a_cohort_everybody_gets_a_seat_there_and_pays_nothing_for_it(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    each = replace(COHORT, prices=Prices(occasion=1_000))
    longer = replace(LONGER_COHORT, prices=each.prices)
    await town.load(each)
    await anna.register(COHORT.id)
    await load_file(town, longer)
    assert await sitting(town, "fyra") == [("Anna", "confirmed")]
    assert "Träff fyra" in text((await anna.say("my registrations")).view)
    await town.tick_at(NEXT_MORNING)
    (told,) = await news(anna)
    assert "You have a seat there, like everybody in the programme.\nIt costs nothing more." in told
    assert await news(bo) == []


async def test_the_cohorts_queue_waits_there_too_and_who_gave_up_their_seat_gets_none(town: Town) -> None:
    one_seat = tuple(replace(one, capacity=1) for one in COHORT.occasions)
    await town.load(replace(COHORT, occasions=one_seat))
    anna, bo = town.person("anna"), town.person("bo")
    await anna.register(COHORT.id)
    await bo.register(COHORT.id)
    longer = replace(COHORT, occasions=(*one_seat, replace(FOURTH, capacity=1)))
    await load_file(town, longer)
    assert sorted(state for _name, state in await sitting(town, "fyra")) == ["confirmed", "waiting"]
    await town.tick_at(NEXT_MORNING)
    assert [len(await news(anna)), await news(bo)] == [1, []]


async def test_loading_the_file_again_gives_no_second_seat(town: Town) -> None:
    await town.person("anna").register(COHORT.id)
    for _ in range(2):
        await load_file(town, LONGER_COHORT)
    assert await town.count(seats, seats.c.occasion == "fyra") == 1


async def test_the_next_edition_with_the_same_name_for_its_file_begins_anew(town: Town) -> None:
    await town.person("anna").register(occasions=("a",))
    await load_file(town, LONGER)
    loaded = await load_file(town, replace(LONGER, edition="våren 2028"))
    assert [one.added_at for one in loaded.programme.occasions if not one.cancelled] == [None] * 4


async def test_channels_hear_of_it_in_words_for_everybody(small_town: Town) -> None:
    town, anna = small_town, small_town.person("anna")

    def in_channel() -> str:
        return "\n".join(one.text for one in town.posts["slack"].sent if one.address == where)

    where = channel("C1")
    await anna.register(occasions=("a",))
    await follows(town, where, by=anna, programme=SINGLE.id)
    await load_file(town, LONGER)
    await town.tick_at(NEXT_MORNING)
    assert len(await news(anna)) == 1
    assert "New meeting: Träff d" in in_channel()
    assert "You " not in in_channel()


async def test_a_meeting_that_is_cancelled_again_before_it_was_told_is_nobodys_news(small_town: Town) -> None:
    town, anna = small_town, small_town.person("anna")
    await anna.register(occasions=("a",))
    await load_file(town, LONGER)
    gone = replace(LONGER, occasions=(*SINGLE.occasions, replace(EXTRA, cancelled=True)))
    await load_file(town, gone)
    await town.tick_at(NEXT_MORNING)
    assert await news(anna) == []


async def test_coordinators_see_that_it_will_be_told_and_may_turn_it_off(small_town: Town) -> None:
    admin, anna = small_town.person("admin"), small_town.person("anna")
    await admin.open_home()
    await anna.register(occasions=("a",))
    await load_file(small_town, LONGER)
    shown = text((await admin.press("timeline", SINGLE.id)).view)
    assert "A meeting that was added: Träff d, to 1 who took part before" in shown
