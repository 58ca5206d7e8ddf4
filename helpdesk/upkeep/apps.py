from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "helpdesk.upkeep"
    label = "upkeep"
