"use strict";
/* The place on a small map: tapped, dragged, or where the phone is; loaded when it is asked for. */

const Place = (() => {
  const {view} = Kept;
  const form = document.getElementById("check");
  const said = document.getElementById("where");
  const warning = document.getElementById("where-warning");
  const {lat, lon} = form.elements;
  const numbers = new Intl.NumberFormat(view.language, {maximumFractionDigits: 0});
  const kilometres = new Intl.NumberFormat(view.language, {minimumFractionDigits: 2, maximumFractionDigits: 2});
  let map = null;
  let mark = null;

  const written = (value) => (view.language === "vi" ? value.toFixed(6).replace(".", ",") : value.toFixed(6));
  const number = (text) => (text.trim() ? Number(text.trim().replace(",", ".")) : NaN);
  const far = (metres) => (Math.round(metres) < 1000 ? `${numbers.format(metres)} m` : `${kilometres.format(metres / 1000)} km`);

  /** The corrected place as [latitude, longitude], null where none is written. */
  function chosen() {
    const place = [number(lat.value), number(lon.value)];
    return form.elements.place.value === "other" && place.every(Number.isFinite) ? place : null;
  }

  /** Metres on the sphere: near enough for what is shown until the service has measured. */
  function metres([one, two], [other, more]) {
    const turn = Math.PI / 180;
    const x = (more - two) * turn * Math.cos(((one + other) / 2) * turn);
    return 6371008 * Math.hypot(x, (other - one) * turn);
  }

  /** Say how far the place is; what is wrong with it the service says once it is saved. */
  function show(told) {
    const place = chosen();
    const start = [view.check.lat, view.check.lon];
    said.textContent = place ? view.says.far.replace("%(far)s", far(told ? told.metres : metres(start, place))) : "";
    if (told?.commune) said.textContent += ` · ${told.commune}`;
    warning.textContent = (place && told?.warning) || "";
    warning.hidden = !warning.textContent;
    if (mark) mark.setLatLng(place ?? start);
  }

  function set(place) {
    lat.value = written(place[0]);
    lon.value = written(place[1]);
    form.querySelector('input[name="place"][value="other"]').checked = true;
    form.dispatchEvent(new Event("input", {bubbles: true}));
    if (map) fit(place);
  }

  function locate(event) {
    const button = event.currentTarget;
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(({coords}) => {
      button.disabled = false;
      set([coords.latitude, coords.longitude]);
      if (coords.accuracy > 50) said.textContent += ` · ${view.says.coarse.replace("%(far)s", far(coords.accuracy))}`;
    }, () => {
      button.disabled = false;
      said.textContent = view.says.no_position;
    }, {enableHighAccuracy: true, timeout: 30000, maximumAge: 10000});
  }

  function load(kind, address) {
    return new Promise((done, failed) => {
      const each = document.createElement(kind === "js" ? "script" : "link");
      each.onload = done;
      each.onerror = failed;
      if (kind === "js") each.src = address;
      else Object.assign(each, {rel: "stylesheet", href: address});
      document.head.append(each);
    });
  }

  async function open(event) {
    const button = event.currentTarget;
    button.disabled = true;
    try {
      if (!window.L) await Promise.all([load("css", view.leaflet.css), load("js", view.leaflet.js)]);
      const answer = await fetch(view.check.around);
      if (!answer.ok) throw new Error(answer.status);
      draw(await answer.json());
      button.hidden = true;
    } catch {
      button.disabled = false;
      said.textContent = view.says.no_map;
    }
  }

  function draw(found) {
    const box = document.getElementById("map");
    box.hidden = false;
    const start = [view.check.lat, view.check.lon];
    map = L.map(box, {attributionControl: false, zoomSnap: 0.5});
    const canvas = L.canvas();
    for (const each of found.communes) {
      const rings = each.rings.map((ring) => [ring.map(([x, y]) => [y, x])]);
      L.polygon(rings, {renderer: canvas, color: "#5b6b7c", weight: 1.5, fillColor: "#ffffff", fillOpacity: 0.8})
        .bindTooltip(text(each.name)).addTo(map);
    }
    for (const [x, y, name, kind, status] of found.points) {
      const fill = status !== "open" ? "#ffffff" : kind === "direct" ? "#12304f" : "#4aa3df";
      L.circleMarker([y, x], {renderer: canvas, radius: 6, color: "#12304f", weight: 1, fillColor: fill, fillOpacity: 1})
        .bindTooltip(text(name)).addTo(map);
    }
    L.circleMarker(start, {renderer: canvas, radius: 9, color: "#5b3a8c", weight: 3, fill: false})
      .bindTooltip(text(view.says.proposed)).addTo(map);
    const icon = L.divIcon({className: "place-mark", html: "<span></span>", iconSize: [44, 44], iconAnchor: [15, 36]});
    mark = L.marker(chosen() ?? start, {icon, draggable: true, keyboard: false, alt: view.says.mark}).addTo(map);
    mark.on("dragend", () => set(pair(mark.getLatLng())));
    map.on("click", (event) => set(pair(event.latlng)));
    fit(chosen() ?? start);
    L.control.scale({imperial: false}).addTo(map);
  }

  /** Show the proposed place and the corrected one, no nearer than one can tell them apart. */
  const fit = (place) => map.fitBounds([[view.check.lat, view.check.lon], place], {maxZoom: 17, padding: [40, 40]});

  const pair = ({lat: one, lng: two}) => [one, two];

  /** A name as a node: it may hold signs that would be read as markup. */
  function text(name) {
    const node = document.createElement("span");
    node.textContent = name;
    return node;
  }

  if (lat) {
    const button = document.getElementById("locate");
    button.hidden = !(window.isSecureContext && navigator.geolocation);
    button.addEventListener("click", locate);
    const opener = document.getElementById("open-map");
    opener.hidden = false;
    opener.addEventListener("click", open);
    // Two numbers pasted as one text are a place.
    lat.addEventListener("paste", (event) => {
      const found = event.clipboardData.getData("text").trim().match(/^(-?\d+[.,]\d+)\s*[;,\s]\s*(-?\d+[.,]\d+)$/);
      if (!found) return;
      event.preventDefault();
      set([number(found[1]), number(found[2])]);
    });
  }
  return {show: lat ? show : () => {}};
})();
