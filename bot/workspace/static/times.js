// Dates as Slack writes them, in the viewer's zone, with "today" by the workspace's clock.
import { workspaceNow } from "./net.js";

const LOCALE = "en-GB";
const FORMATS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date_slash: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "2-digit", minute: "2-digit" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

function write(date, name) {
  return new Intl.DateTimeFormat(LOCALE, FORMATS[name]).format(date);
}

export function clockTime(date) {
  return write(date, "time");
}

export function shortMoment(date) {
  return `${new Intl.DateTimeFormat(LOCALE, { weekday: "short", ...FORMATS.date_short }).format(date)}, ${clockTime(date)}`;
}

// All of it, for whoever points at a shorter one.
export function fullMoment(date) {
  return `${write(date, "date_long")} at ${write(date, "time_secs")}`;
}

export function longDate(date) {
  return write(date, "date_long");
}

function nearDay(date) {
  const dayOf = (each) => Math.round(new Date(each).setHours(0, 0, 0, 0) / 86_400_000);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[dayOf(date) - dayOf(workspaceNow())];
}

// "today at 19:36", as Slack says when something last happened.
export function nearMoment(date) {
  return `${nearDay(date) ?? write(date, "date_short")} at ${clockTime(date)}`;
}

function ago(date) {
  const minutes = Math.round((date - workspaceNow()) / 60_000);
  const words = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });
  if (Math.abs(minutes) < 60) return words.format(minutes, "minute");
  if (Math.abs(minutes) < 1440) return words.format(Math.round(minutes / 60), "hour");
  return words.format(Math.round(minutes / 1440), "day");
}

// Fills the tokens of <!date^seconds^format|fallback>, such as {date_short_pretty} and {time}.
export function slackDate(seconds, format) {
  const date = new Date(seconds * 1000);
  return format.replace(/\{(\w+)\}/g, (token, name) => {
    if (name === "ago") return ago(date);
    const plain = name.replace(/_pretty$/, "").replace("day_divider", "date_long");
    if (!(plain in FORMATS)) return token;
    return (name.endsWith("_pretty") && nearDay(date)) || write(date, plain);
  });
}
