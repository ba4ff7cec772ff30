"""Who speaks to us and who we are to Teams: the check of incoming tokens, and our own outgoing one.

The outcome of a check is one of three: accepted, `Refused(401)` or `Refused(403)`. botframework-connector's own check
answers some tokens with a crash and stops trusting anyone for a day when Microsoft changes its keys.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from time import monotonic, time  # noqa: TID251 - a token expires by the world's clock, whatever ours is moved to
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm

from bot.adapters.teams.calls import is_loopback, limited, may_call
from bot.domain.values import dataclass
from bot.ports import Trouble, Undeliverable

CHANNEL = "msteams"
SCOPE = "https://api.botframework.com/.default"

MAX_TOKEN_CHARS = 6_000  # Microsoft's are about 1,500
SKEW = 300  # seconds that clocks may differ
REFRESH_PAUSE = 300  # seconds between two readings of the keys, however many unknown ones are presented
FAILED_PAUSE = 10  # the same after a reading that failed
MAX_AGE = 24 * 3600  # seconds after which the keys are read again although all are known
KEPT_TOKENS = 100  # Teams sends one for each region and hour
UNTIL_MENDED = 60.0  # seconds between two tries with a secret that Microsoft refuses
FETCH = aiohttp.ClientTimeout(total=5)

log = logging.getLogger(__name__)


class Refused(Exception):
    """The request is not accepted: 401, it is not proven who sent it; 403, they may not send this."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status}: {reason}")
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Key:
    """One of Microsoft's signing keys, and the channels it may sign for."""

    public: RSAPublicKey
    endorsements: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sender:
    """A proven sender: what the token says, beside that it is genuine."""

    service_url: str
    endorsements: frozenset[str]


@dataclass(frozen=True, slots=True)
class Proven:
    """A token whose signature and claims were found good; `expires` is in seconds since 1970."""

    kid: str
    key: Key
    expires: int
    sender: Sender


class Keys:
    """The signing keys, read when first needed, when one is unknown, and once a day."""

    def __init__(self, metadata_url: str, session: aiohttp.ClientSession) -> None:
        self._metadata_url = metadata_url
        self._session = session
        self._keys: dict[str, Key] = {}
        self._read_at = -float(MAX_AGE)
        self._not_before = 0.0  # when they may be read again
        self._reading = asyncio.Lock()

    async def get(self, kid: str) -> Key | None:
        if kid not in self._keys or monotonic() - self._read_at > MAX_AGE:
            await self.refresh(kid)
        return self._keys.get(kid)

    async def refresh(self, kid: str = "") -> None:
        """Read the keys unless it is too early; when that fails, the known ones stay."""
        async with self._reading:
            now = monotonic()
            if now < self._not_before or (kid in self._keys and now - self._read_at <= MAX_AGE):
                return  # someone else read them while we waited
            try:
                self._keys = _parsed(await self._fetch())
            except (aiohttp.ClientError, TimeoutError, ValueError) as error:
                self._not_before = monotonic() + FAILED_PAUSE
                log.warning("the signing keys of Teams could not be read: %s", type(error).__name__)
            else:
                self._read_at = monotonic()
                self._not_before = self._read_at + REFRESH_PAUSE

    async def _fetch(self) -> object:
        metadata = await self._document(self._metadata_url)
        address = metadata.get("jwks_uri") if isinstance(metadata, dict) else None
        if not isinstance(address, str) or not self._may_read(address):
            raise ValueError("the metadata name no address of keys")
        return await self._document(address)

    def _may_read(self, address: str) -> bool:
        """Whether it is https, or lies on the very same port of this machine as the metadata."""
        there, here = urlsplit(address), urlsplit(self._metadata_url)
        local = there.scheme == here.scheme == "http" and is_loopback(there.hostname or "")
        return there.scheme == "https" or (local and there.netloc == here.netloc)

    async def _document(self, address: str) -> object:
        async with self._session.get(address, timeout=FETCH, allow_redirects=False) as response:
            if response.status != 200:
                raise ValueError(f"status {response.status}")
            return json.loads(await limited(response))


def _parsed(document: object) -> dict[str, Key]:
    """The keys of a JWKS that we can use; raises `ValueError` when there is none."""
    listed = document.get("keys") if isinstance(document, dict) else None
    keys = dict(filter(None, map(_key, listed))) if isinstance(listed, list) else {}
    if not keys:
        raise ValueError("no usable key")
    return keys


def _key(entry: object) -> tuple[str, Key] | None:
    if not isinstance(entry, dict) or entry.get("kty") != "RSA" or not isinstance(entry.get("kid"), str):
        return None
    try:
        public = RSAAlgorithm.from_jwk(entry)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return None
    endorsed = entry.get("endorsements")
    channels = frozenset(e for e in endorsed if isinstance(e, str)) if isinstance(endorsed, list) else frozenset()
    return (entry["kid"], Key(public, channels)) if isinstance(public, RSAPublicKey) else None


class Verifier:
    """Decides who is heard."""

    def __init__(
        self, keys: Keys, *, client_id: str, issuer: str, service_hosts: tuple[str, ...], tenants: tuple[str, ...]
    ) -> None:
        self._keys = keys
        self._client_id = client_id
        self._issuer = issuer
        self._hosts = service_hosts
        self._tenants = frozenset(tenant.lower() for tenant in tenants)
        self._proven: dict[str, Proven] = {}

    async def sender(self, authorization: str) -> Sender:
        """The proven sender of a request, by its Authorization header alone. Raises `Refused(401)`."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > MAX_TOKEN_CHARS:
            raise Refused(401, "no bearer token")
        proven = self._proven.get(token)
        if proven is None or not await self._still_holds(proven):
            self._proven.pop(token, None)
            proven = await self._prove(token)
            self._keep(token, proven)
        return proven.sender

    async def _still_holds(self, proven: Proven) -> bool:
        """Whether a token that was good is so now: not expired, and signed by a key that Microsoft still publishes."""
        in_time = time() < proven.expires + SKEW
        return in_time and await self._keys.get(proven.kid) is proven.key

    async def _prove(self, token: str) -> Proven:
        kid = _key_id(token)
        key = await self._keys.get(kid)
        if key is None:
            raise Refused(401, "unknown key")
        claims = self._claims(token, key)
        service_url = claims.get("serviceurl")
        sender = Sender(service_url if isinstance(service_url, str) else "", key.endorsements)
        return Proven(kid, key, int(claims["exp"]), sender)

    def _keep(self, token: str, proven: Proven) -> None:
        """Remember that this very token is good: its signature need not be computed again for each request."""
        while len(self._proven) >= KEPT_TOKENS:
            del self._proven[next(iter(self._proven))]
        self._proven[token] = proven

    def _claims(self, token: str, key: Key) -> Mapping[str, Any]:
        try:
            return jwt.decode(
                token,
                key.public,
                algorithms=["RS256"],
                audience=self._client_id,
                issuer=self._issuer,
                leeway=SKEW,
                options={"require": ["exp", "iss", "aud"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise Refused(401, type(error).__name__) from None

    def check(self, sender: Sender, activity: Mapping[str, Any]) -> str:
        """The tenant of an activity that this sender may bring. Raises `Refused(403)`."""
        if activity.get("channelId") != CHANNEL or CHANNEL not in sender.endorsements:
            raise Refused(403, "not endorsed for Teams")
        if not sender.service_url or sender.service_url != activity.get("serviceUrl"):
            raise Refused(403, "another service address than the token's")
        if not may_call(sender.service_url, self._hosts):
            raise Refused(403, "unknown service host")
        return self._tenant(activity)

    def _tenant(self, activity: Mapping[str, Any]) -> str:
        named = {_lower(activity, "channelData", "tenant", "id"), _lower(activity, "conversation", "tenantId")} - {""}
        if len(named) != 1 or not named <= self._tenants:
            raise Refused(403, "tenant not allowed")
        return named.pop()


def _key_id(token: str) -> str:
    """The id of the key that a token claims to be signed by; raises `Refused` for tokens of another kind."""
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        raise Refused(401, type(error).__name__) from None
    kid = header.get("kid")
    if header.get("alg") != "RS256" or "crit" in header or not isinstance(kid, str):
        raise Refused(401, "not a token of Teams")
    return kid


def _lower(activity: Mapping[str, Any], *path: str) -> str:
    found: object = activity
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found.lower() if isinstance(found, str) else ""


class OwnToken:
    """Our own token for calls to Teams: one request, however many ask at once, and a new one in good time."""

    EARLY = 300  # seconds before it expires

    def __init__(self, url: str, session: aiohttp.ClientSession, *, client_id: str, client_secret: str) -> None:
        self._url = url
        self._session = session
        self._form = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
            "scope": SCOPE,
        }
        self._token = ""
        self._good_until = 0.0
        self._asking = asyncio.Lock()

    async def get(self) -> str:
        """The token. Raises `Undeliverable`: whatever happens here, nothing has been sent to anyone."""
        if monotonic() < self._good_until:
            return self._token
        async with self._asking:
            if monotonic() >= self._good_until:
                await self._ask()
        return self._token

    def forget(self, token: str) -> None:
        """Ask for a new one next time, unless this one has been replaced already."""
        if token == self._token:
            self._good_until = 0.0

    async def _ask(self) -> None:
        asked_at = monotonic()
        try:
            async with self._session.post(self._url, data=self._form, timeout=FETCH, allow_redirects=False) as answer:
                status, document = answer.status, json.loads(await limited(answer))
        except (aiohttp.ClientError, TimeoutError, ValueError, RecursionError) as error:
            raise Undeliverable(Trouble.LATER, f"token: {type(error).__name__}") from None
        token = document.get("access_token") if isinstance(document, dict) else None
        if status != 200 or not isinstance(token, str):
            raise _no_token(status, document)
        seconds = document.get("expires_in")
        lasts = int(seconds) if isinstance(seconds, int | float) or str(seconds).isdecimal() else 3600
        self._token, self._good_until = token, asked_at + max(lasts - self.EARLY, lasts / 2)


def _no_token(status: int, document: object) -> Undeliverable:
    """Microsoft's own word for what is wrong, such as `invalid_client`.

    Nothing is wrong with the message: it waits until the secret is right.
    """
    error = document.get("error") if isinstance(document, dict) else None
    reason = f"token: {status} {error if isinstance(error, str) else ''}".rstrip()
    if status == 429 or status >= 500:
        return Undeliverable(Trouble.LATER, reason)
    log.error("Microsoft gives no token, so that messages wait: `lartraff doctor` says why", extra={"status": status})
    return Undeliverable(Trouble.LATER, reason, retry_after=UNTIL_MENDED)
