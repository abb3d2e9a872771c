"""Links: personal ones, made at random and kept only as a hash; and addresses of pages."""

import hashlib
import hmac
import secrets

from django.urls import NoReverseMatch, reverse

TOKEN_BYTES = 24  # 192 bits: not to be guessed, still short enough for a QR code


def new_token() -> str:
    """Make a token for a link; it is shown once and never stored."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """Give what is stored of a token. A token is random enough to need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def derived_key(secret: str, purpose: str) -> str:
    """Derive a key that cannot be traced to the token's stored hash without the token itself."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def first_address(*pages: tuple[object, ...]) -> str:
    """Give the address of the first page that there is; each is a name and its arguments."""
    for name, *arguments in pages:
        try:
            return reverse(str(name), args=arguments)
        except NoReverseMatch:
            continue
    return ""
