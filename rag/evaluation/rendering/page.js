// Filters for the table of cases. Without this script the page shows them all.
"use strict";
const form = document.getElementById("filters");
const rows = [...document.querySelectorAll("#cases > tbody > tr")];
const words = rows.map((row) => row.textContent.toLowerCase());
const chosen = () => [...form.querySelectorAll("select")].filter((list) => list.value !== "");

function apply() {
  const lists = chosen();
  const wanted = form.elements.words.value.trim().toLowerCase();
  let shown = 0;
  rows.forEach((row, at) => {
    const fits = lists.every((list) => row.dataset[list.name] === list.value);
    row.hidden = !(fits && words[at].includes(wanted));
    shown += row.hidden ? 0 : 1;
  });
  form.querySelector("output").textContent = `${shown} of ${rows.length} shown`;
}

// A link to a case that the filters hide shows it all the same.
function reveal() {
  const row = document.getElementById(location.hash.slice(1));
  if (row === null || !rows.includes(row)) return;
  if (row.hidden) {
    form.reset();
    apply();
  }
  row.querySelector("details")?.setAttribute("open", "");
  row.scrollIntoView();
}

form.hidden = false;
form.addEventListener("input", apply);
form.addEventListener("reset", () => setTimeout(apply));
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", reveal);
apply();
reveal();
