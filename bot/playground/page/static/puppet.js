// Do one step of a scene so that it can be seen: change eyes, type the words, point at the button.

import { ask } from "./ask.js";
import { composer, timeline } from "./chat.js";
import { show as showTab } from "./curtain.js";
import { become, drawer, go, hasRoom } from "./moves.js";
import { turnTo } from "./providers.js";
import { state } from "./store.js";

const still = window.matchMedia("(prefers-reduced-motion: reduce)");
const TYPING = 450; // milliseconds for a line, however long it is
const POINTING = 450;

export async function perform(step, scene) {
  const { hand } = step;
  if (step.as) await become(step.as);
  if (hand?.types) await type(hand.types);
  if (hand?.presses) await point(scene.card, hand.presses);
  if (hand?.behind) reveal(hand);
  await ask("/page/scene", { do: "next" }, { says: step.says });
  if (hand?.types) composer.clear();
}

async function type(words) {
  go({ place: state.team.channel.id, thread: null });
  const line = `${state.team.command} ${words}`;
  if (!still.matches) {
    for (let at = 3; at < line.length; at += 3) {
      composer.put(line.slice(0, at));
      await pause((TYPING * 3) / line.length);
    }
  }
  composer.put(line);
}

async function point(ts, action) {
  go({ place: state.team.channel.id });
  await pause(0);
  const button = timeline.find(ts)?.querySelector(`[data-action="${action}"]`);
  if (!button) return;
  button.scrollIntoView({ block: "nearest" });
  if (still.matches) return;
  button.classList.add("pointed");
  await pause(POINTING);
  button.classList.remove("pointed");
}

/** What is done behind the curtain is seen there, where there is room for both. */
function reveal({ behind, vendor }) {
  if (vendor) turnTo(vendor);
  showTab(behind);
  if (hasRoom("curtain")) drawer("curtain", true);
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
