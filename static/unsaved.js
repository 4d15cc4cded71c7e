// What is typed into a form of the desk is kept in this browser until it is saved: for each person
// and form, for seven days. It is offered back when the form is opened again, and erased when the
// form was saved or its person signs out. Forms for signing in are never kept: the page says by
// <template id="unsaved-offer"> which one is.
"use strict";

const SEVEN_DAYS = 7 * 24 * 60 * 60 * 1000;
const person = document.currentScript.dataset.person;
const ofPerson = `unsaved ${person} `;
const ofForm = `${ofPerson}${location.pathname} `;
const mine = ofForm + crypto.getRandomValues(new Uint32Array(2)).join("-");
let isSignedOut = false;
const offer = document.getElementById("unsaved-offer");

function kept(prefix) {
  const found = [];
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(prefix)) {
      found.push([key, JSON.parse(localStorage.getItem(key))]);
    }
  }
  return found.sort(([, one], [, other]) => other.at - one.at);
}

function erase(prefix, since = Infinity) {
  for (const [key, entry] of kept(prefix)) {
    if (entry.at < since) {
      localStorage.removeItem(key);
    }
  }
}

// --- The form ---------------------------------------------------------------------

function isSecret(form, name) {
  const fields = [form.elements[name]].flat();
  return name === "csrfmiddlewaretoken" || fields.some((field) => field.type === "password");
}

// Its fields as [name, value], in the order in which they would be sent.
function fieldsOf(form) {
  return [...new FormData(form)].filter(
    ([name, value]) =>
      typeof value === "string" && !name.includes("__prefix__") && !isSecret(form, name),
  );
}

// What a person typed, without what the page itself sends along.
function typed(fields) {
  const own = fields.filter(([name]) => name !== "opened_with" && !name.endsWith("_FORMS"));
  return JSON.stringify(own.map(([name, value]) => [name, value.replaceAll("\r\n", "\n")]));
}

function keepWhatIsTyped(form, isRefused) {
  const opened = typed(fieldsOf(form));
  let last = isRefused ? null : opened;
  function keep() {
    const fields = fieldsOf(form);
    const now = typed(fields);
    if (now === last || isSignedOut) {
      return;
    }
    last = now;
    try {
      if (now === opened && !isRefused) {
        localStorage.removeItem(mine);
      } else {
        localStorage.setItem(mine, JSON.stringify({ at: Date.now(), fields }));
      }
    } catch {
      // No room left in the browser: the form itself is not touched by that.
    }
  }
  keep();
  setInterval(keep, 1000); // the widgets of the admin tell nobody when they change
  addEventListener("pagehide", keep);
  form.addEventListener("submit", () => {
    keep();
    sessionStorage.setItem("unsaved sent", mine);
  });
}

// --- The offer --------------------------------------------------------------------

function putInAgain(form, fields) {
  if (offer.dataset.way === "fill") {
    for (const [name, value] of fields) {
      if (form.elements[name] && form.elements[name].type !== "hidden") {
        form.elements[name].value = value;
      }
    }
    return;
  }
  // The portal fills the form: it knows how many rows there are, and what others saved meanwhile.
  const sent = document.createElement("form");
  sent.method = "post";
  const token = form.elements.csrfmiddlewaretoken.value;
  for (const [name, value] of [...fields, ["csrfmiddlewaretoken", token], ["_again", "1"]]) {
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    sent.append(field);
  }
  sent.hidden = true;
  document.body.append(sent);
  HTMLFormElement.prototype.submit.call(sent);
}

function offerBack(form) {
  const now = typed(fieldsOf(form));
  const found = kept(ofForm).filter(([key]) => key !== mine);
  found.filter(([, entry]) => typed(entry.fields) === now).forEach(([key]) => localStorage.removeItem(key));
  const other = found.find(([, entry]) => typed(entry.fields) !== now);
  if (!other) {
    return;
  }
  const [key, entry] = other;
  const shown = offer.content.cloneNode(true).firstElementChild;
  shown.querySelector("time").textContent = new Date(entry.at).toLocaleString(document.documentElement.lang, {
    dateStyle: "long",
    timeStyle: "short",
  });
  shown.querySelector("[data-again]").addEventListener("click", () => {
    sessionStorage.setItem("unsaved again", key);
    shown.remove();
    putInAgain(form, entry.fields);
    if (offer.dataset.way === "fill") {
      localStorage.removeItem(key);
    }
  });
  shown.querySelector("[data-drop]").addEventListener("click", () => {
    localStorage.removeItem(key);
    shown.remove();
    offerBack(form);
  });
  form.before(shown);
}

// --- Pages ------------------------------------------------------------------------

function forget(name) {
  const key = sessionStorage.getItem(name);
  sessionStorage.removeItem(name);
  if (key) {
    localStorage.removeItem(key);
  }
}

function begin() {
  erase("unsaved ", Date.now() - SEVEN_DAYS);
  if (document.querySelector("form.unsaved")) {
    return; // a form that was given back: what is kept stays kept until it is saved
  }
  if (document.querySelector(".messagelist .success")) {
    forget("unsaved sent");
  }
  const form = offer && document.querySelector("#content-main form[method=post]");
  if (form) {
    const isRefused = Boolean(document.querySelector(".errornote, .edit-conflict, .put-in-again"));
    keepWhatIsTyped(form, isRefused);
    if (isRefused) {
      forget("unsaved sent"); // kept anew a moment ago
      forget("unsaved again");
    } else {
      offerBack(form);
    }
  }
  sessionStorage.removeItem("unsaved sent");
}

// A form that was given back is sent with a token of before: whoever signed in since in another
// tab has another one.
async function renewToken() {
  const token = document.querySelector("form.unsaved [name=csrfmiddlewaretoken]");
  if (!token || document.visibilityState !== "visible") {
    return;
  }
  const answer = await fetch("/admin/");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[name=csrfmiddlewaretoken]");
  if (fresh) {
    token.value = fresh.value;
  }
}

document.addEventListener("visibilitychange", renewToken);
addEventListener("load", begin);
for (const form of document.querySelectorAll("form[action$='/logout/'], form[action$='/sign-out/']")) {
  form.addEventListener("submit", () => {
    isSignedOut = true;
    erase(ofPerson);
  });
}
