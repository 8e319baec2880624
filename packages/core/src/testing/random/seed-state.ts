const word = (value: bigint): bigint => BigInt.asUintN(64, value)

/**
 * 128 bits of state from a seed: two outputs of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
 * generators", 2014), each as low and high half. A number is text of its digits, so that 1 and '1' are one seed.
 */
export function seedState(seed: number | string): Uint32Array {
  const state = new Uint32Array(4)
  let counter = fnv1a(String(seed))
  for (let half = 0; half < 4; half += 2) {
    counter = word(counter + 0x9e3779b97f4a7c15n)
    const mixed = mix(counter)
    state[half] = Number(mixed & 0xffff_ffffn)
    state[half + 1] = Number(mixed >> 32n)
  }
  return state
}

function mix(counter: bigint): bigint {
  let mixed = word((counter ^ (counter >> 30n)) * 0xbf58476d1ce4e5b9n)
  mixed = word((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn)
  return mixed ^ (mixed >> 31n)
}

/** FNV-1a of 64 bits (Fowler, Noll and Vo; RFC 9923). */
function fnv1a(text: string): bigint {
  let hash = 0xcbf29ce484222325n
  for (const byte of Buffer.from(text)) hash = word((hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash
}
