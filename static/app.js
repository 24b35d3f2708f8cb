// What pages gain when JavaScript is there; each works without.
document.documentElement.classList.add("js");

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.parentElement.querySelector("[data-copied]").hidden = false;
  });
}
// A form that came back says at the top what it needs; a browser that has a place in the address does not go there by itself.
document.getElementById("problems")?.focus();

// A link to something in a closed fold opens it. Newer browsers do that by themselves.
const unfold = () => {
  const target = document.getElementById(location.hash.slice(1));
  const fold = target?.closest("details");
  if (!fold || fold.open) return;
  fold.open = true;
  target.scrollIntoView();
};
addEventListener("hashchange", unfold);
unfold();
