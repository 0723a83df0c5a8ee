// Waits for a condition instead of for a time: tries again until the check stops throwing.

const EVERY_MS = 40;

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Runs `check` until it throws nothing and returns nothing false; after `timeout` its last complaint stands. */
export async function until(what, check, timeout = 10_000) {
  const end = performance.now() + timeout;
  for (;;) {
    let problem;
    try {
      const result = await check();
      if (result !== false) return result;
      problem = new Error('not yet');
    } catch (caught) {
      problem = caught;
    }
    if (performance.now() > end) throw new Error(`${what}: ${problem.message}`, { cause: problem });
    await pause(EVERY_MS);
  }
}
