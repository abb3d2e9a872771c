// The projector's page: an answer with the tag that is already shown is not put in again.
(() => {
  "use strict";

  const wall = document.querySelector("[data-etag]");
  if (!wall) return;
  let shown = wall.dataset.etag;

  wall.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    const etag = xhr.getResponseHeader("ETag");
    if (xhr.status === 304 || (etag && etag === shown)) event.detail.shouldSwap = false;
    else if (xhr.status === 200) shown = etag;
  });
})();
