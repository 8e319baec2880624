import {
  add,
  get,
  i32,
  increase,
  inRange,
  locals,
  loopWhile,
  parameters,
  set,
  splat,
  subtract,
  times,
  when,
} from '../../../scripts/wasm/text.ts'

/**
 * The tokens of a block and the rows they stand in, as WebAssembly text: what `TokenTable` does. Text is folded where it lies,
 * sixteen bytes at once; a token is known by where it stands there. Behind a token stands a zero.
 *
 * Memory: 0 a bit for each row of a block · 1024 results (4 × i32) · from 1088 on what the caller puts there.
 *
 * A token: where it begins i32 · hash, later where its rows end i32 · length u8 · whether its rows came out of order u8 ·
 * last row u16 · rows i32. A slot: hash and number of a token plus one, i64. A pair: token i32, row i32.
 */

const newline = 10
const noRow = 0xffff
const longest = 64
const results = 1_024

const token = (number: string) => add('(global.get $tokens)', times(16, number))
const slot = (number: string) => add('(global.get $slots)', times(8, number))
/** Of a token of more than no byte: those of its eight bytes at `at` that are its own, shifted to the top. */
const ownBytes = (word: string) => `(i64.shl ${word} (i64.extend_i32_u ${subtract(i32(64), times(8, get('length')))}))`

const hashToken = `
  (if (i32.le_u ${get('length')} ${i32(8)})
    (then ${set('hash', ownBytes(`(i64.load ${get('start')})`))})
    (else
      ${set('hash', '(i64.const 0)')}
      ${set('at', get('start'))}
      ${set('last', subtract(add(get('start'), get('length')), i32(8)))}
      ${loopWhile(
        'eights',
        `(i32.lt_u ${get('at')} ${get('last')})`,
        set(
          'hash',
          `(i64.mul (i64.rotl (i64.xor ${get('hash')} (i64.load ${get('at')})) (i64.const 29)) (i64.const 0x9e3779b97f4a7c15))`,
        ),
        increase('at', 8),
      )}
      ${set('hash', `(i64.xor ${get('hash')} (i64.load ${get('last')}))`)}))
  ${set('hash', `(i64.mul ${get('hash')} (i64.const 0x9e3779b97f4a7c15))`)}
  ${set('hash', `(i64.mul (i64.xor ${get('hash')} (i64.shr_u ${get('hash')} (i64.const 32))) (i64.const 0xd6e8feb86659fd93))`)}
  ${set('hash', `(i64.and ${get('hash')} (i64.const 0xffffffff00000000))`)}`

/** Goes on with the next slot unless the token at `known` is the one at `start`. */
const nextIfOther = `
  (br_if $other (i32.ne (i32.load8_u offset=8 ${get('known')}) ${get('length')}))
  ${set('at', get('start'))}
  ${set('there', `(i32.load ${get('known')})`)}
  (if (i32.le_u ${get('length')} ${i32(8)})
    (then (br_if $other (i64.ne ${ownBytes(`(i64.xor (i64.load ${get('at')}) (i64.load ${get('there')}))`)} (i64.const 0))))
    (else
      ${set('last', subtract(add(get('start'), get('length')), i32(8)))}
      ${loopWhile(
        'compare',
        `(i32.lt_u ${get('at')} ${get('last')})`,
        `(br_if $other (i64.ne (i64.load ${get('at')}) (i64.load ${get('there')})))`,
        increase('at', 8),
        increase('there', 8),
      )}
      (br_if $other (i64.ne (i64.load ${get('last')}) (i64.load ${subtract(get('there'), subtract(get('at'), get('last')))})))))`

const pushPair = (number: string, row: string) => `
  (i32.store (global.get $pairsEnd) ${number})
  (i32.store offset=4 (global.get $pairsEnd) ${row})
  (global.set $pairsEnd ${add('(global.get $pairsEnd)', i32(8))})`

/** Takes the token from `start` to before `end` in `row`. */
const take = `
  (func $take ${parameters('start', 'end', 'row')}
    ${locals('i32', 'length', 'at', 'there', 'last', 'number', 'known', 'place')} ${locals('i64', 'hash', 'entry')}
    (if (i32.eq ${get('row')} ${i32(noRow)}) (then (return)))
    ${set('length', subtract(get('end'), get('start')))}
    (if (i32.gt_u ${get('length')} ${i32(longest)}) (then ${set('length', i32(longest))}))
    ${hashToken}
    ${set('number', `(i32.wrap_i64 (i64.shr_u ${get('hash')} (i64.const 32)))`)}
    (block $new (loop $probe
      ${set('number', `(i32.and ${get('number')} (global.get $mask))`)}
      ${set('place', slot(get('number')))}
      ${set('entry', `(i64.load ${get('place')})`)}
      (br_if $new (i64.eqz ${get('entry')}))
      (block $other
        (br_if $other (i64.ne (i64.and ${get('entry')} (i64.const 0xffffffff00000000)) ${get('hash')}))
        ${set('known', subtract(token(`(i32.wrap_i64 ${get('entry')})`), i32(16)))}
        ${nextIfOther}
        ${set('last', `(i32.load16_u offset=10 ${get('known')})`)}
        (if (i32.eq ${get('last')} ${get('row')}) (then (return)))
        ${when(`(i32.gt_u ${get('last')} ${get('row')})`, `(i32.store8 offset=9 ${get('known')} ${i32(1)})`)}
        ${set('number', subtract(`(i32.wrap_i64 ${get('entry')})`, i32(1)))}
        ${set('at', `(i32.load offset=12 ${get('known')})`)}
        ${when(`(i32.eq ${get('at')} ${i32(1)})`, pushPair(get('number'), get('last')))}
        ${pushPair(get('number'), get('row'))}
        (i32.store16 offset=10 ${get('known')} ${get('row')})
        (i32.store offset=12 ${get('known')} ${add(get('at'), i32(1))})
        (return))
      ${increase('number', 1)}
      (br $probe)))
    ${set('known', token('(global.get $count)'))}
    (global.set $count ${add('(global.get $count)', i32(1))})
    (i64.store ${get('place')} (i64.or ${get('hash')} (i64.extend_i32_u (global.get $count))))
    (i32.store ${get('known')} ${get('start')})
    (i32.store offset=4 ${get('known')} (i32.wrap_i64 (i64.shr_u ${get('hash')} (i64.const 32))))
    (i32.store offset=8 ${get('known')} (i32.or ${get('length')} (i32.shl ${get('row')} ${i32(16)})))
    (i32.store offset=12 ${get('known')} ${i32(1)})
    ${when(`(i32.gt_u ${times(3, '(global.get $count)')} (i32.shl (global.get $mask) ${i32(1)}))`, '(call $growSlots)')})`

const growSlots = `
  (func $growSlots ${locals('i32', 'number', 'known', 'at')}
    (global.set $mask (i32.or (i32.shl (global.get $mask) ${i32(1)}) ${i32(1)}))
    (memory.fill (global.get $slots) ${i32(0)} ${times(8, add('(global.get $mask)', i32(1)))})
    ${set('known', '(global.get $tokens)')}
    ${loopWhile(
      'all',
      `(i32.lt_u ${get('number')} (global.get $count))`,
      set('at', `(i32.load offset=4 ${get('known')})`),
      `(loop $probe
        ${set('at', `(i32.and ${get('at')} (global.get $mask))`)}
        (if (i64.ne (i64.load ${slot(get('at'))}) (i64.const 0)) (then ${increase('at', 1)} (br $probe))))`,
      increase('number', 1),
      `(i64.store ${slot(get('at'))} (i64.or
        (i64.shl (i64.load32_u offset=4 ${get('known')}) (i64.const 32)) (i64.extend_i32_u ${get('number')})))`,
      increase('known', 16),
    )})`

/** Folds the sixteen bytes at `offset`, and puts what they are among the 64 bits of `own` and `lines`. */
const foldSixteen = (offset: number) => `
  ${set('bytes', `(v128.load offset=${offset} ${get('at')})`)}
  ${set('low', `(v128.or ${get('bytes')} ${splat(0x20)})`)}
  ${set('letters', inRange(get('low'), 0x61, 26))}
  ${set('others', `(v128.or ${inRange(get('bytes'), 0x30, 10)} (i8x16.eq ${get('bytes')} ${splat(0x5f)}))`)}
  (v128.store offset=${offset} ${get('at')} (v128.or (v128.and ${get('low')} ${get('letters')}) (v128.and ${get('bytes')} ${get('others')})))
  ${set('own', `(i64.or ${get('own')} (i64.shl (i64.extend_i32_u (i8x16.bitmask (v128.or ${get('letters')} ${get('others')}))) (i64.const ${offset})))`)}
  ${set('lines', `(i64.or ${get('lines')} (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq ${get('bytes')} ${splat(newline)}))) (i64.const ${offset})))`)}`

const placeOfFirst = (mask: string) => add(get('at'), `(i32.wrap_i64 (i64.ctz ${get(mask)}))`)
const dropFirst = (mask: string) => set(mask, `(i64.and ${get(mask)} (i64.sub ${get(mask)} (i64.const 1)))`)

/** The row of the value in which the first of `starts` stands. */
const rowOfFirst = () =>
  `(i32.load16_u ${add(
    get('rows'),
    times(
      2,
      `(i32.wrap_i64 (i64.popcnt (i64.and ${get('lines')} (i64.xor ${get('starts')} (i64.sub ${get('starts')} (i64.const 1))))))`,
    ),
  )})`

const addText = `
  ;; Takes the tokens of values from $at to before $end, a newline behind each; their rows, two bytes each, stand at $rows.
  ;; Behind $end stand 64 zeros. Which row a token is of is counted, not branched for.
  (func (export "add") ${parameters('at', 'end', 'rows')}
    ${locals('i32', 'start', 'row')} ${locals('i64', 'own', 'lines', 'carry', 'starts', 'ends')}
    ${locals('v128', 'bytes', 'low', 'letters', 'others')}
    ${loopWhile(
      'blocks',
      `(i32.lt_u ${get('at')} ${get('end')})`,
      set('own', '(i64.const 0)'),
      set('lines', '(i64.const 0)'),
      ...[0, 16, 32, 48].map(foldSixteen),
      set('ends', `(i64.or (i64.shl ${get('own')} (i64.const 1)) ${get('carry')})`),
      set('starts', `(i64.and ${get('own')} (i64.xor ${get('ends')} (i64.const -1)))`),
      set('ends', `(i64.and ${get('ends')} (i64.xor ${get('own')} (i64.const -1)))`),
      // What began before.
      `(if (i64.ne ${get('carry')} (i64.const 0)) (then (if (i64.ne ${get('ends')} (i64.const 0)) (then
        (call $take ${get('start')} ${placeOfFirst('ends')} ${get('row')})
        ${dropFirst('ends')}))))`,
      loopWhile(
        'each',
        `(i64.ne ${get('ends')} (i64.const 0))`,
        set('start', placeOfFirst('starts')),
        set('row', rowOfFirst()),
        `(call $take ${get('start')} ${placeOfFirst('ends')} ${get('row')})`,
        dropFirst('starts'),
        dropFirst('ends'),
      ),
      `(if (i64.ne ${get('starts')} (i64.const 0)) (then
        ${set('start', placeOfFirst('starts'))}
        ${set('row', rowOfFirst())}))`,
      set('carry', `(i64.shr_u ${get('own')} (i64.const 63))`),
      increase('rows', times(2, `(i32.wrap_i64 (i64.popcnt ${get('lines')}))`)),
      increase('at', 64),
    )})`

/** See `tokenHash`. */
const hashSingle = `
  ${set('at', `(i32.load ${get('known')})`)}
  ${set('end', add(get('at'), `(i32.load8_u offset=8 ${get('known')})`))}
  ${set('hash', '(i32.const 0x811c9dc5)')}
  ${loopWhile(
    'single',
    `(i32.lt_u ${get('at')} ${get('end')})`,
    set('hash', `(i32.mul (i32.xor ${get('hash')} (i32.load8_u ${get('at')})) (i32.const 0x01000193))`),
    increase('at', 1),
  )}
  (i32.store ${get('singles')} ${get('hash')})
  ${increase('singles', 4)}`

/** Sets the bits of rows from `at` to before `end`, in bits that begin at `bits`. */
const setBits = (label: string, bits: string) =>
  loopWhile(
    label,
    `(i32.lt_u ${get('at')} ${get('end')})`,
    set('row', `(i32.load16_u ${get('at')})`),
    set('place', add(bits, `(i32.shr_u ${get('row')} ${i32(3)})`)),
    `(i32.store8 ${get('place')} (i32.or (i32.load8_u ${get('place')}) (i32.shl ${i32(1)} (i32.and ${get('row')} ${i32(7)}))))`,
    increase('at', 2),
  )

/** Writes the rows from `begin` to `end` in their order, each once. */
const order = `
  (memory.fill ${i32(0)} ${i32(0)} ${i32(results)})
  ${set('at', get('begin'))}
  ${setBits('mark', i32(0))}
  ${set('at', get('begin'))} ${set('place', i32(0))}
  ${loopWhile(
    'words',
    `(i32.lt_u ${get('place')} ${i32(results)})`,
    set('bits', `(i64.load ${get('place')})`),
    `(block $noneLeft (loop $ones
      (br_if $noneLeft (i64.eqz ${get('bits')}))
      (i32.store16 ${get('at')} ${add(times(8, get('place')), `(i32.wrap_i64 (i64.ctz ${get('bits')}))`)})
      ${increase('at', 2)}
      ${set('bits', `(i64.and ${get('bits')} (i64.sub ${get('bits')} (i64.const 1)))`)}
      (br $ones)))`,
    increase('place', 8),
  )}
  ${set('end', get('at'))}
  ${set('rows', `(i32.shr_u ${subtract(get('end'), get('begin'))} ${i32(1)})`)}`

/** See `encodePostings`. */
const encode = `
  ${set('at', get('begin'))}
  (if (i32.ne ${get('rows')} ${get('rowCount')}) (then
    (if (i32.gt_u ${get('rows')} (i32.shr_u ${get('rowCount')} ${i32(3)}))
      (then
        ${set('bytes', `(i32.shr_u ${add(get('rowCount'), i32(7))} ${i32(3)})`)}
        (memory.fill ${get('postings')} ${i32(0)} ${get('bytes')})
        ${setBits('bitmap', get('postings'))}
        ${increase('postings', get('bytes'))})
      (else
        ${set('previous', i32(-1))}
        ${loopWhile(
          'gaps',
          `(i32.lt_u ${get('at')} ${get('end')})`,
          set('row', `(i32.load16_u ${get('at')})`),
          set('gap', subtract(subtract(get('row'), get('previous')), i32(1))),
          set('previous', get('row')),
          when(
            `(i32.ge_u ${get('gap')} ${i32(0x80)})`,
            `(i32.store8 ${get('postings')} (i32.or ${i32(0x80)} (i32.and ${get('gap')} ${i32(0x7f)})))`,
            increase('postings', 1),
            set('gap', `(i32.shr_u ${get('gap')} ${i32(7)})`),
          ),
          `(i32.store8 ${get('postings')} ${get('gap')})`,
          increase('postings', 1),
          increase('at', 2),
        )}))))`

const forTokens = (label: string, ...body: readonly string[]) => `
  ${set('known', '(global.get $tokens)')} ${set('knownEnd', token('(global.get $count)'))}
  ${loopWhile(label, `(i32.lt_u ${get('known')} ${get('knownEnd')})`, ...body, increase('known', 16))}`

const isSingle = `(i32.eq (i32.load offset=12 ${get('known')}) ${i32(1)})`

const finish = `
  ;; Writes what there is to say of all tokens, for a block of so many rows. At $sorted is room for the rows of all pairs.
  (func (export "finish") ${parameters('rowCount', 'sorted', 'singles', 'counts', 'offsets', 'postings', 'texts')}
    ${locals('i32', 'known', 'knownEnd', 'at', 'end', 'begin', 'hash', 'row', 'rows', 'place', 'bytes', 'previous', 'gap')}
    ${locals('i32', 'firstSingle', 'firstCount', 'firstPosting', 'firstText')} ${locals('i64', 'bits')}
    ${set('firstSingle', get('singles'))} ${set('firstCount', get('counts'))}
    ${set('firstPosting', get('postings'))} ${set('firstText', get('texts'))}
    ${forTokens(
      'places',
      `(if ${isSingle} (then ${hashSingle}) (else
        (i32.store offset=4 ${get('known')} ${get('sorted')})
        ${increase('sorted', times(2, `(i32.load offset=12 ${get('known')})`))}))`,
    )}
    ${set('at', '(global.get $pairs)')}
    ${loopWhile(
      'sort',
      `(i32.lt_u ${get('at')} (global.get $pairsEnd))`,
      set('known', token(`(i32.load ${get('at')})`)),
      set('place', `(i32.load offset=4 ${get('known')})`),
      `(i32.store16 ${get('place')} (i32.load offset=4 ${get('at')}))`,
      `(i32.store offset=4 ${get('known')} ${add(get('place'), i32(2))})`,
      increase('at', 8),
    )}
    (i32.store ${get('offsets')} ${i32(0)})
    ${forTokens(
      'several',
      `(if (i32.eqz ${isSingle}) (then
        ${set('rows', `(i32.load offset=12 ${get('known')})`)}
        ${set('end', `(i32.load offset=4 ${get('known')})`)}
        ${set('begin', subtract(get('end'), times(2, get('rows'))))}
        ${when(`(i32.load8_u offset=9 ${get('known')})`, order)}
        ${encode}
        (i32.store16 ${get('counts')} ${get('rows')})
        ${increase('counts', 2)} ${increase('offsets', 4)}
        (i32.store ${get('offsets')} ${subtract(get('postings'), get('firstPosting'))})
        ${set('bytes', `(i32.load8_u offset=8 ${get('known')})`)}
        (memory.copy ${get('texts')} (i32.load ${get('known')}) ${get('bytes')})
        (i32.store8 ${add(get('texts'), get('bytes'))} ${i32(newline)})
        ${increase('texts', add(get('bytes'), i32(1)))}))`,
    )}
    (i32.store offset=${results} ${i32(0)} (i32.shr_u ${subtract(get('singles'), get('firstSingle'))} ${i32(2)}))
    (i32.store offset=${results + 4} ${i32(0)} (i32.shr_u ${subtract(get('counts'), get('firstCount'))} ${i32(1)}))
    (i32.store offset=${results + 8} ${i32(0)} ${subtract(get('postings'), get('firstPosting'))})
    (i32.store offset=${results + 12} ${i32(0)} ${subtract(get('texts'), get('firstText'))}))`

/** The module's text. */
export const tokensText = `(module
  (memory (export "memory") 64)
  ${['tokens', 'slots', 'pairs', 'pairsEnd', 'mask', 'count'].map((name) => `(global $${name} (mut i32) ${i32(0)})`).join(' ')}

  ;; Forgets everything. Slots are a power of two in number, and may become twice as many as there are tokens.
  (func (export "begin") ${parameters('tokens', 'slots', 'slotCount', 'pairs')}
    (global.set $tokens ${get('tokens')})
    (global.set $slots ${get('slots')})
    (global.set $mask ${subtract(get('slotCount'), i32(1))})
    (global.set $pairs ${get('pairs')})
    (global.set $pairsEnd ${get('pairs')})
    (global.set $count ${i32(0)})
    (memory.fill ${get('slots')} ${i32(0)} ${times(8, get('slotCount'))}))
  ${growSlots}
  ${take}
  ${addText}
  ${finish})
`
