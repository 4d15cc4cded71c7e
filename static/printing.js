// A list of several pages is printed whole: while the reader prints, its rows are those of the
// page that holds them all. Without this script that page is a link above the list.
"use strict";

{
  const onScreen = document.getElementById("results");
  const thisPage = document.querySelector(".this-page");
  let whole = null;

  // Printing waits for nothing but what is done when its event ends: asked for in one go.
  function fetched(address) {
    const request = new XMLHttpRequest();
    try {
      request.open("GET", address, false);
      request.send();
    } catch {
      return null; // No connection: what is printed says which page of how many it is.
    }
    if (request.status !== 200) return null;
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    return page.getElementById("results");
  }

  function show(results) {
    document.getElementById("results").replaceWith(results);
    thisPage.hidden = results !== onScreen;
  }

  addEventListener("beforeprint", () => {
    whole = whole || fetched(document.querySelector("a[data-whole]").href);
    if (whole) show(whole);
  });
  addEventListener("afterprint", () => show(onScreen));
}
