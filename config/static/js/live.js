/* Pages that are told when something moved. <div data-live="team:1" data-pass="signed"> gets a `poll`
   event at most four times a second (`data-live-gap`: milliseconds between two) when one of its streams moves, when it begins to listen, after a
   lost connection and when the tab wakes; what moved it fetches by its own address. Kinds of a moment
   (typing, viewing, read) come as `wasl:poke` with {kind}. `data-pass-url` gives a new pass as JSON;
   without it a fresh one is taken from the page. A script that adds such an element says `wasl:listen`. With no socket the page goes on by polling. */
(function () {
  "use strict";
  var SILENT = 9000, ALIVE = 25000, RENEW = 200000, GAP = 250, LONGEST = 15000;
  var socket = null, heard = 0, tries = 0, shown = Object.create(null), last = new WeakMap(), timers = new WeakMap(), retry = null;

  function all() { return Array.prototype.slice.call(document.querySelectorAll("[data-live][data-pass]")); }
  function isOpen() { return socket && socket.readyState === 1; }
  function mark(live) { document.documentElement.classList.toggle("is-live", live); }

  function connect() {
    clearTimeout(retry); retry = null;
    if (!all().length || (socket && socket.readyState < 2) || !("WebSocket" in window)) { return; }
    var mine;
    try { mine = new WebSocket(location.origin.replace(/^http/, "ws") + "/live/"); } catch (e) { return; }
    socket = mine; shown = Object.create(null); heard = Date.now();
    mine.onopen = function () { show(); };
    mine.onmessage = function (e) { if (mine === socket) { hear(e.data); } };
    mine.onclose = function () { if (mine === socket) { lost(); } };
  }
  function lost() {
    socket = null; mark(false);
    if (retry) { return; }
    var wait = Math.min(LONGEST, 250 * Math.pow(2, tries++)) * (0.6 + Math.random() * 0.8);
    retry = setTimeout(connect, wait);
  }
  function drop() {
    var old = socket; socket = null; mark(false);
    if (old) { old.onclose = null; old.close(); }
  }
  function show() {
    if (!isOpen()) { return; }
    var due = all().map(function (el) { return el.dataset.pass; }).filter(function (text) { return text && !shown[text]; });
    if (due.length) {
      due.forEach(function (text) { shown[text] = Date.now(); });
      socket.send(JSON.stringify({ pass: due.slice(0, 12) }));
    }
  }
  function hear(text) {
    var fact;
    try { fact = JSON.parse(text); } catch (e) { return; }
    heard = Date.now(); tries = 0;
    if (fact.kind !== "error") { mark(true); document.dispatchEvent(new CustomEvent("wasl:heard")); }
    if (fact.kind === "again") { all().forEach(fetch_soon); return; }
    if (fact.kind === "sign" || fact.kind === "error" || !fact.stream) { return; }
    all().forEach(function (el) {
      if (el.dataset.live.split(" ").indexOf(fact.stream) < 0) { return; }
      if (fact.kind === "ended") { renew(el); return; }
      // A region may care for some kinds only: data-live-kinds="call".
      if (el.dataset.liveKinds && el.dataset.liveKinds.split(" ").indexOf(fact.kind) < 0) { return; }
      if (/^(typing|viewing|read)$/.test(fact.kind)) {
        el.dispatchEvent(new CustomEvent("wasl:poke", { detail: fact, bubbles: true }));
        if (fact.kind === "typing" && !el.hasAttribute("data-live-typing")) { return; }
      }
      fetch_soon(el);
    });
  }
  function fetch_soon(el) {
    if (timers.get(el)) { return; }
    var wait = Math.max(0, (+el.dataset.liveGap || GAP) - (Date.now() - (last.get(el) || 0)));
    timers.set(el, setTimeout(function go() {
      timers.delete(el);
      if (!document.contains(el)) {
        // The region was swapped meanwhile: what stands in its place is asked instead.
        var now = el.id && document.getElementById(el.id);
        if (now && now !== el) { fetch_soon(now); }
        return;
      }
      if (window.waslBusy && window.waslBusy(el)) { timers.set(el, setTimeout(go, 500)); return; }
      last.set(el, Date.now());
      el.dispatchEvent(new CustomEvent("poll"));
    }, wait));
  }
  function renew(el) {
    if (!el.dataset.passUrl) { show(); return; }
    fetch(el.dataset.passUrl, { headers: Object.assign({ "X-Requested-With": "live" }, window.waslHeaders || {}), credentials: "same-origin" })
      .then(function (answer) { return answer.ok && !answer.redirected ? answer.json() : null; })
      .then(function (found) { if (found && found.pass) { el.dataset.pass = found.pass; show(); } })
      .catch(function () { /* the next beat tries again */ });
  }
  function beat() {
    var now = Date.now(), here = all();
    if (!here.length) { return; }
    if (!socket) { if (!retry) { connect(); } return; }
    if (now - heard > SILENT) { drop(); lost(); return; }
    show();
    here.forEach(function (el) {
      var since = shown[el.dataset.pass];
      if (since && now - since > RENEW) { shown[el.dataset.pass] = now; renew(el); }
    });
  }
  setInterval(beat, 2000);
  setInterval(function () { if (isOpen()) { socket.send('{"alive":1}'); } }, ALIVE);
  document.addEventListener("visibilitychange", function () {
    if (document.hidden) { return; }
    tries = 0;
    if (!isOpen() || Date.now() - heard > SILENT) { drop(); connect(); }
  });
  window.addEventListener("online", function () { tries = 0; drop(); connect(); });
  document.addEventListener("htmx:afterSettle", show);
  document.addEventListener("wasl:listen", function () { connect(); show(); });
  connect();
})();
