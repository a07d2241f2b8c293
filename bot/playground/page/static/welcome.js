// The first visit: what this is, in three sentences, and the way into the first scene.

import { show } from "./dialogs.js";
import { el, icon } from "./dom.js";
import { begin } from "./guide.js";
import { memory, state } from "./store.js";

const POINTS = [
  ["chat", "A team asks its bot to buy, people approve, and the bot buys exactly once. The bot is the real one; Slack and the providers are pretended, on this machine."],
  ["people", "You are everybody: ask as Ana, approve as Ben, be turned away as Dan. Or open two tabs and press at the same moment."],
  ["curtain", "Behind the curtain you lose replies, kill the process and take Slack away. The card in the channel stays true."],
];

/** Greet whoever has not been here before. */
export function greet() {
  if (memory.get("greeted")) return;
  const start = () => {
    dialog.close();
    begin(state.team.scenes[0].name);
  };
  const dialog = el(
    "dialog.welcome",
    { "aria-labelledby": "welcome-title", on: { close: () => memory.set("greeted", true) } },
    el("span.mark.big", { "aria-hidden": "true" }),
    el("h2", { id: "welcome-title" }, "Welcome to the Countersign playground"),
    el("ul", POINTS.map(([sign, says]) => el("li", icon(sign), el("span", says)))),
    el(
      "footer",
      el("button.btn", { type: "button", on: { click: () => dialog.close() } }, "Look around"),
      el("button.btn.primary", { type: "button", autofocus: true, on: { click: start } }, "Start the first scene"),
    ),
    el("p.hint", "Nothing here is real money, and the page can reach nothing outside."),
  );
  show(dialog);
}
