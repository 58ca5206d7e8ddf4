from django.apps import AppConfig


class TwilioConfig(AppConfig):
    name = "telephony.providers.twilio"
    label = "twilio"
