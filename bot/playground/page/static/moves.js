// Go somewhere: another place, a thread, another person's eyes; open and close what covers things.

import { reopen } from "./stream.js";
import { changed, direct, memory, state } from "./store.js";

const DRAWERS = ["sidebar", "curtain"];

/** Whether there is room for the panels beside the chat. */
const roomy = { sidebar: window.matchMedia("(min-width: 800px)"), curtain: window.matchMedia("(min-width: 1180px)") };

export function go({ place = state.place, tab = place === state.place ? state.tab : "messages", thread = place === state.place ? state.thread : null }) {
  Object.assign(state, { place, tab, thread });
  changed("place");
}

/** See with another person's eyes; the conversation that is open stays open where it can. */
export async function become(user) {
  if (user === state.me) return;
  const inChannel = state.place === state.team.channel.id;
  state.me = user;
  remember();
  go({ place: inChannel ? state.place : direct(user), tab: "messages", thread: inChannel ? state.thread : null });
  const opened = reopen();
  changed("me");
  await opened;
}

/** The person of this tab, in its address, so that two tabs can be two people. */
export function remember() {
  memory.set("me", state.me, sessionStorage);
  const address = new URL(window.location.href);
  address.searchParams.set("as", state.me);
  window.history.replaceState(null, "", address);
}

/** Open or close a panel. Where there is room it stands beside the chat, else it covers it. */
export function drawer(name, open) {
  const covers = !roomy[name].matches;
  for (const other of DRAWERS) if (other !== name && !roomy[other].matches) set(other, false);
  set(name, open);
  if (!covers) memory.set(`${name}.open`, open);
  if (covers && open) document.getElementById(name).querySelector("button, a, input")?.focus();
}

/** Whether it stands beside the chat and covers nothing. */
export function hasRoom(name) {
  return roomy[name].matches;
}

export function isOpen(name) {
  return document.body.dataset[name] === "open";
}

/** As they were left, where there is room; closed where there is none. */
export function settle() {
  set("sidebar", roomy.sidebar.matches);
  set("curtain", roomy.curtain.matches && memory.get("curtain.open") !== false);
}

function set(name, open) {
  document.body.dataset[name] = open ? "open" : "closed";
  document.getElementById(name).inert = !open;
  const covered = DRAWERS.some((one) => isOpen(one) && !roomy[one].matches);
  document.getElementById("scrim").hidden = !covered;
  changed("drawers");
}

export function closeDrawers() {
  for (const name of DRAWERS) if (!roomy[name].matches) set(name, false);
}

for (const media of Object.values(roomy)) media.addEventListener("change", settle);
