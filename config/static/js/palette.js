/* The command palette. Ctrl K opens it over the search form of the top bar: first what can be done on
   this page (everything that has a key, and the links of its menus), then what the server finds.
   [data-phrases] opens it on another list of the server, whose lines bring a text for the composer.
   Without this script the form searches. */
(function () {
  "use strict";
  var box = document.getElementById("palette");
  if (!box || !box.showModal) { return; }
  var field = box.querySelector("input"), own = box.querySelector("[data-own]"), found = box.querySelector("[data-found]");
  var source = "", phrases = false, asked = 0, timer = 0, acts = [], at = null;

  function plain(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f\u064b-\u065f\u0670\u0640]/g, "").toLowerCase()
      .replace(/[أإآٱ]/g, "ا").replace(/ى/g, "ي").replace(/ة/g, "ه");
  }
  function fits(text) {
    return plain(field.value).split(/\s+/).every(function (word) { return plain(text).indexOf(word) >= 0; });
  }
  function options() {
    return Array.prototype.filter.call(box.querySelectorAll("[role=option]"), function (el) { return !el.hidden; });
  }
  function choose(el) {
    if (chosen()) { chosen().removeAttribute("aria-selected"); }
    if (!el) { field.removeAttribute("aria-activedescendant"); return; }
    el.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", el.id);
    el.scrollIntoView({ block: "nearest" });
  }
  function chosen() { return box.querySelector("[aria-selected]"); }

  function commands() {
    var seen = Object.create(null);
    acts = [];
    document.querySelectorAll("[data-key-label],.menu .pop a,.menu .pop button").forEach(function (el) {
      var text = el.dataset.keyLabel || el.firstChild && el.textContent.replace(/\?$/, "").trim();
      if (!text || seen[text] || box.contains(el) || el.matches(".find") || el.closest("[hidden]")) { return; }
      if (!el.closest(".menu") && !el.getClientRects().length) { return; }
      seen[text] = true;
      acts.push({ el: el, text: text, key: el.dataset.key || "", here: !el.closest(".top") });
    });
    acts.sort(function (a, b) { return b.here - a.here || !!b.key - !!a.key; });
  }
  function showCommands() {
    own.textContent = "";
    var list = phrases ? [] : acts.filter(function (act) { return fits(act.text); }).slice(0, field.value ? 6 : 30);
    if (!list.length) { return; }
    var group = document.createElement("div"), head = document.createElement("p");
    group.setAttribute("role", "group"); group.setAttribute("aria-label", box.dataset.commands);
    head.className = "sec"; head.setAttribute("role", "presentation"); head.textContent = box.dataset.commands;
    group.append(head);
    list.forEach(function (act, n) {
      var line = document.createElement("a"), text = document.createElement("span"), icon = act.el.querySelector("svg.i");
      line.setAttribute("role", "option"); line.id = "pal-c" + n; line.href = "#"; line.act = act.el;
      text.textContent = act.text;
      icon = icon ? icon.cloneNode(true) : document.createElement("i");
      icon.setAttribute("class", "i"); line.append(icon, text);
      if (act.key) { line.append(window.wasl.caps(act.key)); }
      group.append(line);
    });
    own.append(group);
  }
  function fetchFound() {
    var mine = ++asked, url = new URL(source, location.href);
    if (!phrases) { url.searchParams.set("q", field.value); }
    fetch(url, { headers: { "X-Requested-With": "fetch" } })
      .then(function (r) { return r.ok && !r.redirected ? r.text() : ""; })
      .then(function (html) {
        if (mine !== asked) { return; }
        var kept = chosen() && chosen().id;
        found.innerHTML = html; filter();
        choose(document.getElementById(kept) || options()[0]);
      }).catch(function () { /* the commands stay; Enter searches */ });
  }
  function filter() {
    if (!phrases) { return; }
    found.querySelectorAll("[role=option]").forEach(function (el) { el.hidden = !fits(el.textContent); });
  }
  function open(from) {
    if (box.open) { return; }
    phrases = !!from; source = from || box.dataset.palette; at = document.activeElement;
    field.value = ""; found.textContent = "";
    commands(); showCommands(); box.showModal(); field.focus(); choose(options()[0]);
    if (phrases) { fetchFound(); }
  }
  function run(line, e) {
    var text = line.dataset.textAr !== undefined, act = line.act;
    if (!text && !act && !line.hasAttribute("data-panel")) { if (!e) { line.click(); } return; }
    if (e) { e.preventDefault(); }
    if (text) {
      var lang = document.querySelector("#composer [name=language]:checked, #composer [name=language][type=hidden]");
      text = lang && lang.value === "fr" ? line.dataset.textFr : line.dataset.textAr;
    }
    box.close();
    if (text) { document.body.dispatchEvent(new CustomEvent("wasl:insert", { detail: { text: text, inline: true } })); }
    else if (act) { window.wasl.act(act); }
    else { document.body.dispatchEvent(new CustomEvent("wasl:panel", { detail: line.getAttribute("href") })); }
  }

  document.addEventListener("wasl:palette", function (e) { e.preventDefault(); open(e.detail); });
  box.addEventListener("close", function () { if (at && document.activeElement === document.body) { at.focus(); } });
  box.addEventListener("click", function (e) {
    var line = e.target.closest("[role=option]");
    if (line) { if (!e.ctrlKey && !e.metaKey && !line.running) { run(line, e); } } else if (e.target === box) { box.close(); }
  });
  field.addEventListener("input", function () {
    showCommands(); filter(); choose(options()[0]);
    clearTimeout(timer);
    if (!phrases) { timer = setTimeout(fetchFound, 180); }
  });
  box.addEventListener("keydown", function (e) {
    var all = options(), to = all.indexOf(chosen()) + (e.key === "ArrowDown" ? 1 : -1);
    if (e.key === "ArrowDown" || e.key === "ArrowUp") { e.preventDefault(); choose(all[(to + all.length) % all.length]); }
    if (e.key === "Escape") { e.preventDefault(); box.close(); }
    if (e.key === "Enter" && !e.isComposing) {
      var line = chosen();
      if (line) { e.preventDefault(); run(line); }
    }
  });
})();
