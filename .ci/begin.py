"""First steps on a fresh machine, with nothing but the standard library.

`python3 .ci/begin.py run|setup|upgrade|tools|semantic` makes `.venv`, installs what the lock files say when they
changed, and goes on. Every reason to stop is one sentence and a non-zero code. The syntax stays old
on purpose: an old Python must be able to read this file to be told that it is too old.
"""

import hashlib
import os
import shutil
import socket
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")


def stop(sentence):
    sys.stderr.write(sentence + "\n")
    sys.exit(1)


def right_python():
    """Go on under Python 3.11 or newer, looking for one beside the `python3` that was found."""
    if sys.version_info >= (3, 11):
        return
    for name in ("python3.14", "python3.13", "python3.12", "python3.11"):
        found = shutil.which(name)
        if found:
            os.execv(found, [found] + sys.argv)
    stop("Wasl needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])


def free_port():
    """The port asked for, or one sentence when it is taken or no port."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        stop("PORT=%s is not a port: give a number from 1 to 65535." % text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError:
            stop("Port %s is taken or not allowed: try `make run PORT=8001`." % text)


def venv():
    if os.path.exists(PYTHON):
        return
    try:
        import ensurepip  # noqa: F401
        import venv as module
    except ImportError:
        stop("Python's venv module is missing: install it (Debian: apt install python3-venv).")
    say("making .venv")
    try:
        module.create(VENV, with_pip=True, clear=os.path.isdir(VENV))
    except (OSError, subprocess.CalledProcessError) as error:
        stop("Could not make .venv: %s" % error)


def install(name):
    """Install a lock file unless just that file is installed already."""
    with open(os.path.join(ROOT, name), "rb") as f:
        digest = hashlib.sha256(f.read()).hexdigest()
    stamp = os.path.join(VENV, name + ".installed")
    if os.path.exists(stamp) and open(stamp).read() == digest:
        return
    say("installing " + name)
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if subprocess.call(command + ["--require-hashes", "-r", os.path.join(ROOT, name)]):
        stop("Could not install %s: see the lines above." % name)
    with open(stamp, "w") as f:
        f.write(digest)


def chromium():
    """A Chromium for the browser tests: the machine's own, by apt as root, else by Playwright."""
    if os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome"):
        return
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        say("installing Chromium")
        subprocess.call(["apt-get", "update", "-qq"])
        quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        subprocess.call(["apt-get", "install", "-y", "-qq", "chromium"], env=quiet)
        if shutil.which("chromium"):
            return
    if subprocess.call([PYTHON, "-m", "playwright", "install", "chromium"]):
        stop("The browser tests need Chromium: install it, or set CHROMIUM=/path/to/it.")


def say(what):
    sys.stdout.write(what + " …\n")
    sys.stdout.flush()


def main():
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    if what not in ("run", "setup", "upgrade", "tools", "semantic"):
        stop("usage: begin.py run|setup|upgrade|tools|semantic")
    right_python()
    if what == "run":
        free_port()
    venv()
    install("requirements.txt")
    if what == "tools":
        install("requirements-dev.txt")
        chromium()
        return
    if what == "semantic":
        install("requirements-semantic.txt")
    os.chdir(ROOT)
    arguments = {
        "run": ["serve"],
        "setup": ["setup"],
        "upgrade": ["upgrade"],
        "semantic": ["index", "--vectors"],
    }[what]
    os.execv(PYTHON, [PYTHON, "manage.py"] + arguments)


main()
