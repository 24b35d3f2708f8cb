// What pages gain when JavaScript is there; each works without.
document.documentElement.classList.add("js");

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.parentElement.querySelector("[data-copied]").hidden = false;
  });
}
