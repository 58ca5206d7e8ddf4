"""Twilio's signalling for tests: what its script says over a secure socket is taken, and answered as told.

The far end of a voice is a page of its own with a connection of its own, so that sound is really heard. A
page that wants to come in is let in by the test alone (`invited`, then `let_in`), as Twilio asks our server
first. Written from what the script of version 2.18.5 sends and takes.
"""

import asyncio
import json
import queue
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

PATIENCE = 20.0
BEAT = 5
"""Seconds; the script waits fifteen for one."""
FAR = """<!doctype html><html lang="en"><meta charset="utf-8"><title>far end</title><body><script>
const far = new Map(), context = new AudioContext(), socket = new WebSocket('wss://HOST/far');
const microphone = navigator.mediaDevices.getUserMedia({ audio: true });
async function answer(said) {
  let one = far.get(said.callsid);
  if (!one) {
    one = { peer: new RTCPeerConnection(), ear: context.createAnalyser() };
    one.ear.fftSize = 8192; one.ear.smoothingTimeConstant = 0;
    far.set(said.callsid, one);
    one.peer.ontrack = event => {
      const element = new Audio();
      element.srcObject = new MediaStream([event.track]); element.muted = true; element.play();
      context.createMediaStreamSource(element.srcObject).connect(one.ear);
    };
    const stream = await microphone;
    one.peer.addTrack(stream.getAudioTracks()[0], stream);
  }
  await one.peer.setRemoteDescription({ type: 'offer', sdp: said.sdp });
  const whole = new Promise(done => one.peer.addEventListener('icecandidate', e => e.candidate || done()));
  await one.peer.setLocalDescription();
  await Promise.race([whole, new Promise(done => setTimeout(done, 2000))]);
  socket.send(JSON.stringify({ callsid: said.callsid, sdp: one.peer.localDescription.sdp }));
}
function end(callsid) { const one = far.get(callsid); if (one) { one.peer.close(); far.delete(callsid); } }
socket.onmessage = message => { const said = JSON.parse(message.data); said.sdp ? answer(said) : end(said.callsid); };
function loudness(tone) {
  let found = -200;
  far.forEach(one => {
    const data = new Float32Array(one.ear.frequencyBinCount), at = Math.round(tone / (context.sampleRate / 8192));
    one.ear.getFloatFrequencyData(data);
    found = Math.max(found, data[at - 1], data[at], data[at + 1]);
  });
  return found;
}
</script>"""


@dataclass
class Invite:
    """A page wants to come in."""

    network: "Network"
    socket: ServerConnection
    callsid: str
    sdp: str
    params: dict[str, str]

    def let_in(self, sid: str) -> None:
        """The far end answers; from now on the voice is called so."""
        self.network.do(self.network.to_far({"callsid": sid, "sdp": self.sdp}, self.socket))

    def refuse(self) -> None:
        payload = {"callsid": self.callsid, "error": {"code": 31404, "message": "no"}}
        self.network.do(self.network.say(self.socket, "hangup", payload))


class Network:
    """`token`: who loses the socket can come back with it. `ttl`: seconds of a pass, one for each time it is
    told, the last for ever. `is_away`: nobody can connect. `said`: what the pages said, by kind."""

    def __init__(self, folder: Path) -> None:
        self.token, self.ttl, self.is_away = "come-back", [600], False
        self.said: list[tuple[str, dict[str, Any]]] = []
        self._invites: queue.Queue[Invite] = queue.Queue()
        self._sockets: set[ServerConnection] = set()
        self._owner: dict[str, ServerConnection] = {}
        self._far: ServerConnection | None = None
        self._loop = asyncio.new_event_loop()
        self._secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._secure.load_cert_chain(certificate(folder))
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self.do(self._begin())
        self.host = f"localhost:{self._server.sockets[0].getsockname()[1]}"

    async def _begin(self) -> Any:
        return await serve(self._serve, "127.0.0.1", 0, ssl=self._secure)

    def do(self, act: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(act, self._loop).result(PATIENCE)

    def close(self) -> None:
        self.is_away = True
        self.do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        await self._server.wait_closed()

    # --- what a test does ------------------------------------------------------------------------------

    def invited(self) -> Invite:
        """The next page that wants to come in."""
        return self._invites.get(timeout=PATIENCE)

    def is_quiet(self) -> bool:
        """Nobody wants to come in."""
        return self._invites.empty()

    def drop(self) -> None:
        """Every page loses its socket at once."""
        self.do(self._drop())

    def hang_up(self, sid: str) -> None:
        self.do(self.say(self._owner[sid], "hangup", {"callsid": sid}))
        self.do(self._end_far(sid))

    def sayings(self, kind: str) -> list[dict[str, Any]]:
        return [payload for one, payload in self.said if one == kind]

    # --- in the loop -----------------------------------------------------------------------------------

    async def _drop(self) -> None:
        for socket in list(self._sockets):
            socket.transport.abort()

    async def _serve(self, socket: ServerConnection) -> None:
        if self.is_away:
            socket.transport.abort()
            return
        is_far = socket.request is not None and socket.request.path == "/far"
        self._far = socket if is_far else self._far
        beat = asyncio.ensure_future(self._beat(socket)) if not is_far else None
        with suppress(ConnectionClosed):
            async for text in socket:
                await (self._answered(str(text)) if is_far else self._heard(socket, str(text)))
        self._sockets.discard(socket)
        if beat:
            beat.cancel()

    async def _beat(self, socket: ServerConnection) -> None:
        self._sockets.add(socket)
        with suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(BEAT)
                await socket.send("\n")

    async def _heard(self, socket: ServerConnection, text: str) -> None:
        if text == "\n":
            return
        told = json.loads(text)
        kind, payload = told["type"], told["payload"]
        self.said.append((kind, payload))
        if kind == "listen":
            ttl = self.ttl.pop(0) if len(self.ttl) > 1 else self.ttl[0]
            token = {"identity": "somebody", "ttl": ttl}
            await self.say(socket, "connected", {"edge": "roaming", "home": "us1", "token": token})
        elif kind == "invite" and payload.get("reconnect"):
            sid = payload["callsid"]
            self._owner[sid] = socket
            await self.say(socket, "answer", {"callsid": sid, "reconnect": self.token})
        elif kind == "invite":
            params = dict(parse_qsl(payload["twilio"].get("params", "")))
            self._invites.put(Invite(self, socket, payload["callsid"], payload["sdp"], params))
        elif kind == "reinvite":
            await self.to_far(payload, socket)
        elif kind == "hangup":
            await self._end_far(payload["callsid"])

    async def to_far(self, payload: dict[str, Any], socket: ServerConnection) -> None:
        assert self._far is not None, "the far end has no page"
        self._owner[payload["callsid"]] = socket
        await self._far.send(json.dumps({"callsid": payload["callsid"], "sdp": payload["sdp"]}))

    async def _end_far(self, sid: str) -> None:
        if self._far is not None:
            await self._far.send(json.dumps({"callsid": sid}))

    async def _answered(self, text: str) -> None:
        said = json.loads(text)
        token = {"reconnect": self.token} if self.token else {}
        await self.say(self._owner[said["callsid"]], "answer", {**said, **token})

    async def say(self, socket: ServerConnection, kind: str, payload: dict[str, Any]) -> None:
        with suppress(ConnectionClosed):
            await socket.send(json.dumps({"type": kind, "version": "1.6", "payload": payload}))


def certificate(folder: Path) -> Path:
    """Key and certificate of `localhost`, made now, that nobody else trusts."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
