import { add, get, i32, increase, locals, parameters, set, subtract } from '../../../scripts/wasm/text.ts'

/**
 * scryptROMix (RFC 7914, section 5) as WebAssembly text: for one lane, and for two in turn, instruction by instruction. The steps
 * of Salsa20/8 wait for each other, and those of another lane fill the time.
 *
 * A block of 64 bytes lies in four vectors, along the diagonals of Salsa20's square of words: then the four quarter-rounds of a
 * round are the same operations on whole vectors. Whoever calls lays the words like that, word i being 5i mod 16 of the block.
 *
 * An element is what scryptBlockMix works on, `size` = 128 r bytes. `fill` mixes the element at `v` into the one behind it, and so on,
 * `count` times; `mix` does `count` steps of the second loop, from `x` to `y` and back, with the table at `v`.
 */

const words = [0, 1, 2, 3]
const rounds = 8

const vector = (name: string, lane: number, word = 0) => `${name}${lane}${word}`
const loadVector = (at: string, offset: number) => `(v128.load offset=${offset} ${at})`
const xor = (left: string, right: string) => `(v128.xor ${left} ${right})`
const addVectors = (left: string, right: string) => `(i32x4.add ${left} ${right})`
/** Text for every lane, and for every vector of each. */
const eachLane = (lanes: readonly number[], text: (lane: number) => string) => lanes.map(text).join('\n')
const eachVector = (lanes: readonly number[], text: (lane: number, word: number) => string) =>
  eachLane(lanes, (lane) => words.map((word) => text(lane, word)).join('\n'))

/** x[to] ^= (x[a] + x[b]) <<< bits */
function quarterStep(lanes: readonly number[], to: number, a: number, b: number, bits: number): string {
  const x = (lane: number, word: number) => vector('x', lane, word)
  const sum = (lane: number) => vector('sum', lane)
  const xorTo = (shifted: (lane: number) => string) =>
    eachLane(lanes, (lane) => set(x(lane, to), xor(get(x(lane, to)), shifted(lane))))
  return `${eachLane(lanes, (lane) => set(sum(lane), addVectors(get(x(lane, a)), get(x(lane, b)))))}
    ${xorTo((lane) => `(i32x4.shl ${get(sum(lane))} ${i32(bits)})`)}
    ${xorTo((lane) => `(i32x4.shr_u ${get(sum(lane))} ${i32(32 - bits)})`)}`
}

/** Turns the words of a vector, so that columns come to lie where rows were. */
function turn(lanes: readonly number[], word: number, by: number): string {
  const bytes = Array.from({ length: 16 }, (_, byte) => (byte + 4 * by) % 16).join(' ')
  return eachLane(lanes, (lane) => {
    const name = vector('x', lane, word)
    return set(name, `(i8x16.shuffle ${bytes} ${get(name)} ${get(name)})`)
  })
}

const doubleRound = (lanes: readonly number[]) =>
  [
    quarterStep(lanes, 1, 0, 3, 7),
    quarterStep(lanes, 2, 1, 0, 9),
    quarterStep(lanes, 3, 2, 1, 13),
    quarterStep(lanes, 0, 3, 2, 18),
    ...[turn(lanes, 1, 3), turn(lanes, 2, 2), turn(lanes, 3, 1)],
    quarterStep(lanes, 3, 0, 1, 7),
    quarterStep(lanes, 2, 3, 0, 9),
    quarterStep(lanes, 1, 2, 3, 13),
    quarterStep(lanes, 0, 1, 2, 18),
    ...[turn(lanes, 1, 1), turn(lanes, 2, 2), turn(lanes, 3, 3)],
  ].join('\n')

type Input = (lane: number, offset: number) => string

/** x = Salsa20/8(x ^ input), stored at `out`. */
const salsa = (lanes: readonly number[], input: Input, offset: number, out: 'even' | 'odd') => `
  ${eachVector(lanes, (lane, word) => {
    const [x, before] = [vector('x', lane, word), vector('before', lane, word)]
    return `${set(x, xor(get(x), input(lane, offset + 16 * word)))} ${set(before, get(x))}`
  })}
  ${set('round', i32(rounds / 2))}
  (loop $${out}Rounds
    ${doubleRound(lanes)}
    (br_if $${out}Rounds (local.tee $round ${subtract(get('round'), i32(1))})))
  ${eachVector(lanes, (lane, word) => {
    const x = vector('x', lane, word)
    return `${set(x, addVectors(get(x), get(vector('before', lane, word))))}
      (v128.store offset=${16 * word} ${get(`${out}${lane}`)} ${get(x)})`
  })}`

/** scryptBlockMix: blocks with even numbers to the first half of the output, those with odd ones to the second. */
const blockMix = (lanes: readonly number[], input: Input, inputs: readonly string[]) => `
  (loop $blocks
    ${salsa(lanes, input, 0, 'even')}
    ${salsa(lanes, input, 64, 'odd')}
    ${eachLane(lanes, (lane) =>
      [
        ...inputs.map((name) => increase(`${name}${lane}`, 128)),
        ...['even', 'odd'].map((name) => increase(`${name}${lane}`, 64)),
      ].join(' '),
    )}
    (br_if $blocks (i32.lt_u ${get('in0')} ${get('end')})))`

const variables = (lanes: readonly number[]) =>
  `${locals('i32', 'end', 'round', 'swap')}
  ${eachLane(
    lanes,
    (lane) =>
      `${locals('i32', `in${lane}`, `even${lane}`, `odd${lane}`, `last${lane}`, `other${lane}`, `ahead${lane}`)}
      ${locals('v128', vector('sum', lane), ...words.flatMap((word) => [vector('x', lane, word), vector('before', lane, word)]))}`,
  )}`

const named = (name: string, lanes: readonly number[]) => lanes.map((lane) => `${name}${lane}`)
const lastBlock = (element: string) => subtract(add(element, get('size')), i32(64))
const halfBehind = (at: string) => add(at, `(i32.shr_u ${get('size')} ${i32(1)})`)
const again = `(br_if $each (local.tee $count ${subtract(get('count'), i32(1))}))`

const fill = (lanes: readonly number[]) => `
  (func (export "fill${lanes.length}") ${parameters(...named('v', lanes), 'size', 'count')}
    ${variables(lanes)}
    (loop $each
      ${eachLane(
        lanes,
        (lane) => `
        ${set(`in${lane}`, get(`v${lane}`))}
        ${set(`last${lane}`, lastBlock(get(`v${lane}`)))}
        ${increase(`v${lane}`, get('size'))}
        ${set(`even${lane}`, get(`v${lane}`))}
        ${set(`odd${lane}`, halfBehind(get(`v${lane}`)))}`,
      )}
      ${eachVector(lanes, (lane, word) => set(vector('x', lane, word), loadVector(get(`last${lane}`), 16 * word)))}
      ${set('end', get('v0'))}
      ${blockMix(lanes, (lane, offset) => loadVector(get(`in${lane}`), offset), ['in'])}
      ${again}))`

/**
 * Reads a word of each cache line of the element that was chosen, to no end but that all of them are on their way at once: the table
 * is larger than the processor's caches, and the lines would be waited for one after the other.
 */
const fetch = (lanes: readonly number[]) => `
  ${eachLane(lanes, (lane) => set(`ahead${lane}`, get(`other${lane}`)))}
  (loop $lines
    ${eachLane(lanes, (lane) => `(drop (i32.load ${get(`ahead${lane}`)})) (drop (i32.load offset=64 ${get(`ahead${lane}`)})) ${increase(`ahead${lane}`, 128)}`)}
    (br_if $lines (i32.lt_u ${get('ahead0')} ${add(get('other0'), get('size'))})))`

const mix = (lanes: readonly number[]) => `
  (func (export "mix${lanes.length}")
    ${parameters(...['x', 'y', 'v'].flatMap((name) => named(name, lanes)), 'size', 'mask', 'count')}
    ${variables(lanes)}
    (loop $each
      ${eachLane(
        lanes,
        (lane) => `
        ${set(`in${lane}`, get(`x${lane}`))}
        ${set(`last${lane}`, lastBlock(get(`x${lane}`)))}
        ${set(`even${lane}`, get(`y${lane}`))}
        ${set(`odd${lane}`, halfBehind(get(`y${lane}`)))}
        ;; Integerify: the first word of the last block, which lies first along the diagonals as well.
        ${set(`other${lane}`, add(get(`v${lane}`), `(i32.mul ${get('size')} (i32.and ${get('mask')} (i32.load ${get(`last${lane}`)})))`))}`,
      )}
      ${set('end', add(get('x0'), get('size')))}
      ${fetch(lanes)}
      ${eachVector(lanes, (lane, word) =>
        set(
          vector('x', lane, word),
          xor(loadVector(get(`last${lane}`), 16 * word), loadVector(lastBlock(get(`other${lane}`)), 16 * word)),
        ),
      )}
      ${blockMix(
        lanes,
        (lane, offset) => xor(loadVector(get(`in${lane}`), offset), loadVector(get(`other${lane}`), offset)),
        ['in', 'other'],
      )}
      ${eachLane(lanes, (lane) => `${set('swap', get(`x${lane}`))} ${set(`x${lane}`, get(`y${lane}`))} ${set(`y${lane}`, get('swap'))}`)}
      ${again}))`

/** The module's text. */
export const roMixText = `(module
  (memory (export "memory") 1)
  ${[[0], [0, 1]].map((lanes) => `${fill(lanes)}\n${mix(lanes)}`).join('\n')})
`
