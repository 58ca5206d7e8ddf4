"""The themes as shelves: what each is about, its articles in the order of the taxonomy, those not in
force last.

Plain data, no query. An article that the taxonomy names in two themes stands on both shelves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

ORDER = {
    "A": ("T01", "T02", "T03", "T04", "T33", "T35"),
    "B": ("T05", "T06", "T07", "T08", "T09", "T10", "T37", "T11", "T12", "T13"),
    "C": ("T14", "T39"),
    "D": ("T15", "T16", "T17", "T34", "T19"),
    "E": ("T18", "T38", "T20", "T21"),
    "F": ("T22", "T23"),
    "G": ("T25", "T26", "T27", "T28", "T29", "T30", "T31", "T32"),
    "H": ("T24", "T36", "T35"),
    "I": (),
}
"""Sub-themes of each theme, by the topics that treat them."""

ABOUT = {
    "A": _("From the founding assembly to the final receipt: the file, its filing, the receipt, a refusal, the seat, stamps and signatures."),
    "B": _("What an association declares as it lives: changes, branches, unions, public utility, what it may own, dissolution, penalties."),
    "C": _("Statutes and assemblies, joining and leaving, rival boards, handing over papers and money."),
    "D": _("Accounts and vouchers, accounts of grants, money from abroad, the bank, tax."),
    "E": _("Partnership with the State, ways to public funding, appeals for gifts, handing out aid."),
    "F": _("Employees and what is owed for them, contractual volunteering."),
    "G": _("Asking for information, petitions and motions, consultative bodies, procedures, meetings and halls."),
    "H": _("Personal data, public platforms, electronic signature."),
    "I": _("What the programme offers: training, support in governance, the hub of skills, guides, help to find funding."),
}  # fmt: skip
"""One sentence for people who look for the right shelf."""


@dataclass(frozen=True)
class Shelf:
    """A theme with its current versions in one language."""

    theme: Any
    versions: list[Any]

    @property
    def about(self) -> str:
        return str(ABOUT.get(self.theme.code, ""))

    @property
    def asked(self) -> list[Any]:
        """Those among the questions expected most, in their order."""
        found = [
            v for v in self.versions if v.edition.article.asked_rank and v.edition.article.applies
        ]
        return sorted(found, key=lambda v: v.edition.article.asked_rank)


def shelves(themes: Iterable[Any], versions: Iterable[Any]) -> list[Shelf]:
    """Every theme, also an empty one, so that the page can say so."""
    rows = list(versions)
    return [Shelf(theme, on_shelf(theme, rows)) for theme in themes]


def on_shelf(theme: Any, versions: Iterable[Any]) -> list[Any]:
    """The articles of a theme in the order of its sub-themes, then any newer ones."""
    order = ORDER.get(theme.code, ())
    here = [
        version
        for version in versions
        if version.edition.article.theme_id == theme.pk or _number(version) in order
    ]
    return sorted(
        here,
        key=lambda v: (
            not v.edition.article.applies,
            _place(order, _number(v)),
            v.edition.article.topic,
        ),
    )


def _number(version: Any) -> str:
    """`T03` of `T03-receipt`."""
    return str(version.edition.article.topic).partition("-")[0]


def _place(order: tuple[str, ...], number: str) -> int:
    return order.index(number) if number in order else len(order)
