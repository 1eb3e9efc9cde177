"use strict";
/* A list and the map beside it: what is chosen in one is shown in the other. */

/** Draw the items of a view, each with the row of its key, and link them.
 *
 * `looks.mark(item)` gives its marker, `looks.light(marker, on)` shows it as chosen or as not;
 * `row` selects the row that is chosen now; `zoom` is the least when an item is looked for.
 */
async function beside(map, view, {looks, row, zoom, renderer}) {
  const marks = new Map(); // key -> its marker
  let standing = null;

  function text(words) {
    const it = document.createElement("span");
    it.textContent = words;
    return it;
  }

  function choose(key, {move, scroll}) {
    document.querySelector(row)?.classList.remove("chosen");
    if (standing) looks.light(standing, false);
    const chosen = document.getElementById(key);
    standing = marks.get(key) ?? null;
    chosen?.classList.add("chosen");
    if (scroll) chosen?.scrollIntoView({block: "center"});
    if (!standing) return;
    if (move) map.setView(standing.getLatLng(), Math.max(map.getZoom(), zoom), {animate: false});
    looks.light(standing, true);
  }

  const corners = await outlines(map, view.communes, {renderer});
  const places = [...view.items.map((each) => [each.lat, each.lon]), ...corners];
  if (places.length) map.fitBounds(places, {animate: false, padding: [14, 14]});
  for (const item of view.items) {
    const mark = looks.mark(item);
    mark.bindTooltip(() => text(item.text), {direction: "top", offset: looks.offset});
    mark.on("click", () => choose(item.key, {move: false, scroll: true}));
    mark.addTo(map);
    marks.set(item.key, mark);
  }
  for (const button of document.querySelectorAll(".locate")) {
    if (!marks.has(button.dataset.item)) continue;
    button.hidden = false;
    button.addEventListener("click", () => choose(button.dataset.item, {move: true, scroll: false}));
  }
  document.body.dataset.ready = "true";
}
