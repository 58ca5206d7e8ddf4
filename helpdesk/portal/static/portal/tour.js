/* When one comes back from the second window, the steps show what was done there. */
(function () {
  "use strict";
  var left = false;
  function again() { if (left) { left = false; location.reload(); } }
  document.addEventListener("visibilitychange", function () { if (document.hidden) { left = true; } else { again(); } });
  window.addEventListener("blur", function () { left = true; });
  window.addEventListener("focus", again);
})();
