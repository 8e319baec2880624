/**
 * Makes an input smaller while it still does what it did: takes out ever smaller pieces, then turns bytes to zero.
 * A simple form of delta debugging (Zeller and Hildebrandt 2002).
 *
 * @param stillFails Whether an input shows the same failure
 * @param attempts The most inputs to try
 */
export async function shrink(
  bytes: Uint8Array,
  stillFails: (bytes: Uint8Array) => Promise<boolean>,
  attempts: number,
): Promise<Uint8Array> {
  let smallest = bytes
  let left = attempts
  const accepts = async (candidate: Uint8Array): Promise<boolean> => {
    if (left-- <= 0 || !(await stillFails(candidate))) return false
    smallest = candidate
    return true
  }
  for (let size = Math.ceil(bytes.length / 2); size >= 1 && left > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < smallest.length && left > 0;) {
      const candidate = new Uint8Array(smallest.length - Math.min(size, smallest.length - at))
      candidate.set(smallest.subarray(0, at))
      candidate.set(smallest.subarray(at + size), at)
      if (!(await accepts(candidate))) at += size
    }
  }
  for (let at = 0; at < smallest.length && left > 0; at++) {
    if (smallest[at] === 0) continue
    const candidate = smallest.slice()
    candidate[at] = 0
    await accepts(candidate)
  }
  return smallest
}
