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
 * The names of pairs of rows as WebAssembly text, over memory that threads share: `match:` and the first eight bytes of SHA-256
 * (FIPS 180-4) over both identifiers. Addresses of columns are given.
 *
 * Memory from `stage` on: 0 constants of the rounds (64 × i32) · 256 the schedule (64 × i32) · 512 the state (8 × i32) · 1024 the
 * message.
 */

const [schedule, state, message] = [256, 512, 1_024]
/** Bytes of the two identifiers and what stands between them that have room. */
const longest = 65_536

const rounds = [
  ...[0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5],
  ...[0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174],
  ...[0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da],
  ...[0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967],
  ...[0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85],
  ...[0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070],
  ...[0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3],
  ...[0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2],
]
const initial = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19]

const stage = '(global.get $stage)'
const store = (base: string, place: number, value: number) =>
  `(i32.store offset=${place} ${base} (i32.const ${value | 0}))`
const words = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
const xor = (one: string, other: string) => `(i32.xor ${one} ${other})`
const rotate = (value: string, ...bits: readonly number[]) =>
  bits.map((count) => `(i32.rotr ${value} ${i32(count)})`).reduce(xor)
const scheduled = (back: number) => `(i32.load offset=${schedule + 64 - 4 * back} ${get('place')})`
const swapped = Array.from({ length: 16 }, (_, at) => at ^ 3).join(' ')

/** Copies bytes to where the message goes on. */
const append = (span: string) => `
  ${set('from', add(get('bytes'), `(i32.load ${span})`))}
  ${set('last', add(get('bytes'), `(i32.load offset=4 ${span})`))}
  (memory.copy ${get('to')} ${get('from')} ${subtract(get('last'), get('from'))})
  ${set('to', add(get('to'), subtract(get('last'), get('from'))))}`
const lengthOf = (span: string) => subtract(`(i32.load offset=4 ${span})`, `(i32.load ${span})`)
const spansOf = (row: string) => add(get('spans'), `(i32.shl ${row} ${i32(5)})`)

/** The module's text. */
export const matchIdsText = `(module
  (import "rows" "memory" (memory 1 65536 shared))
  (global $stage (mut i32) ${i32(0)})

  ;; Takes 64 bytes into the state.
  (func $block ${parameters('at')}
    ${locals('i32', ...words, 'place', 'end', 'sum')}
    ${[0, 16, 32, 48].map((offset) => `(v128.store offset=${schedule + offset} ${stage} (i8x16.shuffle ${swapped} (v128.load offset=${offset} ${get('at')}) (v128.load offset=${offset} ${get('at')})))`).join('\n')}
    ${set('place', stage)} ${set('end', add(stage, i32(4 * 48)))}
    ${loopWhile(
      'schedule',
      `(i32.lt_u ${get('place')} ${get('end')})`,
      set('a', scheduled(15)),
      set('b', scheduled(2)),
      `(i32.store offset=${schedule + 64} ${get('place')} ${add(
        add(scheduled(16), scheduled(7)),
        add(
          xor(rotate(get('a'), 7, 18), `(i32.shr_u ${get('a')} ${i32(3)})`),
          xor(rotate(get('b'), 17, 19), `(i32.shr_u ${get('b')} ${i32(10)})`),
        ),
      )})`,
      increase('place', 4),
    )}
    ${words.map((name, at) => set(name, `(i32.load offset=${state + 4 * at} ${stage})`)).join(' ')}
    ${set('place', stage)} ${set('end', add(stage, i32(4 * 64)))}
    ${loopWhile(
      'rounds',
      `(i32.lt_u ${get('place')} ${get('end')})`,
      set(
        'sum',
        add(
          add(get('h'), rotate(get('e'), 6, 11, 25)),
          add(
            xor(get('g'), `(i32.and ${get('e')} ${xor(get('f'), get('g'))})`),
            add(`(i32.load ${get('place')})`, `(i32.load offset=${schedule} ${get('place')})`),
          ),
        ),
      ),
      set('h', get('g')),
      set('g', get('f')),
      set('f', get('e')),
      set('e', add(get('d'), get('sum'))),
      increase(
        'sum',
        add(
          rotate(get('a'), 2, 13, 22),
          `(i32.or (i32.and ${get('a')} ${get('b')}) (i32.and ${get('c')} (i32.or ${get('a')} ${get('b')})))`,
        ),
      ),
      set('d', get('c')),
      set('c', get('b')),
      set('b', get('a')),
      set('a', get('sum')),
      increase('place', 4),
    )}
    ${words.map((name, at) => `(i32.store offset=${state + 4 * at} ${stage} ${add(`(i32.load offset=${state + 4 * at} ${stage})`, get(name))})`).join('\n')})

  ;; Writes four bytes as eight digits.
  (func $digits ${parameters('value', 'out')}
    ${locals('i32', 'left', 'digit')}
    ${set('left', i32(8))}
    (loop $each
      ${increase('left', -1)}
      ${set('digit', `(i32.and ${get('value')} ${i32(15)})`)}
      (i32.store8 ${add(get('out'), get('left'))} ${add(get('digit'), `(select ${i32(87)} ${i32(48)} (i32.gt_u ${get('digit')} ${i32(9)}))`)})
      ${set('value', `(i32.shr_u ${get('value')} ${i32(4)})`)}
      (br_if $each ${get('left')})))

  ;; Writes the names of pairs, 22 bytes each, in order of their rows of ours; zeros where there is no room for the identifiers. Gives
  ;; where they end.
  (func (export "names") ${parameters('bytes', 'spans', 'isOurs', 'partners', 'rows', 'stage', 'out')} (result i32)
    ${locals('i32', 'row', 'other', 'from', 'last', 'to', 'end', 'at')}
    (global.set $stage ${get('stage')})
    ${rounds.map((value, at) => store(get('stage'), 4 * at, value)).join('\n')}
    ${loopWhile(
      'rows',
      `(i32.lt_u ${get('row')} ${get('rows')})`,
      set('other', `(i32.load ${add(get('partners'), `(i32.shl ${get('row')} ${i32(2)})`)})`),
      when(
        `(i32.and (i32.load8_u ${add(get('isOurs'), get('row'))}) (i32.ge_s ${get('other')} ${i32(0)}))`,
        `(memory.fill ${get('out')} ${i32(0)} ${i32(22)})`,
        when(
          `(i32.le_u ${add(lengthOf(spansOf(get('row'))), lengthOf(spansOf(get('other'))))} ${i32(longest)})`,
          set('to', add(get('stage'), i32(message))),
          append(spansOf(get('row'))),
          `(i32.store16 ${get('to')} ${i32(0x0a0a)})`,
          increase('to', 2),
          append(spansOf(get('other'))),
          // A bit, zeros, and the number of bits at the end of the last block.
          set('end', subtract(get('to'), add(get('stage'), i32(message)))),
          set('at', `(i32.shl ${get('end')} ${i32(3)})`),
          set('end', add(get('stage'), add(i32(message), `(i32.and ${add(get('end'), i32(8 + 64))} ${i32(-64)})`))),
          `(memory.fill ${get('to')} ${i32(0)} ${subtract(get('end'), get('to'))})`,
          `(i32.store8 ${get('to')} ${i32(128)})`,
          ...[0, 1, 2, 3].map(
            (byte) => `(i32.store8 ${subtract(get('end'), i32(byte + 1))} (i32.shr_u ${get('at')} ${i32(8 * byte)}))`,
          ),
          ...initial.map((value, at) => store(get('stage'), state + 4 * at, value)),
          set('at', add(get('stage'), i32(message))),
          loopWhile(
            'blocks',
            `(i32.lt_u ${get('at')} ${get('end')})`,
            `(call $block ${get('at')})`,
            increase('at', 64),
          ),
          ...Array.from(Buffer.from('match:'), (byte, at) => `(i32.store8 offset=${at} ${get('out')} ${i32(byte)})`),
          `(call $digits (i32.load offset=${state} ${get('stage')}) ${add(get('out'), i32(6))})`,
          `(call $digits (i32.load offset=${state + 4} ${get('stage')}) ${add(get('out'), i32(14))})`,
        ),
        increase('out', 22),
      ),
      increase('row', 1),
    )}
    ${get('out')})
)
`
