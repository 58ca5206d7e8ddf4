"""The Atom feed: what was published last in the library, in the language of the address."""

from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from knowledge.articles import access, sharing
from knowledge.languages import reading_language


class Changes(Feed):  # type: ignore[type-arg]
    """Newest versions first. Addresses are whole: feed readers know no page they came from."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return _("Wasl: changes in the library")

    def subtitle(self) -> str:
        return _("What was published last, with the law behind it.")

    def link(self) -> str:
        return sharing.public(reverse("articles:library"))

    def feed_url(self) -> str:
        return sharing.public(reverse("articles:changes"))

    def items(self) -> list[Any]:
        return access.newest(language=reading_language())

    def item_title(self, item: Any) -> str:
        if item.edition.article.is_over:
            return _("No longer in force: %(title)s") % {"title": item.title}
        return str(item.title)

    def item_description(self, item: Any) -> str:
        return str(item.question)

    def item_link(self, item: Any) -> str:
        return sharing.public(reverse("articles:article", args=[item.edition.article.topic]))

    def item_guid(self, item: Any) -> str:
        """A new version is a new entry."""
        topic = item.edition.article.topic
        return sharing.public(reverse("articles:version", args=[topic, item.number]))

    def item_pubdate(self, item: Any) -> datetime:
        return item.published_at

    def item_updateddate(self, item: Any) -> datetime:
        """Also when it came out of force: readers of the feed hear of that."""
        return item.moved_at

    def item_categories(self, item: Any) -> list[str]:
        return [str(item.edition.article.theme)]
