/* The length of the call under way, counted in the browser from data-since. */
(function () {
  "use strict";
  function two(n) { return (n < 10 ? "0" : "") + n; }
  function tick() {
    document.querySelectorAll("[data-since]").forEach(function (el) {
      var s = Math.max(0, Math.floor((Date.now() - Date.parse(el.dataset.since)) / 1000));
      el.textContent = two(Math.floor(s / 60)) + ":" + two(s % 60);
    });
  }
  tick();
  setInterval(tick, 1000);
})();
