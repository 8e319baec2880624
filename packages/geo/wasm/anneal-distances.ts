import { add, get, i32 } from '../../../scripts/wasm/text.ts'
import { double, f64, number, whole, word } from './anneal-layout.ts'

/** How distances and legs stand in memory, and how four positions of a route are looked at together. */
export interface Distances {
  /** How many bytes one takes, 1 shifted by this. */
  readonly shift: 2 | 3
  /** One as a number, and where one is put. */
  readonly load: (address: string) => string
  readonly store: (address: string, value: string) => string
  /** As many as fit into 16 bytes: what is above all costs, those to the nodes behind one and the following positions, and the same cost each. */
  readonly most: string
  readonly toNodes: (from: number) => string
  readonly splat: (cost: string) => string
  readonly add: (left: string, right: string) => string
  readonly subtract: (left: string, right: string) => string
  readonly lesser: (left: string, right: string) => string
  /** By bits, which are the same. */
  readonly same: (left: string, right: string) => string
  /** The first of them, as a number. */
  readonly first: (lanes: string) => string
}

/** Sixteen bytes of two values side by side. */
export const shuffle = (left: string, right: string, first: number) =>
  `(i8x16.shuffle ${Array.from({ length: 16 }, (_, at) => first + at).join(' ')} ${left} ${right})`
const call = (name: string) => (left: string, right: string) => `(${name} ${left} ${right})`
const entry = (shift: number, offset: number) =>
  add(get('row'), `(i32.shl (i32.load offset=${offset} ${get('nodes')}) ${i32(shift)})`)

/** Whole numbers up to 2²⁸, of 32 bits each: half of the memory, and sums of them are exact. */
export const wholeDistances: Distances = {
  shift: 2,
  load: (address) => double(word(address)),
  store: (address, value) => `(i32.store ${address} ${whole(value)})`,
  most: `(i32x4.splat ${i32(2 ** 31 - 1)})`,
  toNodes: (from) =>
    [1, 2, 3].reduce(
      (lanes, lane) => `(v128.load32_lane ${lane} ${entry(2, from + 4 * lane)} ${lanes})`,
      `(v128.load32_zero ${entry(2, from)})`,
    ),
  splat: (cost) => `(i32x4.splat ${whole(cost)})`,
  add: call('i32x4.add'),
  subtract: call('i32x4.sub'),
  lesser: call('i32x4.min_s'),
  same: (left, right) => `(i32x4.bitmask (i32x4.eq ${left} ${right}))`,
  first: (lanes) => double(`(i32x4.extract_lane 0 ${lanes})`),
}

/** Numbers of 64 bits, whatever they are. */
export const anyDistances: Distances = {
  shift: 3,
  load: number,
  store: (address, value) => `(f64.store ${address} ${value})`,
  most: `(f64x2.splat ${f64('inf')})`,
  toNodes: (from) => `(v128.load64_lane 1 ${entry(3, from + 4)} (v128.load64_zero ${entry(3, from)}))`,
  splat: (cost) => `(f64x2.splat ${cost})`,
  add: call('f64x2.add'),
  subtract: call('f64x2.sub'),
  lesser: call('f64x2.pmin'),
  same: (left, right) => `(i64x2.bitmask (f64x2.eq ${left} ${right}))`,
  first: (lanes) => `(f64x2.extract_lane 0 ${lanes})`,
}
