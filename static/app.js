// What pages gain when JavaScript is there; each works without.
document.documentElement.classList.add("js");
