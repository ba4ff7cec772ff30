"""Materials: in the order one learns, recommended ones first, links only for whom they are for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.domain import ids
from bot.domain.calendar_shift import copied
from bot.domain.materials import from_occasion, has_come, of_occasion, publishing_order, working_link
from bot.domain.programmes import Material, Programme
from bot.flows import buttons, catching_up, material_links, materials, reminders
from bot.flows.materials import Page, Reader
from bot.messages import Card, Form, Item, View
from tests.flows.material_scenes import TALKS
from tests.flows.samples import COHORT, FREE, NOW, SINGLE, words
from tests.flows.walking import Walk
from tests.handlers.town import text

SLIDES = next(one for one in TALKS.materials if one.id == "bilder")
SECRET = "https://example.org/hemligt"


def card(reader: Reader | None = None, *programmes: Programme, page: str = "") -> Card:
    return materials.card(programmes or (TALKS,), reader or Reader(), NOW, Page.of(page))


def titles(shown: Card) -> list[str]:
    return [text(Card(item.title)) for item in shown.items]


def item(shown: Card, title: str) -> Item:
    return next(one for one in shown.items if text(Card(one.title)) == title)


def labels(shown: Card | Item) -> list[str]:
    return [text(Card(button.label)) for button in shown.buttons]


# --- The list ---------------------------------------------------------------------------------------------------------


def test_P6_learning_order_has_the_stages_as_headings() -> None:
    assert titles(card()) == [
        "Handledning", "Stage: Komma igång", "Att komma igång", "Bilder", "Till chefer",
        "Stage: Hålla igång", "Att hålla igång", "Protokoll",
    ]  # fmt: skip


def test_P6_publishing_order_is_one_button_away_and_so_is_the_way_back() -> None:
    (there,) = [button for button in card().buttons if text(Card(button.label)) == "Newest first"]
    assert there.action is not None
    by_day = card(page=there.action.about)
    assert titles(by_day)[:2] == ["Att komma igång", "Att hålla igång"]
    assert titles(by_day)[-1] == "Bilder"
    (back,) = [button for button in by_day.buttons if text(Card(button.label)) == "In learning order"]
    assert back.action is not None
    assert titles(card(page=back.action.about)) == titles(card())


def test_P6_what_is_recommended_to_the_reader_is_first_in_its_stage_and_says_so() -> None:
    mine = Reader(roles={TALKS.id: frozenset({"chefer"})})
    shown = titles(card(mine))
    assert shown.index("Till chefer") == shown.index("Stage: Komma igång") + 1
    assert "Recommended for chefer" in text(card(mine))
    assert "Recommended" not in text(card(Reader(roles={TALKS.id: frozenset({"strateger"})})))


def test_P6_a_talk_has_its_abstract_and_the_speakers_with_their_titles() -> None:
    said = text(card())
    for part in ("Recording, published", "Om starten.", "Jacob Torfing: Professor i politik", "  Eva"):
        assert part in said


def test_P6_the_reflection_questions_stand_with_the_material() -> None:
    assert "To think about:\n  • Vem är du?" in text(card())


def test_P6a_what_is_missing_is_to_come_and_one_can_be_told() -> None:
    slides = item(card(), "Bilder")
    assert "Slides: to come Tuesday 16 March 2027" in text(card())
    assert labels(slides) == ["Tell me when it is here"]
    waits = item(card(Reader(awaits=frozenset({(TALKS.id, "bilder")}))), "Bilder")
    assert labels(waits) == ["Do not tell me"]


def test_a_day_that_has_passed_is_not_promised_any_more() -> None:
    late = replace(TALKS, materials=(replace(SLIDES, published=date(2027, 1, 11)),))
    assert "Slides: to come\n" in text(card(None, late)) + "\n"


@pytest.mark.parametrize(("reader", "seen"), [
    (Reader(), False),
    (Reader(member_of=frozenset({"another"})), False),
    (Reader(member_of=frozenset({TALKS.id, FREE.id})), True),
    (Reader(coordinates=True), True),
])  # fmt: skip
def test_P6c_the_link_for_members_is_in_nothing_that_others_get(reader: Reader, seen: bool) -> None:
    for shown in (card(reader), card(reader, page="*"), catching_up.package(FOR_MEMBERS, MEETING, reader, NOW)):
        assert (SECRET in repr(shown)) == seen
        assert ("For those who are registered." in text(shown)) != seen


FOR_MEMBERS = replace(FREE, materials=(TALKS.materials[-1],))
MEETING = FREE.occasions[0]


def test_P6c_thanks_in_a_channel_are_without_links_for_members() -> None:
    assert SECRET not in repr(catching_up.thanks(FOR_MEMBERS, MEETING, NOW, member=False))
    assert SECRET in repr(catching_up.thanks(FOR_MEMBERS, MEETING, NOW, member=True))


def test_an_address_is_only_ever_behind_a_button() -> None:
    for shown in (card(Reader(coordinates=True)), materials.does_not_work(TALKS, TALKS.materials[0])):
        bare = replace(shown, buttons=(), items=tuple(replace(one, buttons=()) for one in shown.items))
        assert "https://" in repr(shown)
        assert "https://" not in repr(bare)


def many(count: int) -> Programme:
    found = tuple(
        Material(words(f"M{n}"), "film", f"https://example.org/{n}", TALKS.materials[1].stage) for n in range(count)
    )
    return replace(TALKS, materials=found)


def test_a_long_list_goes_on_with_show_more_and_says_where_one_is() -> None:
    first = card(None, many(10))
    assert "1–8 of 10" in text(first)
    more = first.buttons[0].action
    assert more is not None
    rest = card(None, many(10), page=more.about)
    assert titles(rest) == ["Stage: Komma igång", "M8", "M9"]
    assert "Show more" not in labels(rest)


@pytest.mark.parametrize("about", [":99999", "*:x", ":-1", "*:7777777777777", " * * ::"])
def test_a_page_that_is_not_there_is_the_first_one(about: str) -> None:
    assert materials.card((TALKS,), Reader(), NOW, replace(Page.of(about), programme="")).items


def test_of_several_programmes_each_has_its_heading() -> None:
    other = replace(TALKS, id="annat", title=words("Annat"))
    shown = titles(card(None, TALKS, other, page="*:4"))
    assert [shown[0], shown[3]] == ["Dialog", "Annat"]


def test_nothing_is_said_to_be_nothing() -> None:
    assert "There is no material yet." in text(materials.card((), Reader(), NOW, Page()))


def test_a_meeting_that_is_over_has_the_way_to_what_one_missed() -> None:
    assert "I was not at Träff a" not in labels(card())
    held = materials.card((TALKS,), Reader(), TALKS.occasions[0].ends_at, Page())
    assert "I was not at Träff a" in labels(held)


# --- What belongs to what ---------------------------------------------------------------------------------------------


def test_an_id_is_made_of_the_title_and_always_the_same() -> None:
    assert Material(words("Å, så är det: Øl & Æblen!"), "film").id == "a-sa-ar-det-ol-aeblen"
    assert Material(words("Annat"), "film", id="eget").id == "eget"
    long = ["a" * 70 + end for end in ("b", "c")]
    assert len({ids.from_title(one) for one in (*long, "שלום", "!", "?")}) == 5
    assert all(len(ids.from_title(one)) <= ids.LONGEST for one in long)


def test_the_only_meeting_has_what_belongs_to_none() -> None:
    assert of_occasion(FOR_MEMBERS, MEETING) == FOR_MEMBERS.materials
    assert [one.id for one in of_occasion(TALKS, TALKS.occasions[0])] == ["bilder"]
    assert of_occasion(TALKS, TALKS.occasions[1]) == ()


def test_the_next_edition_has_not_the_last_ones_slides_but_its_guides() -> None:
    shown = replace(TALKS, materials=(TALKS.materials[0], replace(SLIDES, url="https://example.org/b")))
    new = copied(shown, "ny", "2028", 364)
    assert [(one.url, one.published) for one in new.materials] == [("https://example.org/guide", None), ("", None)]


def test_what_is_waited_for_has_come_with_a_link_and_another_one_than_the_dead() -> None:
    there = replace(SLIDES, url="https://example.org/dead")
    programme = replace(TALKS, materials=(there,))
    assert has_come(TALKS, "bilder") == ()
    assert has_come(programme, "bilder") == has_come(programme, from_occasion("a")) == (there,)
    assert has_come(programme, working_link(there)) == ()
    mended = replace(TALKS, materials=(replace(there, url="https://example.org/new"),))
    assert has_come(mended, working_link(there)) == mended.materials


def test_what_is_to_come_stands_with_the_soonest_first() -> None:
    later = replace(SLIDES, id="x", published=date(2027, 9, 1))
    assert [one.id for one in publishing_order(replace(TALKS, materials=(later, SLIDES)))] == ["bilder", "x"]


# --- Catching up ------------------------------------------------------------------------------------------------------


def test_P6_the_package_says_what_was_said_what_to_do_and_when_we_meet_next() -> None:
    first, second, third = SINGLE.occasions
    first = replace(first, homework=(words("Prova hemma"),), purpose=words("Att börja"))
    second = replace(second, preparation=(words("Läs kapitel två"),))
    said = text(catching_up.package(replace(TALKS, occasions=(first, second, third)), first, Reader(), NOW))
    for part in (
        "Att börja",
        "09.30 Välkomna",
        "• Prova hemma",
        "Before the next meeting:\n• Läs kapitel två",
        "Next meeting of the programme: Träff b, Tuesday 16 March 2027",
        "Slides: to come",
        "Not all material is here yet",
    ):
        assert part in said, part


def test_P6_whoever_catches_up_late_is_told_of_no_meeting_that_is_over() -> None:
    first, second, third = SINGLE.occasions
    prepared = replace(SINGLE, occasions=(first, replace(second, preparation=(words("Läs kapitel två"),)), third))
    late = text(catching_up.package(prepared, first, Reader(), second.ends_at))
    assert "Next meeting of the programme: Träff c, Tuesday 4 May 2027" in late
    assert "Läs kapitel två" not in late
    assert "Next meeting" not in text(catching_up.package(prepared, first, Reader(), third.ends_at))


def test_P6_without_any_material_it_says_so_and_offers_to_tell() -> None:
    shown = catching_up.package(SINGLE, SINGLE.occasions[0], Reader(), NOW)
    assert "There is no material from this meeting yet." in text(shown)
    (nothing,) = shown.items
    assert [str(button.action) for button in nothing.buttons] == ["await_material dialog occasion:a"]


def test_P6_among_other_reminders_of_the_day_the_package_keeps_its_buttons() -> None:
    package = catching_up.package(TALKS, TALKS.occasions[0], Reader(), NOW)
    together = reminders.digest([package, Card("Something else")])
    assert labels(item(together, "Bilder")) == ["Tell me when it is here"]


# --- The form of a link -----------------------------------------------------------------------------------------------


class Desk:
    """A desk that keeps what it is given, unless somebody is faster."""

    def __init__(self) -> None:
        self.kept: list[tuple[Material, str]] = []
        self.overtaken = 0

    def keep_link(self, programme: str, material: Material, *, seen: str) -> Programme:
        if self.overtaken:
            self.overtaken -= 1
            raise material_links.overtaken()
        self.kept.append((material, seen))
        return TALKS


def walk(desk: Any = None, **changes: Any) -> Walk:
    facts = material_links.Facts(TALKS, SLIDES, NOW.date(), waiting=2)
    room: Any = desk or Desk()
    return Walk(material_links.flow, material_links.draft(SLIDES), replace(facts, **changes), room)


def refused(view: View) -> str:
    assert isinstance(view, Form)
    return " ".join(text(Card(words)) for words in (*view.errors.values(), view.refusal))


@pytest.mark.parametrize("url", [
    "www.example.org", "javascript:alert(1)", "https://", "https:///x", "https://exa mple.org", "http://[::1",
    "data:text/html,x", "https://example.org/<x>", "ftp://example.org", "//example.org",
])  # fmt: skip
def test_what_is_no_web_address_is_refused_by_its_field(url: str) -> None:
    desk = Desk()
    assert "A link begins with https:// or http://" in refused(walk(desk).answer(url=url))
    assert desk.kept == []


@pytest.mark.parametrize(
    "url", ["https://example.org/a?b=c&d=%20#e", "http://intra.lund.se/x", "https://räksmörgås.se"]
)
def test_a_web_address_is_kept_as_it_was_typed(url: str) -> None:
    desk = Desk()
    done = text(walk(desk).answer(url=url, kind="recording", published="2027-01-09"))
    ((kept, seen),) = desk.kept
    assert (kept.url, kept.kind, kept.published, seen) == (url, "recording", date(2027, 1, 9), "")
    assert "2 people who wait for it are told." in done


def test_a_day_that_is_none_is_refused_and_none_at_all_is_fine() -> None:
    desk = Desk()
    assert "Please write the day, for" in refused(walk(desk).answer(url="https://x.se", published="i fjol"))
    for typed in ("", "i går"):
        walk(desk).answer(url="https://x.se", published=typed)
    none, yesterday = (one.published for one, _seen in desk.kept)
    assert none is None
    assert yesterday is not None


def test_who_opened_the_form_before_somebody_else_saved_is_asked_again() -> None:
    desk = Desk()
    other = replace(SLIDES, url="https://example.org/theirs")
    late = walk(desk, material=other)
    sure = late.answer(url="https://example.org/mine")
    assert "https://example.org/theirs" in text(sure)
    assert desk.kept == []
    late.answer()
    assert [(one.url, seen) for one, seen in desk.kept] == [("https://example.org/mine", other.url)]


def test_of_two_who_save_at_the_same_moment_the_second_sees_the_form_again() -> None:
    desk = Desk()
    desk.overtaken = 1
    again = walk(desk)
    assert "at the same moment" in refused(again.answer(url="https://example.org/mine"))
    again.answer()
    assert len(desk.kept) == 1


def test_P6_thanks_lead_to_the_next_meeting_where_each_is_registered_for_by_itself_and_it_is_open() -> None:
    def ways(programme: Programme, id: str, now: datetime) -> tuple[bool, bool]:
        card = catching_up.thanks(programme, programme.occasion(id), now, member=True)
        return "Next meeting of the programme" in text(card), buttons.register(programme) in card.buttons

    last_call = SINGLE.deadline_of(SINGLE.occasion("b"))
    assert ways(SINGLE, "a", last_call - timedelta(seconds=1)) == (True, True)
    assert ways(SINGLE, "a", last_call) == (True, False)
    assert ways(SINGLE, "c", NOW) == (False, False)
    assert ways(COHORT, "ett", NOW) == (False, False)
