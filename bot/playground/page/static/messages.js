// One message as a row: who, when, what; its thread below it, its tools beside it.

import { blocks } from "./blocks.js";
import { clock, whole } from "./dates.js";
import { el, icon, iconButton, place } from "./dom.js";
import { badge, face } from "./faces.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { messageSeat } from "./seats.js";
import { nameOf, state } from "./store.js";

const PICTURES = ["png", "jpg", "jpeg", "gif"];

/**
 * `shape`: {compact, replies, open, dismiss, drawn}; `replies` are the messages of its thread, `open`
 * shows that thread, `dismiss` takes a private answer off this screen, `drawn` are its blocks so far.
 */
export function row(message, shape) {
  const at = new Date(message.at * 1000);
  const stamp = el("time", { datetime: at.toISOString(), title: whole(at) }, clock(at));
  return [
    shape.compact ? el("div.gutter", stamp) : el("div.gutter", face(message.user)),
    el(
      "div.content",
      message.private && el("p.only-you", icon("eye"), "Only visible to you"),
      !shape.compact && el("div.byline", el("span.name", nameOf(message.user)), badge(message.user), stamp),
      el("div.said", said(message, shape)),
      shape.replies?.length ? thread(message, shape) : null,
    ),
    tools(message, shape),
  ];
}

/** Draw a row anew after its message was edited or answered; what is the same is not touched. */
export function redraw(node, message, shape) {
  const [, content] = node.children;
  place(content.querySelector(":scope > .said"), said(message, shape));
  content.querySelector(":scope > .replies")?.remove();
  if (shape.replies?.length) content.append(thread(message, shape));
  node.querySelector(":scope > .tools")?.remove();
  const beside = tools(message, shape);
  if (beside) node.append(beside);
}

function said(message, { drawn }) {
  const body = message.blocks.length ? blocks(message.blocks, messageSeat(message), drawn) : [message.text && el("div.text", mrkdwn(message.text))];
  const edited = message.edited && !message.blocks.length && el("span.edited", " (edited)");
  return [...body, ...message.files.map(file), edited].filter(Boolean);
}

/** A file in a message: pictures are shown, anything else can be saved. */
function file({ id, name, title, size, filetype, alt_txt: words }) {
  const address = `/page/file/${encodeURIComponent(id)}?as=${encodeURIComponent(state.me)}`;
  if (PICTURES.includes(filetype)) return el("figure.file", el("img", { src: address, alt: words || title }), el("figcaption", title));
  return el(
    "a.file",
    { href: address, download: name, data: { focus: `file-${id}` } },
    icon("file"),
    el("span", el("strong", title || name), el("small", `${filetype.toUpperCase()} · ${sized(size)}`)),
  );
}

function sized(bytes) {
  return bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(1)} kB`;
}

/** What a screen reader says of it: the bot's own fallback text, as in Slack. */
export function spoken(message) {
  const who = message.private ? `${nameOf(message.user)}, only visible to you` : nameOf(message.user);
  return `${who}: ${plain(message.text)}`;
}

function thread(message, { replies, open }) {
  const last = replies.at(-1);
  const people = [...new Set(replies.map((one) => one.user))].slice(0, 4);
  const count = replies.length === 1 ? "1 reply" : `${replies.length} replies`;
  return el(
    "button.replies",
    { type: "button", data: { focus: `replies-${message.ts}` }, on: { click: () => open(message) } },
    people.map((one) => face(one, "tiny")),
    el("span.count", count),
    el("span.last", `Last at ${clock(new Date(last.at * 1000))}`),
    icon("chevron"),
  );
}

function tools(message, { open, dismiss }) {
  if (message.private) return el("div.tools", iconButton("close", "Dismiss this private answer", () => dismiss(message), { data: { focus: `dismiss-${message.ts}` } }));
  const earlier = message.earlier.length ? before(message) : null;
  const answer = open && iconButton("chat", "Reply in thread", () => open(message), { data: { focus: `answer-${message.ts}` } });
  return answer || earlier ? el("div.tools", earlier, answer) : null;
}

/** What a card said before it was edited. Slack does not keep that; here one may want to see it. */
function before(message) {
  const list = el(
    "ol",
    message.earlier.map((said) => el("li", said.split("\n").slice(0, 3).join("\n"))),
  );
  const box = el("div.earlier", { hidden: true, role: "group", "aria-label": "What it said before" }, el("p", "What it said before"), list);
  const toggle = (event) => {
    box.hidden = !box.hidden;
    event.currentTarget.setAttribute("aria-expanded", String(!box.hidden));
  };
  return [iconButton("clock", "What it said before", toggle, { "aria-expanded": "false", data: { focus: `before-${message.ts}` } }), box];
}
