// Lists with rows to pick: "pick all", the number of picked rows, and the colour of a picked row.
// Without this script the rows can be picked one by one and all the same be changed together.
"use strict";

function picksOf(form) {
  return [...form.elements].filter((input) => input.name === "pick");
}

function show(form) {
  const picks = picksOf(form);
  const picked = picks.filter((pick) => pick.checked);
  const counter = form.querySelector("[data-picked]");
  const all = document.querySelector("[data-pick-all] input");
  for (const pick of picks) {
    pick.closest("tr").classList.toggle("is-picked", pick.checked);
  }
  if (counter) {
    counter.textContent = `${picked.length} ${counter.dataset.picked}`;
  }
  if (all) {
    all.checked = picks.length > 0 && picked.length === picks.length;
    all.indeterminate = picked.length > 0 && picked.length < picks.length;
  }
}

// How many are picked is seen far from the box that was ticked; it is heard, too.
function tell(form) {
  const counter = form.querySelector("[data-picked]");
  if (counter) {
    document.dispatchEvent(new CustomEvent("zp:say", { detail: counter.textContent }));
  }
}

function prepare(root) {
  for (const form of root.querySelectorAll("[data-picks]")) {
    const place = document.querySelector("[data-pick-all]");
    if (place && !place.firstElementChild) {
      const all = document.createElement("input");
      all.type = "checkbox";
      all.className = "zp-check";
      // On a wide screen the word is heard, on a narrow one it is seen, too.
      const label = document.createElement("label");
      label.className = "zp-pick-all__label";
      const word = document.createElement("span");
      word.className = "zp-pick-all__word";
      word.textContent = place.dataset.pickAll;
      label.append(all, word);
      all.addEventListener("change", () => {
        for (const pick of picksOf(form)) {
          pick.checked = all.checked;
        }
        show(form);
        tell(form);
      });
      place.append(label);
    }
    show(form);
  }
}

// The rows stand outside the form that changes them, because a cell may hold a form of its own.
document.addEventListener("change", (event) => {
  if (event.target.name === "pick" && event.target.form) {
    show(event.target.form);
    tell(event.target.form);
  }
});

// A cell that is edited where it stands is left by Escape as by its button.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target instanceof Element) {
    event.target.closest("[data-cell]")?.querySelector("[data-cancel]")?.click();
  }
});

document.addEventListener("DOMContentLoaded", () => prepare(document));
document.addEventListener("htmx:afterSettle", () => prepare(document));
