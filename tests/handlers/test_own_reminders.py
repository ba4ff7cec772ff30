"""Reminders that coordinators write in chat: previewed, sent, changed, turned off, removed, and kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import Connection, delete

from bot.domain.people import Role
from bot.domain.programmes import Programme, RoleGroup
from bot.domain.rounds import Box, Mode, Round, State
from bot.domain.rules import WRITTEN, Rule
from bot.domain.words import Localised
from bot.flows import own_reminders as own
from bot.messages import Answer, Card, Form, View
from storage import programmes
from storage.groups import Groups
from storage.people import People
from storage.rounds import Rounds
from storage.tables import members, people
from tests.flows.samples import FREE, NOW, SINGLE, at
from tests.handlers.town import Person, Town, at_once, second_process, text
from tests.handlers.workshop import group

DAY = FREE.occasions[0].starts_at.date()
ROOM: dict[str, Answer] = {"days": "5", "at": "10.00", "title": "Boka rum", "text": "Rummet heter <!here> Ek."}


async def begun(town: Town, about: str = FREE.id, by: str = "admin") -> View | None:
    return (await town.person(by).press(own.WRITE, about)).view


async def previewed(town: Town, about: str = FREE.id, by: str = "admin", /, **answers: Answer) -> Form:
    form = (await town.person(by).fill(await begun(town, about, by), "Confirm", **{**ROOM, **answers})).view
    assert isinstance(form, Form), text(form)
    return form


async def wrote(town: Town, about: str = FREE.id, /, **answers: Answer) -> View | None:
    return (await town.person("admin").submit(await previewed(town, about, **answers))).view


async def rules(town: Town, id: str = FREE.id) -> tuple[Rule, ...]:
    found = await town.read(lambda connection: programmes.locked(connection, id))
    assert found is not None
    return found.chat_rules


async def got(person: Person, title: str = "Boka rum") -> int:
    return sum(title in message for message in await person.received())


async def card(town: Town) -> Card:
    view = (await town.person("admin").press(own.OWN, FREE.id)).view
    assert isinstance(view, Card)
    return view


async def press(town: Town, label: str) -> View | None:
    """The button of the only reminder on the card."""
    (item,) = (await card(town)).items
    action = next(button.action for button in item.buttons if str(getattr(button.label, "message", "")) == label)
    assert action is not None
    return (await town.person("admin").press(action.do, action.about)).view


async def test_C1_what_was_previewed_is_what_is_read_at_that_time(town: Town) -> None:
    anna = town.person("anna")
    await anna.register(FREE.id)
    form = await previewed(town)
    shown = text(form)
    assert "Thursday 4 February 2027 at 10:00: 1 participant" in shown
    await town.person("admin").submit(form)
    for day in range(20, 0, -1):
        assert await got(anna) == (day < 5)
        await town.tick_at(at(DAY - timedelta(days=day), 10))
    (read,) = (m for m in await anna.received() if m.startswith("Boka rum"))
    said = [line for line in read.splitlines() if line and "Snooze" not in line and "Pause" not in line]
    assert all(line in shown for line in said), (said, shown)


async def test_C1_a_time_outside_working_hours_is_pointed_out(small_town: Town) -> None:
    assert "outside working hours. It comes on" in text(await previewed(small_town, at="20.30"))
    assert "outside working hours" not in text(await previewed(small_town, days="7", at="10.00"))


async def test_C1_on_a_day_of_its_own_everybody_in_the_programme_gets_it_once(small_town: Town) -> None:
    anna, bo = small_town.person("anna"), small_town.person("bo")
    await anna.register(occasions=("a", "b"))
    await bo.register(FREE.id)
    await wrote(small_town, SINGLE.id, when=own.DAY, day="2027-01-20", at="09.00")
    for hour in (8, 9, 10):
        await small_town.tick_at(at(date(2027, 1, 20), hour))
    assert [await got(person) for person in (anna, bo)] == [1, 0]


async def test_C1_the_dry_run_shows_it_and_who_has_paused(small_town: Town) -> None:
    for name in ("anna", "bo", "eva"):
        await small_town.person(name).register(FREE.id)
    await small_town.person("bo").say("pause 2027-03-01")
    assert "2 participants; 1 has paused or opted out" in text(await previewed(small_town))
    await wrote(small_town)
    shown = text((await small_town.person("admin").press("timeline", FREE.id)).view)
    assert "Boka rum: Träff fika, to 2 participants; 1 has paused or opted out" in shown


async def test_the_dry_run_of_one_who_wants_fewer_counts_only_what_they_do_not_get(small_town: Town) -> None:
    anna = small_town.person("anna")
    await anna.register(FREE.id)
    await anna.fill((await anna.press("pause", FREE.id)).view, level="few")
    shown = text((await small_town.person("admin").press("timeline", FREE.id)).view)
    assert "Agenda: Träff fika, to 0 participants; 1 has paused or opted out" in shown
    assert "The day before: Träff fika, to 1 participant\n" in shown


async def test_everybody_reads_it_in_their_own_language(small_town: Town) -> None:
    anna = small_town.person("anna")
    await anna.register(FREE.id)
    answers: dict[str, Answer] = {"also": ("nb",), "titles.nb": "Bestill rom", "texts.nb": "Rommet heter Eik."}
    shown = text(await previewed(small_town, FREE.id, **answers))
    assert "In bokmål:" in shown or "Bestill rom" in shown
    await wrote(small_town, FREE.id, **answers)
    (rule,) = await rules(small_town)
    assert dict(rule.title.wordings) == {"en": "Boka rum", "nb": "Bestill rom"}


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"days": "365"}, "days"),
        ({"at": "soon"}, "at"),
        ({"when": own.DAY, "day": "2027-01-01"}, "day"),
        ({"when": own.DAY, "day": "someday"}, "day"),
    ],
)
async def test_what_can_never_come_is_refused_where_it_was_typed(
    small_town: Town, answers: dict[str, Answer], field: str
) -> None:
    admin = small_town.person("admin")
    form = (await admin.submit(await begun(small_town), {"when": answers.get("when", own.BEFORE)})).view
    refused = (await admin.submit(form, {"days": "3", "at": "09.00", **answers})).view
    assert isinstance(refused, Form)
    assert list(refused.errors) == [field]


async def test_changed_in_its_words_it_stays_the_same_and_moved_it_comes_again(small_town: Town) -> None:
    anna = small_town.person("anna")
    await anna.register(FREE.id)
    await wrote(small_town, days="20", at="09.00")
    (rule,) = await rules(small_town)
    await wrote(small_town, f"{FREE.id} {rule.name}", days="20", at="09.00", text="Nytt.")
    (reworded,) = await rules(small_town)
    assert (reworded.name, reworded.text.wordings["en"]) == (rule.name, "Nytt.")
    await small_town.tick_at(at(DAY - timedelta(days=20), 9))
    await wrote(small_town, f"{FREE.id} {rule.name}", days="6", at="09.00")
    await small_town.tick_at(at(DAY - timedelta(days=6), 9))
    assert await got(anna) == 2


async def test_turned_off_nothing_comes_and_nothing_is_lost(small_town: Town) -> None:
    anna = small_town.person("anna")
    await anna.register(FREE.id)
    await wrote(small_town, days="7")
    assert "turned off" in text(await press(small_town, "Turn off"))
    await small_town.tick_at(at(DAY - timedelta(days=8), 10))
    assert "turned off" not in text(await press(small_town, "Turn on"))
    await small_town.tick_at(at(DAY - timedelta(days=7), 10))
    assert await got(anna) == 1


async def test_removed_after_it_was_turned_off_it_is_gone_for_good_and_twice_is_as_once(small_town: Town) -> None:
    await wrote(small_town)
    (rule,) = await rules(small_town)
    admin = small_town.person("admin")
    await admin.press(own.REMOVE, f"{FREE.id} {rule.name}")  # from a card of before it was turned on again
    assert len(await rules(small_town)) == 1
    await press(small_town, "Turn off")
    await press(small_town, "Remove")
    assert await rules(small_town) == ()
    assert "no longer there" in text((await admin.press(own.REMOVE, f"{FREE.id} {rule.name}")).view)


async def test_what_was_said_in_chat_is_kept_when_the_file_is_loaded_again(town: Town) -> None:
    await wrote(town)
    admin = town.person("admin")
    details = await admin.fill((await admin.press("rules", FREE.id)).view, "Save", rule="agenda")
    await admin.submit(details.view, {"days": "10"})
    from_file = replace(FREE, summary=SINGLE.summary)
    await load_file(town, from_file)
    assert [(one.name[:4], one.days) for one in await rules(town)] == [(WRITTEN, -5), ("agen", -10)]
    details = await admin.fill((await admin.press("rules", FREE.id)).view, "Save", rule="agenda")
    assert "14 days before" in text((await admin.submit(details.view, {"state": "as_before"})).view)
    assert [one.name[:4] for one in await rules(town)] == [WRITTEN]


async def load_file(town: Town, programme: Programme) -> None:
    await town.work.run(lambda connection: programmes.load_file(connection, programme, town.clock.now()))


async def test_loaded_the_other_way_it_would_be_lost(small_town: Town) -> None:
    """The positive control of keeping it."""
    await wrote(small_town)
    await small_town.load(FREE)
    assert await rules(small_town) == ()


async def test_a_copy_of_the_programme_has_its_day_moved_along(small_town: Town) -> None:
    await wrote(small_town, when=own.DAY, day="2027-01-20")
    admin = small_town.person("admin")
    await admin.fill((await admin.press("copy", FREE.id)).view, edition="2028", first="2028-02-08")
    (rule,) = await rules(small_town, f"{FREE.id}-2028")
    assert (rule.on, rule.at) == (date(2028, 1, 19), time(10))


async def a_coordinator(town: Town, name: str) -> Person:
    person = town.person(name)
    await person.say("help")

    def appoint(connection: Connection) -> None:
        people = People(connection, town.clock.now())
        people.appoint(str(people.present(person.actor)), Role.COORDINATOR)

    await town.work.run(appoint)
    return person


async def test_two_who_write_at_once_both_have_theirs(town: Town) -> None:
    async with second_process(town) as other:
        kim = await a_coordinator(town, "kim")
        forms = [await previewed(town, FREE.id, by, title=title) for by, title in (("admin", "Ett"), ("kim", "Två"))]
        await at_once(town.person("admin").submit(forms[0]), replace(kim, reception=other).submit(forms[1]))
    assert sorted(one.title.wordings["en"] for one in await rules(town)) == ["Ett", "Två"]


async def test_more_than_anybody_can_look_through_is_refused_and_what_was_typed_stays(small_town: Town) -> None:
    for number in range(own.MOST):
        await wrote(small_town, title=f"Nummer {number}")
    refused = text(await wrote(small_town, title="En till"))
    assert "can have 12 reminders of its own" in refused
    assert "En till" in refused


async def test_a_participant_writes_none_and_a_form_outlasts_no_post(small_town: Town) -> None:
    assert "Only coordinators" in text(await begun(small_town, by="bo"))
    kim = await a_coordinator(small_town, "kim")
    form = await previewed(small_town, FREE.id, "kim")
    await small_town.work.run(lambda connection: connection.execute(people.update().values(role="participant")))
    assert "Only coordinators" in text((await kim.submit(form)).view)
    assert await rules(small_town) == ()


# --- To those who take notes ------------------------------------------------------------------------------------------


async def notes_are_taken(town: Town, state: State, name: str = "anna") -> None:
    """Somebody takes notes in a round that stands so."""

    def store(connection: Connection) -> None:
        known = str(People(connection, NOW).present(town.person(name).actor))
        group = Groups(connection, NOW).found(FREE.id, "", f"Grupp {state.value}")
        box = Box("", FREE.title, ())
        Rounds(connection, NOW).add(Round(state.value, FREE.id, FREE.title, (box,), Mode.NOTES, NOW, state=state))
        Rounds(connection, NOW).take_notes(state.value, group.id, known)

    await town.work.run(store)


ROLES = tuple(RoleGroup(one, Localised({"sv": one.title()})) for one in ("politiker", "chefer"))


async def in_roles(town: Town, **roles: str) -> list[Person]:
    """People in a group of a role each, without a seat anywhere; of a programme that has roles."""
    await town.load(replace(FREE, role_groups=ROLES))
    people = [town.person(name) for name in roles]
    for person, role in zip(people, roles.values(), strict=True):
        await person.open_home()
        await group(town, role, role.title(), person, programme=FREE.id)
    return people


async def test_a_role_group_alone_gets_what_is_for_it(town: Town) -> None:
    pia, max_ = await in_roles(town, pia="politiker", max="chefer")
    anna = town.person("anna")
    await anna.register(FREE.id)
    assert "1 in the chosen roles" in text(await previewed(town, to=("role:politiker",)))
    assert "10.00, to politiker" in text(await wrote(town, to=("role:politiker",)))
    shown = text((await town.person("admin").press("timeline", FREE.id)).view)
    assert "Boka rum: Träff fika, to 1 in the chosen roles" in shown
    await town.tick_at(at(DAY - timedelta(days=5), 10))
    assert [await got(one) for one in (pia, max_, anna)] == [1, 0, 0]
    (read,) = (m for m in await pia.received() if m.startswith("Boka rum"))
    assert "because of your role in" in read


async def test_two_roles_and_coordinators_get_it_once_each(small_town: Town) -> None:
    pia, max_ = await in_roles(small_town, pia="politiker", max="chefer")
    await group(small_town, "chefer", "Fler", pia, programme=FREE.id)
    await wrote(small_town, to=("role:politiker", "role:chefer"), when=own.DAY, day="2027-01-20", at="09.00")
    for hour in (9, 10):
        await small_town.tick_at(at(date(2027, 1, 20), hour))
    assert [await got(one) for one in (pia, max_)] == [1, 1]


async def test_whoever_leaves_the_role_before_it_goes_gets_it_no_more(small_town: Town) -> None:
    (pia,) = await in_roles(small_town, pia="politiker")
    await wrote(small_town, to=("role:politiker",))
    await small_town.work.run(lambda connection: connection.execute(delete(members)))
    await small_town.tick_at(at(DAY - timedelta(days=5), 10))
    assert await got(pia) == 0


async def test_what_goes_to_a_role_stands_in_ones_own_messages(small_town: Town) -> None:
    pia, max_ = await in_roles(small_town, pia="politiker", max="chefer")
    await wrote(small_town, to=("role:politiker",))
    said = [text((await one.press("timeline")).view) for one in (pia, max_)]
    assert ["Boka rum" in one for one in said] == [True, False]


async def test_changed_it_is_shown_with_its_roles_and_never_beside_all_participants(small_town: Town) -> None:
    await in_roles(small_town, pia="politiker")
    await wrote(small_town, to=("role:politiker", "coordinators"))
    (rule,) = await rules(small_town)
    form = await begun(small_town, f"{FREE.id} {rule.name}")
    assert isinstance(form, Form)
    assert form.values["to"] == ("coordinators", "role:politiker")
    both: dict[str, str | tuple[str, ...]] = {"to": ("participants", "role:politiker"), "when": own.BEFORE}
    refused = (await small_town.person("admin").submit(form, both)).view
    assert "either all participants or some of the roles" in text(refused)


async def test_who_takes_notes_in_an_open_round_is_reminded_and_nobody_else(town: Town) -> None:
    people = {name: town.person(name) for name in ("anna", "bo", "eva")}
    for person in people.values():
        await person.register(FREE.id)
    await notes_are_taken(town, State.OPEN, "anna")
    await notes_are_taken(town, State.CLOSED, "bo")
    assert "1 who takes notes" in text(await previewed(town, to=("note_takers",)))
    await wrote(town, to=("note_takers",))
    await town.tick_at(at(DAY - timedelta(days=5), 10, 0))
    assert {name: await got(person) for name, person in people.items()} == {"anna": 1, "bo": 0, "eva": 0}
    assert "because you take notes for your group" in (await people["anna"].received())[-1]
