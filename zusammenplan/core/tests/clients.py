"""Browsers of people who are signed in, for tests, and what stands on the pages they get."""

import re
from typing import Any

from django.contrib.messages import get_messages
from django.test import Client


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: Any) -> str:
    """Give the page without the white space between its tags, and with the rest of it folded."""
    return re.sub(r"\s+", " ", re.sub(r">\s+<", "><", response.content.decode()))


def sentences(response: Any) -> list[str]:
    """Give what the program said of the deed, as the next page tells it."""
    return [str(message) for message in get_messages(response.wsgi_request)]
