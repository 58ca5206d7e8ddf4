/* Fetches what is new in an open request every 20 seconds while the tab is seen. Without it a reload shows the same. */
(function () {
  "use strict";
  var box = document.getElementById("thread");
  if (!box || !window.fetch) { return; }
  var every = 20000, timer = 0;

  function last() {
    var list = box.querySelector("[data-last]");
    return list ? list.getAttribute("data-last") : "0";
  }
  function later() { clearTimeout(timer); timer = setTimeout(look, every); }
  function look() {
    if (document.hidden) { later(); return; }
    fetch(box.dataset.lines + "?since=" + last(), { credentials: "same-origin", headers: { "X-Requested-With": "fetch" } })
      .then(function (r) {
        if (r.status === 403) { every = 0; return null; }
        return r.status === 200 ? r.text() : null;
      })
      .then(function (html) { if (html) { box.innerHTML = html; } })
      .catch(function () { /* no line: the next beat tries again */ })
      .then(function () { if (every) { later(); } });
  }
  document.addEventListener("visibilitychange", function () { if (!document.hidden && every) { look(); } });
  later();
})();
