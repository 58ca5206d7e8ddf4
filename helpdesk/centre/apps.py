from django.apps import AppConfig


class CentreConfig(AppConfig):
    name = "helpdesk.centre"
    label = "centre"
