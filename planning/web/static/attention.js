"use strict";
/* The map beside the list of what needs a hand: a dot per item, linked both ways. */

(() => {
  const view = JSON.parse(document.getElementById("attention").textContent);
  const COLOURS = {3: "#b83a0a", 2: "#c98a12", 1: "#3f7fae"};
  const PLAIN = {radius: 6, weight: 1.5, color: "#ffffff"};
  const box = document.querySelector(".overview .canvas");
  if (!box) return;
  box.hidden = false;
  map_diemthu.invalidateSize();
  const renderer = L.canvas({padding: 0.3, tolerance: 3});
  const looks = {
    offset: [0, 0],
    mark: (item) => L.circleMarker([item.lat, item.lon], {
      ...PLAIN, renderer, fillColor: COLOURS[item.gravity], fillOpacity: 0.95,
    }),
    light(dot, on) {
      dot.setStyle(on ? {radius: 9, weight: 3, color: "#16283b"} : PLAIN);
      if (on) dot.bringToFront();
    },
  };
  // The gravest are drawn last, above the others.
  const items = [...view.items].sort((a, b) => a.gravity - b.gravity);
  beside(map_diemthu, {...view, items}, {looks, row: ".item.chosen", zoom: 11, renderer});
})();
