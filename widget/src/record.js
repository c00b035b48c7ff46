// The conversation on paper, made in the browser: nothing of it is sent anywhere.
import { make } from "./dom.js";

const PRINT_CSS = "body{font:12pt/1.5 sans-serif;max-width:40em;margin:2em auto;padding:0 1em}"
  + "li{margin-bottom:2.5em}p{white-space:pre-wrap;break-inside:avoid}";

/** [[tag, text]]: the questions for the doctor first, then the whole conversation. */
function linesOf(turns, questions, title, strings) {
  const { language } = strings;
  const lines = [["h1", `${title}, ${new Date().toLocaleDateString(language)}`]];
  lines.push(["p", strings.footer], ["h2", strings.questions]);
  lines.push(...questions.map((question) => ["li", question]), ["h2", strings.conversation]);
  for (const { from, text, time } of turns) {
    const who = strings[from === "patient" ? "you" : "guide"];
    lines.push(["h3", `${who}, ${new Date(time).toLocaleString(language)}`], ["p", text]);
  }
  return lines;
}

const BEFORE = { h1: "", h2: "\n## ", h3: "\n", li: "\n[ ] ", p: "" };

/** The record as a text file, offered for download. */
export function download(...about) {
  const text = linesOf(...about).map(([tag, line]) => `${BEFORE[tag]}${line}\n`).join("");
  const href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const day = new Date().toISOString().slice(0, 10);
  make("a", { href, download: `car-t-guide-${day}.txt` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60000);
}

/** The record in a window of its own, with the print dialogue; false where that is blocked. */
export function print(...about) {
  const page = open("", "_blank");
  if (!page) return false;
  const lines = linesOf(...about);
  page.document.title = lines[0][1];
  page.document.documentElement.lang = about[3].language;
  const sheet = new page.CSSStyleSheet();
  sheet.replaceSync(PRINT_CSS);
  page.document.adoptedStyleSheets = [sheet];
  const main = make("main");
  page.document.body.append(main);
  let list = null;
  for (const [tag, text] of lines) {
    if (tag !== "li") list = null;
    else if (!list) main.append(list = make("ul"));
    (list || main).append(make(tag, {}, text));
  }
  page.focus();
  page.print();
  return true;
}
