"""Why a bundle is not taken, with words for the person who brought it."""

from typing import Any

from django.utils.translation import gettext as _

from knowledge.articles.actions.reviewing import Refused


class Damaged(Refused):
    def __init__(self) -> None:
        super().__init__(
            _("This is not a whole library bundle: the file is cut off, or of another kind.")
        )


class TooLarge(Refused):
    def __init__(self) -> None:
        super().__init__(_("The file is larger than a library bundle can be (9 MB)."))


class Newer(Refused):
    def __init__(self) -> None:
        super().__init__(
            _("The bundle was made by a newer version of the program: update this one first.")
        )


class UnknownKey(Refused):
    """`number` is what to compare by telephone."""

    def __init__(self, centre: str, number: str) -> None:
        self.centre, self.number = centre, number
        # Groups of digits change places in an Arabic line without the isolate.
        values = {"centre": f"\u2068{centre}\u2069", "number": f"\u2066{number}\u2069"}
        super().__init__(
            _("The bundle says that it comes from %(centre)s, but its key is not one that is "
              "trusted here. The number of the key: %(number)s.") % values
        )  # fmt: skip


class WrongSignature(Refused):
    def __init__(self) -> None:
        super().__init__(_("The signature is wrong: the bundle is forged or was changed."))


class Altered(Refused):
    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            _("A file in the bundle was changed after it was signed: %(name)s.") % {"name": name}
        )


class Malformed(Refused):
    """Signed, but not what an article is: nothing of it is taken."""

    def __init__(self, name: str, where: Any = "") -> None:
        self.name, self.where = name, str(where)
        said = f"{name} · {where}" if where else name
        super().__init__(
            _("The bundle holds something that is not part of a library: %(name)s.")
            % {"name": said}
        )
