/* The port (telephony/voice.js) for the public network: Twilio's script carries the voice, and our server says
   how the call stands. `given`: {coming, renewal, sounds, host}.

   Each time the page comes in it asks our server for a pass and a code, and makes a device of its own for
   them, so that nothing of an earlier attempt is left. What the script tells is not enough: where its
   signalling is lost and there is no token to come back with, it calls the call closed, tells nobody, and
   the sound goes on. So its state is looked at every second, and what is closed is closed by us too. */
(function () {
  "use strict";
  var LOOK = 1000, SLOW = 6000, LATE = 15000, RETRY = [700, 1500, 3000, 5000], HUNG_UP = 1500;
  var EARLY = 60000, AGAIN = 5000, QUIET = 5000, WORSE = 5, LOWEST = 0.004, KEY = 280, SIGNALLING = 30000;
  var STALE = [20101, 20104, 20151];

  function token() { var field = document.querySelector("[name=csrfmiddlewaretoken]"); return field ? field.value : ""; }
  function clear(track) { if (track) { track.onended = track.onmute = track.onunmute = null; track.stop(); } }

  function Voice(options) {
    this.options = options; this.given = options.given; this.acts = Object.create(null); this.problems = new Set();
    this.phase = "idle"; this.running = false; this.asks = false; this.muted = false;
    this.stream = this.device = this.call = this.peer = this.newest = null;
    this.code = this.fresh = this.output = this.keys = ""; this.tries = this.bad = this.began = 0; this.wasUp = this.waiting = false;
    var self = this;
    // A page out of the browser's store has no device any more.
    window.addEventListener("pageshow", function (e) { if (e.persisted && self.running) { self._lost(0); } });
    if (navigator.mediaDevices && navigator.mediaDevices.addEventListener) {
      navigator.mediaDevices.addEventListener("devicechange", function () { if (self.running && !self._track()) { self._another(); } });
    }
  }
  var voice = Voice.prototype;

  // --- the verbs ----------------------------------------------------------------------------------------
  voice.ready = function (stream) {
    var self = this;
    clearTimeout(this.next); this.waiting = false;
    this.running = true; this.tries = 0; this._take(stream); this._phase("connecting");
    clearInterval(this.timer);
    this.timer = setInterval(function () { self._look(); }, LOOK);
    return this._admit().catch(function (error) { self._lost(0); throw error; });
  };
  voice.connect = function (code) {
    var self = this, device = this.device;
    if (!code && !this.fresh && this.given.coming) { return this._admit().then(function () { return self.running ? self.connect() : null; }); }
    this.code = code || this.fresh; this.fresh = ""; this.began = Date.now();
    return device.connect({ params: { claim: this.code } }).then(function (call) {
      if (self.device === device) { self._carry(call); }
    }, function () { if (self.device === device) { self._lost(RETRY[0]); } });
  };
  voice.hangup = function () {
    this.running = this.waiting = this.wasUp = false; this.code = "";
    clearInterval(this.timer); clearTimeout(this.next); clearTimeout(this.renewing);
    this._drop(); this._take(null);
    if (this.phase !== "elsewhere" && this.phase !== "forbidden") { this._phase("ended"); }
  };
  voice.mute = function (on) {
    this.muted = !!on; this.quietSince = 0;
    if (this.call) { this.call.mute(this.muted); }
    if (this.sent) { this.sent.enabled = !this.muted; }
  };
  voice.digits = function (text) {
    if (!this.call || this.call.status() !== "open") { return false; }
    this.keys += text;
    if (!this.sounding) { this._key(); }
    return true;
  };
  /* One after the other: a key that is sent takes the place of one that has not sounded yet. */
  voice._key = function () {
    var self = this, key = this.keys.charAt(0);
    this.keys = this.keys.slice(1);
    this.sounding = !!key && !!this.call && this.call.status() === "open";
    if (!this.sounding) { this.keys = ""; return; }
    this.call.sendDigits(key);
    setTimeout(function () { self._key(); }, KEY);
  };
  voice.devices = function (wish) {
    if (wish.stream) { this._take(wish.stream); }
    if (wish.output) { this.output = wish.output; this._speak(); }
  };
  voice.on = function (event, act) { this.acts[event] = act; };
  voice.stats = function () { return this.newest; };
  voice.resume = function () {
    var context = window.Twilio.Device.audioContext, self = this;
    return (context ? context.resume() : Promise.resolve()).then(function () { self._relief("tap"); });
  };
  // Our server is asked by the band.
  voice.poll = function () { this._tell("moved"); };
  voice.report = function () {};

  // --- coming in ------------------------------------------------------------------------------------------
  voice._admit = function () {
    var self = this;
    // Without a call of its own the page has a pass only; whoever calls connect() brings the code.
    return this._ask(this.given.coming || this.given.renewal, this.code ? { after: this.code } : {}).then(function (said) {
      if (!self.running) { return; }
      self.fresh = said.claim || ""; self._relief("off"); self._make(said.pass);
    });
  };
  voice._ask = function (url, body) {
    var self = this, control = new AbortController(), timer = setTimeout(function () { control.abort(); }, 8000);
    return fetch(url, {
      method: "POST", body: new URLSearchParams(body), headers: { "X-CSRFToken": token(), Accept: "application/json" },
      credentials: "same-origin", redirect: "manual", signal: control.signal
    }).then(function (answer) {
      clearTimeout(timer);
      if (answer.status === 200) { self._relief("offline"); return answer.json(); }
      return self._refused(answer, url === self.given.coming);
    }, function () { clearTimeout(timer); self._problem("offline"); throw new Error("offline"); });
  };
  /* Only where it was asked to come in does a refusal end anything: a pass that is not renewed is asked for again. */
  voice._refused = function (answer, isComing) {
    var code = !isComing ? "" : { 409: "elsewhere", 403: "forbidden", 404: "ended" }[answer.status] || (answer.type === "opaqueredirect" ? "forbidden" : "");
    if (code) {
      this._phase(code); this.hangup(); this._tell("moved");
      if (code !== "ended") { this._problem(code); }
      throw new Error(code);
    }
    if (isComing) { this._problem(answer.status === 503 ? "off" : "offline"); }
    throw new Error("refused");
  };
  voice._make = function (pass) {
    var self = this;
    this._drop();
    function Peer(how) { var made = new RTCPeerConnection(how); self.peer = made; return made; }
    Peer.prototype = RTCPeerConnection.prototype;
    var wish = {
      sounds: this.given.sounds, publishEvents: false, logLevel: 5, appName: "wasl", codecPreferences: ["opus", "pcmu"],
      tokenRefreshMs: EARLY, maxCallSignalingTimeoutMs: SIGNALLING, RTCPeerConnection: Peer,
      getUserMedia: function () { return self._microphone(); }
    };
    this.began = Date.now();
    if (this.given.host) { wish.chunderw = this.given.host; }
    var device = this.device = new window.Twilio.Device(pass, wish);
    ["incoming", "outgoing", "disconnect"].forEach(function (name) { device.audio[name](false); });
    device.on("tokenWillExpire", function () { if (self.device === device) { self._renew(); } });
    device.on("error", function (error) {
      if (self.device !== device) { return; }
      if (STALE.indexOf(error.code) < 0) { self._look(); }
      else if (self.call && self.call.status() === "open") { self._renew(); }
      else { self._lost(RETRY[0]); }
    });
  };
  voice._renew = function () {
    var self = this, device = this.device;
    clearTimeout(this.renewing);
    this._ask(this.given.renewal, {}).then(function (said) {
      if (self.device === device) { device.updateToken(said.pass); }
    }).catch(function () { if (self.running && self.device === device) { self.renewing = setTimeout(function () { self._renew(); }, AGAIN); } });
  };
  voice._carry = function (call) {
    var self = this;
    this.call = call;
    function mine(act) { return function (what, more) { if (self.call === call) { act(what, more); } }; }
    ["accept", "ringing", "reconnecting", "reconnected", "error", "cancel", "reject"].forEach(function (name) { call.on(name, mine(function () { self._look(); })); });
    call.on("disconnect", mine(function () { self._lost(HUNG_UP); }));
    call.on("volume", mine(function (input) { self._level(input); }));
    call.on("sample", mine(function (sample) { self._quality(sample); }));
    this._look();
  };

  // --- every second, and whenever something is told ---------------------------------------------------------
  voice._look = function () {
    var state = this.call ? this.call.status() : "", age = Date.now() - this.began;
    if (!this.running || this.waiting || !this.device) { return; }
    if (state === "open") { this._up(); return; }
    if (state === "closed") { this._lost(RETRY[0]); return; }
    this._phase(this.wasUp ? "reconnecting" : "connecting");
    if (state === "reconnecting") { return; }
    if (age > SLOW) { this._problem(state === "ringing" || this.call && this.call.parameters.CallSid ? "no-path" : "no-candidates"); }
    if (age > LATE) { this._lost(0); }
  };
  voice._up = function () {
    var fresh = this.phase !== "talking";
    this.wasUp = true;
    if (Date.now() - this.began > 10000) { this.tries = 0; }
    if (!fresh) { return; }
    this._relief("no-path"); this._relief("no-candidates");
    this.mute(this.muted); this._speak(); this._phase("talking"); this._tell("moved");
  };
  voice._lost = function (after) {
    var self = this;
    if (!this.running || this.waiting) { return; }
    if (!this.given.coming) { this.hangup(); return; }
    this._drop(); this._phase(this.wasUp ? "reconnecting" : "connecting"); this._tell("moved");
    this.waiting = true;
    clearTimeout(this.next);
    this.next = setTimeout(function () {
      self.waiting = false;
      if (!self.running) { return; }
      self.tries++; self.fresh = "";
      self.connect().catch(function () { self._lost(0); });
    }, Math.max(after, RETRY[Math.min(this.tries, RETRY.length - 1)]));
  };
  voice._drop = function () {
    var device = this.device, peer = this.peer;
    this.device = this.call = this.peer = null; this.bad = 0;
    clearTimeout(this.renewing);
    if (device) { try { device.destroy(); } catch (e) { /* it was half made */ } }
    if (peer && peer.signalingState !== "closed") { peer.close(); }
    clear(this.sent); this.sent = null;
  };

  // --- microphone and loudspeaker ---------------------------------------------------------------------------
  voice._track = function () {
    var track = this.stream && this.stream.getAudioTracks()[0];
    return track && track.readyState === "live" ? track : null;
  };
  voice._take = function (stream) {
    var before = this.stream, self = this, track;
    this.stream = stream; this.quietSince = 0;
    if (before && before !== stream) { before.getTracks().forEach(clear); }
    track = this._track();
    if (!track) { return; }
    track.onended = function () { if (self.stream === stream) { self._gone(); } };
    track.onmute = function () { self._problem("microphone-muted"); };
    track.onunmute = function () { self._relief("microphone-muted"); };
    ["device-lost", "no-device", "refused", "in-use", "failed", "not-heard"].forEach(function (code) { self._relief(code); });
    var sender = this.peer && this.peer.getSenders().find(function (one) { return one.track && one.track.kind === "audio"; });
    if (sender) { sender.replaceTrack(this._give()).catch(function () {}); }
  };
  /* What is sent is a copy: the script stops its own, and the microphone stays open for the next attempt. */
  voice._give = function () {
    clear(this.sent);
    this.sent = this._track().clone(); this.sent.enabled = !this.muted;
    return this.sent;
  };
  voice._microphone = function () {
    var self = this;
    if (this._track()) { return Promise.resolve(new MediaStream([this._give()])); }
    return window.WaslLine.microphone({ constraints: this.options.constraints }).then(function (stream) {
      self._take(stream);
      return new MediaStream([self._give()]);
    }, function (error) { self._problem(error.code || "failed"); throw error; });
  };
  voice._gone = function () { this._problem("device-lost"); this._another(); };
  voice._another = function () {
    var self = this;
    window.WaslLine.microphone({ constraints: this.options.constraints }).then(function (stream) {
      if (self.running && !self._track()) { self._take(stream); } else { stream.getTracks().forEach(clear); }
    }, function (error) { if (self.running) { self._problem(error.code || "failed"); } });
  };
  voice._speak = function () {
    if (this.output && this.device) { this.device.audio.speakerDevices.set(this.output).catch(function () {}); }
  };
  voice._level = function (input) {
    var now = Date.now(), level = input * input;
    if (!this.levelled || now - this.levelled > 100) { this.levelled = now; this._tell("level", level); }
    if (level >= LOWEST || this.muted || this.phase !== "talking") { this.quietSince = 0; this._relief("not-heard"); }
    else if (!this.quietSince) { this.quietSince = now; }
    else if (now - this.quietSince > QUIET) { this._problem("not-heard"); }
  };
  voice._quality = function (sample) {
    var rtt = (sample.rtt || 0) / 1000, jitter = (sample.jitter || 0) / 1000, lost = (sample.packetsLostFraction || 0) / 100;
    var level = lost > 0.1 || rtt > 0.6 ? "poor" : lost > 0.03 || rtt > 0.3 || jitter > 0.04 ? "fair" : "good";
    // Bad for some seconds before anybody is alarmed; better is believed at once.
    this.bad = level === "good" ? 0 : this.bad + 1;
    if (this.bad && this.bad < WORSE) { level = "good"; }
    this.newest = { level: level, rtt: rtt, jitter: jitter, concealed: lost };
    this._tell("quality", this.newest);
  };

  // --- telling -------------------------------------------------------------------------------------------------
  voice._tell = function (event, what) { if (this.acts[event]) { this.acts[event](what); } };
  voice._phase = function (phase) { if (phase !== this.phase) { this.phase = phase; this._tell("phase", phase); } };
  voice._problem = function (code) { if (!this.problems.has(code)) { this.problems.add(code); this._tell("problem", code); } };
  voice._relief = function (code) { if (this.problems.delete(code)) { this._tell("relief", code); } };

  window.WaslVoice = { open: function (options) { return new Voice(options); } };
})();
