// The log of one conversation: shows what the Conversation tells, and sends what is pressed.
import { choiceGroup, nameFor, settle, starterGroup, thumbs } from "./choices.js";
import { iconButton, make } from "./dom.js";
import { guideTurn, noteTurn, patientTurn } from "./message.js";

const REFUSALS = ["fallback", "personal_advice"];
const SLOW_MS = 8000;

export class Chat {
  /**
   * `parts`: the elements {log, status, help, helpText}; `memory` keeps the marked questions;
   * `onUsed` is called when a button was pressed and is gone. `talk` is the Conversation.
   */
  constructor(parts, memory, strings, onUsed) {
    Object.assign(this, { parts, memory, strings, onUsed });
    this.clear();
  }

  clear() {
    this.turns = []; // [{from, text, time}], what a printed record holds
    this.sending = new Map(); // id of a message under way -> its element
    this.question = "";
    this.parts.log.replaceChildren();
  }

  /** What the patient typed. */
  ask(text) {
    this.shown(this.talk.say(text));
  }

  press({ title, payload, judges }, session) {
    this.shown(this.talk.say(title, { payload, judges, session }));
    this.onUsed();
  }

  /** A message under way, at the end of the log. */
  shown(item) {
    this.sending.set(item.id, this.patient(item.text, item.at, item.judges));
    this.toEnd();
  }

  patient(text, time, judges = false) {
    this.turns.push({ from: "patient", text, time, judges });
    if (!judges) this.question = text;
    const element = patientTurn(text, time, this.strings);
    this.parts.log.append(element);
    return element;
  }

  guide(message) {
    this.turns.push({ from: "guide", text: message.text, time: message.time });
    const element = guideTurn(message, this.strings);
    const { session } = this.talk;
    const choose = (one) => this.press(one, session);
    if (message.answers?.length || message.feedback?.length) {
      element.append(this.tools(message, choose));
    }
    if (message.buttons?.length) {
      element.append(choiceGroup(message.buttons, choose, this.strings));
    }
    this.parts.log.append(element);
    return element;
  }

  /** Judge, copy. */
  tools(message, choose) {
    const { strings, question } = this;
    const row = make("div", { class: "tools" });
    if (message.feedback?.length) row.append(thumbs(message, question, choose, strings));
    const copy = () => this.copy(message.text);
    row.append(iconButton(nameFor(strings.copy, question, strings), "copy", copy, { title: strings.copy }));
    return row;
  }

  /** Whether the doctor is to be asked this; what the guide refused is marked by itself. */
  mark(question, wanted) {
    const others = this.memory.state.marked.filter((one) => one !== question);
    this.memory.keep({ marked: wanted ? [...others, question] : others });
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.tell(this.strings.copied);
    } catch {
      this.tell(this.strings.notCopied);
    }
  }

  tell(text) {
    this.parts.status.textContent = text;
  }

  // What the conversation tells.

  greeting(message) {
    // A message that was typed before the server could be reached stays below the greeting.
    const before = [...this.parts.log.children];
    const element = this.guide({ ...message, buttons: [] });
    const choose = (one) => this.press(one, 0);
    element.append(starterGroup(choose, this.strings));
    this.parts.log.append(...before);
    this.parts.log.scrollTop = 0;
  }

  history(greeting, messages) {
    const { log } = this.parts;
    log.setAttribute("aria-busy", "true"); // nobody wants all of it read out again
    const waiting = this.talk.queue;
    this.clear();
    if (greeting) this.greeting(greeting);
    messages.forEach((one, at) => this.past(one, messages[at + 1]));
    waiting.forEach((item) => this.shown(item));
    log.removeAttribute("aria-busy");
    if (messages.length) this.tell(this.strings.restored);
    this.toEnd();
  }

  past(message, next) {
    const { helpful, unhelpful } = this.strings;
    const judges = [helpful, unhelpful].includes(message.text);
    if (message.from === "patient") return this.patient(message.text, message.time, judges);
    const element = this.guide(message);
    const chosen = message.buttons?.find(({ title }) => title === next?.text);
    if (chosen) settle(element.querySelector(".choices"), chosen.title, this.strings);
    return element;
  }

  reply(message, item) {
    this.settled(item);
    if (REFUSALS.includes(message.kind)) this.mark(item.text, true);
    const { log } = this.parts;
    const element = this.guide(message);
    const under = [...this.sending.values()];
    log.append(...under); // what was typed meanwhile is answered next
    // A long answer is read from its top.
    log.scrollTop = Math.min(element.offsetTop - 12, log.scrollHeight);
  }

  refused(text, item) {
    this.settled(item);
    this.guide({ text, kind: "error", time: new Date().toISOString() });
    this.toEnd();
  }

  settled(item) {
    this.sending.get(item.id)?.querySelector(".unsent")?.remove();
    this.sending.delete(item.id);
  }

  renewed() {
    this.parts.log.querySelectorAll(".thumbs").forEach((one) => one.remove());
    this.parts.log.append(noteTurn(this.strings.renewed));
  }

  waiting(is) {
    clearTimeout(this.slow);
    this.parts.status.classList.toggle("typing", is);
    this.tell(is ? this.strings.typing : "");
    if (is) this.slow = setTimeout(() => this.tell(`${this.strings.slow} ${this.strings.kept}`), SLOW_MS);
  }

  troubled(message) {
    const { strings, parts } = this;
    this.tell(`${message || strings.offline} ${strings.kept}`);
    if (parts.help.hidden) {
      parts.help.hidden = false;
      parts.helpText.textContent = strings.help;
    }
    for (const element of this.sending.values()) {
      if (!element.querySelector(".unsent")) {
        element.append(make("p", { class: "unsent" }, strings.unsent));
      }
    }
    this.toEnd();
  }

  recovered() {
    this.parts.help.hidden = true;
    this.parts.helpText.textContent = "";
    this.tell("");
  }

  toEnd() {
    this.parts.log.scrollTop = this.parts.log.scrollHeight;
  }
}
