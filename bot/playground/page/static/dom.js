// Make nodes, and only so: text goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/**
 * `el("button.primary", {type: "button", on: {click}}, "Press", icon("eye"))`.
 * Attributes that are null, undefined or false are left out; children may be nested lists.
 */
export function el(spec, ...rest) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  if (isPlain(rest[0])) dress(node, rest.shift());
  node.append(...rest.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== false));
  return node;
}

function isPlain(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof Node);
}

function dress(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    } else if (name === "data") {
      Object.assign(node.dataset, value);
    } else if (name === "class") {
      for (const one of value.split(" ").filter(Boolean)) node.classList.add(one);
    } else if (name in node && ["value", "checked", "disabled", "hidden", "inert"].includes(name)) {
      node[name] = value;
    } else {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
}

// Drawn on a grid of 20; strokes take the colour of the text beside them.
const PATHS = {
  hash: "M7.5 3 6 17M14 3l-1.5 14M3.5 7.5h14M2.5 12.5h14",
  chat: "M4 4h12a1.5 1.5 0 0 1 1.5 1.5v7A1.5 1.5 0 0 1 16 14h-5l-4 3.5V14H4a1.5 1.5 0 0 1-1.5-1.5v-7A1.5 1.5 0 0 1 4 4z",
  eye: "M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10zM10 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  close: "M5 5l10 10M15 5 5 15",
  check: "M4 10.5l4 4 8-9",
  chevron: "M7 5l5 5-5 5",
  down: "M5 8l5 5 5-5",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  sun: "M10 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6 16 16M16 4l-1.4 1.4M5.4 14.6 4 16",
  moon: "M16.5 12A7 7 0 0 1 8 3.5 7 7 0 1 0 16.5 12z",
  curtain: "M2.5 3h15M4 3v13c2.5-1 4-5 4-13M16 3v13c-2.5-1-4-5-4-13",
  play: "M6 4l10 6-10 6z",
  send: "M3 3.5 17.5 10 3 16.5l2.5-6.5zM5.5 10h6",
  window: "M11 3.5h5.5V9M16.5 3.5 9 11M14.5 11.5V16h-11V5H8",
  alert: "M10 3 18 16.5H2zM10 8v4M10 14.2v.3",
  info: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM10 9v4.5M10 6.3v.3",
  file: "M5 2.5h6.5L16 7v10.5H5zM11.5 2.5V7H16",
  plug: "M7 2.5v4M13 2.5v4M5 6.5h10V10a5 5 0 0 1-10 0zM10 15v3",
  clock: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM10 6v4.3l3 1.7",
  picture: "M3 4h14v12H3zM3 13l4-4 4 4 2.5-2.5L17 14M13 8v.2",
  dots: "M4.5 10v.1M10 10v.1M15.5 10v.1",
  people: "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 16.5c0-3 2.5-4.5 5.5-4.5S13 13.5 13 16.5M13.5 9.5a2.5 2.5 0 0 0 0-5M15 12.3c1.8.5 3 1.9 3 4.2",
};

/** A small picture that says nothing by itself; whatever it stands beside has the words. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A button with a picture and, for those who do not see it, words. */
export function iconButton(name, label, press, attributes = {}) {
  return el("button.icon-button", { type: "button", "aria-label": label, title: label, on: { click: press }, ...attributes }, icon(name));
}

/** Replace what is inside, but leave the keyboard where it was. */
export function refill(node, ...children) {
  keepFocus(node, () => node.replaceChildren(...children.flat(Infinity).filter(Boolean)));
}

/** Change what is inside of a node, and find the old place of the keyboard again by `data-focus`. */
export function keepFocus(node, change) {
  const held = node.contains(document.activeElement) ? document.activeElement : null;
  const mark = held?.dataset.focus;
  const [from, to] = held && "selectionStart" in held ? [held.selectionStart, held.selectionEnd] : [null, null];
  change();
  if (!mark || held === document.activeElement) return;
  const again = [...node.querySelectorAll("[data-focus]")].find((one) => one.dataset.focus === mark);
  again?.focus({ preventScroll: true });
  if (again && from !== null && again.value === held.value) again.setSelectionRange?.(from, to);
}

/** Put these nodes into a list in this order, moving only what is out of place. */
export function place(list, nodes) {
  const wanted = new Set(nodes);
  for (const node of [...list.children]) if (!wanted.has(node)) node.remove();
  let at = list.firstChild;
  for (const node of nodes) {
    if (node === at) at = at.nextSibling;
    else list.insertBefore(node, at);
  }
}
