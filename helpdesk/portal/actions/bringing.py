"""What one brings along to the wizard: the words of a search, the article one was reading."""

from enum import StrEnum

from helpdesk.portal.access import article
from helpdesk.portal.asking import Asking

MOST = 400
"""Letters of a search that are brought along; the search page takes no more."""


class Choice(StrEnum):
    """What to do with words brought along to a question that is written already."""

    ADD = "add"
    INSTEAD = "instead"
    KEEP = "keep"


def bring_words(asking: Asking, words: str) -> None:
    """Words searched for become the question, or wait beside one that somebody wrote here."""
    words, have = words.strip()[:MOST], asking.fields.get("question", "").strip()
    if not words or words == have:
        return
    if have and have != asking.fields.get("brought", ""):
        asking.fields["offered"] = words
    else:
        asking.fields["question"] = asking.fields["brought"] = words
    asking.save()


def settle_words(asking: Asking, choice: str) -> None:
    """Answer the offer: words that were typed go only when the person says so."""
    offered = asking.fields.pop("offered", "")
    if offered and choice == Choice.ADD:
        asking.fields["question"] = f"{asking.fields.get('question', '').rstrip()}\n\n{offered}"
    elif offered and choice == Choice.INSTEAD:
        asking.fields["question"] = asking.fields["brought"] = offered
    elif choice != Choice.KEEP and offered:
        asking.fields["offered"] = offered
    asking.save()


def bring_article(asking: Asking, topic: str) -> None:
    """The question is about this article: its theme is chosen, its facts are asked for."""
    if (found := article(topic)) is not None:
        asking.fields["about"] = topic
        asking.fields["theme"] = found.edition.article.theme.code
        asking.save()


def set_apart(asking: Asking) -> None:
    """The question is about something else than the article one came from."""
    asking.fields.pop("about", None)
    asking.save()
