/* What a person types is never lost.
   <form data-draft-url="/desk/…/draft/"> posts its fields to the server a moment after the last key;
   <form data-draft-key="ask-question"> (no url) keeps them on this device.
   When the server cannot be reached the text stays on this device and is sent later.
   The words come from the [data-saved] element of the form (parts/saved.html). */
(function () {
  "use strict";
  var WAIT = 800, RETRY = 15000;

  function store(key, value) {
    try {
      if (value === null) { localStorage.removeItem(key); } else { localStorage.setItem(key, value); }
      return true;
    } catch (e) { return false; }
  }
  function stored(key) { try { return localStorage.getItem(key); } catch (e) { return null; } }
  function time() {
    var d = new Date();
    return ("0" + d.getHours()).slice(-2) + ":" + ("0" + d.getMinutes()).slice(-2);
  }
  function fields(form) {
    return Array.prototype.filter.call(form.elements, function (el) {
      return el.name && !el.disabled && ["password", "file", "submit", "button", "hidden"].indexOf(el.type) < 0 &&
        !el.hasAttribute("data-no-draft");
    });
  }
  function values(form) {
    var out = [];
    fields(form).forEach(function (el) {
      if ((el.type === "checkbox" || el.type === "radio") && !el.checked) { return; }
      out.push([el.name, el.value]);
    });
    return out;
  }
  function put(form, pairs) {
    fields(form).forEach(function (el) {
      var mine = pairs.filter(function (p) { return p[0] === el.name; });
      if (el.type === "checkbox" || el.type === "radio") {
        el.checked = mine.some(function (p) { return p[1] === el.value; });
      } else if (mine.length) { el.value = mine[0][1]; }
    });
  }

  function keep(form) {
    var url = form.dataset.draftUrl || "";
    var key = "wasl-draft:" + (form.dataset.draftKey || url || location.pathname);
    var status = form.querySelector("[data-saved]") ||
      document.querySelector('[data-saved-for="' + form.id + '"]');
    var timer = 0, retry = 0, last = JSON.stringify(values(form)), sending = false, gone = false;

    function say(kind) {
      if (!status) { return; }
      var text = status.querySelector("[data-saved-text]") || status;
      text.textContent = (status.getAttribute("data-" + kind) || "").replace("{time}", "\u2068" + time() + "\u2069");
      status.classList.toggle("loc", kind !== "on-server");
      status.hidden = false;
    }
    function onDevice() {
      if (store(key, JSON.stringify({ at: Date.now(), values: values(form) }))) { say("on-device"); }
    }
    function later() { clearTimeout(retry); retry = setTimeout(send, RETRY); }
    function send() {
      if (gone) { return; }  // it would come back as a draft after it was sent
      var now = JSON.stringify(values(form));
      if (!url) { last = now; onDevice(); return; }
      if (sending) { timer = setTimeout(send, WAIT); return; }
      sending = true;
      var body = new URLSearchParams(values(form));
      var token = form.querySelector("[name=csrfmiddlewaretoken]");
      if (token) { body.append("csrfmiddlewaretoken", token.value); }
      fetch(url, { method: "POST", body: body, credentials: "same-origin", redirect: "error",
        headers: { "X-Requested-With": "fetch" } })
        .then(function (r) {
          if (!r.ok) { throw new Error(String(r.status)); }
          last = now; store(key, null); say("on-server");
        })
        .catch(function () { onDevice(); later(); })
        .then(function () { sending = false; });
    }
    function typed() { clearTimeout(timer); timer = setTimeout(send, WAIT); }

    /* A form may carry in data-taken the keys of what did arrive. What was sent with another key met a
       closed door, such as an ended session, and is put back. */
    function sentKey() { var el = form.querySelector("[name=key]"); return el ? el.value : ""; }
    function arrived(sent) {
      return form.dataset.taken === undefined || !sent || form.dataset.taken.split(" ").indexOf(sent) >= 0;
    }

    var kept = null;
    try { kept = JSON.parse(stored(key)); } catch (e) { kept = null; }
    if (kept && kept.values) {
      if (kept.sent && arrived(kept.key) && performance.getEntriesByType("navigation")[0] &&
          performance.getEntriesByType("navigation")[0].type !== "back_forward") {
        store(key, null);
      } else if (JSON.stringify(kept.values) !== last && !form.hasAttribute("data-bound")) {
        put(form, kept.values);
        say("restored");
        if (url) { later(); }
      } else if (url && !form.hasAttribute("data-bound")) { store(key, null); }
    }
    /* Fields may stand outside their form (form="…"), and a swap may bring one with a value. */
    function mine(e) { if (e.target.form === form) { typed(); } }
    document.addEventListener("input", mine);
    document.addEventListener("change", mine);
    document.addEventListener("htmx:load", function (e) { if (e.detail.elt.form === form) { typed(); } });
    form.addEventListener("submit", function (e) {
      if (e.submitter && e.submitter.hasAttribute("data-again")) { return; }
      clearTimeout(timer); clearTimeout(retry);
      gone = true;
      if (e.submitter && e.submitter.hasAttribute("formaction")) { return; }
      store(key, JSON.stringify({ at: Date.now(), sent: true, key: sentKey(), values: values(form) }));
    });
    /* The page may be led away under the typing hand, such as to the sign-in: nothing can be sent then. */
    window.addEventListener("pagehide", function () {
      if (!gone && JSON.stringify(values(form)) !== last) { onDevice(); }
    });
    window.addEventListener("pageshow", function (e) { if (e.persisted) { gone = false; } });
    window.addEventListener("online", function () { if (stored(key) && url) { send(); } });
    document.addEventListener("visibilitychange", function () {
      if (document.hidden && JSON.stringify(values(form)) !== last) { clearTimeout(timer); send(); }
    });
  }

  function start(root) {
    Array.prototype.forEach.call(root.querySelectorAll("form[data-draft-url],form[data-draft-key]"), function (form) {
      if (!form.waslDraft) { form.waslDraft = true; keep(form); }
    });
  }
  start(document);
  document.addEventListener("htmx:load", function (e) { start(e.detail.elt.parentNode || document); });
})();
