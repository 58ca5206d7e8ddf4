/* Says at once that a file is too large, before a slow line carries it for nothing. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-file-limit]");
  if (!form) { return; }
  var limit = parseInt(form.dataset.fileLimit, 10), said = form.querySelector("[data-too-big]");
  var field = form.querySelector("input[type=file]");
  function tooBig() {
    var big = Array.prototype.some.call(field.files || [], function (f) { return f.size > limit; });
    said.hidden = !big;
    return big;
  }
  field.addEventListener("change", tooBig);
  form.addEventListener("submit", function (e) { if (tooBig()) { e.preventDefault(); field.focus(); } });
})();
