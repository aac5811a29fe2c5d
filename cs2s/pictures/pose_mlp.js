// The single small model in a browser: forward kinematics, the network, and the predictor around it, as
// cs2s/networks/plain_pose_mlp.py and cs2s/training/pose_predictor.py have them. A matrix is nine numbers, row by row,
// and turns row vectors; a motion is a list of rows as in the benchmark's files.
const cs2sModel = (() => {
"use strict";
const OBSERVED = 50, PREDICTED = 25, LEAST = 10, LEAP = 5.5;
const NOTHING = [1, 0, 0, 0, 1, 0, 0, 0, 1], TINY = 1e-8;
const between = (least, value, most) => Math.max(least, Math.min(most, value));

const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const length = a => Math.sqrt(dot(a, a));
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const plus = (a, b, times = 1) => [a[0] + times * b[0], a[1] + times * b[1], a[2] + times * b[2]];
const unit = a => { const by = Math.max(length(a), 1e-9); return [a[0] / by, a[1] / by, a[2] / by]; };
const transposed = m => [m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]];
const turned = (v, m) => [v[0] * m[0] + v[1] * m[3] + v[2] * m[6], v[0] * m[1] + v[1] * m[4] + v[2] * m[7],
  v[0] * m[2] + v[1] * m[5] + v[2] * m[8]];
// Written out, since it is most of the work outside of the network.
const product = (a, b) => [
  a[0] * b[0] + a[1] * b[3] + a[2] * b[6], a[0] * b[1] + a[1] * b[4] + a[2] * b[7], a[0] * b[2] + a[1] * b[5] + a[2] * b[8],
  a[3] * b[0] + a[4] * b[3] + a[5] * b[6], a[3] * b[1] + a[4] * b[4] + a[5] * b[7], a[3] * b[2] + a[4] * b[5] + a[5] * b[8],
  a[6] * b[0] + a[7] * b[3] + a[8] * b[6], a[6] * b[1] + a[7] * b[4] + a[8] * b[7], a[6] * b[2] + a[7] * b[5] + a[8] * b[8]];

// cs2s/motion/rotations.py
function rotation([x, y, z]) {
  const squared = x * x + y * y + z * z, angle = Math.sqrt(squared), half = angle / 2;
  const s = angle ? Math.sin(angle) / angle : 1, c = half ? 0.5 * (Math.sin(half) / half) ** 2 : 0.5;
  return [1 - c * (y * y + z * z), c * x * y - s * z, c * x * z + s * y,
    c * x * y + s * z, 1 - c * (x * x + z * z), c * y * z - s * x,
    c * x * z - s * y, c * y * z + s * x, 1 - c * (x * x + y * y)];
}
const quaternion = map => {
  const half = length(map) / 2, by = half ? Math.sin(half) / half / 2 : 0.5;
  return [Math.cos(half), by * map[0], by * map[1], by * map[2]];
};
function mapOfQuaternion(q) {
  const size = Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]) * (q[0] < 0 ? -1 : 1);
  const w = q[0] / size, x = q[1] / size, y = q[2] / size, z = q[3] / size;
  const sine = Math.sqrt(x * x + y * y + z * z), ratio = sine < 1e-7 ? 2 : 2 * Math.atan2(sine, w) / sine;
  return [ratio * x, ratio * y, ratio * z];
}
// Four ways to the quaternion; that with the largest number on its diagonal loses no digits.
function mapOf(m) {
  const trace = m[0] + m[4] + m[8], x = m[7] - m[5], y = m[2] - m[6], z = m[3] - m[1];
  const xy = m[1] + m[3], xz = m[2] + m[6], yz = m[5] + m[7], most = Math.max(m[0], m[4], m[8]);
  if (trace >= most) return mapOfQuaternion([1 + trace, x, y, z]);
  if (m[0] === most) return mapOfQuaternion([x, 1 + 2 * m[0] - trace, xy, xz]);
  if (m[4] === most) return mapOfQuaternion([y, xy, 1 + 2 * m[4] - trace, yz]);
  return mapOfQuaternion([z, xz, yz, 1 + 2 * m[8] - trace]);
}
// Halfway between two turns, or a share of the way, at constant speed along the shortest way.
function mixed(one, other, share) {
  const a = quaternion(one), b = quaternion(other), along = a.reduce((sum, part, i) => sum + part * b[i], 0);
  const angle = Math.acos(Math.min(1, Math.abs(along))), sine = Math.sin(angle), sign = along < 0 ? -1 : 1;
  const [u, v] = sine < 1e-9 ? [1 - share, share] : [Math.sin((1 - share) * angle) / sine, Math.sin(share * angle) / sine];
  return mapOfQuaternion(a.map((part, i) => u * part + sign * v * b[i]));
}
const joint = (row, number) => [row[3 + 3 * number], row[4 + 3 * number], row[5 + 3 * number]];
const setJoint = (row, number, map) => { for (let axis = 0; axis < 3; axis++) row[3 + 3 * number + axis] = map[axis]; };

// One product of matrices, as WebAssembly: two rows times sixteen columns at a time. Rows are even in number,
// columns a multiple of sixteen; where a browser has no such numbers a loop does the same.
function multiplier(memory) {
  const get = n => [0x20, n], set = n => [0x21, n], add = [0x6a], times = [0x6c], int = n => [0x41, n];
  const simd = (...code) => [0xfd, ...code], loop = (...body) => [0x03, 0x40, ...body.flat(), 0x0b], again = [0x0d, 0];
  const [a, b, c, n, k, m, j, p, pa, pb, k4, m4] = Array(12).keys(), sums = [12, 13, 14, 15, 16, 17, 18, 19], [one, two, row] = [20, 21, 22];
  const more = (local, by) => [...get(local), ...by, ...add, ...set(local)];
  const summed = (sum, splat) => [...get(sum), ...get(splat), ...get(row), ...simd(0xe6, 1), ...simd(0xe4, 1), ...set(sum)];
  const body = [
    get(k), int(4), times, set(k4), get(m), int(4), times, set(m4),
    loop(int(0), set(j),
      loop(...sums.map(sum => [...simd(0x0c, ...Array(16).fill(0)), ...set(sum)]),
        get(a), set(pa), get(b), get(j), add, set(pb), get(k), set(p),
        loop(get(pa), simd(0x09, 2, 0), set(one), get(pa), get(k4), add, simd(0x09, 2, 0), set(two),
          ...[0, 1, 2, 3].map(q => [...get(pb), ...simd(0x00, 2, 16 * q), ...set(row), ...summed(sums[q], one), ...summed(sums[q + 4], two)]),
          more(pa, int(4)), more(pb, get(m4)), more(p, int(0x7f)), get(p), again),
        ...sums.map((sum, q) => [...get(c), ...get(j), ...add, ...(q > 3 ? [...get(m4), ...add] : []), ...get(sum), ...simd(0x0b, 2, 16 * (q % 4))]),
        get(j), int(0xc0), [0x00], add, set(j), get(j), get(m4), [0x49], again),
      more(a, [...get(k4), ...int(2), ...times]), more(c, [...get(m4), ...int(2), ...times]), more(n, int(0x7e)), get(n), again),
  ].flat();
  const section = (id, content) => [id, ...leb(content.length), ...content], text = word => [word.length, ...new TextEncoder().encode(word)];
  const leb = size => size < 128 ? [size] : [size & 127 | 128, ...leb(size >> 7)];
  const code = [2, 6, 0x7f, 11, 0x7b, ...body, 0x0b];
  const bytes = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...section(1, [1, 0x60, 6, ...Array(6).fill(0x7f), 0]),
    ...section(2, [1, ...text("page"), ...text("memory"), 2, 0, 1]), ...section(3, [1, 0]),
    ...section(7, [1, ...text("multiply"), 0, 0]), ...section(10, [1, ...leb(code.length), ...code])];
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)), {page: {memory}}).exports.multiply;
  } catch {
    const all = new Float32Array(memory.buffer);
    return (a, b, c, n, k, m) => {
      for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) sum += all[a / 4 + i * k + p] * all[b / 4 + p * m + j];
        all[c / 4 + i * m + j] = sum;
      }
    };
  }
}

// The bend of the network, from -8 to 8: between two of these it is straight but for a ten-millionth, and read much
// faster than computed.
const STEPS = 1024;
const GELU = Float64Array.from({length: 16 * STEPS + 1}, (_, n) => {
  const x = n / STEPS - 8;
  return x / (1 + Math.exp(-Math.sqrt(8 / Math.PI) * (x + 0.044715 * x * x * x)));
});

// One branch of the network, for two windows at once: a motion, and what a mirror shows of it. Time comes first in every
// array. Of the arrays of weights, those from `read` on are the branch's.
function branch(model, weights, read) {
  const memory = new WebAssembly.Memory({initial: 80}), all = new Float32Array(memory.buffer), multiply = multiplier(memory);
  const up = (size, to) => Math.ceil(size / to) * to;
  let free = 64;
  function room(rows, columns) {
    const at = free;
    free += 4 * up(rows * columns, 16);
    if (free > memory.buffer.byteLength) throw Error("the network is too large");
    return {at, rows, columns, of: all.subarray(at / 4, at / 4 + rows * columns)};
  }
  // A weight in the order of creation, with zeros where rows or columns are missing.
  function weight(columns = 1, rows = 1) {
    const [tall, wide] = model.shapes[read].length > 1 ? model.shapes[read] : [1, model.shapes[read][0]];
    const made = room(up(tall, rows), up(wide, columns)), from = weights[read++];
    for (let i = 0; i < tall; i++) made.of.set(from.subarray(i * wide, (i + 1) * wide), i * made.columns);
    return made;
  }
  const block = () => ({time: weight(1, 2), mixtureBias: weight(), gamma: weight(), beta: weight(), kernel: weight(16), bias: weight(16)});
  const analysis = weight(1, 2), synthesis = weight(1, 2), enter = weight(16, 16), enterBias = weight(16);
  const body = Array.from({length: model.blocks[0]}, block), leave = weight(16), leaveBias = weight(16);
  const enterRoot = weight(16, 16), enterRootBody = weight(16), enterRootBias = weight(16);
  const rootBlocks = Array.from({length: model.blocks[1]}, block), leaveRoot = weight(16), leaveRootBias = weight(16);
  const mixtures = body[0].mixtureBias.columns, tall = analysis.rows, width = enter.columns, rootWidth = enterRoot.columns;
  const seen = room(OBSERVED, 2 * enter.rows), seenRoot = room(OBSERVED, 2 * enterRoot.rows), wide = room(tall, 2 * Math.max(enter.rows, leave.columns));
  const features = room(2 * tall, width), mix = room(2 * tall, width), bent = room(2 * tall, width);
  const way = room(2 * tall, rootWidth), ahead = room(synthesis.rows, 2 * leave.columns), aheadRoot = room(synthesis.rows, 2 * leaveRoot.columns);

  const overTime = (matrix, from, to, columns) => multiply(matrix.at, from.at, to.at, matrix.rows, matrix.columns, columns);
  const overColumns = (from, kernel, to) => multiply(from.at, kernel.at, to.at, 2 * tall, kernel.rows, kernel.columns);
  function addBias(to, bias, size) {
    for (let i = 0, j = 0; i < 2 * tall * size; i++) { to.of[i] += bias.of[j]; if (++j === size) j = 0; }
  }
  function through({time, mixtureBias, gamma, beta, kernel, bias}, state, size) {
    overTime(time, state, mix, 2 * size);
    const f = state.of, m = mix.of, g = bent.of;
    for (let row = 0; row < 2 * mixtures; row++) {
      const from = row * size, to = from + size, own = mixtureBias.of[row >> 1];
      let sum = 0, squares = 0;
      for (let i = from; i < to; i++) sum += m[i];
      const mean = sum / size;
      for (let i = from; i < to; i++) { const apart = m[i] - mean; squares += apart * apart; }
      // What is added to all features alike is taken off with their mean.
      const by = 1 / Math.sqrt(squares / size + 1e-5), shift = own - (mean + own);
      for (let i = from, j = 0; i < to; i++, j++) {
        const x = f[i] + (m[i] + shift) * by * gamma.of[j] + beta.of[j];
        f[i] = x;
        const place = (x + 8) * STEPS;
        if (place > 0 && place < GELU.length - 1) {
          const whole = place | 0, low = GELU[whole];
          g[i] = low + (place - whole) * (GELU[whole + 1] - low);
        } else g[i] = Math.max(0, x);
      }
    }
    overColumns(bent, kernel, mix);
    for (let i = 0, j = 0; i < 2 * mixtures * size; i++) { f[i] += m[i] + bias.of[j]; if (++j === size) j = 0; }
  }
  // Two windows of frames -> of each the numbers of 25 frames, for the body and for the root.
  return (frames, roots) => {
    frames.forEach((window, n) => window.forEach((numbers, f) => seen.of.set(numbers, (2 * f + n) * enter.rows)));
    roots.forEach((window, n) => window.forEach((numbers, f) => seenRoot.of.set(numbers, (2 * f + n) * enterRoot.rows)));
    overTime(analysis, seen, wide, 2 * enter.rows);
    overColumns(wide, enter, features);
    addBias(features, enterBias, width);
    body.forEach(weights => through(weights, features, width));
    overColumns(features, leave, wide);
    addBias(wide, leaveBias, leave.columns);
    overTime(synthesis, wide, ahead, 2 * leave.columns);
    overTime(analysis, seenRoot, wide, 2 * enterRoot.rows);
    overColumns(wide, enterRoot, way);
    overColumns(features, enterRootBody, mix);
    for (let i = 0; i < way.of.length; i++) way.of[i] += mix.of[i];
    addBias(way, enterRootBias, rootWidth);
    rootBlocks.forEach(weights => through(weights, way, rootWidth));
    overColumns(way, leaveRoot, wide);
    addBias(wide, leaveRootBias, leaveRoot.columns);
    overTime(synthesis, wide, aheadRoot, 2 * leaveRoot.columns);
    const cut = ({of}, columns, n) => Array.from({length: PREDICTED}, (_, f) => of.subarray((2 * f + n) * columns, (2 * f + n + 1) * columns));
    return [0, 1].map(n => [cut(ahead, leave.columns, n), cut(aheadRoot, leaveRoot.columns, n)]);
  };
}

// The mean of what the branches say.
function network(model, weights) {
  const branches = Array.from({length: model.branches}, (_, n) => branch(model, weights, n * weights.length / model.branches));
  return (frames, roots) => {
    const [first, ...others] = branches.map(says => says(frames, roots));
    first.forEach((window, w) => window.forEach((part, p) => part.forEach((numbers, f) => {
      for (const other of others) for (let i = 0; i < numbers.length; i++) numbers[i] += other[w][p][f][i];
      for (let i = 0; i < numbers.length; i++) numbers[i] /= branches.length;
    })));
    return first;
  };
}

// Two rows of a matrix, nearly, to a rotation: Gram and Schmidt.
function orthonormal(six) {
  const shorter = v => { const by = Math.sqrt(dot(v, v) + TINY); return [v[0] / by, v[1] / by, v[2] / by]; };
  const first = shorter(six.slice(0, 3)), rest = six.slice(3, 6), second = shorter(plus(rest, first, -dot(first, rest)));
  return [...first, ...second, ...cross(first, second)];
}

// The rotation about a bone that best undoes another.
function nearestTwist(m, [x, y, z]) {
  const skew = [0, -z, y, z, 0, -x, -y, x, 0], outer = [x * x, x * y, x * z, y * x, y * y, y * z, z * x, z * y, z * z];
  let cosine = m[0] + m[4] + m[8], sine = 0;
  for (let i = 0; i < 9; i++) { cosine -= outer[i] * m[i]; sine -= skew[i] * m[i]; }
  const longer = Math.sqrt(cosine ** 2 + sine ** 2 + TINY);
  cosine /= longer;
  sine /= longer;
  return NOTHING.map((one, i) => cosine * one + (1 - cosine) * outer[i] + sine * skew[i]);
}

// model: what page.py wrote of skeleton and network; weights: a Float32Array each, in order of creation.
function predictor(model, weights) {
  const {parents, offsets, unit: unitMm, turning, means, still, points, shares, mirror, bones, above, feet} = model;
  const run = network(model, weights), placeOf = new Map(turning.map((number, n) => [number, n]));

  // How joints are turned in space and where they are, mm, for rotations of each; the root at a place.
  function placed(rotations, root) {
    const space = [], places = [];
    parents.forEach((parent, number) => {
      places.push(parent < 0 ? plus(root, offsets[number]) : plus(places[parent], turned(offsets[number], space[parent])));
      space.push(parent < 0 ? rotations[number] : product(rotations[number], space[parent]));
    });
    return {space, places};
  }
  const rotations = row => parents.map((_, number) => rotation(joint(row, number)));
  const pose = row => placed(rotations(row), row.slice(0, 3).map(part => part * unitMm));
  const positions = row => pose(row).places;
  const atRoot = (rotations, chosen) => { const {places} = placed(rotations, [0, 0, 0]); return chosen.map(n => places[n]); };

  function mirrored(row) {
    const made = row.slice();
    made[0] = -row[0];
    mirror.forEach((other, number) => { const [x, y, z] = joint(row, other); setJoint(made, number, [x, -y, -z]); });
    return made;
  }

  // How many of the 50 frames are to be seen: none before a leap, nor repetitions of the first one.
  function pastOf(rows, fps) {
    const places = rows.map(row => { const all = rotations(row); all[0] = NOTHING; return atRoot(all, points); });
    let begins = 0, stood = true;
    for (let f = 1; f < OBSERVED; f++) {
      stood &&= rows[f].every((number, i) => number === rows[f - 1][i]);
      const step = points.reduce((sum, _, n) => sum + shares[n] * length(plus(places[f][n], places[f - 1][n], -1)) / 1000, 0);
      if (stood || step * fps > LEAP) begins = f;
    }
    return OBSERVED - begins;
  }

  // What the network sees of 50 rows.
  function seenOf(motion, past) {
    const rows = motion.map((_, f) => motion[Math.max(f, OBSERVED - past)]), newest = rows[OBSERVED - 1];
    const known = turning.map(number => rows.some(row => joint(row, number).some(part => part !== 0)));
    const turns = rows.map(row => turning.map((number, n) => known[n] ? rotation(joint(row, number)) : means[n]));
    const own = [], undone = [], last = turns[OBSERVED - 1];
    turning.forEach((_, n) => {
      undone.push(above[n] === null ? NOTHING : transposed(own[above[n]]));
      if (!bones[n]) { own.push(NOTHING); return; }
      const apart = product(product(last[n], undone[n]), transposed(means[n]));
      own.push(bones[n].some(part => part) ? nearestTwist(apart, bones[n]) : transposed(apart));
    });
    // Arrays of numbers that are written into, not joined: joining them was a fifth of a prediction's time.
    const sixes = turns.map(frame => {
      const six = new Float64Array(6 * frame.length);
      frame.forEach((turn, n) => { const made = product(product(own[n], turn), undone[n]); for (let i = 0; i < 6; i++) six[6 * n + i] = made[i]; });
      return six;
    });
    const turn = rotation(joint(newest, 0)), back = transposed(turn), place = newest.slice(0, 3).map(part => part * unitMm / 1000);
    const observed = f => f >= OBSERVED - Math.max(past, LEAST) ? 1 : 0, six = sixes[OBSERVED - 1];
    const body = sixes.map((frame, f) => {
      const all = parents.map((_, number) => placeOf.has(number) ? turns[f][placeOf.get(number)] : number ? still[number] : NOTHING);
      const numbers = new Float64Array(six.length + 3 * points.length + 1);
      for (let i = 0; i < six.length; i++) numbers[i] = frame[i] - six[i];
      atRoot(all, points).forEach((place, n) => { for (let axis = 0; axis < 3; axis++) numbers[six.length + 3 * n + axis] = place[axis] / 1000; });
      numbers[numbers.length - 1] = observed(f);
      return numbers;
    });
    const root = rows.map((row, f) => {
      const here = row.slice(0, 3).map(part => part * unitMm / 1000);
      return [...turned(plus(here, place, -1), back), ...product(rotation(joint(row, 0)), back).slice(0, 6), turn[1], turn[4], turn[7], observed(f)];
    });
    return {body, root, newest, known, own, undone, six, turn, place};
  }

  // 25 rows of what the network says.
  function rowsOf({newest, known, own, undone, six, turn, place}, [body, root]) {
    return body.map((changes, f) => {
      const row = newest.slice(), gone = root[f];
      turning.forEach((number, n) => {
        const rows = [0, 1, 2, 3, 4, 5].map(i => six[6 * n + i] + changes[6 * n + i]);
        const predicted = product(product(transposed(own[n]), orthonormal(rows)), transposed(undone[n]));
        setJoint(row, number, known[n] ? mapOf(predicted) : [0, 0, 0]);
      });
      const rootTurn = orthonormal([3, 4, 5, 6, 7, 8].map(i => gone[i] + (i === 3 || i === 7 ? 1 : 0)));
      const moved = plus(turned([gone[0], gone[1], gone[2]], turn), place);
      for (let axis = 0; axis < 3; axis++) row[axis] = moved[axis] * 1000 / unitMm;
      setJoint(row, 0, mapOf(product(rootTurn, turn)));
      return row;
    });
  }

  function next(motion, fps) {
    const short = Math.max(0, OBSERVED - motion.length), seen = [...Array(short).fill(motion[0]), ...motion.slice(-OBSERVED)];
    const past = pastOf(seen, fps), both = [seenOf(seen, past), seenOf(seen.map(mirrored), past)];
    const answers = run(both.map(({body}) => body), both.map(({root}) => root));
    const [one, other] = both.map((window, n) => rowsOf(window, answers[n]));
    return one.map((row, f) => {
      const image = mirrored(other[f]);
      for (let axis = 0; axis < 3; axis++) row[axis] = (row[axis] + image[axis]) / 2;
      for (const number of [0, ...turning]) setJoint(row, number, mixed(joint(row, number), joint(image, number), 0.5));
      return row;
    });
  }

  // The frames after those observed; rows are arrays of numbers, fps their frames a second.
  function predict(observed, frames, fps) {
    let motion = observed.map(row => Array.from(row));
    while (motion.length < observed.length + frames) motion = motion.concat(next(motion, fps));
    return standing(motion, observed.length, fps).slice(observed.length, observed.length + frames);
  }

  // Feet that stand stay where they are: cs2s/motion/feet.py.
  function standing(motion, first, fps) {
    const begin = Math.max(first - 20, 0), poses = motion.slice(begin).map(pose), places = poses.map(({places}) => feet.map(foot => places[foot]));
    const lowest = feet.map((_, n) => Math.min(...places.map(frame => frame[n][1])));
    const back = 1 - Math.exp(-1 / (0.1 * fps));
    let root = [0, 0, 0], legs = feet.map(() => [0, 0, 0]);
    return motion.map((row, f) => {
      if (f < first) return row;
      const here = places[f - begin], before = places[f - begin - 1];
      const steps = here.map((place, n) => [place[0] - before[n][0], 0, place[2] - before[n][2]]);
      const sure = steps.map((step, n) => between(0, (1600 - length(step) * fps) / 800, 1) * between(0, 2 - (here[n][1] - lowest[n]) / 40, 1));
      const surest = Math.max(...sure), sum = Math.max(sure.reduce((a, b) => a + b, 0), 1e-9);
      const byRoot = [0, 1, 2].map(axis => 0.6 * surest * steps.reduce((total, step, n) => total + sure[n] * step[axis], 0) / sum);
      root = plus(root, byRoot, -1);
      legs = legs.map((leg, n) => {
        const rest = plus(steps[n], byRoot, -1 / Math.max(surest, 1e-9)), kept = 1 - back * (1 - sure[n]);
        const moved = leg.map((part, axis) => part * kept - sure[n] * rest[axis]), by = Math.min(1, 150 / Math.max(length(moved), 1e-9));
        return moved.map(part => part * by);
      });
      return bentLegs(row, poses[f - begin], root, legs);
    });
  }

  // Moves the root, and bends legs so that each foot moves by so much, mm, turned in space as before.
  function bentLegs(row, {space, places}, root, legs) {
    const made = row.slice();
    for (let axis = 0; axis < 3; axis++) made[axis] += root[axis] / unitMm;
    const at = places.map(place => plus(place, root)), about = (axis, angle) => rotation(axis.map(part => -part * angle));
    feet.forEach((foot, n) => {
      const ankle = parents[foot], knee = parents[ankle], hip = parents[knee], target = plus(at[ankle], legs[n]);
      const [thigh, shin] = [plus(at[knee], at[hip], -1), plus(at[ankle], at[knee], -1)].map(length);
      const wanted = between(1.01 * Math.abs(thigh - shin), length(plus(target, at[hip], -1)), 0.9995 * (thigh + shin));
      const up = unit(plus(at[hip], at[knee], -1)), down = unit(plus(at[ankle], at[knee], -1));
      const bent = Math.acos(between(-1, dot(up, down), 1));
      const toBe = Math.acos(between(-1, (thigh ** 2 + shin ** 2 - wanted ** 2) / (2 * thigh * shin), 1));
      const bend = about(unit(plus(cross(up, down), space[0].slice(0, 3), -1e-3)), toBe - bent);
      const reached = plus(at[knee], turned(plus(at[ankle], at[knee], -1), bend));
      const start = unit(plus(reached, at[hip], -1)), end = unit(plus(target, at[hip], -1)), axis = cross(start, end);
      const swing = about(unit(axis), Math.atan2(length(axis), dot(start, end)));
      const atThigh = product(space[hip], swing), atShin = product(product(space[knee], bend), swing);
      setJoint(made, hip, mapOf(product(atThigh, transposed(space[parents[hip]]))));
      setJoint(made, knee, mapOf(product(atShin, transposed(atThigh))));
      setJoint(made, ankle, mapOf(product(space[ankle], transposed(atShin))));
    });
    return made;
  }

  return {predict, positions, mirrored};
}

return {predictor, rotation, mapOf, mixed, product, turned, joint, setJoint, OBSERVED, PREDICTED, LEAST};
})();
