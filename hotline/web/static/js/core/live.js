/* Live updates: one event stream for all tabs of this browser, polling when it is refused. It moves counters and tells
   the page what changed (hotline:changed, hotline:<topic>); the page decides what to fetch again. */

import { ask } from "./requests.js";
import { toast } from "./toasts.js";
import { say } from "./words.js";

const { live: streamUrl, poll: pollUrl } = document.body.dataset;
if (streamUrl) follow();

function follow() {
  const POLL = Number(document.body.dataset.pollEvery);
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("hotline-live") : null;
  let last = "";
  let source = null;
  let pollTimer = 0;
  let failures = 0;

  function state(mode) {
    const dot = document.querySelector("[data-live-state]");
    if (!dot) return;
    dot.hidden = mode === "live";
    dot.title = say(mode === "polling" ? "polling" : "offline", { n: POLL / 1000 });
  }

  function counts(all) {
    for (const [key, value] of Object.entries(all ?? {})) {
      for (const place of document.querySelectorAll(`[data-count="${CSS.escape(key)}"]`)) {
        if (place.textContent !== String(value)) place.textContent = value;
        if (place.matches(".nav-count,.badge-count")) place.hidden = !value || value === "0";
      }
    }
  }

  /** The turn may have come by time alone: then the bar is asked anew although no row has changed. */
  function call(one) {
    const bar = document.getElementById("calls");
    if (bar && bar.dataset.ring !== (one?.id ?? "")) document.body.dispatchEvent(new CustomEvent("hotline:calls", { bubbles: true }));
  }

  /** Show one change here. */
  function show(change) {
    counts(change.counts);
    if ("call" in change) call(change.call);
    if (change.toast) toast(change.toast.text, change.toast.kind, change.toast.url);
    const raise = (name) => document.body.dispatchEvent(new CustomEvent(name, { detail: change, bubbles: true }));
    raise("hotline:changed");
    for (const topic of change.topics ?? []) raise(`hotline:${topic}`);
  }

  /** Show it here and in the other tabs. */
  function tell(change, id) {
    if (id) last = id;
    show(change);
    channel?.postMessage({ change, id });
  }

  async function poll() {
    try {
      const answer = await ask(`${pollUrl}?since=${encodeURIComponent(last)}`);
      if (answer.ok && answer.status === 200) {
        const change = await answer.json();
        const quiet = !change.topics?.length && !change.toast;
        last = change.id ?? last;
        if (quiet) { counts(change.counts); if ("call" in change) call(change.call); } else tell(change, change.id);
      }
      state("polling");
    } catch (error) {
      state("offline");
      if (error.message === "session expired") return;
    }
    pollTimer = setTimeout(poll, POLL);
  }

  function startPolling() {
    if (!pollTimer) pollTimer = setTimeout(poll, 500);
  }

  function stopPolling() {
    clearTimeout(pollTimer);
    pollTimer = 0;
  }

  function connect() {
    source?.close();
    source = new EventSource(last ? `${streamUrl}?since=${encodeURIComponent(last)}` : streamUrl);
    source.onopen = () => { failures = 0; stopPolling(); state("live"); };
    source.addEventListener("changed", (event) => tell(JSON.parse(event.data), event.lastEventId));
    source.onerror = () => {
      failures += 1;
      state("offline");
      /* CLOSED: refused (503, 401). EventSource does not try again by itself then. */
      if (source.readyState === EventSource.CLOSED || failures > 2) {
        source.close();
        source = null;
        startPolling();
        setTimeout(connect, Math.min(30000 * failures, 300000));
      }
    };
  }

  function stop() {
    source?.close();
    source = null;
    stopPolling();
  }

  channel?.addEventListener("message", (event) => {
    if (event.data.id) last = event.data.id;
    show(event.data.change);
  });

  if (navigator.locks && channel) {
    /* Whoever holds the lock holds the stream; when that tab closes the next one gets the lock. */
    navigator.locks.request("hotline-live", () => { connect(); return new Promise(() => {}); });
    window.addEventListener("pagehide", stop);
  } else {
    const visibility = () => (document.hidden ? stop() : connect());
    document.addEventListener("visibilitychange", visibility);
    visibility();
  }
}
