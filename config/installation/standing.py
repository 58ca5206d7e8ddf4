"""How the running installation stands, day by day: database, sweeps, pokes, index, messages, lines, disk, clock, certificate."""

import shutil
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import redis
from cryptography import x509
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.schedule import SWEEPS
from helpdesk.centre import backing
from helpdesk.notices.actions import late_notices
from knowledge.health import Check, Light
from knowledge.search import cluster, index
from knowledge.search.engines.port import EngineBroken
from telephony.providers.hook.applying import events_set_aside
from telephony.providers.twilio.strays import open_strays

AMBER_DISK, RED_DISK = 0.10, 0.05
"""Share of the disk that is free."""
CERTIFICATE_DAYS = 14
LATE_MAIL = timedelta(minutes=15)
SLACK = 120.0
"""Seconds that a sweep may be late beside three of its beats, until somebody looks."""
ASK_AGAIN = 600
"""Seconds for which a look at the certificate holds."""


def checks(*, centre: int, at: datetime) -> list[Check]:
    """The same for every centre of the installation."""
    return [
        _database(), _sweeps(at), _pokes(), _index(), _outgoing(at), _lines(), _disk(), _clock(at),
        _certificate(at),
    ]  # fmt: skip


@dataclass(frozen=True)
class _Matter:
    """What one check is about; its three ends are told alike."""

    key: str
    name: str

    def good(self, said: str) -> Check:
        return Check(self.key, Light.GREEN, self.name, said, "", "")

    def amber(self, said: str, to_do: str) -> Check:
        return self._of_concern(Light.AMBER, said, to_do)

    def red(self, said: str, to_do: str) -> Check:
        return self._of_concern(Light.RED, said, to_do)

    def _of_concern(self, light: Light, said: str, to_do: str) -> Check:
        return Check(self.key, light, self.name, said, to_do, _("whoever looks after the server"))


def _database() -> Check:
    matter = _Matter("database", _("Database"))
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return matter.red(_("It is older than the program."), _("Run make upgrade."))
    said = _("It answers, and fits the program: %(engine)s.") % {"engine": connection.vendor}
    return matter.good(said)


def _sweeps(at: datetime) -> Check:
    matter, beats = _Matter("sweeps", _("Background work")), backing.beats()
    if not beats:
        return matter.red(_("It never ran."), _("Start the service of the sweeps."))
    late = [
        sweep.path for sweep in SWEEPS
        if (ran := beats.get(sweep.path)) and (at - ran.ran_at).total_seconds() > 3 * sweep.every + SLACK
    ]  # fmt: skip
    newest = max(beat.ran_at for beat in beats.values())
    if (at - newest).total_seconds() > SLACK:
        said = _("It stands still since %(when)s.") % {"when": _when(newest)}
        return matter.red(said, _("Start the service of the sweeps."))
    failing = [b.sweep for b in beats.values() if b.failed_at and b.failed_at >= b.ran_at]
    if late or failing:
        said = _("These are late or fail: %(names)s.") % {
            "names": ", ".join(sorted({*late, *failing}))
        }
        return matter.amber(said, _("Read the log of the server."))
    return matter.good(_("All of it keeps its beat."))


def _pokes() -> Check:
    matter = _Matter("sockets", _("Live pages"))
    if settings.REDIS_URL:
        try:
            redis.Redis.from_url(
                settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1
            ).ping()
        except redis.RedisError:
            return matter.amber(
                _("Redis does not answer: pages ask every few seconds instead."),
                _("Start Redis."),
            )
        return matter.good(_("Redis carries what moved between the processes."))
    if not settings.SWEEPS_INSIDE:
        return matter.amber(
            _("Several processes and no Redis: pages ask every few seconds instead."),
            _("Set REDIS_URL and start again."),
        )
    return matter.good(_("One process tells its pages itself."))


def _index() -> Check:
    matter = _Matter("index", _("Search index"))
    try:
        behind = index.behind()
    except EngineBroken:
        return matter.red(_("The index of this host cannot be read."),
            _("Run manage.py index --rebuild."),
        )  # fmt: skip
    if cluster.does_not_answer():
        return matter.amber(
            _("Elasticsearch does not answer: the index of this host does."),
            _("Start Elasticsearch."),
        )
    if behind:
        said = ngettext(
            "%(n)s edition is not in it yet.", "%(n)s editions are not in it yet.", behind
        ) % {"n": behind}
        return matter.amber(said, _("If it stays so, run manage.py index --rebuild."))
    return matter.good(_("It holds what is published."))


def _outgoing(at: datetime) -> Check:
    matter, late = _Matter("outgoing", _("Messages that go out")), late_notices(at=at, by=LATE_MAIL)
    if late:
        said = ngettext(
            "%(n)s message waits for longer than a quarter of an hour.",
            "%(n)s messages wait for longer than a quarter of an hour.",
            late,
        ) % {"n": late}
        return matter.amber(
            said,
            _("See whether the mail server answers."),
        )
    return matter.good(_("None waits."))


def _lines() -> Check:
    matter, aside, strays = _Matter("line", _("Telephone lines")), events_set_aside(), open_strays()
    if strays:
        said = ngettext(
            "%(n)s recording without consent lies at the public network.",
            "%(n)s recordings without consent lie at the public network.",
            strays,
        ) % {"n": strays}
        return matter.red(
            said,
            _("Delete it there; the check of the public line names it."),
        )
    if aside:
        said = ngettext(
            "%(n)s event of a line could not be applied.",
            "%(n)s events of a line could not be applied.",
            aside,
        ) % {"n": aside}
        return matter.amber(said, _("Run manage.py line_events."))
    return matter.good(_("Everything they told was applied."))


def _disk() -> Check:
    matter, disk = _Matter("disk", _("Disk")), shutil.disk_usage(settings.DATA_DIR)
    share = disk.free / disk.total
    said = _("%(free)s GB are free, %(share)s percent.") % {
        "free": f"{disk.free / 1e9:.1f}",
        "share": round(share * 100),
    }
    if share >= AMBER_DISK:
        return matter.good(said)
    tell = matter.amber if share >= RED_DISK else matter.red
    return tell(
        said, _("Make room: delete old logs and what restores put aside, or take a larger disk.")
    )


def _clock(at: datetime) -> Check:
    """Against the database's clock, and against what was written before: time must not have gone back."""
    matter, to_do = (
        _Matter("clock", _("Clock")),
        _("Set the server's clock by a time server (systemd-timesyncd or chrony)."),
    )
    ahead = max((b.ran_at for b in backing.beats().values()), default=at)
    if ahead - at > timedelta(minutes=1):
        return matter.red(
            _("It went back: work was noted at %(when)s.") % {"when": _when(ahead)},
            to_do,
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            apart = abs((cursor.fetchone()[0] - datetime.now(UTC)).total_seconds())
        if apart > 2:
            return matter.amber(
                _("%(n)s seconds apart from the database's.") % {"n": round(apart)},
                to_do,
            )
    return matter.good(_("It goes forward, and with the database's."))


def _certificate(at: datetime) -> Check:
    matter, parts = _Matter("certificate", _("Certificate")), urlsplit(settings.PUBLIC_URL)
    if parts.scheme != "https":
        if parts.hostname in ("localhost", "127.0.0.1"):
            return matter.good(_("None is needed on this machine alone."))
        return matter.red(
            _("Pages go over the network in the clear."),
            _("Put a proxy with TLS before it and set PUBLIC_URL to https."),
        )
    ends = cache.get_or_set(
        "health:certificate", lambda: _ends(str(parts.hostname), parts.port or 443), ASK_AGAIN
    )
    to_do = _("Renew it, and see why that did not happen by itself.")
    if ends is None:
        return matter.red(
            _("%(host)s shows none within two seconds.") % {"host": parts.netloc},
            _("See whether the proxy runs, and whether this server reaches it by that name."),
        )
    said = _("It is good until %(when)s.") % {"when": _when(ends)}
    if ends <= at:
        return matter.red(
            _("It ended on %(when)s.") % {"when": _when(ends)},
            to_do,
        )
    soon = ends - at < timedelta(days=CERTIFICATE_DAYS)
    return matter.amber(said, to_do) if soon else matter.good(said)


def _ends(host: str, port: int) -> datetime | None:
    """Last moment of the certificate that visitors are shown, whoever signed it; None without an answer."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection((host, port), 2) as plain,
            context.wrap_socket(plain, server_hostname=host) as wrapped,
        ):
            shown = wrapped.getpeercert(binary_form=True)
    except OSError:
        return None
    return x509.load_der_x509_certificate(shown).not_valid_after_utc if shown else None


def _when(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
