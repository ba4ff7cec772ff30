"""The organisation that somebody names in a form's field."""

from __future__ import annotations

from bot.domain.organisations import Directory, Organisation
from bot.domain.refusals import FieldRefused
from bot.domain.words import Listed, _


def named(directory: Directory, typed: str) -> Organisation:
    """The one organisation that was meant.

    Raises FieldRefused for the field `organisation`, with what may have been meant where something resembles it.
    """
    found = directory.search(typed)
    if found.exact is not None:
        return found.exact
    if found.suggestions:
        names = Listed(tuple(one.name for one in found.suggestions))
        raise FieldRefused("organisation", _("Did you mean one of these? {names}. Write the whole name.", names=names))
    raise FieldRefused("organisation", _("I do not know that organisation. Write its whole name."))
