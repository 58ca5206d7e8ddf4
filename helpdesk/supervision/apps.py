from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "helpdesk.supervision"
    label = "supervision"
