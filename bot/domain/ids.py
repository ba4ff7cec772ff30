"""An id for what has only a title: the same one each time, and fit to stand in a button or a file."""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST = 50  # characters, as of the ids in programme files
_DIGEST = 6
_NORDIC = str.maketrans({"æ": "ae", "ø": "o", "ß": "ss"})


def from_title(title: str) -> str:
    """`Komma igång!` → `komma-igang`. What no such id can tell apart, a few letters of a digest do."""
    bare = unicodedata.normalize("NFKD", title.casefold().translate(_NORDIC)).encode("ascii", "ignore").decode()
    whole = "-".join(re.findall("[a-z0-9]+", bare))
    if whole and len(whole) <= LONGEST:
        return whole
    digest = hashlib.sha256(title.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    return "-".join(part for part in (whole[: LONGEST - _DIGEST - 1].strip("-"), digest) if part)
