// Be told what changes, and keep at it: the server may be stopped and started again at any time.

import { changed, state, take } from "./store.js";

const FIRST_WAIT = 400;
const LONGEST_WAIT = 4000;

let source = null;
let wait = FIRST_WAIT;
let timer = null;
let again = async () => {};

/** `refresh` is awaited before the stream is opened anew: the server may be another one by then. */
export function listen(refresh) {
  again = refresh;
  window.addEventListener("online", retryNow);
  document.addEventListener("visibilitychange", () => document.hidden || retryNow());
  open();
}

/** Somebody else's eyes: open the stream anew. Resolves with the first picture. */
export function reopen() {
  close();
  return open();
}

function open() {
  return new Promise((resolve) => {
    const opened = new EventSource(`/page/stream?as=${encodeURIComponent(state.me)}`);
    source = opened;
    opened.addEventListener("things", (event) => {
      if (source !== opened) return;
      wait = FIRST_WAIT;
      take(JSON.parse(event.data));
      set("live");
      resolve();
    });
    opened.addEventListener("error", () => {
      if (source === opened) lost();
      resolve();
    });
  });
}

function close() {
  source?.close();
  source = null;
  clearTimeout(timer);
}

function lost() {
  close();
  set("lost");
  timer = setTimeout(retry, wait);
  wait = Math.min(wait * 2, LONGEST_WAIT);
}

async function retry() {
  try {
    await again();
  } catch {
    lost();
    return;
  }
  await open();
}

function retryNow() {
  if (state.live !== "lost") return;
  clearTimeout(timer);
  wait = FIRST_WAIT;
  retry();
}

function set(live) {
  if (state.live === live) return;
  state.live = live;
  changed("live");
}
