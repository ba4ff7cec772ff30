"""Keys that live outside the database and its backups, and what is made with them: ciphers and links nobody can guess.

A key is a file of its own: 32 random bytes that only the owner may read, complete or not there at all.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from bot.domain.registrations import Seat

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305


KEY_BYTES = 32
LINKS = "links"
"""The key that every link to a page follows from; by it a folder of keys is known again."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_SUFFIX = ".key"


class UnusableKeyError(Exception):
    """A key file is damaged. Put back the right one from wherever the keys are kept safe; a new one opens nothing."""


class ForeignKeysError(UnusableKeyError):
    """The folder of keys is not that of the database: what was sealed could not be opened, and would count as lost."""


class FileKeys:
    """The keys in a folder. Implements `bot.ports.KeyStore`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def key(self, name: str) -> bytes:
        """32 random bytes under this name, made at first use; processes that make it at the same time get the same.

        Raises `UnusableKeyError`, and `OSError` when the folder cannot be read or written.
        """
        if not self.holds(name):
            self._make(name)
        found = self._path(name).read_bytes()
        if len(found) != KEY_BYTES:
            raise UnusableKeyError(f"{self._path(name)} holds {len(found)} bytes instead of {KEY_BYTES}")
        return found

    def holds(self, name: str) -> bool:
        """Whether there is a key under this name."""
        return self._path(name).exists()

    def names(self) -> list[str]:
        """Every name that a key has been made under."""
        return sorted(path.stem for path in self._folder.glob(f"*{_SUFFIX}") if _NAME.fullmatch(path.stem))

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a name of a key: {name!r}")
        return self._folder / f"{name}{_SUFFIX}"

    def _make(self, name: str) -> None:
        """Write the key beside its place, then link it there: the first one wins, and nobody ever sees half a key."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._folder / f"{name}.{secrets.token_hex(8)}.new"
        try:
            _write(draft, secrets.token_bytes(KEY_BYTES))
            self._path(name).hardlink_to(draft)
        except FileExistsError:
            pass  # another process was first: its key counts
        finally:
            draft.unlink(missing_ok=True)
        _flush(self._folder)


_URN_KEY_BYTES = 64  # the marking key and the sealing key


def _written_at(path: Path) -> float | None:
    """Seconds, by the disk's clock; None when another process has destroyed the key just now."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return None


class FileUrnKeys:
    """The keys of urns, each pair a file in a folder of its own. Implements `bot.ports.UrnKeys`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, urn: str) -> None:
        """Raises `OSError` when the folder cannot be written."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            _write(self._path(urn), secrets.token_bytes(_URN_KEY_BYTES))
        except FileExistsError:
            return
        _flush(self._folder)

    def keys(self, urn: str) -> tuple[bytes, bytes]:
        """Raises `LookupError` when they were destroyed, `UnusableKeyError` when the file is damaged.

        Also `OSError` when the whole folder is out of reach: then nothing in it was destroyed.
        """
        try:
            found = self._path(urn).read_bytes()
        except FileNotFoundError:
            if not self._folder.is_dir():
                raise
            raise LookupError(urn) from None
        if len(found) != _URN_KEY_BYTES:
            raise UnusableKeyError(f"{self._path(urn)} holds {len(found)} bytes instead of {_URN_KEY_BYTES}")
        return found[:KEY_BYTES], found[KEY_BYTES:]

    def destroy(self, urn: str) -> None:
        """The file is overwritten before it is deleted, which helps on disks that write in place."""
        path = self._path(urn)
        try:
            with path.open("r+b") as file:
                file.write(bytes(_URN_KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
        except FileNotFoundError:
            return
        path.unlink(missing_ok=True)
        _flush(self._folder)

    def urns(self, *, older_than: timedelta = timedelta(0)) -> frozenset[str]:
        """Raises `OSError` when the folder cannot be read. Ages are told by the disk's clock, which nobody moves."""
        if not self._folder.exists():
            return frozenset()
        newest = self._time_of_the_disk() - older_than.total_seconds()
        files = [path for path in self._folder.iterdir() if path.suffix == _SUFFIX]
        return frozenset(path.stem for path in files if (at := _written_at(path)) is not None and at <= newest)

    def _time_of_the_disk(self) -> float:
        """Seconds, on the clock by which files are dated."""
        with NamedTemporaryFile(dir=self._folder, prefix="now-") as file:
            return os.fstat(file.fileno()).st_mtime

    def _path(self, urn: str) -> Path:
        if not _NAME.fullmatch(urn):
            raise ValueError(f"not a name of an urn: {urn!r}")
        return self._folder / f"{urn}{_SUFFIX}"


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    """Make the folder's new entries outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fingerprint(key: bytes) -> str:
    """By what a key is known again, and which tells nothing of it."""
    return hmac.new(key, b"fingerprint", hashlib.sha256).hexdigest()


def cipher(keys: FileKeys) -> MultiFernet:
    """What seals tokens in the database.

    To change the key, rename `tokens.key` to `tokens-previous.key`: a new one is made, and what the old one sealed can
    still be opened.
    """
    from cryptography.fernet import Fernet, MultiFernet  # 7 MB that a site without stored tokens does without

    names = ["tokens", "tokens-previous"] if keys.holds("tokens-previous") else ["tokens"]
    return MultiFernet([Fernet(urlsafe_b64encode(keys.key(name))) for name in names])


ROOM = 4096
"""Bytes that what is sealed is filled up to, so that its length says nothing of who wrote it."""

_LENGTH = 4  # bytes at the front that say how long it really is
_NONCE = 12


class TooLongError(ValueError):
    """More than one sealed box has room for; `over` is by how many bytes."""

    def __init__(self, over: int) -> None:
        super().__init__(f"{over} bytes too long")
        self.over = over


def marker(key: bytes, person: str) -> bytes:
    """By what a person's own box is found again, and by nothing else."""
    return hmac.new(key, person.encode(), hashlib.sha256).digest()


def seal(key: bytes, mark: bytes, text: str) -> bytes:
    """The text in a sealed box that belongs to this marker; all boxes are of one length. Raises `TooLongError`."""
    content = text.encode()
    if len(content) > ROOM - _LENGTH:
        raise TooLongError(len(content) - (ROOM - _LENGTH))
    padded = (len(content).to_bytes(_LENGTH) + content).ljust(ROOM, b"\0")
    nonce = secrets.token_bytes(_NONCE)
    return nonce + _box(key).encrypt(nonce, padded, mark)


def unseal(key: bytes, mark: bytes, box: bytes) -> str:
    """What was sealed; raises `ValueError` for a box that was not sealed with this key for this marker."""
    from cryptography.exceptions import InvalidTag

    try:
        padded = _box(key).decrypt(box[:_NONCE], box[_NONCE:], mark)
    except InvalidTag:
        raise ValueError("not a box of ours") from None
    length = int.from_bytes(padded[:_LENGTH])
    return padded[_LENGTH : _LENGTH + length].decode()


def _box(key: bytes) -> ChaCha20Poly1305:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    return ChaCha20Poly1305(key)


def seat_token(key: bytes, seat: Seat) -> str:
    """The part of a calendar link that proves that we gave it out: 256 bits that follow from the seat and its holder.

    When a colleague takes the seat over, the former holder's link leads nowhere.
    """
    return _token(key, "seat", seat.id, seat.participant.person or seat.participant.email, seat.participant.name)


def seat_token_is_right(key: bytes, seat: Seat, token: str) -> bool:
    """Whether `token` (from anyone) belongs to the seat; takes as long for a near miss as for a far one."""
    return _is_right(seat_token(key, seat), token)


def feed_token(key: bytes, owner: str, generation: int) -> str:
    """The same for a subscription: 256 bits that follow from whose it is and how often its link was made anew."""
    return _token(key, "feed", owner, str(generation))


def feed_token_is_right(key: bytes, owner: str, generation: int, token: str) -> bool:
    """Whether `token` (from anyone) is the one in force; before the first link was given out, none is."""
    return _is_right(feed_token(key, owner, generation), token) and generation > 0


def link_token(key: bytes, id: str) -> str:
    """The secret half of a link to a page: 256 bits that follow from the link's own id."""
    return _token(key, "link", id)


def link_token_is_right(key: bytes, id: str, token: str) -> bool:
    """Whether `token` (from anyone) belongs to the link."""
    return _is_right(link_token(key, id), token)


def _token(key: bytes, *parts: str) -> str:
    digest = hmac.new(key, "\0".join(parts).encode(errors="surrogatepass"), hashlib.sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _is_right(expected: str, token: str) -> bool:
    return hmac.compare_digest(expected.encode(), token.encode(errors="surrogatepass"))
