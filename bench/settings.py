"""The product's settings with the addresses of the floors beside its own."""

from zusammenplan.config.settings import *  # noqa: F403 - a settings file takes over the whole other

ROOT_URLCONF = "bench.urls"
