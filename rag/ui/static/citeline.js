// A marker shows its card, a card's number its answer. Followed by hand because the cards come
// and go, may be folded away, and a link to a part of a page must not load the page again.
(() => {
  "use strict";
  const show = (target) => {
    for (let el = target.parentElement; el; el = el.parentElement) {
      if (el.tagName === "DETAILS") el.open = true;
    }
    document.querySelectorAll(".shown").forEach((el) => el.classList.remove("shown"));
    target.classList.add("shown");
    target.focus({ preventScroll: true });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    target.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "center" });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#cite-"], a[href^="#answer-"]');
    if (!link) return;
    event.preventDefault();
    const target = document.getElementById(link.getAttribute("href").slice(1));
    if (target) show(target);
  });
})();
