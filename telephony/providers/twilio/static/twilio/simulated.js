/* The port (telephony/voice.js) where the simulated network stands for Twilio: it has no sound, and lets in whoever
   takes a call. So no microphone is opened and nobody outside is spoken to; the band says how the call stands. */
(function () {
  "use strict";
  function open() {
    var acts = Object.create(null);
    function tell(event, what) { if (acts[event]) { acts[event](what); } }
    function phase(now) { if (voice.phase !== now) { voice.phase = now; tell("phase", now); } }
    var voice = {
      asks: false, running: false, phase: "idle",
      ready: function () { voice.running = true; tell("problem", "silent"); return Promise.resolve(); },
      connect: function () { phase("talking"); return Promise.resolve(); },
      hangup: function () { voice.running = false; phase("ended"); },
      mute: function () {},
      digits: function () { return voice.running; },
      devices: function () {},
      on: function (event, act) { acts[event] = act; },
      stats: function () { return null; },
      resume: function () { return Promise.resolve(); },
      poll: function () { tell("moved"); },
      report: function () {}
    };
    return voice;
  }
  window.WaslVoice = { isSilent: true, open: open };
})();
