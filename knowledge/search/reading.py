"""What a text asks for, for searches of other things than the library."""

from knowledge.search import index, simple
from knowledge.search.engines.port import EngineBroken
from knowledge.search.expansion import Question, understand


def understood(text: str) -> Question:
    """By the words the library knows; by the glossary's alone while there is no index."""
    try:
        vocabulary = index.engine().vocabulary
    except EngineBroken:
        vocabulary = simple.vocabulary()
    return understand(text, vocabulary)
