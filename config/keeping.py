"""Settings of sweeps, backups and figures, from the environment (docs/operating.md)."""

import environ

__all__ = [
    "BACKUP_DAYS",
    "BACKUP_DIR",
    "BACKUP_HOUR",
    "BACKUP_KEY",
    "METRICS_TOKEN",
    "SWEEPS_INSIDE",
]

env = environ.Env()
SWEEPS_INSIDE = env.bool("SWEEPS_INSIDE", True)
"""Run the sweeps inside the web process; off where `manage.py work` runs beside it."""
BACKUP_DIR = env.str("BACKUP_DIR", "")
"""Folder that each night's backup is written into, best of another machine; empty = none is taken."""
BACKUP_KEY = env.str("BACKUP_KEY", "")
"""`age1…`: public key that backups are sealed for; else that of `manage.py backup_key`."""
BACKUP_DAYS = env.int("BACKUP_DAYS", 35)
BACKUP_HOUR = env.int("BACKUP_HOUR", 2)
"""Hour of the day, of the centre's clock, after which the night's backup is taken."""
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
"""With it `/metrics` is told to whoever sends it as a bearer, from anywhere; else to this machine only."""
