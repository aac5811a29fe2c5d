// Makes every <div class="cs2s-player"> of a page move. What it shows, and its buttons, stand in the div, as player.py
// wrote them. It asks nothing of any host, and needs nothing but the page.
(() => {
"use strict";
const RADIANS = Math.PI / 180;
const bytesOf = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
const between = (least, value, most) => Math.max(least, Math.min(most, value));

// Reads the numbers of packed.py, each of which has some low bits.
function reader(bytes) {
  let at = 0;
  const bit = () => bytes[at >> 3] >> 7 - (at++ & 7) & 1;
  const plain = bits => { let sum = 0; while (bits--) sum = 2 * sum + bit(); return sum; };
  return low => {
    let ones = 0;
    while (ones < 24 && bit()) ones++;
    const number = ones < 24 ? ones * 2 ** low + plain(low) : plain(32);
    return number % 2 ? -(number + 1) / 2 : number / 2;
  };
}

// Puts the places of a person's joints into one row, mm: frame by frame, joint by joint, x y z.
function unpack(person, parents, first) {
  const wide = 3 * parents.length, bones = new Float64Array(wide * person.frames), places = bones.slice();
  if (person.same) bones.set(first.bones.subarray(0, wide * person.same));
  const next = reader(bytesOf(person.data)), low = [...person.low].map(letter => parseInt(letter, 36));
  for (let i = wide * person.same; i < bones.length; i++) {
    const one = bones[i - wide] ?? 0, two = bones[i - 2 * wide] ?? one;
    bones[i] = next(low[i % wide]) + 2 * one - two;
  }
  for (let i = 0; i < bones.length; i++) {
    const joint = Math.floor(i % wide / 3), parent = parents[joint];
    places[i] = bones[i] + (parent < 0 ? 0 : places[i - 3 * (joint - parent)]);
  }
  Object.assign(person, {bones, places, wide, bands: person.bands && bytesOf(person.bands)});
}

// What Sphinx, JupyterLab or VS Code say of their page.
function themeOf(page) {
  const {theme} = page.documentElement.dataset, {jpThemeLight, vscodeThemeKind} = page.body.dataset;
  if (/^(dark|light)$/.test(theme)) return theme;
  if (jpThemeLight) return jpThemeLight === "true" ? "light" : "dark";
  return vscodeThemeKind ? (/light/.test(vscodeThemeKind) ? "light" : "dark") : "";
}

function start(root) {
  const film = JSON.parse(root.querySelector("script").textContent), {people, bodies, observed, fps, frames} = film;
  people.forEach(person => unpack(person, bodies[person.body].parents, people[0]));
  const find = selector => root.querySelector(selector), control = name => find(`[name=${name}]`);
  const canvas = find("canvas"), pen = canvas.getContext("2d"), plot = find(".plot"), slider = control("frame");
  const help = find(".help"), several = people.length > 1, speeds = [...control("speed").options].map(o => Number(o.value));
  const at = {...film.at}, {yaw, pitch, zoom: size} = at, home = {yaw, pitch, zoom: size};
  let playing, visible = true, dirty = true, waiting = false, clock = 0, last = 0, drawn = 0, colours = {}, shown = [];

  const future = frame => frame >= observed, guessed = (person, frame) => person.predicted && future(frame);
  const word = (person, frame) => guessed(person, frame) ? "predicted"
    : !film.told ? "" : future(frame) ? "true future" : "observed";
  const timeOf = frame => {
    const time = Math.round((frame - Math.max(0, observed - 1)) * 1000 / fps);
    return `${time > 0 ? "+" : time < 0 ? "−" : ""}${Math.abs(time)} ms`;
  };
  // Frame rates may differ; the last frame of the shorter motion stays, and is pale.
  const meant = (person, frame) => Math.floor(frame / fps * person.fps + 1e-6);
  const own = (person, frame) => Math.min(person.frames - 1, meant(person, frame));

  // Where the camera sees a place: to the right, up, and towards it, mm.
  function camera() {
    const [sa, ca, se, ce] = [at.yaw, at.pitch].flatMap(a => [Math.sin(a * RADIANS), Math.cos(a * RADIANS)]);
    return ([x, y, z]) => [ca * x - sa * z, ce * y - se * (ca * z + sa * x), se * y + ce * (ca * z + sa * x)];
  }

  function line(points, colour, width, dashes = []) {
    Object.assign(pen, {strokeStyle: colour, lineWidth: width, lineJoin: "round", lineCap: dashes.length ? "butt" : "round"});
    pen.setLineDash(dashes);
    pen.beginPath();
    points.forEach(point => pen.lineTo(point[0], point[1]));
    pen.stroke();
  }

  function marker(person, [x, y], r) {
    pen.fillStyle = colours[person.colour];
    pen.beginPath();
    if (person.marker === "o") pen.arc(x, y, r, 0, 7);
    else if (person.marker === "s") pen.rect(x - r, y - r, 2 * r, 2 * r);
    else {
      const corners = person.marker === "^" ? [[0, -1.3], [1.2, 1], [-1.2, 1]] : [[0, -1.5], [1.5, 0], [0, 1.5], [-1.5, 0]];
      corners.forEach(([right, down]) => pen.lineTo(x + right * r, y + down * r));
    }
    pen.fill();
  }

  const styled = (person, side, frame) =>
    colours[(guessed(person, frame) ? "guess" : "truth") + (side === "left" ? "" : "-" + side)];

  // Where hands and feet were in the last second.
  function trail(person, frame, place, look) {
    const every = Math.max(1, Math.round(fps / 30));
    bodies[person.body].ends.forEach(([joint, side]) => {
      for (let f = frame; f >= every && f > frame - fps; f -= every) {
        pen.globalAlpha = 0.15 + 0.6 * (1 - (frame - f) / fps);
        const ends = [f, f - every].map(moment => look(place(person, moment, joint)));
        line(ends, styled(person, side, f), 2, side === "right" ? [4, 2.5] : []);
      }
    });
  }

  function figure(person, frame, place, look, scale) {
    const {parents, limbs, skull} = bodies[person.body], thick = between(1.8, 21 * scale, 5);
    const spots = parents.map((_, joint) => place(person, frame, joint)), seen = spots.map(look);
    const predicted = guessed(person, frame), area = colours[predicted ? "guess-area" : "truth-area"];
    pen.globalAlpha = meant(person, frame) < person.frames ? 1 : 0.35;
    if (person.bands) parents.forEach((parent, joint) => {
      // The wider the band round a bone, the more wrong the joint at its end.
      const wide = person.bands[own(person, frame) * parents.length + joint] / 255 * 26;
      if (parent >= 0 && wide > 0.5) line([seen[parent], seen[joint]], colours.band, thick + wide);
    });
    const nearness = ([, joints]) => joints.reduce((sum, joint) => sum + seen[joint][2], 0) / joints.length;
    [...limbs].sort((one, other) => nearness(one) - nearness(other)).forEach(([side, joints]) => {
      const path = joints.map(joint => seen[joint]);
      // Set off from what it crosses.
      if (!person.bands) line(path, area, thick + 3);
      if (side === "right") {
        // Dashes of the lighter shade, with an edge that is seen on any ground.
        const dashes = [2.4 * thick, 1.2 * thick];
        line(path, styled(person, "left", frame), thick + 0.6, dashes);
        line(path, styled(person, "right", frame), Math.max(0.8, thick - 1.2), dashes);
      } else line(path, styled(person, side, frame), thick);
      if (predicted) path.forEach(point => marker(person, point, Math.max(2, 0.78 * thick)));
    });
    if (skull) {
      const [x, y] = [0, 1].map(axis => (seen[skull[0]][axis] + seen[skull[1]][axis]) / 2);
      Object.assign(pen, {strokeStyle: styled(person, "middle", frame), lineWidth: 0.75 * thick});
      pen.setLineDash([]);
      pen.beginPath();
      pen.arc(x, y, film.head * scale, 0, 7);
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }

  // Squares that stay where they are on the ground.
  function floor(look, hips, {half, middle}) {
    const centre = at.room ? middle : hips, from = at.room ? [0, 0] : hips;
    [0, 1].forEach(axis => {
      const low = centre[axis] - half[axis];
      for (let n = Math.ceil(low / film.square); n * film.square <= centre[axis] + half[axis]; n++) {
        const ends = [-1, 1].map(end => centre.map((value, other) => other === axis ? n * film.square : value + end * half[other]));
        line(ends.map(([x, z]) => look([x - from[0], 0, z - from[1]])), colours.grid, 1);
      }
    });
  }

  function text(words, x, y, colour, bold, most) {
    pen.font = `${bold ? "600 12" : "13"}px system-ui, sans-serif`;
    pen.fillStyle = colours[colour];
    const width = () => pen.measureText(words).width;
    while (words.length > 1 && width() > most) words = words.slice(0, -2).trimEnd() + "…";
    pen.fillText(words, x, y);
    return width();
  }

  function panel(members, left, top, wide, high, scale, head) {
    const {frame} = at, box = film[at.room ? "world" : "near"], turned = camera(), here = members.map(n => people[n]);
    const predicted = here.every(person => guessed(person, frame)), kind = predicted ? "guess" : "truth";
    pen.save();
    pen.setLineDash([]);
    pen.beginPath();
    pen.roundRect(left, top, wide, high, 6);
    Object.assign(pen, {fillStyle: colours[kind + "-area"], strokeStyle: colours[kind + "-edge"], lineWidth: predicted ? 4 : 1.5});
    pen.fill();
    pen.stroke();
    pen.clip();
    const [x0, z0] = at.room ? box.middle : [0, 0], [right0, up0] = turned([x0, (film.low + film.high) / 2, z0]);
    const look = spot => {
      const [right, up, near] = turned(spot);
      return [left + wide / 2 + (right - right0) * scale, top + (high + head) / 2 - (up - up0) * scale, near];
    };
    const place = (person, f, joint) => {
      const hips = own(person, f) * person.wide, i = hips + 3 * joint, {places} = person, free = at.room ? 0 : 1;
      return [places[i] - free * places[hips], places[i + 1], places[i + 2] - free * places[hips + 2]];
    };
    const over = person => meant(person, frame) >= person.frames, i = own(here[0], frame) * here[0].wide;
    floor(look, [here[0].places[i], here[0].places[i + 2]], box);
    here.forEach((person, n) => {
      // What was observed is drawn once.
      if (person.gone && over(person) || n && !future(frame) && frame < person.same) return;
      // How high the hips are.
      const [x, y, z] = place(person, frame, 0);
      if (at.room) line([[x, y, z], [x, 0, z]].map(look), colours.rule, 1.5, [2, 3]);
      if (at.trails) trail(person, frame, place, look);
      figure(person, frame, place, look, scale);
    });
    here.forEach((person, n) => {
      const y = top + 16 + 18 * n, past = over(person);
      const says = !past ? word(person, frame) : person.gone ? "no numbers" : "ended";
      if (here.length > 1) {
        line([[left + 9, y], [left + 27, y]], styled(person, "left", frame), 3);
        if (guessed(person, frame)) marker(person, [left + 18, y], 4);
        text(`${person.name}${past ? `: ${says}` : ""}`, left + 34, y, "ink", false, wide - 40);
      } else {
        // The word stands beside the name, or below it where there is no room.
        const taken = text(person.name, left + 9, y, "ink", false, wide - 18);
        const beside = taken + pen.measureText(says).width + 36 < wide;
        pen.textAlign = beside ? "right" : "left";
        text(says, beside ? left + wide - 9 : left + 9, beside ? y : y + 17, kind + "-word", true, wide);
        pen.textAlign = "left";
      }
    });
    pen.restore();
    return {members, look, place};
  }

  function draw() {
    dirty = false;
    drawn++;
    const {wide: aside, deep} = film[at.room ? "world" : "near"], {frame} = at, ratio = devicePixelRatio;
    const {width, height} = canvas.getBoundingClientRect(), dots = [width, height].map(side => Math.round(side * ratio));
    if (canvas.width !== dots[0] || canvas.height !== dots[1]) [canvas.width, canvas.height] = dots;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.textBaseline = "middle";
    const all = people.map((_, n) => n), each = all.map(n => [n]);
    const groups = at.view === "over" ? [all] : at.view === "both" ? [...each, all] : each;
    // As many columns as make people largest, who keep their size while they are turned.
    const tall = Math.cos(pitch * RADIANS) * (film.high - film.low + 100) + 1.2 * Math.sin(Math.abs(pitch) * RADIANS) * deep;
    const [best] = groups.map((_, i) => {
      const columns = i + 1, rows = Math.ceil(groups.length / columns);
      const [wide, high] = [(width - 4 - 8 * i) / columns, (height - 4 - 8 * (rows - 1)) / rows];
      const head = Math.min(12 + 18 * groups.at(-1).length, 0.3 * high);
      return {columns, wide, high, head, scale: Math.min((wide - 12) / (2 * aside), (high - head) / tall)};
    }).sort((one, other) => other.scale - one.scale);
    shown = best.scale <= 0 ? [] : groups.map((members, n) => panel(members, 2 + n % best.columns * (best.wide + 8),
      2 + Math.floor(n / best.columns) * (best.high + 8), best.wide, best.high, best.scale * at.zoom, best.head));
    if (plot) curves();
    const count = !film.told ? `frame ${frame + 1} of ${frames}` : future(frame)
      ? `future frame ${frame - observed + 1} of ${frames - observed}` : `observed frame ${frame + 1} of ${observed}`;
    find(".now").textContent = count + (observed ? `, ${timeOf(frame)} from the last observed` : "");
    find(".time").textContent = timeOf(frame);
    slider.value = root.dataset.frame = frame;
    slider.setAttribute("aria-valuetext", `${timeOf(frame)}, ${count}`);
  }

  const first = Math.max(0, observed - 1), rest = Math.max(1, frames - 1 - first);
  function curves() {
    plot.style.setProperty("--at", between(0, (at.frame - first) / rest, 1));
    root.querySelectorAll(".plot .dot").forEach((dot, n) => {
      const value = film.curves[n][at.frame - observed] ?? null;
      dot.hidden = value === null;
      dot.style.top = `${100 * (1 - value / film.top)}%`;
      root.querySelectorAll(".legend output")[n].textContent = value === null ? "" : value.toPrecision(3);
    });
  }

  function tick(now) {
    waiting = false;
    if (playing && visible) {
      // After a rest of the page it goes on from where it was.
      clock += Math.min(500, now - last) * at.speed;
      let frame = Math.floor(clock * fps / 1000 + 1e-6);
      if (frame >= frames && at.loop) {
        clock %= frames * 1000 / fps;
        frame = Math.min(frames - 1, Math.floor(clock * fps / 1000));
      } else if (frame >= frames) {
        frame = frames - 1;
        play(false);
      }
      dirty ||= frame !== at.frame;
      at.frame = frame;
    }
    last = now;
    if (dirty) draw();
    wait();
  }
  function wait() {
    if (!waiting && (dirty || playing && visible)) waiting = requestAnimationFrame(tick);
  }
  function changed() { dirty = true; wait(); }
  function show(frame) {
    at.frame = between(0, Math.round(frame), frames - 1);
    clock = at.frame * 1000 / fps;
    changed();
  }
  function play(on) {
    if (on && at.frame === frames - 1) show(0);
    playing = root.dataset.playing = on;
    last = performance.now();
    control("play").title = on ? "pause" : "play";
    control("play").setAttribute("aria-label", on ? "pause" : "play");
    wait();
  }
  function go(frame) { play(false); show(frame); }
  function set(name, value) {
    at[name] = value;
    if (/loop|trails/.test(name)) control(name).setAttribute("aria-pressed", value);
    else if (control(name)) control(name).value = value === true ? "room" : value === false ? "hips" : value;
    changed();
  }
  function turn(across, up) { at.yaw += across; at.pitch = between(-20, at.pitch + up, 90); changed(); }
  function zoom(by) { at.zoom = between(0.3, at.zoom * by, 12); changed(); }
  const faster = by => set("speed", speeds[between(0, speeds.indexOf(at.speed) + by, speeds.length - 1)]);

  const does = {
    play: () => play(!playing), back: () => go(at.frame - 1), step: () => go(at.frame + 1), now: () => go(observed - 1),
    loop: () => set("loop", !at.loop), trails: () => set("trails", !at.trails),
    reset: () => { Object.assign(at, home); changed(); },
    help: () => control("help").setAttribute("aria-expanded", !(help.hidden = !help.hidden)),
  };
  const keys = {
    ",": does.back, ".": does.step, Home: () => go(0), End: () => go(frames - 1), n: () => observed && does.now(),
    "[": () => faster(-1), "]": () => faster(1), l: does.loop, t: does.trails, r: does.reset, "?": does.help,
    f: () => set("room", !at.room), "+": () => zoom(1.15), "=": () => zoom(1.15), "-": () => zoom(1 / 1.15),
    v: () => several && set("view", {beside: "over", over: "both", both: "beside"}[at.view]),
  };
  const arrows = {ArrowLeft: [6, 0], ArrowRight: [-6, 0], ArrowUp: [0, 6], ArrowDown: [0, -6]};
  root.addEventListener("click", event => does[event.target.closest("button")?.name]?.());
  root.addEventListener("change", ({target: {name, value}}) => {
    if (name !== "frame") set(name, name === "speed" ? Number(value) : name === "room" ? value === "room" : value);
  });
  slider.addEventListener("input", () => go(slider.value));
  root.addEventListener("keydown", event => {
    const {key, target} = event, act = keys[key] ?? keys[key.toLowerCase()];
    if (event.ctrlKey || event.metaKey || event.altKey || target.tagName === "SELECT") return;
    if (key === "Escape" && !help.hidden) does.help();
    else if (key === " " && target.tagName !== "BUTTON") does.play();
    else if (target === canvas && arrows[key]) turn(...arrows[key]);
    else if (act) act();
    else return;
    event.preventDefault();
  });

  // The mouse or one finger turns; two fingers zoom and tilt.
  const fingers = new Map(), apart = ([[x, y], [u, v]]) => Math.hypot(x - u, y - v);
  canvas.addEventListener("pointerdown", event => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
  });
  canvas.addEventListener("pointermove", ({pointerId, clientX, clientY}) => {
    if (!fingers.has(pointerId)) return;
    const [x, y] = fingers.get(pointerId), two = fingers.size === 2, before = two && apart([...fingers.values()]);
    fingers.set(pointerId, [clientX, clientY]);
    if (two) zoom(apart([...fingers.values()]) / Math.max(1, before));
    turn(two ? 0 : (x - clientX) / 2, (clientY - y) / (two ? 6 : 3));
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, event => fingers.delete(event.pointerId));
  canvas.addEventListener("dblclick", does.reset);
  canvas.addEventListener("wheel", event => {
    // Who only scrolls past goes on scrolling.
    if (document.activeElement !== canvas && !event.ctrlKey) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 600));
  }, {passive: false});
  for (const name of ["pointerdown", "pointermove"]) plot?.addEventListener(name, event => {
    if (!event.buttons) return;
    plot.setPointerCapture(event.pointerId);
    const {left, width} = plot.getBoundingClientRect();
    go(first + between(0, (event.clientX - left) / width, 1) * rest);
  });

  const pages = new Set([document]);
  try { pages.add(parent.document.body && parent.document); } catch { /* a page of another host */ }
  function dress() {
    const theme = [...pages].map(themeOf).find(Boolean);
    if (theme && root.dataset.theme !== theme) root.dataset.theme = theme;
    const found = getComputedStyle(root);
    film.colours.forEach(name => { colours[name] = found.getPropertyValue(`--${name}`).trim(); });
    changed();
  }
  for (const page of pages) for (const part of [page.documentElement, page.body]) {
    new MutationObserver(dress).observe(part, {attributes: true});
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dress);
  new ResizeObserver(changed).observe(canvas);
  new IntersectionObserver(([entry]) => { visible = entry.isIntersecting; last = performance.now(); wait(); }).observe(root);

  root.classList.add("ready");
  for (const name of ["view", "room", "trails", "loop", "speed"]) set(name, at[name]);
  dress();
  show(at.frame);
  play(film.play && !matchMedia("(prefers-reduced-motion: reduce)").matches);
  // For a page around it, and for tests.
  root.player = {film, at, show, play, set, changed, unpack, panels: () => shown, drawn: () => drawn};
}

document.querySelectorAll(".cs2s-player:not(.ready)").forEach(start);
})();
