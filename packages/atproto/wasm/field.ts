/**
 * The field of K-256 (modulo p = 2²⁵⁶ − 2³² − 977) as WebAssembly text: ten limbs of 26 bits, 22 in the last, each in an i64 of
 * the memory. Limbs may be larger than that: an element of magnitude m has limbs of at most 1.04 × m × 2²⁶ (2²² in the last).
 * `$multiply` takes magnitudes whose product is at most 150: the sum of a column, 10 × (1.04 × 2²⁶)² × 150, is then less than
 * 2⁶³, what is left of it above 2²⁵⁶ less than 2⁴¹, and the third limb of the result, which takes that times 2⁶⁻²⁶, less than
 * 1.04 × 2²⁶: magnitude 1.
 */

const limbs = Array.from({ length: 10 }, (_, index) => index)
const mask = constant('0x3ffffff')
const prime = [0x3fffc2f, 0x3ffffbf, ...Array<number>(7).fill(0x3ffffff), 0x3fffff]
/** Bytes of an element. */
export const elementSize = 80

function constant(value: number | string): string {
  return `(i64.const ${value})`
}

const get = (name: string): string => `(local.get $${name})`
const set = (name: string, value: string): string => `(local.set $${name} ${value})`
const add = (...values: readonly string[]): string => values.reduce((sum, value) => `(i64.add ${sum} ${value})`)
const subtract = (left: string, right: string): string => `(i64.sub ${left} ${right})`
const multiply = (left: string, right: string): string => `(i64.mul ${left} ${right})`
const and = (left: string, right: string): string => `(i64.and ${left} ${right})`
const left = (value: string, bits: number): string => `(i64.shl ${value} ${constant(bits)})`
const right = (value: string, bits: number): string => `(i64.shr_u ${value} ${constant(bits)})`
const load = (pointer: string, limb: number): string => `(i64.load offset=${limb * 8} ${pointer})`
const store = (pointer: string, limb: number, value: string): string =>
  `(i64.store offset=${limb * 8} ${pointer} ${value})`
const declare = (names: readonly string[]): string => names.map((name) => `(local $${name} i64)`).join(' ')
const named = (prefix: string): string[] => limbs.map((limb) => prefix + limb)

/** The sum of the products of column `k`, each pair once. */
function productColumn(k: number): string {
  const terms = limbs.filter((i) => k - i >= 0 && k - i < 10)
  return add(...terms.map((i) => multiply(get(`a${i}`), get(`b${k - i}`))))
}

/** The same for a square: pairs of different limbs count twice, for which `d` has the limbs doubled. */
function squareColumn(k: number): string {
  const terms = limbs.filter((i) => k - i >= 0 && k - i < 10 && i <= k - i)
  return add(...terms.map((i) => multiply(get(i === k - i ? `a${i}` : `d${i}`), get(`a${k - i}`))))
}

/**
 * The upper columns first: each of their limbs comes back in the lower ones, as 2²⁶⁰ is 15632 + 2³⁶ modulo p, and 2³⁶ is 2¹⁰
 * in the limb above.
 */
function reducedProduct(column: (k: number) => string): string {
  const upper = Array.from({ length: 9 }, (_, k) => [
    set('sum', k === 0 ? column(10) : add(get('sum'), column(10 + k))),
    set(`h${k}`, and(get('sum'), mask)),
    set('sum', right(get('sum'), 26)),
  ])
  const lower = limbs.map((k) => [
    set(
      'sum',
      add(
        ...(k === 0 ? [] : [get('sum')]),
        column(k),
        multiply(get(`h${k}`), constant(15632)),
        ...(k === 0 ? [] : [left(get(`h${k - 1}`), 10)]),
      ),
    ),
    ...(k === 9 ? [] : [set(`r${k}`, and(get('sum'), mask)), set('sum', right(get('sum'), 26))]),
  ])
  return [
    ...upper.flat(),
    set('h9', get('sum')),
    ...lower.flat(),
    set('r9', and(get('sum'), constant('0x3fffff'))),
    // What lies above 2²⁵⁶; h9 × 2³⁶ of the limb above is 2¹⁴ of them each.
    set('sum', add(right(get('sum'), 22), left(get('h9'), 14))),
    set('r0', add(get('r0'), multiply(get('sum'), constant(977)))),
    set('r1', add(get('r1'), left(get('sum'), 6), right(get('r0'), 26))),
    set('r0', and(get('r0'), mask)),
    set('r2', add(get('r2'), right(get('r1'), 26))),
    set('r1', and(get('r1'), mask)),
    ...limbs.map((limb) => store(get('to'), limb, get(`r${limb}`))),
  ].join('\n')
}

/** `$multiply`, `$square` and `$normalize`, on pointers to elements; exported for tests. */
export const fieldText = `
  (func $multiply (export "multiply") (param $to i32) (param $a i32) (param $b i32)
    ${declare(['a', 'b', 'h', 'r'].flatMap(named).concat('sum'))}
    ${limbs.map((limb) => set(`a${limb}`, load(get('a'), limb)) + set(`b${limb}`, load(get('b'), limb))).join('\n')}
    ${reducedProduct(productColumn)})

  (func $square (export "square") (param $to i32) (param $a i32)
    ${declare(['a', 'd', 'h', 'r'].flatMap(named).concat('sum'))}
    ${limbs.map((limb) => set(`a${limb}`, load(get('a'), limb)) + set(`d${limb}`, left(get(`a${limb}`), 1))).join('\n')}
    ${reducedProduct(squareColumn)})

  ;; To magnitude 1, and whether it is zero: then all limbs are those of zero or of p, for it is less than 2p.
  (func $normalize (export "normalize") (param $a i32) (result i32) ${declare([...named('a'), 'sum', 'zero', 'prime'])}
    ${limbs.map((limb) => set(`a${limb}`, load(get('a'), limb))).join('\n')}
    ${set('sum', right(get('a9'), 22))}
    ${set('a9', and(get('a9'), constant('0x3fffff')))}
    ${set('a0', add(get('a0'), multiply(get('sum'), constant(977))))}
    ${set('a1', add(get('a1'), left(get('sum'), 6)))}
    ${limbs
      .slice(1)
      .map(
        (limb) =>
          set(`a${limb}`, add(get(`a${limb}`), right(get(`a${limb - 1}`), 26))) +
          set(`a${limb - 1}`, and(get(`a${limb - 1}`), mask)),
      )
      .join('\n')}
    ${limbs.map((limb) => store(get('a'), limb, get(`a${limb}`))).join('\n')}
    ${set(
      'zero',
      limbs.map((limb) => get(`a${limb}`)).reduce((sum, limb) => `(i64.or ${sum} ${limb})`),
    )}
    ${set(
      'prime',
      limbs
        .map((limb) => `(i64.xor ${get(`a${limb}`)} ${constant(prime[limb]!)})`)
        .reduce((sum, limb) => `(i64.or ${sum} ${limb})`),
    )}
    (i32.or (i64.eqz ${get('zero')}) (i64.eqz ${get('prime')})))
`

/** One term of a {@link combine}: an element at an address, so many times; with `minus` its negative, given its magnitude. */
export interface Term {
  readonly at: string
  readonly times?: number | undefined
  /** The magnitude of the element, `times` included: that many multiples of p and one more are added. */
  readonly minus?: number | undefined
}

/** Writes the sum of the terms, whose magnitudes add up; a negative one of magnitude m has m + 1. */
export function combine(to: string, terms: readonly Term[]): string {
  return limbs
    .map((limb) => {
      const values = terms.map(({ at, times = 1, minus }) => {
        const value = times === 1 ? load(at, limb) : multiply(load(at, limb), constant(times))
        return minus === undefined ? value : subtract(constant((minus + 1) * prime[limb]!), value)
      })
      return store(to, limb, add(...values))
    })
    .join('\n')
}
