"""What the keys under `question_sets`, `marks` and `role_groups` of a programme file mean, and whether they fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from ruamel.yaml.nodes import ScalarNode

from bot.domain.programmes import RoleGroup
from bot.domain.rounds import (
    LONGEST_QUESTION,
    MOST_ASKED,
    Area,
    Layout,
    Mode,
    Purpose,
    Question,
    QuestionSet,
    Scale,
    asked_characters,
    boxes,
)
from bot.domain.rules import NOTHING
from bot.domain.values import dataclass
from bot.domain.words import Localised
from config import organisations
from config.problems import closest, shown
from config.yaml_sections import Limit, Section

NAME = Limit(75, "as Slack allows on a button and in a list")
SET_TITLE = Limit(60, "so that it fits with its date in Slack's lists, which take 75")
QUESTION = Limit(LONGEST_QUESTION, "so that it can stand above a field and as a heading on the board")
INTRO = Limit(600, "so that it can be read before the questions", one_line=False)
MOST_QUESTIONS = 40  # rated ones included, which are asked in several forms
MOST_WRITTEN = 10  # of those that are answered in words; a conversation holds three
MOST_STEPS = 10  # of a scale: with more, nobody could say what sets two of them apart
MEANING = Limit(60, "so that it fits beside its number in Slack's lists, which take 75")
HELP = Limit(300, "so that it can be read between the question and its field")
MARK = Limit(60, "so that it fits behind a question")
AREA = Limit(60, "so that it fits above the questions in it")
VERSION = Limit(40, "as it stands beside the title")
SUPPLIED = Limit(300, "so that it can be read at a glance on the board")
MOST_SUPPLIED = 15  # of the organiser's, in a set: the rest of the board is for those who answer
LONGEST_SUPPLIED = 1_500  # characters of all that a set supplies, so that it can be read above the fields
MOST_VOTES = 20  # for each person: with more, a vote says nothing
LONGEST_FILLED = 300  # characters of a question once the roles stand in it

_PLACES = ("{role}", "{others}")
_BRACES = re.compile(r"\{[^{}]*\}")


def role_group(section: Section) -> RoleGroup:
    """One of the role groups, each of which owns a box on the board."""
    return RoleGroup(section.id(), section.words("name", NAME, required=True), section.words("called", NAME))


# --- Marks ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """A word for some organisations, e.g. `mentor`, with the keys of those organisations."""

    id: str
    organisations: tuple[str, ...]
    name: Localised = NOTHING


def mark(section: Section) -> Mark:
    id = section.id()
    keys = dict.fromkeys(_organisations(section))
    if not section.has("organisations"):
        section.error("", "organisations is missing in marks")
    return Mark(id, tuple(keys), section.words("name", MARK))


def _organisations(section: Section) -> Iterator[str]:
    """The keys of the organisations, which the file has by their keys or by their names."""
    directory = organisations.load()
    for node in section.scalars("organisations"):
        found = directory.search(node.value)
        known = directory.get(node.value) or found.exact
        if known is not None:
            yield known.key
            continue
        suggestion = found.suggestions[0].name if found.suggestions else ""
        section.notes.add(node, f"no municipality or region is called {shown(node.value)}", suggestion)


def keys_by_mark(marks: Iterable[Mark]) -> Mapping[str, tuple[str, ...]]:
    return {one.id: one.organisations for one in marks}


# --- Question sets ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class QuestionSets:
    """Reads question sets in the light of the programme's role groups and marks."""

    groups: tuple[RoleGroup, ...]
    marks: Mapping[str, Localised]  # the name of each, by its id
    _by_role: bool = field(default=True)  # of the set that is being read
    _begins: int = field(default=0)  # the line of that set, which its questions' ids are unique within
    _areas: tuple[Area, ...] = field(default=())
    _scale: Scale | None = field(default=None)  # of all its questions that have none of their own
    _was: list[ScalarNode] = field(default_factory=list)  # the ids that its questions had before

    def question_set(self, section: Section) -> QuestionSet:
        self._begins = section.node.start_mark.line
        self._by_role = section.yes("by_role", default=True) and bool(self.groups)
        self._areas = section.parts("areas", self._area)
        self._scale = section.part("scale", _scale)
        self._was = []
        made = QuestionSet(
            id=section.id(),
            title=section.words("title", SET_TITLE, required=True),
            questions=section.parts("questions", self._question, most=MOST_QUESTIONS),
            intro=section.words("intro", INTRO),
            mode=section.choice("mode", Mode, Mode.NOTES),
            by_role=self._by_role,
            signed=section.yes("signed"),
            moderated=section.yes("moderated"),
            mail_to=section.email("mail_to"),
            votes=section.whole("votes", 0, MOST_VOTES),
            version=section.text("version", VERSION),
            areas=self._areas,
            together=section.yes("together"),
            layout=section.choice("layout", Layout, Layout.LIST),
        )
        self._judge(section, made)
        return made

    @property
    def _roles(self) -> tuple[str, ...]:
        return tuple(group.id for group in self.groups)

    def _question(self, section: Section) -> Question:
        marked = section.some_of("organisations", tuple(self.marks), "organisations")
        made = Question(
            id=section.id(among=f"questions on line {self._begins}"),
            text=section.words("text", QUESTION, required=True),
            variants=dict(section.parts("variants", self._variant)),
            roles=section.some_of("roles", self._roles, "roles"),
            organisations=marked,
            whom=self._called(marked),
            purpose=section.choice("purpose", Purpose, Purpose.DISCUSSION),
            help=section.words("help", HELP),
            scale=section.part("scale", _scale) or self._scale,
            area=self._area_of(section),
            was=self._earlier(section),
            supplied=section.words_list("supplied", SUPPLIED),
        )
        if made.scale is not None and made.supplied:
            section.error("supplied", "what is rated has nothing supplied: put it into a question answered in words")
        if made.scale is not None and made.purpose is not Purpose.DISCUSSION:
            section.error("purpose", f"what is rated has no purpose of its own: {made.purpose} needs words")
        self._judge_places(section, "text", made.text)
        if not self._by_role and (made.roles or made.variants):
            section.error("", "roles and variants need a box for each role group: role_groups, and not by_role: no")
        return made

    def _called(self, marked: Iterable[str]) -> tuple[Localised, ...]:
        """The names of the marks; none unless each has one."""
        names = tuple(self.marks[one] for one in marked)
        return names if all(names) else ()

    def _area(self, section: Section) -> Area:
        return Area(section.id(among=f"areas on line {self._begins}"), section.words("name", AREA, required=True))

    def _area_of(self, section: Section) -> str:
        """The area of a question: one of the set's."""
        known = [area.id for area in self._areas]
        found = section.text("area", AREA)
        if found and found not in known:
            named = f"is not one of {', '.join(known)}" if known else "is unknown: the set has no areas"
            section.error("area", f"area: {shown(found)} {named}", closest(found, known))
        return found if found in known else ""

    def _earlier(self, section: Section) -> tuple[str, ...]:
        nodes = section.scalars("was")
        self._was += nodes
        return tuple(dict.fromkeys(str(node.value) for node in nodes))

    def _variant(self, section: Section) -> tuple[str, Localised]:
        role, text = section.one_of("role", self._roles, ""), section.words("text", QUESTION, required=True)
        self._judge_places(section, "text", text)
        return role, text

    def _judge_places(self, section: Section, key: str, text: Localised) -> None:
        """Note braces that nothing is put into."""
        found = {braces for wording in text.wordings.values() for braces in _BRACES.findall(wording)}
        for braces in sorted(found.difference(_PLACES)):
            section.warn(key, f"{braces} stays as it is; only {{role}} and {{others}} are filled in")
        for braces in sorted(found.intersection(_PLACES)) if not self._by_role else ():
            section.error(key, f"{braces} needs a box for each role group: role_groups, and not by_role: no")

    def _judge(self, section: Section, made: QuestionSet) -> None:
        """Note what is right on its own and wrong together."""
        if not section.has("questions"):
            section.error("questions", "questions is missing in question_sets")
        self._judge_ratings(section, made)
        if made.signed and made.mode is Mode.SEALED:
            section.error("signed", "sealed answers are never signed: nobody may find out whose they are")
        if made.together and (made.mode is Mode.SEALED or made.by_role):
            section.error("together", "what all agree on together is written in one box: not sealed, and by_role: no")
        if made.votes and made.mode is Mode.SEALED:
            section.error("votes", "sealed answers are shown when the round has closed, and then nobody can vote")
        if made.mode is Mode.SEALED and any(question.organisations for question in made.questions):
            section.error("mode", "sealed questions are for everybody: with few organisations nobody is anonymous")
        if made.layout is Layout.FOUR:
            self._judge_four(section, made)
        self._judge_supplied(section, made)
        self._judge_lengths(section, made)

    def _judge_four(self, section: Section, made: QuestionSet) -> None:
        """Two by two is for four questions that everybody is asked."""
        asked = made.questions
        if len(asked) != 4 or any(one.scale is not None for one in asked):
            section.error("layout", "layout: four is for exactly four questions that are answered in words")
        if any(one.roles or one.organisations for one in asked):
            section.error("layout", "layout: four is for questions that everybody is asked: no roles, no organisations")

    def _judge_ratings(self, section: Section, made: QuestionSet) -> None:
        written = sum(question.scale is None for question in made.questions)
        if written > MOST_WRITTEN:
            message = f"questions has {written} entries that are answered in words and may have {MOST_WRITTEN}"
            section.error("questions", f"{message}: only one with a scale can be one of more")
        if made.votes and written < len(made.questions):
            section.error("votes", "nobody votes for ratings: put what is voted for into a set of its own")
        ids = {question.id for question in made.questions}
        for node in self._was:
            if node.value in ids:
                message = f"was: {shown(node.value)} is the id of a question of this set; was names earlier ones"
                section.notes.add(node, message)

    def _judge_supplied(self, section: Section, made: QuestionSet) -> None:
        texts = [one for question in made.questions for one in question.supplied]
        if len(texts) > MOST_SUPPLIED:
            section.error("questions", f"supplied has {len(texts)} entries together and may have {MOST_SUPPLIED}")
        long = sum(max(map(len, one.wordings.values()), default=0) for one in texts)
        if long > LONGEST_SUPPLIED:
            message = f"supplied has {long} characters together and may have {LONGEST_SUPPLIED}"
            section.error("questions", f"{message}, so that it can be read above the fields")

    def _judge_lengths(self, section: Section, made: QuestionSet) -> None:
        whole = boxes(made, tuple(group.words for group in self.groups))
        filled = (asked.text for box in whole for asked in box.questions)
        longest = max((len(text) for words in filled for text in words.wordings.values()), default=0)
        if longest > LONGEST_FILLED:
            message = f"with the role groups in it a question has {longest} characters and may have {LONGEST_FILLED}"
            section.error("questions", message)
        if asked_characters(whole) > MOST_ASKED:
            message = f"for all role groups the questions have {asked_characters(whole)} characters together"
            section.error("questions", f"{message} and may have {MOST_ASKED}, so that one page can show them")


def _scale(section: Section) -> Scale:
    """A whole number for each step, and what the two ends mean."""
    made = Scale(
        least=section.whole("least", 0, 99, default=1),
        most=section.whole("most", 0, 99, default=5),
        low=section.words("low", MEANING, required=True),
        high=section.words("high", MEANING, required=True),
    )
    if not 2 <= len(made.values) <= MOST_STEPS:
        at = "most" if section.has("most") else "least"
        section.error(at, f"a scale has 2 to {MOST_STEPS} steps, and this one has {len(made.values)}")
    return made
