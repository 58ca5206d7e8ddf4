/* The article editor: each part is kept on the server a moment after the last key; when somebody else
   was first, both texts are shown. What others save never touches a field: a link says so.
   The toolbar writes into the field that was left last. */
(function () {
  "use strict";
  var WAIT = 800, RETRY = 15000;
  var bar = document.getElementById("tools"), field = null;

  function store(key, value) {
    try { if (value === null) { localStorage.removeItem(key); } else { localStorage.setItem(key, value); } } catch (e) { /* private */ }
  }
  function stored(key) { try { return localStorage.getItem(key); } catch (e) { return null; } }

  function keep(form) {
    var text = form.elements.text, seen = form.elements.seen, said = form.querySelector("[data-kept]");
    var key = "wasl-part:" + form.action, timer = 0, sending = false, last = text.value;
    var besides = form.parentNode.querySelector("[data-besides]");
    if (text.readOnly) { return; }

    function say(words, bad) { said.textContent = words; said.classList.toggle("bad", !!bad); }
    function typed() { clearTimeout(timer); timer = setTimeout(send, WAIT); }
    function send() {
      if (sending) { return typed(); }
      if (text.value === last) { return; }
      sending = true;
      var now = text.value;
      fetch(form.action, { method: "POST", credentials: "same-origin", redirect: "error",
        body: new URLSearchParams(new FormData(form)), headers: { "X-Requested-With": "fetch" } })
        .then(function (r) { if (!r.ok) { throw new Error(String(r.status)); } return r.json(); })
        .then(function (found) {
          last = now; store(key, null);
          if (found.state === "saved") {
            seen.value = found.stamp;
            say(form.dataset.wSaved.replace("{time}", "\u2068" + found.time + "\u2069"));
          } else {
            besides.innerHTML = found.html;
            // drafts.js keeps what is typed while both texts are made into one.
            document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: besides } }));
            say(form.dataset[found.state === "review" ? "wReview" : "wBeside"], true);
          }
        })
        .catch(function () {
          store(key, JSON.stringify({ text: now, seen: seen.value }));
          say(form.dataset.wAway, true);
          clearTimeout(timer); timer = setTimeout(send, RETRY);
        })
        .then(function () { sending = false; });
    }
    form.waslClean = function () { return text.value === last; };
    var kept = null;
    try { kept = JSON.parse(stored(key)); } catch (e) { kept = null; }
    if (kept && typeof kept.text === "string" && kept.text !== text.value) {
      text.value = kept.text; seen.value = kept.seen; typed();
    }
    form.addEventListener("input", typed);
    form.addEventListener("submit", function () { clearTimeout(timer); last = text.value; store(key, null); });
    document.addEventListener("visibilitychange", function () { if (document.hidden) { clearTimeout(timer); send(); } });
    window.addEventListener("pagehide", function () {
      if (text.value !== last) { store(key, JSON.stringify({ text: text.value, seen: seen.value })); }
    });
    window.addEventListener("online", send);
  }
  Array.prototype.forEach.call(document.querySelectorAll("form[data-part]"), keep);

  /* What others saved since the page was read. */
  function look() {
    Array.prototype.forEach.call(document.querySelectorAll("form[data-part]"), function (form) {
      var who = document.getElementById("who-" + form.dataset.part), link = who && who.querySelector("[data-moved]");
      if (link) { link.hidden = who.dataset.stamp === form.elements.seen.value || first(form.elements.seen.value, who.dataset.stamp); }
    });
  }
  /* A draft that began meanwhile with the very text of the page is no change. */
  function first(seen, stamp) { return seen.slice(0, 2) === "0." && /\.1$/.test(stamp); }
  document.addEventListener("htmx:afterSettle", look);
  document.addEventListener("click", function (e) {
    var link = e.target.closest ? e.target.closest("[data-moved]") : null;
    if (link) { e.preventDefault(); location.hash = link.getAttribute("href"); location.reload(); }
  });

  /* The toolbar. */
  if (!bar) { return; }
  document.addEventListener("focusin", function (e) {
    if (e.target.matches && e.target.matches("textarea[data-statements]:not([readonly])")) { field = e.target; bar.hidden = false; }
  });
  function span() {
    var all = field.value, at = field.selectionStart;
    var start = all.lastIndexOf("\n- ", at - 1) + 1, end = all.indexOf("\n- ", at);
    return { start: start, end: end < 0 ? all.length : end };
  }
  function put(start, end, text, at) {
    field.focus();
    field.setRangeText(text, start, end, "end");
    if (at !== undefined) { field.setSelectionRange(at, at); }
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function brace(change) {
    var here = span(), item = field.value.slice(here.start, here.end);
    var found = /\s*\{([^{}]*)\}\s*$/.exec(item), words = found ? item.slice(0, found.index) : item.replace(/\s+$/, "");
    var bits = found ? found[1].split("|").map(function (bit) { return bit.trim(); }) : [];
    var key = bits.length && /^[sp]\d+$/.test(bits[0]) ? bits.shift() : "";
    var parts = { mark: bits[0] || "", cited: bits.slice(1).join("; ") };
    change(parts);
    var inside = [key, parts.mark, parts.cited].filter(function (bit) { return bit; }).join(" | ");
    put(here.start, here.end, words + "\n  {" + inside + "}", here.start + words.length);
  }
  var acts = {
    item: function () {
      var end = span().end, all = field.value, before = all.slice(0, end).replace(/\s+$/, "");
      put(before.length, end, (before ? "\n" : "") + "- ", before.length + (before ? 3 : 2));
    },
    cite: function () {
      var text = bar.querySelector("[data-put=text]"), place = bar.querySelector("[data-put=place]");
      if (!text.value) { text.focus(); return; }
      brace(function (parts) {
        parts.mark = parts.mark || "seen";
        parts.cited = (parts.cited ? parts.cited + "; " : "") + (text.value + " " + place.value.trim()).trim();
      });
      text.value = ""; place.value = "";
    },
    up: function () {
      var here = span(), all = field.value;
      if (!here.start) { return; }
      var before = all.lastIndexOf("\n- ", here.start - 2) + 1;
      var mine = all.slice(here.start, here.end).replace(/\s+$/, ""), other = all.slice(before, here.start).replace(/\s+$/, "");
      put(before, here.end, mine + "\n" + other, before + 2);
    }
  };
  bar.addEventListener("click", function (e) {
    var button = e.target.closest("button[data-put]");
    if (button && field) { acts[button.dataset.put](); }
  });
  bar.querySelector("[data-put=mark]").addEventListener("change", function (e) {
    var mark = e.target.value; e.target.value = "";
    if (mark && field) { brace(function (parts) { parts.mark = mark; }); }
  });
})();
