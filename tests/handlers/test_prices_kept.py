"""New prices in a programme's file: whoever has a seat keeps what they were told, everybody else pays the new ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.commands.programme import prices_of
from bot.domain.calendar_shift import YEAR, moved
from bot.domain.participants import Account, Participants
from bot.domain.programmes import Prices, Programme
from storage import programmes
from storage.participants import bookings
from tests.flows.samples import HABO, NOW, SINGLE, with_capacity, with_occasion
from tests.handlers.test_added_meetings import load_file, price_told
from tests.handlers.test_changing import cancel
from tests.handlers.town import Person, Town, text

DEARER = replace(SINGLE, prices=replace(SINGLE.prices, occasion=1_500, package=4_000, late_cancellation=100))
SMALL = with_capacity(SINGLE, 1)
NEXT_YEAR = replace(moved(DEARER, YEAR), edition="2028")


async def accounts(town: Town) -> dict[str, Account]:
    found = await town.read(lambda connection: bookings(connection, SINGLE.id))
    everybody = Participants(await programme(town), found, {}, town.clock.now())
    return {one.organisation: one for one in everybody.accounts()}


async def keeping(town: Town) -> set[str]:
    """The keys of the organisations that have other prices than the programme."""
    return set((await programme(town)).agreed)


async def programme(town: Town) -> Programme:
    found = await town.read(lambda connection: programmes.locked(connection, SINGLE.id))
    assert found is not None
    return found


async def test_what_is_confirmed_keeps_its_price_and_the_next_one_pays_the_new(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    await anna.register(occasions=("a",))
    loaded = await load_file(town, DEARER)
    assert prices_of(loaded) == " (Prices: 1 organisation that is registered keeps those from before.)"
    await bo.register(occasions=("a",), organisation=HABO.name)
    assert await price_told(bo) == "SEK 1,500 excluding VAT"
    assert {name: one.price.total for name, one in (await accounts(town)).items()} == {
        "Lunds kommun": 1_200,
        "Habo kommun": 1_500,
    }


async def test_a_package_is_completed_at_the_prices_it_was_begun_with_and_it_is_said(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    await anna.register(occasions=("a", "b"))
    await load_file(town, DEARER)
    form = await bo.up_to_confirm(SINGLE.id, occasions=("c",))
    assert "The prices have changed since Lunds kommun first registered. The earlier ones still hold" in text(form)
    await bo.fill(form)
    assert await price_told(bo) == "SEK 3,000 excluding VAT"
    asked = await town.person("cia").up_to_confirm(SINGLE.id, organisation=HABO.name)
    assert "prices have changed" not in text(asked)


async def test_a_late_cancellation_costs_the_share_that_held_at_registration(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a",))
    await load_file(town, DEARER)
    town.clock.at = SINGLE.occasion("a").starts_at - timedelta(days=3)
    await cancel(anna)
    assert "Cost of cancelling: SEK 600 excluding VAT" in (await anna.received())[-1]
    assert (await accounts(town))["Lunds kommun"].late_cancellations == 600


async def offered_at_new_prices(town: Town) -> Person:
    """Bo of Habo, who waited when the prices became new, is offered the only seat."""
    await town.load(SMALL)
    anna, bo = town.person("anna"), town.person("bo")
    await anna.register(occasions=("a",))
    await bo.register(occasions=("a",), organisation=HABO.name)
    await load_file(town, replace(SMALL, prices=DEARER.prices))
    await cancel(anna)
    town.clock.move(minutes=11)
    await town.tick.run()
    return bo


async def test_whoever_waits_gets_the_seat_at_the_price_that_was_shown(town: Town) -> None:
    bo = await offered_at_new_prices(town)
    await bo.click("Confirm")
    assert (await accounts(town))["Habo kommun"].price.total == 1_200


async def test_whoever_has_given_everything_up_registers_again_at_the_new_prices(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a",))
    await load_file(town, DEARER)
    await cancel(anna)
    await town.tick.run()
    assert await keeping(town) == {"SE-1281"}
    town.clock.move(minutes=10)
    await town.tick.run()
    assert await keeping(town) == set()
    assert "prices have changed" not in text(await anna.up_to_confirm(SINGLE.id, occasions=("a",)))


async def test_what_is_given_up_and_taken_back_keeps_its_price(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a",))
    await load_file(town, DEARER)
    await cancel(anna)
    await anna.click("Undo")
    town.clock.move(minutes=11)
    await town.tick.run()
    assert (await accounts(town))["Lunds kommun"].price.total == 1_200


async def test_an_offer_and_the_way_back_from_one_name_the_price_that_holds(town: Town) -> None:
    bo = await offered_at_new_prices(town)
    assert "Each meeting costs SEK 1,200" in (await bo.received())[-1].replace("\N{NO-BREAK SPACE}", " ")
    town.clock.move(hours=24)
    await town.tick.run()
    await load_file(town, replace(SMALL, prices=replace(DEARER.prices, occasion=1_700)))
    assert "Each meeting costs SEK 1,200" in text((await bo.say("my registrations")).view)
    assert "Each meeting costs SEK 1,200" in text((await bo.click("I still want to come")).view)
    assert (await accounts(town))["Habo kommun"].price.total == 1_200


async def test_cancelling_free_of_charge_does_not_end_earlier_for_those_who_have_a_seat(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(occasions=("a",))
    day = SINGLE.occasion("a").free_until
    assert day is not None
    stricter = with_occasion(with_occasion(SINGLE, "a", free_until=day - timedelta(days=9)), "b", free_until=NOW)
    await load_file(town, stricter)
    known = {one.id: one.free_until for one in (await programme(town)).occasions}
    assert (known["a"], known["b"]) == (day, NOW), "nobody has a seat at b"
    await load_file(town, with_occasion(SINGLE, "a", free_until=day + timedelta(days=1)))
    assert (await programme(town)).occasion("a").free_until == day + timedelta(days=1)


async def test_whoever_asks_what_it_costs_is_told_what_holds_for_them(town: Town) -> None:
    anna, bo = town.person("anna"), town.person("bo")
    await anna.register(occasions=("a",))
    await load_file(town, DEARER)
    await bo.register(occasions=("a",), organisation=HABO.name)
    for person, price in ((anna, "1,200"), (bo, "1,500")):
        assert f"Each meeting costs SEK {price}" in text((await person.say("vad kostar det?")).view)


async def test_who_only_waited_or_was_offered_a_seat_is_not_in_the_invoice_basis(town: Town) -> None:
    await town.load(with_capacity(SINGLE, 1))
    await town.person("anna").register(occasions=("a",))
    await town.person("bo").register(occasions=("a",), organisation=HABO.name)
    assert set(await accounts(town)) == {"Lunds kommun"}


async def test_each_keeps_the_prices_of_their_own_time_until_the_file_says_them_again(town: Town) -> None:
    await town.person("anna").register(occasions=("a",))
    await load_file(town, DEARER)
    await town.person("bo").register(occasions=("a",), organisation=HABO.name)
    await load_file(town, replace(SINGLE, prices=Prices()))
    assert {name: one.price.total for name, one in (await accounts(town)).items()} == {
        "Lunds kommun": 1_200,
        "Habo kommun": 1_500,
    }
    assert not (await programme(town)).free
    await load_file(town, SINGLE)
    assert (await keeping(town), (await accounts(town))["Lunds kommun"].price.total) == ({HABO.key}, 1_200)


async def test_the_next_edition_begins_with_the_prices_of_its_file(town: Town) -> None:
    await town.person("anna").register(occasions=("a",))
    await load_file(town, DEARER)
    assert len(await keeping(town)) == 1
    await load_file(town, NEXT_YEAR)
    assert await keeping(town) == set()


async def test_an_edition_that_is_only_called_otherwise_changes_no_price(town: Town) -> None:
    await town.person("anna").register(occasions=("a",))
    await load_file(town, replace(DEARER, edition="våren 2027 (nya priser)"))
    assert (await accounts(town))["Lunds kommun"].price.total == 1_200
