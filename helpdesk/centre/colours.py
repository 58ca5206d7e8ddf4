"""A centre's own colour: whether people can read on it, and the shades that pages make of it. Pure functions.

Contrast is that of WCAG 2.2 (1.4.3): 4.5 to 1 for text. The grounds are those of tokens.css.
"""

import re

WHITE, SAND = "#ffffff", "#f7f4ee"
ENOUGH = 4.5
_HEX = re.compile(r"#?([0-9a-fA-F]{6})")


def colour_of(text: str) -> str:
    """`#rrggbb` in small letters; empty when the text is no such colour."""
    found = _HEX.fullmatch(text.strip())
    return f"#{found[1].lower()}" if found else ""


def contrast(one: str, other: str) -> float:
    """Between 1 (the same) and 21 (black on white)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def weakest(colour: str) -> float:
    """The least contrast in which pages show it: as text on their grounds, and white text on it."""
    return min(contrast(colour, ground) for ground in (WHITE, SAND, tint(colour)))


def is_readable(colour: str) -> bool:
    return weakest(colour) >= ENOUGH


def darker(colour: str) -> str:
    """For what is pressed or pointed at."""
    return _mixed(colour, "#000000", 0.25)


def tint(colour: str) -> str:
    """A light ground of the same hue."""
    return _mixed(colour, WHITE, 0.9)


def sheet(colour: str) -> str:
    """The rules that put the colour in the place of the green of the public pages."""
    return f":root{{--green:{colour};--green-2:{darker(colour)};--green-tint:{tint(colour)}}}\n"


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(value / 255) for value in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
