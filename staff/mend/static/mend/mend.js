// Keeps what was typed in this browser tab until it is saved: a session that ended, or a page left
// by mistake, loses nothing. Without it the form works as well.
"use strict";

const form = document.getElementById("answer");
const place = form.dataset.keep;
const fields = [...form.elements].filter((one) => one.name && one.matches("input:not([type=hidden]), textarea"));
const typed = () => JSON.stringify(Object.fromEntries([["seen", form.elements.seen.value], ...fields.map((one) => [one.name, one.value])]));
const opened = typed();

// What the server holds unsaved stands in the page already. A page opened anew may lack what was typed.
const kept = sessionStorage.getItem(place);
if ("unsaved" in form.dataset) {
  sessionStorage.setItem(place, typed());
} else if (document.querySelector(".messages .success") || kept === opened) {
  sessionStorage.removeItem(place);
  sessionStorage.removeItem("mend-new"); // which may just have become this answer
} else if (kept) {
  offer(JSON.parse(kept));
}

function offer(values) {
  const template = document.getElementById("kept");
  form.before(template.content.cloneNode(true));
  const note = form.previousElementSibling;
  note.querySelector("[value=back]").addEventListener("click", () => {
    for (const one of fields) if (one.name in values) one.value = values[one.name];
    if (values.seen !== undefined) form.elements.seen.value = values.seen;
    note.remove();
    fields[0].focus();
  });
  note.querySelector("[value=drop]").addEventListener("click", () => {
    sessionStorage.removeItem(place);
    note.remove();
    fields[0].focus();
  });
}

form.addEventListener("input", () => sessionStorage.setItem(place, typed()));
