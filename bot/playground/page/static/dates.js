// Times as Slack shows them: in the zone of whoever looks, with today and yesterday by name.

const DAY = 86_400_000;

const SHAPES = {
  date_num: (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
  date_slash: (at) => at.toLocaleDateString(undefined, { year: "numeric", month: "2-digit", day: "2-digit" }),
  date: (at) => at.toLocaleDateString("en-US", { year: "numeric", month: "long", day: "numeric" }),
  date_short: (at) => at.toLocaleDateString("en-US", { year: "numeric", month: "short", day: "numeric" }),
  date_long: (at) => at.toLocaleDateString("en-US", { weekday: "long", year: "numeric", month: "long", day: "numeric" }),
  time: (at) => clock(at),
  time_secs: (at) => at.toLocaleTimeString("en-GB"),
  ago: (at) => ago(at),
};

/** `{date_short_pretty} {time}` for a Unix time in seconds. A shape that is unknown stays as it is. */
export function shaped(seconds, format) {
  const at = new Date(seconds * 1000);
  return format.replace(/\{(\w+)\}/g, (whole, name) => {
    const pretty = name.endsWith("_pretty");
    const shape = SHAPES[pretty ? name.slice(0, -"_pretty".length) : name];
    if (shape === undefined) return whole;
    return (pretty && near(at)) || shape(at);
  });
}

/** today, yesterday, tomorrow, or nothing. */
function near(at) {
  const midnight = (one) => new Date(one.getFullYear(), one.getMonth(), one.getDate()).getTime();
  const days = Math.round((midnight(at) - midnight(new Date())) / DAY);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days] ?? null;
}

function ago(at) {
  const seconds = Math.round((Date.now() - at.getTime()) / 1000);
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return words.format(-Math.trunc(seconds / size), unit);
  }
  return words.format(-seconds, "second");
}

/** `14:03`. */
export function clock(at) {
  return at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

/** `14:03:07.125`, for what is compared by the millisecond. */
export function exact(at) {
  return `${at.toLocaleTimeString("en-GB")}.${String(at.getMilliseconds()).padStart(3, "0")}`;
}

/** The whole of it with the zone, for the tip of a mouse. */
export function whole(at) {
  return at.toLocaleString("en-GB", { dateStyle: "full", timeStyle: "long" });
}

/** The day's name between messages: `Today`, or `Tuesday, November 24`. */
export function day(at) {
  const word = near(at);
  return word ? word[0].toUpperCase() + word.slice(1) : at.toLocaleDateString("en-US", { weekday: "long", month: "long", day: "numeric" });
}

function two(number) {
  return String(number).padStart(2, "0");
}
