"""The product's settings, and the twin's pages beside the product's."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS as _OURS

INSTALLED_APPS = [*_OURS, "tests.bench.naive"]
ROOT_URLCONF = "tests.bench.naive.urls"
SILENCED_SYSTEM_CHECKS = ["models.W042"]
