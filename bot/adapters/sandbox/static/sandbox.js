// Makes the page pleasant, never possible: forms are sent and new messages appear without a reload, and the place
// where a person is typing or reading stays theirs. Without this file the same forms and links do the same things.
"use strict";

const NONCES = 'input[name="delivery"]';
const shown = new WeakMap(); // element → the HTML that the server last gave it
const busy = new WeakSet(); // forms on their way: a double click is one click
let turn = Promise.resolve(); // one request at a time, so that an older page never overwrites a newer one

// --- putting a fetched page in the place of the one that is shown ---

const bare = (element) => element.outerHTML.replace(/(name="delivery" value=")[^"]*/g, "$1");
const remember = (root) => {
  for (const part of root.querySelectorAll("[data-region], [data-key]")) shown.set(part, bare(part));
};

function takeNonces(old, fresh) {
  const values = [...fresh.querySelectorAll(NONCES)].map((input) => input.value);
  old.querySelectorAll(NONCES).forEach((input, place) => { input.value = values[place] ?? input.value; });
}

function replaceContents(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...old.querySelectorAll(":scope > details")].map((details) => details.open);
  old.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
  old.querySelectorAll(":scope > details").forEach((details, place) => { details.open = open[place] && old.dataset.region !== "clock"; });
  if (focused) document.getElementById(focused)?.focus();
}

function patchList(old, fresh) {
  const before = new Map([...old.children].map((child) => [child.dataset.key, child]));
  const after = [...fresh.children].map((child) => {
    const kept = before.get(child.dataset.key);
    if (kept && shown.get(kept) === bare(child)) {
      takeNonces(kept, child);
      return kept;
    }
    const added = document.importNode(child, true);
    shown.set(added, bare(child));
    return added;
  });
  for (const child of [...old.children]) if (!after.includes(child)) child.remove();
  after.forEach((child, place) => { if (old.children[place] !== child) old.insertBefore(child, old.children[place] ?? null); });
  const news = after.find((child) => child.dataset.key && !before.has(child.dataset.key));
  if (news) showNewest(old, news);
}

function readFromTheTop(element) {
  const view = element.closest(".scroll");
  if (!view || getComputedStyle(view).overflowY !== "auto") return;
  view.scrollTop += element.getBoundingClientRect().top - view.getBoundingClientRect().top - 12;
}

// What is new comes into view; where it is higher than the conversation it is read from its beginning.
function showNewest(list, first = list.lastElementChild) {
  const view = list.closest(".scroll");
  if (!first || getComputedStyle(view).overflowY !== "auto") return;
  view.scrollTop = 0; // the end: the conversation is laid out from there
  if (view.getBoundingClientRect().top > first.getBoundingClientRect().top) readFromTheTop(first);
}

function patchRegion(old, fresh) {
  if (shown.get(old) === bare(fresh)) return takeNonces(old, fresh);
  shown.set(old, bare(fresh));
  old.inert = fresh.hasAttribute("inert");
  if (fresh.dataset.tab && fresh.dataset.tab === old.dataset.tab) return undefined; // its parts are regions themselves
  if (fresh.dataset.tab) old.dataset.tab = fresh.dataset.tab;
  if ("keyed" in fresh.dataset) return patchList(old, fresh);
  replaceContents(old, fresh);
  remember(old);
  return undefined;
}

function patch(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  for (const fresh of page.querySelectorAll("[data-region]")) {
    const old = document.querySelector(`[data-region="${fresh.dataset.region}"]`);
    if (old) patchRegion(old, fresh);
  }
  for (const fresh of page.querySelectorAll(".person")) {
    document.getElementById(fresh.id)?.classList.toggle("at", fresh.classList.contains("at"));
  }
}

// --- asking the server ---

async function ask(address, options) {
  const response = await fetch(address, { credentials: "same-origin", ...options });
  const text = await response.text();
  if (!response.ok) throw new Error(response.status);
  if (response.redirected) history.replaceState(null, "", response.url);
  patch(text);
}

function queue(work) {
  const trouble = document.querySelector("[data-trouble]");
  turn = turn.then(work).then(
    () => { trouble.textContent = ""; },
    () => { trouble.textContent = document.body.dataset.failed; },
  );
  return turn;
}

let waiting = false;
function refresh() {
  if (waiting) return;
  waiting = true;
  queue(() => { waiting = false; return ask(location.href); });
}

// --- what people do ---

function focusWhereItMatters(user, button) {
  const target = ["-form-problems", "-form-title"].map((end) => document.getElementById(user + end)).find(Boolean)
    ?? (document.contains(button) && document.activeElement === button ? null : document.getElementById(`${user}-text`));
  if (!target) return;
  target.focus();
  if (target.id !== `${user}-text`) target.scrollIntoView({ block: "nearest" });
}

document.addEventListener("submit", (event) => {
  const form = event.target, button = event.submitter;
  if (form.getAttribute("method") !== "post") return; // attributes: a control called "action" hides the property
  event.preventDefault();
  if (busy.has(form)) return;
  busy.add(form);
  form.setAttribute("aria-busy", "true");
  const body = new URLSearchParams(new FormData(form, button));
  const user = form.closest("[data-user]")?.dataset.user;
  const formWas = user ? document.getElementById(`${user}-form-title`) : null;
  queue(async () => {
    try {
      await ask(button?.getAttribute("formaction") ?? form.getAttribute("action"), { method: "POST", body });
    } finally {
      busy.delete(form);
      form.removeAttribute("aria-busy");
    }
    if (form.matches(".composer")) form.querySelector('[name="text"]').value = "";
    if (!user) return;
    if (form.matches(".composer") || formWas || document.getElementById(`${user}-form-title`)) focusWhereItMatters(user, button);
    document.querySelector(`#${user} .sheet`).scrollTop = 0;
  });
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-soft]");
  if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
    event.preventDefault();
    history.pushState(null, "", link.href);
    queue(() => ask(link.href)).then(() => document.contains(link) || document.querySelector(`[data-region] a[href="${link.getAttribute("href")}"]`)?.focus());
  }
  const jump = document.querySelector("details.jump[open]");
  if (jump && !jump.contains(event.target)) jump.open = false;
  const problem = event.target.closest(".problems a");
  if (problem) {
    event.preventDefault();
    const control = document.getElementById(problem.hash.slice(1));
    (control?.matches("fieldset") ? control.querySelector("input") : control)?.focus();
    control?.scrollIntoView({ block: "center" });
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const jump = document.querySelector("details.jump[open]");
  if (jump) {
    jump.open = false;
    jump.querySelector("summary").focus();
    return;
  }
  document.activeElement?.closest(".sheet, .answer")?.querySelector("form.close")?.requestSubmit();
});

document.querySelector(".choose").addEventListener("change", (event) => event.currentTarget.requestSubmit());
window.addEventListener("popstate", refresh);

// --- look inside ---

document.addEventListener("toggle", async (event) => {
  const details = event.target;
  if (!details.open || !details.dataset?.insideAt || details.querySelector(".preview")) return;
  const response = await fetch(details.dataset.insideAt, { credentials: "same-origin" });
  const found = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-inside]");
  if (!found) return;
  details.querySelector("p")?.remove();
  details.append(document.importNode(found, true));
  for (const copy of details.querySelectorAll(".copy")) copy.hidden = false;
  readFromTheTop(details);
}, true);

document.addEventListener("click", async (event) => {
  const copy = event.target.closest(".copy");
  if (!copy) return;
  await navigator.clipboard.writeText(copy.parentElement.querySelector("code").textContent);
  const before = copy.textContent;
  copy.textContent = document.body.dataset.copied;
  setTimeout(() => { copy.textContent = before; }, 2000);
});

// --- news ---

document.documentElement.classList.add("scripted");
remember(document);
document.querySelectorAll(".log").forEach((list) => showNewest(list));
new EventSource("/sandbox/events").addEventListener("message", refresh); // it comes back by itself after a restart
setInterval(refresh, 60_000); // the clock on the page
