// Elements are made here and nowhere else; text goes in as text, never as markup.
const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  chat: "M4 5h16v11H10l-5 4v-4H4z M8 9h8 M8 12h5",
  close: "M6 6l12 12 M18 6L6 18",
  send: "M4 12l16-8-5 16-3-7z",
  up: "M8 10v10H4V10z M8 11l4-8c2 0 3 1 2.500 3L14 9h6l-2 11H8",
  down: "M8 14V4H4v10z M8 13l4 8c2 0 3-1 2.500-3L14 15h6L18 4H8",
  copy: "M9 9h11v11H9z M5 15H4V4h11v1",
  alert: "M12 3l10 18H2z M12 10v5 M12 17.500v.500",
};

/**
 * An element. Attribute values: a function listens to the event of that name, true is an empty
 * attribute, false and undefined are left out. Children are nodes or plain text.
 */
export function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false && value !== undefined) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children);
  return element;
}

/** A button that submits nothing. */
export function button(label, onClick, attributes, ...children) {
  return make("button", { type: "button", click: onClick, ...attributes }, ...children, label);
}

/** A button that shows only an icon; `name` is what it is called. */
export function iconButton(name, icon, onClick, attributes) {
  const all = { "aria-label": name, title: name, class: "icon", ...attributes };
  return button("", onClick, all, drawing(icon));
}

/** A drawing that screen readers pass over. */
export function drawing(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** Text for screen readers only. */
export function unseen(text) {
  return make("span", { class: "unseen" }, text);
}
