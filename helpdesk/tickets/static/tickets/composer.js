/* The ticket's page: forms open beside the thread without leaving the text being written, chosen
   statements are put where the cursor is, and the search for articles is one key away.
   Without this script every link opens the same form on the same page. */
(function () {
  "use strict";
  var panel = document.getElementById("panel");

  document.addEventListener("click", function (e) {
    var link = e.target.closest && e.target.closest("a[data-panel]");
    if (link && link.dataset.phrases && !e.ctrlKey && take("wasl:palette", link.dataset.phrases + "?list=1")) {
      e.preventDefault(); return;
    }
    if (link && link.closest("dialog")) { return; }
    if (link && panel && window.htmx && !e.ctrlKey && !e.metaKey && !e.shiftKey) {
      e.preventDefault();
      var menu = link.closest("details"); if (menu) { menu.open = false; }
      show(link.getAttribute("href"));
      return;
    }
    var shut = e.target.closest && e.target.closest("[data-panel-close]");
    if (shut && panel) { e.preventDefault(); close(); return; }
    var to = e.target.closest && e.target.closest("[data-focus]");
    var field = to && document.querySelector(to.dataset.focus);
    if (field) { e.preventDefault(); field.focus(); field.scrollIntoView({ block: "nearest" }); }
  });
  function take(name, detail) { return !document.dispatchEvent(new CustomEvent(name, { cancelable: true, detail: detail })); }
  function show(url) { htmx.ajax("GET", url, { target: "#panel", swap: "innerHTML" }); }
  document.body.addEventListener("wasl:panel", function (e) { show(e.detail); });
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
    var block = !e.detail.inline;
    if (block && before && !/\n$/.test(before)) { before += "\n"; }
    area.value = before + text + (block && after && !/^\n/.test(after) ? "\n" : "") + after;
    area.selectionStart = area.selectionEnd = before.length + text.length;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });

  /* ":word " becomes the phrase of that word, unless one typed on over it. */
  document.addEventListener("input", function (e) {
    var area = e.target, door = document.querySelector("[data-phrases]");
    if (area.id !== "id_body" || !door || e.inputType !== "insertText") { return; }
    var typed = /(?:^|\s)(:([^\s:]{1,30}) )$/.exec(area.value.slice(0, area.selectionEnd));
    if (!typed) { return; }
    var lang = area.form.querySelector("[name=language]:checked, [name=language][type=hidden]");
    var from = area.selectionEnd - typed[1].length;
    fetch(door.dataset.phrases + "?" + new URLSearchParams({ word: typed[2], language: lang ? lang.value : "ar" }))
      .then(function (r) { return r.ok && !r.redirected ? r.json() : {}; })
      .then(function (found) {
        if (!found.text || area.value.substr(from, typed[1].length) !== typed[1]) { return; }
        area.setRangeText(found.text, from, from + typed[1].length, "end");
        area.dispatchEvent(new Event("input", { bubbles: true }));
      }).catch(function () { /* the word stays as typed */ });
  });
})();
