"""What one person answers for themselves: the questions, form by form, and what was given in each of them."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.rounds import Box, Round
from bot.domain.values import dataclass
from bot.domain.words import Words
from bot.flows import rating

FIELD = "q."
"""What the name of a question's field begins with."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one person is asked: the same for everybody in the box."""

    round: Round
    box: Box
    zone: str  # IANA name
    programme: Words  # its title: whoever is asked in two at once has to know which one they answer
    by_link: bool = False  # the person came by a link of their own, which others may have got hold of

    @property
    def pages(self) -> rating.Pages:
        """The questions, form by form.

        By a link all stand in one form: what is sent there takes the place of everything, and tells of nothing before.
        """
        return (self.box.questions,) if self.by_link else rating.pages(self.box.questions)

    def is_last(self, page: int) -> bool:
        return page == len(self.pages) - 1

    @property
    def rated(self) -> bool:
        """Whether something is rated."""
        return any(asked.scale for asked in self.box.questions)

    @property
    def written(self) -> bool:
        """Whether something is answered in words."""
        return any(not asked.scale for asked in self.box.questions)


Texts = Mapping[str, str]
"""Question → what was written, or the value that was chosen. Untrusted."""


def first_open(sheet: Sheet, sent: Texts) -> int:
    """The page that somebody goes on with."""
    return rating.begin_at(sheet.pages, sent)


def answered(sheet: Sheet, page: int, values: Mapping[str, str]) -> Texts:
    """What was answered on a page, by question; what was left empty, or is not known, is not there."""
    given = ((asked, values.get(f"{FIELD}{asked.id}", "")) for asked in sheet.pages[page])
    return {asked.id: text for asked, text in given if text and not (asked.scale and text == rating.DONT_KNOW)}


def words_of(sheet: Sheet, texts: Texts) -> tuple[str, ...]:
    """What somebody has said in words of their own."""
    return tuple(texts[asked.id] for asked in sheet.box.questions if asked.id in texts and not asked.scale)


def together(sheet: Sheet, page: int, before: Texts, given: Texts) -> Texts:
    """Everything that was sent before, with this page as it is now."""
    others = (asked.id for number, asks in enumerate(sheet.pages) if number != page for asked in asks)
    return {**{id: before[id] for id in others if id in before}, **given}
