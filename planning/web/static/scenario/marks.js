"use strict";
/* The signs of what a scenario changes: drawn by shape and letter, dragged, chosen. */

Diemthu.marks = (() => {
  const {element, fill} = Diemthu;
  const {map} = Diemthu.layers;
  const {says} = Diemthu.sending.view;
  const group = L.layerGroup().addTo(map);
  const signs = new Map(); // id -> {marker, part}
  const state = {moved: () => {}, dragging: () => {}, chosen: () => {}};
  let loose = null; // a listed point that was chosen and can be dragged

  function icon(sign, small = "") {
    return L.divIcon({className: `mark ${small}`, iconSize: [26, 26], iconAnchor: [13, 13],
      html: element("span", {class: `sign sign-${sign}`})});
  }

  const draggable = (part) => !part.lock && !part.held && part.signs[0] !== "close";

  function draw(parts) {
    group.clearLayers();
    signs.clear();
    for (const part of parts) {
      if (part.from_lat !== null && part.signs.includes("move")) {
        group.addLayer(L.polyline([[part.from_lat, part.from_lon], [part.lat, part.lon]],
          {color: "#5b3a8c", weight: 1.6, dashArray: "4 4", interactive: false}));
      }
      add(part);
    }
  }

  function add(part) {
    const sign = part.held ? "held" : part.signs[0];
    const marker = L.marker([part.lat, part.lon], {icon: icon(sign), keyboard: false,
      draggable: draggable(part), autoPan: true, zIndexOffset: 500});
    const text = fill(says.sign, {name: part.name, what: part.said});
    marker.bindTooltip(() => element("span", {text}), {direction: "top", offset: [0, -12]});
    marker.on("click", (event) => { L.DomEvent.stop(event); state.chosen(part); });
    follow(marker, part);
    group.addLayer(marker);
    signs.set(part.id, {marker, part});
    return marker;
  }

  function follow(marker, part) {
    marker.on("drag", () => state.dragging(part, marker.getLatLng()));
    marker.on("dragend", () => {
      marker.getElement()?.classList.add("unsent");
      state.moved(part, marker.getLatLng());
    });
  }

  /** Let a point of the list be dragged: it was chosen on the map. */
  function offer(point) {
    unoffer();
    if (signs.has(point.id)) return;
    const marker = L.marker([point.lat, point.lon], {icon: icon("offer"), keyboard: false,
      draggable: true, autoPan: true, zIndexOffset: 600});
    marker.bindTooltip(() => element("span", {text: `${point.name}. ${says.dragHint}`}), {direction: "top", offset: [0, -12]});
    follow(marker, point);
    loose = marker.addTo(map);
  }

  function unoffer() {
    loose?.remove();
    loose = null;
  }

  /** A point that is on its way to the service. */
  function unsent(place) {
    const marker = L.marker(place, {icon: icon("add", "unsent"), interactive: false, keyboard: false});
    group.addLayer(marker);
  }

  function locate(id) {
    const one = signs.get(id);
    if (one) map.setView(one.marker.getLatLng(), Math.max(map.getZoom(), 12), {animate: false});
  }

  return {state, draw, offer, unoffer, unsent, locate};
})();
