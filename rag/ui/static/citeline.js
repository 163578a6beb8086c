// A marker shows its sentence in the article, a card's number its answer. Followed by hand because
// the places come and go, may be folded away, and a link to a part of a page must not load the page
// again.
(() => {
  "use strict";
  const show = (place) => {
    // A sentence that several markers name has a place for each inside its mark.
    const target = place.closest("mark, .lost") || place;
    for (let el = target.parentElement; el; el = el.parentElement) {
      if (el.tagName === "DETAILS") el.open = true;
    }
    document.querySelectorAll(".shown").forEach((el) => el.classList.remove("shown"));
    target.classList.add("shown");
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    target.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "center" });
  };
  const linkAt = (event) => event.target.closest?.('a[href^="#"]');
  const follow = (link) => {
    const target = document.getElementById(link.getAttribute("href").slice(1));
    if (target) show(target);
  };
  document.addEventListener("click", (event) => {
    const link = linkAt(event);
    if (!link) return;
    event.preventDefault();
    follow(link);
  });
  // A chat that grows draws its links anew: one that goes while it is pressed gives no click.
  let pressed = null;
  document.addEventListener("pointerdown", (event) => {
    pressed = event.button === 0 ? linkAt(event) : null;
  });
  document.addEventListener("pointerup", () => {
    if (pressed && !pressed.isConnected) follow(pressed);
    pressed = null;
  });
})();
