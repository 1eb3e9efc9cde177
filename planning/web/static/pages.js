"use strict";
/* Tables of the pages: sort by a click on a heading, names in Vietnamese order; busy forms. */

(() => {
  const collator = new Intl.Collator("vi", {numeric: true});
  const bare = (text) => text.trim().replace(/^(xã|phường|thị trấn|đặc khu)\s+/iu, "");

  function valueOf(row, column) {
    const cell = row.cells[column];
    if (!cell) return "";
    if (cell.dataset.value !== undefined) return cell.dataset.value === "" ? null : Number(cell.dataset.value);
    const text = bare(cell.textContent);
    return /^\d+$/.test(text) ? Number(text) : text;
  }

  function compare(one, other) {
    if (one === null || other === null) return (one === null) - (other === null);
    if (typeof one === "number" && typeof other === "number") return one - other;
    return collator.compare(one, other);
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    const headings = [...table.tHead.rows[0].cells];
    headings.forEach((heading, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => {
        const down = heading.getAttribute("aria-sort") === "ascending";
        headings.forEach((each) => each.removeAttribute("aria-sort"));
        heading.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = [...table.tBodies[0].rows];
        const known = rows.filter((row) => valueOf(row, column) !== null);
        const unknown = rows.filter((row) => valueOf(row, column) === null);
        known.sort((a, b) => compare(valueOf(a, column), valueOf(b, column)) * (down ? -1 : 1));
        table.tBodies[0].append(...known, ...unknown);
      });
    });
  }

  /** Say that it is being calculated, and take no second click until the page is seen again. */
  function busy(form, now) {
    form.querySelector("button").disabled = now;
    form.querySelector(".busy").textContent = now ? form.dataset.busy : "";
  }
  for (const form of document.querySelectorAll("form[data-busy]")) {
    form.addEventListener("submit", () => busy(form, true));
    addEventListener("pageshow", () => busy(form, false));
  }
})();
