// Blocks of a reply, as the server describes them, to elements.
import { make, unseen } from "./dom.js";

const LISTS = { bullets: "ul", numbers: "ol" };

function webAddress(href) {
  return /^https?:\/\//i.test(href) ? href : "";
}

function spanNode(span, strings) {
  let node = document.createTextNode(span.text);
  if (span.text === "\n") return make("br");
  if (span.bold) node = make("strong", {}, node);
  if (span.italic) node = make("em", {}, node);
  const href = webAddress(span.href || "");
  if (!href) return node;
  const safe = { href, target: "_blank", rel: "noopener noreferrer" };
  return make("a", safe, node, unseen(strings.newTab));
}

/** One element for each block; the plain text as a paragraph where there are none. */
export function blockNodes(message, strings) {
  const blocks = message.blocks || [];
  if (!blocks.length) return [make("p", {}, message.text || "")];
  const spans = (item) => item.map((span) => spanNode(span, strings));
  return blocks.map(({ kind, items }) => {
    if (!LISTS[kind]) return make("p", {}, ...items.flatMap(spans));
    return make(LISTS[kind], {}, ...items.map((item) => make("li", {}, ...spans(item))));
  });
}
