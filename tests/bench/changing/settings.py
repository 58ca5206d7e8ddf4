"""The product's settings, and the app that changes its tables."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS as _OURS

INSTALLED_APPS = [*_OURS, "tests.bench.changing"]
