// What a part of the page says when it comes in with a swap is heard, too. Screen readers tell of
// what changes inside a place with role="status" that stood there before, and are silent about one
// that comes in whole. This script keeps such a place and repeats in it what the new ones say.
"use strict";

(() => {
  const PAUSE = 150; // a swap may bring several parts, and what has the focus is read first
  const FORGOTTEN = 8000; // whoever reads on to the end of the page does not find it there

  const place = document.createElement("div");
  place.className = "kern-sr-only";
  place.setAttribute("role", "status");
  document.body.append(place);

  const told = [];
  let said = "";
  let waiting = 0;
  let forgetting = 0;

  // What the focus is in by then is read anyway.
  function isHeard(status) {
    return status.isConnected && status !== place && !status.contains(document.activeElement);
  }

  function speak() {
    const sentences = told.map((one) => {
      const isText = typeof one === "string";
      return (isText ? one : isHeard(one) && one.textContent) || "";
    });
    told.length = 0;
    const text = [...new Set(sentences)].join(" ").trim().replace(/\s+/g, " ");
    // A page that asks again and again, as while a document is made, says the same only once.
    if (!text || text === said) {
      return;
    }
    said = text;
    place.textContent = text;
    clearTimeout(forgetting);
    forgetting = setTimeout(() => { place.textContent = ""; }, FORGOTTEN);
  }

  function say(one) {
    told.push(one);
    clearTimeout(waiting);
    waiting = setTimeout(speak, PAUSE);
  }

  function sayAllIn(part) {
    for (const status of [part, ...part.querySelectorAll("[role=status]")]) {
      if (status.matches("[role=status]")) {
        say(status);
      }
    }
  }

  document.addEventListener("htmx:afterSettle", (event) => sayAllIn(event.target));
  document.addEventListener("zp:say", (event) => say(event.detail));
  // Whoever does something wants to hear of it, also if it leads to the same words as before.
  for (const deed of ["keydown", "pointerdown"]) {
    document.addEventListener(deed, () => { said = ""; }, true);
  }
  // With a place in its address the page begins there, and not at its messages.
  for (const messages of location.hash ? document.querySelectorAll(".zp-messages") : []) {
    sayAllIn(messages);
  }
})();
