// The strip above the messages while a scene is on: what happens now, and the one thing to press.

import { ask } from "./ask.js";
import { el, icon, iconButton, refill } from "./dom.js";
import { perform } from "./puppet.js";
import { all, memory, state, watch } from "./store.js";

export const guide = el("section.guide", { hidden: true, "aria-label": "Guided scene" });
const told = el("p.told", { "aria-live": "polite" });
let working = null; // the step that is being done: the next one can be there before it is over
let drawn = "";

watch(["scene", "team", "me", "place", "message"], draw);

/** Begin a scene, whatever was on before. */
export async function begin(name) {
  const said = await ask("/page/scene", { do: "begin", scene: name }, { says: "The stage is being set …" });
  return said !== null;
}

function draw() {
  const [scene] = all("scene");
  guide.hidden = scene === undefined;
  hint(null);
  if (!scene) return;
  const step = scene.steps.find((one) => one.state === "now") ?? null;
  guide.className = `guide ${scene.done ? "done" : scene.stuck ? "stuck" : isYours(scene, step) ? "yours" : "waits"}`;
  const words = scene.done ? scene.closing : (scene.stuck ?? step?.says ?? "");
  if (told.textContent !== words) told.textContent = words;
  if (scene.done) remember(scene.name);
  else if (!scene.stuck) hint(step, scene);
  const at = `${scene.name}/${words}`;
  if (at !== drawn && !step?.hand.presses) queueMicrotask(() => inView(scene.card));
  drawn = at;
  refill(guide, head(scene), el("div.guide-body", sign(scene, step), el("div.words", told, line(scene, step)), el("div.buttons", buttons(scene, step))));
}

function head(scene) {
  const done = scene.steps.filter((one) => one.state === "done").length;
  const count = scene.done ? "What this has shown" : `Step ${Math.min(done + 1, scene.steps.length)} of ${scene.steps.length}`;
  return el(
    "div.guide-head",
    el("strong", scene.title),
    el("span.dots", { "aria-hidden": "true" }, scene.steps.map((one) => el("span.step-dot", { class: one.state }))),
    el("span.count", count),
    iconButton("close", "Leave this scene", () => ask("/page/scene", { do: "leave" }), { data: { focus: "guide-leave" } }),
  );
}

/** There is something to press, and nothing before it is still under way. */
function isYours(scene, step) {
  return Boolean(step?.button) && (working === null || working === nameOf(scene, step));
}

function nameOf(scene, step) {
  return `${scene.name}/${scene.steps.indexOf(step)}`;
}

function sign(scene, step) {
  if (scene.done) return el("span.sign", icon("check"));
  if (scene.stuck) return el("span.sign", icon("alert"));
  return el("span.sign", isYours(scene, step) ? icon("play") : el("span.spinner"));
}

/** The very words that are typed in this step. */
function line(scene, step) {
  if (scene.done || scene.stuck || !step?.hand.types) return null;
  return el("code.line", `${state.team.command} ${step.hand.types}`);
}

function buttons(scene, step) {
  if (scene.done) return [following(scene), el("button.btn", { type: "button", data: { focus: "guide-close" }, on: { click: () => ask("/page/scene", { do: "leave" }) } }, "Done")];
  if (scene.stuck) return [el("button.btn.primary", { type: "button", data: { focus: "guide-again" }, on: { click: () => begin(scene.name) } }, "Begin it again")];
  if (!isYours(scene, step)) return el("span.turn", "The bot’s turn");
  return el(
    "button.btn.primary.next",
    { type: "button", id: "guide-next", "aria-busy": working === null ? null : "true", data: { focus: "guide-next" }, on: { click: () => next(step, scene) } },
    el("span.label", step.button),
  );
}

function following(scene) {
  const scenes = state.team.scenes;
  const after = scenes[scenes.findIndex((one) => one.name === scene.name) + 1];
  return after && el("button.btn.primary.next", { type: "button", id: "guide-next", data: { focus: "guide-next" }, on: { click: () => begin(after.name) } }, el("span.label", `Next: ${after.title}`));
}

async function next(step, scene) {
  if (working !== null) return;
  working = nameOf(scene, step);
  draw();
  await perform(step, scene);
  working = null;
  draw();
}

/** The thing itself, for those who would rather press it with their own hand. */
function hint(step, scene) {
  for (const node of document.querySelectorAll(".hinted")) node.classList.remove("hinted");
  if (step === null || step.as !== state.me || !step.hand) return;
  queueMicrotask(() => (step.hand.presses ? document.querySelector(`[data-ts="${scene.card}"] [data-action="${step.hand.presses}"]`)?.classList.add("hinted") : null));
}

/** The head of the scene's card says how it stands; it must not be out of sight when that counts. */
function inView(ts) {
  const card = document.querySelector(`#chat [data-ts="${ts}"]`);
  const log = card?.closest(".log");
  if (log && card.offsetTop < log.scrollTop) log.scrollTop = card.offsetTop - 8;
}

function remember(name) {
  const played = new Set(memory.get("played") ?? []);
  if (played.has(name)) return;
  memory.set("played", [...played, name]);
}
