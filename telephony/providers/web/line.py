"""The web line: voice between two browsers, with rows as its signalling."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from telephony.models import Leg
from telephony.providers.port import Capabilities, Page
from telephony.providers.web.models import Description, Link
from telephony.providers.web.rules import End, needed_links


class WebLine:
    capabilities = Capabilities(
        voice_in_page=True, hold=True, transfer=True, listen=True, keys_while_waiting=True,
        record=True, is_heard_of=True,
    )  # fmt: skip

    def arrange(self, call: Any, *, at: datetime) -> None:
        """Write the links that the legs and their modes ask for, and close the others."""
        arrange(call, at=at)

    def reconcile(self, call: Any, *, at: datetime) -> int:
        """The pages' reports are the only source: silence is judged by timers."""
        return 0

    def pass_for(self, leg: Any) -> str:
        from telephony.providers.web.actions import open_leg

        return open_leg(leg)

    def recorded(self, call: Any) -> str:
        return ""

    def page_of(self, call: Any) -> Page:
        given = {"base": reverse("desk_line:state", args=[call.pk])}
        return Page(scripts=("telephony/voice.js",), given=given)


def arrange(call: Any, *, at: datetime, offerer: Leg | None = None) -> None:
    """Links as the rows ask for; of a missing one the newcomer is the offerer, or `offerer`."""
    wanted = needed_links(ends_of(call), turn=call.turn, has_voice=call.has_voice)
    there = {tuple(map(int, link.pair.split("-"))): link for link in call.links.open()}
    same = {key for key, purpose in wanted.items() if key in there and _is(there[key], purpose)}
    close([link for key, link in there.items() if key not in same], at=at)
    for key, purpose in wanted.items():
        if key in same:
            continue
        low, high = key
        first, second = (low, high) if offerer and offerer.pk == low else (high, low)
        Link.objects.create(
            call=call, offerer_id=first, answerer_id=second, pair=f"{low}-{high}",
            purpose=purpose, made_at=at,
        )  # fmt: skip


def close(links: list[Link], *, at: datetime) -> None:
    """End links; what they knew of network addresses goes with them."""
    keys = [link.pk for link in links]
    if keys:
        Description.objects.filter(link__in=keys).delete()
        Link.objects.filter(pk__in=keys).update(closed_at=at)


def ends_of(call: Any) -> list[End]:
    """The legs that have not left, as the rules see them."""
    return [end_of(leg) for leg in call.legs.here()]


def end_of(leg: Leg) -> End:
    return End(leg.pk, leg.role, leg.mode, leg.turn, leg.seen_at is not None)


def _is(link: Link, purpose: str) -> bool:
    return link.purpose == purpose
