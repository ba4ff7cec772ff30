// What is new, as it happens: tried again for as long as the link is in force, with a word on how that goes.
"use strict";

// `version` tells what the page shows, `apply` takes what has changed since.
function follow(version, apply) {
  const words = document.getElementById("words").dataset;
  let waited = 1000; // milliseconds until the next try, once the browser has given up

  function listen() {
    const asked = `language=${document.documentElement.lang}&after=${version()}`;
    const source = new EventSource(`${location.pathname}/changes?${asked}`);
    source.onopen = () => { waited = 1000; say("on", words.live); };
    source.onmessage = (event) => apply(JSON.parse(event.data));
    source.onerror = () => {
      say("off", words.again);
      if (source.readyState === EventSource.CLOSED) setTimeout(retry, waited += Math.random() * waited);
    };
    addEventListener("pagehide", () => source.close(), { once: true });
  }

  async function retry() {
    const answer = await fetch(location.href, { method: "HEAD" }).catch(() => null);
    if (answer?.status === 404) return say("off", words.over);
    waited = Math.min(waited, 30000);
    listen();
  }

  function say(state, text) {
    const place = document.getElementById("live");
    place.className = `scripted ${state}`;
    place.textContent = text;
  }

  listen();
}
