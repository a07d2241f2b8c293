// The bar at the top: that nothing is real, how the bot is, the theme, and the way behind the curtain.

import { el, icon, refill } from "./dom.js";
import { drawer, isOpen } from "./moves.js";
import { all, state, watch } from "./store.js";
import { flip, isDark } from "./theme.js";
import { show as showTab } from "./curtain.js";

const SAYS = { running: "Bot running", starting: "Bot starting", stopped: "Bot stopped", dead: "Bot dead" };

export function mount(node) {
  watch(["bot", "slack", "live", "drawers", "theme", "team"], () => draw(node));
}

function draw(node) {
  const open = isOpen("curtain");
  refill(
    node,
    el("span.mode", "Playground"),
    el("p.says", "A pretend Slack, pretend providers, the real bot. Nothing here is real money."),
    health(),
    el("button.bar-button", { type: "button", data: { focus: "theme" }, "aria-label": isDark() ? "Use light colours" : "Use dark colours", title: isDark() ? "Use light colours" : "Use dark colours", on: { click: flip } }, icon(isDark() ? "sun" : "moon")),
    el(
      "button.bar-button.curtain-button",
      { type: "button", "aria-expanded": String(open), "aria-controls": "curtain", data: { focus: "curtain" }, on: { click: () => drawer("curtain", !open) } },
      icon("curtain"),
      el("span", "Behind the curtain"),
    ),
  );
}

function health() {
  const [bot] = all("bot");
  const [slack] = all("slack");
  const lost = state.live === "lost";
  const word = lost ? "Not connected" : slack?.down ? "Slack is down" : (SAYS[bot?.state] ?? "Connecting");
  const kind = lost || slack?.down || ["dead", "stopped"].includes(bot?.state) ? "bad" : bot?.state === "running" ? "good" : "soon";
  const open = () => (showTab("machine"), drawer("curtain", true));
  return el("button.health", { type: "button", class: kind, data: { focus: "health" }, title: "How the bot is", on: { click: open } }, el("span.dot"), el("span", word));
}
