"""The application for a test of order under load: nobody has to wait for a pace, which has tests of its own."""

from config.asgi import application
from helpdesk.live import pace

__all__ = ["application"]
pace._take = lambda *_: 0
