"""Requests of an organisation: sent by its program, and its own read back. Nobody else's, nothing internal."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Header, Path, Query, Router, Status

from helpdesk.accounts.keys import Scope
from helpdesk.portal.access import request_of, requests_of
from helpdesk.portal.actions import sending
from helpdesk.portal.api import request_shapes as shapes
from helpdesk.portal.api.fields import Limit, Page, _, paged
from helpdesk.portal.api.keyed import Key
from helpdesk.portal.api.problems import Problem

router = Router(tags=["requests"])
Reference = Annotated[str, Path(..., pattern=r"^W-[0-9]{4}-[0-9]{6,12}$", max_length=24)]
Once = Annotated[
    str,
    Header(
        ..., alias="Idempotency-Key", min_length=8, max_length=100,
        pattern=r"^[\x21-\x7e]+$",
        description=_("Made by the program, another one for each request: sent twice, it is one."),
    ),
]  # fmt: skip
READ: dict[str, Any] = {"auth": Key(Scope.READ), "openapi_extra": {"x-scope": Scope.READ.value}}
CREATE: dict[str, Any] = {
    "auth": Key(Scope.CREATE),
    "openapi_extra": {"x-scope": Scope.CREATE.value},
}
State = Literal["new", "open", "waiting", "answered", "closed"]


@router.post(
    "v1/requests/", response={201: shapes.RequestShape, 200: shapes.RequestShape},
    url_name="requests", summary=_("Send a request"), **CREATE,
    description=_("A question for the centre. The answer is 201, and 200 when the same Idempotency-Key comes again."),
)  # fmt: skip
def send(request: HttpRequest, said: shapes.NewRequest, idempotency_key: Once) -> Any:
    organisation = request.api_key.organisation  # type: ignore[attr-defined]
    try:
        sent = sending.send(organisation, said.model_dump(), key=idempotency_key, at=timezone.now())
    except sending.OtherWords:
        raise Problem("other-words")
    except sending.WrongField as wrong:
        raise Problem("wrong-fields", errors=[{"field": wrong.field, "said": str(wrong)}])
    row = request_of(organisation, sent.ticket.reference)
    if row is None:
        raise Problem("not-found")
    return Status(201 if sent.created else 200, shapes.one(row))


@router.get(
    "v1/requests/", response=shapes.RequestPage, url_name="requests",
    summary=_("Requests of the organisation"), **READ,
    description=_("What the organisation's programs sent, the newest first."),
)  # fmt: skip
def listed(
    request: HttpRequest,
    state: Annotated[State | None, Query(None)] = None,
    page: Page = 1,
    limit: Limit = 20,
) -> Any:
    rows = requests_of(request.api_key.organisation, state=state or "")  # type: ignore[attr-defined]
    found = paged(request, rows, page=page, limit=limit)
    found["items"] = [shapes.one(row) for row in found["items"]]
    return found


@router.get(
    "v1/requests/{reference}/", response=shapes.WholeRequest, url_name="request",
    summary=_("One request"), **READ,
    description=_("One of the organisation's requests, with what was asked and answered. What is internal never stands here; a restricted request shows its number and stage only."),
)  # fmt: skip
def one(request: HttpRequest, reference: Reference) -> Any:
    row = request_of(request.api_key.organisation, reference)  # type: ignore[attr-defined]
    if row is None:
        raise Problem("not-found")
    return shapes.whole(row)
