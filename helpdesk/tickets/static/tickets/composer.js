/* The ticket's page: forms open beside the thread without leaving the text being written, chosen
   statements are put where the cursor is, and the search for articles is one key away.
   Without this script every link opens the same form on the same page. */
(function () {
  "use strict";
  var panel = document.getElementById("panel");

  document.addEventListener("click", function (e) {
    var link = e.target.closest && e.target.closest("a[data-panel]");
    if (link && panel && window.htmx && !e.ctrlKey && !e.metaKey && !e.shiftKey) {
      e.preventDefault();
      var menu = link.closest("details"); if (menu) { menu.open = false; }
      htmx.ajax("GET", link.getAttribute("href"), { target: "#panel", swap: "innerHTML" });
      return;
    }
    var shut = e.target.closest && e.target.closest("[data-panel-close]");
    if (shut && panel) { e.preventDefault(); close(); return; }
    var to = e.target.closest && e.target.closest("[data-focus]");
    var field = to && document.querySelector(to.dataset.focus);
    if (field) { e.preventDefault(); field.focus(); field.scrollIntoView({ block: "nearest" }); }
  });
  function close() {
    panel.textContent = "";
    var area = document.getElementById("id_body"); if (area) { area.focus(); }
  }
  document.addEventListener("htmx:afterSwap", function (e) {
    if (e.detail.target !== panel || !panel.firstElementChild) { return; }
    var first = panel.querySelector("[aria-invalid=true],[autofocus],input:not([type=hidden]),select,textarea,button");
    if (first) { first.focus(); }
    panel.scrollIntoView({ block: "nearest" });
  });

  document.body.addEventListener("wasl:insert", function (e) {
    // The answer itself empties the panel; emptied here, htmx would lose the page its citations go to.
    var area = document.getElementById("id_body"), text = e.detail && e.detail.text;
    if (!area || !text) { return; }
    area.focus();
    var at = area.selectionEnd, before = area.value.slice(0, at), after = area.value.slice(at);
    if (before && !/\n$/.test(before)) { before += "\n"; }
    area.value = before + text + (after && !/^\n/.test(after) ? "\n" : "") + after;
    area.selectionStart = area.selectionEnd = before.length + text.length;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
