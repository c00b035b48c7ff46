// Follows a Try: asks how far it is, and loads the page anew when it has ended.
"use strict";
(() => {
  const box = document.getElementById("progress");
  const bar = document.getElementById("bar");
  const told = box.querySelector("[role=status]");
  const hangs = document.getElementById("hangs");
  const EVERY = 1500;
  // Asking keeps the session open: after an hour the page is left to itself.
  const UNTIL = Date.now() + 60 * 60 * 1000;

  async function ask() {
    try {
      const reply = await fetch(box.dataset.url, { headers: { Accept: "application/json" } });
      if (reply.redirected || !reply.ok) return location.reload(); // signed out
      const now = await reply.json();
      if (now.ended) return location.reload();
      bar.value = now.percent;
      hangs.hidden = !now.hangs;
      if (told.textContent !== now.message) told.textContent = now.message;
    } catch {
      // The site restarts or the network is away: asked again.
    }
    if (Date.now() < UNTIL) setTimeout(ask, EVERY);
  }
  setTimeout(ask, EVERY);
})();
