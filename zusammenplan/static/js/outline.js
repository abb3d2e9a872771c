// The outline of a plan by keyboard: Alt and an arrow key moves the row in which the focus is,
// F2 changes its title, Escape leaves a form. All of it is done by the row's own buttons and links,
// which work without this script too.
"use strict";

const WAYS = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "out" };
let moved = "";

function rowOf(element) {
  return element instanceof Element ? element.closest("[data-outline] [data-row]") : null;
}

document.addEventListener("keydown", (event) => {
  const row = rowOf(event.target);
  if (!row) {
    return;
  }
  const isTyping = event.target.matches("input, select, textarea");
  if (event.key === "Escape") {
    row.querySelector("[data-cancel]")?.click();
    const menu = event.target.closest("details[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    return;
  }
  if (isTyping) {
    return;
  }
  if (event.altKey && WAYS[event.key]) {
    const button = row.querySelector(`[data-move="${WAYS[event.key]}"]`);
    if (button) {
      event.preventDefault();
      moved = row.id;
      button.click();
    }
  } else if (event.key === "F2") {
    const link = row.querySelector("[data-rename]");
    if (link) {
      event.preventDefault();
      link.click();
    }
  } else if (event.key === " " && event.target.matches("[data-toggle]")) {
    event.preventDefault();
    event.target.click();
  }
});

// Whatever is done to a row, the focus comes back to it.
document.addEventListener("click", (event) => {
  const deed = event.target instanceof Element && event.target.closest("[data-move], [data-cancel]");
  if (deed) {
    moved = rowOf(deed)?.id ?? "";
  }
});

document.addEventListener("submit", (event) => {
  moved = rowOf(event.target)?.id ?? moved;
});

// An address with a place on the page makes the browser forget where to begin to type.
document.querySelector("[data-outline] form input[name='title_de']")?.focus();

// After a swap the focus goes to the form that opened, or stays with the row that was moved.
document.addEventListener("htmx:afterSettle", () => {
  const typed = document.querySelector("[data-outline] form input[name='title_de']");
  if (typed) {
    typed.focus();
  } else if (moved && !rowOf(document.activeElement)) {
    const row = document.getElementById(moved);
    const target = row?.querySelector("[data-title]") ?? row?.querySelector("a, button, summary");
    target?.focus();
  }
  moved = "";
});
