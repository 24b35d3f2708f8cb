// What pages gain when JavaScript is there; each works without.
document.documentElement.classList.add("js");

// A form that came back says at the top what it needs; a browser that has a place in the address does not go there by itself.
document.getElementById("problems")?.focus();
