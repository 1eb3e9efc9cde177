"use strict";
/* The outlines of a province's communes below a map that shows something else. */

/** Draw the outlines and give their corners; none where they cannot be had: they only help to find one's way. */
async function outlines(map, url, {renderer, weight = 0.7} = {}) {
  try {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(String(answer.status));
    const {topology, bounds} = await answer.json();
    L.geoJSON(topojson.feature(topology, topology.objects.communes), {
      renderer: renderer ?? L.canvas({padding: 0.3}), interactive: false,
      style: {fillColor: "#ffffff", fillOpacity: 0.85, color: "#5b6b7c", weight},
    }).addTo(map);
    return [[bounds[1], bounds[0]], [bounds[3], bounds[2]]];
  } catch (error) {
    console.warn("The outlines of the communes could not be loaded:", error.message);
    return [];
  }
}
