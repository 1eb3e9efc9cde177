"use strict";
/* Choosing the place of a proposal on a map; the two numbers of the form stay the truth. */

(() => {
  const box = document.querySelector(".place-map");
  const [lat, lon] = ["lat", "lon"].map((each) => document.getElementById(each));
  for (const button of document.querySelectorAll("button.pick")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      set([Number(button.dataset.lat), Number(button.dataset.lon)]);
      document.getElementById("host").value = button.dataset.host;
      document.getElementById("host_type").value = button.dataset.type;
      show(true);
    });
  }
  const comma = document.documentElement.lang === "vi";
  const read = (field) => Number.parseFloat(field.value.replace(",", "."));
  const write = (value) => comma ? value.toFixed(6).replace(".", ",") : value.toFixed(6);

  function set([north, east]) {
    lat.value = write(north);
    lon.value = write(east);
  }

  if (!box || !lat || !lon) return;
  const view = JSON.parse(box.dataset.view);
  box.hidden = false;
  document.getElementById("map-hint").hidden = false;
  const map = map_diemthu;
  map.invalidateSize();
  map.getContainer().classList.add("picking");
  const sign = L.marker([0, 0], {draggable: true, keyboard: false, icon: L.divIcon({
    className: "", iconSize: [16, 16],
    html: Object.assign(document.createElement("div"), {className: "proposal-mark k-open s-wanted chosen"}),
  })});

  function show(move) {
    const place = [read(lat), read(lon)];
    if (!place.every(Number.isFinite) || Math.abs(place[0]) > 90) return;
    sign.setLatLng(place).addTo(map);
    if (move) map.setView(place, Math.max(map.getZoom(), 13), {animate: false});
  }

  map.on("click", (event) => {
    set([event.latlng.lat, event.latlng.lng]);
    show(false);
  });
  sign.on("dragend", () => {
    const place = sign.getLatLng();
    set([place.lat, place.lng]);
  });
  for (const field of [lat, lon]) field.addEventListener("change", () => show(true));

  /** Draw the open points that serve people, to see what is there already; the form works without. */
  async function points() {
    if (!view.points) return;
    try {
      const {columns, rows} = await (await fetch(view.points)).json();
      const [north, east, kind, status, name] = ["lat", "lon", "kind", "status", "name"].map((each) => columns.indexOf(each));
      const renderer = L.canvas({padding: 0.3});
      for (const row of rows) {
        if (row[kind] !== "direct" || row[status] !== "open") continue;
        const text = Object.assign(document.createElement("span"), {textContent: row[name]});
        L.circleMarker([row[north], row[east]], {renderer, radius: 3.5, weight: 1, color: "#ffffff", fillColor: "#12315a", fillOpacity: 1, bubblingMouseEvents: true}).bindTooltip(text).addTo(map);
      }
      document.getElementById("map-points").hidden = false;
    } catch (error) {
      console.warn("The points could not be loaded:", error.message);
    }
  }

  async function start() {
    // Without outlines the numbers can still be typed.
    const corners = await outlines(map, view.communes, {weight: 0.8});
    if (corners.length) map.fitBounds(corners, {animate: false});
    show(true);
    await points();
    document.body.dataset.ready = "true";
  }

  start();
})();
