/* The little the public pages need beyond drafts: print and copy buttons, focus on the error summary. */
(function () {
  "use strict";
  document.querySelectorAll("[data-print],[data-copy]").forEach(function (el) { el.hidden = false; });
  document.addEventListener("click", function (e) {
    var el = e.target.closest && e.target.closest("[data-print],[data-copy]");
    if (!el) { return; }
    if (el.hasAttribute("data-print")) { window.print(); return; }
    if (navigator.clipboard) {
      navigator.clipboard.writeText(el.dataset.copy).then(function () {
        (el.querySelector("[data-copy-said]") || el).textContent = el.dataset.copied;
      });
    }
  });
  document.addEventListener("submit", function (e) {
    if (e.defaultPrevented || e.target.method === "get") { return; }
    if (e.target.dataset.sent && Date.now() - e.target.dataset.sent < 4000) { e.preventDefault(); return; }
    e.target.dataset.sent = Date.now();
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (f) { delete f.dataset.sent; });
  });
  var err = document.querySelector(".err[role=alert]"); if (err) { err.focus(); }
})();
