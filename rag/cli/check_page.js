"use strict";
// The arrow keys go from figure to figure; the evidence of the one that has the focus is shown.
const figures = [...document.querySelectorAll("a.figure")];
document.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step || !figures.length || event.altKey || event.ctrlKey || event.metaKey) return;
  const now = figures.indexOf(document.activeElement);
  const next = now < 0 ? (step > 0 ? 0 : figures.length - 1) : now + step;
  if (next < 0 || next >= figures.length) return;
  event.preventDefault();
  location.replace(figures[next].hash);
  figures[next].focus();
});
