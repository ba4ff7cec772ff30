// What is new, as it happens: tried again for as long as the link is in force, with a word on how that goes.
"use strict";

const SILENCE = 45000; // milliseconds; the server says every twenty seconds that it is there

// `version` tells what the page shows, `apply` takes what has changed since.
function follow(version, apply) {
  const words = document.getElementById("words").dataset;
  let waited = 1000; // milliseconds until the next try, once the browser has given up

  function listen() {
    const asked = `language=${document.documentElement.lang}&after=${version()}`;
    const source = new EventSource(`${location.pathname}/changes?${asked}`);
    let heard = Date.now();
    const hear = () => { heard = Date.now(); };
    source.onopen = () => { waited = 1000; hear(); say("on", words.live); };
    source.onmessage = (event) => { hear(); apply(JSON.parse(event.data)); };
    source.addEventListener("beat", hear);
    source.onerror = () => {
      say("off", words.again);
      if (source.readyState === EventSource.CLOSED) leave(waited += Math.random() * waited);
    };
    // A connection may be cut without a word, as by a sleeping Wi-Fi: then nothing comes, and nothing goes wrong.
    const watch = setInterval(() => {
      if (Date.now() - heard < SILENCE) return;
      say("off", words.again);
      leave(0);
    }, 5000);
    const leave = (wait) => { clearInterval(watch); source.close(); setTimeout(retry, wait); };
    addEventListener("pagehide", () => source.close(), { once: true });
  }

  async function retry() {
    const answer = await fetch(location.href, { method: "HEAD", signal: AbortSignal.timeout?.(10000) }).catch(() => null);
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
