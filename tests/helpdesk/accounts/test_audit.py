"""The audit: only added to, sealed in a chain, and a changed row is found."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from helpdesk.accounts.actions import audit
from helpdesk.accounts.jobs import chain_audit
from helpdesk.accounts.models import Audit
from tests import make

TABLE = Audit._meta.db_table


def written(by, count=3):
    return [
        audit("exported", by=by, at=make.NOW, reason="سبب", facts={"b": 1, "a": "é", "n": i})
        for i in range(count)
    ]


def verdict() -> str:
    out = StringIO()
    call_command("audit", "verify", stdout=out)
    return out.getvalue()


def sql(text: str, *params) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, params)


def test_the_sweep_seals_once_and_goes_on(amina):
    written(amina)
    assert chain_audit(at=make.NOW) == 3
    assert chain_audit(at=make.NOW) == 0
    written(amina, 2)
    assert chain_audit(at=make.NOW) == 2
    assert verdict().startswith("whole: 5 rows")


@pytest.mark.parametrize(
    "change",
    ["reason = 'x'", "act = 'granted'", "user_id = NULL", "subject_id = 7", "facts = '{}'",
     "at = '2020-01-01 00:00:00+00'"],
)  # fmt: skip
def test_a_row_edited_in_the_database_breaks_the_chain(amina, change):
    rows = written(amina)
    chain_audit(at=make.NOW)
    sql(f"UPDATE {TABLE} SET {change} WHERE id = %s", rows[1].pk)
    with pytest.raises(CommandError, match=f"row {rows[1].pk} "):
        verdict()


def test_a_row_taken_out_or_put_in_breaks_the_chain(amina):
    rows = written(amina)
    chain_audit(at=make.NOW)
    sql(f"DELETE FROM {TABLE} WHERE id = %s", rows[1].pk)
    with pytest.raises(CommandError, match=f"row {rows[2].pk} "):
        verdict()


def test_a_row_unsealed_in_the_middle_is_found(amina):
    rows = written(amina)
    chain_audit(at=make.NOW)
    sql(f"UPDATE {TABLE} SET chained = '' WHERE id = %s", rows[0].pk)
    with pytest.raises(CommandError, match=f"row {rows[0].pk} "):
        verdict()


def test_rows_are_never_changed_or_deleted_by_the_program(amina):
    row = written(amina, 1)[0]
    with pytest.raises(TypeError):
        Audit.objects.update(reason="x")
    with pytest.raises(TypeError):
        Audit.objects.all().delete()
    with pytest.raises(TypeError):
        row.delete()
    row.reason = "x"
    with pytest.raises(TypeError):
        row.save()


def test_the_page_is_the_administrators_alone_and_filters(as_user, cast, client):
    make_rows = written(cast["amina"])
    audit("released", by=cast["brahim"], at=make.NOW, subject=cast["amina"])
    for name, user in cast.items():
        status = as_user(user).get("/desk/audit/").status_code
        assert status == {"administrator": 200, "visitor": 302}.get(name, 403), name
    page = as_user(cast["administrator"])

    def rows(query: str) -> int:
        return len(page.get(f"/desk/audit/{query}").context["table"].rows)

    assert rows("") == len(make_rows) + 1
    assert rows("?act=exported") == 3
    assert rows("?who=brahim") == 1
    assert rows(f"?kind=user&subject={cast['amina'].pk}") == 1
    assert rows("?since=2026-11-24&until=2026-11-24") == len(make_rows) + 1
    assert rows("?since=2026-11-25") == 0
    assert rows("?until=2026-11-23") == 0
    assert rows("?since=31-31-31&until=9999-12-31") == len(make_rows) + 1
    assert rows("?act=nonsense&subject=%D9%A3x&page=99") == 4


def test_the_page_tells_whether_the_chain_is_whole(as_user, cast, monkeypatch):
    written(cast["amina"])
    chain_audit(at=make.NOW)
    page = as_user(cast["administrator"])
    assert page.get("/desk/audit/").context["chain"].broken is None
    monkeypatch.setattr("helpdesk.accounts.access.PROVED", 2)
    assert page.get("/desk/audit/").context["chain"].rows == 2
    newest = Audit.objects.latest("pk")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {Audit._meta.db_table} SET act = 'x' WHERE id = %s", [newest.pk])
    answer = page.get("/desk/audit/")
    assert answer.context["chain"].broken == newest.pk
    assert 'class="alert bad"' in answer.content.decode()
