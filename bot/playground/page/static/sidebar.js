// The left side: places, and whose eyes these are.

import { el, icon, refill } from "./dom.js";
import { face } from "./faces.js";
import { become, closeDrawers, go } from "./moves.js";
import { direct, messages, nameOf, state, watch } from "./store.js";

const read = new Map(); // by person and place, the ts up to which it has been seen

export function mount(node) {
  watch(["message", "me", "place", "team"], () => draw(node));
}

function draw(node) {
  const { team } = state;
  refill(
    node,
    el("div.workspace", el("span.mark", { "aria-hidden": "true" }), el("span", el("strong", team.team), el("small", "a pretend workspace"))),
    el("div.scroll", places(team), people(team)),
  );
}

function places({ channel, bot }) {
  return [
    el("h2", { id: "channels" }, "Channels"),
    el("ul", { "aria-labelledby": "channels" }, el("li", place(channel.id, icon("hash"), channel.name))),
    el("h2", { id: "directs" }, "Direct messages"),
    el("ul", { "aria-labelledby": "directs" }, el("li", place(direct(), face(bot.id, "tiny"), nameOf(bot.id)))),
  ];
}

function place(id, sign, label) {
  const here = state.place === id;
  const count = unread(id, here);
  const open = () => (go({ place: id }), closeDrawers());
  return el(
    "button.place",
    { type: "button", class: count ? "unread" : "", "aria-current": here ? "page" : null, data: { focus: `place-${id}` }, on: { click: open } },
    sign,
    el("span.name", label),
    count > 0 && el("span.pip", el("span.hidden", "Unread: "), String(count)),
  );
}

/** How many messages came since this person last looked there. */
function unread(id, here) {
  const key = `${state.me}/${id}`;
  const said = messages(id).filter((one) => !one.private);
  const last = said.at(-1)?.ts ?? "";
  if (here || !read.has(key)) read.set(key, last);
  return said.filter((one) => one.ts > read.get(key) && one.user !== state.me).length;
}

function people({ people: list }) {
  return [
    el("h2", { id: "people" }, "You are"),
    el("ul.people", { "aria-labelledby": "people" }, list.map((one) => el("li", choose(one), second(one)))),
    el("p.note", "Everybody here is you. Choose whose eyes you look through, or open somebody in a second tab."),
  ];
}

function choose({ id, name, role, says }) {
  const me = id === state.me;
  const pick = () => (become(id), closeDrawers());
  return el(
    "button.person",
    { type: "button", "aria-pressed": String(me), title: says, data: { focus: `person-${id}`, person: id }, on: { click: pick } },
    face(id, "small"),
    el("span.name", name),
    el("span.role", { class: role.replace(" ", "-") }, role),
  );
}

function second({ id, name }) {
  return el(
    "a.second",
    { href: `/?as=${id}`, target: "_blank", rel: "noopener", "aria-label": `Open ${name} in a second tab`, title: `Open ${name} in a second tab`, data: { focus: `second-${id}` } },
    icon("window"),
  );
}
