/* The visitor's side of a chat. Without it the page is plain HTML that one loads again.
   Lines not yet sent wait in this tab (sessionStorage) under ids made here, and go out one after the
   other; the server takes an id once. In the frame on other sites there is no cookie: a pass, kept in
   this tab too, goes in a header. A `poll` event on #chat (live.js) fetches at once. */
(function () {
  "use strict";
  var body = document.body, framed = body.dataset.frame, HIDDEN = 20000, RETRY = 3000;
  var pass = framed ? kept("wasl-chat-pass") : "";

  if (pass) { window.waslHeaders = { "X-Wasl-Chat": pass }; }

  function kept(key) { try { return sessionStorage.getItem(key) || ""; } catch (e) { return ""; } }
  function keep(key, value) {
    try { if (value) { sessionStorage.setItem(key, value); } else { sessionStorage.removeItem(key); } } catch (e) { /* this page only */ }
  }
  function keeps() { keep("wasl-chat-keeps", "1"); return kept("wasl-chat-keeps") === "1"; }
  function newId() {
    var bytes = crypto.getRandomValues(new Uint8Array(18));
    return btoa(String.fromCharCode.apply(null, bytes)).replace(/\+/g, "-").replace(/\//g, "_");
  }
  function grouped(number) { return String(number).replace(/\B(?=(\d{3})+$)/g, "\u00a0"); }
  function call(url, data) {
    var headers = { "X-Requested-With": "fetch" };
    if (pass) { headers["X-Wasl-Chat"] = pass; }
    return fetch(url, { method: data ? "POST" : "GET", body: data, headers: headers, redirect: "error", cache: "no-store",
      credentials: framed ? "omit" : "same-origin" });
  }
  function tell(what) { if (framed && window.parent !== window) { window.parent.postMessage(what, "*"); } }

  function talk(box) {
    var d = box.dataset, list = box.querySelector("#chat-lines"), form = box.querySelector("form.comp");
    var area = form && form.elements.words, picker = form && form.elements.files, error = box.querySelector("#chat-error");
    var key = "wasl-chat:" + d.chat, timer = 0, retry = 0, sending = false, looking = false, again = false, fails = 0, typed = 0;
    var shown = 0, files = Object.create(null), done = false, queue = [];
    try { queue = JSON.parse(kept(key) || "[]"); } catch (e) { queue = []; }
    box.classList.add("js");

    function save() { keep(key, queue.length ? JSON.stringify(queue) : ""); }
    function find(name, value) {
      return Array.prototype.find.call(list.children, function (li) { return li.dataset[name] === String(value); });
    }
    function data(fields) {
      var out = new FormData(), token = box.querySelector("[name=csrfmiddlewaretoken]");
      Object.keys(fields).forEach(function (name) { out.append(name, fields[name]); });
      if (token) { out.append("csrfmiddlewaretoken", token.value); }
      return out;
    }
    function near() { return window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 240; }
    function down() { window.scrollTo(0, document.documentElement.scrollHeight); }

    /* lines of this page that the server has not confirmed */
    function draw(item) {
      var li = find("id", item.id);
      if (li) { return li; }
      li = document.createElement("li"); li.className = "me wait"; li.dataset.id = item.id;
      var text = document.createElement("p"), meta = document.createElement("p"), mark = document.createElement("span");
      text.className = "txt"; text.dir = "auto"; text.textContent = item.words + (item.names ? (item.words ? "\n" : "") + item.names : "");
      meta.className = "meta"; mark.className = "mk"; mark.textContent = d.wSending; meta.appendChild(mark);
      li.appendChild(text); li.appendChild(meta); list.appendChild(li);
      return li;
    }
    function mark(id, words, kind) {
      var li = find("id", id); if (!li) { return; }
      li.className = "me" + (kind ? " " + kind : ""); li.querySelector(".mk").textContent = words;
    }
    function drop(id) { queue = queue.filter(function (item) { return item.id !== id; }); delete files[id]; save(); }
    function giveBack(item, said) {
      drop(item.id);
      var li = find("id", item.id); if (li) { li.remove(); }
      if (area) { area.value = area.value.trim() ? item.words + "\n" + area.value : item.words; area.focus(); }
      if (error) { error.textContent = said; }
    }
    function flush() {
      if (sending || !queue.length || done) { return; }
      var item = queue[0], out = data({ line: item.id, words: item.words });
      (files[item.id] || []).forEach(function (file) { out.append("files", file); });
      if (item.names && !files[item.id]) {
        if (!item.words) { giveBack(item, d.wLost); flush(); return; }
        error.textContent = d.wLost;
      }
      sending = true; clearTimeout(retry);
      call(form.action, out).then(function (r) {
        if (r.ok) { return r.json().then(function (got) { took(item, got); }); }
        if (r.status === 429 || r.status >= 500) { throw new Error(String(r.status)); }
        if (r.status === 403) { shut(); mark(item.id, d.wAgain, "wait"); return null; }
        return r.json().catch(function () { return { error: d.wLarge }; }).then(function (got) { giveBack(item, got.error); });
      }).catch(function () {
        mark(item.id, d.wAgain, "wait"); retry = setTimeout(flush, RETRY); lost();
      }).then(function () { sending = false; if (queue[0] !== item) { flush(); } });
    }
    function took(item, got) {
      drop(item.id); heard();
      var li = find("id", item.id);
      if (li && !li.dataset.n) { li.dataset.n = got.number; mark(item.id, "\u2066" + got.time + "\u2069 · " + d.wStored); }
      look();
    }

    /* what the server has */
    function look() {
      if (looking) { again = true; return; }
      if (done) { return; }
      looking = true; again = false; clearTimeout(timer);
      call(d.news.replace("/0/", "/" + d.last + "/") + "?mark=" + encodeURIComponent(d.mark)).then(function (r) {
        if (r.status === 403) { shut(); return ""; }
        if (!r.ok) { throw new Error(String(r.status)); }
        heard();
        return r.status === 204 ? "" : r.text();
      }).then(function (html) { if (html) { put(html); } }).catch(lost).then(function () {
        looking = false; if (again) { look(); } else { later(); }
      });
    }
    function later() {
      clearTimeout(timer);
      if (!done) { timer = setTimeout(look, document.hidden ? HIDDEN : (parseFloat(d.poll) || 4) * 1000); }
    }
    function put(html) {
      var got = new DOMParser().parseFromString(html, "text/html").body.firstElementChild, stay = near(), fresh = false;
      Array.prototype.slice.call(got.querySelectorAll(":scope > ul > li")).forEach(function (li) {
        var mine = (li.dataset.id && find("id", li.dataset.id)) || find("n", li.dataset.n);
        li = document.importNode(li, true);
        if (li.dataset.id) { drop(li.dataset.id); }
        if (mine) { mine.remove(); }
        list.insertBefore(li, list.querySelector("li.wait"));
        fresh = fresh || li.className === "us";
      });
      d.last = got.dataset.last; d.mark = got.dataset.mark;
      var read = parseInt(got.dataset.read, 10);
      list.querySelectorAll("li.me[data-n]").forEach(function (li) {
        var word = li.querySelector(".mk"), time = word && word.textContent.indexOf("·") > 0 ? word.textContent.split("·")[0] + "· " : "";
        if (word && parseInt(li.dataset.n, 10) <= read) { word.textContent = time + d.wRead; }
      });
      box.querySelector("#chat-state").innerHTML = got.lastElementChild.innerHTML;
      box.querySelector("#chat-title").textContent = got.dataset.title;
      if (!framed) { document.title = document.title.replace(/^.* · /, got.dataset.title + " · "); }
      if (d.state !== got.dataset.state) {
        d.state = got.dataset.state;
        if (d.state === "ended") { done = true; whole(); return; }
      }
      if (stay) { down(); }
      if (fresh && document.hidden) { document.title = "● " + document.title.replace(/^● /, ""); }
      if (fresh) { tell("wasl:new"); }
      see();
    }
    function see() {
      var last = parseInt(d.last, 10);
      if (document.hidden || last <= shown) { return; }
      shown = last;
      call(d.marks, data({ read: last })).catch(function () { shown = 0; });
    }
    function whole() {
      var left = area && area.value;
      if (left) { keep("wasl-chat-left", left); }
      if (framed) { fetchWhole(); } else { location.reload(); }
    }
    function lost() { fails += 1; if (fails > 1 || navigator.onLine === false) { box.querySelector("#chat-off").hidden = false; } }
    function heard() { fails = 0; box.querySelector("#chat-off").hidden = true; if (queue.length && !sending) { retry = 0; flush(); } }
    function shut() { done = true; box.querySelector("#chat-shut").hidden = false; }

    if (form) {
      form.addEventListener("submit", function (e) {
        e.preventDefault();
        var words = area.value.trim(), chosen = Array.prototype.slice.call(picker.files || []);
        error.textContent = "";
        if (!words && !chosen.length) { error.textContent = d.wEmpty; area.focus(); return; }
        if (words.length > parseInt(d.longest, 10)) {
          error.textContent = d.wLong.replace("{have}", grouped(words.length)).replace("{most}", grouped(d.longest)); area.focus(); return;
        }
        var item = { id: newId(), words: words, names: chosen.map(function (f) { return f.name; }).join(", ") };
        if (chosen.length) { files[item.id] = chosen; }
        queue.push(item); save(); draw(item);
        area.value = ""; picker.value = ""; names(); area.focus(); down(); flush();
      });
      area.addEventListener("keydown", function (e) {
        var touch = window.matchMedia && matchMedia("(pointer:coarse)").matches;
        if (e.key === "Enter" && !e.shiftKey && !e.isComposing && !touch) { e.preventDefault(); form.requestSubmit(); }
      });
      area.addEventListener("input", function () {
        if (Date.now() - typed < 3000 || d.state !== "talking") { return; }
        typed = Date.now(); call(d.marks, data({ typing: 1 })).catch(function () { typed = 0; });
      });
      picker.addEventListener("change", names);
      var left = kept("wasl-chat-left");
      if (left && !area.value) { area.value = left; }
      keep("wasl-chat-left", "");
    }
    function names() {
      box.querySelector("#chat-files").textContent = Array.prototype.map.call(picker.files || [], function (f) { return "\u2068" + f.name + "\u2069"; }).join(" · ");
    }
    function onShow() {
      if (!box.isConnected) { document.removeEventListener("visibilitychange", onShow); window.removeEventListener("online", onLine); done = true; return; }
      if (!document.hidden) { document.title = document.title.replace(/^● /, ""); look(); see(); }
    }
    function onLine() { retry = 0; flush(); look(); }
    document.addEventListener("visibilitychange", onShow);
    window.addEventListener("online", onLine);
    window.addEventListener("offline", function () { if (!done) { fails = 2; lost(); } });
    box.addEventListener("poll", look);
    box.addEventListener("click", function (e) {
      var link = e.target.closest("a[download]");
      if (link && framed) { e.preventDefault(); fetchFile(link); }
      if (e.target.closest("[data-new]")) { keep("wasl-chat-pass", ""); pass = ""; location.reload(); }
    });
    if (framed) {
      box.addEventListener("submit", function (e) {
        if (e.defaultPrevented || e.target === form) { return; }
        e.preventDefault();
        var sent = new FormData(e.target);
        if (e.submitter && e.submitter.name) { sent.append(e.submitter.name, e.submitter.value); }
        call(e.target.action, sent).then(function (r) { return r.status === 403 ? shut() : r.text().then(open); }).catch(lost);
      });
    }
    buttons(box);
    if (framed) { listen(); }
    if (framed && !keeps()) { box.querySelector("#chat-nokeep").hidden = false; }
    queue.forEach(draw);
    if (d.state === "ended") { done = true; queue.slice().forEach(function (item) { keep("wasl-chat-left", item.words); drop(item.id); }); } else { see(); flush(); later(); if (list.children.length > 2) { down(); } }
  }

  function fetchFile(link) {
    call(link.href).then(function (r) { return r.ok ? r.blob() : null; }).then(function (blob) {
      if (!blob) { return; }
      var a = document.createElement("a"); a.href = URL.createObjectURL(blob); a.download = link.download; a.click();
      setTimeout(function () { URL.revokeObjectURL(a.href); }, 10000);
    });
  }
  /* what the frame does not need before a chat begins is not fetched before */
  function listen() {
    if (document.querySelector("script[data-listens]")) { return; }
    var script = document.createElement("script"); script.src = body.dataset.listen; script.dataset.listens = ""; document.head.appendChild(script);
  }
  /* print and copy, in the frame, where portal.js is not loaded */
  function buttons(box) {
    if (!framed) { return; }
    box.querySelectorAll("[data-print],[data-copy]").forEach(function (el) {
      el.hidden = false;
      el.addEventListener("click", function () {
        if (el.hasAttribute("data-print")) { window.print(); return; }
        if (navigator.clipboard) { navigator.clipboard.writeText(el.dataset.copy).then(function () { el.textContent = el.dataset.copied; }, function () { window.getSelection().selectAllChildren(box.querySelector(".slip")); }); }
      });
    });
  }

  /* the frame: begin, or go on with the pass of this tab */
  function open(html) {
    var m = document.getElementById("m");
    m.innerHTML = html;
    talk(m.querySelector("#chat"));
    var to = m.querySelector("[aria-invalid=true]") || m.querySelector("#id_words"); if (to) { to.focus(); }
  }
  function fetchWhole() {
    call(body.dataset.whole).then(function (r) {
      if (r.status === 403) { keep("wasl-chat-pass", ""); pass = ""; ready(); return null; }
      return r.ok ? r.text().then(open) : setTimeout(fetchWhole, RETRY);
    }).catch(function () { setTimeout(fetchWhole, RETRY); });
  }
  function ready() {
    var begin = document.getElementById("begin-form"); if (!begin) { location.reload(); return; }
    var said = document.getElementById("begin-error"), id = kept("wasl-chat-begin") || newId() + newId(), busy = false;
    keep("wasl-chat-begin", id);
    document.getElementById("begin").hidden = false;
    begin.addEventListener("submit", function (e) {
      e.preventDefault();
      if (busy) { return; }
      busy = true; said.textContent = "";
      var out = new FormData(begin); out.set("key", id);
      call(body.dataset.frame, out).then(function (r) {
        return r.json().then(function (got) {
          if (!r.ok) { said.textContent = got.error; return; }
          pass = got.token; window.waslHeaders = { "X-Wasl-Chat": pass }; keep("wasl-chat-pass", pass); keep("wasl-chat-begin", ""); open(got.html);
        });
      }).catch(function () { said.textContent = body.dataset.wFailed; }).then(function () { busy = false; });
    });
  }
  if (framed) {
    document.querySelector("a[data-apart]").addEventListener("click", function (e) {
      if (!pass) { return; }
      e.preventDefault();
      var go = document.createElement("form"), field = document.createElement("input");
      go.method = "post"; go.action = body.dataset.apart; go.target = "_blank"; go.rel = "noopener"; go.hidden = true;
      field.name = "pass"; field.value = pass; go.appendChild(field); body.appendChild(go); go.submit(); go.remove();
    });
    var shutter = document.querySelector("[data-close]");
    shutter.hidden = window.parent === window;
    shutter.addEventListener("click", function () { tell("wasl:close"); });
    document.addEventListener("keydown", function (e) { if (e.key === "Escape") { tell("wasl:close"); } });
    if (pass) { document.getElementById("begin").hidden = true; fetchWhole(); } else { ready(); }
  } else {
    var box = document.getElementById("chat"); if (box) { talk(box); }
  }
})();
