// Says in words what allauth's scripts for passkeys leave to the console.
"use strict";

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const messages = [...document.querySelectorAll("[data-passkey-error]")];
  const told = event.detail.exception.name;
  const fitting = messages.find((message) => message.dataset.passkeyError === told);
  for (const message of messages) {
    message.hidden = message !== (fitting ?? messages.at(-1));
  }
});
