"""Which engine answers: the cluster where one is named and answers, else the index of this host."""

from collections.abc import Sequence

from knowledge.search import cluster
from knowledge.search.engines.port import Engine, Found
from knowledge.search.expansion import Question


def find(
    own: Engine, question: Question, *, langs: Sequence[str], theme: str, limit: int
) -> tuple[list[Found], bool]:
    """(the best documents of each language, whether this host answered in place of a cluster).

    Raises EngineBroken when neither can.
    """
    named = cluster.link()
    if named:
        found = named.find(question, langs=langs, theme=theme, limit=limit)
        if found is not None:
            return found, False
    rows = (own.find(question, lang=lang, theme=theme, limit=limit) for lang in langs)
    return [hit for row in rows for hit in row], named is not None
