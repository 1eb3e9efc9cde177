"use strict";
/* The workspace of a scenario: map, bar, figures and list follow every change. */

(() => {
  const {element, fill, signs, words, layers, marks, sending} = Diemthu;
  const {view} = sending;
  const {says} = view;
  const {map} = layers;
  const find = (id) => document.getElementById(id);
  const GAPS_AFTER_MS = 700;
  let areas = null; // the communes as they are, with their measures
  let parts = view.scenario.parts;
  let adding = false;
  let later = 0;

  // ── What the page says ──

  function status(text) {
    find("status").textContent = text;
    find("status").hidden = !text;
  }

  function trouble(text, button, act) {
    const box = find("trouble");
    box.hidden = !text;
    box.querySelector("p").textContent = text ?? "";
    const press = box.querySelector("button");
    press.hidden = !button;
    press.textContent = button ?? "";
    press.onclick = act ?? null;
  }

  /** Put HTML of the service into the page; it escaped every text itself. */
  function show(html) {
    for (const [name, text] of Object.entries(html)) {
      const place = find(name);
      const open = [...place.querySelectorAll("details[open] input[name=point_id]")].map((each) => each.value);
      place.innerHTML = text;
      for (const each of open) place.querySelector(`input[name=point_id][value="${CSS.escape(each)}"]`)?.closest("details")?.setAttribute("open", "");
    }
    reveal(document);
  }

  function reveal(place) {
    for (const button of place.querySelectorAll(".locate, .locate-at")) button.hidden = false;
  }

  // ── The state after a change ──

  function take(content) {
    parts = content.parts;
    const at = keepFocus();
    show(content.html);
    at();
    find("undo").disabled = !content.undo;
    find("redo").disabled = !content.redo;
    for (const field of document.querySelectorAll("input[name=version]")) field.value = content.version;
    marks.unoffer();
    marks.draw(parts);
    colour(content.served);
    for (const place of openParts()) place.setAttribute("aria-busy", "true"); // said before the change
    clearTimeout(later);
    later = setTimeout(refresh, GAPS_AFTER_MS);
  }

  /** Remember where the keyboard was, for what stands there is drawn anew. */
  function keepFocus() {
    const now = document.activeElement;
    const box = now?.closest("#changes");
    const label = now?.textContent;
    return () => {
      if (!box || document.contains(now)) return;
      const same = [...find("changes").querySelectorAll("button, summary")].find((each) => each.textContent === label);
      (same || document.querySelector("#changes-box summary")).focus({preventScroll: true});
    };
  }

  function colour(served) {
    if (!areas) return;
    layers.colour(areas.map((area) => {
      const covered = served[area.code];
      if (covered === undefined || !area.people) return area;
      return {...area, people_covered: covered, share_covered: covered / area.people};
    }));
  }

  /** What takes longer than a click: the gaps, and lists that are open. */
  function refresh() {
    gaps();
    for (const place of openParts()) fetchPart(place.closest("details"));
  }

  const openParts = () => document.querySelectorAll("details.lazy[open] .part");

  let asked = 0;
  async function gaps() {
    const turn = ++asked;
    try {
      const answer = await fetch(view.scenario.gaps);
      const content = await answer.json();
      if (!answer.ok) throw new Error(content.error);
      if (turn !== asked) return;
      layers.drawGaps(content);
      layers.apply();
    } catch (error) {
      if (turn === asked) status(`${says.noGaps} ${error.message}`);
    }
  }

  async function reload() {
    try {
      const answer = await fetch(view.scenario.state);
      const content = await answer.json();
      if (!answer.ok) throw new Error(content.error);
      sending.state.version = content.version;
      take(content);
      trouble(null);
    } catch (error) {
      trouble(`${says.failed} ${error.message}`, says.reload, reload);
    }
  }

  sending.state.sending = (on) => { if (!sending.state.trouble) status(on ? says.sending : ""); };
  sending.state.done = (content, one) => {
    trouble(null);
    if (one.form) document.querySelector(one.form)?.reset();
    take(content);
    status(says.saved);
    setTimeout(() => { if (find("status").textContent === says.saved) status(""); }, 2500);
  };
  sending.state.refused = (text) => {
    marks.draw(parts); // what was dragged goes back to where it stands
    trouble(text, null);
    setTimeout(() => { if (find("trouble").textContent.includes(text)) trouble(null); }, 12000);
  };
  sending.state.stale = (text) => {
    marks.draw(parts);
    trouble(text, says.reload, reload);
  };
  sending.state.lost = (count, fault) => {
    status(fill(says.waiting, {count}));
    trouble(fault ? says.server : says.lost, says.retry, () => sending.again());
  };

  // ── Forms: the same as without scripts, without loading the page anew ──

  function fieldsOf(form) {
    const data = new FormData(form);
    const fields = Object.fromEntries([...data].filter(([name]) => !["version", "place"].includes(name)));
    const places = data.getAll("place");
    return places.length ? {...fields, place: places} : fields;
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.deed) {
      event.preventDefault();
      const fields = fieldsOf(form);
      if (form.dataset.deed === "change" && fields.kind === "add" && fields.lat) {
        const place = [fields.lat, fields.lon].map((each) => Number(each.replace(",", ".")));
        if (place.every(Number.isFinite)) marks.unsent(place);
      }
      sending.send(form.dataset.deed, fields);
      if ("clear" in form.dataset) form.reset();
    } else if (form.classList.contains("finder")) {
      event.preventDefault();
      const box = form.closest("details");
      fetchPart(box, new URLSearchParams(new FormData(form)));
    }
  });

  const turns = new WeakMap(); // only the last answer asked for is shown
  async function fetchPart(box, query = null) {
    const turn = (turns.get(box) ?? 0) + 1;
    turns.set(box, turn);
    const place = box.querySelector(".part");
    const form = box.querySelector(".finder");
    const asks = query ?? new URLSearchParams(new FormData(form));
    place.setAttribute("aria-busy", "true");
    if (!place.children.length) place.textContent = says.working;
    try {
      const answer = await fetch(`${view.scenario.at.split("?")[0]}/part/${box.dataset.part}?${withKept(asks)}`);
      const text = await answer.text();
      if (!answer.ok) throw new Error(new DOMParser().parseFromString(text, "text/html").querySelector(".lead")?.textContent ?? answer.status);
      if (turn !== turns.get(box)) return;
      place.innerHTML = text;
      reveal(place);
    } catch (error) {
      if (turn !== turns.get(box)) return;
      place.textContent = `${says.failed} ${error.message}`;
    }
    place.removeAttribute("aria-busy");
  }

  /** The question about the province stays in every address. */
  function withKept(asks) {
    const all = new URLSearchParams(asks);
    for (const name of ["valid_from", "on", "standard", "lang"]) {
      const value = new URLSearchParams(location.search).get(name);
      if (value) all.set(name, value);
    }
    return all;
  }

  for (const box of document.querySelectorAll("details.lazy")) {
    box.addEventListener("toggle", () => {
      if (box.open && !box.querySelector(".part").children.length) fetchPart(box);
    });
  }

  document.addEventListener("click", (event) => {
    const id = event.target.closest("[data-locate]")?.dataset.locate;
    if (id) marks.locate(id);
    const at = event.target.closest(".locate-at");
    if (at) map.setView([at.dataset.lat, at.dataset.lon], Math.max(map.getZoom(), 12), {animate: false});
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && adding) return setAdding(false);
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (!(event.ctrlKey || event.metaKey) || typing) return undefined;
    const key = event.key.toLowerCase();
    const deed = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : null;
    if (!deed) return undefined;
    event.preventDefault();
    if (!find(deed).disabled) sending.send(deed, {});
    return undefined;
  });

  // ── On the map: add, choose, drag ──

  function setAdding(on) {
    adding = on;
    const button = find("adding");
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? says.stopAdding : says.addPoint;
    map.getContainer().classList.toggle("adding", on);
    status(on ? says.clickMap : "");
  }

  const rounded = ({lat, lng}) => ({lat: lat.toFixed(6), lon: lng.toFixed(6)});

  map.getContainer().addEventListener("click", (event) => {
    if (!adding || event.target.closest(".leaflet-control, .mark")) return;
    if (map.dragging.moved()) return;
    event.stopPropagation();
    const place = map.mouseEventToLatLng(event);
    marks.unsent(place);
    sending.send("change", {kind: "add", to: "direct", ...rounded(place)});
  }, true);

  layers.state.choose = (letter, id, point = null) => {
    if (letter !== "p" || adding) return;
    const box = find("points-box");
    box.open = true;
    fetchPart(box, new URLSearchParams({point: id})).then(() => box.scrollIntoView({block: "nearest"}));
    marks.offer({id, name: point.name, lat: point.lat, lon: point.lon});
  };

  marks.state.chosen = (part) => {
    find("changes-box").open = true;
    const row = document.querySelector(`#changes li[data-id="${CSS.escape(part.id)}"]`);
    for (const each of document.querySelectorAll("#changes li.chosen")) each.classList.remove("chosen");
    row?.classList.add("chosen");
    row?.scrollIntoView({block: "nearest"});
  };
  marks.state.moved = (part, place) =>
    sending.send("change", {kind: "move", point_id: part.id, ...rounded(place)});
  marks.state.dragging = async (part, place) => {
    const html = await sending.preview({kind: "move", point_id: part.id, ...rounded(place)});
    if (html && !sending.state.busy) show(html);
  };

  // ── Start ──

  function legend() {
    const items = signs.ranges("share").map(({colour: fillColour, text}) => {
      const swatch = element("span", {class: "swatch"});
      swatch.style.backgroundColor = fillColour;
      return element("li", {}, swatch, text);
    });
    items.push(element("li", {}, element("span", {class: "swatch no-data"}), words.noData));
    find("legend").replaceChildren(...items);
  }

  async function start() {
    find("adding").hidden = false;
    find("adding").addEventListener("click", () => setAdding(!adding));
    const container = map.getContainer();
    container.setAttribute("role", "application");
    container.setAttribute("aria-label", words.mapSays);
    if (matchMedia("(max-width: 860px)").matches) document.querySelector("details.layers").open = false;
    for (const name of ["communes", "borders", "names", "direct", "online", "mobile", "gaps"]) layers.state.on.add(name);
    layers.state.on.delete("online");
    find("show-gaps").addEventListener("change", (event) => {
      if (event.target.checked) layers.state.on.add("gaps");
      else layers.state.on.delete("gaps");
      layers.apply();
    });
    document.body.classList.add("scripted");
    legend();
    reveal(document);
    const coming = Object.fromEntries(["communes", "points", "coverage"].map((name) => [name, Diemthu.load(name)]));
    for (const each of Object.values(coming)) each.catch(() => {});
    try {
      layers.drawCommunes(await coming.communes);
      layers.drawPoints(await coming.points);
      areas = (await coming.coverage).communes;
      colour(view.scenario.served);
    } catch (error) {
      trouble(`${says.failed} ${error.message}`, null);
    }
    layers.apply();
    marks.draw(parts);
    const shape = layers.communes?.get(view.scenario.commune)?.shape;
    if (shape) map.fitBounds(shape.getBounds().pad(0.25), {animate: false});
    document.body.dataset.ready = "true";
    gaps();
    if (sending.waits().length) sending.again();
  }

  start();
})();
