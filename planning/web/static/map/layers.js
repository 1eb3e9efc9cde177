"use strict";
/* The layers of the map: draw them, switch them, mark the chosen thing. */

Diemthu.layers = (() => {
  const {signs, element, words} = Diemthu;
  const map = map_diemthu;
  const canvas = L.canvas({padding: 0.3, tolerance: 2});
  const state = {measure: "share", on: new Set(), choose: () => {}};
  // From the lowest to the uppermost; the names of the switches.
  const groups = {communes: L.layerGroup(), direct: L.layerGroup(), online: L.layerGroup(),
    mobile: L.layerGroup(), gaps: L.layerGroup(), plan: L.layerGroup(), names: L.layerGroup()};
  const communes = new Map(); // code -> {shape, area, name, label}
  const pins = {gaps: [], plan: []}; // [{marker, rank, ...}] by rank
  let whole = 8; // the zoom at which the province fills the map
  let standing = null; // the shape marked as chosen, with its own style

  const tip = (text) => element("span", {text});
  const areaName = (code) => communes.get(code)?.name ?? code;

  function communeStyle(code) {
    const coloured = state.on.has("communes");
    const area = communes.get(code)?.area;
    return {
      fill: true, fillOpacity: coloured && area !== undefined ? 0.85 : 0.15,
      fillColor: coloured && area !== undefined ? signs.fillOf(state.measure, area) : "#dfe6ec",
      stroke: true, color: state.on.has("borders") ? "#5b6b7c" : "transparent",
      weight: state.on.has("borders") ? 0.7 : 0, opacity: 1,
    };
  }

  function drawCommunes({topology, bounds}) {
    const shapes = topojson.feature(topology, topology.objects.communes);
    L.geoJSON(shapes, {
      renderer: canvas,
      onEachFeature(feature, shape) {
        const code = String(feature.id);
        communes.set(code, {shape, name: feature.properties?.name ?? code});
        shape.on("click", (event) => { L.DomEvent.stop(event); state.choose("c", code); });
        shape.bindTooltip(() => tip(communeTip(code)), {sticky: true, direction: "top"});
        groups.communes.addLayer(shape);
      },
    });
    restyle();
    if (bounds) frame([[bounds[1], bounds[0]], [bounds[3], bounds[2]]]);
  }

  function communeTip(code) {
    const {area, name} = communes.get(code);
    if (!area) return name;
    const measure = signs.MEASURES[state.measure];
    const value = area[measure.key];
    return `${name}: ${value === null ? words.noData : state.measure === "distance"
      ? Diemthu.withKm(value) : state.measure === "share" ? Diemthu.percent(value) : measure.show(value)}`;
  }

  function frame(bounds) {
    // The province stands beside the open legend where there is room for both.
    const legend = document.querySelector("details.layers");
    const beside = legend?.open && map.getSize().x > 700 ? legend.offsetWidth + 16 : 0;
    map.fitBounds(bounds, {animate: false, paddingTopLeft: [14, 14], paddingBottomRight: [14 + beside, 14]});
    map.setMinZoom(Math.max(4, map.getZoom() - 2));
    whole = map.getZoom();
  }

  /** Give the communes what is known of them: name, measures. */
  function colour(areas) {
    for (const area of areas) {
      const one = communes.get(area.code);
      if (one) Object.assign(one, {area, name: area.name});
    }
    for (const [code, one] of communes) {
      one.area ??= null;
      labelOf(code, one);
    }
    restyle();
    rename();
  }

  function restyle() {
    for (const [code, {shape}] of communes) shape.setStyle(communeStyle(code));
    if (standing) standing.shape.setStyle(standing.style);
  }

  function labelOf(code, one) {
    const text = element("span", {text: one.name.replace(/^(Xã|Phường|Thị trấn|Đặc khu)\s+/u, "")});
    const icon = L.divIcon({className: "name", iconSize: null, html: text});
    one.label = L.marker(one.shape.getBounds().getCenter(), {icon, interactive: false, keyboard: false,
      zIndexOffset: -10000});
    one.width = text.textContent.length * 6.4;
  }

  /** Show the names of the communes that are wide enough for them. */
  function rename() {
    const seen = map.getBounds().pad(0.2);
    for (const one of communes.values()) {
      if (!one.label) continue;
      const bounds = one.shape.getBounds();
      const left = map.latLngToLayerPoint(bounds.getSouthWest());
      const right = map.latLngToLayerPoint(bounds.getNorthEast());
      const fits = right.x - left.x > one.width + 8 && left.y - right.y > 26;
      if (fits && seen.intersects(bounds)) groups.names.addLayer(one.label);
      else groups.names.removeLayer(one.label);
    }
  }

  function drawPoints({columns, rows}) {
    const counts = {direct: 0, online: 0, mobile: 0};
    let hollow = 0;
    for (const row of rows) {
      const point = Object.fromEntries(columns.map((name, place) => [name, row[place]]));
      const open = point.status === "open";
      if (open) counts[point.kind] += 1;
      else hollow += 1;
      const sign = new signs.Sign([point.lat, point.lon],
        {renderer: canvas, ...signs.pointStyle(point.kind, open, map.getZoom())});
      Object.assign(sign, {kind: point.kind, open});
      sign.bindTooltip(() => tip(point.name), {direction: "top"});
      sign.on("click", (event) => { L.DomEvent.stop(event); state.choose("p", point.point_id, point); });
      groups[point.kind].addLayer(sign);
    }
    return {counts, hollow};
  }

  function resizePoints() {
    for (const name of ["direct", "online", "mobile"]) {
      groups[name].eachLayer((sign) => {
        const {radius} = signs.pointStyle(sign.kind, sign.open, map.getZoom());
        if (sign.options.radius !== radius) sign.setRadius(radius);
      });
    }
  }

  function drawGaps({gaps}) {
    groups.gaps.clearLayers();
    pins.gaps = gaps.map((gap) => {
      const outline = L.polygon(gap.outline.map(([lon, lat]) => [lat, lon]), {
        renderer: canvas, color: signs.GAP, weight: 1.3, fillColor: signs.GAP, fillOpacity: 0.12});
      outline.on("click", (event) => { L.DomEvent.stop(event); state.choose("g", String(gap.rank)); });
      outline.bindTooltip(() => tip(gap.name), {sticky: true, direction: "top"});
      if (gap.outline.length > 2) groups.gaps.addLayer(outline);
      return pin("gaps", gap, "g", `${Diemthu.fill(words.gapTitle, {rank: gap.rank})}: ${gap.name}`, outline);
    });
  }

  function drawPlan({plan}) {
    groups.plan.clearLayers();
    pins.plan = (plan?.sites ?? []).map((site) => pin("plan", site, "s",
      `${Diemthu.fill(words.siteTitle, {rank: site.rank})}: ${site.commune}, +${Diemthu.number(site.people_gained)} ${words.people}`));
  }

  /** A numbered marker; one of its kind is a tab stop, the arrow keys go through the ranks. */
  function pin(group, {lat, lon, rank}, letter, title, outline = null) {
    const marker = signs.numbered([lat, lon], rank, group);
    marker.bindTooltip(() => tip(title), {direction: "top", offset: [0, -10]});
    marker.on("click", (event) => { L.DomEvent.stop(event); state.choose(letter, String(rank)); });
    marker.on("add", () => {
      const button = marker.getElement();
      button.setAttribute("role", "button");
      button.setAttribute("aria-label", title);
      button.tabIndex = rank === 1 ? 0 : -1;
      button.classList.toggle("chosen", Boolean(pins[group].find((each) => each.rank === rank)?.chosen));
      button.onkeydown = (event) => {
        const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
        if (event.key === "Enter" || event.key === " ") state.choose(letter, String(rank));
        else if (step) focusPin(group, rank + step);
        else return;
        event.preventDefault();
        event.stopPropagation();
      };
    });
    return {marker, rank, outline, group};
  }

  function focusPin(group, rank) {
    const next = pins[group].find((each) => each.rank === rank);
    if (!next) return;
    groups[group].addLayer(next.marker);
    for (const each of pins[group]) {
      const button = each.marker.getElement();
      if (button) button.tabIndex = each === next ? 0 : -1;
    }
    next.marker.getElement()?.focus();
  }

  /** Show the numbers that cover none of more weight: the chosen, suggestions, gaps, by rank. */
  function declutter() {
    const taken = [];
    const [wide, high] = map.getZoom() < whole + 1 ? [36, 28] : [22, 18];
    const all = [...pins.plan, ...pins.gaps].filter((one) => state.on.has(one.group));
    for (const one of all.sort((a, b) => Boolean(b.chosen) - Boolean(a.chosen))) {
      const place = map.latLngToLayerPoint(one.marker.getLatLng());
      const free = taken.every((each) => Math.abs(each.x - place.x) > wide || Math.abs(each.y - place.y) > high);
      if (free) {
        taken.push(place);
        groups[one.group].addLayer(one.marker);
      } else groups[one.group].removeLayer(one.marker);
    }
  }

  /** Bring the layers that are switched on into their order. */
  function apply() {
    for (const [name, group] of Object.entries(groups)) {
      if (name === "communes" || state.on.has(name)) map.addLayer(group);
      else map.removeLayer(group);
    }
    restyle();
    declutter();
    groups.communes.eachLayer((shape) => shape.bringToBack());
  }

  /** Mark one thing as chosen and bring it into view. */
  function mark(letter, id, move) {
    unmark();
    if (letter === "c" && communes.has(id)) {
      const {shape} = communes.get(id);
      standing = {shape, style: {color: "#0b1f33", weight: 2.6}};
      shape.setStyle(standing.style);
      shape.bringToFront();
      for (const name of ["gaps", "online", "mobile", "direct"]) {
        groups[name].eachLayer((each) => each._map && each.bringToFront?.());
      }
      if (move && !map.getBounds().contains(shape.getBounds())) {
        map.fitBounds(shape.getBounds(), {maxZoom: 12, padding: [40, 40], animate: moves()});
      }
      return;
    }
    const one = {g: pins.gaps, s: pins.plan}[letter]?.find((each) => String(each.rank) === id);
    if (!one) return;
    one.chosen = true;
    declutter();
    one.marker.getElement()?.classList.add("chosen");
    one.marker.setZIndexOffset(1000);
    if (move) bringIntoView(one);
  }

  /** Whether the map may glide: not while the page is being made, nor against the reader's wish. */
  function moves() {
    return Boolean(document.body.dataset.ready) && !matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  function bringIntoView(one) {
    if (one.outline) map.fitBounds(one.outline.getBounds().pad(1), {maxZoom: 12, animate: moves()});
    else map.setView(one.marker.getLatLng(), Math.max(map.getZoom(), 12), {animate: moves()});
  }

  function unmark() {
    standing = null;
    for (const one of [...pins.gaps, ...pins.plan]) {
      one.chosen = false;
      one.marker.getElement()?.classList.remove("chosen");
      one.marker.setZIndexOffset(0);
    }
    restyle();
  }

  map.attributionControl.setPrefix(false);
  map.on("zoomend", () => { resizePoints(); declutter(); });
  map.on("moveend", rename);

  return {map, state, communes, areaName, drawCommunes, colour, drawPoints, drawGaps, drawPlan,
    apply, restyle, mark, unmark, focusPin};
})();
