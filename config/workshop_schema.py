"""What the keys under `workshops` of a programme file mean: scripts that a local leader follows step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from bot.domain.rounds import LEAST_PEOPLE, THRESHOLD, Mode, QuestionSet
from bot.domain.values import dataclass
from bot.domain.workshops import Script, Step
from config.problems import closest, shown
from config.yaml_sections import Limit, Section

TITLE = Limit(60, "so that it fits with its time in a heading")
INTRO = Limit(600, "so that it can be read before the first step", one_line=False)
SAY = Limit(700, "so that it can be read while people wait", one_line=False)
MOST_STEPS = 20  # nobody keeps more of them in mind in a day
_ID = Limit(50, "as an id has")
_LONGEST = 600  # minutes
_MOST_PEOPLE = 500
_SUBTRACTED = "the difference between the two results may show who came or left in between"
_KINDS = ("set", "goes_on", "plan_of")


@dataclass(slots=True)
class Workshops:
    """Reads scripts in the light of the programme's question sets."""

    sets: Mapping[str, QuestionSet]
    _earlier: dict[str, QuestionSet | None] = field(default_factory=dict)  # step → what it asks, in this script
    _begins: int = field(default=0)  # the line of the script, which its steps' ids are unique within

    def script(self, section: Section) -> Script:
        self._begins, self._earlier = section.node.start_mark.line, {}
        if not section.has("steps"):
            section.error("steps", "steps is missing in workshops")
        return Script(
            id=section.id(),
            title=section.words("title", TITLE, required=True),
            steps=section.parts("steps", self._step, most=MOST_STEPS),
            intro=section.words("intro", INTRO),
            threshold=section.whole("threshold", LEAST_PEOPLE, _MOST_PEOPLE, THRESHOLD),
        )

    def _step(self, section: Section) -> Step:
        made = Step(
            id=section.id(among=f"steps on line {self._begins}"),
            title=section.words("title", TITLE, required=True),
            minutes=section.whole("minutes", 0, _LONGEST),
            say=section.words("say", SAY),
            set=self._set(section),
            goes_on=self._step_before(section, "goes_on"),
            plan_of=self._step_before(section, "plan_of"),
        )
        several = [key for key in _KINDS if section.has(key)]
        if len(several) > 1:
            section.error(several[1], f"a step has only one of {', '.join(_KINDS)}")
        asked = self.sets.get(made.set)
        if asked is not None and asked.mode is Mode.SEALED and asked in self._earlier.values():
            section.warn("set", f"{shown(made.set)} is asked twice: {_SUBTRACTED}")
        self._earlier[made.id] = asked
        return made

    def _set(self, section: Section) -> str:
        named = section.text("set", _ID)
        if named and named not in self.sets:
            section.error("set", f"there is no question set {shown(named)}", closest(named, self.sets))
        return named if named in self.sets else ""

    def _step_before(self, section: Section, key: str) -> str:
        """An earlier step of the script that asks something; for a plan, in words."""
        named = section.text(key, _ID)
        if not named:
            return ""
        asking = [id for id, found in self._earlier.items() if found is not None]
        if named not in asking:
            section.error(key, f"{key}: {shown(named)} is no earlier step with a set", closest(named, asking))
            return ""
        found = self._earlier[named]
        if key == "plan_of" and found is not None and all(one.scale is not None for one in found.questions):
            section.error(key, f"{key}: in {shown(named)} everything is rated, and nothing can be put into a plan")
        return named
