/* Single keys at the desk, by physical key (event.code), so an Arabic layout works too.
   Any element may carry data-key="KeyC" (or "KeyG KeyQ", "Ctrl+Enter", "/", "Escape") and data-key-label.
   A link or button is clicked, a label or field takes the choice or the focus, a form gives its first
   field the focus. J and K walk over [data-row], Escape leads back to them; ? lists the keys. Off while typing (WCAG 2.1.4) except
   with Ctrl; switched off by the person in that list. */
(function () {
  "use strict";
  /* What an Arabic board has on the keys A to Z. */
  var ARABIC = "ش لا ؤ ي ث ب ل ا ه ت ن م ة ى خ ح ض ق س ف ع ر ص ء غ ئ".split(" ");
  var OFF = "wasl-keys-off", pending = "", pendingAt = 0;

  function off() {
    if (document.body.dataset.keys === "off") { return true; }
    try { return localStorage.getItem(OFF) === "1"; } catch (e) { return false; }
  }
  function typing(el) {
    return el && (el.isContentEditable || el.matches("textarea,select,input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit])"));
  }
  function visible(el) { return el.getClientRects().length > 0; }
  function find(name) {
    var all = document.querySelectorAll('[data-key="' + name + '"],[data-key-also="' + name + '"]');
    var own = Array.prototype.filter.call(all, function (el) { return visible(el) && el.dataset.key === name; });
    return own[0] || Array.prototype.filter.call(all, visible)[0];
  }
  function act(el, name) {
    if (name === "Ctrl+KeyK" && told("wasl:palette")) { return; }
    if (el.tagName === "FORM") { el = el.querySelector("input:not([type=hidden]),textarea"); el.focus(); el.select(); return; }
    if (el.classList.contains("seg")) { next(el); return; }
    if (el.tagName === "LABEL") {
      var field = el.control; if (!field) { return; }
      if (field.type === "radio" || field.type === "checkbox") {
        field.click();
        var area = field.form && field.form.querySelector("textarea"); if (area) { area.focus(); }
      } else { field.focus(); }
      return;
    }
    if (el.matches("input,textarea,select")) { el.focus(); if (el.select) { el.select(); } return; }
    el.focus(); el.click();
  }
  /* True when somebody took the matter over. */
  function told(event) { return !document.dispatchEvent(new CustomEvent(event, { cancelable: true })); }
  function next(group) {
    var radios = Array.prototype.slice.call(group.querySelectorAll("input[type=radio]"));
    var i = radios.findIndex(function (r) { return r.checked; });
    radios[(i + 1) % radios.length].click();
  }
  function walk(step) {
    var rows = Array.prototype.filter.call(document.querySelectorAll("[data-row]"), visible);
    if (!rows.length) { return; }
    var at = rows.findIndex(function (r) { return r === document.activeElement || r.contains(document.activeElement); });
    if (at < 0) { at = rows.findIndex(function (r) { return r.getAttribute("aria-current") === "true"; }); }
    var to = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
    rows.forEach(function (r) { r.classList.toggle("kf", r === to && r.tagName === "TR"); });
    (to.matches("a,button") ? to : to.querySelector("a,button") || to).focus();
    to.scrollIntoView({ block: "nearest" });
  }
  function name(e) { return (e.ctrlKey || e.metaKey ? "Ctrl+" : "") + (e.code === "NumpadEnter" ? "Enter" : e.code); }

  document.addEventListener("keydown", function (e) {
    if (e.defaultPrevented || e.isComposing || e.altKey) { return; }
    var ctrl = e.ctrlKey || e.metaKey, at = document.activeElement, el = null;
    if (ctrl) {
      var scoped = e.code === "Enter" && at && at.form && at.form.querySelector('[data-key="Ctrl+Enter"]');
      el = scoped || find(name(e));
      var modal = document.querySelector("dialog[open]");
      if (modal && !(el && modal.contains(el))) { return; }
      if (el) { e.preventDefault(); act(el, name(e)); }
      return;
    }
    if (e.code === "Escape") {
      if (document.querySelector("dialog[open]")) { return; }
      var open = document.querySelector("details.menu[open]");
      if (open) { open.open = false; open.querySelector("summary").focus(); return; }
      if (typing(at)) { at.blur(); return; }
      el = find("Escape"); if (el) { e.preventDefault(); act(el); return; }
      var rows = Array.prototype.filter.call(document.querySelectorAll("[data-row]"), visible);
      el = rows.filter(function (r) { return r.getAttribute("aria-current") === "true"; })[0] || rows[0];
      if (el && !el.contains(at)) { (el.matches("a,button") ? el : el.querySelector("a,button") || el).focus(); }
      return;
    }
    if (off() || typing(at) || document.querySelector("dialog[open]")) { return; }
    if (e.key === "?" || e.key === "؟") { e.preventDefault(); list(); return; }
    if (e.key === "/") { el = find("/"); if (el) { e.preventDefault(); act(el); } return; }
    if (e.shiftKey) { return; }
    var sequence = pending && Date.now() - pendingAt < 1200 ? find(pending + " " + e.code) : null;
    pending = e.code; pendingAt = Date.now();
    el = sequence || find(e.code);
    if (el) { e.preventDefault(); pending = ""; act(el); return; }
    if (e.code === "KeyJ") { e.preventDefault(); walk(1); }
    if (e.code === "KeyK") { e.preventDefault(); walk(-1); }
  });

  function caps(code) {
    return code.replace("Ctrl+", "Ctrl ").split(" ").map(function (k) {
      return k.replace(/^(Key|Digit)/, "").replace("Enter", "⏎").replace("Escape", "Esc").replace("Semicolon", ";");
    });
  }
  function drawn(code) {
    var keys = document.createElement("span"), iso = document.createElement("bdi");
    keys.className = "keys"; iso.dir = "ltr";
    caps(code).forEach(function (k) { var cap = document.createElement("kbd"); cap.textContent = k; iso.append(cap); });
    keys.append(iso);
    return keys;
  }
  window.wasl = { act: act, caps: drawn };
  function list() {
    var box = document.getElementById("keyboard"); if (!box || !box.showModal) { return; }
    var into = box.querySelector("[data-keys-list]"), seen = Object.create(null);
    into.textContent = "";
    document.querySelectorAll("[data-key][data-key-label]").forEach(function (el) {
      if (seen[el.dataset.key] || !visible(el)) { return; }
      seen[el.dataset.key] = true;
      var line = document.createElement("div");
      var other = (el.dataset.key.match(/Key[A-Z]/g) || []).map(function (k) { return ARABIC[k.charCodeAt(3) - 65]; });
      line.append(el.dataset.keyLabel, drawn(el.dataset.key)); into.append(line);
      if (other.length) { var letters = document.createElement("bdi"); letters.lang = "ar"; letters.textContent = other.join(" "); line.lastChild.append(letters); }
    });
    var own = box.querySelector("[data-keys-switch]");
    own.checked = !off();
    own.onchange = function () { try { localStorage.setItem(OFF, own.checked ? "0" : "1"); } catch (e) { /* private window */ } };
    box.showModal();
  }
  document.addEventListener("click", function (e) {
    if (e.target.closest && e.target.closest("[data-keys-open]")) { list(); }
    document.querySelectorAll("details.menu[open]").forEach(function (d) { if (!d.contains(e.target)) { d.open = false; } });
  });
})();
