// What really went over the wires, newest first, secrets hidden by the server.

import { exact } from "./dates.js";
import { el, place, refill } from "./dom.js";
import { all, changed } from "./store.js";

const FILTERS = {
  all: { label: "All", fits: () => true },
  slack: { label: "Slack", fits: (one) => one.way !== "http" },
  providers: { label: "Providers", fits: (one) => one.way === "http" },
};

const WAYS = { envelope: "socket", "web api": "Web API", response_url: "response_url", http: "HTTP" };

let filter = "all";
let words = "";
const rows = new Map();
const list = el("ol.wires");
const find = el("input.field", { type: "search", placeholder: "Find a word in names and contents", "aria-label": "Find in the traffic", data: { focus: "find" }, on: { input: () => ((words = find.value.toLowerCase()), changed("traffic")) } });

export function draw(body) {
  const every = all("traffic").sort((a, b) => b.seq - a.seq);
  const shown = every.filter((one) => FILTERS[filter].fits(one) && (!words || JSON.stringify(one).toLowerCase().includes(words)));
  const keys = Object.entries(FILTERS).map(([name, { label }]) =>
    el("button.segment", { type: "button", "aria-pressed": String(filter === name), data: { focus: `filter-${name}` }, on: { click: () => ((filter = name), changed("traffic")) } }, label),
  );
  fill(shown);
  refill(
    body,
    el("p.lead", "Every frame and call as it was sent. Tokens, passwords and codes are hidden before they are kept."),
    el("div.tools-row", el("div.segments", { role: "group", "aria-label": "Which traffic" }, keys), find),
    list,
    shown.length === 0 && el("p.empty", every.length ? "Nothing of that kind." : "Nothing has been said yet."),
  );
}

/** Rows that stand already stay, so that what somebody has unfolded stays unfolded. */
function fill(shown) {
  const nodes = shown.map((one) => {
    const known = rows.get(one.seq);
    if (known?.thing === one) return known.node;
    const node = entry(one, known?.node.querySelector("details")?.open === true);
    rows.set(one.seq, { thing: one, node });
    return node;
  });
  place(list, nodes);
  const kept = new Set(nodes);
  for (const [seq, { node }] of rows) if (!kept.has(node)) rows.delete(seq);
}

function entry(one, open) {
  const body = el("div.wire-body");
  const unfold = (event) => event.currentTarget.open && !body.firstChild && body.append(...contents(one));
  const details = el(
    "details",
    { on: { toggle: unfold } },
    el(
      "summary",
      el("span.flow", { class: `${one.from} ${one.to}`.toLowerCase().replace(/[^a-z ]/g, "") }, el("b", one.from), el("span.arrow", { "aria-hidden": "true" }, "→"), el("span.hidden", " to "), el("b", one.to)),
      el("span.way", WAYS[one.way] ?? one.way),
      one.status && el("span.status", { class: tone(one.status) }, one.status),
      el("span.name", one.name),
      el("time", { datetime: new Date(one.at * 1000).toISOString() }, exact(new Date(one.at * 1000))),
    ),
    body,
  );
  details.open = open;
  return el("li.wire", { data: { seq: String(one.seq) } }, details);
}

function contents({ payload, way }) {
  if (way !== "http") return [json(payload)];
  return Object.entries(payload).flatMap(([name, value]) => (value === null ? [] : [el("h4", name), json(value)]));
}

function json(value) {
  return el("pre", { tabindex: "0" }, el("code", typeof value === "string" ? value : JSON.stringify(value, null, 2)));
}

function tone(status) {
  if (/^(ok|2\d\d)$/.test(status)) return "good";
  return status === "no answer yet" ? "soon" : "bad";
}
