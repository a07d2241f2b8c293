// Elements with options: selects, radio buttons, checkboxes.

import { el } from "./dom.js";
import { chosen, control, valueOf } from "./elements.js";
import { text } from "./mrkdwn.js";
import { state } from "./store.js";

const DIRECTORY = {
  users_select: () => state.team.people.map(({ id, name }) => [id, name]),
  channels_select: () => [[state.team.channel.id, `#${state.team.channel.name}`]],
  conversations_select: () => [[state.team.channel.id, `#${state.team.channel.name}`]],
};

/** The node of an element with options; null when it is none. */
export function choices(one, block, seat) {
  if (one.type === "static_select") return select(one, block, seat, groups(one), one.initial_option?.value);
  if (one.type in DIRECTORY) {
    const named = DIRECTORY[one.type]().map(([value, label]) => ({ value, label: [label] }));
    return select(one, block, seat, [{ options: named }], one[`initial_${one.type.replace("s_select", "")}`]);
  }
  if (one.type === "radio_buttons") return list(one, block, seat, "radio");
  if (one.type === "checkboxes") return list(one, block, seat, "checkbox");
  if (one.type === "multi_static_select") return list(one, block, seat, "checkbox");
  return null;
}

function groups(one) {
  const known = one.option_groups ?? [{ options: one.options ?? [] }];
  return known.map((group) => ({ label: group.label?.text, options: group.options.map(option) }));
}

function option({ value, text: label, description }) {
  return { value, label: text(label), says: description ? text(description) : null };
}

function select(one, block, seat, grouped, first) {
  const id = control(one, block, seat);
  const now = valueOf(one, block, seat, first ?? "");
  const drawn = grouped.map(({ label, options }) => {
    const items = options.map((each) => el("option", { value: each.value, selected: each.value === now }, each.label));
    return label ? el("optgroup", { label }, items) : items;
  });
  const hint = one.placeholder?.text ?? "Choose";
  return el(
    "select.field",
    {
      id,
      "aria-labelledby": seat.labelled ?? null,
      "aria-label": seat.labelled ? null : hint,
      "aria-describedby": seat.described ?? null,
      data: { focus: id, control: id, action: one.action_id },
      on: { change: (event) => chosen(one, block, seat, event.target.value || null) },
    },
    now === "" && el("option", { value: "", selected: true, disabled: block.type !== "input" || !block.optional }, hint),
    drawn,
  );
}

function list(one, block, seat, kind) {
  const many = kind === "checkbox";
  const first = many ? (one.initial_options ?? []).map((each) => each.value) : one.initial_option?.value;
  const now = valueOf(one, block, seat, first);
  const options = groups(one).flatMap((group) => group.options);
  const id = control(one, block, seat);
  const pick = (value, on) => {
    if (!many) return chosen(one, block, seat, value);
    const before = valueOf(one, block, seat, first);
    chosen(one, block, seat, on ? [...before, value] : before.filter((other) => other !== value));
  };
  return el(
    "div.options",
    { role: many ? "group" : "radiogroup", "aria-labelledby": seat.labelled ?? null, "aria-label": seat.labelled ? null : "Choose", "aria-describedby": seat.described ?? null },
    options.map((each) =>
      el(
        "label.option",
        el("input", {
          type: kind,
          name: id,
          value: each.value,
          checked: many ? now.includes(each.value) : now === each.value,
          data: { focus: `${id}-${each.value}`, action: one.action_id },
          on: { change: (event) => pick(each.value, event.target.checked) },
        }),
        el("span", el("span.name", each.label), each.says && el("span.says", each.says)),
      ),
    ),
  );
}
