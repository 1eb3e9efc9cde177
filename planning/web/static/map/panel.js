"use strict";
/* What is known of the chosen thing, beside the map. */

Diemthu.panel = (() => {
  const {element, words, number, percent, withKm, distance, fill} = Diemthu;
  const place = document.getElementById("panel");

  function show(kicker, title, facts, close) {
    const list = element("dl", {class: "facts"});
    for (const [name, value] of facts) {
      list.append(element("div", {}, element("dt", {text: name}), element("dd", {text: value})));
    }
    const heading = element("h2", {text: title, id: "panel-title", tabindex: "-1"});
    place.replaceChildren(
      element("button", {type: "button", class: "close", "aria-label": words.close, text: "×", on: close}),
      element("p", {class: "kicker", text: kicker}), heading, list);
    place.hidden = false;
    place.scrollTop = 0;
  }

  function hide() {
    place.hidden = true;
    place.replaceChildren();
  }

  const people = (value) => value === null || value === undefined ? words.noData : `${number(value)} ${words.people}`;

  function commune(area, name, close) {
    if (!area) return show(words.commune, name, [[words.population, words.noData]], close);
    return show(words.commune, area.name, [
      [words.population, people(area.people)],
      [words.served, `${people(area.people_covered)} (${percent(area.share_covered)})`],
      [words.notServed, people(area.people === null || area.people_covered === null ? null : area.people - area.people_covered)],
      [words.meanDistance, withKm(area.mean_distance_m)], [words.medianDistance, withKm(area.median_distance_m)],
      [words.p90Distance, withKm(area.p90_distance_m)], [words.maxDistance, withKm(area.max_distance_m)],
      [words.direct, number(area.points_direct)], [words.online, number(area.points_online)],
      [words.perPoint, number(area.people_per_point)],
      [words.meanRadius, area.mean_radius_km === null ? "–" : `${number(area.mean_radius_km, 2)} km`],
    ], close);
  }

  function gap(it, close) {
    show(fill(words.gapTitle, {rank: it.rank}), it.name, [
      [words.notServed, people(it.people)],
      [words.reason, words.reasons[it.reason] ?? it.reason],
      [words.nearest, withKm(it.nearest_point_m)],
      [words.area, `${number(it.area_km2, 1)} km²`],
      [words.commune, it.commune],
      [words.place, `${number(it.lat, 5)}; ${number(it.lon, 5)}`],
    ], close);
  }

  function site(it, close) {
    const host = it.host ? `${it.host} (${distance(it.host_m)})` : words.noHost;
    show(fill(words.siteTitle, {rank: it.rank}), it.commune, [
      [words.gain, people(it.people_gained)],
      [words.now, withKm(it.distance_now_m)], [words.then, withKm(it.distance_then_m)],
      [words.host, host],
      [words.place, `${number(it.lat, 5)}; ${number(it.lon, 5)}`],
    ], close);
  }

  function point(it, communeName, close) {
    const yes = (value) => value === null || value === undefined ? words.unknown : value ? words.yes : words.no;
    show(words.point, it.name, [
      [words.kind, words.kinds[it.kind] ?? it.kind], [words.status, words.statuses[it.status] ?? it.status],
      [words.organisation, it.organisation ?? words.unknown], [words.hostType, it.host_type ?? words.unknown],
      [words.staff, it.staff_count === null ? words.unknown : number(it.staff_count)],
      [words.sign, yes(it.sign)], [words.commune, communeName],
      [words.place, `${number(it.lat, 5)}; ${number(it.lon, 5)}`],
    ], close);
  }

  return {commune, gap, site, point, hide};
})();
