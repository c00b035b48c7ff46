// Buttons below a message: each group is used once and then says what was chosen.
import { STARTERS } from "./starters.js";
import { button, iconButton, make } from "./dom.js";
import { fill } from "./strings.js";

const MAX_QUOTED = 60;

/** Puts "You chose ..." in the place of used buttons. */
export function settle(group, title, strings) {
  group.replaceWith(make("p", { class: "chose" }, fill(strings.chose, { title })));
}

/** `choose(button)` is called with the {title, payload} that was pressed. */
export function choiceGroup(buttons, choose, strings) {
  const group = make("div", { role: "group", "aria-label": strings.choices, class: "choices" });
  for (const one of buttons) {
    const press = () => {
      settle(group, one.title, strings);
      choose(one);
    };
    group.append(button(one.title, press, { lang: "en" }));
  }
  return group;
}

/** Questions to begin with, by theme; the first theme is open. */
export function starterGroup(choose, strings) {
  const group = make("div", { role: "group", "aria-label": strings.choices, class: "starters" });
  const pick = (one) => {
    settle(group, one.title, strings);
    choose(one);
  };
  for (const [theme, titles] of Object.entries(STARTERS)) {
    const buttons = titles.map((title) =>
      button(title, () => pick({ title, payload: "" }), { lang: "en" }));
    const name = make("summary", {}, strings.themes[theme]);
    const inside = make("div", { class: "choices" }, ...buttons);
    group.append(make("details", { open: !group.childElementCount }, name, inside));
  }
  return group;
}

/** Helpful or not, each named after the question, so that it is clear which answer is meant. */
export function thumbs(message, question, choose, strings) {
  const group = make("div", { role: "group", "aria-label": strings.helpfulAsk, class: "thumbs" });
  const names = [["helpful", "up"], ["unhelpful", "down"]];
  names.forEach(([key, icon], at) => {
    const title = strings[key];
    const press = () => {
      settle(group, title, strings);
      choose({ title, payload: message.feedback[at], judges: true });
    };
    group.append(iconButton(nameFor(title, question, strings), icon, press, { title }));
  });
  return group;
}

/** "Copy: answer to ..." */
export function nameFor(name, question, strings) {
  const short = question.length > MAX_QUOTED ? `${question.slice(0, MAX_QUOTED)}…` : question;
  return short ? fill(strings.about, { name, question: short }) : name;
}
