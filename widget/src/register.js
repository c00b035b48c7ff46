// Defines the element, and places one where the page has none.
import { CarTGuide } from "./element.js";

const PATH = "/chat/widget.js";
// A page's optimiser may have joined scripts; then the attributes are found by their name.
const script = document.currentScript || document.querySelector("script[data-server]");

function place() {
  if (document.querySelector("car-t-guide")) return;
  const element = document.createElement("car-t-guide");
  Object.assign(element.dataset, script?.dataset);
  document.body.append(element);
}

const [server, rest] = (script?.src || "").split(PATH);
if (rest !== undefined) CarTGuide.server = server;
CarTGuide.define();
if (document.readyState === "loading") addEventListener("DOMContentLoaded", place);
else place();
