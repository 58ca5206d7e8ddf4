"""Which numbers are told to people outside, and how: nothing under five, and nothing that lets it be found.

Every count is rounded to the nearest multiple of five, and one under five is not told at all. So the
difference of any two numbers, whatever their filters and periods, is nothing or at least five (trust.md
T26). In a table a single number that is not told takes the next smallest with it. Pure functions.
"""

from collections.abc import Mapping
from math import ceil
from statistics import median

STEP = 5
LEAST = 5


def told(number: int) -> int | None:
    """Rounded to five; None for 1 to 4."""
    if number == 0:
        return 0
    return None if number < LEAST else (number + STEP // 2) // STEP * STEP


def told_table(counts: Mapping[str, int]) -> dict[str, int | None]:
    """The same for a table: a single hidden row would be the total less the rest."""
    found = {label: told(number) for label, number in counts.items() if number}
    hidden = [label for label, number in found.items() if number is None]
    shown = sorted(found.keys() - set(hidden), key=lambda label: (counts[label], label))
    if len(hidden) == 1 and shown:
        found[shown[0]] = None
    return found


def share(part: int | None, whole: int | None) -> int | None:
    """Whole per cent of two told numbers; None where one of them is not told."""
    if part is None or not whole:
        return None
    return min(100, part * 100 // whole)


def middle(seconds: list[int]) -> int | None:
    """Half waited less; to five seconds, None of fewer than five."""
    return None if len(seconds) < LEAST else round(median(seconds) / STEP) * STEP


def nine_of_ten(seconds: list[int]) -> int | None:
    if len(seconds) < LEAST:
        return None
    return round(sorted(seconds)[ceil(len(seconds) * 0.9) - 1] / STEP) * STEP
