"""What the word `workshop` shows to whoever takes part, leads, or may begin one, also where several go on at once."""

from __future__ import annotations

from bot.domain.people import Role
from bot.flows import workshops as words
from bot.flows.beginning import WHOLE
from bot.messages import Form
from tests.handlers import workshop_town
from tests.handlers.linked import appoint
from tests.handlers.test_workshops import labels
from tests.handlers.town import Person, text
from tests.handlers.workshop_town import PROGRAMME, SCRIPT, Day

small = workshop_town.on_sqlite


async def begun_by_a_coordinator(day: Day) -> Person:
    """The same workshop begins for everybody in the programme, led by a coordinator; who that is."""
    karin = day.town.person("admin")
    form = (await karin.press(words.BEGIN, f"{PROGRAMME.id} {SCRIPT.id}")).view
    last = (await karin.fill(form, "Begin now", place=WHOLE)).view
    await karin.submit(last if isinstance(last, Form) else None)
    await day.town.deliver()
    return karin


async def test_whoever_takes_part_in_two_workshops_is_shown_both(small: Day) -> None:
    await small.begin()
    await begun_by_a_coordinator(small)
    shown = text((await small.people[0].say("workshop")).view)
    assert shown.count("Step 1 of 8 · Välkomna") == 2
    assert "No workshop is going on" not in shown


async def test_a_contact_who_takes_part_in_the_programmes_workshop_is_shown_that_first(small: Day) -> None:
    await small.leader.register(PROGRAMME.id)
    await begun_by_a_coordinator(small)
    shown = text((await small.leader.say("workshop")).view)
    assert "You take part." in shown
    assert shown.index("Step 1 of 8 · Välkomna") < shown.index("8 steps, 4 hours and 10 minutes in all.")


async def test_the_card_is_shown_at_once_to_whoever_began_and_chosen_by_others_who_may_begin_one(small: Day) -> None:
    karin = await begun_by_a_coordinator(small)
    ingrid = await coordinator(small, "ingrid")
    assert "Next step" in labels((await karin.say("workshop")).view)  # the positive control
    shown = (await ingrid.say("workshop")).view
    assert "Next step" not in labels(shown)
    assert "Begin the workshop" in labels(shown)


async def test_whoever_takes_no_part_is_offered_no_sealed_questions_that_they_may_not_answer(small: Day) -> None:
    await small.begin()
    await small.to("skattning")
    ingrid = await coordinator(small, "ingrid")
    assert "Nothing is open to you right now" in text((await ingrid.say("answer")).view)
    assert "Skattning" in text((await small.people[0].say("answer")).view)  # the positive control


async def coordinator(day: Day, name: str) -> Person:
    person = day.town.person(name)
    await person.open_home()
    await appoint(day.town, person, Role.COORDINATOR)
    return person
