"""Each record as the REST surface shows it, and lists in pages."""

from datetime import datetime
from email.utils import format_datetime
from typing import Any

from telephony.simulator.parameters import VERSION, media
from telephony.simulator.rest import errors
from telephony.simulator.rest.asked import Reply, Request
from telephony.simulator.state import (
    Account,
    Call,
    Conference,
    File,
    Member,
    Message,
    Participant,
    Queue,
    Recording,
)  # fmt: skip

LARGEST_PAGE = 1000


def _time(at: datetime | None) -> str | None:
    return format_datetime(at) if at else None


def base(account: Account) -> str:
    return f"/{VERSION}/Accounts/{account.sid}"


def call(account: Account, one: Call) -> dict[str, Any]:
    ended = one.ended and one.started
    duration = int((one.ended - one.started).total_seconds()) if one.ended and one.started else 0
    return {
        "sid": one.sid, "account_sid": account.sid, "api_version": VERSION, "status": one.status,
        "direction": one.direction, "from": one.from_, "from_formatted": one.from_, "to": one.to,
        "to_formatted": one.to, "start_time": _time(one.started), "end_time": _time(one.ended),
        "duration": str(duration) if ended else None, "parent_call_sid": None, "price": None,
        "price_unit": "USD", "answered_by": None, "forwarded_from": None, "group_sid": None,
        "caller_name": None, "phone_number_sid": None, "trunk_sid": None,
        "queue_time": str(one.queue_time), "date_created": _time(one.created),
        "date_updated": _time(one.ended or one.started or one.created),
        "uri": f"{base(account)}/Calls/{one.sid}.json", "subresource_uris": {},
    }  # fmt: skip


def conference(account: Account, one: Conference) -> dict[str, Any]:
    return {
        "sid": one.sid, "account_sid": account.sid, "api_version": VERSION, "status": one.status,
        "friendly_name": one.name, "region": "us1", "date_created": _time(one.created),
        "date_updated": _time(one.created), "reason_conference_ended": one.why or None,
        "call_sid_ending_conference": one.by or None, "subresource_uris": {},
        "uri": f"{base(account)}/Conferences/{one.sid}.json",
    }  # fmt: skip


def participant(account: Account, one: Participant) -> dict[str, Any]:
    return {
        "account_sid": account.sid, "call_sid": one.call.sid, "label": one.label or None,
        "call_sid_to_coach": one.coach or None, "coaching": bool(one.coach), "muted": one.muted,
        "conference_sid": one.room.sid, "date_created": _time(one.joined), "hold": one.hold,
        "date_updated": _time(one.joined), "end_conference_on_exit": one.ends,
        "start_conference_on_enter": one.starts, "status": one.status,
        "queue_time": str(one.call.queue_time),
        "uri": f"{base(account)}/Conferences/{one.room.sid}/Participants/{one.call.sid}.json",
    }  # fmt: skip


def queue(account: Account, one: Queue) -> dict[str, Any]:
    return {
        "sid": one.sid, "account_sid": account.sid, "friendly_name": one.name,
        "current_size": len(one.members), "max_size": one.most, "average_wait_time": one.average(),
        "date_created": _time(one.created), "date_updated": _time(one.created),
        "uri": f"{base(account)}/Queues/{one.sid}.json",
    }  # fmt: skip


def member(account: Account, one: Member, at: datetime, position: int) -> dict[str, Any]:
    return {
        "call_sid": one.call.sid, "date_enqueued": _time(one.since), "queue_sid": one.queue.sid,
        "position": position, "wait_time": int((at - one.since).total_seconds()),
        "uri": f"{base(account)}/Queues/{one.queue.sid}/Members/{one.call.sid}.json",
    }  # fmt: skip


def recording(account: Account, one: Recording) -> dict[str, Any]:
    return {
        "sid": one.sid, "account_sid": account.sid, "api_version": VERSION,
        "call_sid": one.call or None, "conference_sid": one.room or None, "error_code": None,
        "status": "deleted" if one.deleted else one.status, "source": one.source,
        "channels": one.channels, "price": None, "price_unit": "USD", "encryption_details": None,
        "duration": str(int(one.length)) if one.status == "completed" else None,
        "start_time": _time(one.created), "date_created": _time(one.created),
        "date_updated": _time(one.created), "subresource_uris": {},
        "media_url": None if one.deleted else media(account, one),
        "uri": f"{base(account)}/Recordings/{one.sid}.json",
    }  # fmt: skip


def message(account: Account, one: Message) -> dict[str, Any]:
    return {
        "sid": one.sid, "account_sid": account.sid, "api_version": VERSION, "body": one.body,
        "from": one.from_, "to": one.to, "status": one.status, "direction": one.direction,
        "error_code": one.error or None, "error_message": None, "num_media": str(len(one.media)),
        "num_segments": "1", "messaging_service_sid": None, "price": None, "price_unit": "USD",
        "date_created": _time(one.created), "date_sent": _time(one.sent),
        "date_updated": _time(one.sent or one.created), "subresource_uris": {},
        "uri": f"{base(account)}/Messages/{one.sid}.json",
    }  # fmt: skip


def media_of(account: Account, of: Message, one: File) -> dict[str, Any]:
    return {
        "sid": one.sid, "account_sid": account.sid, "parent_sid": of.sid, "content_type": one.kind,
        "date_created": _time(of.created), "date_updated": _time(of.created),
        "uri": f"{base(account)}/Messages/{of.sid}/Media/{one.sid}.json",
    }  # fmt: skip


def page(request: Request, name: str, rows: list[dict[str, Any]]) -> Reply:
    """One page of a list, with the address of the next."""
    size = request.fields.number("PageSize", 50)
    number = request.fields.number("Page", 0)
    if not 1 <= size <= LARGEST_PAGE:
        raise errors.wrong("PageSize", str(size))
    kept = rows[number * size : (number + 1) * size]
    more = len(rows) > (number + 1) * size
    query = "".join(
        f"&{key}={value}" for key, values in request.fields.values.items() for value in values
        if key not in ("PageSize", "Page", "PageToken")
    )  # fmt: skip

    def at(page_number: int) -> str:
        return f"{request.path}?PageSize={size}&Page={page_number}{query}"

    return Reply(200, {
        name: kept, "page": number, "page_size": size, "start": number * size, "uri": at(number),
        "end": number * size + max(0, len(kept) - 1), "first_page_uri": at(0),
        "next_page_uri": at(number + 1) if more else None,
        "previous_page_uri": at(number - 1) if number else None,
    })  # fmt: skip
