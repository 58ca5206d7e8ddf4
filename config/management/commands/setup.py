"""`manage.py setup`: everything an installation needs before it can serve. Harmless when repeated."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from config.installation.actions import first_centre
from config.installation.gathering import gather
from helpdesk.accounts.actions import lay_groups
from helpdesk.tickets.actions.phrasing import lay_phrases
from knowledge.articles.actions import load_library
from telephony.providers.twilio.prompts.placeholders import lay_at_setup as lay_placeholders


class Command(BaseCommand):
    help = "Migrate, lay the groups, load the starter library, build the search index."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        call_command("migrate", verbosity=0, interactive=False)
        gather()
        lay_groups()
        first_centre(at=now, is_open=settings.DEMO)
        lay_phrases(at=now)
        written = load_library(at=now)
        lay_placeholders(at=now)
        call_command("index")
        call_command("index_tickets")
        self.stdout.write(f"library: {written} new versions")
