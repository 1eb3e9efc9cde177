"use strict";
/* Dropping a file on the form, and saying which one was chosen. */

(() => {
  const drop = document.querySelector(".drop");
  const input = drop?.querySelector("input[type=file]");
  if (!input) return;
  const locale = document.documentElement.lang === "vi" ? "vi-VN" : "en-GB";
  const size = new Intl.NumberFormat(locale, {maximumFractionDigits: 1});

  function say() {
    const file = input.files[0];
    drop.querySelector(".picked").textContent = file
      ? `${file.name} – ${size.format(Math.max(file.size / 1e6, 0.1))} MB` : "";
  }
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    say();
  });
  input.addEventListener("change", say);
})();
