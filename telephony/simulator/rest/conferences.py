"""Rooms: looked at, announced into, ended. A room is asked for by its id, never by its name."""

from telephony.simulator import announcing, rooms
from telephony.simulator.rest import calls, errors, showing
from telephony.simulator.rest.asked import Reply, Request, route
from telephony.simulator.state import Conference


def found(request: Request) -> Conference:
    room = request.world.rooms.get(request.ids["ConferenceSid"])
    if room is None:
        raise errors.not_found(request.path)
    return room


def conference_fetch(request: Request) -> Reply:
    return Reply(200, showing.conference(request.world.account, found(request)))


def conference_list(request: Request) -> Reply:
    fields = request.fields
    rows = [
        showing.conference(request.world.account, room)
        for room in reversed(request.world.rooms.values())
        if fields.one("Status") in ("", room.status)
        and fields.one("FriendlyName") in ("", room.name)
    ]
    return showing.page(request, "conferences", rows)


def conference_update(request: Request) -> Reply:
    room, world, fields = found(request), request.world, request.fields
    if room.status == "completed":
        raise errors.not_found(request.path)
    if "Status" in fields:
        if fields.one("Status") != "completed":
            raise errors.wrong("Status", fields.one("Status"))
        rooms.close(world, room, "conference-ended-via-api")
    if url := fields.one("AnnounceUrl"):
        announcing.announce(world, room, None, world.reader.address(url, ""))
    return Reply(200, showing.conference(world.account, room))


ROUTES = (
    route("GET", f"{calls.BASE}/Conferences.json", conference_list,
          f"Status FriendlyName {calls.PAGED}"),
    route("GET", f"{calls.BASE}/Conferences/{{ConferenceSid}}.json", conference_fetch),
    route("POST", f"{calls.BASE}/Conferences/{{ConferenceSid}}.json", conference_update,
          "Status AnnounceUrl AnnounceMethod"),
)  # fmt: skip
