// Makes every <div class="cs2s-arm"> of a page turn its arm. What it shows stands in the div, as arm.py wrote it. Its
// formulas are those of cs2s/motion/rotations.py: tests read its numbers off the page and compare. It asks nothing of
// any host.
(() => {
"use strict";
const DEGREE = Math.PI / 180, AXES = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
const between = (least, value, most) => Math.max(least, Math.min(most, value));
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const size = a => Math.sqrt(dot(a, a));
const times = (a, by) => a.map(value => value * by);
const sum = (a, b) => a.map((value, i) => value + b[i]);
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const applied = (m, v) => m.map(row => dot(row, v));
const transposed = m => m.map((_, i) => m.map(row => row[i]));
const product = (a, b) => a.map(row => transposed(b).map(column => dot(row, column)));

function rotmatOf(vector) {
  const angle = size(vector), half = angle / 2, [x, y, z] = vector;
  const sine = angle ? Math.sin(angle) / angle : 1, cosine = 0.5 * (half ? Math.sin(half) / half : 1) ** 2;
  const skew = [[0, -z, y], [z, 0, -x], [-y, x, 0]], square = product(skew, skew);
  return AXES.map((row, i) => row.map((one, j) => one + sine * skew[i][j] + cosine * square[i][j]));
}

// By the largest of the four numbers, so that half turns are right too.
function quatOf(m) {
  const trace = m[0][0] + m[1][1] + m[2][2], twist = [m[2][1] - m[1][2], m[0][2] - m[2][0], m[1][0] - m[0][1]];
  const rows = [[1 + trace, ...twist], ...AXES.map((_, i) =>
    [twist[i], ...AXES.map((_, j) => i === j ? 1 + 2 * m[i][i] - trace : m[i][j] + m[j][i])])];
  const largest = rows.reduce((best, row, i) => row[i] > rows[best][best] ? i : best, 0);
  const by = Math.hypot(...rows[largest]) * (rows[largest][0] < 0 ? -1 : 1);
  return rows[largest].map(value => value / by);
}

// The shortest vector of a rotation.
function vectorOf(m) {
  const [w, ...rest] = quatOf(m), sine = size(rest), ratio = sine < 1e-7 ? 2 : 2 * Math.atan2(sine, w) / sine;
  return times(rest, ratio);
}

// Read off the matrix for rows, as the paper's evaluation does.
function eulerOf(m) {
  const second = -Math.asin(between(-1, m[0][2], 1));
  if (Math.abs(m[0][2]) === 1) return [Math.atan2(m[0][1], m[0][2]), second, 0];
  const c = Math.cos(second);
  return [Math.atan2(m[1][2] / c, m[2][2] / c), second, Math.atan2(m[0][1] / c, m[0][0] / c)];
}

// About x, then y, then z; a quarter turn is exactly one, so that the lock is one.
function rotmatOfEuler(angles) {
  const [[s1, c1], [s2, c2], [s3, c3]] = angles.map(a =>
    [Math.sin(a), Math.abs(Math.abs(a) - Math.PI / 2) < 1e-12 ? 0 : Math.cos(a)]);
  return [[c2 * c3, s1 * s2 * c3 - c1 * s3, c1 * s2 * c3 + s1 * s3],
    [c2 * s3, s1 * s2 * s3 + c1 * c3, c1 * s2 * s3 - s1 * c3], [-s2, s1 * c2, c1 * c2]];
}

// What Sphinx, JupyterLab or VS Code say of their page.
function themeOf(page) {
  const {theme} = page.documentElement.dataset, {jpThemeLight, vscodeThemeKind} = page.body.dataset;
  if (/^(dark|light)$/.test(theme)) return theme;
  if (jpThemeLight) return jpThemeLight === "true" ? "light" : "dark";
  return vscodeThemeKind ? (/light/.test(vscodeThemeKind) ? "light" : "dark") : "";
}

function start(root) {
  const told = JSON.parse(root.querySelector("script").textContent), {body, shoulder, arm} = told;
  const find = selector => root.querySelector(selector), control = name => find(`[name=${name}]`);
  const canvas = find(".person"), rows = [...root.querySelectorAll(".sliders label")];
  const data = [...root.querySelectorAll("data")], captions = [...root.querySelectorAll("figcaption")];
  const at = {...told.at}, home = {yaw: at.yaw, pitch: at.pitch}, reach = size(sum(body.places[arm.at(-1)], times(shoulder, -1)));
  const moved = new Set(arm);
  let R, numbers = {}, colours = {}, waiting = false, scale = 1, middle = [0, 0];

  const sign = () => at.reading === "rows" ? -1 : 1;
  // Either the vector or the Euler angles are what was asked for; the rest follows.
  function setVector(vector) { at.vector = vector; R = rotmatOf(vector); at.euler = eulerOf(transposed(R)); follow(); }
  function setEuler(angles) { at.euler = angles; R = rotmatOfEuler(angles); at.vector = vectorOf(R); follow(); }
  function follow() {
    const shown = sign() > 0 ? R : transposed(R), shortest = vectorOf(shown), angle = size(shortest);
    numbers = {
      vector: times(at.vector, sign() / DEGREE), radians: times(at.vector, sign()), shortest: times(shortest, 1 / DEGREE),
      angle: [angle / DEGREE], axis: angle ? times(shortest, 1 / angle) : [0, 0, 0],
      matrix: shown.flat(), quaternion: quatOf(shown), euler: times(eulerOf(transposed(R)), 1 / DEGREE),
    };
    changed();
  }
  function changed() { waiting ||= requestAnimationFrame(draw); }

  const written = (value, digits) => {
    const text = Math.abs(value).toFixed(digits);
    return (value < 0 && Number(text) ? "−" : "") + text;
  };
  function write() {
    const more = at.digits ? 7 : 0;
    for (const place of data) {
      const [name, i] = place.dataset.at.split("."), value = numbers[name][i];
      place.value = Object.is(value, -0) ? "-0" : value;
      place.textContent = written(value, more || (/vector|shortest|angle|euler/.test(name) ? 1 : 3));
    }
    const asked = at.mode === "vector" ? numbers.vector : times(at.euler, 1 / DEGREE);
    rows.forEach((row, i) => {
      const [range, number] = row.querySelectorAll("input"), most = at.mode === "euler" && i === 1 ? 90 : 180;
      const name = at.mode === "euler" ? `E${i + 1}, about ${"xyz"[i]}` : "xyz"[i];
      row.querySelector("b").textContent = name;
      Object.assign(range, {min: -most, max: most, value: asked[i]});
      range.setAttribute("aria-label", name);
      range.setAttribute("aria-valuetext", `${written(asked[i], 1)} degrees`);
      number.setAttribute("aria-label", `${name}, degrees`);
      if (document.activeElement !== number) number.value = Number(asked[i].toFixed(4));
    });
    for (const name of ["mode", "reading"]) control(name).value = at[name];
    control("digits").setAttribute("aria-pressed", at.digits);
    root.classList.toggle("digits", at.digits);
    find(".numbers caption").textContent = at.reading === "rows"
      ? "In files: minus the vector, and R for rows."
      : "Here: the usual rotation vector, and R for columns.";
    const vector = vectorOf(R), angle = size(vector), axis = angle && times(vector, 1 / angle);
    find(".said").textContent = angle < 1e-9 ? "No turn at all: 0°, and any axis will do."
      : `One turn by ${written(angle / DEGREE, 1)}° about the axis (${axis.map(value => written(value, 2)).join(", ")}).`;
    const apart = 90 - Math.abs(numbers.euler[1]);
    captions[0].textContent = apart < 0.05 ? "Gimbal lock: E1 and E3 turn about one line."
      : `Gimbal rings. The axes of E1 and E3 are ${written(apart, 1)}° apart.`;
    captions[1].textContent = angle < 1e-9 ? "Rotation vectors. The centre of the ball is no turn."
      : Math.PI - angle < 1e-3 ? "Half a turn: on the surface, opposite points are one rotation."
      : `● ${written(angle / DEGREE, 1)}° in the ball; ◇ the same rotation, ${written(360 - angle / DEGREE, 1)}° the other way.`;
  }

  // Where the camera sees a direction: to the right, up, and towards it.
  function seen([x, y, z]) {
    const [sa, ca, se, ce] = [at.yaw, at.pitch].flatMap(a => [Math.sin(a * DEGREE), Math.cos(a * DEGREE)]);
    return [ca * x - sa * z, ce * y - se * (ca * z + sa * x), se * y + ce * (ca * z + sa * x)];
  }
  function unseen([right, up, near]) {
    const rows = AXES.map(seen);
    return rows.map(row => dot(row, [right, up, near]));
  }

  let pen;
  function sheet(page) {
    const {width, height} = page.getBoundingClientRect(), ratio = devicePixelRatio, dots = [width, height].map(side => Math.round(side * ratio));
    if (page.width !== dots[0] || page.height !== dots[1]) [page.width, page.height] = dots;
    pen = page.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = colours["truth-area"];
    pen.fillRect(0, 0, width, height);
    pen.textBaseline = "middle";
    pen.textAlign = "center";
    return [width, height];
  }
  function line(points, colour, width, dashes = []) {
    Object.assign(pen, {strokeStyle: colours[colour], lineWidth: width, lineJoin: "round", lineCap: dashes.length ? "butt" : "round"});
    pen.setLineDash(dashes);
    pen.beginPath();
    points.forEach(([x, y]) => pen.lineTo(x, y));
    pen.stroke();
    pen.setLineDash([]);
  }
  function words(text, [x, y], colour, bold) {
    pen.font = `${bold ? "600 14" : "12"}px system-ui, sans-serif`;
    pen.fillStyle = colours[colour];
    pen.fillText(text, x, y);
  }
  function spot([x, y], colour, r, open) {
    pen.beginPath();
    if (open) [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0], [0, -1.3]].forEach(([right, down]) => pen.lineTo(x + right * r, y + down * r));
    else pen.arc(x, y, r, 0, 7);
    Object.assign(pen, {fillStyle: colours[open ? "truth-area" : colour], strokeStyle: colours[colour], lineWidth: 2});
    pen.fill();
    pen.stroke();
  }

  const looks = [["curve-1", []], ["curve-2", [7, 4]], ["curve-3", [2, 3]]];
  function drawPerson() {
    const [wide, high] = sheet(canvas);
    scale = Math.min(wide, 1.15 * high) / 1500;
    const [right, up] = seen(sum(shoulder, told.look));
    middle = [wide / 2 - right * scale, high / 2 + up * scale];
    const look = place => { const [x, y, near] = seen(place); return [middle[0] + x * scale, middle[1] - y * scale, near]; };
    const from = offset => look(sum(shoulder, offset));
    const placed = m => body.places.map((place, joint) => moved.has(joint) ? sum(shoulder, applied(m, sum(place, times(shoulder, -1)))) : place);
    const path = (joints, places) => joints.map(joint => look(places[joint]));
    AXES.forEach((axis, i) => {
      line([from([0, 0, 0]), from(times(axis, 540))], "rule", 1);
      words(["x left", "y up", "z forward"][i], from(times(axis, 610)), "text");
    });
    const places = placed(R), arms = body.limbs.filter(([, joints]) => moved.has(joints.at(-1)));
    // The collar bone, before the shoulder, stays.
    const bare = arms.map(([, joints]) => joints.slice(Math.max(0, joints.findIndex(joint => moved.has(joint)) - 1)));
    const fixed = arms.map(([side, joints]) => [side, joints.filter(joint => !moved.has(joint))]).filter(([, joints]) => joints.length > 1);
    const rest = [...body.limbs.filter(limb => !arms.includes(limb)), ...fixed].sort((one, other) => look(places[one[1].at(-1)])[2] - look(places[other[1].at(-1)])[2]);
    for (const [side, joints] of rest) {
      line(path(joints, places), "truth", 4, side === "right" ? [10, 5] : []);
    }
    const [a, b] = body.skull.map(joint => look(places[joint]));
    pen.beginPath();
    pen.arc((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, told.head * scale, 0, 7);
    Object.assign(pen, {fillStyle: colours["truth-area"], strokeStyle: colours.truth, lineWidth: 3});
    pen.fill();
    pen.stroke();
    for (const joints of bare) line(path(joints, body.places), "grid", 7);
    if (at.reading === "rows") {
      const wrong = placed(transposed(R));
      for (const joints of bare) line(path(joints, wrong), "guess", 4, [3, 4]);
      words("without the minus", sum(look(wrong[arm.at(-1)]), [0, -12, 0]), "guess-word");
    }
    const tip = sum(body.places[arm.at(-1)], times(shoulder, -1)), angle = size(at.vector);
    if (angle > 1e-9) {
      const axis = times(at.vector, 1 / angle), end = from(times(axis, 600));
      line([from(times(axis, -400)), end], "ink", 1.4, [8, 3, 2, 3]);
      spot(end, "ink", 4, true);
      const steps = Math.max(8, Math.round(angle / DEGREE / 3));
      line([...Array(steps + 1).keys()].map(n => from(applied(rotmatOf(times(at.vector, n / steps)), tip))), "ink", 1.2);
    }
    transposed(R).forEach((image, i) => {
      line([from([0, 0, 0]), from(times(image, 420))], looks[i][0], 2.4, looks[i][1]);
      words(`${"xyz"[i]}′`, from(times(image, i ? 465 : 590)), looks[i][0], true);
    });
    for (const joints of bare) line(path(joints, places), "truth-area", 10);
    for (const joints of bare) line(path(joints, places), "ink", 6);
    spot(look(places[arm.at(-1)]), "ink", 3);
  }

  // Rings as a gimbal has them: each holds the next one by an axis. The innermost is the arm.
  function drawRings() {
    const [wide, high] = sheet(find(".rings")), radius = Math.min(wide, high) / 2 - 30;
    const [first, second, third] = at.mode === "euler" ? at.euler : eulerOf(transposed(R));
    const outer = rotmatOf([0, 0, third]), inner = product(outer, rotmatOf([0, second, 0])), last = product(inner, rotmatOf([first, 0, 0]));
    const look = place => { const [x, y, near] = seen(place); return [wide / 2 + x * radius, high / 2 - y * radius, near]; };
    const column = (m, i) => m.map(row => row[i]), circle = [...Array(73).keys()].map(n => n * 5 * DEGREE);
    const rings = [
      [column(outer, 1), [0, 0, 1], 1, 2, "E3"], [column(inner, 0), column(outer, 1), 0.84, 1, "E2"],
      [column(last, 1), column(inner, 0), 0.68, 0, "E1"],
    ];
    for (const [one, pivot, r, i, name] of rings) {
      const [colour, dashes] = looks[i], points = circle.map(a => look(sum(times(one, r * Math.sin(a)), times(pivot, r * Math.cos(a)))));
      // What is behind is pale.
      points.slice(1).forEach((point, n) => {
        pen.globalAlpha = (point[2] + points[n][2]) / 2 < -1e-9 ? 0.35 : 1;
        if (!dashes.length || n % 3 < (i === 1 ? 2 : 1)) line([points[n], point], colour, 3);
      });
      pen.globalAlpha = 1;
      for (const end of [-1, 1]) {
        line([look(times(pivot, end * r)), look(times(pivot, end * (r + 0.14)))], colour, 5);
      }
      // In the lock two names would stand on one another.
      const end = i || last[2][0] < 0 ? 1 : -1;
      words(name, look(times(pivot, end * (i ? 1.3 : 0.95))), "ink", true);
    }
    line([[0, 0, 0], times(column(last, 0), 0.6)].map(look), "ink", 5);
    line([times(column(last, 0), 0.4), sum(times(column(last, 0), 0.5), times(column(last, 2), 0.14))].map(look), "ink", 3);
  }

  function drawBall() {
    const [wide, high] = sheet(find(".ball")), radius = (Math.min(wide, high) / 2 - 8) / 1.7, middle = [wide / 2, high / 2];
    const look = place => { const [x, y, near] = seen(place); return [middle[0] + x * radius / Math.PI, middle[1] - y * radius / Math.PI, near]; };
    pen.beginPath();
    pen.arc(...middle, radius, 0, 7);
    Object.assign(pen, {fillStyle: colours.area, strokeStyle: colours.rule, lineWidth: 1.5});
    pen.fill();
    pen.stroke();
    const circle = [...Array(61).keys()].map(n => n * 6 * DEGREE);
    AXES.forEach((axis, i) => {
      const [one, other] = [AXES[(i + 1) % 3], AXES[(i + 2) % 3]];
      line(circle.map(a => look(times(sum(times(one, Math.sin(a)), times(other, Math.cos(a))), Math.PI))), "grid", 1);
      line([[0, 0, 0], times(axis, 1.3 * Math.PI)].map(look), "rule", 1);
      words("xyz"[i], look(times(axis, 1.45 * Math.PI)), "text");
    });
    words("π", look(unseen([-0.82 * Math.PI, -0.82 * Math.PI, 0])), "text");
    // The vector that was asked for may lie outside; then the diamond is the one asked for.
    const vector = vectorOf(R), angle = size(vector);
    if (angle < 1e-9) return spot(middle, "ink", 5);
    const other = times(vector, (angle - 2 * Math.PI) / angle);
    line([vector, other].map(look), "rule", 1, [2, 3]);
    line([[0, 0, 0], size(at.vector) > Math.PI + 1e-9 ? at.vector : vector].map(look), "ink", 2);
    spot(look(other), "ink", 4, true);
    spot(look(vector), "ink", 5);
  }

  function draw() {
    waiting = false;
    write();
    drawPerson();
    drawRings();
    drawBall();
    root.dataset.drawn = Number(root.dataset.drawn ?? 0) + 1;
  }

  function ask(i, degrees) {
    if (!Number.isFinite(degrees)) return;
    const euler = at.mode === "euler", asked = [...(euler ? at.euler : at.vector)];
    asked[i] = between(euler && i === 1 ? -90 : -720, degrees, euler && i === 1 ? 90 : 720) * DEGREE * (euler ? 1 : sign());
    (euler ? setEuler : setVector)(asked);
  }
  rows.forEach((row, i) => row.addEventListener("input", ({target}) => target.value !== "" && ask(i, Number(target.value))));
  root.addEventListener("change", ({target: {name, value}}) => {
    if (name === "place" && value) {
      const {mode, degrees} = told.places[value];
      at.mode = mode;
      (mode === "euler" ? setEuler : setVector)(times(degrees, DEGREE));
      control("place").value = "";
    } else if (name === "mode" || name === "reading") {
      at[name] = value;
      follow();
    }
  });
  root.addEventListener("click", event => {
    const name = event.target.closest("button")?.name;
    if (name === "digits") at.digits = !at.digits;
    if (name === "view") Object.assign(at, home);
    if (name) changed();
  });
  function turn(across, up) { at.yaw += across; at.pitch = between(-90, at.pitch + up, 90); changed(); }
  const arrows = {ArrowLeft: [6, 0], ArrowRight: [-6, 0], ArrowUp: [0, 6], ArrowDown: [0, -6]};
  canvas.addEventListener("keydown", event => {
    if (!arrows[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    turn(...arrows[event.key]);
    event.preventDefault();
  });

  // Who takes hold of the arm turns it, on the sphere round the shoulder; beside it one turns the camera.
  let held = null;
  const spotOf = ({clientX, clientY}) => {
    const {left, top} = canvas.getBoundingClientRect();
    return [clientX - left, clientY - top];
  };
  const onSphere = ([x, y]) => {
    const [right, up] = seen(shoulder), a = (x - middle[0]) / scale - right, b = (middle[1] - y) / scale - up;
    return [a / reach, b / reach];
  };
  const hand = () => seen(applied(R, times(sum(body.places[arm.at(-1)], times(shoulder, -1)), 1 / reach)));
  canvas.addEventListener("pointerdown", event => {
    const [a, b] = onSphere(spotOf(event)), [x, y, near] = hand(), long = Math.max(0.05, x * x + y * y);
    const share = between(0.15, (a * x + b * y) / long, 1), off = Math.hypot(a - share * x, b - share * y) * reach * scale;
    held = {arm: off < 18, side: near < 0 ? -1 : 1, out: false, last: [event.clientX, event.clientY], aside: [x - a / share, y - b / share], share};
    canvas.setPointerCapture(event.pointerId);
    root.dataset.held = held.arm ? "arm" : "camera";
  });
  canvas.addEventListener("pointermove", event => {
    if (!held) return canvas.style.setProperty("cursor", "");
    const {clientX, clientY} = event, [x, y] = held.last;
    held.last = [clientX, clientY];
    if (!held.arm) return turn((x - clientX) / 2, (clientY - y) / 3);
    const [a, b] = onSphere(spotOf(event)).map((value, i) => value / held.share + held.aside[i]), flat = Math.hypot(a, b);
    // Past the rim the hand goes on behind, or in front.
    if (flat > 1 && !held.out) held.side = -held.side;
    held.out = flat > 1;
    const target = unseen(held.out ? [a / flat, b / flat, 0] : [a, b, held.side * Math.sqrt(1 - flat * flat)]);
    const now = unseen(hand()), axis = cross(now, target), sine = size(axis);
    if (sine < 1e-9) return;
    const m = product(rotmatOf(times(axis, Math.atan2(sine, dot(now, target)) / sine)), R);
    if (at.mode === "euler") setEuler(eulerOf(transposed(m)));
    else setVector(vectorOf(m));
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => { held = null; delete root.dataset.held; });
  canvas.addEventListener("dblclick", () => { Object.assign(at, home); changed(); });

  const pages = new Set([document]);
  try { pages.add(parent.document.body && parent.document); } catch { /* a page of another host */ }
  function dress() {
    const theme = [...pages].map(themeOf).find(Boolean);
    if (theme && root.dataset.theme !== theme) root.dataset.theme = theme;
    const found = getComputedStyle(root);
    told.colours.forEach(name => { colours[name] = found.getPropertyValue(`--${name}`).trim(); });
    changed();
  }
  for (const page of pages) for (const part of [page.documentElement, page.body]) {
    new MutationObserver(dress).observe(part, {attributes: true});
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dress);
  new ResizeObserver(() => {
    changed();
    // A frame of a notebook becomes as high as what stands in it.
    try { if (frameElement) frameElement.style.height = `${Math.ceil(root.getBoundingClientRect().height)}px`; } catch { /* another host's */ }
  }).observe(root);

  root.classList.add("ready");
  if (at.mode === "euler") setEuler(at.euler);
  else setVector(at.vector);
  dress();
  // For a page around it, and for tests.
  root.arm = {at, setVector, setEuler, numbers: () => numbers, hand: () => {
    const [x, y] = hand(), [right, up] = seen(shoulder);
    return [middle[0] + (right + x * reach) * scale, middle[1] - (up + y * reach) * scale];
  }};
}

document.querySelectorAll(".cs2s-arm:not(.ready)").forEach(start);
})();
