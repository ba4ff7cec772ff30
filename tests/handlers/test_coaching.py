"""Coaches: appointed by a code, shown the script and what is counted, and refused every word that anybody wrote."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest

from bot.domain.people import Role
from bot.flows import workshops as leaders_words
from bot.handlers import postings, screens, workshops
from bot.handlers.events import Reply
from bot.handlers.routes import ROUTES
from bot.handlers.visit import Visit
from bot.messages import Form, View
from storage.coaches import Coaches
from storage.posts import Posts
from storage.tables import answers, coaches, members, note_takers, plan_rows, rounds, votes, workshop_rounds
from storage.tables import workshops as workshop_rows
from storage.workshops import Workshops
from tests.flows.samples import LUND, NOW
from tests.handlers.coached import GROUP, PROGRAMME, SEALED_WORDS, WRITTEN, Coached, coached
from tests.handlers.test_appointing import code_in
from tests.handlers.test_matters import appointed
from tests.handlers.town import Person, text
from tests.handlers.workshop import labels, press_on

SECRETS = ("CANARY", "Anna", "Cleo", "/board/", "/documents/", "/notes/", "/results/")
"""What people wrote, what they are called, and the pages on which it stands."""

UNTOUCHED = (answers, coaches, members, note_takers, plan_rows, rounds, votes, workshop_rounds, workshop_rows)

HARMLESS = ("erase_me_now", "confirm_end_coach", "join", "link")
"""After these the coach would be none any more; or they want a code, and say so."""


@pytest.fixture
async def here(engine_url: str) -> AsyncIterator[Coached]:
    async with coached(engine_url) as opened:
        yield opened


@pytest.fixture
async def small(sqlite_url: str) -> AsyncIterator[Coached]:
    async with coached(sqlite_url) as opened:
        yield opened


def leaks(view: View | None) -> list[str]:
    """What a coach must never see, as far as it stands in this view."""
    return [one for one in SECRETS if one in repr(view)]


# --- Appointing -------------------------------------------------------------------------------------------------------


async def test_G3c_a_coordinator_invites_a_coach_from_another_tenant(here: Coached) -> None:
    reply = await here.appoint()
    assert "You are a coach now" in text(reply.view)
    assert "Coach: Modellkonceptet" in text(reply.view)
    assert await here.posts() == [("", await here.id(here.coach))]
    assert any("Ester follows your workshops now" in said for said in await here.admin.received())


async def test_the_contact_invites_a_coach_of_their_own_organisation_only(here: Coached) -> None:
    await here.appoint(here.cleo, "lund")
    assert await here.posts() == [(LUND.key, await here.id(here.coach))]
    for other in ("whole", "habo"):
        assert "leads this workshop" in text((await here.cleo.press("invite_coach", other)).view)


async def test_nobody_else_invites_a_coach(small: Coached) -> None:
    for nobody in (small.coach, small.town.person("anna")):
        assert "leads this workshop" in text((await nobody.press("invite_coach", "lund")).view)
        assert "Only coordinators" in text((await nobody.press("appoint_coach")).view)


async def test_a_code_loses_its_worth_with_the_post_of_who_gave_it(small: Coached) -> None:
    code, contact = code_in(await small.cleo.press("invite_coach", "lund")), await small.id(small.cleo)
    await small.town.work.run(lambda c: Posts(c, NOW).remove_contact(PROGRAMME.id, LUND.key, contact))
    assert "not valid" in text((await small.coach.say(f"link {code}")).view)
    assert await small.posts() == []


async def test_a_code_works_once_and_twice_the_same_coach_is_one(small: Coached) -> None:
    code = code_in(await small.admin.press("invite_coach", "whole"))
    await small.coach.say(f"link {code}")
    assert "not valid" in text((await small.coach.say(f"link {code}")).view)
    await small.appoint()
    assert len(await small.posts()) == 1


async def test_a_coordinator_appoints_by_programme_and_organisation(small: Coached) -> None:
    form = (await small.admin.press("appoint_coach")).view
    wrong = await small.admin.submit(form, {"organisation": "Atlantis"})
    assert isinstance(wrong.view, Form)
    assert "I do not know that organisation" in text(wrong.view)
    code = code_in(await small.admin.submit(wrong.view, {"organisation": "Lunds kommun"}))
    assert "Coach of Lunds kommun" in text((await small.coach.say(f"link {code}")).view)


async def test_a_form_that_lies_open_gives_no_code_to_whoever_coordinates_no_more(small: Coached) -> None:
    kim = await appointed(small.town, "kim")
    form = (await kim.press("appoint_coach")).view
    await appointed(small.town, "kim", Role.PARTICIPANT)
    assert "Only coordinators" in text((await kim.submit(form, {"organisation": ""})).view)


async def test_who_does_what_names_coaches_and_ends_their_post(here: Coached) -> None:
    await here.appoint()
    posts = await here.admin.press("posts")
    assert "Coach: Modellkonceptet" in text(posts.view)
    post = f"coach:{PROGRAMME.id}::{await here.id(here.coach)}"
    await here.admin.press("end_post", post)
    await here.admin.press("confirm_end_post", post)
    assert await here.posts() == []
    assert any("This post of yours has ended" in said for said in await here.coach.received())


async def test_the_contact_ends_the_post_of_a_coach_whom_they_invited_and_of_no_other(small: Coached) -> None:
    await small.appoint(small.cleo, "lund")
    await small.appoint()
    coach = await small.id(small.coach)
    mine, whole = f"{PROGRAMME.id}:{LUND.key}:{coach}", f"{PROGRAMME.id}::{coach}"
    assert "not yours to end" in text((await small.cleo.press("confirm_end_coach", whole)).view)
    assert "Ended." in text((await small.cleo.press("confirm_end_coach", mine)).view)
    assert await small.posts() == [("", coach)]


async def test_a_coach_leaves_by_themselves(small: Coached) -> None:
    await small.appoint()
    reply = await press_on(small.coach, await small.coach.press("coaching"), "Stop coaching")
    assert "You are no longer a coach" in text((await press_on(small.coach, reply, "End it")).view)
    assert await small.posts() == []
    assert "You do not coach any workshop" in text((await small.coach.press("coaching")).view)


# --- What a coach sees ------------------------------------------------------------------------------------------------


async def test_G3c_a_coach_sees_where_they_are_the_script_and_numbers(small: Coached) -> None:
    await small.appoint()
    assert labels(await small.coach.press("coaching")).count("Follow it") == 3
    card = await small.coach.press("coach_workshop", "whole")
    said = text(card.view)
    assert "Step 2 of 4 · SWOT i grupp" in said
    assert "Group 1: 1 post" in said
    script = text((await press_on(small.coach, card, "Read the whole script")).view)
    assert "Dela upp er tre och tre." in script
    assert "Hälsa på varandra." in script
    assert leaks(card.view) == []


async def test_control_the_leaders_own_card_does_not_pass_the_check(small: Coached) -> None:
    def card(visit: Visit) -> View:
        found = Workshops(visit.connection, visit.now).get("whole")
        assert found is not None
        return leaders_words.card(workshops.standing(visit, found))

    town = small.town
    assert "CANARY" in leaks(await town.read(lambda c: card(Visit(c, NOW, town.surroundings))))


async def test_a_closed_rating_is_shown_as_figures(small: Coached) -> None:
    await small.appoint()
    reply = await press_on(small.coach, await small.coach.press("coach_workshop", "whole"), "Result")
    said = text(reply.view)
    assert "3.0 of 5" in said
    assert leaks(reply.view) == []
    assert labels(reply) == ["Open the page", "The workshop"]


@pytest.mark.parametrize("round", ["r1", "nothing", ""])
async def test_there_is_no_result_of_what_groups_wrote(small: Coached, round: str) -> None:
    await small.appoint()
    assert "no longer here" in text((await small.coach.press("coach_result", f"whole {round}")).view)


async def test_a_coach_of_one_organisation_follows_its_workshops_alone(small: Coached) -> None:
    await small.appoint(small.cleo, "lund")
    assert "Lund" in text((await small.coach.press("coach_workshop", "lund")).view)
    for action in ("coach_workshop", "coach_script", "coach_result"):
        for other in ("whole", "habo", "whole sealed"):
            assert "no longer here" in text((await small.coach.press(action, other)).view)


async def test_control_a_coach_of_the_whole_programme_follows_them_all(small: Coached) -> None:
    await small.appoint()
    for id in ("whole", "lund", "habo"):
        assert "Step 2 of 4" in text((await small.coach.press("coach_workshop", id)).view)


async def test_whoever_coaches_no_more_sees_nothing_more(small: Coached) -> None:
    await small.appoint()
    coach = await small.id(small.coach)
    await small.town.work.run(lambda c: Coaches(c, NOW).remove(PROGRAMME.id, "", coach))
    for action in ("coach_workshop", "coach_script"):
        assert "no longer here" in text((await small.coach.press(action, "whole")).view)


# --- What a coach is refused ------------------------------------------------------------------------------------------


def abouts(here: Coached) -> Sequence[str]:
    return ("r1", "sealed", "whole", f"r1 {here.group}", here.post, PROGRAMME.id)


async def pressed(here: Coached, person: Person, actions: Sequence[str]) -> list[tuple[str, str, list[str]]]:
    """What came out where somebody pressed every one of these, about everything there is."""
    found = []
    for action in actions:
        for about in abouts(here):
            reply: Reply = await person.press(action, about)
            if leaks(reply.view):
                found.append((action, about, leaks(reply.view)))
    return found


async def test_G3c_whatever_a_coach_presses_shows_no_word_no_name_and_changes_nothing(small: Coached) -> None:
    await small.appoint()
    before = await small.town.contents(*UNTOUCHED)
    assert await pressed(small, small.coach, sorted(set(ROUTES) - set(HARMLESS))) == []
    assert await small.town.contents(*UNTOUCHED) == before
    assert [said for said in await small.coach.received() if leaks_words(said)] == []


def leaks_words(said: str) -> bool:
    return WRITTEN in said or SEALED_WORDS in said or GROUP in said


async def test_control_a_board_that_lets_coaches_in_is_caught(small: Coached, monkeypatch: pytest.MonkeyPatch) -> None:
    await small.appoint()
    monkeypatch.setattr(postings, "_concerns", lambda scene, _round: scene.person.name == "Ester")
    assert ("board", "r1", ["/board/"]) in await pressed(small, small.coach, ["board"])


async def test_control_a_coordinator_who_presses_the_same_is_caught(small: Coached) -> None:
    found = await pressed(small, small.admin, ["board", "documents", "results"])
    assert {action for action, _about, _leaks in found} == {"board", "documents", "results"}


async def test_a_coach_is_asked_nothing(small: Coached) -> None:
    await small.appoint()
    for word in ("answer", "take notes", "plan", "results", "status"):
        assert leaks((await small.coach.say(word)).view) == []


async def test_a_coach_coaches_only_what_the_code_named(small: Coached) -> None:
    await small.appoint(small.cleo, "lund")

    def found(visit: Visit) -> list[bool]:
        store, coach = Workshops(visit.connection, visit.now), visit.people.present(small.coach.actor) or ""
        return [screens.coaches(visit, coach, one) for id in ("lund", "habo", "whole") if (one := store.get(id))]

    town = small.town
    assert await town.read(lambda c: found(Visit(c, NOW, town.surroundings))) == [True, False, False]
