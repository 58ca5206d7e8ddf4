from django.apps import AppConfig


class WebLineConfig(AppConfig):
    name = "telephony.providers.web"
    label = "webline"
