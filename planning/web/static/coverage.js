"use strict";
/* The coverage page: the map in the colours the page gives, and every choice answered at once. */

(() => {
  const box = document.querySelector(".wide-map .canvas");
  const form = document.getElementById("ask");
  const said = document.getElementById("live");
  box.hidden = false;
  const map = map_diemthu;
  map.invalidateSize();
  const canvas = L.canvas({padding: 0.3});
  const shapes = new Map(); // code -> its shape on the map
  let view = JSON.parse(document.getElementById("view").textContent);
  let surface = null;
  let asked = 0; // the newest question; late answers to older ones are dropped

  /** Grey hatching for communes without data: a pattern, for it is no value. */
  function hatching() {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.fillStyle = "#eef0f2";
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = "#7d8a97";
    for (const start of [-8, 0, 8]) {
      pen.moveTo(start, 8);
      pen.lineTo(start + 8, 0);
    }
    pen.stroke();
    return pen.createPattern(tile, "repeat");
  }
  const NO_DATA = hatching();

  function words(text) {
    const it = document.createElement("span");
    it.textContent = text;
    return it;
  }

  /** Colour the map as the page says; done when what is laid over it is there too. */
  async function paint() {
    for (const [code, shape] of shapes) {
      shape.setStyle({stroke: true, color: "#5b6b7c", weight: 0.7, fill: true,
        fillColor: view.surface ? "#ffffff" : view.fills[code] ?? NO_DATA,
        fillOpacity: view.surface ? 0 : 0.88});
    }
    surface?.remove();
    surface = null;
    if (view.surface) {
      surface = L.imageOverlay(view.surface.url, view.surface.bounds,
        {opacity: 0.9, className: "cells", alt: ""});
      const laid = surface;
      await new Promise((resolve) => { laid.on("load error", resolve).addTo(map); });
    }
  }

  async function content(url) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error((await answer.json()).error);
    return answer.json();
  }

  async function draw() {
    const [{topology, bounds}, points] = await Promise.all([content(view.communes), content(view.points)]);
    L.geoJSON(topojson.feature(topology, topology.objects.communes), {
      renderer: canvas,
      onEachFeature(feature, shape) {
        const code = String(feature.id);
        shapes.set(code, shape);
        shape.bindTooltip(() => words(view.tips[code] ?? code), {sticky: true, direction: "top"});
        shape.on("click", () => { location.href = view.page.replace("00000", code); });
      },
    }).addTo(map);
    const at = (name) => points.columns.indexOf(name);
    for (const row of points.rows) {
      if (row[at("kind")] !== "direct" || row[at("status")] !== "open") continue;
      L.circleMarker([row[at("lat")], row[at("lon")]], {renderer: canvas, radius: 2.6, weight: 0.8,
        color: "#ffffff", fillColor: "#12304f", fillOpacity: 1, interactive: false}).addTo(map);
    }
    map.fitBounds([[bounds[1], bounds[0]], [bounds[3], bounds[2]]], {animate: false, padding: [14, 14]});
  }

  /** The address of what the form says: one for each standard, as the server gives it. */
  function chosen() {
    const address = new URL(location.href);
    const given = new FormData(form);
    const standard = {own: "", radius: given.get("km")}[given.get("mode")] ?? given.get("mode");
    if (standard) address.searchParams.set("standard", standard);
    else address.searchParams.delete("standard");
    address.searchParams.set("measure", given.get("measure"));
    if (given.get("demand")) address.searchParams.set("demand", given.get("demand"));
    else address.searchParams.delete("demand");
    return address;
  }

  /** Show what an address says in place of what is shown; the page itself stays. */
  async function show(address) {
    const mine = ++asked;
    document.body.dataset.ready = "false";
    try {
      const answer = await fetch(address);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine !== asked) return;
      const refused = page.querySelector("[role=alert]");
      if (refused) {
        said.textContent = refused.textContent;
      } else {
        said.textContent = "";
        for (const id of ["measured", "listed"]) {
          const fresh = document.importNode(page.getElementById(id), true);
          document.getElementById(id).replaceWith(fresh);
        }
        const links = page.querySelector(".top nav");
        document.querySelector(".top nav").replaceWith(document.importNode(links, true));
        view = JSON.parse(document.getElementById("view").textContent);
        history.pushState(null, "", address);
        await paint();
      }
    } catch {
      location.href = address; // the browser itself says what is wrong with the line
    }
    document.body.dataset.ready = "true";
  }

  let waiting = 0;
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    if (event.target.name === "km") form.elements.mode.value = "radius";
    if (form.checkValidity()) waiting = setTimeout(() => show(chosen()), 250);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    show(chosen());
  });
  addEventListener("popstate", () => location.reload());
  document.querySelector("main").addEventListener("click", (event) => {
    const link = event.target.closest("table.sorted thead a, nav.tabs a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const column = link.closest("th")?.cellIndex;
    show(link.href).then(() => {
      const again = column === undefined ? "nav.tabs [aria-current]" : `table.sorted th:nth-child(${column + 1}) a`;
      document.querySelector(again)?.focus();
    });
  });

  draw().catch((error) => { said.textContent = error.message; }).then(paint).then(() => {
    document.body.dataset.ready = "true";
  });
})();
