"""What the keys about participants' own challenges mean: the question, and the facts that they start from."""

from __future__ import annotations

from bot.domain.programmes import FactSheet
from config import organisations
from config.problems import shown
from config.yaml_sections import Limit, Section

QUESTION = Limit(400, "so that it can stand above a field", one_line=False)
FACTS = Limit(1000, "so that they can be read in a chat", one_line=False)
MOST_FACT_SHEETS = 500  # more organisations than there are municipalities and regions in Sweden or Norway
_NAME = Limit(75, "as Slack allows on a button and in a list")


def fact_sheet(section: Section) -> FactSheet:
    """What is known about an organisation, as words, as a link, or both."""
    made = FactSheet(_organisation(section), section.words("about", FACTS), section.url("url"))
    if not (section.has("about") or section.has("url")):
        section.error("", "a fact sheet needs about or url")
    return made


def _organisation(section: Section) -> str:
    """The key of the organisation, which the file has by its key or by its name."""
    named, directory = section.text("organisation", _NAME, required=True), organisations.load()
    found = directory.search(named)
    known = directory.get(named) or found.exact
    if named and known is None:
        suggestion = found.suggestions[0].name if found.suggestions else ""
        section.error("organisation", f"no municipality or region is called {shown(named)}", suggestion)
    return known.key if known is not None else ""


def judge(section: Section, facts: tuple[FactSheet, ...], *, asks: bool) -> None:
    """Note what is right on its own and wrong together."""
    for key in ("challenge_question", "facts"):
        if section.has(key) and not asks:
            section.warn(key, f"{key} is never shown: asks_challenge is not yes")
    keys = [one.organisation for one in facts if one.organisation]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        section.error("facts", f"{key} has several fact sheets: put them together")
