import {
  add,
  get,
  i32,
  increase,
  locals,
  loopWhile,
  parameters,
  set,
  subtract,
  when,
} from '../../../scripts/wasm/text.ts'

/**
 * What is computed over the files of a PostgreSQL cluster, as WebAssembly text: the checksums of pages, and the better part of a
 * CRC-32C. Both read the bytes where they were read to, in this module's memory.
 *
 * Memory: 0 the starts of PostgreSQL's 32 sums (128 bytes) · 1024 what is left of a fold (209 vectors) · 8192 the fold's window (its last 209
 * vectors, then 16 KiB) · 65536 two buffers of 256 KiB that the host reads into.
 */

const layout = { starts: 0, rest: 1_024, window: 8_192 } as const

const page = 8_192
const vector = 16
const eight = [0, 1, 2, 3, 4, 5, 6, 7]

/** A step of FNV-1a with the extra shift, for four sums at once. */
const mix = (sum: string, value: string) =>
  `${set('t', `(v128.xor ${get(sum)} ${value})`)}
   ${set(sum, `(v128.xor (i32x4.mul ${get('t')} ${get('prime')}) (i32x4.shr_u ${get('t')} ${i32(17)}))`)}`

const load = (at: string, offset = 0) => `(v128.load offset=${offset} ${at})`

/** One row of a page, 32 words: the checksum itself, the lower half of the third word, counts as zero in the first one. */
const row = (first: boolean) =>
  eight
    .map((index) => {
      const words = load(get('at'), index * vector)
      return mix(
        `s${index}`,
        first && index === 0 ? `(v128.and ${words} (v128.const i32x4 -1 -1 0xffff0000 -1))` : words,
      )
    })
    .join('\n')

const checksum = `
  ${eight.map((index) => set(`s${index}`, load(i32(layout.starts), index * vector))).join('\n')}
  ${row(true)}
  ${increase('at', 128)}
  ${loopWhile('rows', `(i32.lt_u ${get('at')} ${get('next')})`, row(false), increase('at', 128))}
  ${eight.map((index) => [0, 1].map(() => mix(`s${index}`, '(v128.const i32x4 0 0 0 0)')).join('\n')).join('\n')}
  ${set(
    't',
    eight.map((index) => get(`s${index}`)).reduce((all, each) => `(v128.xor ${all} ${each})`),
  )}
  ${set('t', `(v128.xor ${get('t')} (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 ${get('t')} ${get('t')}))`)}
  ${set('sum', `(i32.xor (i32x4.extract_lane 0 ${get('t')}) (i32x4.extract_lane 1 ${get('t')}))`)}
  ${set('sum', add(`(i32.rem_u (i32.xor ${get('sum')} ${get('block')}) ${i32(65_535)})`, i32(1)))}`

/** Vectors between a vector and those that it stands for: x²⁰⁹ + x¹⁴⁴ + x⁵⁴ + x³⁹ + x¹⁴ + 1 is a multiple of CRC-32C's polynomial. */
const taps = [65, 155, 170, 195, 209] as const
const history = taps.at(-1)! * vector
const step = 16_384

/** The vector at `at` or so many behind it, with what those before it pass on; what it looks back at begins at `past`. */
const folded = (index: number) =>
  taps
    .map((distance) => load(get('past'), history + (index - distance) * vector))
    .reduce((all, each) => `(v128.xor ${all} ${each})`, load(get('at'), index * vector))

/** Folds so many vectors at once into memory from `to` on, which may be behind what they look back at: none looks back less than 65. */
const foldAtOnce = (count: number, to: string, offset: number) =>
  [
    ...Array.from(
      { length: count },
      (_, index) => `(v128.store offset=${offset + index * vector} ${get(to)} ${folded(index)})`,
    ),
    increase('at', count * vector),
    increase('past', count * vector),
  ].join('\n')

/** The module's text. */
export const pagesText = `(module
  (memory (export "memory") 9)

  ;; The first of some pages that is neither right, nor new, nor as young as the start of the backup; their number when there is none.
  ;; $block is the number of the first in its relation.
  (func (export "firstWrong") ${parameters('from', 'pages', 'block')} (param $start i64) (result i32)
    ${locals('i32', 'index', 'at', 'next', 'sum')} ${locals('v128', 't', 'prime', ...eight.map((index) => `s${index}`))}
    ${set('prime', `(i32x4.splat ${i32(16_777_619)})`)}
    ${set('next', get('from'))}
    ${loopWhile(
      'pages',
      `(i32.lt_u ${get('index')} ${get('pages')})`,
      set('at', get('next')),
      increase('next', page),
      // A page that was never used has no end of its free space.
      when(
        `(i32.load16_u offset=14 ${get('at')})`,
        when(
          `(i64.lt_u (i64.rotl (i64.load ${get('at')}) (i64.const 32)) ${get('start')})`,
          checksum,
          when(
            `(i32.ne ${get('sum')} (i32.load16_u offset=8 ${subtract(get('next'), i32(page))}))`,
            `(return ${get('index')})`,
          ),
        ),
      ),
      increase('index', 1),
      increase('block', 1),
    )}
    ${get('index')})

  ;; Leaves 209 vectors at 1024 whose remainder is that of some bytes: a multiple of 16, more than 6,688.
  (func (export "fold") ${parameters('at', 'bytes')}
    ${locals('i32', 'past', 'end', 'last', 'to')}
    ;; Nothing stands before the beginning.
    (memory.fill ${i32(layout.window)} ${i32(0)} ${i32(history)})
    ${set('last', subtract(add(get('at'), get('bytes')), i32(history)))}
    ${set('past', i32(layout.window))}
    ${loopWhile(
      'steps',
      `(i32.lt_u ${get('at')} ${get('last')})`,
      set('end', subtract(get('last'), get('at'))),
      when(`(i32.gt_u ${get('end')} ${i32(step)})`, set('end', i32(step))),
      set('end', add(get('past'), get('end'))),
      loopWhile(
        'eights',
        `(i32.le_u ${add(get('past'), i32(8 * vector))} ${get('end')})`,
        foldAtOnce(8, 'past', history),
      ),
      loopWhile('ones', `(i32.lt_u ${get('past')} ${get('end')})`, foldAtOnce(1, 'past', history)),
      // What the next vectors look back at.
      `(memory.copy ${i32(layout.window)} ${get('past')} ${i32(history)})`,
      set('past', i32(layout.window)),
    )}
    ;; What is left takes what was folded, and passes nothing on.
    (memory.fill ${i32(layout.window + history)} ${i32(0)} ${i32(history)})
    ${set('to', i32(layout.rest))}
    ${loopWhile(
      'rest',
      `(i32.lt_u ${get('to')} ${i32(layout.rest + history)})`,
      foldAtOnce(1, 'to', 0),
      increase('to', vector),
    )}))
`
