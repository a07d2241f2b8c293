// Ask the server to do something, and tell the person when it does not work.

import { toast } from "./toasts.js";

const LONG = 900; // milliseconds after which somebody deserves to know that it goes on

/** Post a wish as JSON. Resolves with the answer, or null after the person has been told why not. */
export async function ask(path, wish, { says = "Still waiting …" } = {}) {
  let note = null;
  const slow = setTimeout(() => (note = toast(says, { kind: "busy" })), LONG);
  try {
    const reply = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(wish),
    });
    const told = await reply.json();
    if (reply.ok) return told;
    toast(told.says, { kind: "fault" });
  } catch {
    toast("The playground does not answer. Is “make demo” still running?", { kind: "fault" });
  } finally {
    clearTimeout(slow);
    note?.leave();
  }
  return null;
}

/** Do what a person does in Slack; an error of Slack's own is told as a toast. */
export async function act(wish) {
  const told = await ask("/page/do", wish, { says: "Slack waits for the bot’s answer, 3 seconds at most …" });
  if (told?.says) toast(told.says, { kind: "fault" });
  return told;
}

/** A switch behind the curtain. */
export async function pull(wish, says) {
  const told = await ask("/page/curtain", wish, { says });
  if (told) toast(told.says);
  return told;
}
