// The middle of the page: the open conversation, its messages and the box to type in.

import { ask } from "./ask.js";
import { blocks } from "./blocks.js";
import { Composer } from "./composer.js";
import { el, icon, refill } from "./dom.js";
import { face } from "./faces.js";
import { guide } from "./guide.js";
import { drawer, go } from "./moves.js";
import { viewSeat } from "./seats.js";
import { all, direct, messages, nameOf, person, state, watch } from "./store.js";
import { Timeline } from "./timeline.js";

const head = el("header.chat-head");
const notice = el("div.notice", { hidden: true, role: "status" });
const silent = el("p.silent", { hidden: true }, icon("info"), "Sending messages to this app has been turned off, as its manifest asks. Type in the channel.");
const home = el("div.home", { hidden: true, tabindex: "0", role: "region", "aria-label": "Home tab" });
export const timeline = new Timeline({ label: "Messages", open: (message) => go({ thread: message.ts }) });
export const composer = new Composer({ id: "composer", place: () => state.place });
let shown = "";

export function mount(node) {
  node.append(head, guide, notice, timeline.node, home, silent, composer.node);
  watch(["message", "home", "me", "place", "team"], draw);
  watch(["bot", "slack", "live"], warn);
}

function draw() {
  const where = `${state.me}/${state.place}`;
  const label = inChannel() ? `Messages in #${state.team.channel.name}` : `Messages with ${nameOf(state.team.bot.id)}`;
  if (where !== shown) timeline.begin(label);
  shown = where;
  refill(head, inChannel() ? channelHead() : directHead());
  const atHome = !inChannel() && state.tab === "home";
  timeline.node.hidden = atHome;
  silent.hidden = inChannel() || atHome || !state.team.read_only;
  composer.node.hidden = atHome || !silent.hidden;
  home.hidden = !atHome;
  if (atHome) return drawHome();
  composer.draw();
  refill(timeline.empty, inChannel() ? beginning() : el("p", `Nothing here yet. What ${nameOf(state.team.bot.id)} tells ${person(state.me).name} alone arrives here.`));
  timeline.draw(messages(state.place), replies());
}

function inChannel() {
  return state.place === state.team.channel.id;
}

/** The threads of this place: replies by the ts of what they answer. */
function replies() {
  const found = new Map();
  for (const one of all("message").sort((a, b) => (a.ts < b.ts ? -1 : 1))) {
    if (one.place !== state.place || one.private || one.thread === null || one.thread === one.ts) continue;
    found.set(one.thread, [...(found.get(one.thread) ?? []), one]);
  }
  return found;
}

function channelHead() {
  const count = state.team.people.length + 1;
  return [
    opener(),
    el("h1", icon("hash"), state.team.channel.name),
    el("p.topic", "Purchases are asked for and decided here. Every order has one card."),
    el("span.count", { title: "Members" }, icon("people"), el("span.hidden", "Members: "), String(count)),
  ];
}

function directHead() {
  const tab = (name, label) =>
    el("button.tab", { type: "button", role: "tab", "aria-selected": String(state.tab === name), data: { focus: `tab-${name}` }, on: { click: () => openTab(name) } }, label);
  return [
    opener(),
    el("h1", face(state.team.bot.id, "small"), nameOf(state.team.bot.id), el("span.badge.app", "APP")),
    state.team.home_tab && el("div.tabs", { role: "tablist", "aria-label": "The bot’s pages" }, tab("home", "Home"), tab("messages", "Messages")),
  ];
}

function opener() {
  const me = person(state.me);
  return el(
    "button.who-am-i",
    { type: "button", "aria-label": `You are ${me.name}. Open channels and people`, data: { focus: "drawer" }, on: { click: () => drawer("sidebar", true) } },
    icon("menu"),
    face(state.me, "small"),
  );
}

function openTab(name) {
  go({ tab: name });
  // A bot that has nothing to publish does not answer, and that is no fault.
  if (name === "home") ask("/page/do", { do: "home", as: state.me });
}

function drawHome() {
  const [published] = all("home");
  if (published) return refill(home, blocks(published.blocks, viewSeat(published)));
  refill(home, el("div.empty", icon("info"), el("p", `${nameOf(state.team.bot.id)} has published no home tab for ${person(state.me).name}.`)));
}

function beginning() {
  const example = (words) =>
    el("button.example", { type: "button", data: { focus: `example-${words}` }, on: { click: () => composer.use({ words }) } }, el("b", state.team.command), ` ${words}`);
  return [
    el("span.big-hash", icon("hash")),
    el("h2", `This is the very beginning of #${state.team.channel.name}`),
    el("p", "Whoever wants to buy types it here; a card then says who must agree and what becomes of it. Try one of these, or play a scene."),
    el("div.examples", state.team.hints.slice(0, 3).map(({ words }) => example(words))),
  ];
}

/** What keeps people from doing anything, in one line above the messages. */
function warn() {
  const says = trouble();
  notice.hidden = says === null;
  if (says !== null) refill(notice, icon("alert"), el("span", says));
}

function trouble() {
  const [bot] = all("bot");
  const [slack] = all("slack");
  if (state.live === "lost") return "The playground does not answer; trying again. What you see may be old.";
  if (slack?.down) return "Slack is down: nothing can be typed or pressed, and the bot cannot be heard.";
  if (bot && bot.state === "starting") return "The bot is starting; in a moment it hears you again.";
  if (bot && bot.state !== "running") return "The bot’s process is gone: nobody answers. Start it again behind the curtain.";
  return null;
}
