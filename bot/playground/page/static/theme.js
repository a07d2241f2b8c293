// Light or dark: as the system says, until somebody chooses.

import { changed, memory } from "./store.js";

const system = window.matchMedia("(prefers-color-scheme: dark)");

export function isDark() {
  return document.documentElement.dataset.theme === "dark";
}

export function flip() {
  memory.set("theme", isDark() ? "light" : "dark");
  apply();
}

export function apply() {
  document.documentElement.dataset.theme = memory.get("theme") ?? (system.matches ? "dark" : "light");
  changed("theme");
}

system.addEventListener("change", apply);
