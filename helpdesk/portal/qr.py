"""An address as a square that a telephone reads: a drawing within the page, nothing is fetched."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

MARGIN = 4
"""Light cells around, as readers want them."""


def drawing(address: str) -> SafeString:
    """The square as SVG, dark cells in one path."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=MARGIN)
    code.add_data(address)
    rows = code.get_matrix()
    cells = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{0}v{0}h-{0}z"/><path fill="#000" d="{2}"/></svg>',
        len(rows), _("The follow page for a telephone's camera"), cells,
    )  # fmt: skip
