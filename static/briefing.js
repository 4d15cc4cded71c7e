// Keeps what was added to a briefing while its reader moves from page to page in this tab.
// The briefing itself is its address: without this script each "Add to briefing" opens one.
"use strict";

const KEPT = "briefing";
const MOST = 60;

function chosen() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) || [];
  } catch {
    return []; // nothing kept, or the browser keeps nothing
  }
}

function keep(references) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(references.slice(0, MOST)));
  } catch {
    // Then each choice stands for itself, as without this script.
  }
}

function referenceOf(link) {
  return new URL(link.href).searchParams.get("e");
}

function show() {
  const references = chosen();
  const way = document.querySelector(".to-briefing");
  way.hidden = references.length === 0;
  way.search = new URLSearchParams(references.map((reference) => ["e", reference]));
  way.querySelector(".count").textContent = references.length;
  for (const link of document.querySelectorAll("a.add")) {
    const added = references.includes(referenceOf(link));
    link.dataset.add ??= link.textContent;
    link.textContent = added ? link.dataset.added : link.dataset.add;
    link.setAttribute("aria-pressed", added);
  }
}

for (const link of document.querySelectorAll("a.add")) {
  link.setAttribute("role", "button");
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const reference = referenceOf(link);
    const others = chosen().filter((one) => one !== reference);
    keep(others.length < chosen().length ? others : [...others, reference]);
    show();
  });
  link.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      event.preventDefault();
      link.click();
    }
  });
}

// On the page of a briefing its address counts: what was moved or taken out there is so here.
const shown = document.querySelectorAll(".briefing-form input[name=e]");
if (shown.length) {
  keep([...shown].map((input) => input.value));
}
addEventListener("pageshow", show);
show();
