"use strict";
/* What the page says and where its data come from: words, numbers, names, layers. */

const Diemthu = (() => {
  const view = JSON.parse(document.getElementById("view").textContent);
  const locale = view.language === "vi" ? "vi-VN" : "en-GB";
  const formats = new Map();
  const PREFIX = /^(xã|phường|thị trấn|đặc khu)\s+/iu;

  /** A number with the separators of the page's language; a dash where there is none. */
  function number(value, digits = 0) {
    if (value === null || value === undefined || Number.isNaN(value)) return "–";
    if (!formats.has(digits)) {
      formats.set(digits, new Intl.NumberFormat(locale, {
        minimumFractionDigits: digits, maximumFractionDigits: digits}));
    }
    const text = formats.get(digits).format(value);
    return /[1-9]/.test(text) ? text : text.replace("-", ""); // nought has no sign
  }

  const radius = (km) => new Intl.NumberFormat(locale, {maximumFractionDigits: 3}).format(km);
  const percent = (share, digits = 1) =>
    share === null || share === undefined ? "–" : `${number(share * 100, digits)}%`;
  const km = (metres) => number(metres === null || metres === undefined ? null : metres / 1000, 2);
  const withKm = (metres) => metres === null || metres === undefined ? "–" : `${km(metres)} km`;

  /** A distance as one says it: metres below a kilometre, else kilometres. */
  const distance = (metres) => metres !== null && metres !== undefined && metres < 999.5
    ? `${number(metres)} m` : withKm(metres);

  /** A day as the language writes it: 05/03/2025 in Vietnamese. */
  function day(iso) {
    const parts = /^(\d{4})-(\d\d)-(\d\d)/.exec(iso || "");
    if (!parts) return iso || "–";
    if (view.language === "vi") return `${parts[3]}/${parts[2]}/${parts[1]}`;
    return new Date(`${parts[0]}T00:00:00`).toLocaleDateString(locale,
      {day: "numeric", month: "short", year: "numeric"});
  }

  /** Words with their %(name)s places filled. */
  function fill(words, values) {
    return words.replace(/%\((\w+)\)s/g, (all, name) => name in values ? values[name] : all);
  }

  /** What the page's language calls a gap: its own name in Vietnamese, else one of its parts. */
  function gapName(gap) {
    if (view.language === "vi") return gap.name;
    const seat = view.words.gapSeats[(gap.seat === gap.commune ? "own" : "other") + (gap.seat_known ? "" : "Unknown")];
    const again = / \(\d+\)$/.exec(gap.name)?.[0] ?? "";
    return fill(view.words.gapName, {side: view.words.gapSides[gap.side], commune: gap.commune,
      km: number(gap.seat_m / 1000, 1), seat: fill(seat, {commune: gap.seat})}) + again;
  }

  /** A name as one searches it: no prefix, no marks, no capitals, đ as d. */
  function folded(name) {
    return name.replace(PREFIX, "").normalize("NFD").replace(/\p{M}/gu, "")
      .replace(/[đĐ]/g, "d").toLowerCase().trim();
  }

  const collator = new Intl.Collator("vi", {numeric: true});
  const byName = (one, other) =>
    collator.compare(one.replace(PREFIX, ""), other.replace(PREFIX, ""));

  /** An element with text and children; text never becomes markup. */
  function element(tag, options = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(options)) {
      if (name === "text") made.textContent = value;
      else if (name === "on") made.addEventListener("click", value);
      else made.setAttribute(name, value);
    }
    made.append(...children.filter((each) => each !== null));
    return made;
  }

  /** One layer: from the page itself where it holds it, else from its address. */
  async function load(name) {
    const held = document.getElementById(`data-${name}`);
    if (held) return JSON.parse(held.textContent);
    const answer = await fetch(view.sources[name]);
    const content = await answer.json();
    if (!answer.ok) throw new Error(content.error);
    return content;
  }

  return {words: view.words, standalone: !view.sources,
    number, percent, radius, km, withKm, distance, day, fill, gapName, folded, byName, element, load};
})();
