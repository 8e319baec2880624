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
 * Rows of CSV to tuples as WebAssembly text: what `readRow`, `readAmount`, `readDay`, `hashName` and `addToFingerprint` do, for
 * rows as nearly all are. It stops at the first row that is not: with a quote, with an amount beyond 32 bits, on 29 February, with
 * anything wrong.
 *
 * Tuples wait in a stage for each part of each share, and it stops as well when one is full: a part is far away in memory, so that
 * it is written to in bulk (as in Balkesen, Teubner, Alonso and Özsu, "Main-memory hash joins on multi-core CPUs").
 *
 * Memory: 0 settings (11 × i32) · 64 results (6 × i32) · 128 where the fields end (4 bytes each) · 1024 the name of this row ·
 * 1536 places of rows without a name · 4096 where the next tuple of each stage goes, and how many it has (8 bytes each) · 12288 input · 667648 stages of 4096 bytes.
 */

/** Of this row, with zeros behind it. */
const name = 1_024
const [nameless, namelessBytes] = [1_536, 2_048]
const [fills, stageBytes] = [4_096, 4_096]
/** So that four stages and a word fit a chunk of `RowTuples`. */
const stageRoom = stageBytes - 4

const settings = [
  'separator',
  'width',
  'key',
  'amount',
  'date',
  'mark',
  'exponent',
  'currency',
  'flip',
  'parts',
  'shares',
]
const setting = (name: string) => `(i32.load offset=${4 * settings.indexOf(name)} (i32.const 0))`
const results = ['full', 'rows', 'newest', 'print0', 'print1', 'nameless']
const result = (name: string) => 64 + 4 * results.indexOf(name)

/** Takes the name out of the row; there may be none. */
const copyName = `
  ${bounds('keyField')}
  ${set('length', `(i32.sub ${get('to')} ${get('start')})`)}
  ${stopIf(`(i32.gt_u ${get('length')} ${i32(255)})`)}
  ${set('place', i32(0))}
  (loop $copy
    (v128.store offset=${name} ${get('place')} (v128.load ${add(get('start'), get('place'))}))
    ${increase('place', i32(16))}
    (br_if $copy (i32.lt_u ${get('place')} ${get('length')})))
  (v128.store offset=${name} ${get('length')} (v128.const i64x2 0 0))`

/** `one` = (`one` − `other`) ^ `other` turned left, and `third` is added to `other`: a step of lookup3's `mix`. */
const mix = (one: string, other: string, third: string, bits: number) => `
  ${set(one, `(i32.xor (i32.sub ${get(one)} ${get(other)}) (i32.rotl ${get(other)} ${i32(bits)}))`)}
  ${increase(other, get(third))}`
/** `one` = (`one` ^ `other`) − `other` turned left: a step of lookup3's `final`. */
const finish = (one: string, other: string, bits: number) =>
  set(one, `(i32.sub (i32.xor ${get(one)} ${get(other)}) (i32.rotl ${get(other)} ${i32(bits)}))`)
const word = (offset: number) => `(i32.load offset=${name + offset} ${get('place')})`

/** See `hashName`: the zeros behind the name add nothing. */
const hashName = `
  ${set('a', add(get('length'), `(i32.const ${(0x9e3779b9 + 3_923_095) | 0})`))} ${set('b', get('a'))} ${set('c', get('a'))}
  ${set('place', i32(0))}
  (block $hashed (loop $twelve
    (br_if $hashed (i32.lt_u (i32.sub ${get('length')} ${get('place')}) ${i32(12)}))
    ${increase('a', word(0))} ${increase('b', word(4))} ${increase('c', word(8))}
    ${mix('a', 'c', 'b', 4)} ${mix('b', 'a', 'c', 6)} ${mix('c', 'b', 'a', 8)}
    ${mix('a', 'c', 'b', 16)} ${mix('b', 'a', 'c', 19)} ${mix('c', 'b', 'a', 4)}
    ${increase('place', i32(12))}
    (br $twelve)))
  ${increase('c', `(i32.shl ${word(8)} ${i32(8)})`)} ${increase('b', word(4))} ${increase('a', word(0))}
  ${finish('c', 'b', 14)} ${finish('a', 'c', 11)} ${finish('b', 'a', 25)}
  ${finish('c', 'b', 16)} ${finish('a', 'c', 4)} ${finish('b', 'a', 14)} ${finish('c', 'b', 24)}
  (if ${get('isBelow')} (then (if ${get('amount')} (then ${set('c', `(i32.xor ${get('c')} (i32.const 0x3c6ef372))`)}))))`

/** See `shareOf` and `RowTuples.add`. */
const chooseStage = `
  ${set('stage', `(i32.rem_u (i32.shr_u (i32.mul ${get('c')} (i32.const ${0x9e3779b1 | 0})) ${i32(24)}) ${get('shares')})`)}
  ${set('stage', add(`(i32.mul ${get('stage')} ${get('parts')})`, `(i32.and (i32.shr_u ${get('c')} ${i32(8)}) (i32.sub ${get('parts')} ${i32(1)}))`))}
  ${set('fill', `(i32.shl ${get('stage')} ${i32(3)})`)}
  ${set('out', `(i32.load offset=${fills} ${get('fill')})`)}
  ;; Whole sixteens are copied; they may not reach into the next stage.
  (if (i32.gt_u ${add(`(i32.and ${get('out')} ${i32(stageBytes - 1)})`, `(i32.and ${add(get('length'), i32(16 + 15))} ${i32(-16)})`)} ${i32(stageRoom)})
    (then ${set('full', add(get('stage'), i32(1)))} (br $stop)))`

const writeTuple = `
  (i32.store ${get('out')} ${get('c')})
  (i32.store offset=4 ${get('out')} ${add(get('at'), get('base'))})
  (i32.store offset=8 ${get('out')} ${get('amount')})
  (i32.store offset=12 ${get('out')} (i32.or ${get('length')} ${get('currency')}))
  ${set('place', i32(0))}
  (loop $move
    (v128.store offset=16 ${add(get('out'), get('place'))} (v128.load offset=${name} ${get('place')}))
    ${increase('place', i32(16))}
    (br_if $move (i32.lt_u ${get('place')} ${get('length')})))
  (i32.store offset=${fills} ${get('fill')} ${add(get('out'), `(i32.and ${add(get('length'), i32(19))} ${i32(-4)})`)})
  (i32.store offset=${fills + 4} ${get('fill')} ${add(`(i32.load offset=${fills + 4} ${get('fill')})`, i32(1))})`

/** Rows without a name wait for nobody. */
const tellNameless = `
  ${stopIf(`(i32.eq ${get('nameless')} ${i32(namelessBytes)})`)}
  (i32.store offset=${nameless} ${get('nameless')} ${add(get('at'), get('base'))})
  ${increase('nameless', i32(4))}`

/** See `addToFingerprint`. */
const count = `
  ${increase('rows', i32(1))}
  (if (i32.gt_s ${get('day')} ${get('newest')}) (then ${set('newest', get('day'))}))
  ${set('a', `(i32.xor (i32.mul (i32.xor ${get('c')} ${get('amount')}) (i32.const 0x5bd1e995)) (i32.xor ${get('day')} ${get('flip')}))`)}
  ${increase('print0', get('a'))}
  ${increase('print1', `(i32.mul (i32.xor ${get('a')} (i32.shr_u ${get('a')} ${i32(15)})) (i32.const 0x2c1b3c6d))`)}`

/** They go on from call to call. */
const totals = ['rows', 'newest', 'print0', 'print1', 'nameless']
const numbers = [
  ...fieldNumbers,
  ...['keyField', 'currency', 'flip', 'length', 'a', 'b', 'c', 'parts', 'shares', 'stage', 'fill', 'out'],
  ...totals,
  'full',
]

/** The module's text. */
export const rowsText = `(module
  (memory (export "memory") 11)

  ;; Reads rows that begin at $at to before $stop and end before $end; gives where it stopped. What is added to an address gives
  ;; the place in the file: $base. The stage that is full, plus one, is a result.
  (func (export "read") (param $at i32) (param $stop i32) (param $end i32) (param $base i32) (result i32)
    ${locals('i32', ...numbers)}
    ${fieldLocals}
    ${fieldSettings(setting)}
    ${['currency', 'flip', 'parts', 'shares'].map((name) => set(name, setting(name))).join(' ')}
    ${set('keyField', setting('key'))}
    ${totals.map((name) => set(name, `(i32.load offset=${result(name)} (i32.const 0))`)).join(' ')}
    (block $stop (loop $rows
      ${stopIf(`(i32.ge_u ${get('at')} ${get('stop')})`)}
      ${findFields}
      ${readAmount}
      ${readDay}
      ${copyName}
      ${hashName}
      (if ${get('length')} (then ${chooseStage} ${writeTuple}) (else ${tellNameless}))
      ${count}
      ${set('at', get('next'))}
      (br $rows)))
    ${['full', ...totals].map((name) => `(i32.store offset=${result(name)} (i32.const 0) ${get(name)})`).join(' ')}
    (local.get $at)))
`
