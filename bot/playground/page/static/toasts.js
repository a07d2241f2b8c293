// Sentences at the foot of the page: what was done, what did not work, what still goes on.

import { el, icon, iconButton } from "./dom.js";

const STAYS = { done: 3500, fault: 9000 };
const AT_MOST = 3;
const ICONS = { done: "check", fault: "alert" };

/** Show a sentence; `leave()` of what comes back takes it away. A busy one stays until then. */
export function toast(says, { kind = "done" } = {}) {
  const list = document.getElementById("toasts");
  for (const twin of [...list.children].filter((one) => one.dataset.says === says)) twin.remove();
  // One thing that was done takes the place of the one before; what did not work stays to be read.
  if (kind === "done") for (const before of list.querySelectorAll(".toast.done")) before.remove();
  const leave = () => node.remove();
  const node = el(
    "div.toast",
    { class: kind, role: kind === "fault" ? "alert" : "status", data: { says } },
    kind === "busy" ? el("span.spinner") : icon(ICONS[kind]),
    el("p", says),
    iconButton("close", "Dismiss", leave),
  );
  list.append(node);
  while (list.children.length > AT_MOST) list.firstElementChild.remove();
  if (kind !== "busy") vanish(node, STAYS[kind]);
  return { leave };
}

function vanish(node, after) {
  let timer = setTimeout(() => node.remove(), after);
  const hold = () => clearTimeout(timer);
  const go = () => (timer = setTimeout(() => node.remove(), after / 2));
  node.addEventListener("pointerenter", hold);
  node.addEventListener("pointerleave", go);
  node.addEventListener("focusin", hold);
  node.addEventListener("focusout", go);
}
