// A menu that opens under a button: arrow keys, Escape, and a click elsewhere closes it.

import { el } from "./dom.js";

/** `options`: a list of {label, says, pick}. */
export function menu(opener, options) {
  const list = el("div.menu", { role: "menu", hidden: true });
  const holder = el("div.menu-holder", opener, list);
  const items = () => [...list.querySelectorAll("[role=menuitem]")];
  const shut = (refocus) => {
    list.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", away);
    if (refocus) opener.focus();
  };
  const away = (event) => holder.contains(event.target) || shut(false);
  opener.setAttribute("aria-expanded", "false");
  opener.addEventListener("click", () => {
    if (!list.hidden) return shut(true);
    list.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    document.addEventListener("pointerdown", away);
    items()[0]?.focus();
  });
  list.append(
    ...options.map(({ label, says, pick }) =>
      el("button", { type: "button", role: "menuitem", on: { click: () => (shut(true), pick()) } }, el("span.name", label), says && el("span.says", says)),
    ),
  );
  holder.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const all = items();
    const at = all.indexOf(document.activeElement);
    const next = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape") shut(true);
    else if (next !== undefined) all[next].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return holder;
}
