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
import { constantAt, type Constant } from '../src/reconcile/rest/line-constants.ts'

/**
 * Lines of rows for digests as WebAssembly text, over memory that threads share: what `itemLine` writes of rows, and what a report's
 * hash covers of pairs and of what is open. Addresses of columns are given; a text's place counts from `bytes` on. Lines go to `out`
 * as long as there is room before `limit`; where it ended is told by `out` again. Constant texts stand in a table of where each
 * begins and ends.
 */

/** Bytes of a row beside its texts, with room for what is written beyond an end. */
const rowRoom = 512

const out = '(global.get $out)'
const load = (at: string, offset = 0) => `(i32.load offset=${offset} ${at})`
const byte = (at: string) => `(i32.load8_u ${at})`
const at = (base: string, index: string, shift: number) =>
  add(`(global.get $${base})`, shift === 0 ? index : `(i32.shl ${index} ${i32(shift)})`)
const spansOf = (row: string) => at('spans', row, 5)
const amountOf = (row: string) => `(i64.trunc_f64_s (f64.load ${at('amounts', row, 3)}))`
const constant = (name: Constant) => `(call $constant ${i32(constantAt(name))})`
const put = (text: string) =>
  Array.from(Buffer.from(text), (byte, place) => `(i32.store8 offset=${place} ${out} ${i32(byte)})`)
    .concat(`(global.set $out ${add(out, i32(text.length))})`)
    .join('\n')
/** A text of a row, from its place in the spans, with its length before it. */
const part = (span: string, offset: number) => `(call $part ${load(span, offset)} ${load(span, offset + 4)})`
/** A list with one text or none. */
const listOfOne = (span: string, offset: number) => `
  (if (i32.eq ${load(span, offset)} ${load(span, offset + 4)})
    (then ${put('0;')})
    (else ${put('1;')} ${part(span, offset)}))`
const lengthAt = (span: string, offset: number) => subtract(load(span, offset + 4), load(span, offset))
const columns = ['bytes', 'spans', 'tokens', 'amounts', 'currencies', 'days', 'isOurs', 'constants'] as const
const pairColumns = ['partners', 'rules', 'words', 'states', 'starts', 'ends'] as const

/** Where it has to stop: the lines of the row may not fit. */
const stopWithout = (room: string) =>
  `(br_if $stop (i32.gt_u ${add(out, add(i32(rowRoom), room))} (global.get $limit)))`
const tell = (name: string) => `(global.set $${name} ${get(name)})`

/** The module's text. */
export const linesText = `(module
  (import "rows" "memory" (memory 1 65536 shared))
  (global $out (export "out") (mut i32) ${i32(0)})
  (global $limit (export "limit") (mut i32) ${i32(0)})
  ${[...columns, ...pairColumns].map((name) => `(global $${name} (mut i32) ${i32(0)})`).join(' ')}

  ;; Takes the addresses of columns.
  (func (export "rows") ${parameters(...columns)} ${columns.map(tell).join(' ')})
  (func (export "pairs") ${parameters(...pairColumns)} ${pairColumns.map(tell).join(' ')})

  ;; Appends bytes of the memory.
  (func $copy ${parameters('from', 'to')}
    ${locals('i32', 'place')}
    ${set('place', out)}
    (global.set $out ${add(out, subtract(get('to'), get('from')))})
    ${loopWhile('sixteen', `(i32.lt_u ${get('from')} ${get('to')})`, `(v128.store ${get('place')} (v128.load ${get('from')}))`, increase('from', 16), increase('place', 16))})

  (func $constant ${parameters('index')}
    ${set('index', at('constants', get('index'), 3))}
    (call $copy ${load(get('index'))} ${load(get('index'), 4)}))

  ;; Appends a whole number from 0 on.
  (func $number (param $value i64)
    ${locals('i32', 'place')} (local $unit i64)
    ${set('place', add(out, i32(1)))} ${set('unit', '(i64.const 10)')}
    ${loopWhile('digits', `(i64.ge_u ${get('value')} ${get('unit')})`, set('unit', `(i64.mul ${get('unit')} (i64.const 10))`), increase('place', 1))}
    (global.set $out ${get('place')})
    (loop $write
      ${increase('place', -1)}
      (i32.store8 ${get('place')} (i32.wrap_i64 (i64.add (i64.rem_u ${get('value')} (i64.const 10)) (i64.const 48))))
      ${set('value', `(i64.div_u ${get('value')} (i64.const 10))`)}
      (br_if $write (i64.ne ${get('value')} (i64.const 0)))))

  (func $signed (param $value i64)
    ${when(`(i64.lt_s ${get('value')} (i64.const 0))`, put('-'), set('value', `(i64.sub (i64.const 0) ${get('value')})`))}
    (call $number ${get('value')}))

  ;; Letters of a text as a string counts them, in UTF-16.
  (func $letters ${parameters('from', 'to')} (result i32)
    ${locals('i32', 'letters', 'byte')} ${locals('v128', 'all')}
    ${set('letters', subtract(get('to'), get('from')))}
    (block $beyond
      ${set('byte', get('from'))}
      ${loopWhile('sixteen', `(i32.lt_u ${get('byte')} ${get('to')})`, set('all', `(v128.or ${get('all')} (v128.load ${get('byte')}))`), increase('byte', 16))}
      (br_if $beyond (i8x16.bitmask ${get('all')}))
      (return ${get('letters')}))
    ${loopWhile(
      'bytes',
      `(i32.lt_u ${get('from')} ${get('to')})`,
      set('byte', byte(get('from'))),
      // Bytes behind the first of a letter are none, and letters beyond U+FFFF are two.
      increase('letters', `(i32.ge_u ${get('byte')} ${i32(240)})`),
      set(
        'letters',
        subtract(
          get('letters'),
          `(i32.and (i32.ge_u ${get('byte')} ${i32(128)}) (i32.lt_u ${get('byte')} ${i32(192)}))`,
        ),
      ),
      increase('from', 1),
    )}
    ${get('letters')})

  ;; Appends a text, with its length before it.
  (func $part ${parameters('from', 'to')}
    ${set('from', add('(global.get $bytes)', get('from')))} ${set('to', add('(global.get $bytes)', get('to')))}
    (call $number (i64.extend_i32_u (call $letters ${get('from')} ${get('to')})))
    ${put(':')}
    (call $copy ${get('from')} ${get('to')}))

  (func $currency ${parameters('row')}
    ${locals('i32', 'number')}
    ${set('number', `(i32.load16_u ${at('currencies', get('row'), 1)})`)}
    (i32.store8 ${out} (i32.or ${i32(64)} (i32.shr_u ${get('number')} ${i32(10)})))
    (i32.store8 offset=1 ${out} (i32.or ${i32(64)} (i32.and (i32.shr_u ${get('number')} ${i32(5)}) ${i32(31)})))
    (i32.store8 offset=2 ${out} (i32.or ${i32(64)} (i32.and ${get('number')} ${i32(31)})))
    (global.set $out ${add(out, i32(3))}))

  ;; Most bytes that the texts of a row take.
  (func $textsRoom ${parameters('span')} (result i32)
    ${locals('i32', 'at', 'end', 'room')}
    ${set('room', add(lengthAt(get('span'), 0), add(lengthAt(get('span'), 8), lengthAt(get('span'), 16))))}
    ${set('at', at('tokens', load(get('span'), 24), 3))} ${set('end', at('tokens', load(get('span'), 28), 3))}
    ${loopWhile('tokens', `(i32.lt_u ${get('at')} ${get('end')})`, increase('room', add(lengthAt(get('at'), 0), i32(12))), increase('at', 8))}
    ${get('room')})

  ;; Writes the lines of rows from $row to before $to; gives the first row that it did not write.
  (func (export "items") ${parameters('row', 'to')} (result i32)
    ${locals('i32', 'span', 'token', 'last')}
    (block $stop ${loopWhile(
      'rows',
      `(i32.lt_u ${get('row')} ${get('to')})`,
      set('span', spansOf(get('row'))),
      stopWithout(`(call $textsRoom ${get('span')})`),
      part(get('span'), 0),
      `(if ${byte(at('isOurs', get('row'), 0))}
        (then (if (i64.lt_s ${amountOf(get('row'))} (i64.const 0)) (then ${constant('ourRefund')}) (else ${constant('ourCharge')})))
        (else (if (i64.lt_s ${amountOf(get('row'))} (i64.const 0)) (then ${constant('gatewayRefund')}) (else ${constant('gatewayCharge')}))))`,
      `(call $signed ${amountOf(get('row'))})`,
      put(' '),
      `(call $currency ${get('row')})`,
      put(' 0 '),
      `(call $signed (i64.extend_i32_s ${load(at('days', get('row'), 2))}))`,
      put(' 0 '),
      listOfOne(get('span'), 8),
      listOfOne(get('span'), 16),
      set('token', at('tokens', load(get('span'), 24), 3)),
      set('last', at('tokens', load(get('span'), 28), 3)),
      `(call $number (i64.extend_i32_u ${lengthAt(get('span'), 24)}))`,
      put(';'),
      loopWhile('tokens', `(i32.lt_u ${get('token')} ${get('last')})`, part(get('token'), 0), increase('token', 8)),
      constant('itemEnd'),
      increase('row', 1),
    )})
    ${get('row')})

  ;; Appends the text of a number.
  (func $word ${parameters('word')}
    (call $copy
      ${add('(global.get $bytes)', load(at('starts', get('word'), 2)))}
      ${add('(global.get $bytes)', load(at('ends', get('word'), 2)))}))

  ;; Appends what speaks for a pair; see rowEvidence.
  (func $evidence ${parameters('rule', 'word', 'apart')} (param $distance i64)
    ${when(
      `(i32.eqz ${get('rule')})`,
      constant('both'),
      `(if (i32.lt_s ${get('word')} ${i32(0)}) (then ${constant('third')}) (else (call $word ${get('word')})))`,
      '(return)',
    )}
    ${when(`(i32.eq ${get('rule')} ${i32(1)})`, constant('sameName'), `(call $number ${get('distance')})`, constant('units'), '(return)')}
    (if (i32.eq ${get('rule')} ${i32(5)})
      (then ${constant('cut')} (call $word ${get('word')}) ${put(', ')})
      (else ${constant('theReference')} (call $word ${get('word')}) ${constant('inBoth')}))
    (if (i32.eq ${get('rule')} ${i32(6)})
      (then (call $number ${get('distance')}) ${constant('units')})
      (else
        ${constant('sameAmount')}
        (call $number (i64.extend_i32_u ${get('apart')}))
        (if (i32.eq ${get('apart')} ${i32(1)}) (then ${constant('day')}) (else ${constant('days')})))))

  (func $pair ${parameters('row', 'other', 'word')}
    ${locals('i32', 'rule', 'apart', 'begin', 'from')} (local $difference i64) (local $distance i64)
    ${set('rule', byte(at('rules', get('row'), 0)))}
    ${set('apart', subtract(load(at('days', get('other'), 2)), load(at('days', get('row'), 2))))}
    ${when(`(i32.lt_s ${get('apart')} ${i32(0)})`, set('apart', subtract(i32(0), get('apart'))))}
    ${set('difference', `(i64.sub ${amountOf(get('row'))} ${amountOf(get('other'))})`)}
    ${set('distance', `(select (i64.sub (i64.const 0) ${get('difference')}) ${get('difference')} (i64.lt_s ${get('difference')} (i64.const 0)))`)}
    ${put('m')}
    (call $constant ${get('rule')})
    ${put('1;')} ${part(spansOf(get('row')), 0)}
    ${put('1;')} ${part(spansOf(get('other')), 0)}
    ;; Its length is known when it was written, and stands before it.
    ${set('begin', out)}
    ${set('from', add(out, i32(16)))}
    (global.set $out ${get('from')})
    (call $evidence ${get('rule')} ${get('word')} ${get('apart')} ${get('distance')})
    ${set('other', out)}
    (global.set $out ${get('begin')})
    (call $number (i64.extend_i32_u (call $letters ${get('from')} ${get('other')})))
    ${put(':')}
    (memory.copy ${out} ${get('from')} ${subtract(get('other'), get('from'))})
    (global.set $out ${add(out, subtract(get('other'), get('from')))})
    ${when(
      `(i64.ne ${get('difference')} (i64.const 0))`,
      `(call $signed ${get('difference')})`,
      put(' '),
      `(call $currency ${get('row')})`,
      put(' '),
    )}
    ${put('\n')})

  ;; Writes the lines of pairs whose row of ours is from $row to before $to; gives the first row that it did not look at.
  (func (export "matches") ${parameters('row', 'to')} (result i32)
    ${locals('i32', 'other', 'word')}
    (block $stop ${loopWhile(
      'rows',
      `(i32.lt_u ${get('row')} ${get('to')})`,
      set('other', load(at('partners', get('row'), 2))),
      when(
        `(i32.and ${byte(at('isOurs', get('row'), 0))} (i32.ge_s ${get('other')} ${i32(0)}))`,
        set('word', load(at('words', get('row'), 2))),
        stopWithout(
          add(
            add(lengthAt(spansOf(get('row')), 0), lengthAt(spansOf(get('other')), 0)),
            `(if (result i32) (i32.lt_s ${get('word')} ${i32(0)})
              (then ${i32(0)})
              (else ${subtract(load(at('ends', get('word'), 2)), load(at('starts', get('word'), 2)))}))`,
          ),
        ),
        `(call $pair ${get('row')} ${get('other')} ${get('word')})`,
      ),
      increase('row', 1),
    )})
    ${get('row')})

  ;; Writes the lines of rows that are open from $row to before $to, by the $asOf th day; gives the first row that it did not look at.
  (func (export "open") ${parameters('row', 'to', 'asOf')} (result i32)
    ${locals('i32', 'state', 'span')}
    (block $stop ${loopWhile(
      'rows',
      `(i32.lt_u ${get('row')} ${get('to')})`,
      set('state', byte(at('states', get('row'), 0))),
      when(
        `(i32.and (i32.lt_s ${load(at('partners', get('row'), 2))} ${i32(0)}) (i32.ne ${get('state')} ${i32(255)}))`,
        set('span', spansOf(get('row'))),
        stopWithout(lengthAt(get('span'), 0)),
        put('e'),
        part(get('span'), 0),
        `(call $constant ${add(i32(constantAt('missing')), get('state'))})`,
        `(call $signed ${amountOf(get('row'))})`,
        put(' '),
        `(call $currency ${get('row')})`,
        put(' '),
        `(call $signed (i64.sub (i64.extend_i32_s ${get('asOf')}) (i64.extend_i32_s ${load(at('days', get('row'), 2))})))`,
        put(' \n'),
      ),
      increase('row', 1),
    )})
    ${get('row')})
)
`
