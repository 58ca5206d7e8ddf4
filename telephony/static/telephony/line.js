/* Voice between two browsers, without any look of its own.

   WaslLine.isPossible()  -> "" or why not: "insecure" (plain http), "old"
   WaslLine.microphone({deviceId?, constraints?}) -> Promise of a stream; rejects with an Error whose
       `code` is "refused" | "no-device" | "in-use" | "insecure" | "old" | "failed"
   var line = WaslLine.open({
     base: "/call/line/",            // or "/desk/calls/5/line/"
     headers: {"X-Wasl-Leg": leg},   // as open_leg() gave it: CODE.SECRET
     audio: element,                 // where the <audio> elements hang
     constraints: {...}              // of the microphone; default: echo, noise and gain control on
   });
   line.start(stream)        take the leg over and begin; the microphone first, then this (autoplay). Promise.
   line.stop()               end all connections of this page; says nothing to the server, and the microphone
                             stays the page's to end. Happens by itself once the leg has left
   line.setMicrophone(s)     another microphone (device picker), without negotiation
   line.setMuted(bool)       at once and here only, beside the leg's mode "mute"
   line.setSpeaker(id)       output device, where the browser can
   line.resume()             from a click after onproblem("tap")
   line.poll()               ask the server now (after an act of one's own)
   line.mix()                one stream of the talk with the caller, for a recorder; follows it. Without who
                             whispers or is asked: the caller does not hear them either
   line.heard(node)          connect what is heard to a node of line.context (level of the other side)
   line.report(kind)         "microphone-refused" …
   line.state                as fetched last: {version, stream, pass, call: {state, turn, live, started,
                             answered, ended}, me: {leg, role, mode, here}, legs: [{leg, role, mode, name,
                             silent, joined}], links: […], music}; times in ms
   line.phase                "idle" | "waiting" | "connecting" | "talking" | "held" | "reconnecting" |
                             "ended" | "elsewhere" (another tab has the call) | "forbidden"
   line.music                what a caller's page should play now: "" | "queue" | "hold" | "lost"
   Set what you need:
   line.onstate(state)       each time something moved, and when phase or music changed
   line.onphase(phase, before)
   line.onproblem(code)      "offline" | "tap" | "no-path" | "no-candidates" | "not-heard" | "device-lost" |
                             "microphone-muted" | "elsewhere" | "forbidden"
   line.onrelief(code)       it is over
   line.onquality({level: "good"|"fair"|"poor", rtt, jitter, concealed})   seconds and shares
   line.onlevel(0..1)        of the microphone, ten times a second

   How it works: the server's rows say which links there are, who offers, and what each link carries; this
   page fetches them whole, compares, acts. A lost poke, a repeat, a reload, a server's restart all end in
   the same fetch. Include js/live.js to be poked; without a socket it polls. */
(function () {
  "use strict";
  var CAP = 2000, LOOK = 1000, QUIET = 8000, NO_PATH = 8000, ASK = 2000, WAITING = 5000, RETRY = 700, PASS = 200000, PATIENCE = 8000;
  var CONSTRAINTS = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
  var FAILED = { NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "no-device", OverconstrainedError: "no-device", NotReadableError: "in-use", AbortError: "in-use" };

  function isPossible() {
    if (!("RTCPeerConnection" in window) || !("AudioContext" in window)) { return "old"; }
    if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) { return window.isSecureContext ? "old" : "insecure"; }
    return "";
  }
  function patience() {
    // A request that hangs would hold up all that follow it.
    var control = new AbortController();
    setTimeout(function () { control.abort(); }, PATIENCE);
    return control.signal;
  }
  function coded(code) { var error = new Error(code); error.code = code; return error; }
  function microphone(wish) {
    wish = wish || {};
    var why = isPossible();
    if (why) { return Promise.reject(coded(why)); }
    var audio = Object.assign({}, CONSTRAINTS, wish.constraints);
    if (wish.deviceId) { audio.deviceId = { exact: wish.deviceId }; }
    return navigator.mediaDevices.getUserMedia({ audio: audio, video: false }).catch(function (error) {
      throw coded(FAILED[error.name] || "failed");
    });
  }

  function Line(options) {
    this.options = options; this.base = options.base; this.page = 0; this.links = new Map();
    this.state = null; this.phase = "idle"; this.music = ""; this.tag = ""; this.muted = false;
    this.stream = null; this.context = null; this.problems = new Set(); this.began = 0;
    this.timers = []; this.ice = null; this.speaker = "";
  }
  var line = Line.prototype;

  // --- beginning and end -----------------------------------------------------------------------
  line.start = function (stream) {
    this._halt();
    this.running = true; this.tag = ""; this.state = null; this.began = Date.now();
    if (!this.context) { this.context = new AudioContext(); }
    this.context.resume().catch(function () {});
    this.setMicrophone(stream || null);
    this._listen();
    var self = this;
    this.timers.push(setInterval(function () { self._look(); }, LOOK), setInterval(function () { self._level(); }, 100));
    this._leaving = function (event) { if (event.type === "pagehide") { self._depart(); } else if (event.persisted) { self.start(self.stream); } };
    window.addEventListener("pagehide", this._leaving); window.addEventListener("pageshow", this._leaving);
    return this._begin();
  };
  line._begin = function () {
    var self = this;
    return this._send("POST", "pages/").then(function (answer) {
      if (!self.running) { return null; }
      if (answer.status === 201) {
        return answer.json().then(function (said) {
          self.page = said.page; self._keepIce(said.servers); self._relief("offline"); return self.poll();
        });
      }
      if (answer.status === 409) { return self.poll(); }
      self._refused(answer.status);
      return null;
    }, function () {
      self._problem("offline");
      return new Promise(function (done) { setTimeout(done, RETRY); }).then(function () { return self.running ? self._begin() : null; });
    });
  };
  line.stop = function () {
    this._halt();
    if (this.context) { this.context.close().catch(function () {}); }
    this.context = this.source = this.meter = this.mixed = null; this.music = "";
  };
  line._halt = function () {
    this.running = false;
    this.timers.forEach(clearInterval); this.timers = []; clearTimeout(this.next); clearTimeout(this.pokes);
    this.links.forEach(function (link) { link.close(); }); this.links.clear();
    if (this.poked) { this.poked.remove(); this.poked = null; }
    if (this._leaving) { window.removeEventListener("pagehide", this._leaving); window.removeEventListener("pageshow", this._leaving); this._leaving = null; }
  };
  line._depart = function () {
    if (!this.running || !this.page || this.phase === "ended" || this.phase === "elsewhere") { return; }
    try { fetch(this.base + "departure/", { method: "POST", keepalive: true, headers: this._headers(), credentials: "same-origin" }).catch(function () {}); } catch (e) { /* the page is going */ }
  };

  // --- asking the server -----------------------------------------------------------------------
  line._headers = function (extra) {
    return Object.assign({ "X-Wasl-Page": String(this.page), "Content-Type": "application/json" }, this.options.headers, extra);
  };
  line._send = function (method, path, body, extra) {
    return fetch(this.base + path, {
      method: method, headers: this._headers(extra), body: body ? JSON.stringify(body) : undefined,
      cache: "no-store", credentials: "same-origin", redirect: "manual", signal: patience()
    }).then(function (answer) {
      if (answer.status >= 500) { throw new Error("server"); }
      return answer;
    });
  };
  line.poll = function () {
    var self = this;
    if (!this.running) { return Promise.resolve(null); }
    if (this.asking) { this.again = true; return this.asking; }
    clearTimeout(this.next);
    var hears = [];
    this.links.forEach(function (link) { if (link.flows) { hears.push(link.leg); } });
    var known = this.tag && Date.now() - this.passed < PASS ? { "If-None-Match": this.tag } : {};
    this.asking = this._send("GET", hears.length ? "?hears=" + hears.join(",") : "", null, known).then(function (answer) {
      self._relief("offline");
      if (answer.status === 200) {
        self.tag = answer.headers.get("ETag") || ""; self.passed = Date.now();
        return answer.json().then(function (state) { if (self.running) { self._take(state); } });
      }
      if (answer.status !== 304) { self._refused(answer.status); }
      return null;
    }).catch(function () { self._problem("offline"); }).then(function () {
      self.asking = null;
      if (!self.running) { return null; }
      if (self.again) { self.again = false; return self.poll(); }
      self.next = setTimeout(function () { self.poll(); }, self._pause());
      return null;
    });
    return this.asking;
  };
  line._pause = function () {
    if (this.problems.has("offline")) { return RETRY; }
    // A socket can stand and say nothing: in a call no page trusts it, for what is shown is at most 3 s old.
    var live = document.documentElement.classList.contains("is-live");
    return live && this.phase === "waiting" ? WAITING : ASK;
  };
  line._refused = function (status) {
    if (status === 429) { return; }
    if (status === 409 && !this.page) { return; }
    var code = status === 409 ? "elsewhere" : "forbidden";
    this.stop(); this._phase(code); this._problem(code); this._tell();
  };
  line._listen = function () {
    // js/live.js pokes this element when the call moved; the pass comes with each state.
    if (this.poked) { this.poked.remove(); }
    var self = this;
    this.poked = document.createElement("div"); this.poked.hidden = true; this.poked.dataset.liveGap = "40";
    this.poked.addEventListener("poll", function () { self.poll(); });
    document.body.append(this.poked);
  };
  line._keepIce = function (said) { this.ice = said; this.iced = Date.now(); };
  line._servers = function (fresh) {
    var self = this;
    if (this.ice && !fresh && Date.now() - this.iced < 60000) { return Promise.resolve(this.ice); }
    return this._send("GET", "servers/").then(function (answer) {
      if (answer.status !== 200) { throw new Error("servers"); }
      return answer.json().then(function (said) { self._keepIce(said); return said; });
    }).catch(function (error) { if (self.ice) { return self.ice; } throw error; });
  };

  // --- the server's rows, and what follows from them ---------------------------------------------
  line._take = function (state) {
    var self = this, wanted = new Set();
    this.state = state;
    if (!this.poked.dataset.pass || Date.now() - this.shown > PASS) {
      this.shown = Date.now();
      this.poked.dataset.live = state.stream; this.poked.dataset.pass = state.pass;
      document.dispatchEvent(new CustomEvent("wasl:listen"));
    }
    if (!state.me.here) {
      this.links.forEach(function (link) { link.close(); }); this.links.clear();
      this.stop(); this._settle(); this._tell();
      return;
    }
    state.links.forEach(function (row) {
      wanted.add(row.link);
      var link = self.links.get(row.link);
      if (!link) { link = new Link(self, row); self.links.set(row.link, link); }
      link.take(row);
    });
    this.links.forEach(function (link, key) { if (!wanted.has(key)) { link.close(); self.links.delete(key); } });
    this._mixing(); this._settle(); this._tell();
  };
  line._settle = function () {
    // Phase and music follow from the rows and from the connections, never stored.
    var state = this.state, flows = false, silent = false, any = false, self = this;
    if (!state) { return; }
    this.links.forEach(function (link) {
      if (link.purpose === "talk" && !(link.row.hear || link.row.microphone) && self.links.size > 1) { return; }
      any = true; flows = flows || link.isUp(); silent = silent || (link.wasUp && !link.isUp());
    });
    var phase;
    if (!state.me.here || !state.call.live) { phase = "ended"; }
    else if (state.call.state === "held" && state.me.role === "caller") { phase = "held"; }
    else if (!any) { phase = state.me.mode === "consult" ? "connecting" : "waiting"; }
    else if (flows) { phase = state.call.state === "held" && state.me.mode === "hold" ? "held" : "talking"; }
    else { phase = silent ? "reconnecting" : "connecting"; }
    var music = "";
    if (state.me.role === "caller" && phase !== "ended") {
      music = phase === "held" ? "hold" : phase === "reconnecting" ? "lost" : phase === "talking" ? "" : state.music === "lost" ? "lost" : "queue";
    }
    var moved = music !== this.music || phase !== this.phase;
    this.music = music; this._phase(phase);
    return moved;
  };
  line._phase = function (phase) {
    var before = this.phase;
    if (phase === before) { return; }
    this.phase = phase;
    if (this.onphase) { this.onphase(phase, before); }
  };
  line._changed = function () { if (this._settle()) { this._tell(); } };
  line._tell = function () { if (this.onstate && this.state) { this.onstate(this.state); } };
  line._problem = function (code) {
    if (this.problems.has(code)) { return; }
    this.problems.add(code);
    if (this.onproblem) { this.onproblem(code); }
  };
  line._relief = function (code) {
    if (!this.problems.delete(code)) { return; }
    // Who waits longer before the next try (the socket, what was typed) need not wait any more.
    if (code === "offline") { window.dispatchEvent(new Event("online")); }
    if (this.onrelief) { this.onrelief(code); }
  };
  line.report = function (kind, link, more) {
    // A report that is lost is made again by the next look; a repeat is harmless.
    return this._send("POST", "reports/", Object.assign({ kind: kind, link: link || 0 }, more)).catch(function () { return { status: 0 }; });
  };

  // --- the microphone --------------------------------------------------------------------------
  line.setMicrophone = function (stream) {
    var self = this, before = this.stream;
    this.stream = stream;
    if (this.source) { this.source.disconnect(); this.source = null; }
    if (stream && this.context) {
      this.source = this.context.createMediaStreamSource(stream);
      this.meter = this.meter || Object.assign(this.context.createAnalyser(), { fftSize: 1024 });
      this.source.connect(this.meter);
      var track = stream.getAudioTracks()[0];
      track.onended = function () { if (self.stream === stream) { self._lostDevice(); } };
      track.onmute = function () { self._problem("microphone-muted"); };
      track.onunmute = function () { self._relief("microphone-muted"); };
    }
    this.quietSince = 0;
    this.links.forEach(function (link) { link.carry(); });
    if (before && before !== stream) { before.getTracks().forEach(function (track) { track.onended = null; track.stop(); }); }
    if (this.mixed) { this._remix(); }
    if (stream) { this._relief("device-lost"); }
  };
  line._lostDevice = function () {
    var self = this;
    this._problem("device-lost"); this.report("device-lost");
    this.setMicrophone(null);
    microphone({ constraints: this.options.constraints }).then(function (stream) {
      if (self.running && !self.stream) { self.setMicrophone(stream); }
    }).catch(function () {});
  };
  line.setMuted = function (on) { this.muted = !!on; this._mixing(); };
  line._track = function () {
    // Silence goes on as packets: no packets would look like a lost connection over there.
    var track = this.stream && this.stream.getAudioTracks()[0];
    return track && track.readyState === "live" ? track.clone() : this._silence();
  };
  line._silence = function () { return this.context.createMediaStreamDestination().stream.getAudioTracks()[0]; };
  line._level = function () {
    if (!this.meter || !this.stream) { return; }
    var data = new Float32Array(this.meter.fftSize), sum = 0;
    this.meter.getFloatTimeDomainData(data);
    for (var i = 0; i < data.length; i++) { sum += data[i] * data[i]; }
    var level = Math.sqrt(sum / data.length), now = Date.now();
    if (this.onlevel) { this.onlevel(Math.min(1, level)); }
    if (level >= 0.001 || this.muted || this.phase !== "talking" || this.context.state !== "running") { this.quietSince = 0; this._relief("not-heard"); }
    else if (!this.quietSince) { this.quietSince = now; }
    else if (now - this.quietSince > 5000) { this._problem("not-heard"); }
  };

  // --- who hears what ----------------------------------------------------------------------------
  line._mixing = function () { this.links.forEach(function (link) { link.carry(); link.play(); }); if (this.mixed) { this._remix(); } };
  line.mix = function () {
    if (!this.context) { return new MediaStream(); }
    if (!this.mixed) { this.mixed = this.context.createMediaStreamDestination(); this.mixed.channelCount = 1; this._remix(); }
    return this.mixed.stream;
  };
  line._remix = function () {
    var self = this;
    (this.inMix || []).forEach(function (node) { node.disconnect(); });
    this.inMix = [];
    function add(source) { var gain = self.context.createGain(); source.connect(gain); gain.connect(self.mixed); self.inMix.push(gain); }
    if (this.source && !this.muted && (!this.state || this.state.me.mode !== "mute")) { add(this.source); }
    this.links.forEach(function (link) {
      if (link.source && link.row.hear && (link.purpose === "talk" || self._barges(link.leg))) { add(link.source); }
    });
  };
  line._barges = function (leg) {
    return !!this.state && this.state.legs.some(function (one) { return one.leg === leg && one.mode === "barge"; });
  };
  line.heard = function (node) { this.links.forEach(function (link) { if (link.source && link.row.hear) { link.source.connect(node); } }); };
  line.setSpeaker = function (id) { this.speaker = id; this.links.forEach(function (link) { link.speak(); }); };
  line.resume = function () {
    var self = this;
    if (!this.context) { return Promise.resolve(); }
    return this.context.resume().then(function () { self._relief("tap"); self.links.forEach(function (link) { link.play(); }); });
  };

  // --- one connection ------------------------------------------------------------------------------
  function Link(owner, row) {
    this.line = owner; this.key = row.link; this.leg = row.leg; this.purpose = row.purpose; this.row = row;
    this.offered = 0; this.answered = 0; this.busy = Promise.resolve(); this.wasUp = false; this.flows = false;
    this.packets = -1; this.still = 0; this.turn = 0; this.windows = []; this.level = "";
    this.element = document.createElement("audio"); this.element.autoplay = true; this.element.muted = true;
    (owner.options.audio || document.body).append(this.element);
  }
  var link = Link.prototype;

  link.isUp = function () { return !!this.peer && this.peer.connectionState === "connected" && this.still < 2; };
  link.take = function (row) {
    this.row = row;
    var self = this;
    this.busy = this.busy.then(function () { return self._negotiate(); }).catch(function () { self._stumbled(); });
  };
  link._peer = function () {
    var self = this;
    return this.line._servers(this.peer).then(function (ice) {
      var made = { iceServers: ice.iceServers, iceTransportPolicy: ice.iceTransportPolicy };
      if (self.closed) { throw new Error("closed"); }
      if (self.peer) { try { self.peer.setConfiguration(made); } catch (e) { /* goes on with what it has */ } return self.peer; }
      var peer = self.peer = new RTCPeerConnection(made);
      peer.ontrack = function (event) { self._hear(event.track); };
      peer.onconnectionstatechange = function () { self._connection(); };
      return peer;
    });
  };
  link._negotiate = function () {
    var row = this.row, self = this;
    if (this.closed) { return null; }
    if (row.offers) {
      if (this.offered < row.round && !row.offer) { return this._offer(row); }
      // Kept over there though its reply was lost; somebody else's offer cannot be gone on with.
      if (this.offered < row.round && row.offer === this.sent) { this.offered = row.round; }
      if (this.offered < row.round) { return this._round(); }
      if (row.answer && this.answered < row.round && this.offered === row.round) {
        this.answered = row.round; this.answeredAt = Date.now();
        return this.peer.setRemoteDescription({ type: "answer", sdp: row.answer }).then(function () { self._connection(); });
      }
      return null;
    }
    if (row.answer && row.answer === this.sent && this.answered < row.round) { this.answered = row.round; this.answeredAt = Date.now(); }
    return row.offer && this.answered < row.round && !row.answer ? this._answer(row) : null;
  };
  link._offer = function (row) {
    var self = this;
    return this._peer().then(function (peer) {
      self._give();
      return peer.createOffer({ iceRestart: row.round > 1 }).then(function (said) { return self._gather(said); });
    }).then(function (sdp) { return self._put(row, "offer", sdp); }).then(function (kept) { if (kept) { self.offered = row.round; self.line.poll(); } });
  };
  link._answer = function (row) {
    var self = this;
    return this._peer().then(function (peer) {
      return peer.setRemoteDescription({ type: "offer", sdp: row.offer }).then(function () {
        self._give();
        return peer.createAnswer();
      }).then(function (said) { return self._gather(said); });
    }).then(function (sdp) { return self._put(row, "answer", sdp); }).then(function (kept) {
      if (kept) { self.answered = row.round; self.answeredAt = Date.now(); }
    });
  };
  link._gather = function (said) {
    // iceGatheringState still reads "complete" right after a restart: the null candidate alone counts.
    // A dead server keeps gathering open for 40 s, hence the cap; what is there by then is sent.
    var peer = this.peer, self = this;
    return new Promise(function (done, failed) {
      var timer = setTimeout(finish, CAP);
      function finish() {
        clearTimeout(timer); peer.removeEventListener("icecandidate", each);
        var sdp = peer.localDescription.sdp;
        if (sdp.indexOf("a=candidate") < 0) { self.line._problem("no-candidates"); } else { self.line._relief("no-candidates"); }
        done(sdp);
      }
      function each(event) { if (!event.candidate) { finish(); } }
      peer.addEventListener("icecandidate", each);
      peer.setLocalDescription(said).catch(failed);
    });
  };
  link._put = function (row, side, sdp) {
    if (this.closed) { return false; }
    this.sent = sdp;
    return this.line._send("PUT", "links/" + this.key + "/rounds/" + row.round + "/" + side + "/", { sdp: sdp }).then(function (answer) {
      return answer.status === 204;
    });
  };
  link._stumbled = function () {
    // The server was away, or a browser refused: the next fetch tries again, a new round if need be.
    var self = this;
    if (this.closed || !this.line.running) { return; }
    setTimeout(function () { if (!self.closed && self.line.running) { self.line.tag = ""; self.line.poll(); } }, RETRY);
  };
  link._give = function () {
    if (this.sender) { return; }
    this.raw = this.line._track(); this.rawOf = this.line.stream;
    this.sender = this.peer.addTrack(this.raw, new MediaStream([this.raw]));
    this.carry();
  };
  link._connection = function () {
    var state = this.peer && this.peer.connectionState, line = this.line;
    if (state === "connected") { this.wasUp = true; this.still = 0; line._relief("no-path"); this._report(); }
    line._changed();
  };
  link._report = function () {
    // Once a turn, and again until the server has heard it.
    var turn = this.line.state ? this.line.state.call.turn : 0, self = this;
    if (this.turn === turn || this.reporting) { return; }
    this.reporting = true;
    this.line.report("connected", this.key).then(function (answer) {
      self.reporting = false;
      if (answer.status === 204) { self.turn = turn; self.line.poll(); }
    });
  };

  // Out: the microphone as it is, or a bus when others are passed on. In: an element, so that echo
  // cancellation hears it; a stream gives nothing to a mix unless it also hangs on one.
  link.carry = function () {
    if (!this.sender || !this.line.context) { return; }
    var line = this.line, self = this, mine = !!this.row.microphone && !line.muted;
    var others = this.row.passes.map(function (key) { return line.links.get(key); }).filter(function (other) { return other && other.source; });
    if (!this.raw || this.rawOf !== line.stream) {
      if (this.raw) { this.raw.stop(); }
      this.raw = line._track(); this.rawOf = line.stream;
    }
    this.raw.enabled = mine;
    var track = this.raw;
    (this.inBus || []).forEach(function (node) { node.disconnect(); });
    this.inBus = [];
    if (others.length) {
      this.bus = this.bus || line.context.createMediaStreamDestination();
      var sources = others.map(function (other) { return other.source; });
      if (mine && line.source) { sources.push(line.source); }
      sources.forEach(function (source) {
        var gain = line.context.createGain();
        gain.gain.value = 0; gain.gain.linearRampToValueAtTime(1, line.context.currentTime + 0.01);
        source.connect(gain); gain.connect(self.bus); self.inBus.push(gain);
      });
      track = this.bus.stream.getAudioTracks()[0];
    }
    if (this.sender.track !== track) { this.sender.replaceTrack(track).catch(function () {}); }
  };
  link._hear = function (track) {
    var stream = new MediaStream([track]);
    this.stream = stream; this.element.srcObject = stream;
    if (this.source) { this.source.disconnect(); }
    this.source = this.line.context.createMediaStreamSource(stream);
    this.speak(); this.play(); this.line._mixing();
  };
  link.play = function () {
    var element = this.element, line = this.line;
    element.muted = !this.row.hear;
    if (!element.srcObject) { return; }
    var played = element.play();
    if (played) { played.then(function () { line._relief("tap"); }, function (error) { if (error.name === "NotAllowedError") { line._problem("tap"); } }); }
  };
  link.speak = function () {
    if (this.line.speaker && this.element.setSinkId) { this.element.setSinkId(this.line.speaker).catch(function () {}); }
  };

  // --- each second: do packets come, is it good ------------------------------------------------------
  line._look = function () { this.links.forEach(function (link) { link.look(); }); };
  link.look = function () {
    var self = this;
    if (!this.peer || this.closed) { return; }
    if (this.peer.connectionState === "connected") { this._report(); }
    this.peer.getStats().then(function (stats) {
      var found = {};
      stats.forEach(function (one) {
        if (one.type === "inbound-rtp" && one.kind === "audio") { found.inbound = one; }
        if (one.type === "remote-inbound-rtp" && one.kind === "audio") { found.remote = one; }
      });
      if (!self.closed) { self._packets(found.inbound ? found.inbound.packetsReceived : 0); self._quality(found); }
    }).catch(function () {});
  };
  link._packets = function (packets) {
    var line = this.line, came = packets > this.packets && packets > 0;
    this.packets = packets;
    if (came) {
      if (this.gone) { this.gone = false; line.report("packets", this.key); }
      this.still = 0; this.flows = true;
    } else if (this.wasUp) {
      this.still++;
      if (this.still >= 2) {
        this.flows = false;
        if (!this.gone) { this.gone = true; line.report("no-packets", this.key); }
        this._round();
      }
    } else if (this.answeredAt && Date.now() - this.answeredAt > NO_PATH) {
      line._problem("no-path");
      if (!this.pathless) { this.pathless = true; line.report("no-path", this.key); }
      this._round();
    }
    line._changed();
  };
  link._round = function () {
    var self = this, now = Date.now();
    if (this.restarting || now - (this.restartedAt || 0) < QUIET) { return; }
    this.restarting = true;
    this.line._send("POST", "links/" + this.key + "/rounds/", { after: this.row.round }).then(function () {
      self.restartedAt = Date.now(); self.line.poll();
    }).catch(function () { /* the next look tries again */ }).then(function () { self.restarting = false; });
  };
  link._quality = function (found) {
    if (!found.inbound || !this.row.hear) { return; }
    var one = found.inbound, now = Date.now(), windows = this.windows;
    windows.push({ at: now, hidden: one.concealedSamples || 0, all: one.totalSamplesReceived || 0 });
    while (windows.length > 2 && now - windows[1].at >= 5000) { windows.shift(); }
    var first = windows[0], last = windows[windows.length - 1];
    if (last.at - first.at < 4500) { return; }
    var all = last.all - first.all, said = {
      rtt: found.remote && found.remote.roundTripTime || 0, jitter: one.jitter || 0,
      concealed: all > 0 ? (last.hidden - first.hidden) / all : 0
    };
    var level = this.still >= 2 || said.concealed > 0.1 || said.rtt > 0.6 ? "poor" : said.concealed > 0.03 || said.rtt > 0.3 || said.jitter > 0.04 ? "fair" : "good";
    // Twice in a row, five seconds apart, before anybody is alarmed; better is believed at once.
    if (level === this.level || (level !== "good" && this.worse !== level)) { this.worse = level; if (level !== this.level) { this.windows = [last]; } }
    else { this.level = level; this.line.report("quality", this.key, Object.assign({ level: level }, said)); }
    said.level = this.level || "good";
    if (this.line.onquality) { this.line.onquality(said); }
  };
  link.close = function () {
    this.closed = true;
    if (this.peer) { this.peer.onconnectionstatechange = this.peer.ontrack = null; this.peer.close(); }
    if (this.raw) { this.raw.stop(); }
    (this.inBus || []).forEach(function (node) { node.disconnect(); });
    if (this.source) { this.source.disconnect(); }
    this.element.srcObject = null; this.element.remove();
  };

  window.WaslLine = {
    open: function (options) { return new Line(options); },
    isPossible: isPossible,
    microphone: microphone
  };
})();
