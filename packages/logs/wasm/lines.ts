import {
  add,
  get,
  i32,
  increase,
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
 * Lines of forms that are known, as WebAssembly text: what `ObjectScanner.scanAs` does for one line after the other. It stops at
 * the first that is of no form it knows, or has an escape. Values are gathered by column, and read as what the column keeps.
 *
 * Memory: 0 values of one line (begin, end: i32) · 512 forms as they were met, the last first (1 byte each) · 544 results
 * (2 × i32) · 1024 where the list of each column ends (i32) · 2048 forms (16 bytes) · 4096 pieces of forms (16 bytes) ·
 * 40960 bytes of pieces · 106496 lines (24 bytes) · 131072 lists, 24576 bytes each · 3276800 rows (u16) · 3280896 integers (f64)
 * · 3297280 input · 3825664 text.
 *
 * A form: its pieces · how many values · whether it has bytes beyond ASCII · which value says the time, or −1. A piece: its
 * bytes · how many · whether a text is behind it · where the list of that column ends. A line: form · bytes · begin and end of
 * its time, i32 · that as an integer, else −1, f64. An entry of a list: begin, end and row of a value, i32.
 */

const [order, results, forms, lines, rowsOut, integersOut, textOut] = [
  512, 544, 2_048, 106_496, 3_276_800, 3_280_896, 3_825_664,
]
const [quote, backslash, minus, zero, newline] = [0x22, 0x5c, 0x2d, 0x30, 10]
const mostDigits = 15
const noRow = 0xffff
const word = (text: string) => i32(Buffer.from(text).readInt32LE())

const byte = `(i32.load8_u ${get('at')})`
const isDigit = `(i32.lt_u ${subtract(byte, i32(zero))} ${i32(10)})`
const fails = (condition: string) => `(if ${condition} (then (return ${i32(0)})))`
const failsUnless = (condition: string) => fails(`(i32.eqz ${condition})`)

const comparePiece = `
  ${set('length', `(i32.load offset=4 ${get('piece')})`)}
  ${fails(`(i32.lt_s ${subtract(get('end'), get('at'))} ${get('length')})`)}
  ${set('from', `(i32.load ${get('piece')})`)}
  ${set('to', add(get('from'), get('length')))}
  ${loopWhile(
    'compare',
    `(i32.lt_u ${get('from')} ${get('to')})`,
    set('found', `(i8x16.bitmask (i8x16.ne (v128.load ${get('at')}) (v128.load ${get('from')})))`),
    set('left', subtract(get('to'), get('from'))),
    when(
      `(i32.lt_u ${get('left')} ${i32(16)})`,
      set('found', `(i32.and ${get('found')} ${subtract(`(i32.shl ${i32(1)} ${get('left')})`, i32(1))})`),
    ),
    fails(get('found')),
    increase('at', 16),
    increase('from', 16),
  )}
  ${increase('at', subtract(get('to'), get('from')))}`

/** Goes to the quote behind a text without escapes. */
const skipText = `
  (block $quoted (loop $sixteen
    ${fails(`(i32.ge_u ${get('at')} ${get('end')})`)}
    ${set('bytes', `(v128.load ${get('at')})`)}
    ${set(
      'found',
      `(i8x16.bitmask (v128.or (i8x16.lt_u ${get('bytes')} ${splat(0x20)})
      (v128.or (i8x16.eq ${get('bytes')} ${splat(quote)}) (i8x16.eq ${get('bytes')} ${splat(backslash)}))))`,
    )}
    ${set('beyond', `(i8x16.bitmask ${get('bytes')})`)}
    (if ${get('found')} (then
      ${set('left', `(i32.ctz ${get('found')})`)}
      ${set('wide', `(i32.or ${get('wide')} (i32.and ${get('beyond')} ${subtract(`(i32.shl ${i32(1)} ${get('left')})`, i32(1))}))`)}
      ${increase('at', get('left'))}
      ${fails(`(i32.ne ${byte} ${i32(quote)})`)}
      (br $quoted)))
    ${set('wide', `(i32.or ${get('wide')} ${get('beyond')})`)}
    ${increase('at', 16)}
    (br $sixteen)))`

const skipDigits = (label: string) => `
  ${failsUnless(isDigit)}
  ${loopWhile(label, isDigit, increase('at', 1))}`

const skipBare = `
  (if ${`(i32.or (i32.eq ${byte} ${i32(minus)}) ${isDigit})`}
    (then
      ${increase('at', `(i32.eq ${byte} ${i32(minus)})`)}
      (if (i32.eq ${byte} ${i32(zero)}) (then ${increase('at', 1)}) (else ${skipDigits('whole')}))
      (if (i32.eq ${byte} ${i32(0x2e)}) (then ${increase('at', 1)} ${skipDigits('fraction')}))
      (if (i32.eq (i32.or ${byte} ${i32(0x20)}) ${i32(0x65)}) (then
        ${increase('at', 1)}
        ${increase('at', `(i32.or (i32.eq ${byte} ${i32(minus)}) (i32.eq ${byte} ${i32(0x2b)}))`)}
        ${skipDigits('exponent')})))
    (else
      ${set('found', `(i32.load ${get('at')})`)}
      (if (i32.or (i32.eq ${get('found')} ${word('true')}) (i32.eq ${get('found')} ${word('null')}))
        (then ${increase('at', 4)})
        (else
          ${fails(`(i32.ne ${get('found')} ${word('fals')})`)}
          ${fails(`(i32.ne (i32.load8_u offset=4 ${get('at')}) ${i32(0x65)})`)}
          ${increase('at', 5)}))))`

const match = `
  ;; Whether the line is of a form; 2 where somebody has to look whether it is UTF-8.
  (func $match ${parameters('form', 'at', 'end')} (result i32)
    ${locals('i32', 'piece', 'last', 'length', 'from', 'to', 'found', 'left', 'beyond', 'wide', 'value')} ${locals('v128', 'bytes')}
    ${set('piece', `(i32.load ${get('form')})`)}
    ${set('last', add(get('piece'), times(16, `(i32.load offset=4 ${get('form')})`)))}
    ${set('wide', `(i32.load offset=8 ${get('form')})`)}
    (block $done (loop $pieces
      ${comparePiece}
      (br_if $done (i32.eq ${get('piece')} ${get('last')}))
      (i32.store ${get('value')} ${get('at')})
      (if (i32.load offset=8 ${get('piece')}) (then ${skipText}) (else ${skipBare}))
      (i32.store offset=4 ${get('value')} ${get('at')})
      ${increase('value', 8)}
      ${increase('piece', 16)}
      (br $pieces)))
    ${fails(`(i32.ne ${get('at')} ${get('end')})`)}
    (select ${i32(2)} ${i32(1)} ${get('wide')}))`

/** Leaves in `number` what the digits from `from` to before `to` say, or −1. */
const readDigits = `
  ${set('number', '(f64.const -1)')}
  (if (i32.lt_u ${subtract(subtract(get('to'), get('from')), i32(1))} ${i32(mostDigits)}) (then
    ${set('sum', '(i64.const 0)')}
    (block $none
      ${loopWhile(
        'digits',
        `(i32.lt_u ${get('from')} ${get('to')})`,
        set('digit', subtract(`(i32.load8_u ${get('from')})`, i32(zero))),
        `(br_if $none (i32.gt_u ${get('digit')} ${i32(9)}))`,
        set('sum', `(i64.add (i64.mul ${get('sum')} (i64.const 10)) (i64.extend_i32_u ${get('digit')}))`),
        increase('from', 1),
      )}
      ${set('number', `(f64.convert_i64_u ${get('sum')})`)})))`

const takeLine = `
  ${set('form', add(i32(forms), times(16, get('known'))))}
  ${set('piece', `(i32.load ${get('form')})`)}
  ${set('last', add(get('piece'), times(16, `(i32.load offset=4 ${get('form')})`)))}
  ${set('value', i32(0))}
  ${loopWhile(
    'values',
    `(i32.lt_u ${get('piece')} ${get('last')})`,
    set('list', `(i32.load offset=12 ${get('piece')})`),
    set('entry', `(i32.load ${get('list')})`),
    `(i64.store ${get('entry')} (i64.load ${get('value')}))`,
    `(i32.store offset=8 ${get('entry')} ${get('row')})`,
    `(i32.store ${get('list')} ${add(get('entry'), i32(12))})`,
    increase('value', 8),
    increase('piece', 16),
  )}
  (i32.store ${get('line')} ${get('known')})
  (i32.store offset=4 ${get('line')} ${subtract(get('next'), get('at'))})
  ${set('value', `(i32.load offset=12 ${get('form')})`)}
  (if (i32.ge_s ${get('value')} ${i32(0)}) (then
    ${set('from', `(i32.load ${times(8, get('value'))})`)}
    ${set('to', `(i32.load offset=4 ${times(8, get('value'))})`)}
    (i32.store offset=8 ${get('line')} ${get('from')})
    (i32.store offset=12 ${get('line')} ${get('to')})
    ${readDigits}
    (f64.store offset=16 ${get('line')} ${get('number')})))`

const read = `
  ;; Reads packed lines from $at to before $end, no more than $most, into rows from $row on; gives where it stopped. Lines that
  ;; end up to $verified are known to be UTF-8.
  (func (export "read") ${parameters('at', 'end', 'most', 'row', 'formCount', 'verified')} (result i32)
    ${locals('i32', 'next', 'line', 'lastLine', 'turn', 'known', 'answer', 'form', 'piece', 'last', 'value', 'list', 'entry', 'from', 'to', 'digit')}
    ${locals('i64', 'sum')} ${locals('f64', 'number')}
    (i32.store offset=${results + 4} ${i32(0)} ${i32(0)})
    ${set('line', i32(lines))}
    ${set('lastLine', add(i32(lines), times(24, get('most'))))}
    (block $stop (loop $lines
      (br_if $stop (i32.ge_u ${get('at')} ${get('end')}))
      (br_if $stop (i32.ge_u ${get('line')} ${get('lastLine')}))
      ${set('next', add(add(get('at'), i32(4)), `(i32.load ${get('at')})`))}
      ${increase('at', 4)}
      ${set('turn', i32(0))}
      (block $known (loop $turns
        (if (i32.ge_u ${get('turn')} ${get('formCount')}) (then ${increase('at', -4)} (br $stop)))
        ${set('known', `(i32.load8_u offset=${order} ${get('turn')})`)}
        ${set('answer', `(call $match ${add(i32(forms), times(16, get('known')))} ${get('at')} ${get('next')})`)}
        (br_if $known ${get('answer')})
        ${increase('turn', 1)}
        (br $turns)))
      (if (i32.eq ${get('answer')} ${i32(2)}) (then (if (i32.gt_u ${get('next')} ${get('verified')}) (then
        (i32.store offset=${results + 4} ${i32(0)} ${i32(1)})
        ${increase('at', -4)}
        (br $stop)))))
      (if ${get('turn')} (then
        (memory.copy ${i32(order + 1)} ${i32(order)} ${get('turn')})
        (i32.store8 offset=${order} ${i32(0)} ${get('known')})))
      ${takeLine}
      ${increase('line', 24)}
      ${increase('row', 1)}
      ${set('at', get('next'))}
      (br $lines)))
    (i32.store offset=${results} ${i32(0)} (i32.div_u ${subtract(get('line'), i32(lines))} ${i32(24)}))
    ${get('at')})`

const texts = `
  ;; Copies the values of a list from $entry to before $end, a newline behind each, and their rows; gives where the text ends.
  ;; A bare null is no value.
  (func (export "texts") ${parameters('entry', 'end', 'isBare')} (result i32)
    ${locals('i32', 'from', 'to', 'out', 'rows', 'row', 'at')}
    ${set('out', i32(textOut))} ${set('rows', i32(rowsOut))}
    ${loopWhile(
      'values',
      `(i32.lt_u ${get('entry')} ${get('end')})`,
      set('from', `(i32.load ${get('entry')})`),
      set('to', `(i32.load offset=4 ${get('entry')})`),
      set('row', `(i32.load offset=8 ${get('entry')})`),
      when(get('isBare'), `(if (i32.eq (i32.load ${get('from')}) ${word('null')}) (then ${set('row', i32(noRow))}))`),
      set('at', get('out')),
      set('out', add(get('out'), subtract(get('to'), get('from')))),
      `(loop $copy
        (v128.store ${get('at')} (v128.load ${get('from')}))
        ${increase('at', 16)} ${increase('from', 16)}
        (br_if $copy (i32.lt_u ${get('at')} ${get('out')})))`,
      `(i32.store8 ${get('out')} ${i32(newline)})`,
      increase('out', 1),
      `(i32.store16 ${get('rows')} ${get('row')})`,
      increase('rows', 2),
      increase('entry', 12),
    )}
    ${get('out')})`

const integers = `
  ;; Reads the values of a list as integers, as they are written by JavaScript; gives the entry of the first that is none.
  (func (export "integers") ${parameters('entry', 'end')} (result i32)
    ${locals('i32', 'from', 'to', 'out', 'rows', 'isBelow', 'digit')} ${locals('i64', 'sum')} ${locals('f64', 'number')}
    ${set('out', i32(integersOut))} ${set('rows', i32(rowsOut))}
    (block $other
      ${loopWhile(
        'values',
        `(i32.lt_u ${get('entry')} ${get('end')})`,
        set('from', `(i32.load ${get('entry')})`),
        set('to', `(i32.load offset=4 ${get('entry')})`),
        set('isBelow', `(i32.eq (i32.load8_u ${get('from')}) ${i32(minus)})`),
        increase('from', get('isBelow')),
        `(if ${get('isBelow')} (then (br_if $other (i32.eq (i32.load8_u ${get('from')}) ${i32(zero)}))))`,
        readDigits,
        `(br_if $other (f64.lt ${get('number')} (f64.const 0)))`,
        `(if ${get('isBelow')} (then ${set('number', `(f64.neg ${get('number')})`)}))`,
        `(f64.store ${get('out')} ${get('number')})`,
        increase('out', 8),
        `(i32.store16 ${get('rows')} (i32.load offset=8 ${get('entry')}))`,
        increase('rows', 2),
        increase('entry', 12),
      )})
    ${get('entry')})`

/** The module's text. */
export const linesText = `(module
  (memory (export "memory") 67)
  ${match}
  ${read}
  ${texts}
  ${integers})
`
