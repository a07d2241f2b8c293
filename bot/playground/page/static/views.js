// The bot's modals: the newest one in front, filled in by the person, handed in or closed.

import { act } from "./ask.js";
import { blocks } from "./blocks.js";
import { show } from "./dialogs.js";
import { el, iconButton, keepFocus, place } from "./dom.js";
import { answers, forget, viewSeat } from "./seats.js";
import { all, state, watch } from "./store.js";

let dialog = null;
let shown = null;
let faults = {};
let drawn = new Map();

watch(["view", "me"], draw);

function draw() {
  const top = all("view").sort((a, b) => a.stack - b.stack).at(-1) ?? null;
  if (top === null) return shut();
  if (shown?.id !== top.id) faults = {};
  if (dialog === null) {
    dialog = el("dialog.view", { "aria-labelledby": "view-title", on: { cancel: (event) => (event.preventDefault(), dismiss()) } });
    fill(top);
    show(dialog);
    // The first field is what people want to fill in, not the cross in the corner.
    (dialog.querySelector(".field, .options input") ?? dialog.querySelector("footer .primary"))?.focus();
  } else if (shown !== top) {
    fill(top);
  }
}

function shut() {
  if (shown) forget(shown.id);
  dialog?.close();
  dialog = null;
  shown = null;
}

/** Draw a view; one that is only changed keeps its frame, so that a button stays under the mouse. */
function fill(view) {
  const anew = shown?.id !== view.id;
  if (anew) frame();
  shown = view;
  const submit = dialog.querySelector("[type=submit]");
  dialog.querySelector("h2").textContent = view.title;
  dialog.querySelector("footer .label").textContent = view.close;
  submit.hidden = !view.submit;
  submit.firstChild.textContent = view.submit ?? "";
  const body = dialog.querySelector(".body");
  keepFocus(body, () => place(body, blocks(view.blocks, viewSeat(view, faults), drawn)));
}

/** An empty form, whatever stood in the dialog before. */
function frame() {
  drawn = new Map();
  const notices = [...dialog.children].filter((one) => one.id === "toasts");
  const form = el(
    "form",
    { novalidate: true, on: { submit: (event) => (event.preventDefault(), handIn(shown)) } },
    el("header", el("span.mark", { "aria-hidden": "true" }), el("h2", { id: "view-title" }), iconButton("close", "Close", dismiss)),
    el("div.body", { tabindex: "-1" }),
    el(
      "footer",
      el("button.btn", { type: "button", on: { click: dismiss }, data: { focus: "view-close" } }, el("span.label")),
      el("button.btn.primary", { type: "submit", data: { focus: "view-submit" } }, el("span.label")),
    ),
  );
  dialog.replaceChildren(form, ...notices);
}

async function handIn(view) {
  const submit = dialog.querySelector("[type=submit]");
  if (!submit || submit.getAttribute("aria-busy")) return;
  submit.setAttribute("aria-busy", "true");
  const told = await act({ do: "submit", as: state.me, view: view.id, values: answers(view) });
  submit.removeAttribute("aria-busy");
  if (dialog === null || shown?.id !== view.id) return;
  faults = told?.errors ?? {};
  fill(shown);
  dialog.querySelector(".faulty .field, .faulty input")?.focus();
}

function dismiss() {
  if (shown) act({ do: "close", as: state.me, view: shown.id });
}
