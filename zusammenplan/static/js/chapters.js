// The outline: Alt and an arrow key on a chapter's title presses the arrow beside it.
(() => {
  "use strict";

  const STEPS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" };

  document.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!event.altKey || !step) return;
    const line = event.target.closest(".zp-outline__line");
    const button = line && line.querySelector(`button[value="${step}"]`);
    if (!button) return;
    event.preventDefault();
    if (!button.disabled) button.click();
  });

  // After a move the same chapter is at hand again; the browser's own jump comes first.
  window.addEventListener("load", () => {
    const moved = /^#kapitel-\d+$/.test(location.hash) && document.querySelector(location.hash);
    const link = moved && moved.querySelector("a");
    if (link) setTimeout(() => link.focus(), 0);
  });
})();
