"""All operations of the API under one roof."""

from helpdesk.portal.api import library, requests
from helpdesk.portal.api.door import Api
from helpdesk.portal.api.fields import _

VERSION = "1"
api = Api(
    title="Wasl",
    version=VERSION,
    description=_("The library for everybody; requests for organisations that hold a key."),
)
api.add_router("", library.router)
api.add_router("", requests.router)
