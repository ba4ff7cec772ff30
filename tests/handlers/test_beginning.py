"""Before a workshop begins: what its form says of those who take part, and who learns of it in the help."""

from __future__ import annotations

from sqlalchemy import delete

from bot.flows import workshops as words
from storage.tables import members
from tests.flows.samples import HABO, LUND
from tests.handlers import workshop_town
from tests.handlers.town import text
from tests.handlers.workshop_town import Day

day = workshop_town.on_both


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
