"""Passwords that are guessed first, though they are long enough."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from zusammenplan.core.models import Municipality

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def county() -> None:
    Municipality.objects.create(pk=1, name="Landkreis Rennsteiggrund", short_name="Rennsteiggrund")


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password!2027",
        "1q2w3e4r5t6y",
        "qwertyuiop123",
        "123456789012",
        "987654321098",
        "aaaaaaaaaaaaaa",
        "121212121212",
        "dragondragon",
        "abc123abc123abc123",
        "QWERTZUIOP123",
        "Sonnenschein123",
        "Rennsteiggrund2027",
        "Sozialplanung-2027",
        "Landkreis.Rennsteiggrund",
        "Zusammenplan2027!",
    ],
)
def test_what_is_guessed_first_is_no_password(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize(
    "password",
    [
        "drei Amseln auf dem Dach",
        "correct horse battery staple",
        "Rennsteiggrund im Nebel 7",
        "kX7-qp2vLw9z",
        "482 019 377 556 1",
        "a" * 30 + "bcdefgh" * 10,
    ],
)
def test_what_nobody_guesses_is_one(password: str) -> None:
    validate_password(password)
