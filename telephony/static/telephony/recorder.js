/* Sound on its way to the server in numbered pieces, without any look of its own.

   WaslRecorder.isPossible()
   var recorder = WaslRecorder.open({
     base: "/call/voicemail/",            // or "/desk/calls/5/recording/"
     headers: {"X-Wasl-Leg": leg}
   });
   recorder.start(stream)     Promise, kept when the recording has begun; rejects with an Error whose `said`
                              is a sentence of the server
   recorder.pause(), recorder.resume()
   recorder.stop()            Promise of {kept, seconds}, kept when every piece and the end have arrived:
                              over a lost connection it takes as long as that lasts
   recorder.seconds           recorded so far; recorder.longest: most of them, as the server told
   recorder.unsent            pieces that have not arrived
   recorder.state             "idle" | "recording" | "paused" | "sending" | "done" | "refused"
   recorder.onchange()        something of the above moved
   recorder.onlost(bool)      the server is out of reach, or back

   Every piece is kept here until the end is answered: should the server have closed the recording in the
   meantime (nothing came for a minute), all of it is sent once more as a new part. After a reload a new
   part begins by itself: two recordings are never joined. */
(function () {
  "use strict";
  var TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
  var RATE = 24000, EACH = 1000, MOST = 60000, RETRY = 700, SIGN = 20000;

  function type() {
    if (!window.MediaRecorder) { return ""; }
    return TYPES.filter(function (one) { return MediaRecorder.isTypeSupported(one); })[0] || "";
  }
  function later(ms) { return new Promise(function (done) { setTimeout(done, ms); }); }

  function Recorder(options) {
    this.base = options.base; this.headers = options.headers || {};
    this.state = "idle"; this.pieces = []; this.sent = 0; this.part = 0; this.longest = 300;
    this.length = 0; this.since = 0; this.made = false; this.lost = false;
  }
  var recorder = Recorder.prototype;
  Object.defineProperty(recorder, "seconds", { get: function () { return (this.length + (this.since ? Date.now() - this.since : 0)) / 1000; } });
  Object.defineProperty(recorder, "unsent", { get: function () { return this.pieces.length - this.sent; } });

  recorder._is = function (state) { this.state = state; if (this.onchange) { this.onchange(); } };
  recorder._lost = function (lost) { if (lost !== this.lost) { this.lost = lost; if (this.onlost) { this.onlost(lost); } } };

  // One request, again and again until the server has answered it.
  recorder._ask = function (method, path, body, kind) {
    var self = this, headers = Object.assign({}, this.headers);
    if (kind) { headers["Content-Type"] = kind; }
    return fetch(this.base + path, {
      method: method, headers: headers, body: body, cache: "no-store", credentials: "same-origin", redirect: "manual"
    }).then(function (answer) {
      if (answer.status >= 500 || answer.status === 429 || !answer.status) { throw new Error("again"); }
      self._lost(false);
      return answer;
    }).catch(function () {
      self._lost(true);
      return later(RETRY).then(function () { return self._ask(method, path, body, kind); });
    });
  };
  recorder._refused = function (answer) {
    var self = this;
    return answer.json().catch(function () { return {}; }).then(function (said) {
      var error = new Error("refused"); error.said = said.said || ""; error.status = answer.status;
      self._halt(); self.error = error; self._is("refused");
      throw error;
    });
  };
  recorder._begin = function () {
    var self = this;
    return this._ask("POST", "", "{}", "application/json").then(function (answer) {
      if (answer.status !== 201) { return self._refused(answer); }
      return answer.json().then(function (said) { self.part = said.part; self.longest = said.seconds; self.sent = 0; });
    });
  };

  recorder.start = function (stream) {
    var self = this;
    return this._begin().then(function () {
      if (self.dropped) { return; }
      self.media = new MediaRecorder(stream, { mimeType: type(), audioBitsPerSecond: RATE });
      self.media.ondataavailable = function (event) { self._cut(event.data); };
      self.stopped = new Promise(function (done) { self.media.onstop = done; });
      self.media.start(EACH); self.since = Date.now(); self._is("recording");
      self.timer = setInterval(function () {
        if (self.onchange) { self.onchange(); }
        if (self.state === "recording" && self.seconds >= self.longest) { self.stop(); }
      }, 250);
    });
  };
  recorder._cut = function (blob) {
    for (var at = 0; at < blob.size; at += MOST) { this.pieces.push(blob.slice(at, at + MOST)); }
    this._send();
  };
  recorder._send = function () {
    var self = this;
    if (!this.sending) {
      this.sending = this._next().catch(function () { /* kept in self.error */ }).then(function () {
        self.sending = null;
        // A piece that came while the last one was being answered.
        return self.sent < self.pieces.length && !self.error ? self._send() : null;
      });
    }
    return this.sending;
  };
  recorder._next = function () {
    var self = this, number = this.sent;
    if (number >= this.pieces.length || this.error) { return Promise.resolve(); }
    return this._ask("PUT", this.part + "/pieces/" + number + "/", this.pieces[number], "application/octet-stream").then(function (answer) {
      if (answer.status === 204) { self.sent = Math.max(self.sent, number + 1); if (self.onchange) { self.onchange(); } return self._next(); }
      if (answer.status === 409 || answer.status === 404) { return self._begin().then(function () { return self._next(); }); }
      return self._refused(answer);
    });
  };
  recorder.pause = function () {
    var self = this;
    if (this.state !== "recording") { return; }
    this.media.pause(); this.length += Date.now() - this.since; this.since = 0; this._is("paused");
    this.signs = setInterval(function () {
      fetch(self.base + self.part + "/pausing/", { method: "POST", headers: self.headers, credentials: "same-origin" }).catch(function () {});
    }, SIGN);
  };
  recorder.resume = function () {
    if (this.state !== "paused") { return; }
    clearInterval(this.signs); this.media.resume(); this.since = Date.now(); this._is("recording");
  };
  recorder._halt = function () {
    clearInterval(this.timer); clearInterval(this.signs);
    if (this.since) { this.length += Date.now() - this.since; this.since = 0; }
    if (this.media && this.media.state !== "inactive") { this.media.stop(); }
  };
  recorder.stop = function () {
    var self = this;
    if (this.ended) { return this.ended; }
    if (!this.media) { this.dropped = true; return Promise.resolve({ kept: false, seconds: 0 }); }
    this._halt();
    this.ended = this.stopped.then(function () { return self._finish(); }).then(function (said) { self._is("done"); return said; });
    this._is("sending");
    return this.ended;
  };
  recorder._finish = function () {
    var self = this;
    return this._send().then(function () {
      if (self.error) { throw self.error; }
      return self._ask("POST", self.part + "/ending/", JSON.stringify({ pieces: self.pieces.length }), "application/json");
    }).then(function (answer) {
      if (answer.status === 200) { return answer.json(); }
      if (answer.status !== 409) { return self._refused(answer); }
      // Something is missing there: all of it once more.
      self.sent = 0;
      return later(RETRY).then(function () { return self._finish(); });
    });
  };

  window.WaslRecorder = {
    open: function (options) { return new Recorder(options); },
    isPossible: function () { return !!type(); }
  };
})();
