"""Whatever is wrong or doubtful in a programme file is named, at its place and all at once."""

from datetime import date
from pathlib import Path

import pytest

from config.problems import Severity
from config.programme_files import ProgrammeErrors, as_lines, check, read
from tests.config.a_programme import EVERY_KEY, TODAY, line_of, problems


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "p.yaml"


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
    ("  boka-rum:", "  own-room:", "the name of a reminder must not begin with own-", ""),
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


@pytest.mark.parametrize(("last", "passed"), [(f"{TODAY} 13:00", False), (f"{TODAY}", False), ("2026-11-19", True)])
def test_a_deadline_later_today_has_not_passed(file: Path, last: str, passed: bool) -> None:
    found = problems(file, "deadline: 2026-12-13", f"deadline: {last}")
    assert any("the deadline has passed" in problem.message for problem in found) is passed


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


@pytest.mark.parametrize(("good", "pasted"), [("\n  sv: ", "\n\u00a0\u00a0sv: "), ("\ntitle:\n", "\ntitle:\u00a0\n")])
def test_an_invisible_space_from_word_is_pointed_at(file: Path, good: str, pasted: str) -> None:
    text = "id: a\ntitle:\n  sv: Ett\n  nb: To\n"
    file.write_text(text.replace(good, pasted, 1), encoding="utf-8")
    assert "this space is no ordinary one" in as_lines(check([file], TODAY))[0]
    file.write_text(text, encoding="utf-8")  # the same file, typed
    assert "ordinary" not in "".join(as_lines(check([file], TODAY)))
