"""The starter library, laid once for the module: each test takes back what it wrote."""

from tests.knowledge.articles.conftest import library

__all__ = ["library"]
