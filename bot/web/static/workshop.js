// Where the workshop is, by itself: the time that is left, and the page anew whenever something has changed.
"use strict";

document.documentElement.classList.add("alive");
const find = (id) => document.getElementById(id);

addEventListener("DOMContentLoaded", () => {
  const words = find("words").dataset;
  let waited = 1000; // milliseconds until the next try, once the browser has given up
  let ahead = 0; // milliseconds that this computer's clock is ahead of ours
  let fetching = null;

  // --- the time that is left ---

  function setClock() {
    ahead = Date.now() - Number(find("workshop").dataset.now);
    tick();
  }

  function tick() {
    const left = find("left");
    if (!left) return;
    const seconds = Math.ceil((Number(left.dataset.ends) - (Date.now() - ahead)) / 1000);
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const rest = `${hours ? two(Math.floor(seconds / 60) % 60) : Math.floor(seconds / 60)}:${two(seconds % 60)}`;
    left.classList.toggle("over", seconds <= 0);
    left.textContent = seconds <= 0 ? left.dataset.over : hours ? `${hours}:${rest}` : rest;
  }

  // --- what is new ---

  function listen() {
    const after = find("workshop").dataset.version;
    const source = new EventSource(`${location.pathname}/changes?language=${document.documentElement.lang}&after=${after}`);
    source.onopen = () => { waited = 1000; live("on", words.live); };
    source.onmessage = (event) => renew(JSON.parse(event.data));
    source.onerror = () => {
      live("off", words.again);
      if (source.readyState === EventSource.CLOSED) setTimeout(retry, waited += Math.random() * waited);
    };
    addEventListener("pagehide", () => source.close(), { once: true });
  }

  async function retry() {
    const answer = await fetch(location.href, { method: "HEAD" }).catch(() => null);
    if (answer?.status === 404) return live("off", words.over);
    waited = Math.min(waited, 30000);
    listen();
  }

  function live(state, text) {
    find("live").className = `scripted ${state}`;
    find("live").textContent = text;
  }

  async function renew(version) {
    if (version <= Number(find("workshop").dataset.version)) return;
    fetching?.abort();
    fetching = new AbortController();
    const answer = await fetch(location.href, { signal: fetching.signal }).catch(() => null);
    if (!answer?.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const before = document.querySelector("h1").textContent;
    const opened = [...document.querySelectorAll("details")].map((one) => one.open);
    document.title = fresh.title;
    find("workshop").replaceWith(document.adoptNode(fresh.getElementById("workshop")));
    [...document.querySelectorAll("details")].forEach((one, place) => { one.open = opened[place] ?? false; });
    setClock();
    const title = document.querySelector("h1").textContent;
    if (title !== before) find("news").textContent = `${document.querySelector(".place").textContent}: ${title}`;
  }

  setClock();
  setInterval(tick, 500);
  listen();
});
