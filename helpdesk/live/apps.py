from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "helpdesk.live"
    label = "live"
