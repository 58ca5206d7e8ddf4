/* The desk's side of a chat. Enter sends a line, Shift+Enter breaks it; a line that did not get through waits
   in this tab and goes out again under the same key, in its order. New entries append themselves; the
   thread stays at its end while one is there. Without this script a line is sent like an answer. */
(function () {
  "use strict";
  var form = document.getElementById("composer"), thread = document.getElementById("thread");
  var pending = document.getElementById("chat-pending"), area = document.getElementById("id_body");
  if (!region()) { return; }
  var store = "wasl-lines:" + location.pathname, queue = [], sending = false, timer = 0, typed = 0, shown = 0, stick = true;

  function region() { return document.getElementById("chat"); }
  function token() { return form ? form.querySelector("[name=csrfmiddlewaretoken]").value : ""; }
  function save() {
    try { if (queue.length) { sessionStorage.setItem(store, JSON.stringify(queue)); } else { sessionStorage.removeItem(store); } } catch (e) { /* this page only */ }
  }
  function newKey() {
    var bytes = crypto.getRandomValues(new Uint8Array(18));
    return btoa(String.fromCharCode.apply(null, bytes)).replace(/\+/g, "-").replace(/\//g, "_");
  }
  function isLine() { var on = form && form.querySelector("[name=kind]:checked"); return Boolean(on && on.value === "line"); }
  function post(url, fields) {
    var out = new FormData();
    Object.keys(fields).forEach(function (name) { out.append(name, fields[name]); });
    out.append("csrfmiddlewaretoken", token());
    return fetch(url, { method: "POST", body: out, credentials: "same-origin", redirect: "error", headers: { "X-Requested-With": "fetch" } });
  }
  function mark(fields) {
    var el = region();
    if (form && el && el.hasAttribute("data-mine")) { post(el.dataset.marks, fields).catch(function () { shown = 0; typed = 0; }); }
  }

  /* lines on their way */
  function draw() {
    if (!pending) { return; }
    pending.textContent = "";
    queue.forEach(function (item) {
      var li = document.createElement("li"), text = document.createElement("bdi"), word = document.createElement("span");
      text.textContent = item.body; word.textContent = item.failed ? region().dataset.wAgain : region().dataset.wSending;
      if (item.failed) { word.className = "no"; }
      li.appendChild(text); li.appendChild(word); pending.appendChild(li);
    });
  }
  function flush() {
    if (sending || !queue.length) { return; }
    var item = queue[0]; sending = true; clearTimeout(timer);
    post(form.action, { kind: "line", language: item.language, body: item.body, base: 0, key: item.key }).then(function (r) {
      if (r.status >= 500 || r.status === 429) { throw new Error(String(r.status)); }
      return r.json().then(function (got) {
        queue.shift(); save(); draw();
        if (!r.ok) { giveBack(item, got.error); return; }
        htmx.trigger(region(), "poll");
      });
    }).catch(function () { item.failed = true; draw(); timer = setTimeout(flush, 3000); })
      .then(function () { sending = false; if (queue[0] !== item) { flush(); } });
  }
  function giveBack(item, said) {
    area.value = area.value.trim() ? item.body + "\n" + area.value : item.body;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    var li = document.createElement("li"); li.className = "no"; li.setAttribute("role", "alert"); li.textContent = said;
    if (pending) { pending.appendChild(li); }
  }
  if (form && area) {
    form.addEventListener("submit", function (e) {
      if (!isLine()) { return; }
      e.preventDefault(); e.stopPropagation();
      var body = area.value.trim(); if (!body) { area.focus(); return; }
      var language = form.querySelector("[name=language]:checked") || form.elements.language;
      queue.push({ key: newKey(), body: body, language: language.value }); save(); draw();
      area.value = ""; typed = Date.now(); area.dispatchEvent(new Event("input", { bubbles: true })); area.focus(); stick = true; flush();
    });
    area.addEventListener("keydown", function (e) {
      if (e.key === "Enter" && !e.shiftKey && !e.ctrlKey && !e.metaKey && !e.isComposing && isLine()) { e.preventDefault(); form.requestSubmit(); }
    });
    area.addEventListener("input", function () {
      if (!isLine() || !area.value || Date.now() - typed < 3000) { return; }
      typed = Date.now(); mark({ typing: 1 });
    });
    try { queue = JSON.parse(sessionStorage.getItem(store) || "[]"); } catch (e) { queue = []; }
    draw(); flush();
    window.addEventListener("online", flush);
  }

  /* what came */
  function end() { if (thread && stick) { thread.scrollTop = thread.scrollHeight; } }
  function see() {
    var el = region(), last = el ? parseInt(el.dataset.last, 10) : 0;
    if (document.hidden || last <= shown) { return; }
    shown = last; mark({ read: last });
  }
  function read() {
    var el = region(), upto = el ? parseInt(el.dataset.read, 10) : 0;
    document.querySelectorAll("#thread .mk[data-n]").forEach(function (p) {
      if (parseInt(p.dataset.n, 10) <= upto && p.textContent !== el.dataset.wRead) { p.textContent = el.dataset.wRead; }
    });
  }
  document.addEventListener("scroll", function (e) {
    if (e.target === thread) { stick = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 120; }
  }, true);
  document.addEventListener("htmx:afterSettle", function () {
    thread = document.getElementById("thread");
    var seen = Object.create(null);
    document.querySelectorAll("#thread article[id]").forEach(function (one) { if (seen[one.id]) { one.remove(); } seen[one.id] = true; });
    read(); end(); see();
  });
  document.addEventListener("visibilitychange", see);
  end(); see();
})();
