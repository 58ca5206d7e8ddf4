from django.apps import AppConfig


class EditingConfig(AppConfig):
    name = "helpdesk.editing"
    label = "editing"
