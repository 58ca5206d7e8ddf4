"""What no line of the program does: run text, unpickle, glue questions to the database, roll its own ciphers."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.contracts.test_modules import PACKAGES, ROOT, modules, named

TREES = {named(path): ast.parse(path.read_text("utf-8")) for path in modules()}
SCRIPTS = {
    named(path): path.read_text("utf-8")
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.js")
    if "vendor" not in path.parts
}
TEMPLATES = {
    named(path): path.read_text("utf-8")
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.html")
    if "vendor" not in path.parts
}
RUN = {"eval", "exec", "compile", "__import__", "os.system", "os.popen"}
UNPACK = {"pickle", "marshal", "shelve", "dill", "yaml", "xml.sax", "xml.dom"}
OLD = {"md5", "sha1", "new"}
PRESCRIBED = {
    "telephony/providers/web/servers.py",  # coturn
    "telephony/providers/twilio/signing.py",  # Twilio
}
"""HMAC with SHA-1, because the other side knows nothing else."""
OWN_WORDS = {
    "config/handover/opening.py",  # names of our tables
    "config/management/commands/migrate.py",  # a constant of ours
    "config/demonstration/load/writing.py",  # names of our tables
    "helpdesk/accounts/jobs.py",  # the name of a table of ours
    "helpdesk/tickets/actions/write.py",  # names of our tables
    "config/installation/backups",  # names of tables and files of ours
    "knowledge/articles/actions/__init__.py",  # names of our tables
    "knowledge/migrating.py",  # the name of an index of ours
}
CHANCE = {
    "config/demonstration/",
    "telephony/simulator/",
    "helpdesk/notices/jobs.py",
    "helpdesk/notices/webhooks.py",
}
"""Plays, and the gaps between two attempts: nothing there is a secret."""
PARTS = {
    "config/static/js/palette.js", "helpdesk/editing/static/editing/editor.js",
    "helpdesk/portal/static/portal/follow.js", "helpdesk/portal/static/portal/chat.js",
    "telephony/static/telephony/softphone.js", "helpdesk/tickets/static/tickets/composer.js",
}  # fmt: skip
"""Scripts that put a part into the page which our own server drew and escaped."""


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield name, node, ast.unparse(node.func)


def imports() -> Iterator[tuple[str, str]]:
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from ((name, one.name) for one in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from ((name, f"{node.module}.{one.name}") for one in node.names)


def test_nothing_typed_is_run() -> None:
    found = [(name, said) for name, _, said in calls() if said in RUN]
    for name, call, said in calls():
        if said.split(".")[0] == "subprocess":
            shell = [one for one in call.keywords if one.arg == "shell"]
            first = call.args[0] if call.args else None
            if shell or isinstance(first, ast.JoinedStr | ast.Constant | ast.BinOp):
                found.append((name, said))
    assert found == []


def test_nothing_is_unpickled() -> None:
    assert [one for one in imports() if one[1].split(".")[0] in UNPACK or one[1] in UNPACK] == []
    loads = [call for _, call, said in calls() if said == "np.load"]
    assert loads
    assert all("allow_pickle=False" in ast.unparse(call) for call in loads)


def test_no_question_to_the_database_is_glued_together() -> None:
    """Parameters go beside the words; where words are put together they are names of ours."""
    found = []
    for name, call, said in calls():
        last = said.rsplit(".", 1)[-1]
        if last in ("extra", "RawSQL") and "log" not in said and ast.unparse(call).count("SELECT"):
            found.append(f"{name}: {said}")
        glued = call.args and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
        if last in ("execute", "executemany") and glued and not name.startswith(tuple(OWN_WORDS)):
            found.append(f"{name}:{call.lineno}")
    assert [one for one in found if "/migrations/" not in one] == []


def test_no_template_is_made_of_text() -> None:
    assert [name for name, _, said in calls() if said in ("Template", "engine.from_string")] == []
    assert [name for name, _, said in calls() if said.endswith(".from_string")] == []


def test_templates_switch_no_escaping_off() -> None:
    loose = {
        name for name, text in TEMPLATES.items() if re.search(r"autoescape off|\|\s*safe\b", text)
    }
    # The picture of a code, drawn by the sign-in library from a secret of ours.
    assert loose == {"config/templates/mfa/totp/activate_form.html"}


def test_secrets_come_from_the_system() -> None:
    found = [one for one in imports() if one[1].split(".")[0] == "random"]
    assert [one for one in found if not one[0].startswith(tuple(CHANCE))] == []
    assert {name for name, _, said in calls() if said.startswith("secrets.token_")} != set()


def test_old_hashes_stand_only_where_the_other_side_prescribes_them() -> None:
    found = {
        name
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and ast.unparse(node) in ("hashlib.md5", "hashlib.sha1", "hashlib.new")
    }
    found |= {name for name, said in imports() if said in ("hashlib.md5", "hashlib.sha1")}
    assert {one for one in found if not one.startswith("telephony/simulator/")} <= PRESCRIBED


def test_ciphers_are_those_of_known_libraries() -> None:
    """Nothing but age, TLS and signatures: no block mode, no padding is chosen here."""
    modes = [
        one for one in imports() if "ciphers" in one[1] or one[1].startswith(("Crypto", "nacl"))
    ]
    assert modes == []


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_our_scripts_run_no_text(name: str) -> None:
    text = SCRIPTS[name]
    assert not re.search(
        r"\beval\(|new Function\(|document\.write|setTimeout\(\s*[\"']|__proto__", text
    )
    html = re.search(r"\.innerHTML\s*=|\.outerHTML\s*=|insertAdjacentHTML", text)
    assert html is None or name in PARTS, name


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_a_key_that_comes_from_elsewhere_reaches_no_prototype(name: str) -> None:
    """What is written under a name that is not in the script itself lies in an object without one."""
    text = SCRIPTS[name]
    for kept, key in re.findall(r"([\w.]+)\[([^\]]+)\]\s*(?:\|\||\+|\?\?)?=[^=]", text):
        if re.fullmatch(r"""\d+|"[^"]*"|'[^']*'""", key):
            continue
        made = set(re.findall(rf"(?<![\w.]){re.escape(kept)} = (.{{19}})", text))
        assert made == {"Object.create(null)"}, (kept, key)
    # Nothing of others is poured into an object of ours.
    assert not re.search(r"\]\s*\[[^\]]+\]\s*=[^=]|Object\.assign\((?!\{|this\.|self\.)\w+", text)


def test_a_message_of_another_window_is_heard_from_a_known_origin_only() -> None:
    widget = (ROOT / "helpdesk/portal/templates/portal/chat/widget.js").read_text("utf-8")
    for text in (*SCRIPTS.values(), widget):
        for heard in re.findall(r'addEventListener\("message", function \((\w)\) \{\s*(.+)', text):
            assert f"{heard[0]}.origin !==" in heard[1]
            assert "return" in heard[1]


def test_forms_name_their_fields() -> None:
    """A field that is added to a record is not written by whoever sends its name."""
    found = []
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name == "Meta":
                for line in node.body:
                    if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "exclude":
                        found.append(name)
                    if isinstance(line, ast.Assign) and "__all__" in ast.unparse(line.value):
                        found.append(name)
    assert found == []
