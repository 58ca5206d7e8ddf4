"""Settings of search in a cluster of Elasticsearch, from the environment (docs/operating.md)."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
_LOOPBACK = ("localhost", "127.0.0.1", "::1")

ELASTICSEARCH_URL = env.str("ELASTICSEARCH_URL", "").strip()
"""https://host:9200, several with commas; without it each host searches its own index on disk."""
ELASTICSEARCH_API_KEY = env.str("ELASTICSEARCH_API_KEY", "").strip()
"""As Elasticsearch prints it (« encoded »), or ID:KEY."""
ELASTICSEARCH_CA = env.str("ELASTICSEARCH_CA", "").strip()
"""File of the authority that signed the cluster's certificate; without it those of the system."""
ELASTICSEARCH_PREFIX = env.str("ELASTICSEARCH_PREFIX", "wasl").strip().lower()
"""Beginning of the names of our indexes; another one for each installation that shares a cluster."""

for _url in filter(None, ELASTICSEARCH_URL.split(",")):
    _parts = urlsplit(_url.strip())
    if _parts.scheme not in ("http", "https") or not _parts.hostname:
        raise ImproperlyConfigured("ELASTICSEARCH_URL is no address such as https://host:9200.")
    _secret = ELASTICSEARCH_API_KEY or _parts.password
    if _secret and _parts.scheme == "http" and _parts.hostname not in _LOOPBACK:
        raise ImproperlyConfigured("A key for Elasticsearch goes over https only.")
if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,60}", ELASTICSEARCH_PREFIX):
    raise ImproperlyConfigured("ELASTICSEARCH_PREFIX: small letters, digits, point and hyphen.")
if ELASTICSEARCH_CA and not Path(ELASTICSEARCH_CA).is_file():
    raise ImproperlyConfigured("ELASTICSEARCH_CA names no file that can be read.")
