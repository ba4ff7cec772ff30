"""What a file is called."""

from __future__ import annotations

_MOST_CHARS = 60


def file_title(*words: str) -> str:
    """A file's name out of titles that anyone may have written: letters and digits, with hyphens between words."""
    plain = "".join(c if c.isalnum() else " " for c in " ".join(words))
    return "-".join(plain.split())[:_MOST_CHARS].strip("-")
