"use strict";
/* The map page: loads the layers, links map, tables, panel, search and address. */

(() => {
  const {words, layers, panel, table, signs, element, number, percent, radius, withKm, fill} = Diemthu;
  const {map, state} = layers;
  const find = (id) => document.getElementById(id);
  const data = {}; // layer name -> its JSON
  const chosen = {letter: null, id: null};
  const SWITCHES = {c: "communes", b: "borders", n: "names", d: "direct", o: "online", m: "mobile", g: "gaps", s: "plan"};
  const TABS = {c: "communes", g: "gaps", s: "plan"};
  const asked = readHash();
  let tab = new URLSearchParams(location.search).get("tab") === "plan" ? "plan" : "communes";

  // ── The address: #zoom/lat/lon/chosen/layers/measure, or #-/chosen to go to one thing ──

  function readHash() {
    const parts = decodeURIComponent(location.hash.slice(1)).split("/");
    if (parts[0] === "-") return {key: parts[1] ?? ""};
    const [zoom, lat, lon] = parts.slice(0, 3).map(Number);
    if (parts.length < 3 || [zoom, lat, lon].some((each) => !Number.isFinite(each))) return {};
    return {view: [[lat, lon], zoom], key: parts[3] ?? "", on: parts[4], measure: parts[5]};
  }

  function writeHash() {
    if (!document.body.dataset.ready) return;
    const centre = map.getCenter();
    const on = Object.keys(SWITCHES).filter((each) => state.on.has(SWITCHES[each])).join("") || "-";
    const key = chosen.letter && chosen.letter !== "p" ? chosen.letter + chosen.id : "-";
    const hash = `#${[+map.getZoom().toFixed(2), centre.lat.toFixed(5), centre.lng.toFixed(5), key, on, state.measure].join("/")}`;
    history.replaceState(null, "", hash);
    const back = document.querySelector(".language input[name=back]");
    if (back) back.value = location.pathname + location.search + hash;
  }

  // ── Choosing: one thing at a time, on map, in table and panel ──

  function choose(letter, id, point = null, move = true) {
    Object.assign(chosen, {letter, id});
    if (letter === "p") {
      layers.unmark();
      table.highlight(null);
      panel.point(point, point.commune_code ? layers.areaName(point.commune_code) : "–", unchoose);
      return;
    }
    if (TABS[letter] !== tab) openTab(TABS[letter]);
    const switchName = {g: "gaps", s: "plan"}[letter];
    if (switchName && !state.on.has(switchName)) switchLayer(switchName, true);
    const shown = showPanel(letter, id);
    if (!shown) return;
    layers.mark(letter, id, move);
    table.highlight(letter + id);
    writeHash();
  }

  function showPanel(letter, id) {
    if (letter === "c") {
      if (!layers.communes.has(id)) return false;
      const one = layers.communes.get(id);
      panel.commune(one.area, one.name, unchoose);
    } else {
      const rows = letter === "g" ? data.gaps?.gaps : data.plan?.plan?.sites;
      const row = rows?.find((each) => String(each.rank) === id);
      if (!row) return false;
      (letter === "g" ? panel.gap : panel.site)(row, unchoose);
    }
    find("next").textContent = {g: words.nextGap, s: words.nextPlan}[letter] ?? words.nextNone;
    return true;
  }

  function unchoose() {
    const key = chosen.letter + chosen.id;
    Object.assign(chosen, {letter: null, id: null});
    panel.hide();
    layers.unmark();
    table.highlight(null);
    writeHash();
    document.querySelector(`tr[data-key="${CSS.escape(key)}"] button`)?.focus({preventScroll: true});
  }

  // ── Tabs and their tables ──

  function openTab(name) {
    tab = name;
    for (const each of Object.values(TABS)) {
      const button = find(`tab-${each}`);
      button.setAttribute("aria-selected", String(each === name));
      button.tabIndex = each === name ? 0 : -1;
    }
    find("list").setAttribute("aria-labelledby", `tab-${name}`);
    const form = document.querySelector(".plan-form");
    if (form) form.hidden = name !== "plan";
    drawTable();
  }

  function drawTable() {
    const loading = {empty: words.loading, choose};
    if (tab === "gaps") {
      const {gaps, people_scattered: scattered} = data.gaps ?? {};
      table.show("gaps", gaps ?? [], gaps ? {empty: words.noGaps, choose,
        after: scattered ? fill(words.scattered, {people: number(scattered)}) : ""} : loading);
    } else if (tab === "plan") {
      const plan = data.plan?.plan;
      const most = plan?.upper_bound_people_gained ?? null;  // none where people are not the aim
      const after = plan ? [data.plan.stale ? words.stale : "", most === null ? "" : fill(words.bound,
        {points: number(plan.points_asked), bound: number(most)})] : [];
      table.show("plan", plan?.sites ?? [], data.plan ? {choose, after: after.join(" ").trim(),
        empty: Diemthu.standalone ? words.noPlanFile : words.noPlan} : loading);
    } else {
      const wanted = Diemthu.folded(find("search").value);
      const all = data.coverage?.communes ?? [];
      const rows = wanted ? all.filter((each) => Diemthu.folded(each.name).includes(wanted)) : all;
      table.show("communes", rows, data.coverage
        ? {choose, empty: fill(words.found, {count: 0})} : loading);
    }
    if (chosen.letter) table.highlight(chosen.letter + chosen.id);
  }

  function moveTab(event) {
    const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (!step) return;
    const names = Object.values(TABS);
    const next = names[(names.indexOf(tab) + step + names.length) % names.length];
    openTab(next);
    find(`tab-${next}`).focus();
  }

  function search() {
    if (tab !== "communes") openTab("communes");
    else drawTable();
    const count = document.querySelectorAll("#table tbody tr").length;
    find("search-hint").textContent = fill(words.found, {count: number(count)});
  }

  // ── Figures, legend, switches ──

  function figure(name, value, note = "") {
    const place = document.querySelector(`[data-figure="${name}"] dd`);
    place.replaceChildren(value, note ? element("small", {text: ` ${note}`}) : "");
  }

  function figures() {
    const {coverage, gaps, plan} = data;
    if (coverage) {
      figure("people", number(coverage.people), words.people);
      figure("covered", percent(coverage.share_covered), words.of);
      const unserved = coverage.people === null ? null : coverage.people - coverage.people_covered;
      figure("unserved", number(unserved), words.people);
      figure("distance", withKm(coverage.mean_distance_m));
      figure("direct", number(coverage.points_direct));
      figure("online", number(coverage.points_online));
    }
    if (gaps) figure("gaps", number(gaps.gaps.length));
    if (plan) {
      figure("plan", plan.plan ? number(plan.plan.sites.length) : "–",
        plan.plan ? `+${number(plan.plan.people_gained)} ${words.people}` : "");
    }
  }

  function base({population_base: it, standard}) {
    const radii = Object.values(standard.radii_km);
    const sentences = [fill(it.as_of ? words.baseDated : words.base,
      {source: it.source, date: Diemthu.day(it.as_of), people: number(it.people)})];
    if (it.unknown_communes.length) sentences.push(fill(words.unknownCommunes, {count: number(it.unknown_communes.length)}));
    if (it.people_outside) sentences.push(fill(words.outside, {people: number(it.people_outside)}));
    sentences.push(standard.radius_km === null
      ? fill(words.byClass, {least: radius(Math.min(...radii)), most: radius(Math.max(...radii))})
      : fill(words.oneRadius, {radius: radius(standard.radius_km)}));
    find("base").textContent = sentences.join(" ");
  }

  function legend() {
    const items = signs.ranges(state.measure).map(({colour, text}) => {
      const swatch = element("span", {class: "swatch"});
      swatch.style.backgroundColor = colour;
      return element("li", {}, swatch, text);
    });
    items.push(element("li", {}, element("span", {class: "swatch no-data"}), words.noData));
    find("legend").replaceChildren(...items);
    find("legend").title = words.measures[state.measure];
    find("measure").value = state.measure;
  }

  function switchLayer(name, on) {
    document.querySelector(`#switches input[value="${name}"]`).checked = on;
    if (on) state.on.add(name);
    else state.on.delete(name);
    layers.apply();
    if (name === "communes") find("legend").hidden = !on;
    writeHash();
  }

  function count(name, value) {
    const place = document.querySelector(`[data-count="${name}"]`);
    place.textContent = number(value);
    if (name === "mobile" && !value) place.closest("label").hidden = true; // few provinces have any
  }

  // ── Loading ──

  const DRAW = {
    communes: (it) => layers.drawCommunes(it),
    points: (it) => {
      const {counts, hollow} = layers.drawPoints(it);
      for (const [kind, value] of Object.entries(counts)) count(kind, value);
      document.querySelector(".hollow").hidden = !hollow;
      count("hollow", hollow);
    },
    coverage: (it) => { layers.colour(it.communes); base(it); },
    gaps: (it) => {
      for (const gap of it.gaps) gap.name = Diemthu.gapName(gap);
      layers.drawGaps(it);
      count("gaps", it.gaps.length);
    },
    plan: (it) => { layers.drawPlan(it); count("plan", it.plan?.sites.length ?? 0); },
  };

  async function loadAll() {
    const coming = Object.fromEntries(Object.keys(DRAW).map((name) => [name, Diemthu.load(name)]));
    for (const each of Object.values(coming)) each.catch(() => {}); // each is awaited below
    const slow = setTimeout(() => { find("status").textContent = words.calculating; }, 1500);
    let failed = "";
    for (const name of Object.keys(DRAW)) {
      try {
        data[name] = await coming[name];
        DRAW[name](data[name]);
      } catch (error) {
        failed ||= `${words.failed} ${error.message}`;
      }
      layers.apply();
      figures();
      drawTable();
    }
    clearTimeout(slow);
    find("status").textContent = failed;
    find("status").hidden = !failed;
    restore();
    requestAnimationFrame(() => requestAnimationFrame(() => {
      document.body.dataset.ready = "true";
      writeHash();
    }));
  }

  function restore() {
    if (asked.view) map.setView(...asked.view, {animate: false});
    if (asked.key && asked.key !== "-") choose(asked.key[0], asked.key.slice(1), null, !asked.view);
  }

  function start() {
    const mapElement = map.getContainer();
    mapElement.setAttribute("role", "application");
    mapElement.setAttribute("aria-label", words.mapSays);
    for (const box of document.querySelectorAll("#switches input")) {
      const letter = Object.keys(SWITCHES).find((each) => SWITCHES[each] === box.value);
      if (asked.on) box.checked = asked.on.includes(letter);
      if (box.checked) state.on.add(box.value);
      box.addEventListener("change", () => switchLayer(box.value, box.checked));
    }
    if (asked.measure in signs.MEASURES) state.measure = asked.measure;
    if (matchMedia("(max-width: 860px)").matches) document.querySelector("details.layers").open = false;
    find("measure").addEventListener("change", (event) => {
      state.measure = event.target.value;
      switchLayer("communes", true);
      legend();
    });
    state.choose = choose;
    for (const [, name] of Object.entries(TABS)) {
      find(`tab-${name}`).addEventListener("click", () => openTab(name));
      find(`tab-${name}`).addEventListener("keydown", moveTab);
    }
    find("search").addEventListener("input", search);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && chosen.letter) unchoose(); });
    map.on("moveend zoomend", writeHash);
    map.on("click", () => chosen.letter && unchoose());
    legend();
    openTab(tab);
    loadAll();
  }

  start();
})();
