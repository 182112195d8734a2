(() => {
  "use strict";
  const parts = [...document.querySelectorAll("[data-part]")];
  const codes = parts.map((part) => part.dataset.part);
  const links = [...document.querySelectorAll("[data-language]")];
  const players = [...document.querySelectorAll("audio")];

  function usual() {
    const wished = (navigator.languages || []).map((each) => each.slice(0, 2).toLowerCase());
    return wished.find((code) => codes.includes(code)) || codes[0];
  }

  // "#3" is a stop, "#3.en" a stop in a language, "#en" a language.
  function wanted(current) {
    const hash = decodeURIComponent(location.hash.slice(1));
    const [stop, code] = hash.split(".");
    if (codes.includes(code)) return {stop, code};
    if (codes.includes(hash)) return {stop: "", code: hash};
    return {stop: hash, code: current};
  }

  let language = usual();

  function show(moved) {
    const {stop, code} = wanted(language);
    language = code;
    document.documentElement.lang = code;
    for (const player of players) player.pause();
    let heading = null;
    for (const part of parts) {
      part.hidden = part.dataset.part !== code;
      const articles = [...part.querySelectorAll("article")];
      const chosen = articles.find((each) => each.dataset.stop === stop);
      for (const each of articles) each.hidden = each !== chosen;
      part.querySelector(".stops").hidden = Boolean(chosen);
      if (chosen && !part.hidden) heading = chosen.querySelector("h2");
    }
    for (const link of links) {
      const own = link.dataset.language;
      link.href = "#" + (heading ? stop + "." + own : own);
      if (own === code) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    if (moved) scrollTo(0, 0);
    if (moved && heading) heading.focus({preventScroll: true});
  }

  for (const button of document.querySelectorAll(".play")) {
    const player = button.parentElement.querySelector("audio");
    const name = () => { button.textContent = player.paused ? button.dataset.play : button.dataset.pause; };
    button.hidden = false;
    button.addEventListener("click", () => { if (player.paused) player.play(); else player.pause(); });
    for (const event of ["play", "pause", "ended"]) player.addEventListener(event, name);
  }
  addEventListener("hashchange", () => show(true));
  show(false);
})();
