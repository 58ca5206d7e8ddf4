/* Small manners of the desk: the text field follows the language chosen for it, an error summary takes
   the focus, a thread opens at its end, a form is not sent twice, links marked data-copy copy a text. */
(function () {
  "use strict";
  function turn(radio) {
    var area = radio.form && radio.form.querySelector("textarea");
    if (!area || !radio.checked) { return; }
    area.lang = radio.value;
    area.dir = area.value.trim() ? "auto" : (radio.value === "ar" ? "rtl" : "ltr");
  }
  document.addEventListener("change", function (e) {
    if (e.target.matches && e.target.matches("[data-text-language]")) { turn(e.target); }
    if (e.target.matches && e.target.matches("select[data-go],input[data-go]")) { e.target.form.requestSubmit(); }
  });
  document.addEventListener("input", function (e) {
    if (e.target.matches && e.target.matches("textarea[dir]")) {
      var chosen = e.target.form && e.target.form.querySelector("[data-text-language]:checked");
      e.target.dir = e.target.value.trim() || !chosen ? "auto" : (chosen.value === "ar" ? "rtl" : "ltr");
    }
  });
  document.addEventListener("submit", function (e) {
    if (e.defaultPrevented || e.target.method === "get" || e.target.method === "dialog") { return; }
    // A button that hands out a file leaves the page as it is; the server takes the same click once.
    if (e.submitter && e.submitter.hasAttribute("data-again")) { return; }
    if (e.target.dataset.sent && Date.now() - e.target.dataset.sent < 4000) { e.preventDefault(); return; }
    e.target.dataset.sent = Date.now();
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (f) { delete f.dataset.sent; });
  });
  document.addEventListener("click", function (e) {
    var el = e.target.closest && e.target.closest("[data-copy]");
    if (!el || !navigator.clipboard) { return; }
    navigator.clipboard.writeText(el.dataset.copy).then(function () {
      var said = el.querySelector("[data-copy-said]");
      if (said) { said.textContent = el.dataset.copied; }
    });
  });
  function start() {
    document.querySelectorAll("[data-text-language]:checked").forEach(turn);
    var err = document.querySelector(".err[role=alert],.clash[role=alert]"); if (err) { err.focus(); }
  }
  start();
  document.addEventListener("htmx:load", function (e) {
    if (e.detail.elt.querySelectorAll) { e.detail.elt.querySelectorAll("[data-text-language]:checked").forEach(turn); }
  });
})();
