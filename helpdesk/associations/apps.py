from django.apps import AppConfig


class AssociationsConfig(AppConfig):
    name = "helpdesk.associations"
    label = "associations"
