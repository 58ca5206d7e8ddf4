"""The fields of a webhook: what every voice request carries, and what is added for each kind."""

from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from telephony.simulator.state import Call, Conference, File, Message, Participant, Recording

if TYPE_CHECKING:
    from telephony.simulator.state import Account

VERSION = "2010-04-01"
API = "https://api.twilio.com"


def stamp(at: datetime) -> str:
    return format_datetime(at)


def whole(seconds: float) -> str:
    return str(int(seconds))


def voice(account: "Account", call: Call) -> dict[str, str]:
    form = {
        "AccountSid": account.sid, "ApiVersion": VERSION, "CallSid": call.sid,
        "CallStatus": call.status, "Called": call.to, "Caller": call.from_,
        "Direction": call.direction, "From": call.from_, "To": call.to,
    }  # fmt: skip
    if not call.identity:
        for who in ("Called", "Caller", "From", "To"):
            form |= {f"{who}City": "", f"{who}Country": "MA", f"{who}State": "", f"{who}Zip": ""}
    return form


def changed(account: "Account", call: Call, event: str, at: datetime) -> dict[str, str]:
    """A change of a call's status. Durations come with the last one: seconds, and begun minutes."""
    form = voice(account, call) | {
        "CallStatus": call.status if event == "completed" else STATUS_OF[event],
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(call.sequence),
        "Timestamp": stamp(at),
    }
    if event == "completed":
        seconds = (at - call.started).total_seconds() if call.started else 0
        form |= {"CallDuration": whole(seconds), "Duration": str(-(-int(seconds) // 60))}
    return form


STATUS_OF = {"initiated": "initiated", "ringing": "ringing", "answered": "in-progress"}
"""Who subscribes to "answered" is told the status in-progress."""


def room(account: "Account", one: Conference, event: str, at: datetime) -> dict[str, str]:
    return {
        "AccountSid": account.sid, "ConferenceSid": one.sid, "FriendlyName": one.name,
        "SequenceNumber": str(one.sequence), "StatusCallbackEvent": event, "Timestamp": stamp(at),
    }  # fmt: skip


def participant(one: Participant) -> dict[str, str]:
    form = {
        "CallSid": one.call.sid, "Muted": _truth(one.muted), "Hold": _truth(one.hold),
        "Coaching": _truth(bool(one.coach)), "EndConferenceOnExit": _truth(one.ends),
        "StartConferenceOnEnter": _truth(one.starts),
    }  # fmt: skip
    if one.label:
        form["ParticipantLabel"] = one.label
    if one.coach:
        form["CallSidToCoach"] = one.coach
    return form


def recording(account: "Account", one: Recording) -> dict[str, str]:
    form = {
        "AccountSid": account.sid, "CallSid": one.call, "RecordingSid": one.sid,
        "RecordingStatus": one.status, "RecordingChannels": str(one.channels),
        "RecordingSource": one.source, "RecordingStartTime": stamp(one.created),
        "RecordingTrack": "both", "ErrorCode": "0",
    }  # fmt: skip
    if one.room:
        form["ConferenceSid"] = one.room
    if one.status == "completed":
        form |= {"RecordingUrl": media(account, one), "RecordingDuration": whole(one.length)}
    return form


def media(account: "Account", one: Recording) -> str:
    """Where the sound lies, by itself without an ending."""
    return f"{API}/{VERSION}/Accounts/{account.sid}/Recordings/{one.sid}"


def file(account: "Account", message: Message, one: File) -> str:
    """Where a file of a message is asked for."""
    return f"{API}/{VERSION}/Accounts/{account.sid}/Messages/{message.sid}/Media/{one.sid}"


def message(account: "Account", one: Message) -> dict[str, str]:
    form = {
        "AccountSid": account.sid, "ApiVersion": VERSION, "From": one.from_, "To": one.to,
        "MessageSid": one.sid, "SmsSid": one.sid,
    }  # fmt: skip
    if one.direction == "inbound":
        form |= {
            "Body": one.body, "NumMedia": str(len(one.media)), "NumSegments": "1",
            "SmsMessageSid": one.sid, "SmsStatus": "received",
        }  # fmt: skip
        for number, url in enumerate(one.media):
            form |= {f"MediaUrl{number}": url, f"MediaContentType{number}": one.kinds[number]}
        if one.from_.startswith("whatsapp:"):
            form |= {"WaId": one.from_.removeprefix("whatsapp:+"), "ProfileName": "Caller"}
        return form
    form |= {"MessageStatus": one.status, "SmsStatus": one.status}
    if one.error:
        form["ErrorCode"] = str(one.error)
    if one.to.startswith("whatsapp:"):
        form |= {"ChannelPrefix": "whatsapp", "ChannelToAddress": one.to.removeprefix("whatsapp:")}
    return form


def _truth(value: bool) -> str:
    return "true" if value else "false"
