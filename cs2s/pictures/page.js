// The page on which a browser predicts: page.py wrote its motions and its model; the player above draws.
(() => {
"use strict";
const {rotation, mapOf, mixed, product, turned, joint, setJoint, OBSERVED, LEAST} = cs2sModel;
const told = JSON.parse(document.querySelector("#cs2s-page").textContent), {model, fps, future, drawn, limbs} = told;
const root = document.querySelector(".cs2s-player"), {player} = root, {film} = player, form = document.querySelector("form.page");
const control = name => form.elements[name], number = name => Number(control(name).value), status = form.querySelector(".told");
const RADIANS = Math.PI / 180, joints = model.joints.length, wide = 3 + 3 * joints;
let predictor, takes = told.takes, take, moment, spent = 0, waiting = false;

// Weights: the lowest bytes of all numbers, ..., the highest ones, deflated.
async function weightsOf({weights, shapes}) {
  const packed = Uint8Array.from(atob(weights), letter => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const sorted = new Uint8Array(await new Response(stream).arrayBuffer()), count = sorted.length / 4, bytes = new Uint8Array(4 * count);
  for (let i = 0; i < count; i++) for (let part = 0; part < 4; part++) bytes[4 * i + part] = sorted[part * count + i];
  const all = new Float32Array(bytes.buffer);
  let at = 0;
  return shapes.map(shape => all.subarray(at, at += shape.reduce((size, more) => size * more, 1)));
}

// A motion of the page: whole numbers, packed as the player packs places; what does not turn is left out.
function rowsOf({frames, low, data, columns, units}) {
  const person = {frames, low, data, same: 0};
  player.unpack(person, columns.map(() => -1), person);
  return Array.from({length: frames}, (_, f) => {
    const row = Array(wide).fill(0);
    columns.forEach((column, n) => [0, 1, 2].forEach(axis => {
      row[column + axis] = person.places[f * person.wide + 3 * n + axis] * units[column ? 1 : 0];
    }));
    return row;
  });
}

// At another rate, counted from the last frame, as cs2s/motion/resampling.py has it.
const between = (one, other, share) => {
  const row = one.map((part, i) => part + share * (other[i] - part));
  if (share) for (let n = 0; n < joints; n++) setJoint(row, n, mixed(joint(one, n), joint(other, n), share));
  return row;
};
function resampled(rows, rate) {
  const step = Math.round(rate / fps);
  if (step >= 1 && Math.abs(rate / fps - step) < 1e-9 * step) return rows.filter((_, f) => (rows.length - 1 - f) % step === 0);
  const last = (rows.length - 1) / rate, count = Math.floor(last * fps + 1e-9) + 1;
  return Array.from({length: count}, (_, f) => {
    const place = Math.min(rows.length - 1, Math.max(0, (last - (count - 1 - f) / fps) * rate)), whole = Math.min(Math.floor(place), rows.length - 2);
    return rows.length < 2 ? rows[0].slice() : between(rows[whole], rows[whole + 1], place - whole);
  });
}

// What is seen of a take at a moment, its first frame repeated where it has begun too late.
const frameOf = (rows, place) => {
  const at = Math.max(0, place), whole = Math.min(Math.floor(at), rows.length - 1);
  return at === whole ? rows[whole].slice() : between(rows[whole], rows[Math.min(whole + 1, rows.length - 1)], at - whole);
};
const pastAt = (rows, speed = 1) => Array.from({length: OBSERVED}, (_, f) => frameOf(rows, moment - (OBSERVED - 1 - f) * speed));

const speed = () => 2 ** number("speed"), edits = ["bend", "speed", "noise", "turn", "ahead", "aside"];
const edited = () => edits.some(name => number(name) !== 0) || ["hold", "mirror"].some(name => control(name).checked) || control("drop").value !== "";

// Always the same noise, so that what moves is what was changed. Source: a linear congruential generator, Box and Muller.
function gaussian() {
  let state = 1;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0, (state + 1) / 4294967297);
  return () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
}

function changed(rows) {
  const chosen = number("joint"), axis = number("axis"), draw = gaussian(), noise = number("noise") * RADIANS;
  const by = rotation([0, 1, 2].map(n => n === axis ? -number("bend") * RADIANS : 0)), dropped = limbs[control("drop").value] ?? [];
  const spin = rotation([0, -number("turn") * RADIANS, 0]), pivot = rows[rows.length - 1].slice(0, 3), held = joint(rows[0], chosen);
  return rows.map(before => {
    let row = before.slice();
    if (control("hold").checked) setJoint(row, chosen, held);
    if (number("bend")) setJoint(row, chosen, mapOf(product(by, rotation(joint(row, chosen)))));
    if (noise) for (const n of model.turning) setJoint(row, n, joint(row, n).map(part => part + noise * draw()));
    for (const n of dropped) setJoint(row, n, [0, 0, 0]);
    if (control("mirror").checked) {
      row[0] -= 2 * pivot[0];
      row = predictor.mirrored(row);
    }
    if (number("turn")) {
      const place = turned([row[0] - pivot[0], row[1], row[2] - pivot[2]], spin);
      [row[0], row[1], row[2]] = [place[0] + pivot[0], place[1], place[2] + pivot[2]];
      setJoint(row, 0, mapOf(product(rotation(joint(row, 0)), spin)));
    }
    // Ahead and aside as the take looks in the player.
    for (const n of [0, 2]) row[n] += (number("ahead") * take.ahead[n] + number("aside") * take.across[n]) * 1000 / model.unit;
    return row;
  });
}

function predicted(past) {
  const begun = performance.now(), seen = past.slice(Math.max(0, OBSERVED - 1 - moment)), rows = predictor.predict(seen, future, fps);
  spent = (performance.now() - begun) * 25 / future;
  return rows;
}

function person(name, rows, kind) {
  const places = new Float64Array(rows.length * drawn.length * 3), {across, ahead, floor} = take;
  rows.forEach((row, f) => {
    const all = predictor.positions(row);
    drawn.forEach((n, i) => {
      const [x, y, z] = all[n], at = 3 * (f * drawn.length + i);
      places[at] = across[0] * x + across[2] * z;
      places[at + 1] = y - floor;
      places[at + 2] = ahead[0] * x + ahead[2] * z;
    });
  });
  return {name, body: 0, fps, frames: rows.length, gone: false, predicted: kind > 0, colour: kind > 1 ? "curve-2" : "guess",
    marker: kind > 1 ? "s" : "o", same: kind === 1 ? OBSERVED : 0, wide: 3 * drawn.length, places};
}

// Where the player's floor and camera stand: for all of a take the same, so that nothing jumps while it is dragged along.
function stageOf(rows) {
  const first = predictor.positions(rows[0]), hip = name => first[model.joints.indexOf(name)], sides = ["LeftUpLeg", "RightUpLeg"].map(hip);
  const size = Math.hypot(sides[0][0] - sides[1][0], sides[0][2] - sides[1][2]) || 1;
  const across = [(sides[0][0] - sides[1][0]) / size, 0, (sides[0][2] - sides[1][2]) / size], ahead = [-across[2], 0, across[0]];
  const floor = Math.min(...rows.filter((_, f) => f % 3 === 0).map(row => Math.min(...predictor.positions(row).map(place => place[1]))));
  return {across, ahead, floor};
}

const plain = text => { status.textContent = text; status.classList.remove("wrong"); };
const wrong = text => { status.textContent = text; status.classList.add("wrong"); };

function compute() {
  waiting = false;
  if (!predictor) return;
  const {rows} = take, unedited = pastAt(rows), truth = rows.slice(moment + 1, moment + 1 + future);
  const guess = predicted(unedited), people = [person("what happened", unedited.concat(truth), 0), person("prediction", unedited.concat(guess), 1)];
  let past = unedited, last = guess;
  if (edited()) {
    past = changed(pastAt(rows, speed()));
    last = predicted(past);
    people.push(person("what if", past.concat(last), 2));
  }
  film.people.splice(0, film.people.length, ...people);
  const ground = people.flatMap(({places, wide}) => Array.from({length: places.length / wide}, (_, f) => [places[f * wide], places[f * wide + 2]]));
  const [low, high] = [Math.min, Math.max].map(most => [0, 1].map(axis => ground.reduce((far, place) => most(far, place[axis]), ground[0][axis])));
  const half = low.map((start, axis) => 500 * Math.ceil((high[axis] - start) / 1000 + 0.9));
  film.world = {wide: 1.1 * Math.max(...half), deep: Math.hypot(...half), half, middle: low.map((start, axis) => (start + high[axis]) / 2)};
  player.changed();
  page.shown = {past, predicted: last, unedited, guess, truth};
  const apart = (one, other) => one.reduce((sum, place, n) => sum + Math.hypot(...place.map((part, axis) => part - other[n][axis])) / one.length, 0);
  const end = truth.length - 1, places = truth.length ? [guess, truth].map(rows => predictor.positions(rows[end])) : [];
  const off = truth.length ? ` The joints end up ${apart(...places).toFixed(0)} mm off on average, ${Math.round(truth.length * 1000 / fps)} ms ahead.` : "";
  plain(`${take.name}: 25 frames predicted in ${spent.toFixed(1)} ms.${off}`);
}
function soon() {
  if (!waiting) requestAnimationFrame(compute);
  waiting = true;
}

function write() {
  moment = number("moment");
  control("time").value = `${(moment / fps).toFixed(2)} s`;
  control("moment").setAttribute("aria-valuetext", `${(moment / fps).toFixed(2)} seconds`);
  for (const name of edits) control(name).closest("label").querySelector("output").value = name === "speed" ? speed().toFixed(2) : control(name).value;
  soon();
}

function choose(index, at) {
  take = takes[index];
  take.rows ??= rowsOf(take);
  Object.assign(take, stageOf(take.rows));
  control("take").value = index;
  control("moment").max = take.rows.length - 1;
  control("moment").min = Math.min(LEAST, take.rows.length) - 1;
  control("moment").value = at ?? Math.max(LEAST - 1, Math.min(take.rows.length - 1 - future, Math.floor(take.rows.length / 2)));
  write();
}

// Rows of the benchmark. What is wrong with a file is thrown, as a sentence.
function readRows(text, rate) {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/), rows = [];
  lines.forEach((line, n) => {
    if (!line.trim()) return;
    const entries = line.split(",");
    if (entries.length === 99 && wide !== 99) throw "These are rows of Human3.6M, on another skeleton; bring them onto this one by: cs2s convert --retarget FILE.txt OUT.bvh";
    if (entries.length !== wide) throw `Line ${n + 1} has ${entries.length} numbers, a row of the benchmark has ${wide}. Bring any motion here by: cs2s convert --retarget FILE OUT.bvh`;
    const row = entries.map(entry => entry.trim() ? Number(entry) : NaN), bad = row.findIndex(part => !(Math.abs(part) <= 1e9));
    if (bad >= 0) throw `Line ${n + 1}: '${entries[bad].trim().slice(0, 40)}' is not a number between -1e9 and 1e9.`;
    rows.push(row);
  });
  return {rows, rate};
}

const RATES = [24, 25, 30, 50, 60, 100, 120, 200, 240];
function rateOf(word) {
  const seconds = Number(word);
  if (!(seconds >= 1e-4 && seconds <= 10)) throw `A Frame Time of ${word} seconds makes no sense.`;
  const digit = 10 ** -(word.split(".")[1] ?? "").replace(/e.*/i, "").length, whole = Math.max(1, Math.round(1 / seconds));
  const usual = RATES.reduce((best, rate) => Math.abs(1 / rate - seconds) < Math.abs(1 / best - seconds) ? rate : best);
  for (const [rate, share] of [[whole, 1e-9], [usual, 0.05], [whole, 0.005]]) {
    if (Math.abs(1 / rate - seconds) <= Math.min(1.01 * digit, share * seconds)) return rate;
  }
  return 1 / seconds;
}

function readBvh(text) {
  const [head, tail] = text.split(/^\s*MOTION\s*$/im), found = [], open = [];
  const stranger = "This body is not on the CMU skeleton, which is the only one that this page knows. Bring it there by: cs2s convert --retarget FILE.bvh OUT.bvh";
  if (tail === undefined) throw "This BVH file has no line MOTION.";
  for (const line of head.split(/\r?\n/)) {
    const [word, ...rest] = line.trim().split(/\s+/), key = word.toUpperCase();
    if (/^(ROOT|JOINT|END)$/.test(key)) found.push({name: key === "END" ? found[open.at(-1)].name + "End" : rest.join(" "), parent: open.at(-1) ?? -1, channels: []});
    else if (key === "{") open.push(found.length - 1);
    else if (key === "}") open.pop();
    else if (key === "OFFSET") found[open.at(-1)].offset = rest.map(Number);
    else if (key === "CHANNELS") found[open.at(-1)].channels = rest.slice(1).map(channel => [["X", "Y", "Z"].indexOf(channel[0].toUpperCase()), /rot/i.test(channel)]);
  }
  const places = model.joints.map(name => found.findIndex(other => other.name === name));
  if (found.length !== joints || places.includes(-1)) throw stranger;
  // Bones of the same lengths, in whatever unit.
  const sizes = [found.map(({offset}) => Math.hypot(...offset)), model.offsets.map(offset => Math.hypot(...offset))].map(all => all.slice(1).reduce((sum, size) => sum + size, 0));
  const scale = sizes[1] / sizes[0], bones = model.offsets.slice(1).every((bone, n) => bone.every((part, axis) => Math.abs(part - scale * found[places[n + 1]].offset[axis]) < 5));
  if (!bones || places.some((place, n) => n && found[place].parent !== places[model.parents[n]])) throw stranger;
  const header = tail.match(/^\s*Frames:\s*\d+\s+Frame Time:\s*(\S+)\s*/i);
  if (!header) throw "After MOTION, the lines Frames: and Frame Time: were expected.";
  const count = found.reduce((sum, {channels}) => sum + channels.length, 0);
  const rows = tail.slice(header[0].length).split(/\r?\n/).filter(line => line.trim()).map((line, f) => {
    const values = line.trim().split(/\s+/).map(Number), row = Array(wide).fill(0);
    if (values.length !== count || !values.every(Number.isFinite)) throw `Frame ${f + 1} should be ${count} numbers.`;
    let at = 0;
    found.forEach(({channels}, n) => {
      let turn = null;
      for (const [axis, turns] of channels) {
        const value = values[at++];
        if (!turns && n === 0) row[axis] = value * scale / model.unit;
        if (turns) {
          // Row vectors: the last channel turns first. Rows hold minus the rotation vector.
          const own = rotation([0, 1, 2].map(other => other === axis ? -value * RADIANS : 0));
          turn = turn ? product(own, turn) : own;
        }
      }
      if (turn) setJoint(row, places.indexOf(n), mapOf(turn));
    });
    return row;
  });
  return {rows, rate: rateOf(header[1])};
}

async function takeIn(file) {
  try {
    const text = await file.text(), bvh = /\.bvh$/i.test(file.name);
    if (!bvh && !/\.(txt|csv)$/i.test(file.name)) throw `${file.name} is neither a .txt of rows nor a .bvh. Bring its motion here by: cs2s convert --retarget FILE OUT.bvh`;
    const {rows, rate} = bvh ? readBvh(text) : readRows(text, number("rate"));
    const here = rows.length ? resampled(rows, rate) : [];
    if (here.length < LEAST) throw `${file.name} has ${here.length} frames at ${fps} a second; to predict, ${LEAST} are needed.`;
    takes = [...takes.filter(({own}) => !own), {name: file.name, rows: here, own: true}];
    const options = control("take");
    options.querySelector("[data-own]")?.remove();
    options.add(new Option(file.name, takes.length - 1));
    options.lastElementChild.dataset.own = "";
    choose(takes.length - 1);
  } catch (error) {
    wrong(typeof error === "string" ? error : `${file.name} could not be read: ${error.message}`);
  }
}

// The observed frames and those predicted, as cs2s writes rows: nine digits bring every number of single precision back.
function saved() {
  const rows = edited() ? page.shown.past.concat(page.shown.predicted) : take.rows.slice(0, moment + 1).concat(page.shown.guess);
  return rows.map(row => row.map(part => String(Number(part.toPrecision(9)))).join(",") + "\n").join("");
}

form.addEventListener("submit", event => event.preventDefault());
form.addEventListener("input", ({target}) => {
  if (target.name === "take") choose(Number(target.value));
  else if (target.name === "file") target.files[0] && takeIn(target.files[0]);
  else if (target.name !== "rate") write();
});
form.addEventListener("click", ({target: {name}}) => {
  if (name === "clear") {
    edits.forEach(edit => { control(edit).value = 0; });
    control("hold").checked = control("mirror").checked = false;
    control("drop").value = "";
    write();
  } else if (name === "save") {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([saved()], {type: "text/plain"}));
    link.download = `${take.name.replace(/\.\w+$/, "").replace(/\W+/g, "-")}-predicted.txt`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    plain(`${link.download}: observed frames, then ${future} predicted ones, all at ${fps} a second.`);
  }
});
for (const kind of ["dragover", "dragleave", "drop"]) addEventListener(kind, event => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  document.body.classList.toggle("dropping", kind === "dragover");
  if (kind === "drop" && event.dataTransfer.files[0]) takeIn(event.dataTransfer.files[0]);
});

// For tests, and for whoever wants to play in the console.
const page = window.cs2sPage = {model, readBvh, readRows, resampled, take: () => take, choose, saved, moment: () => moment, ready: weightsOf(model).then(weights => {
  page.predictor = predictor = cs2sModel.predictor(model, weights);
  choose(0, told.moment);
}).catch(error => wrong(`This browser cannot run the model: ${error.message}`))};
})();
