/* The port: how a page of the desk speaks in a call, whichever line carries it. Each line gives a page one
   script that makes window.WaslVoice; this is the web line's, over WaslLine (line.js).

   WaslVoice.isSilent        set where there is no sound: no microphone is asked for
   var voice = WaslVoice.open({given, leg, audio, constraints})   `given` is what the line said (data-given)
   voice.ready(stream)       the microphone is open: get everything else in hand. Promise
   voice.connect(code)       come into the call; without a code, into the one of this page. Promise
   voice.hangup()            out of it, and everything closed; says nothing to our server
   voice.mute(on)            not heard, at once
   voice.digits("12#")       keys of a telephone; false where none can be sent
   voice.devices({stream, output})   another microphone; another loudspeaker (its id)
   voice.on(event, act)      one act an event:
       "phase"(now) "idle" | "waiting" | "connecting" | "talking" | "held" | "reconnecting" | "ended" |
                    "elsewhere" (another page has the call) | "forbidden"
       "moved"(version)  the server may know something newer (than `version` of the call, where it is given)
       "problem"(code) "relief"(code)  codes are those of softphone.html
       "quality"({level: "good"|"fair"|"poor", rtt, jitter, concealed})  seconds and shares
       "level"(0..1)     of the microphone
   voice.stats()             the newest quality
   voice.phase, voice.running
   voice.asks                it asks the server by itself every two seconds, so that the band need not;
                             then `voice.version` is the call's as heard last
   voice.resume() after "tap", voice.poll(), voice.mix() and voice.report(kind), where the line has them. */
(function () {
  "use strict";
  function open(options) {
    var line = window.WaslLine.open({
      base: options.given.base, headers: { "X-Wasl-Leg": options.leg }, audio: options.audio, desk: true, constraints: options.constraints
    });
    var acts = Object.create(null), stream = null, newest = null;
    function tell(event, what) { if (acts[event]) { acts[event](what); } }
    line.onphase = function (phase) { tell("phase", phase); };
    line.onstate = function (state) { tell("moved", state.version); };
    line.onproblem = function (code) { tell("problem", code); };
    line.onrelief = function (code) { tell("relief", code); };
    line.onlevel = function (level) { tell("level", level); };
    line.onquality = function (found) { newest = found; tell("quality", found); };
    window.waslLine = line;
    return {
      asks: true,
      get phase() { return line.phase; },
      get running() { return line.running; },
      get version() { return line.state ? line.state.version : 0; },
      ready: function (opened) { stream = opened; return Promise.resolve(); },
      connect: function () { return line.start(stream); },
      hangup: function () { line.stop(); },
      // The rows of this line say who is heard, and every page of it follows them.
      mute: function () {},
      digits: function () { return false; },
      devices: function (wish) {
        if (wish.stream) { line.setMicrophone(wish.stream); }
        if (wish.output) { line.setSpeaker(wish.output); }
      },
      on: function (event, act) { acts[event] = act; },
      stats: function () { return newest; },
      resume: function () { return line.resume(); },
      poll: function () { return line.poll(); },
      mix: function () { return line.mix(); },
      report: function (kind) { return line.report(kind); }
    };
  }
  window.WaslVoice = { open: open };
})();
