"""What an administrator types in the assistant beyond one app's own forms."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from config.installation import presets
from helpdesk.accounts.forms import PersonForm
from helpdesk.accounts.rules import Role, role_choices
from helpdesk.centre.forms import Directed
from helpdesk.centre.models import Centre
from helpdesk.notices.mail_account import MailAccount, sealed


class LibraryForm(forms.Form):
    """Who answers for the library, and whether it is read before the centre opens."""

    reviewer = forms.TypedChoiceField(
        label=_("Named reviewer"), required=False, coerce=int, empty_value=None,
        help_text=_("A senior advisor or an editor: may sign articles that somebody else wrote."),
    )  # fmt: skip
    reads_early = forms.BooleanField(
        label=_("The library is read by everybody before the centre opens"), required=False,
        help_text=_("Articles that nobody has signed yet say so."),
    )  # fmt: skip

    def __init__(self, *args: Any, centre: Centre, people: Any, **kwargs: Any) -> None:
        initial = {"reviewer": centre.reviewer_id, "reads_early": centre.reads_early}
        super().__init__(*args, initial=initial, **kwargs)
        self.people = {person.pk: person for person in people}
        self.fields["reviewer"].choices = [
            ("", _("nobody yet")), *((pk, str(one)) for pk, one in self.people.items())
        ]  # fmt: skip

    @property
    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "reviewer": self.people.get(data["reviewer"]),
            "reads_early": data["reads_early"],
        }


class NewcomerForm(PersonForm):
    """A new account with its first posting, in one go."""

    province = forms.ChoiceField(label=_("Works for"), required=False)

    class Meta(PersonForm.Meta):
        fields = ("username", "name_ar", "name_fr", "email", "language", "speaks")

    def __init__(self, *args: Any, centre: Centre, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [
            (code, name) for code, name in role_choices() if code != Role.MEMBER
        ]  # fmt: skip
        self.fields["province"].choices = [
            ("", _("the whole territory")), *centre.provinces().items()
        ]  # fmt: skip


class PresetForm(forms.Form):
    preset = forms.ChoiceField(label=_("Queues"), choices=presets.CHOICES, widget=forms.RadioSelect)


class SheetForm(forms.Form):
    """A spreadsheet as it comes."""

    sheet = forms.FileField(
        label=_("Spreadsheet"), help_text=_("xlsx or csv, at most 2 MB and 1000 rows."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )  # fmt: skip


_NAMED_BY = _("Often the whole address; empty where the server asks for no sign-in.")


class MailForm(Directed):
    """An account of mail. A kept password is used for the server and the user that it was typed for, no other."""

    HOST = re.compile(r"[a-z0-9]([-a-z0-9.:]{0,251}[a-z0-9])?", re.IGNORECASE)
    TYPED = re.compile(r"[\x20-\x7e]*")
    OF = ("host", "port", "security", "user")
    way: MailAccount.Way
    ports: tuple[int, ...]

    password = forms.CharField(
        label=_("Password"), required=False, max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    class Meta:
        model = MailAccount
        fields: tuple[str, ...] = ("host", "port", "security", "user")
        help_texts = {"user": _NAMED_BY}

    def __init__(self, *args: Any, instance: MailAccount | None, **kwargs: Any) -> None:
        self.kept = instance
        super().__init__(*args, instance=instance and _copy(instance), prefix=self.way, **kwargs)
        del self.fields["security"].widget.attrs["dir"]  # its words are the reader's
        if instance and instance.sealed:
            self.fields["password"].help_text = _(
                "One is kept. Leave this empty to keep it, or type another."
            )

    def clean_host(self) -> str:
        host = str(self.cleaned_data["host"]).strip().strip("[]")
        if not self.HOST.fullmatch(host):
            raise ValidationError(_("Write the name of the server alone, like mail.example.org."))
        return host

    def clean_port(self) -> int:
        port = self.cleaned_data["port"]
        if port not in (*self.ports, *settings.MAIL_PORTS):
            raise ValidationError(
                _("Mail servers listen here on: %(ports)s.")
                % {"ports": ", ".join(map(str, self.ports))}
            )
        return int(port)

    def clean_user(self) -> str:
        return self._plain("user")

    def clean_password(self) -> str:
        return self._plain("password")

    def _plain(self, name: str) -> str:
        if not self.TYPED.fullmatch(self.cleaned_data[name]):
            raise ValidationError(
                _("Only letters a to z, digits and the signs of an English keyboard.")
            )
        return str(self.cleaned_data[name])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors and data["user"] and not data["password"]:
            if self.kept is None or not self.kept.sealed:
                self.add_error("password", _("Type the password of this user."))
            elif any(getattr(self.kept, name) != data[name] for name in self.OF):
                self.add_error(
                    "password",
                    _("Type the password again: the kept one was for another account or server."),
                )
        return data

    @property
    def account(self) -> MailAccount:
        """What was typed; not saved."""
        data = dict(self.cleaned_data)
        typed = data.pop("password")
        kept = self.kept.sealed if self.kept else ""
        secret = (sealed(typed) or kept) if data["user"] else ""
        return MailAccount(way=self.way, sealed=secret, **data)


class MailOutForm(MailForm):
    way, ports = MailAccount.Way.OUT, (25, 465, 587, 2525)

    class Meta(MailForm.Meta):
        fields = (*MailForm.Meta.fields, "address")
        labels = {"address": _("Sender's address")}
        help_texts = {
            **MailForm.Meta.help_texts,
            "address": _("What mails of the centre are from."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"port": 587, "security": "starttls"}, **kwargs)
        self.fields["address"].required = True
        self.order_fields(("host", "port", "security", "user", "password", "address"))


class MailInForm(MailForm):
    way, ports = MailAccount.Way.IN, (143, 993)

    class Meta(MailForm.Meta):
        fields = (*MailForm.Meta.fields, "folder", "address")
        labels = {"address": _("Address of this mailbox")}
        help_texts = {
            **MailForm.Meta.help_texts,
            "address": _(
                "Empty: the sender's. People answer to it with a sign after a plus, like name+sign@example.org; the server must take that in."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args, initial={"port": 993, "security": "tls", "folder": "INBOX"}, **kwargs
        )
        self.order_fields(("host", "port", "security", "user", "password", "folder", "address"))

    def clean_folder(self) -> str:
        return self._plain("folder") or "INBOX"


def _copy(account: MailAccount) -> MailAccount:
    """A form changes the instance it is given; what is kept must stay comparable."""
    return MailAccount(**{f.attname: getattr(account, f.attname) for f in MailAccount._meta.fields})
