/* The caller's page: the microphone first, then the form; the call under way; what is left behind.
   The voice is line.js, sound that is kept is recorder.js, music is music.js: here is only what one sees. */
(function () {
  "use strict";
  var stream = null, line = null, recorder = null, root = null, pressed = null, loading = null, placed = 0, over = false;

  function one(id) { return document.getElementById(id); }
  function all(selector, from) { return Array.prototype.slice.call((from || document).querySelectorAll(selector)); }
  function has(words, word) { return words.split(" ").indexOf(word) >= 0; }
  function clock(seconds) { var s = Math.max(0, Math.floor(seconds)), m = Math.floor(s / 60); s %= 60; return m + ":" + (s < 10 ? "0" : "") + s; }
  function show(el, on) { if (el && el.hidden === on) { el.hidden = !on; } }
  // The scripts of the voice are fetched when somebody wants to call, one after the other.
  function voice() {
    var box = document.querySelector("[data-scripts]"), urls = box ? box.dataset.scripts.trim().split(/\s+/) : [];
    if (window.WaslMusic) { return Promise.resolve(); }
    loading = loading || urls.reduce(function (before, url) {
      return before.then(function () {
        return new Promise(function (done, failed) {
          var script = document.createElement("script");
          script.src = url; script.onload = done;
          script.onerror = function () { loading = null; var error = new Error("offline"); error.code = "offline"; failed(error); };
          document.head.append(script);
        });
      });
    }, Promise.resolve());
    return loading;
  }
  function microphone() { return voice().then(ask); }
  function ask() {
    if (!window.WaslLine) { var error = new Error("old"); error.code = "old"; return Promise.reject(error); }
    if (stream && stream.getAudioTracks().some(function (track) { return track.readyState === "live"; })) { return Promise.resolve(stream); }
    return WaslLine.microphone().then(function (found) { stream = found; return found; });
  }
  function release() { if (stream) { stream.getTracks().forEach(function (track) { track.stop(); }); stream = null; } }
  function reasons(box, code) { all("[data-why]", box).forEach(function (el) { show(el, has(el.dataset.why, code)); }); }

  // --- before the call ----------------------------------------------------------------------------
  document.documentElement.classList.add("has-js");
  document.addEventListener("click", function (event) {
    pressed = event.target.closest && event.target.closest("button");
  }, true);
  document.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter || pressed;
    if (!form.matches || !form.matches("[data-call-form]")) { return; }
    var way = button && button.name === "way" ? button.value : "call";
    if (way !== "call" && way !== "message") { return; }
    event.preventDefault(); event.stopImmediatePropagation();
    if (form.dataset.busy) { return; }
    form.dataset.busy = "1";
    microphone().then(function () {
      if (way === "message" && !WaslRecorder.isPossible()) { var error = new Error("old"); error.code = "old"; throw error; }
      return send(form, way);
    }).catch(function (error) { problem(error.code || "failed"); }).then(function () { delete form.dataset.busy; });
  }, true);
  function problem(code) {
    var box = one("call-problem");
    if (!box) { return; }
    reasons(box, code);
    show(box, true); show(one("call-ways"), false);
    box.focus(); box.scrollIntoView();
  }
  function send(form, way) {
    var body = new FormData(form);
    body.set("way", way); body.set("microphone", "1");
    return fetch(form.action, { method: "POST", body: body, credentials: "same-origin" }).then(function (answer) {
      return answer.text().then(function (text) { swap(text, answer.url); });
    }, function () { var error = new Error("offline"); error.code = "offline"; throw error; });
  }
  // The next page takes this one's place, so that the microphone stays open and the sound may begin.
  function swap(text, url) {
    var page = new DOMParser().parseFromString(text, "text/html"), main = page.querySelector("main");
    if (!main) { location.assign(url); return; }
    document.querySelector("main").replaceWith(main);
    document.title = page.title;
    history.replaceState(null, "", url);
    window.scrollTo(0, 0);
    var first = main.querySelector(".err[role=alert]") || main.querySelector("h1");
    if (first) { first.focus(); }
    all("[data-print],[data-copy]", main).forEach(function (el) { el.hidden = false; });
    begin();
  }

  // --- the call -----------------------------------------------------------------------------------
  function begin() {
    root = one("call"); over = false;
    if (!root) { release(); return; }
    root.addEventListener("click", press);
    root.addEventListener("submit", withdraw);
    attach();
  }
  function attach() {
    microphone().then(function (found) {
      show(one("call-micro"), false);
      if (!line) { open(); }
      return line.start(found);
    }).catch(function (error) {
      reasons(one("call-micro"), error.code || "failed"); show(one("call-micro"), true);
    });
  }
  function open() {
    line = WaslLine.open({ base: root.dataset.base, headers: { "X-Wasl-Leg": root.dataset.leg }, audio: one("call-audio") });
    line.onstate = draw;
    line.onphase = draw;
    line.onlevel = level;
    line.onquality = function (said) { quality(said.level); };
    line.onproblem = function (code) { trouble(code, true); };
    line.onrelief = function (code) { trouble(code, false); };
    setInterval(tick, 500);
    window.waslCall = { line: line };
  }
  function phase() {
    if (!line) { return root.dataset.phase; }
    if (line.phase === "waiting" || line.phase === "idle") { return "message" in root.dataset || recorder ? "message" : "waiting"; }
    return line.phase === "forbidden" ? "elsewhere" : line.phase;
  }
  function draw() {
    var now = phase();
    if (now === "ended") { leave(); return; }
    if (recorder && (now === "connecting" || now === "talking")) { taken(); }
    if (root.dataset.phase !== now) {
      root.dataset.phase = now;
      one("call-title").textContent = root.getAttribute("data-t-" + now) || one("call-title").textContent;
      all("[data-on]", root).forEach(function (el) { show(el, has(el.dataset.on, now)); });
      if (now !== "message") { show(one("call-voicemail"), false); }
      if (now === "elsewhere") { show(one("call-acts"), false); release(); }
      if (now !== "waiting") { quality("good"); }
    }
    if (recorder || !line.music || "message" in root.dataset) { WaslMusic.stop(); }
    else { WaslMusic.play(line.context, line.music); }
    if (now === "waiting") { place(); }
  }
  function tick() {
    if (!line || !line.state) { return; }
    var began = line.state.call.answered;
    if (began) { one("call-timer").textContent = clock((Date.now() - began) / 1000); }
    if (root.dataset.phase === "waiting" && Date.now() - placed > 10000) { place(); }
  }
  function place() {
    if (Date.now() - placed < 2000) { return; }
    placed = Date.now();
    var box = one("call-place"), mark = box.firstElementChild ? box.firstElementChild.dataset.mark : "";
    fetch(root.dataset.place + "?mark=" + encodeURIComponent(mark), { credentials: "same-origin" }).then(function (answer) {
      return answer.status === 200 && !answer.redirected ? answer.text() : "";
    }).then(function (text) {
      if (!text) { return; }
      var was = new DOMParser().parseFromString(text, "text/html").body.firstElementChild;
      if (was) { box.replaceChildren(was); }
    }).catch(function () {});
  }
  // The server tells how it ended: the page is fetched, not guessed.
  function leave() {
    if (over) { return; }
    over = true;
    WaslMusic.stop();
    (recorder && recorder.state !== "refused" ? recorder.stop().catch(function () {}) : Promise.resolve()).then(function () {
      release();
      location.replace(root.dataset.page);
    });
  }
  function level(value) {
    var shown = Math.min(1, Math.sqrt(value) * 1.6);
    if (one("call-level")) { one("call-level").value = shown; }
    if (recorder) { one("vm-level").value = shown; }
  }
  function quality(word) {
    var tag = one("call-quality"), css = { good: "ok", fair: "soon", poor: "late", silent: "late" };
    if (!tag) { return; }
    tag.className = "tag " + css[word]; tag.textContent = root.getAttribute("data-w-" + word);
  }
  function heard(which) {
    all("[data-heard]", root).forEach(function (el) { show(el, el.dataset.heard === which); });
  }
  function trouble(code, on) {
    if (code === "offline") { show(one("call-offline"), on); }
    if (code === "no-path" || code === "no-candidates") { show(one("call-nopath"), on); }
    if (code === "tap") { show(one("call-tap"), on); }
    if (code === "not-heard" && !line.muted) { heard(on ? "0" : "1"); quality(on ? "silent" : "good"); }
    if (code === "device-lost" || code === "microphone-muted") { reasons(one("call-micro"), "no-device"); show(one("call-micro"), on); }
    if (code === "elsewhere" || code === "forbidden") { draw(); }
  }

  // --- what one presses ---------------------------------------------------------------------------
  function press(event) {
    var button = event.target.closest("button");
    if (!button) { return; }
    if (button.id === "call-mute") { mute(button); }
    else if (button.id === "call-message") { voicemail(true); }
    else if (button.id === "vm-back") { voicemail(false); }
    else if (button.id === "vm-start") { record(); }
    else if (button.id === "vm-stop") { finish(); }
    else if (button.id === "call-resume") { release(); attach(); }
    else if (button.parentNode.id === "call-tap" && line) { line.resume(); }
  }
  // Without leaving the page, which would break the talk.
  function withdraw(event) {
    var form = event.target;
    if (!form.closest("#call-record")) { return; }
    event.preventDefault();
    function recorded(state) { all("[data-recorded]", root).forEach(function (el) { show(el, el.dataset.recorded === state || (state === "lost" && el.dataset.recorded === "1")); }); }
    fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" }).then(function (answer) {
      recorded(answer.ok ? "0" : "lost");
    }).catch(function () { recorded("lost"); });
  }
  function mute(button) {
    if (!line) { return; }
    var on = !line.muted;
    line.setMuted(on);
    button.setAttribute("aria-pressed", on ? "true" : "false");
    all("[data-muted]", button).forEach(function (el) { show(el, el.dataset.muted === (on ? "1" : "0")); });
    heard(on ? "mute" : "1"); quality(on ? "silent" : "good");
  }

  // --- a message ----------------------------------------------------------------------------------
  function stage(name) { all("[data-vm]", root).forEach(function (el) { show(el, has(el.dataset.vm, name)); }); }
  function voicemail(on) {
    if (recorder) { return; }
    show(one("call-voicemail"), on); show(one("call-message"), !on);
    if (on) { one("vm-start").focus(); } else { one("call-message").focus(); }
  }
  function record() {
    if (recorder || !line || !line.context) { return; }
    recorder = WaslRecorder.open({ base: root.dataset.voicemail, headers: { "X-Wasl-Leg": root.dataset.leg } });
    recorder.onchange = function () {
      one("vm-timer").textContent = clock(recorder.seconds);
      if (recorder.state === "sending" && !over) { finish(); }
    };
    recorder.onlost = function (lost) { one("vm-said").textContent = lost ? root.getAttribute("data-w-lost") : ""; };
    draw(); show(one("call-voicemail"), true); stage("busy");
    WaslMusic.beep(line.context).then(function () { return recorder.start(stream); }).then(function () {
      one("vm-stop").focus();
    }).catch(refused);
  }
  function finish() {
    if (recorder.finishing) { return; }
    recorder.finishing = true;
    stage("sent"); one("vm-said").textContent = root.getAttribute("data-w-sending");
    recorder.stop().then(function () { over = true; release(); location.replace(root.dataset.page); }).catch(refused);
  }
  function refused(error) {
    recorder = null; stage("ready");
    one("vm-said").textContent = error.said || "";
  }
  // Somebody answers while one still speaks: what was said is kept, the talk begins.
  function taken() {
    var kept = recorder;
    recorder = null; stage("ready");
    kept.onchange = null;
    kept.stop().catch(function () {});
  }

  var wrong = document.querySelector(".err[role=alert]");
  if (wrong) { wrong.focus(); }
  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", begin); } else { begin(); }
})();
