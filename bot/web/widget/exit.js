/** Quick exit: for the one who suddenly is not alone. */

const PRESSES = 3;
const WITHIN_MS = 2000;

/** Return a function that leaves the page at once: forgets all, says goodbye, and takes the page's place in history. */
export function quickExit(conversation, store, url) {
  return () => {
    document.documentElement.style.setProperty("visibility", "hidden", "important");
    document.title = "";
    store.wipe();
    conversation.leave();
    location.replace(url);
  };
}

/** Call `leave` when Escape is pressed three times in a row, wherever the focus is. */
export function onThreeEscapes(leave) {
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      presses = [];
    } else if (!event.repeat) {
      presses = [...presses.filter((at) => event.timeStamp - at < WITHIN_MS), event.timeStamp];
      if (presses.length >= PRESSES) leave();
    }
  }, true);
}
