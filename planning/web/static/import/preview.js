"use strict";
/* A correction that was not looked at yet: importing asks to look again first. */

(() => {
  const form = document.querySelector("form.preview");
  const keep = form?.querySelector(".keep .button");
  if (!form) return;
  form.addEventListener("change", (event) => {
    if (event.target.name === "left_out") return;
    for (const button of form.querySelectorAll(".button.quiet")) button.classList.add("due");
  });
  form.addEventListener("submit", (event) => {
    // A second click would only be answered that it is being done.
    if (event.submitter === keep) setTimeout(() => { keep.disabled = true; });
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
