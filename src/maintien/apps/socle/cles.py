"""The keys of the journal, apart from the secret of the sessions: a new one may be taken without losing the former."""

import hmac
from collections.abc import Mapping

from django.conf import settings


class CleInconnueError(LookupError):
    """A line, a head or a seal names a key that this installation does not have."""


def current_key() -> str:
    """The identifier of the key that seals new lines: the first one of the setting."""
    return next(iter(_keys()))


def sign(cle: str, message: bytes) -> str:
    """HMAC-SHA-256 of the message, in hexadecimal."""
    try:
        secret = _keys()[cle]
    except KeyError:
        raise CleInconnueError(cle) from None
    return hmac.digest(secret, message, "sha256").hex()


def _keys() -> Mapping[str, bytes]:
    cles: Mapping[str, bytes] = settings.MAINTIEN_CLES_JOURNAL
    return cles
