// What something costs is how it grows: measured in CPU time, in turns, so that a loaded machine changes little.

const ROUNDS = 7;
/** Microseconds that the smaller run takes at the least, repeated as often as it must be. */
const LEAST_US = 2000;

/** The growth that eight times as many may cause: linear is 8, with sorting and a fuller memory 14, each beside each other 64. */
export const MOST_GROWTH = 24;

/** How many times longer `run(made)` takes for eight times as many. `make(count)` gives what it runs on, which stays as it is. */
export function growth(make, run, [few, many] = [4000, 32_000]) {
  const made = [few, many].map(make);
  let times = 1;
  const took = (one) => {
    const before = process.cpuUsage();
    for (let k = 0; k < times; k += 1) run(one);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  const leastOf = (one) => Math.min(...Array.from({ length: 3 }, () => took(one)));
  while (leastOf(made[0]) < LEAST_US) times *= 2;
  const least = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round += 1) made.forEach((one, i) => { least[i] = Math.min(least[i], took(one)); });
  return least[1] / least[0];
}
