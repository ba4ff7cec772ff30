"""The five programmes that come with the product are complete, correct, and about nobody's real address."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain import prices
from bot.domain.calendar_shift import shifted
from bot.domain.nudges import schedule
from bot.domain.people import Language
from bot.domain.programmes import Enrolment, Programme
from bot.domain.rounds import Mode
from config.programme_files import SAMPLES, as_lines, check, read

WRITTEN = date(2026, 11, 21)
LANGUAGES = {language.value for language in Language}

every_sample = pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)


def test_there_are_five_and_nothing_is_wrong_or_doubtful_in_them() -> None:
    assert len(SAMPLES) == 5
    assert as_lines(check(SAMPLES, WRITTEN)) == []


@every_sample
def test_a_file_is_named_after_its_programme(path: Path) -> None:
    assert read(path).id == path.stem


@every_sample
def test_titles_summaries_and_occasions_are_in_all_four_languages(path: Path) -> None:
    programme = read(path)
    for words in (programme.title, programme.summary, *(occasion.title for occasion in programme.occasions)):
        assert set(words.wordings) >= LANGUAGES


@every_sample
def test_what_to_prepare_and_do_at_home_and_by_when_is_in_all_four_languages(path: Path) -> None:
    programme = read(path)
    assert all(occasion.preparation for occasion in programme.occasions)
    tasks = [words for one in programme.occasions for words in (*one.preparation, *one.homework)]
    named = [words for date in programme.dates for words in (date.title, date.about)]
    for words in (*tasks, *named, *(rule.text for rule in programme.reminders if rule.text)):
        assert set(words.wordings) >= LANGUAGES


@every_sample
def test_that_nobody_sees_who_answered_is_said_by_us_and_not_once_more_by_a_sealed_set(path: Path) -> None:
    intros = [one.intro.wordings.get("sv", "") for one in read(path).question_sets if one.mode is Mode.SEALED]
    assert not [intro for intro in intros if re.search("för dig själv|vem som", intro)]


def test_the_norwegian_programme_is_to_be_read_in_both_kinds_of_norwegian_and_in_swedish() -> None:
    programme = sample("samskaping-webinarer")
    read_here = [programme.audience, *(one.about for one in programme.materials if one.about)]
    for words in (*read_here, *(words for entry in programme.faq for words in (entry.question, entry.answer))):
        assert set(words.wordings) >= {"nb", "nn", "sv"}


@every_sample
def test_every_reminder_that_a_programme_has_made_up_or_changed_really_comes(path: Path) -> None:
    programme = read(path)
    planned = {one.rule.name for one in schedule(programme)}
    assert {rule.name for rule in programme.reminders if not rule.off} <= planned


@every_sample
def test_questions_are_many_enough_and_contacts_say_what_they_answer(path: Path) -> None:
    programme = read(path)
    assert 14 <= len(programme.faq) <= 20
    assert all(entry.edition == programme.edition for entry in programme.faq)
    assert all(contact.about for contact in programme.contacts)


@every_sample
def test_only_reserved_addresses_are_used(path: Path) -> None:
    hosts = re.findall(r"(?:https://|@)([^\s/,}]+)", path.read_text("utf-8"))
    assert hosts
    assert all(host == "example.org" or host.endswith(".example.org") for host in hosts)


@every_sample
def test_answers_name_no_day_that_could_become_wrong(path: Path) -> None:
    """The sandbox moves dates, and coordinators do: an answer that repeats one would go stale."""
    answers = " ".join(text for entry in read(path).faq for text in entry.answer.wordings.values())
    assert not re.findall(r"\b\d{1,2}\.? (?:jan|feb|mar|apr|maj|mai|jun|jul|aug|sep|okt|nov|dec|des)", answers)


@every_sample
@pytest.mark.parametrize("later", [0, 30, 200, 900])
def test_the_sandbox_always_finds_it_open(path: Path, later: int) -> None:
    today = WRITTEN + timedelta(days=later)
    programme = shifted(read(path), today)
    assert programme.is_open(programme.deadline_of(programme.occasions[0]) - timedelta(days=1))
    assert programme.deadline_of(programme.occasions[0]).date() - today >= timedelta(days=6)


def sample(name: str) -> Programme:
    return read(next(path for path in SAMPLES if path.stem == name))


def test_the_advanced_programme_costs_what_its_description_says() -> None:
    programme = sample("fordjupningsprogram-toppolitiker")
    ids = [occasion.id for occasion in programme.occasions]
    assert programme.enrolment is Enrolment.COHORT
    assert prices.quote(programme, dict.fromkeys(ids, 1), dict.fromkeys(ids, 1)).total == 33_000
    assert all(len(occasion.days) == 2 for occasion in programme.occasions)


def test_the_model_concept_meets_in_december_may_and_october_with_work_at_home_in_between() -> None:
    programme = sample("modellkonceptet")
    first, second, third = programme.occasions
    assert [one.starts_at.month for one in (first, second, third)] == [12, 5, 10]
    assert first.homework
    assert second.homework
    assert {date.id for date in programme.dates} == {"skicka-planering", "introduktionsutbildning"}


def test_nobody_is_asked_about_homework_in_the_middle_of_the_summer() -> None:
    months = {one.due_at.month for path in SAMPLES for one in schedule(read(path))}
    assert 7 not in months


def test_the_masterclass_package_is_cheaper_than_its_three_days() -> None:
    programme = sample("masterclass-medborgardialog")
    assert prices.quote(programme, {occasion.id: 1 for occasion in programme.occasions}, {}).total == 3_000


@every_sample
def test_what_is_still_to_come_can_stand_within_a_sentence(path: Path) -> None:
    """It is told as “Meddelas senare: lokal och dagordning”."""
    to_come = [wording for one in read(path).occasions for told in one.to_come for wording in told.wordings.values()]
    assert [wording for wording in to_come if wording[0].isupper()] == []


def test_the_archive_shows_what_is_still_to_come() -> None:
    materials = sample("samskaping-webinarer").materials
    slides = [material for material in materials if material.kind == "slides"]
    assert [bool(material.url) for material in slides] == [True, False, False, False]
    stages = list(dict.fromkeys(material.stage.wordings["nb"] for material in materials))
    assert stages.index("Komme i gang") < stages.index("Holde i gang")
