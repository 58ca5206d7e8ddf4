from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "knowledge.search"
    label = "search"

    def ready(self) -> None:
        """Load the client of a cluster before somebody waits for an answer."""
        from knowledge.search import cluster

        cluster.link()
