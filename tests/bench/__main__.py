"""`python -m tests.bench [PART]`: one part, or all of them."""

import sys
from importlib import import_module

PARTS = ("desk", "search", "live", "phone")
APART = ("faults", "flood", "scale", "phone_meeting", "phone_world")
"""By their name only: `phone_meeting` is in `phone` too, the others take long."""


def main(names: list[str]) -> int:
    """Each part prints its table; 1 when one of them missed its target."""
    unknown = [name for name in names if name not in (*PARTS, *APART)]
    if unknown:
        print(f"No such part: {', '.join(unknown)}. There are: {', '.join((*PARTS, *APART))}.")
        return 2
    return max([import_module(f"tests.bench.{name}").main() or 0 for name in names or PARTS])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
