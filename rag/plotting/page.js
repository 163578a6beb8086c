"use strict";
// Shows the sentence of a mark while the mouse or the keyboard is on it. Without JavaScript the
// browser shows it as a tooltip, and the link leads to it.
const tip = document.getElementById("tip");
for (const mark of document.querySelectorAll("a.mark")) {
  const title = mark.querySelector("title");
  const text = title.textContent;
  const show = () => { tip.textContent = text; tip.hidden = false; title.remove(); };
  const hide = () => { tip.hidden = true; mark.prepend(title); };
  for (const event of ["focus", "pointerenter"]) mark.addEventListener(event, show);
  for (const event of ["blur", "pointerleave"]) mark.addEventListener(event, hide);
}
document.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });
