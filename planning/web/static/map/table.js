"use strict";
/* The tables beside the map: one row for every thing on it, sorted as one likes. */

Diemthu.table = (() => {
  const {element, words, number, percent, km, byName} = Diemthu;
  const place = document.getElementById("table");
  const C = words.columns;
  const KINDS = {
    communes: {letter: "c", id: (row) => row.code, columns: [
      {title: C.name, value: (row) => row.name, name: true},
      {title: C.people, value: (row) => row.people, show: number},
      {title: C.share, value: (row) => row.share_covered, show: (value) => percent(value), first: true},
      {title: C.points, value: (row) => row.points_direct, show: number}]},
    gaps: {letter: "g", id: (row) => String(row.rank), columns: [
      {title: C.rank, value: (row) => row.rank, show: number, first: true},
      {title: C.gap, value: (row) => row.name, name: true},
      {title: C.people, value: (row) => row.people, show: number},
      {title: C.nearest, value: (row) => row.nearest_point_m, show: km}]},
    plan: {letter: "s", id: (row) => String(row.rank), columns: [
      {title: C.rank, value: (row) => row.rank, show: number, first: true},
      {title: words.commune, value: (row) => row.commune, name: true},
      {title: C.gain, value: (row) => row.people_gained, show: number},
      {title: C.now, value: (row) => row.distance_now_m, show: km},
      {title: C.then, value: (row) => row.distance_then_m, show: km}]},
  };
  const order = {}; // kind -> {column, down}
  let shown = null; // {kind, rows, empty, after, choose}
  let chosen = null; // letter + id

  function compare(column, down) {
    const sign = down ? -1 : 1;
    return (one, other) => {
      const [a, b] = [column.value(one), column.value(other)];
      const missing = (a === null || a === undefined) - (b === null || b === undefined);
      if (missing) return missing;
      return sign * (column.name ? byName(a, b) : a - b);
    };
  }

  function headings(kind, {columns}) {
    return columns.map((column, index) => {
      const now = order[kind].column === index;
      const cell = element("th", {scope: "col", class: column.name ? "" : "n",
        "aria-sort": now ? (order[kind].down ? "descending" : "ascending") : "none"});
      cell.append(element("button", {type: "button", text: column.title, on: () => {
        order[kind] = {column: index, down: now ? !order[kind].down : false};
        draw();
        place.querySelectorAll("thead button")[index].focus();
      }}));
      return cell;
    });
  }

  function draw() {
    const {kind, rows, empty, after, choose} = shown;
    const plan = KINDS[kind];
    order[kind] ??= {column: plan.columns.findIndex((each) => each.first), down: false};
    if (!rows.length) return place.replaceChildren(element("p", {class: "empty", text: empty}));
    const sorted = [...rows].sort(compare(plan.columns[order[kind].column], order[kind].down));
    const body = element("tbody");
    for (const row of sorted) {
      const id = plan.id(row);
      const line = element("tr", {"data-key": plan.letter + id});
      for (const column of plan.columns) {
        const value = column.value(row);
        if (column.name) {
          line.append(element("th", {scope: "row"},
            element("button", {type: "button", text: value})));
        } else line.append(element("td", {class: "n", text: column.show(value)}));
      }
      line.addEventListener("click", () => choose(plan.letter, id));
      body.append(line);
    }
    const table = element("table", {class: "data"}, element("thead", {}, element("tr", {}, ...headings(kind, plan))), body);
    place.replaceChildren(table, after ? element("p", {class: "after", text: after}) : "");
    highlight(chosen, false);
    return undefined;
  }

  /** Show the rows of one kind. */
  function show(kind, rows, options) {
    shown = {kind, rows, ...options};
    draw();
  }

  /** Mark the row of the chosen thing and bring it into view. */
  function highlight(key, move = true) {
    chosen = key;
    for (const line of place.querySelectorAll("tr[data-key]")) {
      const now = line.dataset.key === key;
      line.classList.toggle("chosen", now);
      line.querySelector("button").setAttribute("aria-pressed", String(now));
      if (now && move) line.scrollIntoView({block: "nearest"});
    }
  }

  return {show, highlight};
})();
