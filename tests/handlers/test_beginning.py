"""Before a workshop begins: what its form says of those who take part, and who learns of it in the help."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, delete, select

from bot.flows import workshops as words
from bot.flows.beginning import WHOLE as EVERYBODY
from bot.messages import Form
from storage.tables import members
from storage.tables import workshops as rows
from tests.fixtures.seed_board import ROLE_GROUPS
from tests.flows.samples import HABO, LUND
from tests.handlers import workshop_town
from tests.handlers.town import Person, text
from tests.handlers.workshop import group, labels, open_round, press_on
from tests.handlers.workshop_town import ALONE, IDEAS, OPEN, PROGRAMME, WHOLE, Day, rate

day = workshop_town.on_both


async def the_form(day: Day, who: Person | None = None, place: str = LUND.key) -> Form:
    """The one that says in how many groups; `place` where there are several to choose among."""
    person = who or day.leader
    form = (await person.fill((await person.press(words.BEGIN, "verkstad dagen")).view, "Begin now", place=place)).view
    assert isinstance(form, Form), text(form)
    return form


async def rated_and_over(day: Day) -> None:
    """A workshop of Lund whose self-assessment everybody has answered."""
    await day.begin(threshold="3")
    await day.to("skattning")
    for person in day.people:
        await rate(person, (await day.round("skattning")).id)
    await day.press("workshop_end_confirmed")


async def test_where_nobody_takes_part_the_form_says_so_before_it_begins(day: Day) -> None:
    admin, nobody = day.town.person("admin"), "Nobody takes part there yet"
    form = (await admin.press(words.BEGIN, "verkstad dagen")).view
    assert nobody not in text((await admin.submit(form, {"place": LUND.key})).view)
    await day.town.work.run(lambda connection: connection.execute(delete(members)))
    form = (await admin.press(words.BEGIN, "verkstad dagen")).view
    assert nobody in text((await admin.submit(form, {"place": LUND.key})).view)


async def test_the_form_says_which_step_cannot_begin_since_too_few_can_answer_alone(day: Day) -> None:
    admin, short = day.town.person("admin"), "cannot begin yet: it takes at least 3 people"
    for place, is_short in ((LUND.key, False), (HABO.key, True)):
        form = (await admin.press(words.BEGIN, "verkstad dagen")).view
        assert (short in text((await admin.submit(form, {"place": place})).view)) is is_short


async def test_G3_help_names_workshop_and_results_to_those_who_lead_alone(day: Day) -> None:
    for person in (day.leader, day.town.person("admin")):
        said = text((await person.say("help")).view)
        assert ("Lead a workshop step by step" in said, "See what a self-assessment came to" in said) == (True, True)
    assert "Lead a workshop" not in text((await day.people[0].say("help")).view)


# --- What is answered alone -------------------------------------------------------------------------------------------


async def test_the_form_promises_no_sealed_questions_that_are_not_asked_again_yet_but_says_from_when(day: Day) -> None:
    promised = "Answer alone: Skattning (Everybody): 6 people"
    first = text(await the_form(day))
    assert (promised in first, "again" in first) == (True, False)
    await rated_and_over(day)
    day.town.clock.move(days=1)
    form = await the_form(day)
    assert "Skattning cannot be asked again before Monday 18 January at 12:00." in text(form)
    assert "Answer alone" not in text(form)
    assert "cannot be asked again" not in text(await the_form(day, day.town.person("admin"), HABO.key))
    await day.leader.submit(form, {"threshold": "3"})
    await day.town.deliver()
    told = day.got(day.people[0])
    assert told.count("The workshop begins: Dagen") == 2
    assert told.count("Some questions you answer alone and without your name.") == 1  # the second time there are none


async def test_what_the_form_says_of_the_day_comes_true(day: Day) -> None:
    await rated_and_over(day)
    day.town.clock.move(days=7, minutes=-1)
    assert "cannot be asked again before" in text(await the_form(day))
    day.town.clock.move(minutes=1)
    assert "Answer alone: Skattning (Everybody): 6 people" in text(await the_form(day))
    await day.begin(threshold="3")
    await day.to("skattning")
    assert (await day.rounds())["skattning"] == "open"


async def test_of_another_year_s_day_the_form_says_the_year(day: Day) -> None:
    day.town.clock.move(days=350)  # to the end of December
    await rated_and_over(day)
    assert "Skattning cannot be asked again before" in (said := text(await the_form(day)))
    assert "January 2028 at 12:00." in said


async def test_of_a_set_by_role_the_form_names_what_is_asked_now_and_what_is_not(day: Day) -> None:
    sets = (OPEN, replace(ALONE, by_role=True), WHOLE, IDEAS)
    await day.town.load(replace(PROGRAMME, question_sets=sets, role_groups=ROLE_GROUPS))
    for role, some in (("politiker", day.people[:3]), ("chefer", day.people[3:])):
        await group(day.town, role, f"{role} i Lund", *some, programme=PROGRAMME.id, organisation_key=LUND.key)
    await day.begin(threshold="3")
    await day.to("skattning")
    for person in day.people[:3]:
        await rate(person, (await day.round("skattning")).id)
    await day.press("workshop_end_confirmed")
    said = text(await the_form(day))
    assert "Skattning (Politiker) cannot be asked again before Monday 18 January at 12:00." in said
    assert ("(Chefer): 3 people" in said, "(Politiker): 3 people" in said) == (True, False)


async def test_while_the_same_is_open_elsewhere_the_form_says_that_it_cannot_be_asked(day: Day) -> None:
    await open_round(day.town, "r9", ALONE, programme=PROGRAMME)
    admin = day.town.person("admin")
    said = text(await the_form(day, admin, EVERYBODY))
    assert "Skattning is open for answers already" in said
    assert "Answer alone" not in said


# --- Small groups of earlier workshops --------------------------------------------------------------------------------

AGAIN = "will be used again if you leave the number of small groups empty."


async def with_tables(day: Day, *, groups: str, place: str = EVERYBODY) -> None:
    """A workshop in so many small groups; where it is everybody's, Stina and Kim were in the group of their role."""
    await day.town.load(replace(PROGRAMME, role_groups=ROLE_GROUPS))
    await group(day.town, "chefer", "Chefer", day.stranger, day.other, programme=PROGRAMME.id)
    day.town.clock.move(minutes=1)
    day.leader = day.town.person("admin")
    await begin(day, place, groups)


async def begin(day: Day, place: str, groups: str = "") -> None:
    form = await the_form(day, day.leader, place)
    await day.leader.submit(form, {"groups": groups, "threshold": "4"})
    day.town.clock.move(minutes=1)
    day.workshop = await day.town.read(newest)
    await day.to("swot")


def newest(connection: Connection) -> str:
    return str(connection.execute(select(rows.c.id).order_by(rows.c.begun_at.desc())).scalars().first())


async def over_since_yesterday(day: Day) -> None:
    await day.press("workshop_end_confirmed")
    day.town.clock.move(days=1)


async def counted(day: Day) -> list[str]:
    """The groups that the leader's card looks at."""
    lines = text((await day.leader.press("workshop_card", day.workshop)).view).splitlines()
    return [line.partition(": 0 posts")[0].strip(" •") for line in lines if ": 0 posts" in line]


async def test_small_groups_that_come_back_are_named_and_counted_before_the_workshop_begins(day: Day) -> None:
    await with_tables(day, groups="2")
    assert AGAIN not in text(await the_form(day, day.leader, LUND.key))
    await over_since_yesterday(day)
    said = text(await the_form(day, day.leader, EVERYBODY))
    assert f"Group 1 and Group 2 from Monday 11 January {AGAIN}" in said
    assert "write 0 to begin without the small groups" in said
    await begin(day, EVERYBODY)
    groups = await counted(day)
    assert {"Group 1", "Group 2"} <= set(groups)
    assert f" in {len(groups)} groups" in said


async def test_with_0_a_workshop_begins_without_the_small_groups_of_the_last_one(day: Day) -> None:
    await with_tables(day, groups="2")
    stina, swot = day.stranger, (await day.round("swot")).id
    await press_on(stina, await stina.press("note", swot), "Group 1")
    await over_since_yesterday(day)
    await begin(day, EVERYBODY, "0")
    asked = set(labels(await stina.press("note", (await day.round("swot")).id)))
    assert ("Chefer" in asked, asked & {"Group 1", "Group 2"}) == (True, set())
    assert not {"Group 1", "Group 2"} & set(labels(await day.people[0].press("choose_group", PROGRAMME.id)))
    assert "Group 1" not in await counted(day)
    assert "Group 1" in text((await day.leader.press("round", swot)).view)  # as it was then


async def test_so_many_small_groups_are_used_as_were_asked_for_not_all_that_there_have_ever_been(day: Day) -> None:
    await with_tables(day, groups="3")
    await over_since_yesterday(day)
    await begin(day, EVERYBODY, "2")
    asked = set(labels(await day.stranger.press("note", (await day.round("swot")).id)))
    assert {"Group 1", "Group 2"} <= asked
    assert "Group 3" not in asked
    assert "Group 3" not in await counted(day)
    await over_since_yesterday(day)
    assert "Group 3" not in await counted(day)  # nor when it is over
    assert f"Group 1, Group 2 and Group 3 from Monday 11 January {AGAIN}" in text(
        await the_form(day, day.leader, EVERYBODY)
    )


async def test_in_one_organisation_s_form_its_own_groups_come_back_and_need_not_say_whose_they_are(day: Day) -> None:
    await with_tables(day, groups="2", place=HABO.key)
    await over_since_yesterday(day)
    assert f"Group 1 and Group 2 from Monday 11 January {AGAIN}" in text(await the_form(day, day.leader, HABO.key))
    for place in (LUND.key, EVERYBODY):
        assert AGAIN not in text(await the_form(day, day.leader, place))


async def test_small_groups_of_one_organisation_s_workshop_that_is_over_are_none_of_everybody_s(day: Day) -> None:
    await with_tables(day, groups="2", place=HABO.key)
    await over_since_yesterday(day)
    said = text(await the_form(day, day.leader, EVERYBODY))
    await begin(day, EVERYBODY)
    groups = await counted(day)
    assert not [name for name in groups if "Habo" in name]
    assert f" in {len(groups)} groups" in said
    assert "Notes of Chefer" in text((await day.other.press("note", (await day.round("swot")).id)).view)
