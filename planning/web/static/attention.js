"use strict";
/* The map beside the list of what needs a hand: a dot per item, linked both ways. */

(() => {
  const view = JSON.parse(document.getElementById("attention").textContent);
  const COLOURS = {3: "#b83a0a", 2: "#c98a12", 1: "#3f7fae"};
  const box = document.querySelector(".overview .canvas");
  if (!box) return;
  box.hidden = false;
  const map = map_diemthu;
  map.invalidateSize();
  const canvas = L.canvas({padding: 0.3, tolerance: 3});
  const dots = new Map(); // key -> its marker

  function text(words) {
    const it = document.createElement("span");
    it.textContent = words;
    return it;
  }

  let standing = null;
  function choose(key, {move, scroll}) {
    document.querySelector(".item.chosen")?.classList.remove("chosen");
    standing?.setStyle({radius: 6, weight: 1.5, color: "#ffffff"});
    const item = document.getElementById(key);
    standing = dots.get(key) ?? null;
    item?.classList.add("chosen");
    if (scroll) item?.scrollIntoView({block: "center"});
    if (!standing) return;
    standing.setStyle({radius: 9, weight: 3, color: "#16283b"});
    standing.bringToFront();
    if (move) map.setView(standing.getLatLng(), Math.max(map.getZoom(), 11), {animate: false});
  }

  function draw() {
    // The gravest are drawn last, above the others.
    for (const item of [...view.items].sort((a, b) => a.gravity - b.gravity)) {
      const dot = L.circleMarker([item.lat, item.lon], {
        renderer: canvas, radius: 6, weight: 1.5, color: "#ffffff",
        fillColor: COLOURS[item.gravity], fillOpacity: 0.95,
      });
      dot.bindTooltip(() => text(item.text), {direction: "top"});
      dot.on("click", () => choose(item.key, {move: false, scroll: true}));
      dot.addTo(map);
      dots.set(item.key, dot);
    }
    for (const button of document.querySelectorAll(".locate")) {
      if (!dots.has(button.dataset.item)) continue;
      button.hidden = false;
      button.addEventListener("click", () => choose(button.dataset.item, {move: true, scroll: false}));
    }
  }

  async function start() {
    const places = view.items.map((each) => [each.lat, each.lon]);
    try {
      const answer = await fetch(view.communes);
      if (!answer.ok) throw new Error(String(answer.status));
      const {topology, bounds} = await answer.json();
      L.geoJSON(topojson.feature(topology, topology.objects.communes), {
        renderer: canvas, interactive: false,
        style: {fillColor: "#ffffff", fillOpacity: 0.85, color: "#5b6b7c", weight: 0.7},
      }).addTo(map);
      places.push([bounds[1], bounds[0]], [bounds[3], bounds[2]]);
    } catch (error) {
      // The outlines only help to find one's way; the dots stand without them.
      console.warn("The outlines of the communes could not be loaded:", error.message);
    }
    if (places.length) map.fitBounds(places, {animate: false, padding: [14, 14]});
    draw();
    document.body.dataset.ready = "true";
  }

  start();
})();
