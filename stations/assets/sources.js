// A button that names a source (class "ki-open") tells the station which one: it writes into the hidden field
// that the button names, as if somebody had typed it, and brings the place where the source is shown into view.
let opened = 0;
document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".ki-open");
  const field = button && document.querySelector(`#${CSS.escape(button.dataset.field)} textarea`);
  if (!field) return;
  opened += 1; // the same source twice is two wishes
  field.value = `${button.dataset.source}#${opened}`;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  const place = document.getElementById(button.dataset.place);
  if (place && place.getBoundingClientRect().top > innerHeight * 0.7) {
    place.scrollIntoView({ block: "start", behavior: "smooth" });
  }
});
