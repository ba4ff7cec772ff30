"""Results of self-assessments: who is shown them when, each once, and two rounds compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import Connection

from bot.domain import assessment
from bot.domain.board import Standing
from bot.domain.figures import how_it_was_counted
from bot.domain.people import Language
from bot.domain.programmes import Programme
from bot.domain.rounds import Area, Mode, Question, QuestionSet, Scale, boxes
from bot.domain.rounds import Round as About
from bot.flows import results
from bot.handlers import results as handled
from bot.handlers.rounds import close_round
from bot.handlers.visit import Visit
from bot.messages import Card, Notice
from bot.texts import Translators, plain
from config import catalogues
from storage.answers import Answers, NewAnswer
from storage.rounds import Rounds
from storage.tables import links, outbox
from storage.tallies import Tallies
from tests.fixtures.kinds import Kind
from tests.flows.samples import LUND, NOW, words
from tests.handlers.prepared import prepared
from tests.handlers.town import Person, Town, at_once, second_process, text
from tests.handlers.workshop import MODEL, group, labels, open_round

SCALE = Scale(1, 5, words("Nej"), words("Ja"))
ASKED = QuestionSet(
    "skattning",
    words("Digital mognad"),
    (
        Question("mal", words("Vi har mål"), scale=SCALE, area="ledning"),
        Question("roller", words("Vi har roller"), scale=SCALE, area="ledning"),
        Question("data", words("Vi delar data"), scale=SCALE, area="teknik"),
    ),
    mode=Mode.SEALED,
    areas=(Area("ledning", words("Ledning")), Area("teknik", words("Teknik"))),
)
SHORTER = replace(ASKED, questions=ASKED.questions[:2], areas=ASKED.areas[:1])
ROLES = ("politiker", "chefer", "strateger")
GIVEN = {"politiker": "12345", "chefer": "33333", "strateger": "1111"}  # of the strategists there are too few
LATER = {"politiker": "33345", "chefer": "44444", "strateger": "11111"}
COPY = replace(MODEL, id=f"{MODEL.id}-2030", edition="2030")


@dataclass
class Here:
    """A town with an open assessment, one person of each role, somebody who was not asked, and a coordinator."""

    town: Town
    people: Mapping[str, Person]  # by role
    stranger: Person
    admin: Person

    async def assess(self, id: str, given: Mapping[str, str], programme: Programme = MODEL, **changes: object) -> About:
        """Open a round and let so many people rate every statement."""
        more = {"areas": ASKED.areas, **changes}
        about = await open_round(self.town, id, ASKED, programme=programme, **more)

        def rate(connection: Connection) -> None:
            for role, values in given.items():
                for question in ASKED.questions:
                    if len(values) >= 5:
                        Tallies(connection).put(id, role, question.id, Counter(map(int, values)))

        await self.town.work.run(rate)
        return about

    async def close(self, id: str = "r1") -> None:
        def end(connection: Connection) -> None:
            found = Rounds(connection, self.town.clock.now()).locked(id)
            assert found is not None
            close_round(Visit(connection, self.town.clock.now(), self.town.surroundings), found)

        await self.town.work.run(end)
        await self.town.deliver()

    async def closed(self, id: str = "r1", given: Mapping[str, str] = GIVEN, **changes: object) -> None:
        await self.assess(id, given, **changes)  # type: ignore[arg-type]
        await self.close(id)

    async def sent(self, person: Person) -> list[str]:
        return [one for one in await person.received() if one.startswith("Result: ")]


async def build(town: Town) -> Here:
    people = {role: town.person(name) for role, name in zip(ROLES, ("pia", "max", "siv"), strict=True)}
    for role, person in people.items():
        await group(town, role, role.title(), person)
    stranger, admin = town.person("stranger"), town.person("admin")
    for person in (stranger, admin):
        await person.open_home()
    return Here(town, people, stranger, admin)


@pytest.fixture
async def here(engine: Kind) -> AsyncIterator[Here]:
    async with prepared(engine, MODEL, COPY) as town:
        yield await build(town)


@pytest.fixture
async def small(sqlite: Kind) -> AsyncIterator[Here]:
    async with prepared(sqlite, MODEL, COPY) as town:
        yield await build(town)


# --- When the round closes --------------------------------------------------------------------------------------------


async def test_coordinators_get_the_result_once_when_the_round_closes_and_nobody_else_does(here: Here) -> None:
    await here.closed()
    (result,) = await here.sent(here.admin)
    assert "Ledning" in result
    assert "3.0 of 5 · spread 1.0 · 20 ratings" in result
    assert "Strateger och nyckelpersoner: too few have answered to be shown." in result
    assert [await here.sent(person) for person in (*here.people.values(), here.stranger)] == [[], [], [], []]


async def test_a_round_without_scales_has_no_result(small: Here) -> None:
    await open_round(small.town)
    await small.close()
    assert await small.sent(small.admin) == []
    assert "no longer here" in text((await small.admin.press("results", "r1")).view)


async def test_S1_a_result_of_one_organisation_says_whose_it_is_also_among_others(small: Here) -> None:
    await small.closed(organisation=LUND.key)
    (result,) = await small.sent(small.admin)
    assert LUND.name in result
    await small.closed("r2")
    listed = text((await small.admin.press("results", "")).view)
    assert listed.count(LUND.name) == 1, "what everybody was asked names nobody"


async def test_a_result_of_too_few_says_so_and_cannot_be_shown_to_others(small: Here) -> None:
    await small.closed(given={"chefer": "1234"})
    (result,) = await small.sent(small.admin)
    assert "Nothing can be shown: it takes answers from at least 5 people of a role." in result
    assert "Show it to those who were asked" not in labels(await small.admin.press("results", "r1"))


async def test_a_result_of_a_round_without_roles_speaks_of_none(small: Here) -> None:
    about = await small.assess("r1", {"": "1234"}, boxes=boxes(replace(ASKED, by_role=False), ()))
    await small.close("r1")
    (result,) = await small.sent(small.admin)
    assert "Nothing can be shown: it takes answers from at least 5 people." in result
    assert "where at least 5 people have answered" in text(Notice(how_it_was_counted(about)[0]))


async def test_what_groups_have_agreed_on_is_counted_by_group(small: Here) -> None:
    await small.assess("r1", {}, mode=Mode.NOTES)
    new = [NewAnswer("chefer", "mal", value, f"g{value}", Standing.SHOWN) for value in ("2", "4")]
    await small.town.work.run(lambda c: Answers(c, small.town.clock.now()).add("r1", new))
    await small.close()
    (result,) = await small.sent(small.admin)
    assert "3.0 of 5 · spread 1.0 · 2 ratings" in result
    assert "a rating is a group’s" in result


async def test_an_open_round_has_no_result_yet(small: Here) -> None:
    await small.assess("r1", GIVEN)
    assert "no longer here" in text((await small.admin.press("results", "r1")).view)
    assert "There is no result to see." in text((await small.admin.say("results")).view)


# --- Showing it to those who were asked -------------------------------------------------------------------------------


async def test_shown_to_those_who_were_asked_each_sees_their_own_role_beside_all_together(here: Here) -> None:
    await here.closed()
    reply = await here.admin.press("share_results", "r1")
    assert "The result goes to 3 people." in text(reply.view)
    here.town.clock.move(days=1)
    (politician,) = await here.sent(here.people["politiker"])
    (strategist,) = await here.sent(here.people["strateger"])
    assert "Politiker: 3.0 of 5 · spread 1.4 · 10 ratings" in politician
    assert "Chefer: 3.0" not in politician
    assert "Too few of your role have answered for it to be shown by itself." in strategist
    assert await here.sent(here.stranger) == []


async def test_shown_twice_by_two_coordinators_at_once_it_arrives_once(here: Here) -> None:
    await here.closed()
    async with second_process(here.town) as other:
        lo = replace(here.admin, reception=other)
        replies = await at_once(here.admin.press("share_results", "r1"), lo.press("share_results", "r1"))
    await here.admin.press("share_results", "r1")
    assert ["goes to 3 people" in text(one.view) for one in replies] == [True, True]
    assert await here.town.count(outbox, outbox.c.key.like("round:r1:shared:%")) == 3
    here.town.clock.move(days=1)
    assert len(await here.sent(here.people["chefer"])) == 1


async def test_the_word_shows_it_to_those_who_were_asked_once_it_has_been_shown(small: Here) -> None:
    await small.closed()
    politician = small.people["politiker"]
    assert "no result for you to see" in text((await politician.say("results")).view)
    assert "no longer here" in text((await politician.press("results", "r1")).view)
    await small.admin.press("share_results", "r1")
    assert "Politiker: 3.0 of 5" in text((await politician.say("results")).view)
    assert "no longer here" in text((await small.stranger.press("results", "r1")).view)
    assert "Show it to those who were asked" not in labels(await small.admin.say("results"))


async def test_who_wants_nothing_of_the_programme_is_not_sent_the_result(small: Here) -> None:
    await small.closed()
    manager = small.people["chefer"]
    await manager.submit((await manager.say("pause")).view, {"level": "none", "pause": "no"})
    assert "goes to 2 people" in text((await small.admin.press("share_results", "r1")).view)


@pytest.mark.parametrize("do", [results.SHARE, results.COMPARE])
async def test_only_coordinators_share_and_compare(small: Here, do: str) -> None:
    await small.closed()
    assert "Only coordinators" in text((await small.people["chefer"].press(do, "r1")).view)


async def test_no_link_is_given_out_to_those_who_may_not_see_it(small: Here) -> None:
    await small.closed()
    before = await small.town.count(links)
    for person in (*small.people.values(), small.stranger):
        await person.press("results", "r1")
        await person.say("results")
    assert await small.town.count(links) == before


# --- Two rounds -------------------------------------------------------------------------------------------------------


async def test_C7_a_later_round_is_compared_with_the_earlier_one(here: Here) -> None:
    await here.closed()
    here.town.clock.move(days=3 * 365)
    await here.closed("r2", {**LATER, "strateger": "1111"})
    assert "Compare" in labels(await here.admin.press("results", "r2"))
    assert "Compare" not in labels(await here.admin.press("results", "r1"))
    compared = text((await here.admin.press("compare_results", "r2")).view)
    assert "It is not the same people who answered both times." in compared
    assert "3.0 (spread 1.0, 20 ratings) → 3.8 (spread 0.6, 20 ratings) (+0.80), has moved" in compared


async def test_C7b_a_role_that_reached_the_threshold_only_once_blocks_the_sum(small: Here) -> None:
    await small.closed()
    small.town.clock.move(days=400)
    await small.closed("r2", LATER)
    compared = text((await small.admin.press("compare_results", "r2 r1")).view)
    assert "0 statements can be compared." in compared
    assert "3 cannot" in compared


async def test_an_earlier_edition_is_compared_with_and_of_several_one_is_chosen(small: Here) -> None:
    await small.closed()
    small.town.clock.move(days=400)
    await small.closed("r2")
    small.town.clock.move(days=400)
    await small.closed("r3", LATER, programme=COPY)
    choice = await small.admin.press("compare_results", "r3")
    assert labels(choice) == ["Compare", "Compare"]
    assert isinstance(choice.view, Card)
    assert "Open the comparison" in labels(await small.admin.press("compare_results", "r3 r1"))


async def test_what_cannot_be_compared_is_refused(small: Here) -> None:
    await small.closed()
    assert "no earlier round" in text((await small.admin.press("compare_results", "r1")).view)
    small.town.clock.move(days=400)
    await small.closed("r2")
    for about in ("r1 r2", "r2 r2", "r2 x", "x"):
        assert (
            "earlier round" in (said := text((await small.admin.press("compare_results", about)).view))
            or "no longer here" in said
        )


# --- The round's own card ---------------------------------------------------------------------------------------------


async def test_a_closed_round_with_scales_leads_to_its_result(small: Here) -> None:
    await small.closed()
    assert "Result" in labels(await small.admin.press("round", "r1"))


def test_what_a_link_is_about_is_read_again() -> None:
    assert handled.parts_of("r1") == ("r1", None, None)
    assert handled.parts_of(handled.for_role("r1", "chefer")) == ("r1", "chefer", None)
    assert handled.parts_of(handled.for_role("r1", "")) == ("r1", "", None)
    assert handled.parts_of("r2 r1") == ("r2", None, "r1")


def test_where_no_group_has_rated_anything_the_card_says_just_that() -> None:
    for mode, reason in ((Mode.NOTES, "No group has rated anything"), (Mode.SEALED, "at least 5 people of a role")):
        nothing = assessment.result(round_of(ASKED, mode), {})
        card = results.for_coordinators(results.Shown(nothing, MODEL, ""))
        assert (reason in text(card), card.items) == (True, ())


def test_what_is_named_on_the_page_agrees_in_number_in_swedish() -> None:
    swedish = Translators(catalogues.FOLDER)(Language.SWEDISH)
    found = assessment.compare(*(assessment.result(round_of(one, Mode.SEALED), {}) for one in (SHORTER, ASKED)))
    assert "Nytt: 1. Det står på sidan." in plain(results.compared(found, MODEL, ""), swedish)


def round_of(asked: QuestionSet, mode: Mode) -> About:
    return About("r", MODEL.id, asked.title, boxes(asked, [one.words for one in MODEL.role_groups]), mode, NOW)
