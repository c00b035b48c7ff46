// <car-t-guide>: attributes in, one panel out; ties the conversation to its elements.
import { Api } from "./api.js";
import { Chat } from "./chat.js";
import { Conversation } from "./conversation.js";
import { Memory } from "./memory.js";
import { buildPanel } from "./panel.js";
import { eraseSheet, saveSheet } from "./sheets.js";
import { fill, stringsOf } from "./strings.js";
import { CSS_TEXT } from "./styles.js";
import { applyTheme } from "./theme.js";

const MAX_CHARACTERS = 2000;
const NEAR_THE_END = 200;

/**
 * @attr data-server - address that /chat is below; else that of the script
 * @attr data-title - name of the panel and its button
 * @attr data-language - "en" or "es", of everything but the answers
 * @attr data-position - "right" or "left"
 * @attr data-accent, data-accent-text - colours of buttons and head
 */
export class CarTGuide extends HTMLElement {
  static server = "";

  static define(tag = "car-t-guide", registry = customElements) {
    if (!registry.get(tag)) registry.define(tag, this);
  }

  connectedCallback() {
    const address = this.dataset.server || CarTGuide.server;
    if (this.parts || !address) return;
    this.strings = stringsOf(this.dataset.language || document.documentElement.lang);
    this.name = this.dataset.title || this.strings.title;
    const server = new URL(address, document.baseURI).href;
    this.api = new Api(server);
    this.memory = new Memory(server);
    this.parts = buildPanel(this.name, this.strings, this.handlers());
    const root = this.shadowRoot || this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS_TEXT);
    root.adoptedStyleSheets = [sheet];
    root.replaceChildren(this.parts.region);
    applyTheme(this);
  }

  disconnectedCallback() {
    this.chat?.talk.stop();
    this.parts = this.chat = null;
  }

  handlers() {
    return {
      open: () => this.open(),
      close: () => this.close(),
      options: () => this.toggleMenu(this.parts.menu.hidden),
      save: () => this.showSheet(saveSheet(this.chat, this.name, this.strings,
        () => this.closeSheet())),
      startOver: () => this.anew(""),
      erase: () => this.showSheet(eraseSheet(this.strings, () => this.erase(),
        () => this.closeSheet())),
      submit: (event) => this.submit(event),
      typed: () => this.count(),
      keyed: (event) => this.keyed(event),
      again: () => {
        this.chat.talk.retry();
        this.toEntry(); // the button goes once the server is back
      },
    };
  }

  open() {
    const { launcher, panel } = this.parts;
    panel.hidden = false;
    launcher.hidden = true;
    if (!this.chat) this.begin();
    this.toEntry();
  }

  close() {
    const { launcher, panel } = this.parts;
    panel.hidden = true;
    launcher.hidden = false;
    launcher.focus();
  }

  /** Where the patient goes on. On touch screens a keyboard would hide what was just said. */
  toEntry() {
    const { input, log } = this.parts;
    (matchMedia("(pointer: coarse)").matches ? log : input).focus();
  }

  begin() {
    this.chat = new Chat(this.parts, this.memory, this.strings, () => this.toEntry());
    this.chat.talk = new Conversation(this.api, this.memory, this.chat);
    this.chat.talk.queue.forEach((item) => this.chat.shown(item));
    this.chat.talk.run();
  }

  /** Forgets what this tab knows and begins again. */
  anew(told) {
    this.chat.talk.stop();
    this.chat.waiting(false);
    this.chat.recovered();
    this.memory.clear();
    this.begin();
    this.toggleMenu(false);
    this.hideSheet();
    this.chat.tell(told);
    this.toEntry();
  }

  async erase() {
    const { token } = this.memory.state;
    try {
      if (token) await this.api.erase(token);
      this.anew(this.strings.erased);
    } catch (error) {
      // What has ended already holds nothing that this patient could reach.
      if (error.status === 401) return this.anew(error.message);
      this.closeSheet();
      this.chat.tell(this.strings.notErased);
    }
  }

  toggleMenu(open) {
    const { menu, options } = this.parts;
    menu.hidden = !open;
    options.setAttribute("aria-expanded", String(open));
    if (open) this.hideSheet();
  }

  showSheet(nodes) {
    const { sheet } = this.parts;
    this.toggleMenu(false);
    sheet.replaceChildren(...nodes);
    sheet.hidden = false;
    nodes[0].focus();
  }

  hideSheet() {
    this.parts.sheet.hidden = true;
    this.parts.sheet.replaceChildren();
  }

  closeSheet() {
    this.hideSheet();
    this.parts.options.focus();
  }

  keyed(event) {
    const { menu, sheet, input, options } = this.parts;
    if (event.key === "Escape") {
      event.stopPropagation();
      if (!sheet.hidden) this.closeSheet();
      else if (!menu.hidden) {
        this.toggleMenu(false);
        options.focus();
      } else if (!this.parts.panel.hidden) this.close();
    }
    // While an input method composes, Enter chooses a character.
    const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (sends && event.target === input) this.submit(event);
  }

  submit(event) {
    event.preventDefault();
    const { input } = this.parts;
    const text = input.value.trim();
    if (!text || this.count() < 0) return;
    input.value = "";
    this.count();
    this.chat.ask(text);
    input.focus();
  }

  /** Characters left; shown near the end, told when it comes near and when it is passed. */
  count() {
    const { input, count } = this.parts;
    const left = MAX_CHARACTERS - [...input.value.trim()].length;
    const near = left <= NEAR_THE_END;
    const words = left < 0 ? this.strings.over : this.strings.left;
    count.textContent = near ? fill(words, { count: Math.abs(left) }) : "";
    count.classList.toggle("over", left < 0);
    input.setAttribute("aria-invalid", String(left < 0));
    const state = left < 0 ? "over" : near && "near";
    if (state && state !== this.told) this.chat.tell(count.textContent);
    this.told = state;
    return left;
  }
}
