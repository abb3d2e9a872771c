// Long lists of checkboxes: a field that narrows them, and a line that says what is picked.
// Without this script the list is simply long, and the line is as the server wrote it.
"use strict";

function folded(text) {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
}

function narrow(list, word) {
  const wanted = folded(word.trim());
  for (const choice of list.querySelectorAll(".zp-choice")) {
    const shown = choice.querySelector("input").checked || folded(choice.textContent).includes(wanted);
    choice.hidden = !shown;
  }
}

function tell(fieldset) {
  const picked = [...fieldset.querySelectorAll(".zp-choice")].filter((choice) => {
    const box = choice.querySelector("input");
    return box.checked && box.value;
  });
  let line = fieldset.querySelector(".zp-choose__picked");
  if (!line) {
    line = document.createElement("p");
    line.className = "zp-choose__picked";
    fieldset.querySelector("details").before(line);
  }
  line.textContent = picked.map((choice) => choice.textContent.trim()).join(" · ");
  line.hidden = picked.length === 0;
}

function prepareChoices() {
  for (const fieldset of document.querySelectorAll(".zp-choose")) {
    const list = fieldset.querySelector(".zp-choose__list");
    if (!list || fieldset.dataset.ready) {
      continue;
    }
    fieldset.dataset.ready = "yes";
    if (fieldset.dataset.choose) {
      const field = document.createElement("input");
      field.type = "search";
      field.className = "zp-input zp-input--small";
      field.placeholder = fieldset.dataset.choose;
      field.setAttribute("aria-label", fieldset.dataset.choose);
      field.addEventListener("input", () => narrow(list, field.value));
      // Enter narrows; it must not send the form around the list.
      field.addEventListener("keydown", (event) => {
        if (event.key === "Enter") {
          event.preventDefault();
        }
      });
      list.before(field);
    }
    const look = fieldset.querySelector("[data-look]");
    if (look) {
      // Enter in the search looks; in all other fields it saves.
      look.addEventListener("keydown", (event) => {
        if (event.key === "Enter") {
          event.preventDefault();
          fieldset.querySelector("[name=look]").click();
        }
      });
    }
    list.addEventListener("change", () => tell(fieldset));
    // A draft may have ticked other boxes than the server did.
    tell(fieldset);
  }
}

document.addEventListener("DOMContentLoaded", prepareChoices);
document.addEventListener("htmx:afterSettle", prepareChoices);
