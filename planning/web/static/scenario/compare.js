"use strict";
/* Maps of a comparison: the difference of two networks, or two maps in step. */

(() => {
  const {element, fill, number, percent, signs} = Diemthu;
  const view = JSON.parse(document.getElementById("view").textContent);
  const {says, compare} = view;
  const find = (id) => document.getElementById(id);
  // Diverging and readable with every colour vision: brown to white to violet (PuOr).
  const BREAKS = [5, 20];
  const CLASSES = [
    {colour: "#b35806", text: fill(says.lessBig, {from: 20})},
    {colour: "#f1a340", text: fill(says.less, {from: 5, to: 20})},
    {colour: "#fee0b6", text: fill(says.lessSmall, {to: 5})},
    {colour: "#f7f7f7", text: says.none},
    {colour: "#d8daeb", text: fill(says.moreSmall, {to: 5})},
    {colour: "#998ec3", text: fill(says.more, {from: 5, to: 20})},
    {colour: "#542788", text: fill(says.moreBig, {from: 20})},
  ];
  const NO_DATA = signs.fillOf("share", null);
  const left = map_diemthu;
  left.attributionControl.setPrefix(false);
  const people = new Map(compare.communes.map((each) => [each.code, each]));
  const maps = [];

  const nameOf = (at) => at < 0 ? says.asItIs : `${at + 1}. ${compare.names[at]}`;
  const servedOf = (one, at) => at < 0 ? one.served_now : one.served[at];

  function rank(points) {
    if (points === 0) return 3;
    const step = BREAKS.filter((each) => Math.abs(points) >= each).length;
    return points > 0 ? 4 + step : 2 - step;
  }

  function side(map, topology, bounds) {
    const canvas = L.canvas({padding: 0.3});
    const marks = L.layerGroup();
    const labels = L.layerGroup();
    const shapes = new Map();
    L.geoJSON(topojson.feature(topology, topology.objects.communes), {
      renderer: canvas,
      style: {color: "#5b6b7c", weight: 0.7, fillOpacity: 0.9, fillColor: "#eef0f2"},
      onEachFeature(feature, shape) {
        const code = String(feature.id);
        shapes.set(code, shape);
        shape.bindTooltip(() => element("span", {text: shape.said ?? says.noData}), {sticky: true});
      },
    }).addTo(map);
    marks.addTo(map);
    labels.addTo(map);
    map.fitBounds([[bounds[1], bounds[0]], [bounds[3], bounds[2]]], {animate: false});
    return {map, shapes, marks, labels, canvas};
  }

  function drawDifference({shapes, labels}, one, other) {
    labels.clearLayers();
    for (const [code, shape] of shapes) {
      const it = people.get(code);
      const known = it && it.people > 0;
      const more = known ? servedOf(it, other) - servedOf(it, one) : 0;
      const points = known ? (more / it.people) * 100 : 0;
      shape.setStyle({fillColor: known ? CLASSES[rank(points)].colour : NO_DATA});
      const sign = more > 0 ? "+" : more < 0 ? "−" : "";
      shape.said = known ? fill(says.tip, {name: it.name, people: `${sign}${number(Math.abs(more))}`,
        points: `${sign}${number(Math.abs(points), 1)}`}) : says.noData;
      if (!more) continue;
      const icon = L.divIcon({className: "more", iconSize: null, html: element("span", {text: `${sign}${number(Math.abs(more))}`})});
      labels.addLayer(L.marker(shape.getBounds().getCenter(), {icon, interactive: false, keyboard: false}));
    }
  }

  function drawShare({shapes, labels}, at) {
    labels.clearLayers();
    for (const [code, shape] of shapes) {
      const it = people.get(code);
      const share = it && it.people > 0 ? servedOf(it, at) / it.people : null;
      shape.setStyle({fillColor: share === null ? NO_DATA : signs.fillOf("share", {share_covered: share})});
      shape.said = `${it?.name ?? code}: ${share === null ? says.noData : percent(share)}`;
    }
  }

  function drawPoints({marks, canvas}, at) {
    marks.clearLayers();
    if (at < 0) return;
    const {opened, closed} = compare.points[at];
    for (const [kind, places] of [["add", opened], ["close", closed]]) {
      for (const [lon, lat] of places) {
        const icon = L.divIcon({className: "mark", iconSize: [22, 22], iconAnchor: [11, 11],
          html: element("span", {class: `sign sign-${kind}`, title: kind === "add" ? says.opened : says.closed})});
        marks.addLayer(L.marker([lat, lon], {icon, keyboard: false, interactive: false, renderer: canvas}));
      }
    }
  }

  function legend(split) {
    find("legend-title").textContent = split ? says.shareLegend : says.differenceLegend;
    const classes = split ? signs.ranges("share") : CLASSES;
    const items = [...classes, {colour: NO_DATA, text: says.noData}].map(({colour, text}) => {
      const swatch = element("span", {class: colour === NO_DATA ? "swatch no-data" : "swatch"});
      if (colour !== NO_DATA) swatch.style.backgroundColor = colour;
      return element("li", {}, swatch, text);
    });
    for (const [kind, text] of [["add", says.opened], ["close", says.closed]]) {
      items.push(element("li", {}, element("span", {class: `sign sign-${kind}`, "aria-hidden": "true"}), text));
    }
    find("legend").replaceChildren(...items);
  }

  function draw() {
    const split = document.querySelector("input[name=mode]:checked").value === "split";
    const [one, other] = ["left", "right"].map((id) => Number(find(id).value));
    find("map-right").hidden = !split;
    find("two-maps").classList.toggle("split", split);
    const names = {left: nameOf(one), right: nameOf(other)};
    find("map-title").textContent = fill(split ? says.split : says.difference, names);
    for (const {map} of maps) map.invalidateSize({animate: false});
    if (split) {
      drawShare(maps[0], one);
      drawPoints(maps[0], one);
      drawShare(maps[1], other);
      drawPoints(maps[1], other);
      maps[1].map.setView(left.getCenter(), left.getZoom(), {animate: false});
    } else {
      drawDifference(maps[0], one, other);
      drawPoints(maps[0], other);
    }
    legend(split);
    const query = new URLSearchParams(location.search);
    query.set("mode", split ? "split" : "difference");
    query.set("left", one);
    query.set("right", other);
    history.replaceState(null, "", `?${query}`);
  }

  /** Two maps show the same ground. */
  function inStep(one, other) {
    let leading = null;
    for (const [map, follower] of [[one, other], [other, one]]) {
      map.on("move", () => {
        if (leading && leading !== map) return;
        leading = map;
        if (!find("map-right").hidden) follower.setView(map.getCenter(), map.getZoom(), {animate: false});
        leading = null;
      });
    }
  }

  function restore() {
    const query = new URLSearchParams(location.search);
    for (const id of ["left", "right"]) {
      const value = query.get(id);
      if (value !== null && [...find(id).options].some((each) => each.value === value)) find(id).value = value;
    }
    if (query.get("mode") === "split") document.querySelector("input[value=split]").checked = true;
  }

  async function start() {
    find("two-maps").hidden = false;
    document.querySelector(".map-choices").hidden = false;
    left.invalidateSize({animate: false});
    try {
      const {topology, bounds} = await Diemthu.load("communes");
      find("map-right").hidden = false;
      const right = L.map("second", {zoomSnap: 0.25, zoomDelta: 0.5, maxZoom: 18});
      right.attributionControl.setPrefix(false);
      L.control.scale({imperial: false}).addTo(right);
      maps.push(side(left, topology, bounds), side(right, topology, bounds));
      inStep(left, right);
      for (const map of [left, right]) {
        map.getContainer().setAttribute("role", "application");
        map.getContainer().setAttribute("aria-label", says.mapSays);
      }
      restore();
      draw();
      left.fitBounds([[bounds[1], bounds[0]], [bounds[3], bounds[2]]], {animate: false});
      for (const each of document.querySelectorAll(".map-choices input, .map-choices select")) each.addEventListener("change", draw);
    } catch (error) {
      find("map-title").textContent = `${says.failed} ${error.message}`;
    }
    document.body.dataset.ready = "true";
  }

  start();
})();
