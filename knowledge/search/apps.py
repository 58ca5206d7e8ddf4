from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "knowledge.search"
    label = "search"
