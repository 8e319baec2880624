const lowest64 = (1n << 64n) - 1n

/**
 * The 256 random numbers of a Gear hash, drawn from a seed by SplitMix64 (Steele, Lea and Flood, "Fast splittable
 * pseudorandom number generators", 2014). Each repository seeds its own, so that sizes of chunks do not tell an onlooker
 * which public files are in there.
 */
export function gearTable(seed: bigint): Uint32Array {
  let state = seed & lowest64
  return Uint32Array.from({ length: 256 }, () => {
    state = (state + 0x9e3779b97f4a7c15n) & lowest64
    let mixed = state
    mixed = ((mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n) & lowest64
    mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & lowest64
    return Number((mixed ^ (mixed >> 31n)) >> 32n)
  })
}
