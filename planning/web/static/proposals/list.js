"use strict";
/* The map beside the list of proposals: a shape for what is asked, a colour for the state; linked both ways. */

(() => {
  const all = document.getElementById("all");
  const boxes = [...document.querySelectorAll("input[name=chosen]")];
  if (all && boxes.length) {
    all.hidden = false;
    all.addEventListener("change", () => boxes.forEach((each) => { each.checked = all.checked; }));
  }
  const held = document.getElementById("proposals-map");
  const box = document.querySelector(".overview .canvas");
  if (!held || !box) return;
  box.hidden = false;
  map_diemthu.invalidateSize();

  function sign(item) {
    const shape = document.createElement("div");
    shape.className = `proposal-mark k-${item.kind} s-${item.look}`;
    return L.divIcon({className: "", iconSize: [16, 16], html: shape});
  }

  const looks = {
    offset: [0, -8],
    mark: (item) => L.marker([item.lat, item.lon], {icon: sign(item), keyboard: false, riseOnHover: true}),
    light: (mark, on) => mark.getElement()?.firstChild.classList.toggle("chosen", on),
  };
  beside(map_diemthu, JSON.parse(held.textContent), {looks, row: "#proposals tr.chosen", zoom: 12});
})();
