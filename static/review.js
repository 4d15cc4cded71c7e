// Keys of the review page: each presses what names it in data-key, never while somebody types, and
// not at all where they were switched off, which this browser remembers. What asks something
// first (data-first) leads to that.
"use strict";

const SWITCHED_OFF = "review keys off";
const button = document.getElementById("keys");

function isTyping(target) {
  return target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName);
}

function asks(pressed) {
  const field = pressed.dataset.first && document.getElementById(pressed.dataset.first);
  return field && !(field.type === "checkbox" ? field.checked : field.value.trim()) ? field : null;
}

function show() {
  button.setAttribute("aria-pressed", String(!localStorage.getItem(SWITCHED_OFF)));
}

addEventListener("keydown", (event) => {
  const other = event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.repeat;
  if (other || isTyping(event.target) || localStorage.getItem(SWITCHED_OFF)) {
    return;
  }
  const pressed = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!pressed) {
    return;
  }
  event.preventDefault();
  const first = asks(pressed);
  if (first) {
    first.focus();
  } else {
    pressed.click();
  }
});

button.hidden = false;
show();
button.addEventListener("click", () => {
  if (localStorage.getItem(SWITCHED_OFF)) {
    localStorage.removeItem(SWITCHED_OFF);
  } else {
    localStorage.setItem(SWITCHED_OFF, "1");
  }
  show();
});
