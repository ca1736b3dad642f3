/** The demo page: the embed line with this server's own address, ready to copy. */

document.querySelector("[data-origin]").textContent = location.origin;

const button = document.getElementById("kopier");
if (navigator.clipboard) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById("kode").textContent);
    document.getElementById("kopiert").textContent = "Kopiert.";
  });
}
