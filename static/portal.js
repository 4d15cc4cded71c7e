// The button that copies a text. Without this script nobody sees the button, and the text
// is there to be selected.
"use strict";

function select(element) {
  getSelection().selectAllChildren(element);
}

async function copy(button) {
  const text = document.getElementById(button.dataset.copies);
  const status = button.parentElement.querySelector("[role=status]");
  status.textContent = ""; // so that a second time is announced too
  try {
    await navigator.clipboard.writeText(text.textContent);
    status.textContent = button.dataset.done;
  } catch {
    // Not allowed, or not there, as where the portal is reached without TLS.
    select(text);
    status.textContent = button.dataset.failed;
  }
}

for (const button of document.querySelectorAll("button[data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
