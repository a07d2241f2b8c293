// What the page knows. The server says how things are; whoever draws is called when that changes.

export const state = {
  team: null, // names, people, hints and scenes: what does not change while the demo runs
  me: null, // the id of the person whose eyes these are
  place: null, // the channel or direct conversation that is open
  tab: "messages", // in the bot's conversation: messages or home
  thread: null, // the ts of the message whose thread is open
  live: "connecting", // connecting, live or lost
  things: new Map(), // by key, as the server's stream has them
};

const watchers = [];
const waiting = new Set();

/** Call `draw` after anything of these kinds has changed; many changes make one call. */
export function watch(kinds, draw) {
  watchers.push([new Set(kinds), draw]);
}

/** Tell that things of these kinds have changed. */
export function changed(...kinds) {
  const first = waiting.size === 0;
  for (const kind of kinds) waiting.add(kind);
  if (first && waiting.size) queueMicrotask(tell);
}

function tell() {
  const now = new Set(waiting);
  waiting.clear();
  for (const [kinds, draw] of watchers) {
    if ([...kinds].some((kind) => now.has(kind))) draw();
  }
}

/** Take in one event of the stream: `{whole, drop, put}`. */
export function take({ whole, drop, put }) {
  const kinds = new Set();
  const gone = whole ? [...state.things.keys()].filter((key) => !(key in put)) : drop;
  for (const key of gone) {
    kinds.add(state.things.get(key)?.kind);
    state.things.delete(key);
  }
  for (const [key, thing] of Object.entries(put)) {
    thing.key = key;
    // A new beginning tells everything again; what is the same stays the same object.
    if (whole && same(state.things.get(key), thing)) continue;
    state.things.set(key, thing);
    kinds.add(thing.kind);
  }
  changed(...kinds);
}

function same(one, other) {
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other);
}

/** All things of a kind. */
export function all(kind) {
  return [...state.things.values()].filter((thing) => thing.kind === kind);
}

/** The messages of a place in order, or those of one thread, its first message included. */
export function messages(place, thread = null) {
  return all("message")
    .filter((one) => one.place === place)
    .filter((one) => (thread === null ? one.thread === null || one.thread === one.ts : one.thread === thread || one.ts === thread))
    .sort((a, b) => (a.ts < b.ts ? -1 : 1));
}

export function person(id) {
  return state.team.people.find((one) => one.id === id) ?? null;
}

export function nameOf(id) {
  return state.team.names[id] ?? (id === "USLACKBOT" ? "Slackbot" : id);
}

/** The direct conversation between somebody and the bot. */
export function direct(user = state.me) {
  return person(user).dm;
}

/** Something small that this browser remembers; a browser that forbids it forgets, no more. */
export const memory = {
  get(name, store = localStorage) {
    try {
      return JSON.parse(store.getItem(`countersign.${name}`));
    } catch {
      return null;
    }
  },
  set(name, value, store = localStorage) {
    try {
      store.setItem(`countersign.${name}`, JSON.stringify(value));
    } catch {
      // Private windows may refuse; nothing here depends on it.
    }
  },
};
