"""Links to answers that tell that they were opened, of nobody knows whom."""

from django import template
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import override

from knowledge.search.hits import Hit

register = template.Library()


@register.simple_tag
def opening(hit: Hit, key: str) -> str:
    """The address of an answer found: by the door that counts the opening where there is a key."""
    if not key:
        return hit.url
    with override(hit.lang):
        door = reverse("search:opened", args=[hit.topic])
    return f"{door}?{urlencode({'k': key, **({'s': hit.section} if hit.section else {})})}"
