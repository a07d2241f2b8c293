// Where people type: what is being typed is helped along, and what was typed can be had again.

import { act } from "./ask.js";
import { el, icon } from "./dom.js";
import { memory, nameOf, person, state } from "./store.js";
import { toast } from "./toasts.js";

const REMEMBERED = 30;

function answerable() {
  const ask = state.team.heard ? ` Ask with @${nameOf(state.team.bot.id)} status instead.` : "";
  return `Slack takes no commands in threads.${ask}`;
}

/** A box for messages. `place()` is where it sends to; `thread()` what it answers, or null. */
export class Composer {
  constructor({ id, place, thread = () => null }) {
    this.place = place;
    this.thread = thread;
    this.at = null; // how far back in what was typed before
    this.picked = -1;
    this.list = el("div.hints", { id: `${id}-hints`, role: "listbox", "aria-label": "What one can type", hidden: true });
    this.input = el("input", {
      id,
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      maxlength: "3000",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": `${id}-hints`,
      on: {
        input: () => ((this.at = null), this.hint()),
        keydown: (event) => this.key(event),
        focus: () => this.hint(),
        blur: () => setTimeout(() => this.fold(), 150),
      },
    });
    this.button = el("button.send", { type: "submit", "aria-label": "Send", title: "Send" }, icon("send"));
    const send = (event) => (event.preventDefault(), this.send());
    this.foot = el("p.foot");
    this.node = el("form.composer", { on: { submit: send } }, this.list, el("div.box", this.input, this.button), this.foot);
  }

  /** Say for whom and where. */
  draw() {
    const place = this.place();
    const where = this.thread() ? "Reply" : place === state.team.channel.id ? `Message #${state.team.channel.name}` : `Message ${nameOf(state.team.bot.id)}`;
    const me = person(state.me).name;
    this.input.placeholder = `${where} as ${me}`;
    this.input.setAttribute("aria-label", `${where} as ${me}`);
    this.foot.textContent = this.thread() ? answerable() : "Type /buy to ask for a purchase. Arrow up brings back what you typed.";
  }

  get commands() {
    return this.thread() === null;
  }

  async send() {
    const words = this.input.value.trim();
    if (!words || this.node.getAttribute("aria-busy")) return;
    const { me } = state;
    const place = this.place();
    const slash = words === state.team.command || words.startsWith(`${state.team.command} `);
    if (!slash && words.startsWith("/")) return void toast(`There is one command here: ${state.team.command}.`, { kind: "fault" });
    if (slash && !this.commands) return void toast("Slack takes no commands in threads: type it in the channel.", { kind: "fault" });
    this.remember(words);
    this.input.value = "";
    this.fold();
    this.busy(true);
    const told = slash
      ? await act({ do: "slash", as: me, place, words: words.slice(state.team.command.length).trim() })
      : await act({ do: "say", as: me, place, words, thread: this.thread() });
    this.busy(false);
    // What could not be sent is not lost: it stands in the box again.
    if ((told === null || told.error) && !this.input.value) this.input.value = words;
  }

  busy(on) {
    if (on) this.node.setAttribute("aria-busy", "true");
    else this.node.removeAttribute("aria-busy");
  }

  key(event) {
    const keys = { ArrowUp: () => this.up(), ArrowDown: () => this.down(), Escape: () => this.escape(), Tab: () => this.complete(event), Enter: () => this.enter() };
    if (event.isComposing || event.shiftKey || !keys[event.key]) return;
    if (keys[event.key]()) event.preventDefault();
  }

  up() {
    if (!this.list.hidden && this.picked > 0) return this.pick(this.picked - 1);
    const typed = this.history();
    if (this.input.value && this.at === null) return false;
    if (!typed.length) return false;
    this.recall(Math.max((this.at ?? typed.length) - 1, 0));
    return true;
  }

  down() {
    if (!this.list.hidden) return this.pick(Math.min(this.picked + 1, this.shown.length - 1));
    if (this.at === null) return false;
    this.recall(this.at + 1);
    return true;
  }

  escape() {
    if (this.list.hidden) return false;
    this.fold();
    return true;
  }

  complete(event) {
    if (this.list.hidden) return false;
    this.use(this.shown[Math.max(this.picked, 0)]);
    event.stopPropagation();
    return true;
  }

  enter() {
    if (this.list.hidden || this.picked < 0) return false;
    this.use(this.shown[this.picked]);
    return true;
  }

  history() {
    return memory.get(`typed.${state.me}`) ?? [];
  }

  remember(words) {
    const typed = this.history().filter((one) => one !== words);
    memory.set(`typed.${state.me}`, [...typed, words].slice(-REMEMBERED));
    this.at = null;
  }

  recall(at) {
    const typed = this.history();
    this.at = at < typed.length ? at : null;
    this.input.value = this.at === null ? "" : typed[at];
    this.input.setSelectionRange(this.input.value.length, this.input.value.length);
    this.fold();
  }

  /** Offer what can be typed after what stands there. */
  hint() {
    const typed = this.input.value;
    const { command, hints } = state.team;
    const asked = this.commands && typed.startsWith("/") && (command.startsWith(typed) || typed.startsWith(`${command} `));
    this.shown = asked ? hints.filter(({ words }) => `${command} ${words}`.startsWith(typed) && `${command} ${words}` !== typed) : [];
    this.picked = -1;
    if (!this.shown.length) return this.fold();
    this.list.replaceChildren(...this.shown.map((one, nth) => this.option(one, nth)));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.input.removeAttribute("aria-activedescendant");
  }

  option({ words, says }, nth) {
    const use = (event) => (event.preventDefault(), this.use(this.shown[nth]));
    return el(
      "div.hint",
      { id: `${this.list.id}-${nth}`, role: "option", "aria-selected": "false", on: { pointerdown: use } },
      el("span.words", el("b", state.team.command), ` ${words}`),
      el("span.says", says),
    );
  }

  pick(nth) {
    this.picked = nth;
    [...this.list.children].forEach((one, at) => one.setAttribute("aria-selected", String(at === nth)));
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${nth}`);
    this.list.children[nth]?.scrollIntoView({ block: "nearest" });
    return true;
  }

  use({ words }) {
    this.input.value = `${state.team.command} ${words}`;
    this.input.focus();
    this.fold();
  }

  /** Let the words appear as if somebody typed them. */
  put(words) {
    this.input.value = words;
    this.fold();
  }

  clear() {
    this.put("");
  }

  fold() {
    this.list.hidden = true;
    this.picked = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
