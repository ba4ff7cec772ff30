from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from bot.domain.board import Standing
from bot.domain.people import Person as Known
from bot.domain.programmes import KEPT, Enrolment, OwnDate, Programme
from bot.domain.rounds import Mode, Round, State, boxes
from bot.domain.words import Localised
from bot.domain.workshops import Script, Step, Workshop
from bot.domain.workshops import State as WorkshopState
from bot.flows import ending
from storage.answers import Answers, NewAnswer
from storage.coaches import Coaches
from storage.groups import Groups
from storage.guests import Guests
from storage.links import Kind, Links
from storage.nobody import ERASED
from storage.posts import Posts
from storage.rounds import Rounds
from storage.tables import (
    answerers,
    answers,
    askers,
    coaches,
    contacts,
    groups,
    inquiries,
    links,
    members,
    metadata,
    misses,
    note_takers,
    outbox,
    people,
    registrations,
    replies,
    rounds,
    runs,
    seats,
    workshop_rounds,
    workshops,
)
from storage.workshops import Workshops
from tests.fixtures.seed_board import KICK_OFF, ROLE_GROUPS
from tests.flows.samples import FREE, NOW, SINGLE
from tests.handlers.answering import answer, preview
from tests.handlers.linked import link
from tests.handlers.questions import Questions
from tests.handlers.town import Town
from tests.handlers.workshop import MODEL, channel, follows, group, open_round, write

LAST = max(occasion.ends_at for occasion in SINGLE.occasions)


async def a_round(town: Town, closed_at: datetime) -> None:
    """A round with an answer, a reply to it, a note-taker and a link, closed at an instant."""

    def store(connection: Connection) -> None:
        asked = boxes(KICK_OFF, [group.words for group in ROLE_GROUPS])
        Rounds(connection, NOW).add(Round("r1", SINGLE.id, KICK_OFF.title, asked, Mode.NOTES, NOW))
        group = Groups(connection, NOW).found(SINGLE.id, "chefer", "Chefer")
        someone = connection.execute(select(people.c.id)).scalar_one()
        Groups(connection, NOW).join(group.id, someone)
        Rounds(connection, NOW).take_notes("r1", group.id, someone)
        (id,) = Answers(connection, NOW).add("r1", [NewAnswer("chefer", "bidra", "Hej", standing=Standing.SHOWN)])
        found = Answers(connection, NOW).get(id)
        assert found is not None
        Answers(connection, NOW).reply(found, box="", text="Tack")
        Links(connection, NOW).give_out(Kind.BOARD, "r1")
        Rounds(connection, closed_at).enter("r1", State.CLOSED, from_states=(State.PLANNED,))

    await town.read(store)


async def tidy_at(town: Town, moment: datetime) -> None:
    town.clock.at = moment
    await town.tick.tidy()


async def test_answers_are_kept_for_as_long_as_the_programme_says_and_no_longer(town: Town) -> None:
    await town.person("anna").register()
    await a_round(town, closed_at=NOW)
    await tidy_at(town, NOW + timedelta(days=KEPT))
    assert await town.count(answers) == 1
    await tidy_at(town, NOW + timedelta(days=KEPT, seconds=1))
    left = [await town.count(table) for table in (rounds, answers, replies, note_takers, links)]
    assert left == [0, 0, 0, 0, 0]


async def test_a_programme_may_keep_answers_for_a_shorter_time(town: Town) -> None:
    await town.load(replace(SINGLE, keep_answers=30))
    await town.person("anna").register()
    await a_round(town, closed_at=NOW)
    await tidy_at(town, NOW + timedelta(days=31))
    assert await town.count(rounds) == 0


async def test_who_asked_is_known_for_a_month_and_what_was_asked_as_long_as_answers(town: Town) -> None:
    await town.load(replace(SINGLE, keep_answers=90))
    anna = town.person("anna")
    await anna.register(SINGLE.id)
    await anna.say("vad kostar det?")
    await anna.say("säljer ni hundkex?")  # waits for an answer
    await tidy_at(town, NOW + timedelta(days=31))
    assert (await town.count(inquiries), await town.count(askers)) == (2, 1)
    await tidy_at(town, NOW + timedelta(days=91))
    assert [await town.count(table) for table in (inquiries, askers, misses)] == [0, 0, 0]


async def test_when_who_asked_is_forgotten_no_message_to_them_tells_it_either(town: Town) -> None:
    """Neither what they were told, nor what an account had with it when it was joined to another."""
    here, teams = Questions(town, town.person("admin")), town.person("ann.teams", "teams")
    await here.admin.open_home()
    miss = await here.ask("Säljer ni hundkex?")
    await answer(here, miss)
    ann = town.person("ann")
    await ann.received()
    await link(teams, ann)
    asked = (await town.read(lambda c: c.execute(select(inquiries.c.id)).scalar_one()), "hundkex")

    async def told() -> list[str]:
        texts = str(await town.contents(outbox, runs))
        return [one for one in asked if one in texts]

    await tidy_at(town, NOW + timedelta(days=29))
    assert await told() == [*asked]
    await tidy_at(town, NOW + timedelta(days=31))
    assert (await told(), await town.count(askers)) == ([], 0)


async def test_who_asked_stays_known_until_the_answer_is_sent(town: Town) -> None:
    here = Questions(town, town.person("admin"))
    await here.admin.open_home()
    miss = await here.ask("Säljer ni hundkex?")
    await tidy_at(town, NOW + timedelta(days=40))
    await here.admin.submit(await preview(here, miss))
    await town.tick.tidy()
    assert await town.count(askers) == 1
    assert "hundkex" in (await town.person("ann").received())[-1]
    await town.tick.tidy()
    assert await town.count(askers) == 0


async def test_when_answers_are_forgotten_no_message_shows_them_either(small_town: Town) -> None:
    """Nor the channel's board, however much longer messages are kept than answers."""
    model, kim, anna = (
        replace(MODEL, keep_answers=30),
        small_town.person("kim", "slack", "S1"),
        small_town.person("anna"),
    )
    await small_town.load(model)
    await kim.open_home()
    where = channel("C1")
    await group(small_town, "chefer", "Chefer A", anna, where=where)
    await follows(small_town, where, by=kim)
    await open_round(small_town, id="round-of-answers", programme=model)
    await write(anna, {"bidra": "Hundkex till alla"}, round="round-of-answers")
    await small_town.tick_at(NOW + timedelta(minutes=2))
    await small_town.deliver()
    await small_town.work.run(
        lambda c: Rounds(c, small_town.clock.now()).enter("round-of-answers", State.CLOSED, from_states=(State.OPEN,))
    )
    await tidy_at(small_town, NOW + timedelta(days=29))
    assert "Hundkex" in str(await small_town.contents(outbox))
    await tidy_at(small_town, NOW + timedelta(days=31))
    assert "Hundkex" not in str(await small_town.contents(*metadata.sorted_tables))


async def test_who_took_part_is_forgotten_and_that_somebody_did_is_not(town: Town) -> None:
    await town.person("anna").register()
    await tidy_at(town, SINGLE.occasions[0].ends_at + timedelta(days=KEPT))
    assert await town.count(seats, seats.c.name != "") == 3
    await tidy_at(town, LAST + timedelta(days=KEPT, seconds=1))
    assert await town.count(seats, seats.c.name != "") == 0
    assert await town.count(seats, seats.c.state == "confirmed") == 3


async def test_who_was_in_a_group_goes_with_the_programme(town: Town) -> None:
    await town.person("anna").register()
    await a_round(town, closed_at=LAST)
    await tidy_at(town, LAST + timedelta(days=KEPT, seconds=1))
    assert (await town.count(members), await town.count(groups)) == (0, 0)


def a_guest(connection: Connection, *programmes: str) -> None:
    """Somebody without an account, in a group of each of these programmes, with a link."""
    Guests(connection, NOW).add(Known("guest", "Gösta Gäst", "gosta@example.org"))
    for programme in programmes:
        group = Groups(connection, NOW).found(programme, "chefer", "Chefer")
        Groups(connection, NOW).join(group.id, "guest")
    Links(connection, NOW).give_out(Kind.GUEST, "guest", lasts=timedelta(days=2 * KEPT))


async def test_guests_go_with_the_programme_that_brought_them(town: Town) -> None:
    await town.read(lambda c: a_guest(c, SINGLE.id))
    await tidy_at(town, LAST + timedelta(days=KEPT))
    assert (await town.count(people), await town.count(links)) == (1, 1)
    await tidy_at(town, LAST + timedelta(days=KEPT, seconds=1))
    left = await town.count(people, people.c.id != ERASED)
    assert (left, await town.count(links), await town.count(members)) == (0, 0, 0)


async def test_a_guest_of_another_programme_stays_and_so_does_who_has_an_account(town: Town) -> None:
    goes_on = OwnDate("later", Localised({"en": "Later"}), LAST + timedelta(days=1))
    await town.load(replace(FREE, occasions=(), dates=(goes_on,)))
    await town.person("anna").register()
    await town.read(lambda c: a_guest(c, SINGLE.id, FREE.id))
    town.clock.at = LAST + timedelta(days=KEPT - 1)
    await town.person("anna").open_home()
    await tidy_at(town, LAST + timedelta(days=KEPT, seconds=1))
    assert (await town.count(people, people.c.id != ERASED), await town.count(members)) == (2, 1)


async def test_who_led_followed_and_answered_goes_with_the_programme_although_answers_stay(town: Town) -> None:
    await town.load(replace(SINGLE, keep_answers=2 * KEPT))
    await town.person("anna").register()
    await a_round(town, closed_at=LAST)
    await town.read(posts)
    tables = (workshops, workshop_rounds, coaches, answerers, contacts)
    screens = links.c.kind == Kind.WORKSHOP.value
    assert [await town.count(table) for table in tables] == [1, 1, 1, 1, 1]
    assert await town.count(links, screens) == 2  # everybody's, and that of whoever leads it
    await tidy_at(town, LAST + timedelta(days=KEPT, seconds=1))
    assert [await town.count(table) for table in (*tables, rounds, groups)] == [0, 0, 0, 0, 0, 1, 1]
    assert await town.count(links, screens) == 0


def posts(connection: Connection) -> None:
    """A workshop with the round, and everybody who has a post around it."""
    someone = connection.execute(select(people.c.id)).scalar_one()
    script = Script("w", KICK_OFF.title, (Step("s", KICK_OFF.title),))
    held = Workshops(connection, NOW)
    held.add(Workshop("w1", SINGLE.id, script, someone, NOW, state=WorkshopState.ENDED))
    held.add_round("w1", "s", "r1")
    for about in ("w1", f"coach w1 {someone}"):
        Links(connection, NOW).give_out(Kind.WORKSHOP, about, lasts=timedelta(days=10 * KEPT))
    Coaches(connection, NOW).add(SINGLE.id, "", someone)
    Posts(connection, NOW).add_answerer(SINGLE.id, "Lena Lindgren", someone)
    Posts(connection, NOW).add_contact(SINGLE.id, "SE-1281", someone)


async def test_a_form_that_was_sent_is_not_kept_a_second_time(town: Town) -> None:
    await town.person("anna").register()
    assert await town.count(runs, runs.c.done, runs.c.state != "") == 0
    assert await town.count(runs, runs.c.done) == 1


async def test_forms_left_open_are_forgotten_and_drafts_to_come_back_to_are_not(town: Town) -> None:
    anna = town.person("anna")
    await anna.register()
    await anna.press("pause")
    await anna.press("register", FREE.id)
    assert await town.count(runs) == 3
    await tidy_at(town, NOW + timedelta(days=31))
    assert await town.read(lambda c: list(c.execute(select(runs.c.flow)).scalars())) == ["registration"]
    await tidy_at(town, NOW + timedelta(days=401))
    assert await town.count(runs) == 0


# --- Programmes without meetings --------------------------------------------------------------------------------------

GUIDE = replace(FREE, enrolment=Enrolment.CLOSED, occasions=())
LAST_DAY = OwnDate("plan", Localised({"en": "Send in the plan"}), NOW + timedelta(days=60))


async def a_group(town: Town, programme: Programme) -> None:
    """A guest in a group of a programme that has a round which closes in a month."""
    await town.load(programme)
    await town.read(lambda c: a_guest(c, programme.id))

    def ask(connection: Connection) -> None:
        closes = NOW + timedelta(days=30)
        asked = Round("r1", programme.id, KICK_OFF.title, (), Mode.NOTES, NOW, closes_at=closes)
        Rounds(connection, NOW).add(asked)
        Rounds(connection, closes).enter("r1", State.CLOSED, from_states=(State.PLANNED,))

    await town.read(ask)


@pytest.mark.parametrize(("dates", "ends"), [((), NOW + timedelta(days=30)), ((LAST_DAY,), LAST_DAY.at)])
async def test_without_meetings_a_programme_ends_with_its_last_date_or_round(
    dates: tuple[OwnDate, ...], ends: datetime, town: Town
) -> None:
    await a_group(town, replace(GUIDE, dates=dates))
    await tidy_at(town, ends + timedelta(days=KEPT))
    assert await town.count(members) == 1
    await tidy_at(town, ends + timedelta(days=KEPT, seconds=1))
    await tidy_at(town, ends + timedelta(days=KEPT, seconds=2))
    assert (await town.count(members), await town.count(people, people.c.id != ERASED)) == (0, 0)


async def test_without_meetings_it_goes_on_as_long_as_people_come(town: Town) -> None:
    await a_group(town, GUIDE)
    later = NOW + timedelta(days=KEPT)

    def join(connection: Connection) -> None:
        group = Groups(connection, later).found(GUIDE.id, "chefer", "Chefer")
        Guests(connection, later).add(Known("later", "Lena", "lena@example.org"))
        Groups(connection, later).join(group.id, "later")

    await town.read(join)
    await tidy_at(town, later + timedelta(days=KEPT))
    assert await town.count(members) == 2
    await tidy_at(town, later + timedelta(days=KEPT, seconds=1))
    assert await town.count(members) == 0


async def test_a_programme_in_which_nothing_ever_happened_has_nothing_to_forget(town: Town) -> None:
    await town.load(GUIDE)
    await tidy_at(town, NOW + timedelta(days=10 * KEPT))
    assert await town.count(groups) == 0


@pytest.mark.parametrize("closed", [False, True])
async def test_what_an_invoice_was_to_refer_to_goes_when_names_are_due_to_go_and_not_before(
    town: Town, *, closed: bool
) -> None:
    await town.person("anna").register(invoice="Anna A, LU-1")
    town.clock.at = LAST + timedelta(days=1)
    if closed:
        await town.person("admin").press(ending.NOW, SINGLE.id)

    async def referred(at: datetime) -> int:
        await tidy_at(town, at)
        return await town.count(registrations, registrations.c.invoice_reference != "")

    assert await referred(LAST + timedelta(days=KEPT)) == 1
    assert await referred(LAST + timedelta(days=KEPT, seconds=1)) == 0
    assert await town.count(registrations) == 1
