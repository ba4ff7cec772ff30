"""Question sets in programme files: what becomes of them, and every mistake in them named where it stands."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.domain.calendar_shift import copied
from bot.domain.people import Language
from bot.domain.programmes import Programme, RoleGroup
from bot.domain.rounds import Area, Mode, Purpose, Scale, boxes
from bot.domain.words import Localised
from config.programme_files import SAMPLES, as_lines, check, read
from tests.fixtures.seed_board import WORDINGS

TODAY = date(2026, 11, 21)
EVERY_KEY = Path(__file__).with_name("every_key.yaml").read_text("utf-8")
LANGUAGES = {language.value for language in Language}


def sample(name: str) -> Programme:
    return read(next(path for path in SAMPLES if path.stem == name))


def noticed(tmp_path: Path, old: str, new: str) -> list[str]:
    assert old in EVERY_KEY
    file = tmp_path / "p.yaml"
    file.write_text(EVERY_KEY.replace(old, new, 1), "utf-8")
    return as_lines(check([file], TODAY))


# --- What becomes of them ---------------------------------------------------------------------------------------------


def test_the_kick_off_has_the_nine_wordings_of_the_board_that_it_replaces() -> None:
    programme = sample("modellkonceptet")
    kick_off = programme.question_set("uppstart")
    assert kick_off is not None
    found = {
        (box.role, question.id): question.text.wordings["sv"]
        for box in boxes(kick_off, [group.words for group in programme.role_groups])
        for question in box.questions
    }
    assert found == WORDINGS
    assert [question.purpose for question in kick_off.questions] == list(Purpose)


def test_the_questions_for_planning_are_signed_and_the_fourth_is_for_mentors_alone() -> None:
    programme = sample("modellkonceptet")
    planning = programme.question_set("planering")
    assert planning is not None
    assert (planning.by_role, planning.signed, planning.mail_to.partition("@")[0]) == (False, True, "processledare")
    (box,) = boxes(planning, [group.words for group in programme.role_groups])
    mentor = programme.marks["mentor"][0]
    assert [len(box.asked_of(programme.marks_of(key))) for key in (mentor, "SE-1281")] == [4, 3]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_question_of_the_samples_is_in_all_four_languages(path: Path) -> None:
    for one in read(path).question_sets:
        wordings = [one.title, *([one.intro] if one.intro else [])]
        wordings += [text for q in one.questions for text in (q.text, *q.variants.values())]
        assert all(set(words.wordings) >= LANGUAGES for words in wordings)


def test_every_key_becomes_what_it_means(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(EVERY_KEY, "utf-8")
    programme = read(file)
    only, rated = programme.question_sets
    (question,) = only.questions
    assert programme.role_groups[0] == RoleGroup(
        "politiker", Localised({"sv": "Politiker"}), Localised({"sv": "politikerna"})
    )
    assert programme.marks == {"mentor": ("SE-20", "SE-1281")}
    assert (only.mode, only.by_role, only.signed, only.moderated, only.votes) == (Mode.NOTES, True, True, True, 3)
    assert question.variants == {"chefer": Localised({"sv": "Vad kan ni i er linje göra?"})}
    assert (question.roles, question.organisations) == (("politiker", "chefer"), ("mentor",))
    assert question.whom == (Localised({"sv": "mentorerna"}),)
    assert (only.version, only.areas) == ("2027", (Area("ledning", Localised({"sv": "Ledning"})),))
    assert (question.help, question.scale) == (Localised({"sv": "Tänk på det senaste året."}), None)
    direction, time = rated.questions
    assert direction.scale == Scale(0, 6, Localised({"sv": "Inte alls"}), Localised({"sv": "Helt"}))
    assert (direction.area, direction.was) == ("ledning", ("mal",))
    assert time.scale == Scale(1, 5, Localised({"sv": "Aldrig"}), Localised({"sv": "Alltid"}))


def test_a_copy_of_a_programme_has_its_questions_and_marks() -> None:
    programme = sample("modellkonceptet")
    made = copied(programme, "nytt", "2028", 364)
    assert (made.question_sets, made.marks) == (programme.question_sets, programme.marks)


def test_a_set_is_by_role_unless_it_says_otherwise_and_never_without_role_groups(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(EVERY_KEY.replace("    by_role: yes\n", ""), "utf-8")
    assert read(file).question_sets[0].by_role
    assert not replace(sample("masterclass-medborgardialog")).question_sets[0].by_role


# --- Mistakes ---------------------------------------------------------------------------------------------------------

MISTAKES = [
    ("[Region Dalarna, SE-1281]", "[Region Dalana]", "is called 'Region Dalana' (did you mean Region Dalarna?)"),
    ("organisations: [Region Dalarna, SE-1281]", "organisations: []", "organisations is missing in marks"),
    ("mode: notes", "mode: sealedd", "'sealedd' is not one of notes, sealed (did you mean sealed?)"),
    ("mode: notes", "mode: sealed", "sealed answers are never signed"),
    ("mode: notes", "mode: sealed", "sealed questions are for everybody"),
    ("by_role: yes", "by_role: no", "{role} needs a box for each role group"),
    ("by_role: yes", "by_role: no", "roles and variants need a box for each role group"),
    ("{role: chefer, text", "{role: chefr, text", "'chefr' is not one of politiker, chefer (did you mean chefer?)"),
    ("roles: [politiker, chefer]", "roles: [politker]", "(did you mean politiker?)"),
    ("organisations: [mentor]", "organisations: [mentro]", "'mentro' is not one of mentor (did you mean mentor?)"),
    ("purpose: expectation", "purpose: expektation", "(did you mean expectation?)"),
    ("mode: notes", "mode: sealed", "and then nobody can vote"),
    ("votes: 3", "votes: 99", "votes must be a whole number from 0 to 20"),
    ("mail_to: processledare@example.org", "mail_to: processledare", "mail_to must be an e-mail address"),
    ("text: Vad kan ni i er linje göra?", "text: 'Vad kan {rolle} göra?'", "warning: {rolle} stays as it is"),
    ("text: Vad kan ni i er linje göra?", "text: " + "x" * 201, "has 201 characters and may have 200"),
    ("title: Uppstarten", "titel: Uppstarten", "(did you mean title?)"),
    ("name: Politiker, called: politikerna", "name: Politiker, called: " + "x" * 76, "may have 75"),
    ("most: 6", "most: 12", "a scale has 2 to 10 steps, and this one has 13"),
    ("least: 0, most: 6", "least: 5, most: 5", "a scale has 2 to 10 steps, and this one has 1"),
    ("low: Inte alls, ", "", "low is missing in scale"),
    ("low: Aldrig", "lo: Aldrig", "(did you mean low?)"),
    ("        area: ledning", "        area: ledningen", "'ledningen' is not one of ledning (did you mean ledning?)"),
    ("was: [mal]", "was: [tid]", "'tid' is the id of a question of this set"),
    ("        was: [mal]", "        purpose: need", "what is rated has no purpose of its own"),
    ("    mode: sealed", "    votes: 3", "nobody votes for ratings"),
    ('version: "2027"', "version: " + "x" * 41, "has 41 characters and may have 40"),
    ("help: Tänk", "help: " + "x" * 300, "and may have 300"),
    ("- {id: ledning, name: Ledning}", "- {id: ledning}", "name is missing in areas"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "says"), MISTAKES)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    line = EVERY_KEY[: EVERY_KEY.index(old)].count("\n") + 1
    found = [one for one in noticed(tmp_path, old, new) if says in one]
    assert found, noticed(tmp_path, old, new)
    assert abs(int(found[0].split("p.yaml:")[1].split(":")[0]) - line) <= 10  # where it is, or at its own question


def test_the_same_question_id_twice_in_a_set_is_noticed_and_in_two_sets_is_not(tmp_path: Path) -> None:
    question = "      - {id: bidra, text: En till?}\n"
    again = EVERY_KEY.replace("        purpose: expectation\n", f"        purpose: expectation\n{question}", 1)
    other = "  - id: andra\n    title: Andra\n    questions:\n" + question
    two_sets = EVERY_KEY.replace("        purpose: expectation\n", f"        purpose: expectation\n{other}", 1)
    file = tmp_path / "p.yaml"
    file.write_text(again, "utf-8")
    assert any("id 'bidra' is already used" in one for one in as_lines(check([file], TODAY)))
    file.write_text(two_sets, "utf-8")
    assert as_lines(check([file], TODAY)) == []


def many(tmp_path: Path, number: int, of_each: str) -> list[str]:
    asked = "".join(f"      - {{id: q{n}, text: Fråga {n}?{of_each}}}\n" for n in range(number))
    return noticed(tmp_path, "      - id: riktning\n", f"{asked}      - id: riktning\n")


def test_forty_statements_may_be_rated_and_ten_questions_answered_in_words(tmp_path: Path) -> None:
    assert many(tmp_path, 38, "") == []
    assert "questions has 41 entries and may have 40" in many(tmp_path, 39, "")[0]
    asked = "".join(f"      - {{id: q{n}, text: Fråga {n}?}}\n" for n in range(10))
    before = "        help: Tänk på det senaste året.\n        purpose: expectation\n"
    found = noticed(tmp_path, before, before + asked)
    assert "questions has 11 entries that are answered in words and may have 10" in found[0]


def test_a_question_that_grows_too_long_with_the_role_groups_in_it_is_noticed(tmp_path: Path) -> None:
    long = "text: '" + "{role} " * 20 + "'"  # 140 characters as written, 12 for each role group
    assert not noticed(tmp_path, "text: Vad kan ni i er linje göra?", long)
    text = EVERY_KEY.replace("name: Chefer}", f"name: Chefer, called: {'x' * 20}" + "}", 1)
    file = tmp_path / "p.yaml"
    file.write_text(text.replace("text: Vad kan ni i er linje göra?", long, 1), "utf-8")
    (found,) = as_lines(check([file], TODAY))
    assert "with the role groups in it a question has" in found


def test_more_than_one_page_can_show_is_noticed(tmp_path: Path) -> None:
    groups = "".join(f"  - {{id: g{n}, name: Grupp}}\n" for n in range(60))
    found = noticed(tmp_path, "  - {id: chefer, name: Chefer}\n", f"  - {{id: chefer, name: Chefer}}\n{groups}")
    assert not found
    text = EVERY_KEY.replace("        roles: [politiker, chefer]\n", "", 1).replace(
        'göra?"', "göra" + "x" * 170 + '?"', 1
    )
    file = tmp_path / "p.yaml"
    file.write_text(text.replace("  - {id: chefer, name: Chefer}\n", f"  - {{id: chefer, name: Chefer}}\n{groups}", 1))
    (found_one,) = as_lines(check([file], TODAY))
    assert "for all role groups the questions have" in found_one
