from django.apps import AppConfig


class HookConfig(AppConfig):
    name = "telephony.providers.hook"
    label = "linehook"
