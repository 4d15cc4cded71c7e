// Where the cursor stands in the forms of the desk: in the first field, in the one that is to be
// corrected, in the row that was just added; not on the button above the form.
"use strict";

const FIELDS = "input:not([type=hidden]):not([type=submit]), select, textarea, .select2-selection";

function firstField(place) {
  return [...place.querySelectorAll(FIELDS)].find((field) => field.offsetParent && !field.disabled);
}

function focusFirst(place) {
  const field = place && firstField(place);
  if (field) {
    field.focus({ preventScroll: true });
  }
}

addEventListener("load", () => {
  const form = document.querySelector(".change-form #content-main form[method=post]");
  if (!form || location.hash || document.querySelector(".edit-conflict, form.unsaved")) {
    return;
  }
  const wrong = form.querySelector(".form-row.errors, tr .errorlist");
  if (wrong) {
    const row = wrong.closest(".form-row, tr");
    row.scrollIntoView({ block: "center" });
    focusFirst(row);
  } else {
    focusFirst(form.querySelector("fieldset"));
  }
});
document.addEventListener("formset:added", (event) => focusFirst(event.target));

// Many places in one page: all of them are chosen at once by whoever has looked them through.
for (const button of document.querySelectorAll("[data-choose-all]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const box of button.form.querySelectorAll("input[type=checkbox]")) {
      box.checked = true;
    }
  });
}
