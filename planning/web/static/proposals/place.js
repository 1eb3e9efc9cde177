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

  async function start() {
    // Without outlines the numbers can still be typed.
    const corners = await outlines(map, view.communes, {weight: 0.8});
    if (corners.length) map.fitBounds(corners, {animate: false});
    show(true);
    document.body.dataset.ready = "true";
  }

  start();
})();
