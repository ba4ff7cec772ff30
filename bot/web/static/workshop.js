// Where the workshop is, by itself: the time that is left, and the page anew whenever something has changed.
"use strict";

document.documentElement.classList.add("alive");
const find = (id) => document.getElementById(id);

addEventListener("DOMContentLoaded", () => {
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

  async function renew(version) {
    if (version <= Number(find("workshop").dataset.version)) return;
    fetching?.abort();
    fetching = new AbortController();
    const { signal } = fetching;
    const answer = await fetch(location.href, { signal }).catch(() => null);
    if (signal.aborted) return; // a newer one is under way
    if (!answer || answer.status >= 500) setTimeout(() => renew(version), 1000);
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
  follow(() => find("workshop").dataset.version, renew);
});
