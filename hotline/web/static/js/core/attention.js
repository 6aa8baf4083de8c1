/* What makes a person look up: tones of our own, a sign in the title, a desktop notice. One owner for all who ring. */

const plain = document.title;
const signs = new Map();
const playing = new Map();
let sound = null;

/** Browsers let a page sound, and ask about notices, only after a press; the first one anywhere opens both. */
function open() {
  sound ??= new AudioContext();
  sound.resume?.();
  if ("Notification" in window && Notification.permission === "default" && wants()) Notification.requestPermission();
}

const wants = () => document.body.dataset.duty !== undefined || document.getElementById("alarms");

document.addEventListener("pointerdown", open, { once: true });
document.addEventListener("keydown", open, { once: true });

/** Write a sign before the title, or take it away with "". */
export function mark(key, words) {
  if (words) signs.set(key, words);
  else signs.delete(key);
  document.title = [...signs.values(), plain].join(" · ");
}

/** Play frequencies one after another, `every` seconds apart, `times` over; all at once is planned on the sound's own clock,
    because the timers of a page in the background run once a minute. Returns nothing when the page may not sound yet. */
export function play(key, tones, { every = 0.22, times = 1, pause = 0 } = {}) {
  if (sound?.state !== "running") return;
  const volume = sound.createGain();
  volume.connect(sound.destination);
  playing.set(key, volume);
  const length = tones.length * every + pause;
  for (let n = 0; n < times; n += 1) tones.forEach((pitch, m) => tone(volume, pitch, sound.currentTime + n * length + m * every, every));
}

function tone(volume, pitch, at, length) {
  const one = sound.createOscillator(), swell = sound.createGain();
  one.frequency.value = pitch;
  swell.gain.setValueAtTime(0.0001, at);
  swell.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
  swell.gain.exponentialRampToValueAtTime(0.0001, at + length * 0.9);
  one.connect(swell).connect(volume);
  one.start(at);
  one.stop(at + length);
}

export function hush(key) {
  playing.get(key)?.disconnect();
  playing.delete(key);
}

/** A notice of the desktop; the same tag replaces an earlier one, however many pages are open. */
export function notify(title, body, tag) {
  if (!("Notification" in window) || Notification.permission !== "granted") return null;
  const one = new Notification(title, { body, tag, requireInteraction: true });
  one.onclick = () => { window.focus(); one.close(); };
  return one;
}
