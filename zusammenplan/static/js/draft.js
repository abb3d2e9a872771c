// Forms that keep their entries while somebody types. {% draft %} stands before such a form and says
// under which key; this script posts the entries some seconds after the last key, and fills them in
// when the page was asked for with the kept ones. Without it the form works and keeps no draft.
"use strict";

const PAUSE = 3000;

function textFields(form) {
  return [...form.elements].filter(
    (field) => field.name && !["file", "password", "submit", "button"].includes(field.type),
  );
}

function entries(form, key) {
  const sent = new URLSearchParams();
  for (const field of textFields(form)) {
    const isChoice = field.type === "checkbox" || field.type === "radio";
    if (field.localName === "select") {
      for (const option of field.selectedOptions) {
        sent.append(field.name, option.value);
      }
    } else if (!isChoice || field.checked) {
      sent.append(field.name, field.value);
    }
    // What is not ticked is an entry too.
    if (!sent.has(field.name)) {
      sent.append(field.name, "");
    }
  }
  sent.set("entwurf", key);
  return sent;
}

function fill(form, values) {
  for (const field of textFields(form)) {
    const kept = values[field.name];
    if (!kept || field.name === "csrfmiddlewaretoken") {
      continue;
    }
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = kept.includes(field.value);
    } else if (field.localName === "select") {
      for (const option of field.options) {
        option.selected = kept.includes(option.value);
      }
    } else {
      const same = textFields(form).filter((other) => other.name === field.name);
      field.value = kept[same.indexOf(field)] ?? kept[0];
    }
  }
}

function keep(form, place, isLeaving) {
  const body = entries(form, place.dataset.draftKey);
  const said = place.querySelector("[data-draft-said]");
  fetch(place.dataset.draftUrl, { method: "POST", body, keepalive: isLeaving })
    .then((answer) => answer.json())
    .then((told) => {
      said.textContent = told.kept || told.refused || "";
    })
    .catch(() => {
      // Without a connection nothing is kept; the next pause tries again.
    });
}

function watch(place) {
  const forms = [...document.querySelectorAll("form[method=post]:not([data-no-draft])")];
  const form = forms.find(
    (candidate) => place.compareDocumentPosition(candidate) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  if (!form) {
    return;
  }
  if (place.dataset.draftValues) {
    fill(form, JSON.parse(place.dataset.draftValues));
  }
  const named = document.createElement("input");
  named.type = "hidden";
  named.name = "entwurf";
  named.value = place.dataset.draftKey;
  form.append(named);
  let waiting = 0;
  const typed = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      waiting = 0;
      keep(form, place, false);
    }, PAUSE);
  };
  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    waiting = 0;
  });
  document.addEventListener("visibilitychange", () => {
    if (waiting && document.visibilityState === "hidden") {
      clearTimeout(waiting);
      waiting = 0;
      keep(form, place, true);
    }
  });
}

function watchNew() {
  for (const place of document.querySelectorAll("[data-draft-key]:not([data-draft-watched])")) {
    place.dataset.draftWatched = "yes";
    watch(place);
  }
}

watchNew();
// A form may come into the page later, as those of a measure's parts do.
document.addEventListener("htmx:afterSettle", watchNew);
