"""A meeting of two days, and readers with a day off of their own: every message that comes, and none that does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.domain.programmes import AgendaItem, Programme, Span
from bot.flows import truth
from bot.messages import Card, Notice
from tests.flows.samples import DAYS, FREE, at, held_on, occasion, with_occasion, words
from tests.handlers.changed import pass_ten_minutes
from tests.handlers.town import Person, Town, text

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
SATURDAY = date(2027, 3, 27)  # on the night to Sunday the clocks go forward
OWN_DAY = date(2027, 5, 18)  # a Tuesday: the day before it is Norway's own


def two_days(first: date, **changes: object) -> Programme:
    """From 9 to 15 on the first day, and from 8 to 12 on the second."""
    spans = (Span(at(first, 9), at(first, 15)), Span(at(first + DAY, 8), at(first + DAY, 12)))
    agenda = (AgendaItem(time(9), words("Start")), AgendaItem(time(8), words("Slut"), day=2))
    held = replace(occasion("fika", first), days=spans, agenda=agenda)
    return replace(FREE, occasions=(replace(held, **changes),))  # type: ignore[arg-type]


async def live(town: Town, since: datetime, until: datetime, *people: Person) -> list[list[str]]:
    """Every quarter of an hour until then; what each was sent meanwhile: when (UTC), and its first line."""
    heard: list[list[str]] = [[] for _ in people]
    seen = [len(await person.received()) for person in people]
    moment = since
    while moment < until:
        await town.tick_at(moment)
        for n, person in enumerate(people):
            new = town.messages(person)[seen[n] :]
            seen[n] += len(new)
            heard[n] += [f"{moment:%m-%d %H:%M} {one.text.splitlines()[0]}" for one in new]
        moment += 15 * MINUTE
    return heard


async def on(town: Town, programme: Programme) -> None:
    """The programme as it stands, which is nobody's news."""
    await town.load(programme)
    await pass_ten_minutes(town)


async def registered(town: Town) -> tuple[Person, Person]:
    """One from Sweden and one from Norway."""
    anna, kari = town.person("anna"), town.person("kari")
    await anna.register(occasions=("a",))
    await kari.register(occasions=("a",), organisation="Bamble kommune")
    return anna, kari


async def test_P4_a_weekend_on_whose_night_the_clocks_change(town: Town) -> None:
    await on(town, two_days(SATURDAY))
    anna = town.person("anna")
    await anna.register(FREE.id)
    await town.tick_at(at(SATURDAY - 3 * DAY, 10))
    (heard,) = await live(town, at(SATURDAY - 2 * DAY, 7), at(SATURDAY + DAY, 15), anna)
    assert heard == [
        "03-25 08:00 Soon: Träff fika, Saturday 27 March 2027",  # the 26th is Good Friday
        "03-27 07:45 Träff fika begins at 09:00",
        "03-28 05:45 Träff fika, day 2 begins at 08:00",
    ]


async def test_P4_the_second_day_is_told_of_with_its_own_hours_and_agenda(town: Town) -> None:
    await on(town, two_days(DAYS[0]))
    anna = town.person("anna")
    await anna.register(FREE.id)
    await town.tick_at(at(DAYS[0] - 4 * DAY, 10))
    (heard,) = await live(town, at(DAYS[0] - DAY, 8), at(DAYS[0] + DAY, 13), anna)
    assert [one[6:] for one in heard] == [
        "08:00 Tomorrow: Träff fika",
        "07:45 Träff fika begins at 09:00",
        "14:00 Tomorrow: Träff fika, day 2",
        "06:45 Träff fika, day 2 begins at 08:00",
    ]
    first, second = [one for one in town.messages(anna) if one.text.startswith("Tomorrow: Träff fika")]
    assert "08.00 Slut\nTime: Wednesday 10 February 2027 at 08:00–12:00" in second.text
    assert not any(word in second.text for word in ("Start", "09:00"))
    assert ["I cannot come" in str(one.view) for one in (first, second)] == [True, False]


async def test_P4a_the_second_day_alone_moves_and_only_its_reminders_come_anew(town: Town) -> None:
    await on(town, two_days(DAYS[0]))
    anna = town.person("anna")
    await anna.register(FREE.id)
    await town.tick_at(at(DAYS[0] - DAY, 9))
    spans = two_days(DAYS[0]).occasions[0].days
    later = Span(spans[1].starts_at + 7 * DAY, spans[1].ends_at + 7 * DAY)
    await on(town, two_days(DAYS[0], days=(spans[0], later), sequence=1))
    (heard,) = await live(town, at(DAYS[0] - DAY, 10), at(DAYS[0] + 8 * DAY, 13), anna)
    days = [one for one in heard if "begins" in one or "Tomorrow" in one]
    assert days == [
        "02-09 07:45 Träff fika begins at 09:00",
        "02-16 08:00 Tomorrow: Träff fika, day 2",
        "02-17 06:45 Träff fika, day 2 begins at 08:00",
    ]


async def test_P4_who_is_off_on_the_day_before_hears_on_their_last_working_day_and_nobody_hears_twice(
    town: Town,
) -> None:
    await on(town, with_occasion(held_on(OWN_DAY), "a", deadline=at(OWN_DAY, 0)))
    (anna, kari), late = await registered(town), town.person("late")
    await town.tick_at(at(OWN_DAY - 5 * DAY, 10))
    heard = await live(town, at(OWN_DAY - 4 * DAY, 8), at(OWN_DAY - 4 * DAY, 12), anna, kari)
    assert heard == [[], ["05-14 07:00 Soon: Träff a, Tuesday 18 May 2027"]]
    await late.register(occasions=("a",), organisation="Bamble kommune")
    heard = await live(town, at(OWN_DAY - 3 * DAY, 8), at(OWN_DAY, 9), anna, kari, late)
    assert heard == [
        ["05-17 07:00 Tomorrow: Träff a"],
        [],
        ["05-18 06:00 Today: Träff a"],  # better late than never
    ]


async def test_the_dry_run_says_who_hears_earlier_and_a_person_sees_their_own_time(town: Town) -> None:
    await on(town, held_on(OWN_DAY))
    (anna, kari), admin = await registered(town), town.person("admin")
    shown = "\n".join(lines(await whole(admin, "timeline", "dialog")))
    assert "Friday 14 May 2027 at 09:00 (07:00 UTC): The day before: Träff a, to 1 participant" in shown
    assert "Monday 17 May 2027 at 09:00 (07:00 UTC): The day before: Träff a, to 1 participant" in shown
    assert "Friday 14 May 2027 at 09:00: The day before" in text((await kari.say("my reminders")).view)
    assert "Monday 17 May 2027 at 09:00: The day before" in text((await anna.say("my reminders")).view)


async def test_what_has_gone_to_those_who_are_off_is_not_foretold_again(town: Town) -> None:
    await on(town, held_on(OWN_DAY))
    await registered(town)
    town.clock.at = at(OWN_DAY - 2 * DAY, 8)
    shown = "\n".join(lines(await whole(town.person("admin"), "timeline", "dialog")))
    assert "Friday 14 May 2027 at 09:00 (07:00 UTC): The day before" not in shown
    assert "Monday 17 May 2027 at 09:00 (07:00 UTC): The day before: Träff a, to 1 participant" in shown


async def test_loading_the_programme_again_between_the_two_lookups_loses_and_doubles_nobody(town: Town) -> None:
    await on(town, held_on(OWN_DAY))
    anna, kari = await registered(town)
    await town.tick_at(at(OWN_DAY - 5 * DAY, 10))
    await live(town, at(OWN_DAY - 4 * DAY, 9), at(OWN_DAY - 4 * DAY, 10))
    await on(town, held_on(OWN_DAY, summary=words("Ny text.")))
    await live(town, at(OWN_DAY - DAY, 8), at(OWN_DAY, 9))
    told = [[one.splitlines()[0] for one in await person.received()] for person in (anna, kari)]
    assert [[one for one in some if one.startswith(("Soon", "Tomorrow", "Today"))] for some in told] == [
        ["Tomorrow: Träff a"],
        ["Soon: Träff a, Tuesday 18 May 2027"],
    ]


async def test_the_timelines_name_the_day(town: Town) -> None:
    await on(town, two_days(DAYS[0]))
    anna, admin = town.person("anna"), town.person("admin")
    await anna.register(FREE.id)
    assert "The link, just before: Träff fika, day 2" in text((await anna.say("my reminders")).view)
    await live(town, at(DAYS[0], 8), at(DAYS[0] + DAY, 9))
    shown = "\n".join(lines(await whole(admin, "timeline", FREE.id)))
    assert "The link, just before: Träff fika, to 1 participant" in shown
    assert "The link, just before: Träff fika, day 2, to 1 participant" in shown


async def whole(person: Person, do: str, about: str) -> list[Card]:
    """A card with every further page of it."""
    found: list[Card] = []
    start = 0
    while True:
        view = (await person.press(do, f"{about}:{start}")).view
        assert isinstance(view, Card)
        found.append(view)
        if not any(text(Notice(button.label)) == "Show more" for button in view.buttons):
            return found
        start += truth.MOST


def lines(cards: list[Card]) -> list[str]:
    return [text(card) for card in cards]
