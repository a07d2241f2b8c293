// The bot's process and Slack itself: kill, start, take away, give back.

import { pull } from "./ask.js";
import { el, icon, refill } from "./dom.js";
import { toggle } from "./providers.js";
import { all } from "./store.js";

export function draw(body) {
  const [bot] = all("bot");
  const [slack] = all("slack");
  if (!bot || !slack) return refill(body, el("p.empty", "The bot is being looked at …"));
  refill(body, process(bot), outage(slack), calm(bot, slack));
}

function process(bot) {
  const alive = ["running", "starting"].includes(bot.state);
  const facts = [
    ["State", el("span.state", { class: bot.state }, el("span.dot"), { running: "running", starting: "starting", stopped: "stopped", dead: "killed" }[bot.state])],
    ["Process", bot.pid === null ? "none" : String(bot.pid)],
    ["Started", bot.starts === 1 ? "once" : `${bot.starts} times`],
  ];
  return el(
    "section.panel-card",
    el("header", el("h3", "The bot"), el("p.story", bot.says)),
    el("dl.facts", facts.map(([name, value]) => el("div", el("dt", name), el("dd", value)))),
    el(
      "div.buttons",
      el("button.btn.danger", { type: "button", disabled: !alive, data: { focus: "kill" }, on: { click: () => pull({ do: "kill" }, "The process is being killed …") } }, "kill -9"),
      el("button.btn.primary", { type: "button", disabled: alive, data: { focus: "start" }, on: { click: () => pull({ do: "start" }, "The bot is being started …") } }, "Start it again"),
    ),
    el("p.hint", "Signal 9 cannot be caught: the process can save nothing and say goodbye to nobody. Press it between a vote and its outcome."),
  );
}

function outage({ down }) {
  return el(
    "section.panel-card",
    el("header", el("h3", "Slack"), el("p.story", down ? "Calls are reset, sockets are cut and refused." : "Answers every call, as fast as it can.")),
    toggle({
      id: "slack-down",
      on: down,
      label: "Slack is down",
      says: "Purchases that are approved go on; what the channel has to be told waits in the outbox and is told later, once.",
      flip: (on) => pull({ do: "slack", down: on }),
    }),
  );
}

function calm(bot, slack) {
  const broken = all("vendor").some((one) => one.down || one.switches.some((each) => each.on)) || slack.down;
  return el(
    "section.panel-card.quiet",
    el("p.story", icon(broken ? "alert" : "check"), broken ? "Something is broken on purpose." : "Nothing is broken on purpose."),
    el("button.btn", { type: "button", disabled: !broken, data: { focus: "calm" }, on: { click: () => pull({ do: "calm" }) } }, "Mend everything"),
  );
}
