"""A logo as somebody sends it, drawn anew: nothing of the file that came is kept.

Only the pixels survive: no comment, no place, no hidden part, no script of an SVG.
"""

import io
import warnings

from django.utils.translation import gettext as _
from PIL import Image

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 4_000_000
"""Four bytes each while it is drawn anew, some three times over: within what one request may cost."""
SIDE = 320
"""Longest side of what is kept, twice what pages show."""
KINDS = ("PNG", "JPEG", "WEBP")


class BadPicture(ValueError):
    """Cannot be taken; the message is for the person."""


def redrawn(content: bytes) -> bytes:
    """The picture as a small PNG. Raises BadPicture."""
    if len(content) > MOST_BYTES:
        raise BadPicture(_("The picture is larger than 2 MB: send a smaller copy."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=KINDS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise BadPicture(_("The picture has too many pixels: send a smaller copy."))
                # Made small before it is given other colours, unless it has a table of them.
                small = picture.convert("RGBA") if picture.mode == "P" else picture
                small.thumbnail((SIDE, SIDE))
                kept = small.convert("RGBA")
    except BadPicture:
        raise
    except Exception:  # Pillow raises what it likes on a broken file
        raise BadPicture(_("This is not a picture we can read: send PNG, JPEG or WebP.")) from None
    out = io.BytesIO()
    kept.save(out, "PNG", optimize=True)
    return out.getvalue()
