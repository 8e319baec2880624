import {
  bounds,
  fieldLocals,
  fieldNumbers,
  fieldSettings,
  findFields,
  readAmount,
  readDay,
  stopIf,
} from './row-fields.ts'
import { add, get, i32, increase, locals, set } from '../../../scripts/wasm/text.ts'

/**
 * Rows of CSV to columns as WebAssembly text: what `RowAdder` and `collectTokens` do, for rows as nearly all are. It stops at the
 * first row that is not: with a quote or a letter beyond ASCII, with an amount beyond 32 bits, on 29 February, or when there is no
 * more room.
 *
 * Memory: 0 settings (14 × i32) · 64 results (3 × i32) · 128 where the fields end (4 bytes each) · 1024 what identifiers begin
 * with · 1280 kinds of bytes · 4096 where rows begin · 8192 amounts · 12288 days · 16384 spans · 49152 references · 81920 texts ·
 * 217088 input.
 */

const [side, kinds, offsets, amounts, days, spans, tokens, texts] = [
  1_024, 1_280, 4_096, 8_192, 12_288, 16_384, 49_152, 81_920,
]
/** What is written behind an end does no harm. */
const [tokensEnd, textsEnd] = [texts - 64, 217_088 - 4_096]
/** Kinds of bytes, and the fewest letters of a reference; see `collectTokens`. */
const [outside, mark, letter, digit, shortest] = [0, 1, 2, 3, 6]

const settings = [
  ...['separator', 'width', 'key', 'amount', 'date', 'mark', 'exponent'],
  ...['id', 'group', 'text', 'sideLength', 'shift', 'tokens'],
]
const setting = (name: string) => `(i32.load offset=${4 * settings.indexOf(name)} (i32.const 0))`
const results = ['rows', 'bytes', 'tokens']
const result = (name: string) => 64 + 4 * results.indexOf(name)

const out = '(global.get $out)'
const found = '(global.get $tokens)'
/** Where a place of the texts will be in the columns. */
const shifted = (place: string) => add(place, get('shift'))
const putSpan = (at: number, place: string) => `(i32.store offset=${spans + 4 * at} ${get('span')} ${shifted(place)})`

/** Appends bytes from `start` to before `to`. */
const append = `
  ${set('place', get('start'))}
  (loop $copy
    (v128.store (i32.sub ${add(out, get('place'))} ${get('start')}) (v128.load ${get('place')}))
    ${increase('place', i32(16))}
    (br_if $copy (i32.lt_u ${get('place')} ${get('to')})))
  (global.set $out (i32.sub ${add(out, get('to'))} ${get('start')}))`

const readTexts = `
  ${putSpan(0, out)}
  (loop $sides
    (v128.store ${add(out, get('place'))} (v128.load offset=${side} ${get('place')}))
    ${increase('place', i32(16))}
    (br_if $sides (i32.lt_u ${get('place')} ${get('sideLength')})))
  (global.set $out ${add(out, get('sideLength'))})
  ${putSpan(4, out)}
  ${bounds('idField')} ${append}
  ${putSpan(1, out)} ${putSpan(5, out)}
  ${putSpan(2, out)}
  ${bounds('keyField')} ${append}
  ${putSpan(3, out)}
  (if (i32.ne ${get('groupField')} ${get('idField')}) (then
    ${putSpan(4, out)}
    (if (i32.ge_s ${get('groupField')} ${i32(0)}) (then ${bounds('groupField')} ${append}))
    ${putSpan(5, out)}))`

const collectFrom = (field: string) => `
  (if (i32.ge_s ${get(field)} ${i32(0)}) (then
    ${bounds(field)}
    ${stopIf(`(call $collect ${get('start')} ${get('to')} ${get('first')} ${get('shift')})`)}))`

/** How many references stand before an address. */
const countAt = (address: string) =>
  `(i32.add ${setting('tokens')} (i32.shr_u (i32.sub ${address} ${i32(tokens)}) ${i32(3)}))`

const readTokens = `
  ${set('first', found)}
  (i32.store offset=${spans + 24} ${get('span')} ${countAt(found)})
  ${['keyField', 'groupField', 'textField'].map(collectFrom).join('')}
  (i32.store offset=${spans + 28} ${get('span')} ${countAt(found)})`

const hasRoom = `(i32.and
  (i32.lt_u ${add(out, add(`(i32.shl (i32.sub ${get('next')} ${get('at')}) ${i32(1)})`, i32(128)))} ${i32(textsEnd)})
  (i32.lt_u ${add(found, add(`(i32.shl (i32.sub ${get('next')} ${get('at')}) ${i32(1)})`, i32(64)))} ${i32(tokensEnd)}))`

/** Sets `order` to how the text of the reference before `place` compares with that from `$out` to before `end`. */
const compare = `
  ${set('one', `(i32.sub (i32.load ${`(i32.sub ${get('place')} ${i32(8)})`}) ${get('shift')})`)}
  ${set('oneEnd', `(i32.sub (i32.load ${`(i32.sub ${get('place')} ${i32(4)})`}) ${get('shift')})`)}
  ${set('other', out)}
  (block $compared (loop $bytes
    ${set('order', `(i32.sub (i32.sub ${get('oneEnd')} ${get('one')}) (i32.sub ${get('end')} ${get('other')}))`)}
    (br_if $compared (i32.eq ${get('one')} ${get('oneEnd')}))
    (br_if $compared (i32.eq ${get('other')} ${get('end')}))
    ${set('order', `(i32.sub (i32.load8_u ${get('one')}) (i32.load8_u ${get('other')}))`)}
    (br_if $compared ${get('order')})
    ${increase('one', i32(1))} ${increase('other', i32(1))}
    (br $bytes)))`

const numbers = [
  ...fieldNumbers,
  ...['keyField', 'idField', 'groupField', 'textField', 'sideLength', 'shift', 'span', 'first', 'row'],
]

/** The module's text. */
export const restText = `(module
  (memory (export "memory") 14)
  ;; Where the next text and the next reference go.
  (global $out (mut i32) ${i32(0)})
  (global $tokens (mut i32) ${i32(0)})

  ;; Puts the reference that was just written, to before $end, where it belongs among those of its row, unless it is there.
  (func $insert (param $end i32) (param $first i32) (param $shift i32)
    ${locals('i32', 'place', 'order', 'one', 'oneEnd', 'other', 'last')}
    ${set('place', found)}
    (block $there (loop $places
      (br_if $there (i32.eq ${get('place')} ${get('first')}))
      ${compare}
      (if (i32.eqz ${get('order')}) (then (return)))
      (br_if $there (i32.lt_s ${get('order')} ${i32(0)}))
      ${increase('place', i32(-8))}
      (br $places)))
    ${set('last', found)}
    (block $moved (loop $move
      (br_if $moved (i32.eq ${get('last')} ${get('place')}))
      ${increase('last', i32(-8))}
      (i64.store offset=8 ${get('last')} (i64.load ${get('last')}))
      (br $move)))
    (i32.store ${get('place')} ${shifted(out)})
    (i32.store offset=4 ${get('place')} ${shifted(get('end'))})
    (global.set $tokens ${add(found, i32(8))})
    (global.set $out ${get('end')}))

  ;; Collects the references of a text; 1 when it is not ASCII.
  (func $collect (param $at i32) (param $to i32) (param $first i32) (param $shift i32) (result i32)
    ${locals('i32', 'byte', 'kind', 'end', 'digits')}
    (block $done (loop $texts
      (br_if $done (i32.ge_u ${get('at')} ${get('to')}))
      ${set('byte', `(i32.load8_u ${get('at')})`)}
      (if (i32.ge_u ${get('byte')} ${i32(128)}) (then (return ${i32(1)})))
      (if (i32.lt_u (i32.load8_u offset=${kinds} ${get('byte')}) ${i32(letter)}) (then
        ${increase('at', i32(1))}
        (br $texts)))
      ${set('end', out)} ${set('digits', i32(0))}
      (block $word (loop $letters
        (br_if $word (i32.ge_u ${get('at')} ${get('to')}))
        ${set('byte', `(i32.load8_u ${get('at')})`)}
        ${set('kind', `(i32.load8_u offset=${kinds} ${get('byte')})`)}
        (br_if $word (i32.eq ${get('kind')} ${i32(outside)}))
        ${increase('at', i32(1))}
        (br_if $letters (i32.eq ${get('kind')} ${i32(mark)}))
        ${increase('digits', `(i32.eq ${get('kind')} ${i32(digit)})`)}
        (i32.store8 ${get('end')} (i32.and ${get('byte')} (select ${i32(0xdf)} ${i32(0xff)} (i32.eq ${get('kind')} ${i32(letter)}))))
        ${increase('end', i32(1))}
        (br $letters)))
      (if (i32.and (i32.ge_u (i32.sub ${get('end')} ${out}) ${i32(shortest)}) (i32.ne ${get('digits')} ${i32(0)}))
        (then (call $insert ${get('end')} ${get('first')} ${get('shift')})))
      (br $texts)))
    ${i32(0)})

  ;; Takes $rows rows of the piece at $input, which ends before $end.
  (func (export "take") (param $input i32) (param $end i32) (param $rows i32)
    ${locals('i32', ...numbers, 'at')}
    ${fieldLocals}
    ${fieldSettings(setting)}
    ${['sideLength', 'shift'].map((name) => set(name, setting(name))).join(' ')}
    ${['id', 'key', 'group', 'text'].map((name) => set(`${name}Field`, setting(name))).join(' ')}
    (global.set $out ${i32(texts)})
    (global.set $tokens ${i32(tokens)})
    (i32.store offset=${result('bytes')} (i32.const 0) ${i32(0)})
    (i32.store offset=${result('tokens')} (i32.const 0) ${i32(0)})
    (block $stop (loop $each
      ${stopIf(`(i32.eq ${get('row')} ${get('rows')})`)}
      ${set('at', add(get('input'), `(i32.load offset=${offsets} (i32.shl ${get('row')} ${i32(2)}))`))}
      ${findFields}
      ${readAmount}
      ${readDay}
      ${stopIf(`(i32.eqz ${hasRoom})`)}
      ${set('span', `(i32.shl ${get('row')} ${i32(5)})`)}
      ${set('place', i32(0))}
      ${readTexts}
      ${readTokens}
      (i32.store offset=${amounts} (i32.shl ${get('row')} ${i32(2)}) ${get('amount')})
      (i32.store offset=${days} (i32.shl ${get('row')} ${i32(2)}) ${get('day')})
      (i32.store offset=${result('bytes')} (i32.const 0) (i32.sub ${out} ${i32(texts)}))
      (i32.store offset=${result('tokens')} (i32.const 0) (i32.shr_u (i32.sub ${found} ${i32(tokens)}) ${i32(3)}))
      ${increase('row', i32(1))}
      (br $each)))
    (i32.store offset=${result('rows')} (i32.const 0) ${get('row')}))
)
`
