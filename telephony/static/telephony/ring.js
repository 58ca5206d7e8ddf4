/* A call rings: sound, title, icon and a sentence for screen readers, for as long as the band stands.
   Acts of the telephone (form[data-call-act]) are sent from the page, so that a loser stays where they
   were and reads who was quicker; without script the same forms lead on by redirects.
   The sound is made here, two soft notes; a browser lets it sound only after the first key or click. */
(function () {
  "use strict";
  var EACH = 2600, ICON = document.querySelector("link[rel=icon]"), USUAL = ICON && ICON.href;
  var context = null, rings = "", timer = 0, title = document.title, chosen = Object.create(null);

  function wake() {
    if (!context && "AudioContext" in window) { try { context = new AudioContext(); } catch (e) { context = null; } }
    if (context && context.state === "suspended") { context.resume().catch(function () {}); }
  }
  ["pointerdown", "keydown"].forEach(function (name) { document.addEventListener(name, wake, { passive: true }); });

  function note(pitch, from, long) {
    var tone = context.createOscillator(), gain = context.createGain(), at = context.currentTime + from;
    tone.type = "sine"; tone.frequency.value = pitch;
    gain.gain.setValueAtTime(0, at); gain.gain.linearRampToValueAtTime(0.22, at + 0.03);
    gain.gain.setValueAtTime(0.22, at + long - 0.1); gain.gain.linearRampToValueAtTime(0, at + long);
    tone.connect(gain); gain.connect(context.destination); tone.start(at); tone.stop(at + long);
  }
  function sound() {
    if (!context || context.state !== "running") { return false; }
    note(659, 0, 0.35); note(880, 0.3, 0.5);
    document.documentElement.dataset.rang = String(+(document.documentElement.dataset.rang || 0) + 1);
    return true;
  }
  function look() {
    var box = document.getElementById("ringing"), band = box && box.querySelector("[data-ring]");
    var now = band ? band.dataset.ring : "";
    if (band && chosen[now]) { var radio = document.getElementById(chosen[now]); if (radio) { radio.checked = true; } }
    if (now === rings) { return; }
    if (!rings) { title = document.title; }
    rings = now; clearInterval(timer);
    var said = document.getElementById("ring-said");
    if (!band) { stop(said); return; }
    document.title = "\u260E " + band.dataset.title + " \u00B7 " + title;
    if (ICON) { ICON.href = box.dataset.icon; }
    if (said) { said.textContent = band.dataset.said; }
    sound();
    if (box.dataset.ringtone === "loop") { timer = setInterval(sound, EACH); }
  }
  function stop(said) {
    document.title = title;
    if (ICON) { ICON.href = USUAL; }
    if (said) { said.textContent = ""; }
  }
  function drain() {
    document.querySelectorAll("[data-drain]").forEach(function (rect) {
      if (!rect.drainAt) { rect.drainAt = Date.now() + rect.dataset.drain * 1000; }
      var left = Math.max(0, rect.drainAt - Date.now()) / 1000;
      rect.setAttribute("width", String(Math.round(1000 * left / rect.dataset.drainOf) / 10));
    });
  }

  document.addEventListener("change", function (e) {
    if (rings && e.target.name === "person" && e.target.closest("[data-ring]")) { chosen[rings] = e.target.id; }
  });
  document.addEventListener("submit", function (e) {
    var form = e.target, by = e.submitter;
    if (!form.hasAttribute("data-call-act") || e.defaultPrevented) { return; }
    e.preventDefault();
    if (form.waslBusy) { return; }
    form.waslBusy = true;
    var body = new URLSearchParams(new FormData(form));
    if (by && by.name) { body.append(by.name, by.value); }
    fetch(by && by.hasAttribute("formaction") ? by.formAction : form.action, {
      method: "POST", body: body, credentials: "same-origin", headers: { Accept: "application/json" }
    }).then(function (answer) {
      if (answer.status !== 200 && answer.status !== 409) { throw new Error(String(answer.status)); }
      return answer.json().then(function (told) { return { ok: answer.ok, go: told.go, said: told.said }; });
    }).then(function (told) {
      form.waslBusy = false; delete form.dataset.sent;
      if (isTaken(form, told)) { return; }
      if (told.ok) { lead(form, by, told.go); } else { refuse(form, told.said); }
    }).catch(function () {
      form.waslBusy = false; delete form.dataset.sent;
      if (isTaken(form, { ok: false, away: true })) { return; }
      // The server was away: the plain way says so in its own words.
      form.removeAttribute("data-call-act");
      if (by) { form.requestSubmit(by); } else { form.submit(); }
    });
  });
  // Told to the document: the band may have been swapped before its answer came, and from a form that stands
  // nowhere no event rises.
  function isTaken(form, told) {
    return !document.dispatchEvent(new CustomEvent("wasl:acted", { cancelable: true, detail: Object.assign({ form: form }, told) }));
  }
  function lead(form, by, url) {
    if (by && by.id === "ring-pass") { window.htmx.trigger("#ringing", "poll"); return; }
    if (location.pathname === url) { location.reload(); } else { location.href = url; }
  }
  function refuse(form, text) {
    var line = form.parentNode.querySelector("[data-ring-no]") || form.querySelector("[data-ring-no]");
    if (line) { line.hidden = false; line.textContent = text; }
    var said = document.getElementById("ring-said"); if (said && !line) { said.textContent = text; }
    setTimeout(function () { if (document.getElementById("ringing")) { window.htmx.trigger("#ringing", "poll"); } }, 3500);
  }

  document.addEventListener("htmx:afterSettle", function (e) { if (e.target.id === "ringing" || e.detail.elt && e.detail.elt.id === "ringing") { look(); } });
  setInterval(drain, 250);
  look(); drain();
})();
