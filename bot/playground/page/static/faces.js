// Who is who at a glance: initials on a colour, the bot's mark, and a word for those from outside.

import { el } from "./dom.js";
import { nameOf, person, state } from "./store.js";

/** A square with initials; the name always stands beside it. */
export function face(id, size = "") {
  if (id === state.team.bot.id) return el("span.face.bot", { class: size, "aria-hidden": "true" });
  const index = state.team.people.findIndex((one) => one.id === id);
  return el("span.face", { class: `${size} colour-${index < 0 ? "none" : index}`, "aria-hidden": "true" }, nameOf(id)[0]);
}

/** What else one should know about an author. */
export function badge(id) {
  if (id === state.team.bot.id) return el("span.badge.app", "APP");
  const role = person(id)?.role;
  return role === "guest" || role === "other company" ? el("span.badge", role) : null;
}
