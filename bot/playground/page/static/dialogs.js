// Boxes that want an answer before anything else goes on.

import { el, iconButton } from "./dom.js";
import { text } from "./mrkdwn.js";

/** Show a dialog above everything; notices move into it, or nobody could read them. */
export function show(dialog) {
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    settle();
    dialog.remove();
  });
  dialog.showModal();
  settle();
}

function settle() {
  const open = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  open.append(document.getElementById("toasts"));
}

/** The `confirm` of an element, as Slack asks it. Resolves with whether the answer was yes. */
export function confirmed(confirm) {
  return asked({
    title: text(confirm.title),
    body: text(confirm.text),
    yes: text(confirm.confirm),
    no: text(confirm.deny),
    style: confirm.style === "danger" ? "danger" : "primary",
  });
}

/** Ask a question with two answers; closing it is a no. */
export function asked({ title, body, yes, no, style = "primary" }) {
  return new Promise((resolve) => {
    const answer = (said) => () => dialog.close(said);
    const dialog = el(
      "dialog.ask",
      { "aria-labelledby": "ask-title", on: { close: () => resolve(dialog.returnValue === "yes") } },
      el("header", el("h2", { id: "ask-title" }, title), iconButton("close", "Close", answer("no"))),
      el("div.body", el("p.text", body)),
      el(
        "footer",
        el("button.btn", { type: "button", on: { click: answer("no") } }, no),
        el("button.btn", { type: "button", class: style, autofocus: true, on: { click: answer("yes") } }, yes),
      ),
    );
    show(dialog);
  });
}
