// A sound that was played while it was still growing has no known end. Once it is over it is loaded again: it is whole
// by then, and people can go to any place in it.
document.addEventListener("ended", (event) => {
  const player = event.target;
  if (!player.closest?.(".ki-player") || player.dataset.whole) return;
  player.dataset.whole = "yes";
  player.autoplay = false;
  player.load();
}, true);
