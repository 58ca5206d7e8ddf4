"""How one thing of the installation stands, as the app it belongs to says itself.

Every app may offer such checks in a `health.py` of its own, so the shape stands in the lowest
package; `config/installation/checks.py` lists who offers some. A check is reckoned when it is asked
for and stored nowhere; its sentences are in the language of whoever reads.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Light(StrEnum):
    """`RED`: does not work or was never done; `AMBER`: works, and somebody should look; `GREEN`."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


@dataclass(frozen=True)
class Check:
    """One line of the go-live page or of the health page.

    `key` names the thing for good (`hours`, `mail`, `backup`): tests, metrics and the rule that
    keeps a centre closed go by it. `sentence` tells how it stands, `to_do` what mends it (empty when
    green), `who` is the role that must act, in words. `address` is the page where it is done, empty
    when it is done outside of the program.
    """

    key: str
    light: Light
    name: str
    sentence: str
    to_do: str = ""
    who: str = ""
    address: str = ""


def worst(checks: Iterable[Check]) -> Light:
    """The light of the whole: red when one is red, else amber when one is, else green."""
    lights = {check.light for check in checks}
    return next((light for light in Light if light in lights), Light.GREEN)
