/* Wasl: a button that opens the chat of the centre. No cookie, nothing read from this page.
   <script src="{{ home }}/widget.js" data-lang="fr" defer></script> */
(function () {
  "use strict";
  var me = document.currentScript, home = "{{ home }}";
  try { home = new URL(me.src).origin; } catch (e) { /* the address above stands */ }
  var lang = ((me && me.dataset.lang) || document.documentElement.lang || "ar").slice(0, 2) === "fr" ? "fr" : "ar";
  var words = lang === "fr" ? ["Discuter avec un conseiller", "Fermer la discussion", "nouveau message"]
    : ["دردشة مع مستشار", "إغلاق الدردشة", "رسالة جديدة"];
  var open = false, frame = null, box = document.createElement("div"), button = document.createElement("button");
  function css(el, text) { el.style.cssText = text; }
  css(box, "position:fixed;z-index:2147483000;inset-block-end:16px;inset-inline-end:16px;display:flex;flex-direction:column;align-items:flex-end;gap:8px");
  box.dir = lang === "fr" ? "ltr" : "rtl"; box.lang = lang;
  css(button, "font:600 16px/1.5 system-ui,sans-serif;min-height:48px;padding:8px 20px;border:0;border-radius:24px;background:#0e6b5b;color:#fff;cursor:pointer;box-shadow:0 2px 10px #0004");
  button.type = "button";
  function show(now, fresh) {
    open = now;
    button.textContent = words[now ? 1 : 0] + (fresh ? " · " + words[2] : "");
    button.setAttribute("aria-expanded", String(now));
    if (!now) { if (frame) { frame.hidden = true; css(frame, "display:none"); } return; }
    if (!frame) {
      frame = document.createElement("iframe");
      frame.title = words[0];
      frame.src = home + (lang === "fr" ? "/fr" : "") + "/chat/frame/";
      box.insertBefore(frame, button);
    }
    frame.hidden = false;
    css(frame, "display:block;border:1px solid #73838a;border-radius:12px;background:#fff;inline-size:min(400px,calc(100vw - 32px));block-size:min(620px,calc(100vh - 96px));box-shadow:0 4px 24px #0004");
    frame.focus();
  }
  button.addEventListener("click", function () { show(!open); });
  window.addEventListener("message", function (e) {
    if (e.origin !== home || !frame || e.source !== frame.contentWindow) { return; }
    if (e.data === "wasl:close") { show(false); button.focus(); }
    if (e.data === "wasl:new" && !open) { show(false, true); }
  });
  box.appendChild(button); show(false);
  if (document.body) { document.body.appendChild(box); }
  else { document.addEventListener("DOMContentLoaded", function () { document.body.appendChild(box); }); }
})();
