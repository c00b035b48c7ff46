// One message of the conversation as an element.
import { blockNodes } from "./markup.js";
import { drawing, make, unseen } from "./dom.js";

/** Kinds that must be seen at a glance, and not by their colour alone. */
const URGENT = ["emergency", "crisis", "urgent"];

function clock(time, language) {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return "";
  return at.toLocaleTimeString(language, { hour: "numeric", minute: "2-digit" });
}

function turn(from, time, strings, ...content) {
  const who = strings[from === "patient" ? "you" : "guide"];
  const told = clock(time, strings.language);
  const head = make("p", { class: "who" }, who, unseen(` ${strings.said}`), " ");
  head.append(make("time", { datetime: told ? time : undefined }, told));
  return make("div", { class: `turn ${from}` }, head, make("div", { class: "bubble" }, ...content));
}

export function patientTurn(text, time, strings) {
  return turn("patient", time, strings, make("p", {}, text));
}

/** The guide writes English, whatever the language around it. */
export function guideTurn(message, strings) {
  const { kind } = message;
  const text = make("div", { lang: "en", class: "text" }, ...blockNodes(message, strings));
  const alarm = URGENT.includes(kind)
    ? [make("p", { class: "alarm" }, drawing("alert"), strings[kind])] : [];
  const element = turn("guide", message.time, strings, ...alarm, text);
  if (alarm.length) element.classList.add("pressing", kind);
  return element;
}

/** Something that the widget itself says in between. */
export function noteTurn(text) {
  return make("p", { class: "note" }, text);
}
