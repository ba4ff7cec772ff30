// The board by itself: what is new, one question at a time, the size of the text and its colours.
// What people wrote only ever becomes text here, never markup.
"use strict";

const root = document.documentElement;
const find = (id) => document.getElementById(id);
const kept = (name, value) => {
  try {
    if (value === undefined) return localStorage.getItem(name);
    localStorage.setItem(name, value);
  } catch { /* a browser that keeps nothing still shows the board */ }
  return null;
};

root.classList.add("alive");
const prefersDark = matchMedia("(prefers-color-scheme: dark)").matches;
root.dataset.theme = kept("theme") ?? (prefersDark ? "dark" : "light");
root.dataset.size = kept("size") ?? "1";

addEventListener("DOMContentLoaded", () => {
  const words = find("words").dataset;
  const board = find("board");
  const questions = [...document.querySelectorAll(".question")];

  // --- what is new ---

  let version = Number(board.dataset.version);
  let unread = 0;
  let telling = 0;

  function apply(news) {
    if (news.version < version) return; // the page is newer
    version = news.version;
    find("state").textContent = news.state;
    find("state").className = news.open ? "open" : "closed";
    for (const intro of document.querySelectorAll(".intro")) intro.hidden = !news.open;
    find("count").textContent = news.count;
    find("notice").textContent = news.notice;
    find("notice").hidden = !news.notice;
    for (const count of document.querySelectorAll("[data-part]")) count.textContent = news.parts[count.dataset.part];
    for (const [key, question] of Object.entries(news.questions)) arrange(find(`q-${key}`), question, news.posts);
    if (root.classList.contains("projecting")) fit();
  }

  function arrange(element, question, posts) {
    if (!element) return; // of a role that is not shown here
    const list = element.querySelector(".posts");
    let here = list.firstElementChild;
    for (const id of question.ids) {
      const post = find(`p-${id}`) ?? arrived(id);
      if (posts[id]) fill(post, posts[id]);
      if (post === here) here = here.nextElementSibling;
      else list.insertBefore(post, here);
    }
    while (here) {
      const gone = here;
      here = here.nextElementSibling;
      gone.remove();
    }
    element.querySelector(".count").textContent = question.count;
    list.hidden = question.ids.length === 0;
    element.querySelector(".notes").hidden = question.notes.length === 0;
    element.querySelector(".notes").replaceChildren(...question.notes.map((note) => {
      const line = document.createElement("li");
      line.textContent = note;
      return line;
    }));
  }

  function arrived(id) {
    const post = find("post").content.firstElementChild.cloneNode(true);
    const mark = post.querySelector(".fresh");
    post.id = `p-${id}`;
    post.classList.add("new");
    mark.hidden = false;
    setTimeout(() => { post.classList.remove("new"); mark.hidden = true; }, 30000);
    unread += 1;
    clearTimeout(telling);
    telling = setTimeout(announce, 1000);
    return post;
  }

  function announce() {
    find("news").textContent = unread === 1 ? words.oneNew : words.moreNew.replace("{n}", unread);
    unread = 0;
  }

  function pieces(said) { // words, and links as the server has found them: nothing here looks for any
    if (said.pieces.length === 0) return [said.text];
    return said.pieces.flatMap((piece) => {
      if (!piece.url) return [piece.text];
      const link = find("link").content.firstElementChild.cloneNode(true);
      [link.href, link.textContent] = [piece.url, piece.text];
      if (!piece.host) return [link];
      const host = find("host").content.firstElementChild.cloneNode(true);
      host.textContent = `(${piece.host})`;
      return [link, " ", host];
    });
  }

  function fill(post, said) {
    post.querySelector(".text").replaceChildren(...pieces(said));
    for (const part of ["by", "votes", "moved"]) {
      const element = post.querySelector(`.${part}`);
      element.textContent = said[part];
      element.hidden = !said[part];
    }
    const replies = post.querySelector(".replies");
    replies.hidden = said.replies.length === 0;
    replies.replaceChildren(...said.replies.map((reply) => {
      const line = find("reply").content.firstElementChild.cloneNode(true);
      const [by, accepted, text] = line.children;
      [by.textContent, accepted.textContent, text.textContent] = [reply.by, reply.accepted, reply.text];
      return line;
    }));
  }

  // --- one question at a time ---

  let current = 0;

  function show(number) {
    questions[current].classList.remove("current");
    questions[current].closest(".part").classList.remove("current");
    current = Math.min(Math.max(number, 0), questions.length - 1);
    questions[current].classList.add("current");
    questions[current].closest(".part").classList.add("current");
    history.replaceState(null, "", `#show-${questions[current].id}`);
    find("place").textContent = words.place.replace("{number}", current + 1).replace("{count}", questions.length);
    find("previous").disabled = current === 0;
    find("following").disabled = current === questions.length - 1;
    fit();
    questions[current].querySelector("h2, h3").focus();
    scrollTo(0, 0);
  }

  function fit() { // the largest text with which the whole question is on the screen
    let [least, most] = [1.2, 5];
    const fits = (size) => {
      root.style.setProperty("--fit", `${size}rem`);
      return root.scrollHeight <= innerHeight;
    };
    while (most - least > 0.1) {
      const size = (least + most) / 2;
      if (fits(size)) least = size; else most = size;
    }
    fits(least);
  }

  function project(number) {
    if (questions.length === 0) return;
    root.classList.add("projecting");
    find("stage").hidden = false;
    show(number);
  }

  function enlarge(big) {
    find("big").setAttribute("aria-pressed", String(big));
  }

  function leave() {
    if (!root.classList.contains("projecting")) return;
    root.classList.remove("projecting");
    find("stage").hidden = true;
    enlarge(false);
    history.replaceState(null, "", location.pathname + location.search);
    if (document.fullscreenElement) document.exitFullscreen();
    questions[current].scrollIntoView();
    find("one").focus({ preventScroll: true });
  }

  const visible = () => Math.max(questions.findIndex((one) => one.getBoundingClientRect().bottom > 120), 0);
  find("one").onclick = () => {
    const from = visible();
    Promise.resolve(root.requestFullscreen?.()).catch(() => null).then(() => project(from));
  };
  find("previous").onclick = () => show(current - 1);
  find("following").onclick = () => show(current + 1);
  find("back").onclick = leave;
  find("big").onclick = () => enlarge(find("big").getAttribute("aria-pressed") === "false");
  addEventListener("fullscreenchange", () => { if (!document.fullscreenElement) leave(); });
  addEventListener("resize", () => { if (root.classList.contains("projecting")) fit(); });
  addEventListener("keydown", (event) => {
    if (!root.classList.contains("projecting") || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowLeft: -1, PageUp: -1, ArrowRight: 1, PageDown: 1 }[event.key];
    if (event.key === "Escape") leave();
    else if (step) { event.preventDefault(); show(current + step); }
  });

  // --- text and colours ---

  function resize(by) {
    root.dataset.size = Math.min(Math.max(Number(root.dataset.size) + by, 0), 5);
    kept("size", root.dataset.size);
  }

  function darken(dark) {
    root.dataset.theme = dark ? "dark" : "light";
    find("dark").setAttribute("aria-pressed", String(dark));
  }

  find("smaller").onclick = () => resize(-1);
  find("larger").onclick = () => resize(1);
  darken(root.dataset.theme === "dark");
  find("dark").onclick = () => {
    darken(root.dataset.theme !== "dark");
    kept("theme", root.dataset.theme);
  };
  addEventListener("keydown", (event) => {
    const sheet = document.querySelector(".share[open]");
    if (event.key === "Escape" && sheet) { sheet.open = false; sheet.firstElementChild.focus(); }
  });

  follow(() => version, apply);
  const asked = questions.findIndex((one) => location.hash === `#show-${one.id}`);
  if (asked >= 0) project(asked);
});
