// Prints, and asks once more before everything is deleted.
"use strict";

const print_button = document.getElementById("results-print");
if (print_button) {
  print_button.hidden = false;
  print_button.addEventListener("click", () => print());
}
const forget = document.getElementById("results-forget");
forget.addEventListener("submit", (event) => {
  if (!confirm(forget.dataset.sure)) event.preventDefault();
});
