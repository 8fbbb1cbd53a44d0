"use strict";
// Actors and Places: narrow the lists to the rows that have a name, in any spelling.
(() => {
  const input = document.getElementById("narrow");
  const rows = [...document.querySelectorAll("tr[data-names]")];
  const groups = [...document.querySelectorAll("section.group")];
  const state = document.getElementById("narrowed");
  const apply = () => {
    const wanted = ICDnormal(input.value).split(" ").filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      row.hidden = !wanted.every((word) => row.dataset.names.includes(word));
      shown += !row.hidden;
    }
    for (const group of groups) group.hidden = !group.querySelector("tr[data-names]:not([hidden])");
    state.textContent = wanted.length ? (shown ? `${shown} of ${rows.length}` : "Nothing has that name. Empty the field to see all.") : "";
  };
  input.addEventListener("input", apply);
  document.querySelector(".finder").hidden = false;
  if (input.value) apply();
})();
