// What opens above the conversation: saving it, and the step before erasing it.
import { button, make } from "./dom.js";
import { download, print } from "./record.js";

function heading(text) {
  return make("h3", { tabindex: "-1" }, text);
}

function tick(question, chat) {
  const box = make("input", { type: "checkbox", change: () => chat.mark(question, box.checked) });
  box.checked = chat.memory.state.marked.includes(question);
  return make("label", {}, box, make("span", {}, question));
}

/** The questions to tick, and the two ways to take them along. */
export function saveSheet(chat, title, strings, close) {
  const asked = chat.turns.filter(({ from, judges }) => from === "patient" && !judges);
  const questions = [...new Set(asked.map(({ text }) => text))];
  const about = () => {
    const wanted = questions.filter((one) => chat.memory.state.marked.includes(one));
    return [chat.turns, wanted, title, strings];
  };
  const ticks = make("fieldset", { hidden: !questions.length },
    make("legend", {}, strings.questions), make("p", {}, strings.questionsHint),
    ...questions.map((one) => tick(one, chat)));
  // Where the browser forbids another window, the text is as good.
  const onPaper = () => print(...about()) || download(...about());
  return [
    heading(strings.save),
    make("p", {}, strings.saveIntro),
    ticks,
    make("div", { class: "row" },
      button(strings.print, onPaper, { class: "main" }),
      button(strings.download, () => download(...about())),
      button(strings.back2, close)),
  ];
}

/** Asks once more; the way back comes first. */
export function eraseSheet(strings, erase, close) {
  return [
    heading(strings.eraseAsk),
    make("p", {}, strings.eraseText),
    make("div", { class: "row" },
      button(strings.eraseNo, close),
      button(strings.eraseYes, erase, { class: "main" })),
  ];
}
