/* Recording of the talk at the desk, where its caller agreed: the server draws #rec only then, and takes it
   away when the caller does not want it any more. It begins by itself with the talk and rests whenever the
   two do not hear each other (hold, a colleague asked, a connection lost) or the advisor pauses it.
   softphone.js tells of the voice by "wasl:voice" and waits for WaslRecording.settled() before it leaves. */
(function () {
  "use strict";
  var line = null, recorder = null, base = "", slow = 0, byHand = false, ending = false, note = id("rec-note");
  var PATIENCE = 2500, SLOW = 3;

  function id(name) { return document.getElementById(name); }
  function box() { return id("rec"); }
  function each(selector, act) { var el = box(); if (el) { el.querySelectorAll(selector).forEach(act); } }
  function clock(seconds) { var s = Math.floor(seconds), m = Math.floor(s / 60); s %= 60; return m + ":" + (s < 10 ? "0" : "") + s; }
  // A reload must not go on recording what the caller was told is not recorded.
  function isPaused() { try { return sessionStorage.getItem("wasl-paused") === base; } catch (e) { return byHand; } }
  function setPaused(on) { byHand = on; try { if (on) { sessionStorage.setItem("wasl-paused", base); } else { sessionStorage.removeItem("wasl-paused"); } } catch (e) { /* private window */ } }

  function wanted() { return !!line && line.phase === "talking" && !isPaused(); }
  function isLive() { return !!recorder && (recorder.state === "recording" || recorder.state === "paused"); }
  function isSending() { return !!recorder && recorder.state === "sending"; }
  function follow() {
    if (!box()) { if (recorder) { finish(); } return draw(); }
    base = box().dataset.base;
    if (!window.WaslRecorder.isPossible()) { return draw(); }
    if (line && ["ended", "elsewhere", "forbidden"].indexOf(line.phase) >= 0) { finish(); return draw(); }
    // The line began anew with other sound: so does the recording.
    if (isLive() && recorder.media.state === "inactive") { finish(); recorder = null; }
    if (!wanted()) { if (recorder) { recorder.pause(); } }
    else if (!recorder) { begin(); }
    else { recorder.resume(); }
    draw();
  }
  function begin() {
    var made = recorder = window.WaslRecorder.open({ base: base, headers: { "X-Wasl-Leg": id("softphone").dataset.leg } });
    made.onchange = made.onlost = draw;
    made.start(line.mix()).then(follow).catch(draw);
  }
  /* Kept when everything has arrived; over a lost connection it takes as long as that lasts. */
  function finish() {
    if (!recorder) { return Promise.resolve(); }
    var done = recorder.stop().catch(function () {}).then(draw);
    draw();
    return done;
  }
  function settled() {
    if (!recorder) { return Promise.resolve(); }
    return Promise.race([finish(), new Promise(function (on) {
      (function wait() { setTimeout(function () { if (recorder.lost) { wait(); } else { on(); } }, PATIENCE); })();
    })]);
  }

  // --- what is shown ----------------------------------------------------------------------------------
  function state() {
    if (!window.WaslRecorder.isPossible()) { return "old"; }
    if (recorder && recorder.state === "refused") { return "refused"; }
    if (recorder && recorder.state === "recording") { return "recording"; }
    return isPaused() || recorder && recorder.state === "paused" ? "paused" : "idle";
  }
  function draw() {
    var now = state(), pending = recorder && recorder.state !== "refused" ? recorder.unsent : 0;
    var sending = isSending(), lost = pending > 0 && recorder.lost;
    if (box()) {
      box().dataset.state = now;
      each("[data-on]", function (el) { show(el, el.dataset.on.split(" ").indexOf(now) >= 0); });
      each("[data-act]", function (el) { show(el, (el.dataset.act === "go") === isPaused()); });
      id("act-record").disabled = now === "refused" || now === "old";
      set(id("rec-time"), recorder && recorder.seconds && now !== "refused" ? clock(recorder.seconds) : "");
    }
    if (sending && !slow) { slow = Date.now(); setTimeout(draw, 1100); }
    if (!sending) { slow = 0; }
    var code = now === "refused" || now === "old" ? (box() ? now : "") : lost ? "lost" : pending > SLOW || sending && Date.now() - slow > 1000 ? "sending" : "";
    show(note, !!code);
    var why = code === "refused" && recorder.error && recorder.error.said;
    set(id("rec-said"), code ? id("rec-said").getAttribute("data-say-" + code) + (why ? " " + why : "") : "");
  }
  function show(el, on) { if (el.hidden === on) { el.hidden = !on; } }
  function set(el, text) { if (el.textContent !== text) { el.textContent = text; } }

  // --- what happens -----------------------------------------------------------------------------------
  document.addEventListener("wasl:voice", function (e) { line = e.detail; follow(); });
  document.addEventListener("htmx:afterSettle", follow);
  document.addEventListener("click", function (e) {
    if (!e.target.closest || !e.target.closest("#act-record")) { return; }
    setPaused(!isPaused()); follow();
  });
  // Hanging up leaves this page: what was said last is sent before.
  document.addEventListener("submit", function (e) {
    var by = e.submitter;
    if (e.target.id !== "card" || !(isLive() || isSending()) || recorder.isLeft || !by) { return; }
    e.preventDefault(); e.stopImmediatePropagation();
    if (ending) { return; }
    ending = true;
    settled().then(function () { ending = false; recorder.isLeft = true; e.target.requestSubmit(by.isConnected ? by : id(by.id)); });
  }, true);
  window.addEventListener("beforeunload", function (e) {
    if (isSending() && !recorder.isLeft) { e.preventDefault(); e.returnValue = id("rec-said").textContent; }
  });

  window.WaslRecording = { settled: settled };
  base = box() ? box().dataset.base : "";
})();
