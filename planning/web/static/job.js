"use strict";
/* The page of a calculation: looks again and again how far it is, and goes on when it has ended. */

(() => {
  const box = document.querySelector("#job");
  if (!box) return;
  const EVERY_MS = 1500;
  const bar = box.querySelector("progress");

  function put(name, text) {
    const part = box.querySelector(`[data-part="${name}"]`);
    if (part.textContent !== text) part.textContent = text;
  }

  async function look() {
    let told;
    try {
      const answer = await fetch(box.dataset.state, {cache: "no-store"});
      told = await answer.json();
      if (answer.status >= 500) throw new Error(told.error);
    } catch {
      put("lost", box.dataset.lost);
      setTimeout(look, EVERY_MS);
      return;
    }
    if (told.error) { // there is no such calculation, or not for this reader
      put("lost", told.error);
      return;
    }
    put("lost", "");
    if (told.ended) {
      location.replace(told.next);
      return;
    }
    for (const name of ["sentence", "figure", "bound", "clock"]) put(name, told[name]);
    if (told.share === null) bar.removeAttribute("value");
    else bar.value = told.share;
    setTimeout(look, EVERY_MS);
  }
  setTimeout(look, EVERY_MS);
})();
