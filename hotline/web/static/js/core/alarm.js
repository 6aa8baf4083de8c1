/* Danger to life: a beep of our own, the title, and a desktop notice, until somebody has taken it. */

const AGAIN = 12000;
const KEPT = "hotline-alarms-heard";
const title = document.title;
let sound = null;

const bar = () => document.getElementById("alarms");
const standing = () => (bar()?.dataset.alarms ?? "").split(" ").filter(Boolean);

/** Browsers let a page sound only after a press; the first one anywhere opens it. */
function open() {
  sound ??= new AudioContext();
  sound.resume?.();
  if ("Notification" in window && Notification.permission === "default" && bar()) Notification.requestPermission();
}

/** Two short high tones, thrice. */
function beep() {
  if (sound?.state !== "running") return;
  for (let n = 0; n < 6; n += 1) {
    const tone = sound.createOscillator(), volume = sound.createGain(), at = sound.currentTime + n * 0.22;
    tone.frequency.value = n % 2 ? 988 : 784;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.2);
    tone.connect(volume).connect(sound.destination);
    tone.start(at);
    tone.stop(at + 0.21);
  }
}

/** One desktop notice for each ticket in this browser, however many pages are open. */
function notify(number) {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const words = [...bar().querySelectorAll(".alarm-words")].find((one) => one.href.includes(number))?.textContent ?? "";
  new Notification(bar().dataset.alarmTitle, { body: words.trim(), tag: `alarm-${number}`, requireInteraction: true });
}

function heard() {
  try { return JSON.parse(localStorage.getItem(KEPT) ?? "[]"); } catch { return []; }
}

function look() {
  const now = standing();
  document.title = now.length ? `(${now.length}) ${bar().dataset.alarmTitle}! ${title}` : title;
  const before = heard();
  const fresh = now.filter((number) => !before.includes(number));
  localStorage.setItem(KEPT, JSON.stringify(now));
  for (const number of fresh) notify(number);
  if (fresh.length) beep();
}

document.addEventListener("pointerdown", open, { once: true });
document.addEventListener("keydown", open, { once: true });
new MutationObserver(() => look()).observe(document.getElementById("alarm-place") ?? document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-alarms"] });
setInterval(() => { if (standing().length) beep(); }, AGAIN);
look();
