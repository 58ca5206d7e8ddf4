/* The board's own clocks. How old the figures are is told each second, and past ten seconds the whole
   board goes grey with words. [data-span-since] counts in hours and days, [data-clock] is the time of day.
   A 304 says that nothing moved: what stands there stays. */
(function () {
  "use strict";
  var OLD = 10, heard = Date.now(), fr = document.documentElement.lang === "fr";
  var NB = "\u00a0";

  function span(ms) {
    var m = Math.max(0, Math.floor(ms / 60000)), h = Math.floor(m / 60), rest = m % 60;
    if (m < 60) { return m + NB + (fr ? "min" : "د"); }
    if (m < 2880) {
      if (fr) { return h + NB + "h" + (rest ? NB + ("0" + rest).slice(-2) : ""); }
      return h + NB + "س" + (rest ? " " + rest + NB + "د" : "");
    }
    return Math.floor(m / 1440) + NB + (fr ? "j" : "ي");
  }
  function put(el, text) { if (el && el.textContent !== text) { el.textContent = text; } }
  function beat() {
    var now = Date.now(), age = Math.floor((now - heard) / 1000), old = age > OLD;
    document.querySelectorAll("[data-span-since]").forEach(function (el) {
      var since = Date.parse(el.dataset.spanSince);
      if (!isNaN(since)) { put(el, span(now - since)); }
    });
    document.querySelectorAll("[data-clock]").forEach(function (el) {
      // The server's own distance from UTC: browsers differ in what they know of Morocco's.
      var at = /([+-])(\d\d):(\d\d)$/.exec(el.getAttribute("datetime") || ""), off = at ? (at[2] * 60 + +at[3]) * (at[1] === "-" ? -1 : 1) : 0;
      put(el, new Date(now + off * 60000).toISOString().slice(11, 16));
    });
    document.body.classList.toggle("is-old", old);
    document.querySelectorAll("[data-age]").forEach(function (el) {
      put(el.querySelector("[data-age-text]"), (old ? el.dataset.old : el.dataset.words).replace("{n}", age));
      if (old) { el.setAttribute("role", "alert"); } else { el.removeAttribute("role"); }
    });
  }
  document.addEventListener("htmx:beforeSwap", function (e) {
    if (e.detail.xhr && e.detail.xhr.status === 304) { e.detail.shouldSwap = false; }
  });
  document.addEventListener("htmx:afterRequest", function (e) {
    var mine = e.detail.elt && e.detail.elt.id === "figures";
    if (mine && e.detail.xhr && e.detail.xhr.status >= 200 && e.detail.xhr.status < 400) { heard = Date.now(); beat(); }
  });
  document.addEventListener("wasl:heard", function () { heard = Date.now(); });
  var theme = document.querySelector("[data-theme-auto]"), dark = window.matchMedia("(prefers-color-scheme:dark)");
  function paint() { if (theme) { theme.dataset.theme = dark.matches ? "dark" : "light"; } }
  dark.addEventListener("change", paint);
  paint();
  setInterval(beat, 1000);
  beat();
})();
