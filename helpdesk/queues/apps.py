from django.apps import AppConfig


class QueuesConfig(AppConfig):
    name = "helpdesk.queues"
    label = "queues"
