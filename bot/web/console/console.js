// The counselors' console: log in, see the queue live, talk.

import { get, Live, post } from "./api.js";
import { Alarm } from "./alarm.js";
import { Conversation } from "./conversation.js";
import { Blocks } from "./blocks.js";
import { $ } from "./dom.js";
import { Figures } from "./figures.js";
import { isDanger, isOverdue, isWaiting, showQueue } from "./queue.js";
import { Search } from "./search.js";

const REDRAW_MILLISECONDS = 15000; // waiting times grow on the screen
const AGAIN_MILLISECONDS = 3000;
const BANNER_MILLISECONDS = 8000;
const LINKED = /^#([0-9a-f]{32})$/; // an alarm's link names the conversation

const texts = await (await fetch("/console/texts.json")).json();
for (const node of document.querySelectorAll("[data-text]")) node.textContent = texts[node.dataset.text];

let me = null;
let items = [];
let live = null;
let conversation = null;
const alarm = new Alarm(texts.title);
document.title = texts.title;

try {
  start(await get("me"));
} catch {
  $("login").hidden = false;
}

$("login-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  $("login-error").textContent = "";
  try {
    const counselor = await post("login", { username: form.get("username"), password: form.get("password") });
    event.target.reset();
    start(counselor);
  } catch (error) {
    $("login-error").textContent = error.message || texts.failed;
  }
});

$("log-out").addEventListener("click", async () => {
  live.stop();
  await post("logout").catch(() => {});
  location.reload();
});

$("duty").addEventListener("change", async () => {
  alarm.prepare();
  try {
    $("duty").checked = (await post("duty", { on: $("duty").checked })).on_duty;
  } catch (error) {
    $("duty").checked = !$("duty").checked;
    showError(error);
  }
});

$("alarm-off").addEventListener("click", () => {
  alarm.silence(dangerous());
  redraw();
});

document.addEventListener("pointerdown", () => alarm.prepare(), { once: true });
document.addEventListener("keydown", () => alarm.prepare(), { once: true });

function start(counselor) {
  me = counselor;
  $("login").hidden = true;
  $("console").hidden = false;
  $("me").textContent = me.name;
  $("duty").checked = me.on_duty;
  const blocks = new Blocks(texts, showError);
  conversation = new Conversation(texts, me, blocks, { onGone: redraw, onError: showError });
  new Figures(texts, showError);
  new Search(texts, () => conversation.conversation, showError);
  live = new Live(news, (up) => ($("link").textContent = up ? texts.connected : texts.disconnected));
  setInterval(redraw, REDRAW_MILLISECONDS);
  window.addEventListener("hashchange", openLinked);
  openLinked();
}

function openLinked() {
  const linked = LINKED.exec(location.hash);
  if (linked) openConversation(linked[1]);
}

async function news(told) {
  if (told.type === "queue") await readQueue();
  if (told.id !== undefined && told.id === conversation.id) {
    if (told.type === "conversation") await conversation.refresh();
    if (told.type === "typing") conversation.typing();
  }
}

let reading = null;
let again = false;
async function readQueue() {
  if (reading) {
    again = true;
    return;
  }
  reading = true;
  try {
    items = (await get("queue")).items;
    redraw();
  } catch (error) {
    if (error.status === 401) location.reload();
    // What is shown may be old now: say so, and look again though no news may come.
    showError(error);
    setTimeout(readQueue, AGAIN_MILLISECONDS);
  } finally {
    reading = null;
  }
  if (again) {
    again = false;
    await readQueue();
  }
}

const dangerous = () => items.filter((item) => isWaiting(item) && isDanger(item)).map((item) => item.id);

function redraw() {
  showQueue(items, texts, { me, open: conversation.id, onOpen: openConversation });
  const overdue = items.filter(isOverdue).map((item) => item.id);
  const loud = alarm.update(dangerous(), items.filter(isWaiting).length, texts.danger_waits, overdue, texts.danger_overdue);
  $("alarm-off").hidden = !loud;
  const banner = overdue.length ? texts.danger_overdue : "";
  if ($("alarm-banner").textContent !== banner) $("alarm-banner").textContent = banner; // read aloud once
}

async function openConversation(id) {
  live.watch(id);
  await conversation.open(id);
  redraw();
}

let bannerTimer = null;
function showError(error) {
  const banner = $("banner");
  banner.textContent = error.message || texts.failed;
  banner.hidden = false;
  clearTimeout(bannerTimer);
  bannerTimer = setTimeout(() => (banner.hidden = true), BANNER_MILLISECONDS);
}
