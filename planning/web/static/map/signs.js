"use strict";
/* How things look: classes and colours of communes, signs of points, numbered markers. */

Diemthu.signs = (() => {
  const {number, words, element} = Diemthu;
  const INK = "#163a5f";
  // Sequential and readable with every colour vision: lightness falls from class to class.
  const SERVED = ["#fcebb6", "#cde3a9", "#93cdae", "#59b0aa", "#2b8591"];
  const BURDEN = ["#eef2f7", "#c8d6e6", "#97b1cf", "#6084af", "#34567f"];
  const MEASURES = {
    share: {key: "share_covered", breaks: [0.5, 0.7, 0.85, 0.95], colours: SERVED,
      show: (value) => `${number(value * 100)}%`},
    load: {key: "people_per_point", breaks: [1500, 2500, 4000, 6000], colours: BURDEN,
      show: (value) => number(value)},
    distance: {key: "mean_distance_m", breaks: [1000, 2000, 3000, 5000], colours: BURDEN,
      show: (value) => `${number(value / 1000)} km`},
    points: {key: "points_direct", breaks: [1, 3, 6, 10], colours: SERVED,
      show: (value) => number(value)},
  };
  const POINTS = {
    direct: {fill: "#12304f", sides: 0},
    online: {fill: "#4aa3df", sides: 4},
    mobile: {fill: "#e69f00", sides: 3},
  };
  const GAP = "#c2410c";

  /** Grey hatching for communes without data: a pattern, for it is no value. */
  function hatch() {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const pen = tile.getContext("2d");
    pen.fillStyle = "#eef0f2";
    pen.fillRect(0, 0, 8, 8);
    pen.strokeStyle = "#9aa5b1";
    pen.beginPath();
    for (const start of [-8, 0, 8]) {
      pen.moveTo(start, 8);
      pen.lineTo(start + 8, 0);
    }
    pen.stroke();
    return pen.createPattern(tile, "repeat");
  }
  const NO_DATA = hatch();

  /** The class of a value: how many breaks it has reached; null where there is no data. */
  function classOf(measure, value) {
    if (value === null || value === undefined) return null;
    return measure.breaks.filter((each) => value >= each).length;
  }

  function fillOf(name, area) {
    const measure = MEASURES[name];
    const rank = area ? classOf(measure, area[measure.key]) : null;
    return rank === null ? NO_DATA : measure.colours[rank];
  }

  /** The ranges of a measure as the legend writes them, lowest first. */
  function ranges(name) {
    const {breaks, show, colours} = MEASURES[name];
    return colours.map((colour, rank) => {
      const from = rank ? show(breaks[rank - 1]) : null;
      const to = rank < breaks.length ? show(breaks[rank]) : null;
      const text = from === null ? words.below : to === null ? words.above : words.range;
      return {colour, text: Diemthu.fill(text, {from, to})};
    });
  }

  /** A point drawn by shape and colour; hollow while it is not open. */
  const Sign = L.CircleMarker.extend({
    _updatePath() {
      const renderer = this._renderer;
      if (!renderer._drawing || this._empty()) return;
      const {x, y} = this._point;
      const pen = renderer._ctx;
      const size = this._radius * (this.options.sides ? 1.3 : 1);
      pen.beginPath();
      if (this.options.sides) {
        for (let corner = 0; corner < this.options.sides; corner += 1) {
          const turn = (corner / this.options.sides) * 2 * Math.PI - Math.PI / 2;
          pen.lineTo(x + size * Math.cos(turn), y + size * Math.sin(turn));
        }
        pen.closePath();
      } else {
        pen.arc(x, y, size, 0, 2 * Math.PI);
      }
      renderer._fillStroke(pen, this);
    },
  });

  /** The style of a point of `kind`, larger as one comes closer. */
  function pointStyle(kind, open, zoom) {
    const {fill, sides} = POINTS[kind] || POINTS.direct;
    return {sides, radius: Math.max(2.4, Math.min(7, 2.4 + (zoom - 9) * 1.1)), weight: open ? 0.9 : 1.6,
      color: open ? "#ffffff" : fill, fillColor: open ? fill : "#ffffff", fillOpacity: 1, opacity: 1};
  }

  /** A numbered marker of the page's own elements. */
  function numbered(place, rank, kind) {
    const icon = L.divIcon({className: `pin pin-${kind}`, iconSize: null,
      html: element("span", {text: String(rank)})});
    return L.marker(place, {icon, keyboard: false, riseOnHover: true});
  }

  return {INK, GAP, MEASURES, Sign, classOf, fillOf, ranges, pointStyle, numbered};
})();
