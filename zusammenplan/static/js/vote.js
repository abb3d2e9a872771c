// The ballot: keeps each mark as it is picked. htmx sends; this file watches what has not arrived.
(() => {
  "use strict";

  const RETRY_AFTER = 5000;
  const REFUSALS = [404, 409, 410, 422]; // their answer is the sentence to show
  const form = document.querySelector(".zp-ballot");
  const note = document.getElementById("gespeichert");
  if (!form || !note) return;

  const waiting = new Set(); // fieldsets whose mark the server has not acknowledged
  const sent = new Map();
  let retry = 0;

  const picked = (fieldset) => {
    const input = fieldset.querySelector("input:checked");
    return input ? input.value : "";
  };

  const warn = (text) => {
    const shown = document.createElement("span");
    shown.className = "zp-saved zp-saved--off";
    const head = document.createElement("strong");
    head.className = "zp-strong";
    head.textContent = form.dataset.notSaved;
    const line = document.createElement("span");
    line.append(head, " ", text);
    shown.append(line);
    note.replaceChildren(shown);
  };

  const tryAgain = () => {
    window.clearTimeout(retry);
    retry = 0;
    waiting.forEach((fieldset) => htmx.trigger(fieldset, "change"));
  };

  form.addEventListener("change", (event) => {
    const fieldset = event.target.closest("fieldset");
    if (fieldset) waiting.add(fieldset);
  });

  form.addEventListener("htmx:configRequest", (event) => {
    sent.set(event.detail.elt, picked(event.detail.elt));
  });

  form.addEventListener("htmx:beforeSwap", (event) => {
    if (REFUSALS.includes(event.detail.xhr.status)) event.detail.shouldSwap = true;
  });

  form.addEventListener("htmx:afterRequest", (event) => {
    const { elt, successful, xhr } = event.detail;
    const wasRefused = REFUSALS.includes(xhr.status);
    if ((successful || wasRefused) && picked(elt) === sent.get(elt)) waiting.delete(elt);
    if (successful || wasRefused) return;
    warn(form.dataset.failed);
    if (!retry) retry = window.setTimeout(tryAgain, RETRY_AFTER);
  });

  window.addEventListener("online", tryAgain);

  // With everything saved the check page needs no second sending, which could put back
  // what another device has changed meanwhile.
  form.addEventListener("submit", (event) => {
    if (waiting.size) return;
    event.preventDefault();
    window.location.assign(form.dataset.review);
  });

  let isLeaving = false;
  form.addEventListener("submit", () => { isLeaving = true; });
  window.addEventListener("beforeunload", (event) => {
    if (waiting.size && !isLeaving) event.preventDefault();
  });
})();
