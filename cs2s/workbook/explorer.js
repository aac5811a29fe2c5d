// What stands round a player: the joints at its frame, a dot for every window, and what it keeps from page to page.
// Written into the page by window_pages.py. It asks nothing of any host.
(() => {
"use strict";
// Pages of the same explorer take over from one another: the newest knows how the reader left the last.
function kept() {
  try { return parent.cs2sKept ??= {}; } catch { return {}; }
}

function start(box) {
  const {keep, unit} = JSON.parse(box.querySelector(":scope > script[type]").textContent), memory = keep ? kept() : {};
  const dots = [...box.querySelectorAll(".field button")], bars = box.querySelector(".joints dl");
  const player = () => box.querySelector(".cs2s-player"), script = player().nextElementSibling.textContent;
  // What the windows of the page share stands in its first player.
  const film = JSON.parse(player().querySelector("script").textContent);
  let joints = JSON.parse(player().parentElement.dataset.joints || "null");

  function setTo({people, playing, ...was}) {
    const root = player(), {at, film, show, play} = root.player;
    for (const name of ["speed", "room", ...(people === film.people.length ? ["view"] : [])]) {
      const choice = root.querySelector(`[name=${name}]`), value = name === "room" ? (was.room ? "room" : "hips") : String(was[name]);
      if (!choice || ![...choice.options].some(option => option.value === value)) continue;
      choice.value = value;
      choice.dispatchEvent(new Event("change", {bubbles: true}));
    }
    for (const name of ["trails", "loop"]) if (was[name] !== at[name]) root.querySelector(`button[name=${name}]`).click();
    const {yaw, pitch, zoom} = was;
    Object.assign(at, {yaw, pitch, zoom});
    show(was.frame);
    play(playing);
  }
  const state = () => {
    const root = player(), {at, film} = root.player;
    return {...at, playing: root.dataset.playing === "true", people: film.people.length};
  };

  function drawJoints() {
    if (!joints || !bars) return;
    const {at} = player().player, moment = at.frame - film.observed, most = Math.max(...joints.flatMap(([, ...both]) => both.flat()), 1);
    bars.replaceChildren(...joints.flatMap(([name, ...both]) => {
      const term = document.createElement("dt"), told = document.createElement("dd");
      term.textContent = name;
      both.forEach((values, n) => {
        const line = document.createElement("span"), bar = document.createElement("b"), value = values[moment];
        bar.className = n ? "turn" : "euler";
        bar.style.width = `${70 * (value ?? 0) / most}%`;
        line.append(bar, value === undefined ? "" : (value / 100).toFixed(2));
        line.setAttribute("aria-label", `${n ? "turn" : "Euler angles"} ${value === undefined ? "none" : value / 100} ${unit}`);
        line.setAttribute("role", "img");
        told.append(line);
      });
      return [term, told];
    }));
  }

  let drawn = -1;
  function changed() {
    const root = player(), frame = root.dataset.frame;
    if (root.dataset.theme) box.dataset.theme = root.dataset.theme;
    if (keep) memory[keep] = state();
    if (frame !== drawn) drawJoints();
    drawn = frame;
  }
  const watch = () => {
    drawn = -1;
    new MutationObserver(changed).observe(player(), {attributes: true});
    changed();
  };

  // Another window moves into the same player.
  function open(dot) {
    const was = state(), old = player(), fresh = old.cloneNode(true), {content, dataset} = dot.nextElementSibling;
    fresh.classList.remove("ready");
    fresh.querySelector("script").textContent = JSON.stringify({...film, ...JSON.parse(content.querySelector("script").textContent)});
    fresh.querySelector(".chart")?.replaceWith(content.querySelector(".chart").cloneNode(true));
    fresh.querySelector(".head b").textContent = dot.title;
    fresh.querySelector("canvas").setAttribute("aria-label", dot.title);
    old.player.play(false);
    old.replaceWith(fresh);
    const run = document.createElement("script");
    run.textContent = script;
    fresh.after(run);
    run.remove();
    joints = JSON.parse(dataset.joints || "null");

    setTo(was);
    dots.forEach(other => { other.setAttribute("aria-checked", other === dot); other.tabIndex = other === dot ? 0 : -1; });
    box.dataset.window = dot.name;
    watch();
  }
  box.addEventListener("click", ({target}) => {
    const dot = target.closest(".field button") ?? dots.find(one => one.name === target.closest(".pick")?.value);
    if (dot) open(dot);
  });
  box.querySelector(".field")?.addEventListener("keydown", event => {
    const at = dots.indexOf(document.activeElement), by = {ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1}[event.key];
    if (at < 0 || !by) return;
    event.preventDefault();
    const next = dots[(at + by + dots.length) % dots.length];
    next.focus();
    open(next);
  });

  box.classList.add("ready");
  if (keep && memory[keep]) setTo(memory[keep]);
  watch();
}

document.querySelectorAll(".cs2s-explorer:not(.ready)").forEach(start);
})();
