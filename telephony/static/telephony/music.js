/* Music for who waits, made here: nothing is fetched and nobody's rights are touched.

   WaslMusic.play(context, kind)   "queue" | "hold" | "lost"; the same kind again changes nothing
   WaslMusic.stop()                fades out within a quarter of a second
   WaslMusic.beep(context)         a Promise, kept when the tone after which one speaks is over
   WaslMusic.level()               loudness now, 0..1, for tests

   Eight slow bars on five notes, as a hand on a lute would let them ring: each note a soft pair of sines
   that dies away. "lost" is only two notes, so that one hears that something is wrong. */
(function () {
  "use strict";
  var BAR = 2.4, AHEAD = 1.2, LOUD = 0.16;
  var NOTES = { d: 293.66, e: 329.63, g: 392, a: 440, b: 493.88, D: 587.33, G: 196, A: 220, E: 164.81, x: 146.83 };
  var TUNES = {
    queue: ["x d.a.", "G.b.d", "E g.b.", "A.e.a", "x a.D.", "G.d.b", "A.a.e", "x.d.."],
    hold: ["G d.g.", "E.g.b", "x.a.d", "A e.a.", "G.b.D", "E b.g.", "A.a.e", "G.g.."],
    lost: ["a....", "e...."]
  };
  var now = null;

  function ring(into, note, at) {
    var context = into.context;
    [[1, 0.8], [2, 0.18]].forEach(function (part) {
      var tone = context.createOscillator(), loud = context.createGain();
      tone.frequency.value = note * part[0];
      loud.gain.setValueAtTime(0, at);
      loud.gain.linearRampToValueAtTime(part[1], at + 0.04);
      loud.gain.exponentialRampToValueAtTime(0.001, at + 2.2);
      tone.connect(loud); loud.connect(into);
      tone.start(at); tone.stop(at + 2.3);
    });
  }
  function bars() {
    if (!now) { return; }
    var tune = TUNES[now.kind];
    while (now.next < now.context.currentTime + AHEAD) {
      var bar = tune[now.bar % tune.length], step = BAR / 6;
      for (var i = 0; i < bar.length; i++) {
        if (NOTES[bar[i]]) { ring(now.out, NOTES[bar[i]], now.next + i * step); }
      }
      now.bar++; now.next += BAR;
    }
  }
  function play(context, kind) {
    if (!context || !TUNES[kind]) { stop(); return; }
    if (now && now.kind === kind && now.context === context) { return; }
    stop();
    var out = context.createGain(), ear = context.createAnalyser();
    out.gain.setValueAtTime(0, context.currentTime);
    out.gain.linearRampToValueAtTime(LOUD, context.currentTime + 0.5);
    out.connect(ear); ear.connect(context.destination);
    now = { context: context, kind: kind, out: out, ear: ear, bar: 0, next: context.currentTime + 0.05 };
    bars();
    now.timer = setInterval(bars, 400);
  }
  function stop() {
    if (!now) { return; }
    var old = now, at = old.context.currentTime;
    now = null;
    clearInterval(old.timer);
    old.out.gain.cancelScheduledValues(at);
    old.out.gain.setTargetAtTime(0, at, 0.05);
    setTimeout(function () { old.out.disconnect(); old.ear.disconnect(); }, 400);
  }
  function beep(context) {
    return new Promise(function (done) {
      var tone = context.createOscillator(), loud = context.createGain();
      tone.frequency.value = 880; loud.gain.value = 0.15;
      tone.connect(loud); loud.connect(context.destination);
      tone.onended = done; tone.start(); tone.stop(context.currentTime + 0.35);
      setTimeout(done, 800);
    });
  }
  function level() {
    if (!now) { return 0; }
    var data = new Float32Array(now.ear.fftSize), sum = 0;
    now.ear.getFloatTimeDomainData(data);
    data.forEach(function (one) { sum += one * one; });
    return Math.sqrt(sum / data.length);
  }
  window.WaslMusic = { play: play, stop: stop, beep: beep, level: level };
})();
