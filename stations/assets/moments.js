// Plays a recording from the second that a button names (class "ki-moment"); the player stands in the same block.
document.addEventListener("click", (event) => {
  const moment = event.target.closest?.(".ki-moment");
  const player = moment?.closest(".ki-moments")?.querySelector("audio");
  if (!player) return;
  const second = Number(moment.dataset.second);
  const play = () => {
    player.currentTime = second;
    player.play().catch(() => {}); // nothing to hear: the player itself shows that
  };
  if (player.readyState > 0) play();
  else {
    player.addEventListener("loadedmetadata", play, { once: true });
    player.load();
  }
});
