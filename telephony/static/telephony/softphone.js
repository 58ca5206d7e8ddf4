/* The voice at the desk: opens the microphone, speaks through WaslVoice (voice.js says what that is), shows how it goes.
   What can be done and how the call stands is drawn by the server in #call-band, fetched again when the
   call moves; this script never draws a state of its own, so the page cannot say "in call" when it is not. */
(function () {
  "use strict";
  var box = document.getElementById("softphone");
  if (!box) { return; }
  var voice = null, problems = new Set(), quality = "", over = false, note = document.getElementById("sp-note");
  var ASK = 1500, ORDER = ["refused", "no-device", "in-use", "insecure", "old", "failed", "off", "forbidden", "elsewhere", "tap", "offline", "reconnecting",
    "no-path", "no-candidates", "device-lost", "microphone-muted", "not-heard", "poor", "fair", "silent", "connecting"];
  var ENDS = ["refused", "no-device", "in-use", "insecure", "old", "failed"];

  function band() { return document.getElementById("call-band"); }
  function kind() { var b = band(); return b ? b.dataset.kind : ""; }
  function isLive() { return ["live", "claimed", "beside"].indexOf(kind()) >= 0; }
  function id(name) { return document.getElementById(name); }

  // --- what is said about the voice ------------------------------------------------------------------
  function say() {
    var code = ORDER.find(function (one) { return problems.has(one) || one === quality; });
    if (!isLive() && code !== "elsewhere") { code = null; }
    note.hidden = !code;
    note.querySelectorAll("[data-why]").forEach(function (el) { el.hidden = el.dataset.why !== code; });
    if (!code) { id("sp-said").textContent = ""; return; }
    var text = note.getAttribute("data-say-" + code) || "";
    if (id("sp-said").textContent !== text) { id("sp-said").textContent = text; }
    var stopped = ENDS.indexOf(code) >= 0;
    id("sp-retry").hidden = !stopped || code === "insecure" || code === "old";
    id("sp-tap").hidden = code !== "tap";
    id("sp-beside").hidden = !stopped || kind() === "beside";
    note.classList.toggle("soft", code === "connecting" || code === "silent");
  }
  function problem(code) { problems.add(code); say(); }
  function relief(code) { problems.delete(code); say(); }

  // --- the voice ------------------------------------------------------------------------------------
  function begin() {
    if (!box.dataset.leg || !window.WaslLine) { return; }
    if (!window.WaslVoice) { problem("off"); return; }
    ENDS.forEach(function (code) { problems.delete(code); });
    problem("connecting");
    (window.WaslVoice.isSilent ? Promise.resolve(null) : microphone()).then(function (stream) {
      relief("connecting");
      voice = voice || open();
      window.waslVoice = voice;
      if (kept("out")) { voice.devices({ output: kept("out") }); }
      if (!isLive() && !over) { poll(); }
      mute();
      return voice.ready(stream).then(function () { return voice.connect(); }).catch(function () { /* the line tries again and says why */ });
    }).catch(function (error) {
      relief("connecting"); problem(error.code || "failed");
      if (voice) { voice.report("microphone-refused"); }
    });
  }
  function microphone() {
    return window.WaslLine.microphone({ deviceId: kept("in"), constraints: window.waslConstraints }).catch(function (error) {
      if (kept("in") && error.code === "no-device") { keep("in", ""); return window.WaslLine.microphone({ constraints: window.waslConstraints }); }
      throw error;
    });
  }
  function open() {
    var made = window.WaslVoice.open({ given: JSON.parse(box.dataset.given), leg: box.dataset.leg, audio: id("voices"), constraints: window.waslConstraints });
    made.on("level", level);
    made.on("problem", problem); made.on("relief", relief);
    made.on("quality", function (found) {
      quality = found.level === "good" ? "" : found.level; say();
      id("dev-quality").textContent = Math.round(found.rtt * 1000) + " ms \u00B7 " + Math.round(found.concealed * 100) + " %";
    });
    made.on("phase", function (phase) {
      document.documentElement.dataset.phase = phase;
      if (phase === "reconnecting") { problem("reconnecting"); } else { relief("reconnecting"); }
      tell();
      if (phase === "ended") { made.hangup(); }
      poll();
    });
    made.on("moved", function (version) {
      tell();
      if (version === undefined || +band().dataset.version < version) { poll(); }
    });
    return made;
  }
  function mute() { if (voice && band()) { voice.mute(["mute", "listen"].indexOf(band().dataset.mode) >= 0); } }
  // The recording, where there is one, follows the voice.
  function tell() { document.dispatchEvent(new CustomEvent("wasl:voice", { detail: voice })); }
  function leave(url) {
    leaving = true;
    Promise.resolve(window.WaslRecording && window.WaslRecording.settled()).then(function () { location.href = url; });
  }
  function level(found) {
    var lit = Math.min(5, Math.round(Math.sqrt(found) * 9));
    document.querySelectorAll("[data-vu]").forEach(function (vu) { vu.dataset.vu = lit; });
  }
  function poll() { if (band() && window.htmx) { window.htmx.trigger("#call-band", "poll"); } }

  // --- devices ----------------------------------------------------------------------------------------
  function kept(what) { try { return localStorage.getItem("wasl-device-" + what) || ""; } catch (e) { return ""; } }
  function keep(what, value) { try { localStorage.setItem("wasl-device-" + what, value); } catch (e) { /* private window */ } }
  function fill(select, kindOf, now, devices) {
    select.textContent = "";
    devices.filter(function (d) { return d.kind === kindOf; }).forEach(function (d, n) {
      var option = new Option(d.label || String(n + 1), d.deviceId);
      option.selected = d.deviceId === now; select.append(option);
    });
  }
  function list() {
    if (!navigator.mediaDevices || !navigator.mediaDevices.enumerateDevices) { return; }
    navigator.mediaDevices.enumerateDevices().then(function (devices) {
      fill(id("dev-in"), "audioinput", kept("in"), devices);
      fill(id("dev-out"), "audiooutput", kept("out"), devices);
      id("dev-out-box").hidden = !("setSinkId" in HTMLMediaElement.prototype) || !id("dev-out").options.length;
    });
  }
  id("dev-in").addEventListener("change", function () {
    keep("in", this.value);
    window.WaslLine.microphone({ deviceId: this.value, constraints: window.waslConstraints }).then(function (stream) { if (voice) { voice.devices({ stream: stream }); } })
      .catch(function (error) { problem(error.code || "failed"); });
  });
  id("dev-out").addEventListener("change", function () { keep("out", this.value); if (voice) { voice.devices({ output: this.value }); } });
  if (navigator.mediaDevices && navigator.mediaDevices.addEventListener) { navigator.mediaDevices.addEventListener("devicechange", function () { if (id("devices").open) { list(); } }); }

  // --- acts ---------------------------------------------------------------------------------------------
  document.addEventListener("click", function (e) {
    var at = e.target.closest ? e.target : null;
    if (!at) { return; }
    if (at.closest("[data-devices]")) { list(); id("devices").showModal(); return; }
    if (at.closest("[data-ask-end]")) { e.preventDefault(); id("end-box").showModal(); id("end-yes").focus(); return; }
    if (at.closest("#sp-retry")) { begin(); return; }
    if (at.closest("#sp-tap") && voice) { voice.resume(); return; }
    if (at.closest("[data-transfer]")) { e.preventDefault(); transfer(at.closest("[data-transfer]").href); return; }
    var link = at.closest("a[href]");
    // The voice lives in this page: other places open beside it.
    if (link && isLive() && voice && !link.target && link.origin === location.origin && !link.hash && !link.closest("#transfer-box,#call-band")) { link.target = "_blank"; link.rel = "noopener"; }
  }, true);
  function transfer(url) {
    fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin" }).then(function (answer) { return answer.ok ? answer.text() : ""; }).then(function (html) {
      if (!html) { location.href = url; return; }
      id("transfer-form").innerHTML = html;
      id("transfer-box").showModal();
      var first = id("transfer-form").querySelector("input:checked,input[type=radio]"); if (first) { first.focus(); }
    });
  }
  document.addEventListener("wasl:acted", function (e) {
    var told = e.detail, form = told.form;
    if (!form.closest("#call-band,#transfer-box")) { return; }
    if (told.away) {
      // The plain way would leave the page, and the voice with it.
      if (!voice || !isLive()) { return; }
      told.said = note.getAttribute("data-say-offline");
    }
    if (form.closest("#transfer-box") && !told.ok) {
      var no = form.querySelector("[data-ring-no]"); if (no) { no.hidden = false; no.textContent = told.said; }
      e.preventDefault(); return;
    }
    e.preventDefault();
    if (told.ok && told.go !== location.pathname) { leave(told.go); return; }
    if (form.closest("#transfer-box") && id("transfer-box").open) { id("transfer-box").close(); }
    if (!told.ok) { var said = id("ring-said"); if (said) { said.textContent = told.said; } alertOnce(told.said); }
    if (voice) { voice.poll(); }
    poll();
  });
  function alertOnce(text) {
    note.hidden = false; id("sp-said").textContent = text;
    setTimeout(say, 5000);
  }
  var leaving = false;
  document.addEventListener("submit", function (e) { if (!e.defaultPrevented) { leaving = true; } });
  window.addEventListener("beforeunload", function (e) {
    if (leaving || !isLive() || !voice || ["talking", "held", "connecting", "reconnecting"].indexOf(voice.phase) < 0) { return; }
    e.preventDefault(); e.returnValue = box.dataset.going;
  });

  // --- after every look at the server --------------------------------------------------------------------
  function follow() {
    var b = band();
    if (!b) { return; }
    // A line that asks does so often and cheaply, and tells when the call moved; what moved while the band was
    // on its way is asked for again.
    if (voice && voice.running) {
      b.dataset.pollLive = "20";
      if (!voice.asks) { b.dataset.poll = "20"; }
      if (+b.dataset.version < voice.version) { poll(); }
    }
    document.documentElement.dataset.mode = b.dataset.mode;
    mute(); say();
    if (b.dataset.kind === "beside" && document.body.classList.contains("has-call")) { return; }
    if (!document.body.classList.contains("has-call") && (kind() === "live" || kind() === "claimed" || kind() === "over")) { become(); return; }
    if (!isLive() && !over) { end(); }
  }
  /* The call is theirs now: its card takes the place of this page without a load, so that the voice goes on. */
  var becoming = false;
  function become() {
    if (becoming) { return; }
    becoming = true;
    fetch(location.href, { credentials: "same-origin" }).then(function (answer) {
      return answer.text().then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        if (!answer.ok || !page.body.classList.contains("has-call")) { throw new Error("card"); }
        put(page, answer.url);
      });
    }).catch(function () { leaving = true; location.reload(); });
  }
  function put(page, url) {
    var main = page.querySelector("main"), fresh = page.getElementById("call-band");
    history.replaceState(null, "", url);
    document.title = page.title; document.body.className = page.body.className;
    document.querySelector("main").replaceWith(main); band().replaceWith(fresh);
    [main, fresh].forEach(function (el) { window.htmx.process(el); window.htmx.trigger(el, "htmx:load"); });
    page.querySelectorAll("script[src]").forEach(function (one) {
      var url = one.getAttribute("src"), script = document.createElement("script");
      if (document.querySelector('script[src="' + url + '"]')) { return; }
      script.src = url; script.async = false; script.onload = tell; document.head.append(script);
    });
    if (main.querySelector("[autofocus]")) { main.querySelector("[autofocus]").focus(); }
    if (id("ring-said")) { id("ring-said").textContent = page.title; }
    follow();
  }
  function end() {
    over = true;
    if (voice) { voice.hangup(); }
    ["end-box", "transfer-box", "devices", "keypad"].forEach(function (name) { if (id(name) && id(name).open) { id(name).close(); } });
    document.documentElement.dataset.phase = "ended";
    keys();
    var said = id("ring-said"); if (said) { said.textContent = band().querySelector(".pp b").textContent; }
    if (kind() === "over" && document.activeElement === document.body) { var first = document.querySelector("#wrap-up"); if (first) { first.scrollIntoView({ block: "start" }); } }
  }
  /* Digits name who calls while they speak, the kind of help afterwards. */
  function keys() {
    document.querySelectorAll("[data-key-live]").forEach(function (el) { el.removeAttribute("data-key"); });
    document.querySelectorAll("[data-key-over]").forEach(function (el) { el.dataset.key = el.dataset.keyOver; });
    document.body.classList.add("is-over");
  }
  document.addEventListener("htmx:afterSettle", follow);
  // A line that does not ask: the band is asked from here, also in a tab that nobody sees, which may not go on
  // talking after the end; and it alone knows whether the server can be reached.
  setInterval(function () { if (voice && !voice.asks && voice.running && isLive()) { poll(); } }, ASK);
  document.addEventListener("htmx:afterRequest", function (e) {
    // The band that asked may have been swapped already: then the event comes from where it stood.
    var asked = e.detail.requestConfig && e.detail.requestConfig.elt;
    if (!voice || voice.asks || !asked || asked.id !== "call-band") { return; }
    if (e.detail.successful) { relief("offline"); } else if (!e.detail.xhr || !e.detail.xhr.status || e.detail.xhr.status >= 500) { problem("offline"); }
  });
  setInterval(function () {
    document.querySelectorAll("[data-countdown]").forEach(function (el) {
      if (!el.until) { el.until = Date.now() + el.dataset.countdown * 1000; }
      var s = Math.max(0, Math.round((el.until - Date.now()) / 1000));
      var text = ("0" + Math.floor(s / 60)).slice(-2) + ":" + ("0" + s % 60).slice(-2);
      if (el.textContent !== text) { el.textContent = text; }
    });
  }, 500);

  if (isLive()) { begin(); } else { over = true; if (kind() === "over") { keys(); } }
})();
