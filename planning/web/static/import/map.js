"use strict";
/* The map of what would come in, over the communes that are there. */

(async () => {
  const frame = document.querySelector(".import-map");
  const said = document.getElementById("map-said");
  if (!frame) return;
  const canvas = L.canvas({padding: 0.3});
  const map = L.map("import-map", {attributionControl: false, zoomSnap: 0.25, maxZoom: 18});
  L.control.scale({imperial: false}).addTo(map);
  map.setView([15.9, 106.3], 6);
  const number = new Intl.NumberFormat(frame.dataset.locale);
  const fill = (words, values) => words.replace(/%\((\w+)\)s/g, (all, name) => values[name] ?? all);
  const turned = (ring) => ring.map(([lon, lat]) => [lat, lon]);

  async function load(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  }

  function bounds([west, south, east, north]) {
    return L.latLngBounds([[south, west], [north, east]]);
  }

  function drawCommunes({topology, bounds: box}) {
    const shapes = topojson.feature(topology, topology.objects.communes);
    L.geoJSON(shapes, {renderer: canvas, interactive: false,
      style: {color: "#5b6b7c", weight: 0.8, fillColor: "#dfe6ec", fillOpacity: 0.9}}).addTo(map);
    return box ? bounds(box) : null;
  }

  function drawFile(content) {
    for (const [lon, lat] of content.points ?? []) {
      L.circleMarker([lat, lon], {renderer: canvas, interactive: false, radius: 4, weight: 1,
        color: "#ffffff", fillColor: "#b83a0a", fillOpacity: 0.9}).addTo(map);
    }
    for (const rings of content.areas ?? []) {
      L.polygon(rings.map(turned), {renderer: canvas, interactive: false, color: "#b83a0a",
        weight: 1.2, fillColor: "#b83a0a", fillOpacity: 0.14}).addTo(map);
    }
    said.textContent = fill(frame.dataset.said,
      {shown: number.format(content.shown), count: number.format(content.count)});
    return bounds(content.bounds);
  }

  try {
    const [communes, content] = await Promise.all([
      frame.dataset.communes ? load(frame.dataset.communes) : null, load(frame.dataset.shapes)]);
    const there = communes ? drawCommunes(communes) : null;
    const came = drawFile(content);
    map.fitBounds(there ? came.extend(there) : came, {animate: false, padding: [10, 10]});
    frame.dataset.ready = "true";
  } catch {
    said.textContent = frame.dataset.failed;
  }
})();
