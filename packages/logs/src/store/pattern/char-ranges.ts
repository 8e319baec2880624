import type { CharRange } from './pattern-node.ts'

/** The last code point. */
export const lastChar = 0x10_ffff

/** Ranges in order, none of which touches another. */
export function normalRanges(ranges: readonly CharRange[]): CharRange[] {
  const normal: [number, number][] = []
  for (const [from, to] of ranges.toSorted((first, second) => first[0] - second[0])) {
    const last = normal.at(-1)
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else normal.push([from, to])
  }
  return normal
}

/** All other code points. */
export function otherRanges(ranges: readonly CharRange[]): CharRange[] {
  const others: CharRange[] = []
  let next = 0
  for (const [from, to] of normalRanges(ranges)) {
    if (from > next) others.push([next, from - 1])
    next = to + 1
  }
  return next > lastChar ? others : [...others, [next, lastChar]]
}

/** `\d`, `\s` and `\w`: of ASCII, as RE2 has them. */
export const namedRanges: Readonly<Record<string, readonly CharRange[]>> = {
  d: [[0x30, 0x39]],
  s: [
    [0x09, 0x0a],
    [0x0c, 0x0d],
    [0x20, 0x20],
  ],
  w: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
}
