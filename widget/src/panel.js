// The elements that are always there: launcher, panel, log, input.
import { button, drawing, iconButton, make } from "./dom.js";

/** `on`: {open, close, options, save, startOver, erase, submit, typed, keyed, again}. */
export function buildPanel(title, strings, on) {
  const launcher = button(title, on.open, { class: "launcher", "aria-expanded": "false",
    "aria-label": `${title}, ${strings.openChat}` }, drawing("chat"));
  const options = button(strings.options, on.options,
    { class: "options", "aria-expanded": "false", "aria-controls": "menu" });
  const menu = make("div", { id: "menu", class: "menu", hidden: true },
    button(strings.save, on.save), button(strings.startOver, on.startOver),
    button(strings.erase, on.erase));
  const sheet = make("div", { class: "sheet", hidden: true });
  const log = make("div", { role: "log", "aria-live": "polite", "aria-label": strings.conversation,
    tabindex: "0", class: "log" });
  const status = make("p", { role: "status", class: "status" });
  const helpText = make("p", { role: "status" });
  const help = make("div", { class: "help", hidden: true },
    button(strings.again, on.again));
  const form = buildForm(strings, on);
  const panel = make("div", { class: "panel", hidden: true },
    make("div", { class: "head" }, make("h2", {}, title), options,
      iconButton(strings.close, "close", on.close)),
    menu, sheet, log, status, make("div", { class: "offline" }, helpText, help), form.element,
    make("p", { class: "foot" }, strings.footer));
  const region = make("section", { "aria-label": title, lang: strings.language, keydown: on.keyed },
    launcher, panel);
  return { region, launcher, panel, options, menu, sheet, log, status, help, helpText, ...form };
}

function buildForm(strings, on) {
  const input = make("textarea", { id: "input", rows: "1", "aria-describedby": "count",
    autocomplete: "off", enterkeyhint: "send", input: on.typed });
  const count = make("p", { id: "count", class: "count" });
  const send = make("button", { type: "submit", class: "main" }, drawing("send"), strings.send);
  const element = make("form", { submit: on.submit, novalidate: true },
    make("label", { for: "input" }, strings.input),
    make("div", { class: "entry" }, input, send), count);
  return { element, input, count };
}
