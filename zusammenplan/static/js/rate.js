// Rating by link: warns before unsaved entries are lost, and says when the network is away.
// Without this script each button saves all entries of the page.
(() => {
  "use strict";

  const form = document.querySelector(".zp-rating");
  const note = document.getElementById("hinweis");
  if (!form || !note) return;

  const unsaved = new Set();
  let isLeaving = false;

  form.addEventListener("input", (event) => {
    const thing = event.target.closest(".zp-rate");
    if (thing) unsaved.add(thing.id);
  });

  form.addEventListener("htmx:afterRequest", (event) => {
    // The answer has taken the place of what was pressed: htmx tells it to the form alone.
    const { id } = event.detail.requestConfig.elt.closest(".zp-rate");
    if (event.detail.successful) {
      const isRefused = document.querySelector(`#${id} .zp-rate__errors`);
      if (!isRefused) unsaved.delete(id);
      note.textContent = "";
    } else {
      note.textContent = form.dataset.failed;
    }
  });

  form.addEventListener("htmx:afterSettle", (event) => {
    const problem = event.target.querySelector(".zp-rate__errors");
    if (problem) problem.focus();
  });

  form.addEventListener("submit", () => { isLeaving = true; });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved.size && !isLeaving) event.preventDefault();
  });
})();
