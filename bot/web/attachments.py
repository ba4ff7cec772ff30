"""The header under whose name a file is downloaded."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote


def attachment(title: str, kind: str) -> str:
    """The header that names a file for every browser: in ASCII, and (RFC 8187) as it is really spelt."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    spelt = quote(f"{title or 'lartraff'}.{kind}", safe="", errors="replace")
    return f"attachment; filename=\"{plain or 'lartraff'}.{kind}\"; filename*=UTF-8''{spelt}"
