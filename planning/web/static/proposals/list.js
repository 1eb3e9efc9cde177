"use strict";
/* The map beside the list of proposals: a shape for what is asked, a colour for the state; linked both ways. */

(() => {
  const all = document.getElementById("all");
  const boxes = [...document.querySelectorAll("input[name=chosen]")];
  if (all && boxes.length) {
    all.hidden = false;
    all.addEventListener("change", () => boxes.forEach((each) => { each.checked = all.checked; }));
  }
  const held = document.getElementById("proposals-map");
  const box = document.querySelector(".overview .canvas");
  if (!held || !box) return;
  const view = JSON.parse(held.textContent);
  box.hidden = false;
  const map = map_diemthu;
  map.invalidateSize();
  const marks = new Map(); // number of a proposal -> its marker
  let standing = null;

  function sign(item) {
    const shape = document.createElement("div");
    shape.className = `proposal-mark k-${item.kind} s-${item.look}`;
    return L.divIcon({className: "", iconSize: [16, 16], html: shape});
  }

  function choose(key, {move, scroll}) {
    document.querySelector("#proposals tr.chosen")?.classList.remove("chosen");
    standing?.getElement()?.firstChild.classList.remove("chosen");
    const row = document.getElementById(key);
    standing = marks.get(key) ?? null;
    row?.classList.add("chosen");
    if (scroll) row?.scrollIntoView({block: "center"});
    if (!standing) return;
    if (move) map.setView(standing.getLatLng(), Math.max(map.getZoom(), 12), {animate: false});
    standing.getElement()?.firstChild.classList.add("chosen");
  }

  function text(words) {
    const it = document.createElement("span");
    it.textContent = words;
    return it;
  }

  function draw() {
    for (const item of view.items) {
      const mark = L.marker([item.lat, item.lon], {icon: sign(item), keyboard: false, riseOnHover: true});
      mark.bindTooltip(() => text(item.text), {direction: "top", offset: [0, -8]});
      mark.on("click", () => choose(item.key, {move: false, scroll: true}));
      mark.addTo(map);
      marks.set(item.key, mark);
    }
    for (const button of document.querySelectorAll(".locate")) {
      if (!marks.has(button.dataset.item)) continue;
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
        renderer: L.canvas({padding: 0.3}), interactive: false,
        style: {fillColor: "#ffffff", fillOpacity: 0.85, color: "#5b6b7c", weight: 0.7},
      }).addTo(map);
      places.push([bounds[1], bounds[0]], [bounds[3], bounds[2]]);
    } catch (error) {
      // The outlines only help to find one's way; the marks stand without them.
      console.warn("The outlines of the communes could not be loaded:", error.message);
    }
    if (places.length) map.fitBounds(places, {animate: false, padding: [14, 14]});
    draw();
    document.body.dataset.ready = "true";
  }

  start();
})();
