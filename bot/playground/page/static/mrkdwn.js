// Slack's markup turned into nodes. Whatever is not understood is shown as the text that it is.

import { shaped, whole } from "./dates.js";
import { el } from "./dom.js";
import { nameOf, state } from "./store.js";
import { toast } from "./toasts.js";

const SPECIAL = /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>/g;
const EMPHASIS = /(?<![\p{L}\p{N}_*~])([*_~])(?=\S)([^\n]*?\S)\1(?![\p{L}\p{N}_*~])/u;
const QUOTE = /^(?:>|&gt;) ?/;
const TAGS = { "*": "strong", _: "em", "~": "s" };
const BARE = /https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)]/g;

// Code, links and mentions are taken out first and marked by one private character each, so that
// bold may reach across them and nothing inside them is taken for a mark of format.
const MARK = 0xe000;
const MARKS = /[\ue000-\uf8ff]/;

/** The nodes of a text object of type mrkdwn. */
export function mrkdwn(text, { verbatim = false } = {}) {
  const taken = [];
  const kept = text.replace(/[\ue000-\uf8ff]/g, "").replace(SPECIAL, (_, block, code, tag) => {
    if (taken.length > 6000) return _;
    taken.push(block !== undefined ? codeBlock(block) : code !== undefined ? el("code", unescaped(code)) : tagged(tag));
    return String.fromCharCode(MARK + taken.length - 1);
  });
  const context = { taken, verbatim };
  return quoted(kept).map(({ quote, lines }) => {
    const nodes = spans(lines.join("\n"), context);
    return quote ? el("blockquote", nodes) : nodes;
  });
}

/** The nodes of a text object, of either type. */
export function text(object) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text, { verbatim: object.verbatim === true }) : [object.text];
}

/** Mrkdwn as one line of plain words, for labels that are only read. */
export function plain(source) {
  return el("span", mrkdwn(source)).textContent;
}

/** Runs of lines, quoted or not. */
function quoted(source) {
  const runs = [];
  for (const line of source.split("\n")) {
    const quote = QUOTE.test(line);
    if (runs.at(-1)?.quote !== quote) runs.push({ quote, lines: [] });
    runs.at(-1).lines.push(quote ? line.replace(QUOTE, "") : line);
  }
  return runs;
}

function spans(source, context) {
  const found = EMPHASIS.exec(source);
  if (found === null) return leaves(source, context);
  const [everything, mark, inside] = found;
  return [
    ...leaves(source.slice(0, found.index), context),
    el(TAGS[mark], spans(inside, context)),
    ...spans(source.slice(found.index + everything.length), context),
  ];
}

function leaves(source, { taken, verbatim }) {
  return source
    .split(/([\ue000-\uf8ff])/)
    .filter(Boolean)
    .flatMap((piece) => (MARKS.test(piece) ? [taken[piece.charCodeAt(0) - MARK]] : verbatim ? [unescaped(piece)] : linked(piece)));
}

/** Addresses that nobody has marked are links as well, unless the sender says verbatim. */
function linked(piece) {
  const nodes = [];
  let at = 0;
  for (const found of piece.matchAll(BARE)) {
    nodes.push(unescaped(piece.slice(at, found.index)), link(found[0], found[0]));
    at = found.index + found[0].length;
  }
  return [...nodes, unescaped(piece.slice(at))].filter((one) => one !== "");
}

function codeBlock(source) {
  return el("pre", el("code", unescaped(source.replace(/^\n|\n$/g, ""))));
}

/** What stood between < and >. */
function tagged(inside) {
  const bar = inside.indexOf("|");
  const [target, label] = bar < 0 ? [inside, ""] : [inside.slice(0, bar), inside.slice(bar + 1)];
  if (target.startsWith("!date^")) return dated(target, label);
  if (target.startsWith("@") || target.startsWith("!subteam^")) {
    const id = target.replace(/^@|^!subteam\^/, "");
    return mention(id, `@${state.team.names[id] ?? (label.replace(/^@/, "") || id)}`);
  }
  if (target.startsWith("#")) return mention(target.slice(1), `#${state.team.names[target.slice(1)] ?? (label || target.slice(1))}`);
  if (target.startsWith("!")) return mention(target, `@${target.slice(1)}`);
  return link(target, label || target.replace(/^mailto:/, ""));
}

function dated(target, fallback) {
  const [, seconds, format] = target.split("^");
  const at = new Date(Number(seconds) * 1000);
  if (!format || Number.isNaN(at.getTime())) return document.createTextNode(unescaped(fallback));
  return el("time", { datetime: at.toISOString(), title: whole(at) }, shaped(Number(seconds), format));
}

function mention(id, words) {
  return el("span.mention", { class: id === state.me ? "me" : "", title: id.startsWith("!") ? null : nameOf(id) }, unescaped(words));
}

/** Links lead out of the playground, so they are shown and not followed. */
export function link(address, label) {
  const told = () => toast(`In Slack this opens ${unescaped(address)}. The playground leads nowhere outside.`);
  return el("button.link", { type: "button", title: unescaped(address), on: { click: told } }, unescaped(label));
}

function unescaped(source) {
  return source.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
