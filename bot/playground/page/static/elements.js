// What can be pressed, chosen and filled in.
//
// A `seat` says where an element stands: `id` (unique on the page), `values` (a Map of what was
// filled in, by "block/action"), `busy(action)` and `press(element, block, choice)`.

import { picture, unknown } from "./blocks.js";
import { choices } from "./choices.js";
import { el, icon } from "./dom.js";
import { text } from "./mrkdwn.js";
import { menu } from "./menus.js";

const FIELDS = {
  plain_text_input: "text",
  number_input: "text",
  email_text_input: "email",
  url_text_input: "url",
  datepicker: "date",
  timepicker: "time",
};

const UNNAMED = { datepicker: "Pick a date", timepicker: "Pick a time" };
const FIRST = { datepicker: "initial_date", timepicker: "initial_time" };

export function element(one, block, seat) {
  if (one.type === "button") return button(one, block, seat);
  if (one.type === "overflow") return overflow(one, block, seat);
  if (one.type === "image") return picture(one, "thumb");
  if (one.type in FIELDS) return field(one, block, seat);
  return choices(one, block, seat) ?? unknown(one);
}

/** The name of an element on this page, for the keyboard's place and for labels. */
export function control(one, block, seat) {
  return `${seat.id}-${block.block_id}-${one.action_id}`;
}

/** What somebody has filled in so far, or else what the bot wrote there. */
export function valueOf(one, block, seat, first) {
  const key = `${block.block_id}/${one.action_id}`;
  return seat.values.has(key) ? seat.values.get(key) : first;
}

/** Remember it; outside of an input block, or where the bot asks for it, it is told at once. */
export function chosen(one, block, seat, value) {
  seat.values.set(`${block.block_id}/${one.action_id}`, value);
  if (block.type !== "input" || block.dispatch_action) seat.press(one, block, value);
}

function button(one, block, seat) {
  const busy = seat.busy(one.action_id, block.block_id);
  const press = () => seat.press(one, block, undefined);
  return el(
    "button.btn",
    {
      type: "button",
      class: one.style ?? "",
      "aria-busy": busy ? "true" : null,
      "aria-label": one.accessibility_label ?? null,
      data: { action: one.action_id, focus: control(one, block, seat) },
      title: one.url ?? null,
      on: { click: press },
    },
    el("span.label", text(one.text)),
  );
}

function overflow(one, block, seat) {
  const options = one.options.map((option) => ({
    label: text(option.text),
    says: option.description ? text(option.description) : null,
    pick: () => seat.press(one, block, option.value),
  }));
  const opener = el(
    "button.btn.more",
    { type: "button", "aria-label": "More actions", "aria-haspopup": "menu", data: { action: one.action_id, focus: control(one, block, seat) } },
    icon("dots"),
  );
  return menu(opener, options);
}

function field(one, block, seat) {
  const first = one[FIRST[one.type] ?? "initial_value"] ?? "";
  const id = control(one, block, seat);
  const long = one.multiline === true;
  const keep = (event) => seat.values.set(`${block.block_id}/${one.action_id}`, event.target.value);
  const dispatch = () => block.dispatch_action && seat.press(one, block, seat.values.get(`${block.block_id}/${one.action_id}`) ?? first);
  const typed = one.dispatch_action_config?.trigger_actions_on?.includes("on_character_entered");
  const node = el(long ? "textarea.field" : "input.field", {
    id,
    type: long ? null : FIELDS[one.type],
    inputmode: one.type === "number_input" ? (one.is_decimal_allowed ? "decimal" : "numeric") : null,
    rows: long ? "4" : null,
    value: valueOf(one, block, seat, first) ?? "",
    placeholder: one.placeholder ? el("span", text(one.placeholder)).textContent : null,
    maxlength: one.max_length ?? null,
    autocomplete: "off",
    "aria-labelledby": seat.labelled ?? null,
    "aria-label": seat.labelled ? null : (one.placeholder?.text ?? UNNAMED[one.type] ?? "Fill this in"),
    "aria-describedby": seat.described ?? null,
    "aria-invalid": seat.faults?.[block.block_id] ? "true" : null,
    data: { focus: id, control: id },
    on: { input: (event) => (keep(event), typed && dispatch()), change: (event) => (keep(event), typed || dispatch()) },
  });
  return node;
}
