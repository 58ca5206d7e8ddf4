/* Regions that stay fresh: <div data-poll="5" hx-get="…" hx-trigger="poll" hx-swap="outerHTML">.
   A poll waits while the tab is hidden, while the person types or chooses inside the region, and while
   the pointer is pressed; scroll and focus survive the swap. While live.js is told of every move
   (html.is-live) a region asks by itself once a minute only. [data-freshness] says when the page is not live.
   Clocks: <time data-timer-since="ISO"> counts up; the server's text stands without script. */
(function () {
  "use strict";
  var STALE = 9000, QUIET = 60000;
  var fresh = Date.now(), pressed = false, due = new WeakMap(), scrolls = new Map();

  document.addEventListener("pointerdown", function () { pressed = true; });
  ["pointerup", "pointercancel"].forEach(function (name) {
    document.addEventListener(name, function () { pressed = false; });
  });

  function busy(el) {
    var at = document.activeElement;
    if (pressed || el.querySelector("details[open],dialog[open]")) { return true; }
    return at && el.contains(at) && at.matches("input:not([type=checkbox]):not([type=radio]),textarea,select") ;
  }
  window.waslBusy = busy;
  function beat() {
    var now = Date.now(), told = document.documentElement.classList.contains("is-live");
    if (!document.hidden) {
      document.querySelectorAll("[data-poll]").forEach(function (el) {
        var every = (parseFloat(el.dataset.poll) || 5) * 1000;
        if (!due.has(el)) { due.set(el, now + every); return; }
        if (told && el.hasAttribute("data-live") && now < due.get(el) + (parseFloat(el.dataset.pollLive) * 1000 || QUIET) - every) { return; }
        if (now < due.get(el) || busy(el)) { return; }
        due.set(el, now + every);
        htmx.trigger(el, "poll");
      });
      tick(now);
    }
    live(now);
  }
  function tick(now) {
    document.querySelectorAll("[data-timer-since]").forEach(function (el) {
      var s = Math.max(0, Math.floor((now - Date.parse(el.dataset.timerSince)) / 1000));
      if (isNaN(s)) { return; }
      var h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60, t = ("0" + m).slice(-2) + ":" + ("0" + s % 60).slice(-2);
      var text = h ? h + ":" + t : t;
      if (el.textContent !== text) { el.textContent = text; }
    });
  }
  function live(now) {
    var el = document.querySelector("[data-freshness]");
    if (!el) { return; }
    var old = now - fresh > STALE && document.querySelector("[data-poll]") !== null;
    el.hidden = !old;
    document.body.classList.toggle("is-stale", old);
    var text = old ? el.dataset.freshness.replace("{n}", Math.floor((now - fresh) / 1000)) : "";
    var box = el.querySelector("[data-freshness-text]");
    if (box.textContent !== text) { box.textContent = text; }
  }

  document.addEventListener("htmx:beforeSwap", function (e) {
    var at = e.detail.target;
    if (!at || !at.querySelectorAll) { return; }
    at.querySelectorAll("[data-keep-scroll][id]").forEach(function (box) { scrolls.set(box.id, box.scrollTop); });
    var out = at.closest("[data-keep-scroll][id]");
    if (out) { scrolls.set(out.id, out.scrollTop); }
  });
  document.addEventListener("htmx:afterSettle", function () {
    scrolls.forEach(function (top, id) {
      var box = document.getElementById(id);
      if (box && box.scrollTop !== top) { box.scrollTop = top; }
    });
    scrolls.clear();
  });
  // The server's text is as old as its answer: what was swapped in goes on with the clock at once.
  document.addEventListener("htmx:afterSwap", function () { tick(Date.now()); });
  document.addEventListener("htmx:afterRequest", function (e) { if (e.detail.successful || (e.detail.xhr && e.detail.xhr.status === 304)) { fresh = Date.now(); } });
  document.addEventListener("wasl:heard", function () { fresh = Date.now(); });
  document.addEventListener("visibilitychange", function () {
    if (document.hidden) { return; }
    due = new WeakMap();
    document.querySelectorAll("[data-poll]").forEach(function (el) { if (!busy(el)) { htmx.trigger(el, "poll"); } });
  });
  setInterval(beat, 1000);
})();
