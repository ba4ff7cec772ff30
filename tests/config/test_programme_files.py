"""A programme file becomes a programme, or is refused for what it is."""

from dataclasses import fields, replace
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.nudges import schedule
from bot.domain.programmes import AgendaItem, Enrolment, Format, Link, Occasion, OwnDate, Prices, Programme
from bot.domain.rules import AFTERWARDS, AGENDA, BETWEEN, DATE, LAST_CALL, LINK, Anchor, Audience, Rule, Topic
from bot.domain.words import Localised
from config.problems import Notes
from config.programme_files import ProgrammeErrors, check, read
from config.yaml_text import root
from tests.config.a_programme import EVERY_KEY, TODAY, problems


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "p.yaml"


# --- good files -----------------------------------------------------------------------------------------------------


def test_a_file_with_every_key_has_no_problem_and_fills_every_field(file: Path) -> None:
    file.write_text(EVERY_KEY, "utf-8")
    programme = read(file)
    later = {"cancelled", "sequence", "added_at", "filed", "agreed", "chat_rules", "chat_caution", "closed"}
    unset = [f.name for f in fields(Programme) if not getattr(programme, f.name)]
    unset += [f.name for f in fields(Occasion) if not getattr(programme.occasions[0], f.name)]
    assert set(unset) == later  # what becomes of it
    assert [p.message for p in check([file], TODAY)] == []


def test_values_become_what_they_mean(file: Path) -> None:
    file.write_text(EVERY_KEY, "utf-8")
    programme = read(file)
    assert programme.enrolment is Enrolment.COHORT
    assert programme.prices == Prices("SEK", 1200, 2000, 24000, 3000, 50)
    assert programme.joining_guide == Link(Localised({"sv": "Zoom"}), "https://example.org/zoom")
    assert programme.occasions[0].format is Format.HYBRID
    assert programme.occasions[0].agenda[1] == AgendaItem(time(13), Localised({"sv": "Slut"}), 2)
    assert programme.asks_challenge


def test_the_original_wording_stands_first(file: Path) -> None:
    file.write_text(EVERY_KEY, "utf-8")
    assert list(read(file).title.wordings) == ["sv", "en"]


def test_wall_clock_becomes_utc_and_a_last_day_counts_to_its_end(file: Path) -> None:
    file.write_text(EVERY_KEY, "utf-8")
    programme = read(file)
    first, second = programme.occasions
    assert first.days[1].starts_at == datetime(2027, 2, 19, 8, tzinfo=UTC)
    assert programme.deadline == datetime(2026, 12, 13, 23, tzinfo=UTC)  # midnight in Stockholm
    assert first.deadline == datetime(2027, 1, 29, 11, tzinfo=UTC)
    assert first.free_until == datetime(2027, 1, 26, 23, tzinfo=UTC)
    assert second.deadline == programme.deadline


def test_dates_are_a_whole_day_or_a_time_of_day(file: Path) -> None:
    file.write_text(EVERY_KEY, "utf-8")
    whole, timed = read(file).dates
    assert whole.at == datetime(2027, 2, 1, 22, 59, tzinfo=UTC)  # 23:59 in Stockholm
    assert timed == OwnDate("utbildning", Localised({"sv": "Introduktion"}), datetime(2027, 2, 5, 12, tzinfo=UTC))


def test_reminders_become_rules_and_what_they_leave_out_stays_as_everywhere(file: Path) -> None:
    file.write_text(EVERY_KEY, "utf-8")
    by_name = {rule.name: rule for rule in read(file).reminders}
    assert by_name["agenda"] == replace(AGENDA, days=-21, at=time(8, 30))
    assert by_name["link"] == replace(LINK, minutes=-30, to=(Audience.PARTICIPANTS, Audience.COORDINATORS))
    assert by_name["afterwards"] == replace(AFTERWARDS, days=2)
    assert by_name["last_call"] == replace(
        LAST_CALL, days=-5, text=Localised({"sv": "Snart stängt", "en": "Soon over"})
    )
    assert by_name["date"] == replace(DATE, days=-3, only=("skicka-in",))
    assert by_name["between"] == replace(BETWEEN, off=True)


def test_a_reminder_of_its_own_says_its_text_at_nine_or_at_the_very_minute(file: Path) -> None:
    file.write_text(EVERY_KEY, "utf-8")
    room, rating = read(file).reminders[-2:]
    text = Localised({"sv": "Boka rum."})
    to = (Audience.CONTACTS,)
    assert room == Rule("boka-rum", Topic.MESSAGE, Anchor.START, to, days=-30, at=time(9), only=("andra",), text=text)
    assert (rating.anchor, rating.minutes, rating.at) == (Anchor.END, 5, None)


COUNTS = [
    ("days_before: 14", Anchor.START, -14, 0),
    ("days_after: 60", Anchor.END, 60, 0),
    ("minutes_before: 45", Anchor.START, 0, -45),
    ("minutes_after: 0", Anchor.END, 0, 0),
    ("days_before_deadline: 2", Anchor.DEADLINE, -2, 0),
    ("days_before_date: 0", Anchor.DATE, 0, 0),
]


@pytest.mark.parametrize(("count", "anchor", "days", "minutes"), COUNTS)
def test_each_count_has_its_anchor_and_comes(file: Path, count: str, anchor: Anchor, days: int, minutes: int) -> None:
    assert problems(file, "days_before: 30, to: [contacts], only: [andra]", count) == []
    programme = replace(read(file), draft=False)
    (rule,) = [rule for rule in programme.reminders if rule.name == "boka-rum"]
    assert (rule.anchor, rule.days, rule.minutes) == (anchor, days, minutes)
    assert any(planned.rule is rule for planned in schedule(programme))


@pytest.mark.parametrize("off", ["off", "Off", "no", "nej", "false"])
def test_a_reminder_is_turned_off_in_any_of_these_words(file: Path, off: str) -> None:
    assert problems(file, "between: off", f"between: {off}") == []
    assert replace(BETWEEN, off=True) in read(file).reminders


def test_a_text_that_looks_like_another_type_stays_a_text(file: Path) -> None:
    file.write_text(EVERY_KEY.replace("title: Första", "title: no").replace("audience: Alla", "audience: 12"), "utf-8")
    programme = read(file)
    assert programme.occasions[0].title == Localised({"sv": "no"})
    assert programme.audience == Localised({"sv": "12"})


def test_an_empty_value_is_a_missing_one(file: Path) -> None:
    assert problems(file, "    capacity: 24", "    capacity:") == []
    assert problems(file, "organiser: Exempelorganisationen", "organiser:")[0].message == (
        "organiser is missing in programme"
    )


# --- files ----------------------------------------------------------------------------------------------------------


def test_two_files_may_not_have_the_same_programme_id(tmp_path: Path) -> None:
    paths = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    for path in paths:
        path.write_text(EVERY_KEY, "utf-8")
    (problem,) = check(paths, TODAY)
    assert (problem.file, problem.message) == (str(paths[1]), f"{paths[0]} has the same programme id, every-key")


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (b"", "must consist of lines such as"),
        (b"- a\n- b\n", "must consist of lines such as"),
        ("id: å".encode("latin-1"), "is not UTF-8 text"),
        (b"#" * 500_001, "a programme file may have 500000"),
        (b"a: b\n---\nc: d\n", "cannot be read as YAML"),
    ],
)
def test_a_file_that_is_no_programme_is_refused(file: Path, written: bytes, message: str) -> None:
    file.write_bytes(written)
    with pytest.raises(ProgrammeErrors, match=message):
        read(file)


def test_a_file_that_is_not_there_is_one_problem(file: Path) -> None:
    (problem,) = check([file], TODAY)
    assert problem.message == "cannot be opened: No such file or directory"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(file: Path) -> None:
    file.write_bytes(EVERY_KEY.replace("\n", "\r\n").encode("utf-8-sig"))
    assert read(file).id == "every-key"


@given(st.text(max_size=60))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    notes = Notes("x")
    assert root(text, notes) is not None or notes.problems
