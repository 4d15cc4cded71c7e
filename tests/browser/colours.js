// What of the page no look at colours has judged yet: put into `unjudged`; its keys are returned.
//
// What is told of an element's colours follows from what is computed for it and for all that it stands
// in. Of those on any page that agree in all of that, one stands for the others. The key of an element
// is that, made short.
(judged) => {
  const READ = [
    "color", "backgroundColor", "backgroundImage", "opacity", "textShadow", "mixBlendMode",
    "fontSize", "fontWeight", "fontStyle", "textDecorationLine", "borderBottom",
    "position", "overflow", "clipPath",
  ];
  const WRITTEN = "a, button, input, select, textarea";
  const SHOWN = { opacityProperty: true, visibilityProperty: true };
  const known = new Set(judged.split(" "));
  const keys = new Map([[null, ""]]);

  function short(text) {
    let one = 1;
    let other = 2;
    for (let at = 0; at < text.length; at += 1) {
      one = Math.imul(one ^ text.charCodeAt(at), 0x01000193);
      other = Math.imul(other ^ text.charCodeAt(at), 0x9e3779b1);
    }
    return (one >>> 0).toString(36) + (other >>> 0).toString(36);
  }

  function key(element) {
    if (!keys.has(element)) {
      const style = getComputedStyle(element);
      const own = [element.localName, ...READ.map((name) => style[name])];
      keys.set(element, short(key(element.parentElement) + own.join()));
    }
    return keys.get(element);
  }

  function isRead(element) {
    const words = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim();
    return (
      (element.matches(WRITTEN) || [...element.childNodes].some(words)) &&
      element.checkVisibility(SHOWN)
    );
  }

  const fresh = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    if (isRead(element) && !known.has(key(element)) && !fresh.has(key(element))) {
      fresh.set(key(element), element);
    }
  }
  window.unjudged = [...fresh.values()];
  return [...fresh.keys()].join(" ");
}
