// The right side, behind the curtain: scenes, the providers, the machine, and what goes over the wires.

import { el, iconButton, refill } from "./dom.js";
import { drawer } from "./moves.js";
import * as machine from "./machine.js";
import * as providers from "./providers.js";
import * as scenes from "./scenes.js";
import { changed, state, watch } from "./store.js";
import * as traffic from "./traffic.js";

const TABS = [
  { name: "scenes", label: "Scenes", draw: scenes.draw, kinds: ["scene", "team"] },
  { name: "providers", label: "Providers", draw: providers.draw, kinds: ["vendor", "team"] },
  { name: "machine", label: "Bot & Slack", draw: machine.draw, kinds: ["bot", "slack", "vendor", "team"] },
  { name: "traffic", label: "Traffic", draw: traffic.draw, kinds: ["traffic", "team"] },
];

let open = "scenes";
const head = el("header.curtain-head");
const body = el("div.curtain-body", { role: "tabpanel", id: "curtain-panel", tabindex: "0", "aria-labelledby": "curtain-tab-scenes" });

export function mount(node) {
  node.append(head, body);
  watch(["tab", "team"], drawHead);
  for (const tab of TABS) watch(tab.kinds, () => tab.name === open && tab.draw(body));
}

/** Show one of the tabs. */
export function show(name) {
  if (open === name || state.team === null) return;
  open = name;
  body.replaceChildren();
  body.scrollTop = 0;
  body.setAttribute("aria-labelledby", `curtain-tab-${name}`);
  TABS.find((tab) => tab.name === name).draw(body);
  changed("tab");
}

function drawHead() {
  refill(
    head,
    el("div.row-of-two", el("h2", "Behind the curtain"), iconButton("close", "Close the panel", () => drawer("curtain", false), { data: { focus: "curtain-close" } })),
    el("div.tabs", { role: "tablist", "aria-label": "Behind the curtain", on: { keydown: walk } }, TABS.map(tabButton)),
  );
}

function tabButton({ name, label }) {
  const here = open === name;
  return el(
    "button.tab",
    { type: "button", role: "tab", id: `curtain-tab-${name}`, "aria-selected": String(here), "aria-controls": "curtain-panel", tabindex: here ? "0" : "-1", data: { focus: `curtain-${name}` }, on: { click: () => show(name) } },
    label,
  );
}

/** Arrow keys walk along the tabs. */
function walk(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const at = TABS.findIndex((tab) => tab.name === open);
  const next = TABS[(at + step + TABS.length) % TABS.length].name;
  show(next);
  event.preventDefault();
  queueMicrotask(() => document.getElementById(`curtain-tab-${next}`).focus());
}
