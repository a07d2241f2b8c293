// The list of scenes: what each shows, and how far the one that is on has come.

import { el, icon, refill } from "./dom.js";
import { begin } from "./guide.js";
import { closeDrawers } from "./moves.js";
import { all, memory, nameOf, state } from "./store.js";

export function draw(body) {
  const [on] = all("scene");
  const played = new Set(memory.get("played") ?? []);
  refill(
    body,
    el("p.lead", "Five short stories, a minute each, with the real bot. The strip above the messages says what to press; you can also do each step by hand."),
    el("ol.scenes", state.team.scenes.map((scene, nth) => card(scene, nth, on?.name === scene.name ? on : null, played.has(scene.name)))),
  );
}

function card(scene, nth, on, played) {
  const start = () => (begin(scene.name), closeDrawers());
  return el(
    "li.scene",
    { class: on ? "on" : "" },
    el("span.number", { class: played ? "played" : "", "aria-hidden": "true" }, played ? icon("check") : String(nth + 1)),
    el(
      "div",
      el("h3", scene.title, played && el("span.hidden", " (played)")),
      el("p", scene.says),
      on ? steps(on) : null,
      el("button.btn", { type: "button", class: played || on ? "" : "primary", data: { focus: `play-${scene.name}`, scene: scene.name }, on: { click: start } }, icon("play"), on ? "Begin again" : played ? "Play again" : "Play"),
    ),
  );
}

function steps(on) {
  return el(
    "ol.steps",
    on.steps.map((step) =>
      el(
        "li",
        { class: step.state, "aria-current": step.state === "now" ? "step" : null },
        el("span.tick", { "aria-hidden": "true" }, step.state === "done" ? icon("check") : null),
        el("span", step.says, step.as && step.state !== "done" ? el("span.who", ` ${nameOf(step.as)}`) : null),
      ),
    ),
  );
}
