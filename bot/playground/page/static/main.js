// Put the page together.

import * as chat from "./chat.js";
import * as curtain from "./curtain.js";
import { el } from "./dom.js";
import { closeDrawers, remember, settle } from "./moves.js";
import * as sidebar from "./sidebar.js";
import { changed, memory, state } from "./store.js";
import { listen } from "./stream.js";
import * as theme from "./theme.js";
import * as thread from "./thread.js";
import * as topbar from "./topbar.js";
import "./views.js";
import { greet } from "./welcome.js";

const at = (id) => document.getElementById(id);

/** Who and what there is; asked again after the server was away, since it may be another one. */
async function introduce() {
  const reply = await fetch("/page/team");
  if (!reply.ok) throw new Error(`the page said ${reply.status}`);
  state.team = await reply.json();
  changed("team");
}

function whoseEyes() {
  const wanted = new URL(window.location.href).searchParams.get("as") ?? memory.get("me", sessionStorage);
  const known = state.team.people.map((one) => one.id);
  return known.includes(wanted) ? wanted : known[0];
}

async function start() {
  theme.apply();
  try {
    await introduce();
  } catch {
    at("chat").append(el("p.empty", "The playground does not answer. Is “make demo” still running? Then load this page again."));
    return;
  }
  state.me = whoseEyes();
  state.place = state.team.channel.id;
  remember();
  topbar.mount(at("topbar"));
  sidebar.mount(at("sidebar"));
  chat.mount(at("chat"));
  thread.mount(at("thread"));
  curtain.mount(at("curtain"));
  at("scrim").addEventListener("click", closeDrawers);
  document.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && closeDrawers());
  settle();
  changed("team", "me", "place");
  listen(introduce);
  greet();
}

start();
