/* Keys of a telephone in a call: by the buttons of #keypad, or typed while it is open (Arabic digits too). */
(function () {
  "use strict";
  var voice = null, box = document.getElementById("keypad"), shown = document.getElementById("keypad-sent");
  if (!box) { return; }
  function send(key) {
    var no = box.querySelector("[data-keypad-no]"), sent = !!voice && voice.digits(key);
    no.hidden = sent;
    if (sent) { shown.textContent = (shown.textContent + key).slice(-24); }
  }
  document.addEventListener("wasl:voice", function (e) { voice = e.detail; });
  document.addEventListener("click", function (e) {
    var at = e.target.closest ? e.target : null, key = at && at.closest("[data-digit]");
    if (key) { send(key.dataset.digit); }
    if (at && at.closest("[data-keypad]")) { shown.textContent = ""; box.showModal(); box.querySelector("[data-digit]").focus(); }
  });
  box.addEventListener("keydown", function (e) {
    if (e.ctrlKey || e.metaKey || e.altKey) { return; }
    var arabic = "٠١٢٣٤٥٦٧٨٩".indexOf(e.key), key = arabic >= 0 ? String(arabic) : e.key;
    if (!/^[0-9*#]$/.test(key)) { return; }
    e.preventDefault();
    var button = box.querySelector('[data-digit="' + key + '"]');
    button.focus(); send(key);
  });
})();
