"""Before a workshop begins: what its form says of those who take part, and who learns of it in the help."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import delete

from bot.flows import workshops as words
from bot.flows.beginning import WHOLE as EVERYBODY
from bot.messages import Form
from storage.tables import members
from tests.fixtures.seed_board import ROLE_GROUPS
from tests.flows.samples import HABO, LUND
from tests.handlers import workshop_town
from tests.handlers.town import Person, text
from tests.handlers.workshop import group, open_round
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
    assert day.got(day.people[0]).count("The workshop begins: Dagen") == 2


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
