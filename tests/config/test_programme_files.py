"""A programme file becomes a programme, or a list of everything that is wrong in it."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.nudges import schedule
from bot.domain.programmes import AgendaItem, Enrolment, Format, Link, Occasion, OwnDate, Prices, Programme
from bot.domain.rules import AFTERWARDS, AGENDA, BETWEEN, DATE, LAST_CALL, LINK, Anchor, Audience, Rule, Topic
from bot.domain.words import Localised
from config.problems import Notes, Problem, Severity
from config.programme_files import ProgrammeErrors, as_lines, check, read
from config.yaml_text import root

EVERY_KEY = Path(__file__).with_name("every_key.yaml").read_text("utf-8")
TODAY = date(2026, 11, 21)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "p.yaml"


def problems(file: Path, old: str, new: str, today: date = TODAY) -> list[Problem]:
    """What is noticed when one place of a good file is changed; both lines of reasoning see the same file."""
    assert old in EVERY_KEY
    file.write_text(EVERY_KEY.replace(old, new, 1), "utf-8")
    return check([file], today)


def line_of(part: str) -> int:
    return EVERY_KEY[: EVERY_KEY.index(part)].count("\n") + 1


# --- good files -----------------------------------------------------------------------------------------------------


def test_a_file_with_every_key_has_no_problem_and_fills_every_field(file: Path) -> None:
    file.write_text(EVERY_KEY, "utf-8")
    programme = read(file)
    empty = {"cancelled", "sequence"}  # what becomes of an occasion later
    unset = [f.name for f in fields(Programme) if not getattr(programme, f.name)]
    unset += [f.name for f in fields(Occasion) if not getattr(programme.occasions[0], f.name)]
    assert set(unset) == empty
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


# --- mistakes -------------------------------------------------------------------------------------------------------

MISTAKES = [
    # (what stands in the good file, what is written instead, the message, the suggestion)
    ("    capacity: 24", "    capasity: 24", "unknown key 'capasity' in occasions", "capacity"),
    ("audience: Alla", "zzz: Alla", "unknown key 'zzz' in programme; the keys here are language, zone", ""),
    ("enrolment: cohort", "enrolment: cohorts", "enrolment: 'cohorts' is not one of single, cohort, closed", "cohort"),
    ("language: sv", "language: no", "language: 'no' is not one of sv, nb, nn, en, da", "nb"),
    ("zone: Europe/Stockholm", "zone: Europe/Stokholm", "'Europe/Stokholm' is not a time zone", "Europe/Stockholm"),
    ("zone: Europe/Stockholm", "zone: ../../etc/passwd", "'../../etc/passwd' is not a time zone", ""),
    ("zone: Europe/Stockholm", "zone: Europe", "'Europe' is not a time zone", ""),
    ("deadline: 2026-12-13", "deadline: 2026-02-30", "deadline: there is no day 2026-02-30 in the calendar", ""),
    (
        "deadline: 2026-12-13",
        "deadline: 13 december",
        "deadline must be a day such as 2027-02-09, not '13 december'",
        "",
    ),
    ("deadline: 2026-12-13", "deadline: 2027-02-18", "the deadline is not before the start of the programme", ""),
    ("    deadline: 2027-01-29", "    deadline: 2027-02-29", "there is no day 2027-02-29", ""),
    ("    deadline: 2027-01-29", "    deadline: 2027-02-18", "the deadline is not before the start of the occ", ""),
    ("    free_until: 2027-01-26", "    free_until: 2027-03-01", "free_until is not before the start", ""),
    ("asks_lodging: yes", "asks_lodging: maybe", "asks_lodging must be yes or no, not 'maybe'", ""),
    ("  occasion: 1 200", "  occasion: 12,50", "occasion must be a whole number from 0 to 10000000, not '12,50'", ""),
    ("  occasion: 1 200", "  occasion: ١٢", "occasion must be a whole number", ""),
    ("  currency: SEK", "  currency: sek", "currency: 'sek' is not one of SEK, NOK", "SEK"),
    ("late_cancellation: 50", "late_cancellation: 101", "late_cancellation must be a whole number from 0 to 100", ""),
    ("capacity: 24", "capacity: 0", "capacity must be a whole number from 1 to 100000, not '0'", ""),
    ("https://example.org/mote", "http://example.org/mote", "must be a web address", "https://example.org/mote"),
    ("https://example.org/mote", "https://exa mple.org", "link must be a web address that begins with https://", ""),
    ("https://example.org/mote", "javascript:alert(1)", "link must be a web address that begins with https://", ""),
    ("https://example.org/mote", "https://[::1", "link must be a web address that begins with https://", ""),
    ("email: a@example.org", "email: a(at)example.org", "email must be an e-mail address such as", ""),
    ("phone: +46 8 465 004 00", "phone: ring oss", "phone must be a telephone number such as", ""),
    ('from: "10:00", to: "17:00"', 'from: "25:00", to: "17:00"', "from must be a time such as 09:30, not '25:00'", ""),
    ('from: "10:00", to: "17:00"', 'from: "10:00", to: "09:00"', "ends at 09:00, which is not after its start", ""),
    ("date: 2027-02-19", "date: 2027-02-18", "the days do not follow each other in time", ""),
    ("date: 2027-03-11", "date: 2027-02-11", "occasions must stand in the order of time", ""),
    ("  - id: andra", "  - id: forsta", "id 'forsta' is already used on line", ""),
    ("  - id: andra", "  - id: Andra gången", "id must be at most 50 small letters a–z, digits and hyphens", ""),
    ("    title: Andra\n", "", "title is missing in occasions", ""),
    ("    title: Andra", f"    title: {'a' * 61}", "title has 61 characters and may have 60, so that it fits", ""),
    ("{en: Every key, sv: Varje nyckel}", f"{{en: {'a' * 121}}}", "title (en) has 121 characters and may have 120", ""),
    ("{en: Every key, sv: Varje nyckel}", "{en: Every key, sw: x}", "title: 'sw' is not one of sv, nb", "sv"),
    ("{en: Every key, sv: Varje nyckel}", "{sv: a, sv: b}", "title has a second text for sv", ""),
    ("{en: Every key, sv: Varje nyckel}", "[a]", "title must be a single value, not a list", ""),
    ("answer: Det står på kortet.", f"answer: {'a' * 2501}", "answer has 2501 characters and may have 2500", ""),
    ("for_roles: [politiker]", "for_roles: [politker]", "for_roles: 'politker' is not one of", "politiker"),
    ("    kind: recording", "    kind: video", "kind: 'video' is not one of agenda, slides, recording", ""),
    ("    kind: recording\n", "", "kind is missing in materials", ""),
    ("    occasion: forsta", "    occasion: frsta", "there is no occasion 'frsta'", "forsta"),
    ("    published: 2027-02-22", "    published: i mars", "published must be a day such as 2027-02-09", ""),
    ("  - id: inspelning-forsta", "  - id: Inspelning", "id must be at most 50 small letters", ""),
    ("[Vad nu?]\n", "[Vad nu?]\n  - {title: A, kind: film}\n  - {title: A, kind: film}\n", "known as 'a' too", ""),
    ("[Vad nu?]\n", "[Vad nu?]\n  - {title: A, kind: film}\n  - {id: a, title: B, kind: film}\n", "as 'a' too", ""),
    ("    title: Andra", "    title: |\n      En\n      Två", "title must be a single line: begin it with >-", ""),
    ("    title: Andra", "    title: {}", "title is missing in occasions", ""),
    ("topics: [Ett, Två]", "topics: ['', Två]", "topics is empty", ""),
    ("topics: [Ett, Två]", f"topics: [{'Ett, ' * 101}]", "topics has 101 entries and may have 100", ""),
    ("links:\n  - {title: Läs mer", "links: {title: Läs mer}\nx:\n  - {title: Läs mer", "links must be a list", ""),
    ("topics: [Ett, Två]", "topics: Ett", "topics must be a list: lines that begin with a hyphen", ""),
    (
        "  - {id: politiker, name: Politiker, called: politikerna}",
        "  - politiker",
        "role_groups must consist of lines such as",
        "",
    ),
    ("prices:\n", "prices: 12\nprices2:\n", "prices must consist of lines such as", ""),
    ("audience: Alla", "organiser: Igen", "'organiser' stands here a second time; the first is on line 5", ""),
    (", email: a@example.org, phone: +46 8 465 004 00", "", "a contact needs email or phone", ""),
    ("what: Slut, day: 2", "what: Slut, day: 3", "the agenda has a day 3, but the occasion has 2", ""),
    ("what: Slut, day: 2", "what: Slut, day: 1", None, ""),  # 13:00 on day 1 is fine too
    ('at: "13:00"', 'at: "14:00"', "14:00 in the agenda lies outside 09:00–13:00", ""),
    ('at: "10:00", what: Start', 'at: "10:00", what: Start, day: 2', None, ""),
    (
        'at: "13:00", what: Slut, day: 2',
        'at: "09:00", what: Slut',
        "the agenda does not stand in the order of time",
        "",
    ),
    ("enrolment: cohort", "enrolment: closed", None, ""),
    ("edition: våren 2027\nlang", "edition: 'våren\nlang", "cannot be read as YAML", ""),
    ("summary: En", "summary: Obs: En", "a text that contains a colon must stand in quotes", ""),
    ("  - {id: chefer", "\t- {id: chefer", "indent with spaces", ""),
    ("audience: Alla", "audience: \x07", "cannot be read as YAML", ""),
    ("topics: [Ett, Två]", f"topics: {'[' * 5000}", "cannot be read as YAML", ""),
    ("audience: Alla", "audience: &a Alla\nx: *a", "anchors (&) and aliases (*) cannot be used", ""),
    ("audience: Alla", "audience: &a [*a]", "anchors (&) and aliases (*) cannot be used", ""),
    ("audience: Alla", "{a: b}: Alla", "a key must be a single word", ""),
    ("id: utbildning", "id: forsta", "id 'forsta' is already used on line", ""),
    ("id: utbildning", "id: skicka-in", "id 'skicka-in' is already used on line", ""),
    ("date: 2027-02-01", "date: 2027-02-31", "date: there is no day 2027-02-31 in the calendar", ""),
    (", date: 2027-02-01", "", "date is missing in dates", ""),
    ("title: Introduktion, ", "", "title is missing in dates", ""),
    ('date: 2027-02-05, at: "13:00"', 'date: 2027-03-28, at: "02:30"', "02:30 does not exist on 2027-03-28", ""),
    ("  between: off", "  betwen: off", "there is no reminder 'betwen' to turn off; those of every", "between"),
    ("  between: off", "  between: of", "between must be off, or settings in braces such as", ""),
    ("  between: off", "  between: [off]", "reminders must consist of lines such as", ""),
    ("  between: off", "  boka-rum: off", "'boka-rum' stands here a second time", ""),
    ("{days_before: 21", "{days_befor: 21", "unknown key 'days_befor' in reminders", "days_before"),
    ("days_before: 21", "days_before: 400", "days_before must be a whole number from 0 to 365, not '400'", ""),
    ("days_before: 21", "days_before: -7", "days_before must be a whole number from 0 to 365, not '-7'", ""),
    (
        "days_before: 21",
        "minutes_before: 21",
        "minutes_before does not fit agenda: it takes days_before",
        "days_before",
    ),
    ("days_before_deadline: 5", "minutes_before: 5", "minutes_before does not fit last_call", "days_before_deadline"),
    ("  between: off", "  day_before: {days_before: 2}", "its name says when it comes; only at can be changed", ""),
    ("minutes_before: 30", 'minutes_before: 30, at: "09:00"', "at cannot stand beside minutes", ""),
    ("minutes_before: 30", "minutes_before: 1441", "minutes_before must be a whole number from 0 to 1440", ""),
    ('at: "08:30"', "at: 830", "at must be a time such as 09:30, not '830'", ""),
    ("to: [contacts]", "to: [contact]", "to: 'contact' is not one of participants, unfinished", "contacts"),
    ("to: [contacts]", "to: contacts", "to must be a list", ""),
    ("to: [contacts]", "to: [unfinished]", "unfinished are only reminded of a deadline", ""),
    ("to: [contacts]", "to: [absent]", "absent get catch_up, or a reminder of your own: with days_after", ""),
    ("  between: off", "  catch_up: {to: [participants]}", "catch_up tells what somebody has missed: it only", ""),
    ("  between: off", "  catch_up: {days_after: 3}", None, ""),
    ("[participants, coordinators]", "[channels]", "the link is only shown to those who are registered", ""),
    (
        "  between: off",
        "  plan: {to: [participants]}",
        "plan says what each reader has taken on: it only goes to owners",
        "",
    ),
    ("only: [andra]", "only: [andre]", "only: 'andre' is not one of forsta, andra", "andra"),
    ("only: [andra]", "only: [skicka-in]", "only: 'skicka-in' is not one of forsta, andra", ""),
    ("only: [skicka-in]", "only: [forsta]", "only: 'forsta' is not one of skicka-in, utbildning", ""),
    ("boka-rum: {days_before: 30, ", "boka-rum: {", "boka-rum must say once when it comes: days_before, ", ""),
    ("days_before: 30", "days_before: 30, days_after: 1", "once when it comes: days_before, days_after, minutes_b", ""),
    (", text: Boka rum.", "", "'boka-rum' is none of the reminders of every programme", ""),
    ("  boka-rum:", "  last-call:", "'last-call' is none of the reminders of every programme", "last_call"),
    ("  boka-rum:", "  Boka rum:", "the name of a reminder must be at most 50 small letters", ""),
    ("text: Boka rum.", f"text: {'a' * 1001}", "text has 1001 characters and may have 1000", ""),
    (
        "  between: off",
        "\n".join(f"  x{n}: {{minutes_after: 1, text: x}}" for n in range(94)),
        "reminders has 101 entries and may have 100",
        "",
    ),
    ("draft: yes", "draft: maybe", "draft must be yes or no, not 'maybe'", ""),
    # what can never come
    (
        "minutes_before: 30",
        "minutes_before: 0",
        "link can never come: it would be due Thursday 2027-02-18 at 10:00",
        "",
    ),
    ("{days_before: 30", '{at: "13:00", days_before: 0', "at 13:00, and andra has begun then", ""),
    ("{days_after: 2}", "{days_after: 0}", "at 09:00, and forsta has not ended then", ""),
    (
        "days_before_date: 3, only: [skicka-in]",
        'days_before_date: 0, only: [utbildning], at: "14:00"',
        "date can never come: it would be due Friday 2027-02-05 at 14:00, and utbildning is over then",
        "",
    ),
]


@pytest.mark.parametrize(("old", "new", "message", "suggestion"), MISTAKES)
def test_a_mistake_is_named(file: Path, old: str, new: str, message: str | None, suggestion: str) -> None:
    errors = [problem for problem in problems(file, old, new) if problem.severity is Severity.ERROR]
    assert (message is None) == (not errors)
    found = [problem for problem in errors if message is not None and message in problem.message]
    assert found or not errors, as_lines(errors)
    assert not suggestion or found[0].suggestion == suggestion


def test_a_mistake_is_found_at_its_line_and_column(file: Path) -> None:
    (problem,) = problems(file, "capacity: 24", "capacity: 0")
    assert (problem.line, problem.column) == (line_of("capacity: 24"), 15)


def test_a_missing_key_points_to_the_part_that_lacks_it(file: Path) -> None:
    (problem,) = problems(file, "    title: Andra\n", "")
    assert (problem.line, problem.column) == (line_of("  - id: andra"), 5)


def test_an_unknown_key_points_to_itself(file: Path) -> None:
    (problem,) = problems(file, "audience: Alla", "audeince: Alla")
    assert (problem.line, problem.column, problem.suggestion) == (line_of("audience"), 1, "audience")


def test_every_mistake_is_reported_at_once_in_the_order_of_lines(file: Path) -> None:
    text = EVERY_KEY.replace("capacity: 24", "capacity: x").replace("zone: Europe/Stockholm", "zone: Mars")
    text = text.replace("date: 2027-03-11", "date: 2027-02-31").replace("kind: recording", "kind: video")
    file.write_text(text, "utf-8")
    with pytest.raises(ProgrammeErrors) as refused:
        read(file)
    assert [problem.line for problem in refused.value.problems] == [
        line_of("zone:"),
        line_of("capacity"),
        line_of("date: 2027-03-11"),
        line_of("kind:"),
    ]


def test_a_time_that_the_clocks_skip_is_a_mistake(file: Path) -> None:
    file.write_text(EVERY_KEY.replace('2027-03-11, from: "10:00"', '2027-03-28, from: "02:30"'), "utf-8")
    with pytest.raises(ProgrammeErrors, match="02:30 does not exist on 2027-03-28: the clocks go forward"):
        read(file)


def test_the_printed_form_can_be_followed_by_an_editor(file: Path) -> None:
    printed = as_lines(problems(file, "    capacity: 24", "    capasity: 24"))
    where = f"{file}:{line_of('capacity')}:5"
    assert printed == [f"{where}: error: unknown key 'capasity' in occasions (did you mean capacity?)"]


def test_what_someone_wrote_cannot_forge_lines_or_flood_the_terminal(file: Path) -> None:
    (line,) = as_lines(problems(file, "capacity: 24", f'capacity: "a\\n\\e[31m{"b" * 500}"'))
    assert "\n" not in line
    assert "\x1b" not in line
    assert len(line) < 400


# --- warnings -------------------------------------------------------------------------------------------------------

WARNINGS = [
    (
        'at: "08:30"',
        'at: "07:00"',
        "07:00 lies outside working hours (08–17): what is about forsta comes Thursday 2027-01-",
    ),
    ('at: "08:30"', 'at: "17:00"', "17:00 lies outside working hours"),
    ("  between: off", '  day_before: {at: "18:00"}', "about forsta comes Wednesday 2027-02-17 at 16:00"),
    ("date: 2027-02-01", "date: 2026-11-20", "2026-11-20 lies in the past"),
    (
        "  between: off",
        "  between: {to: [coordinators]}",
        "between is never due: no occasion has homework and at least",
    ),
    ("link: https://example.org/mote", "", "link is never due: no occasion has a link"),
    ("date: 2027-03-11", "date: 2027-03-13", "2027-03-13 is a Saturday"),
    ("date: 2027-03-11", "date: 2027-03-26", "2027-03-26 is a public holiday in Sweden (Good Friday)"),
    ("date: 2027-03-11", "date: 2027-06-25", "2027-06-25 is a public holiday in Sweden (Midsummer Eve)"),
    ("deadline: 2026-12-13", "deadline: 2026-11-20", "the deadline has passed: nobody can register"),
    ("asks_lodging: yes", "asks_lodging: no", "the price for lodging is never charged: asks_lodging is not yes"),
    ("enrolment: cohort", "enrolment: single", "the price for programme is never charged: enrolment is single"),
    ("package: 2000", "package: 5000", "the package costs more than all occasions one by one"),
    ("format: on_site\n    place: Stockholm", "format: on_site", "on_site, but no place"),
]


@pytest.mark.parametrize(("old", "new", "message"), WARNINGS)
def test_a_doubt_is_a_warning_and_the_file_can_be_used(file: Path, old: str, new: str, message: str) -> None:
    found = problems(file, old, new)
    assert any(message in problem.message for problem in found), as_lines(found)
    assert {problem.severity for problem in found} == {Severity.WARNING}
    read(file)


def test_a_reminder_that_fits_only_some_occasions_says_which_one_goes_without(file: Path) -> None:
    text = EVERY_KEY.replace('{days_before: 21, at: "08:30"}', "{days_before: 0}")
    file.write_text(text.replace('2027-03-11, from: "10:00"', '2027-03-11, from: "08:30"'), "utf-8")
    (problem,) = check([file], TODAY)
    assert problem.message == (
        "agenda does not come for andra: it would be due Thursday 2027-03-11 at 09:00, and andra has begun then"
    )
    assert (problem.line, problem.column, problem.severity) == (line_of("  agenda: {"), 3, Severity.WARNING)


def test_a_wrong_occasion_is_not_blamed_on_its_reminders(file: Path) -> None:
    found = problems(file, "date: 2027-03-11", "date: 2027-03-41")
    assert [problem.message for problem in found if problem.severity is Severity.ERROR] == [
        "date: there is no day 2027-03-41 in the calendar"
    ]


def test_mistakes_in_reminders_come_with_all_the_others_and_at_their_places(file: Path) -> None:
    text = EVERY_KEY.replace("minutes_before: 30", "minutes_before: 0").replace("kind: recording", "kind: video")
    file.write_text(text.replace("to: [contacts]", "to: [contact]"), "utf-8")
    places = [(problem.line, problem.column) for problem in check([file], TODAY)]
    to = EVERY_KEY.splitlines()[line_of("  boka-rum") - 1].index("contacts") + 1
    assert places == [(line_of("kind: recording"), 11), (line_of("  link: {min"), 3), (line_of("  boka-rum"), to)]


def test_norwegian_days_off_are_known_where_the_programme_is_norwegian(file: Path) -> None:
    file.write_text(
        EVERY_KEY.replace("Europe/Stockholm", "Europe/Oslo").replace("date: 2027-03-11", "date: 2027-05-17"), "utf-8"
    )
    assert "a public holiday in Norway" in check([file], TODAY)[0].message


def test_a_past_date_is_a_warning_except_in_an_archive(file: Path) -> None:
    later = date(2027, 12, 1)
    assert any("lies in the past" in problem.message for problem in problems(file, "id: every-key", "id: old", later))
    assert problems(file, "enrolment: cohort", "enrolment: closed", later) == [
        problem for problem in check([file], later) if "never charged" in problem.message
    ]


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
