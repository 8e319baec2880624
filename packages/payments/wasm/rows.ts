/**
 * Rows of CSV to tuples as WebAssembly text: what `readRow`, `readAmount`, `readDay`, `hashName` and `addToFingerprint` do, for
 * rows as nearly all are. It stops at the first row that is not: with a quote, without a name, with an amount beyond 32 bits, on
 * 29 February, with anything wrong. Sixteen bytes are compared with the separator, the line feed and the quote at once.
 *
 * Memory: 0 settings (9 × i32) · 64 results (5 × i32) · 128 where the fields end (4 bytes each) · 4096 tuples · 139264 input.
 */

const [feed, carriageReturn, quote] = [10, 13, 34]
/** The byte before the row counts as the end of a field. */
const fields = 128
const tuples = 4_096
/** A tuple with the longest name, and what is written behind it, fits behind the last place where one may begin. */
const lastTuple = 135_168 - 512

const settings = ['separator', 'width', 'key', 'amount', 'date', 'mark', 'exponent', 'currency', 'flip']
const setting = (name: string) => `(i32.load offset=${4 * settings.indexOf(name)} (i32.const 0))`
const results = ['used', 'rows', 'newest', 'print0', 'print1']
const result = (name: string) => 64 + 4 * results.indexOf(name)

const get = (name: string) => `(local.get $${name})`
const set = (name: string, value: string) => `(local.set $${name} ${value})`
const add = (left: string, right: string) => `(i32.add ${left} ${right})`
const i32 = (value: number) => `(i32.const ${value})`
const increase = (name: string, by: string) => set(name, add(get(name), by))
/** Leaves the row, and all behind it, to others. */
const stopIf = (condition: string) => `(br_if $stop ${condition})`
const equals = (byte: string) => `(i8x16.eq ${get('bytes')} ${byte})`

/** Sets `start` and `to` to where a field, by its place in the table, begins and ends. */
const bounds = (field: string) => `
  ${set('start', add(`(i32.load offset=${fields - 4} ${get(field)})`, i32(1)))}
  ${set('to', `(i32.load offset=${fields} ${get(field)})`)}`

const findFields = `
  (i32.store offset=${fields - 4} (i32.const 0) (i32.sub ${get('at')} ${i32(1)}))
  ${set('place', get('at'))} ${set('count', i32(0))}
  (block $row (loop $sixteen
    ${stopIf(`(i32.ge_u ${get('place')} ${get('end')})`)}
    ${set('bytes', `(v128.load ${get('place')})`)}
    ${set('found', `(i8x16.bitmask (v128.or (v128.or ${equals(get('separators'))} ${equals(get('feeds'))}) ${equals(get('quotes'))}))`)}
    (block $none (loop $each
      (br_if $none (i32.eqz ${get('found')}))
      ${set('to', add(get('place'), `(i32.ctz ${get('found')})`))}
      ${set('byte', `(i32.load8_u ${get('to')})`)}
      (i32.store offset=${fields} ${get('count')} ${get('to')})
      (br_if $row (i32.eq ${get('byte')} ${i32(feed)}))
      ${stopIf(`(i32.ge_u ${get('count')} ${get('width')})`)}
      ${stopIf(`(i32.eq ${get('byte')} ${i32(quote)})`)}
      ${increase('count', i32(4))}
      ${set('found', `(i32.and ${get('found')} (i32.sub ${get('found')} ${i32(1)}))`)}
      (br $each)))
    ${increase('place', i32(16))}
    (br $sixteen)))
  ${set('next', add(get('to'), i32(1)))}
  ;; What lies behind the end was there before.
  ${stopIf(`(i32.gt_u ${get('next')} ${get('end')})`)}
  ${stopIf(`(i32.ne ${get('count')} ${get('width')})`)}
  ${bounds('count')}
  (if (i32.and (i32.gt_u ${get('to')} ${get('start')}) (i32.eq (i32.load8_u (i32.sub ${get('to')} ${i32(1)})) ${i32(carriageReturn)}))
    (then (i32.store offset=${fields} ${get('count')} (i32.sub ${get('to')} ${i32(1)}))))`

/** Adds digits from `place` on to `value`; what ends a field is none. */
const digits = (label: string) => `
  (block $${label}End (loop $${label}
    ${set('byte', `(i32.sub (i32.load8_u ${get('place')}) ${i32(48)})`)}
    (br_if $${label}End (i32.gt_u ${get('byte')} ${i32(9)}))
    ${set('value', `(i64.add (i64.mul ${get('value')} (i64.const 10)) (i64.extend_i32_u ${get('byte')}))`)}
    ${increase('place', i32(1))}
    (br $${label})))`

const readAmount = `
  ${bounds('amountField')}
  ;; So many digits, and those that the currency adds, fit 64 bits.
  ${stopIf(`(i32.gt_u (i32.sub ${get('to')} ${get('start')}) ${i32(12)})`)}
  ${set('byte', `(i32.load8_u ${get('start')})`)}
  ${set('isBelow', `(i32.eq ${get('byte')} ${i32(45)})`)}
  ${increase('start', `(i32.or ${get('isBelow')} (i32.eq ${get('byte')} ${i32(43)}))`)}
  ${set('place', get('start'))} ${set('value', '(i64.const 0)')} ${set('decimals', get('exponent'))}
  ${digits('whole')}
  ${stopIf(`(i32.eq ${get('place')} ${get('start')})`)}
  (if (i32.lt_u ${get('place')} ${get('to')}) (then
    ${stopIf(`(i32.ne (i32.load8_u ${get('place')}) ${get('mark')})`)}
    ${increase('place', i32(1))}
    ${set('start', get('place'))}
    ${digits('fraction')}
    ${stopIf(`(i32.eq ${get('place')} ${get('start')})`)}
    ${stopIf(`(i32.ne ${get('place')} ${get('to')})`)}
    ${set('decimals', `(i32.sub ${get('exponent')} (i32.sub ${get('place')} ${get('start')}))`)}
    ${stopIf(`(i32.lt_s ${get('decimals')} ${i32(0)})`)}))
  (block $padded (loop $pad
    (br_if $padded (i32.eqz ${get('decimals')}))
    ${set('value', `(i64.mul ${get('value')} (i64.const 10))`)}
    ${set('decimals', `(i32.sub ${get('decimals')} ${i32(1)})`)}
    (br $pad)))
  ${stopIf(`(i64.gt_u ${get('value')} (i64.const 0x7fffffff))`)}
  ${set('amount', `(i32.wrap_i64 ${get('value')})`)}
  (if ${get('isBelow')} (then ${set('amount', `(i32.sub ${i32(0)} ${get('amount')})`)}))`

const isNoDigits = (name: string, high: string, top: string) =>
  stopIf(`(i32.and (i32.or ${get(name)} ${add(get(name), `(i32.const ${high})`)}) (i32.const ${top}))`)
/** One byte of a word. */
const byteAt = (name: string, at: number) => `(i32.and (i32.shr_u ${get(name)} ${i32(8 * at)}) ${i32(15)})`
const times = (factor: number, value: string) => `(i32.mul ${value} ${i32(factor)})`

/** See `readDay`. */
const readDay = `
  ${bounds('dateField')}
  ${stopIf(`(i32.lt_u (i32.sub ${get('to')} ${get('start')}) ${i32(10)})`)}
  ;; What ends the field is no digit either.
  ${stopIf(`(i32.le_u (i32.sub (i32.load8_u offset=10 ${get('start')}) ${i32(48)}) ${i32(9)})`)}
  ${set('year', `(i32.xor (i32.load ${get('start')}) (i32.const 0x30303030))`)}
  ${set('month', `(i32.xor (i32.load offset=4 ${get('start')}) (i32.const 0x2d30302d))`)}
  ${set('day', `(i32.xor (i32.load16_u offset=8 ${get('start')}) (i32.const 0x3030))`)}
  ${isNoDigits('year', '0x76767676', '0x80808080')}
  ${isNoDigits('month', '0x7f76767f', '0x80808080')}
  ${isNoDigits('day', '0x7676', '0x8080')}
  ${set('year', add(add(times(1_000, byteAt('year', 0)), times(100, byteAt('year', 1))), add(times(10, byteAt('year', 2)), byteAt('year', 3))))}
  ${set('month', add(times(10, byteAt('month', 1)), byteAt('month', 2)))}
  ${set('day', add(times(10, byteAt('day', 0)), byteAt('day', 1)))}
  ${stopIf(`(i32.lt_u ${get('year')} ${i32(1_970)})`)}
  ${stopIf(`(i32.gt_u (i32.sub ${get('month')} ${i32(1)}) ${i32(11)})`)}
  ${stopIf(`(i32.eqz ${get('day')})`)}
  ;; The long months are the odd ones up to July and the even ones from August on.
  ${stopIf(`(i32.gt_u ${get('day')} (select ${i32(28)} ${add(i32(30), `(i32.and (i32.xor ${get('month')} (i32.shr_u ${get('month')} ${i32(3)})) ${i32(1)})`)} (i32.eq ${get('month')} ${i32(2)})))`)}
  (if (i32.le_u ${get('month')} ${i32(2)})
    (then ${increase('year', i32(-1))} ${increase('month', i32(9))})
    (else ${increase('month', i32(-3))}))
  ${increase('day', `(i32.div_u ${add(times(153, get('month')), i32(2))} ${i32(5)})`)}
  ${increase('day', times(365, get('year')))}
  ${increase('day', `(i32.shr_u ${get('year')} ${i32(2)})`)}
  ${increase('day', `(i32.sub (i32.div_u ${get('year')} ${i32(400)}) (i32.div_u ${get('year')} ${i32(100)}))`)}
  ${increase('day', i32(-719_469))}`

/** Puts the name behind the tuple's numbers, with zeros behind it. */
const copyName = `
  ${bounds('keyField')}
  ${set('length', `(i32.sub ${get('to')} ${get('start')})`)}
  ${stopIf(`(i32.gt_u (i32.sub ${get('length')} ${i32(1)}) ${i32(254)})`)}
  ${set('place', i32(0))}
  (loop $copy
    (v128.store offset=16 ${add(get('out'), get('place'))} (v128.load ${add(get('start'), get('place'))}))
    ${increase('place', i32(16))}
    (br_if $copy (i32.lt_u ${get('place')} ${get('length')})))
  (v128.store offset=16 ${add(get('out'), get('length'))} (v128.const i64x2 0 0))`

/** `one` = (`one` − `other`) ^ `other` turned left, and `third` is added to `other`: a step of lookup3's `mix`. */
const mix = (one: string, other: string, third: string, bits: number) => `
  ${set(one, `(i32.xor (i32.sub ${get(one)} ${get(other)}) (i32.rotl ${get(other)} ${i32(bits)}))`)}
  ${increase(other, get(third))}`
/** `one` = (`one` ^ `other`) − `other` turned left: a step of lookup3's `final`. */
const finish = (one: string, other: string, bits: number) =>
  set(one, `(i32.sub (i32.xor ${get(one)} ${get(other)}) (i32.rotl ${get(other)} ${i32(bits)}))`)
const word = (offset: number) => `(i32.load offset=${16 + offset} ${get('place')})`

/** See `hashName`: the zeros behind the name add nothing. */
const hashName = `
  ${set('a', add(get('length'), `(i32.const ${(0x9e3779b9 + 3_923_095) | 0})`))} ${set('b', get('a'))} ${set('c', get('a'))}
  ${set('place', get('out'))}
  ${set('to', add(get('out'), get('length')))}
  (block $hashed (loop $twelve
    (br_if $hashed (i32.lt_u (i32.sub ${get('to')} ${get('place')}) ${i32(12)}))
    ${increase('a', word(0))} ${increase('b', word(4))} ${increase('c', word(8))}
    ${mix('a', 'c', 'b', 4)} ${mix('b', 'a', 'c', 6)} ${mix('c', 'b', 'a', 8)}
    ${mix('a', 'c', 'b', 16)} ${mix('b', 'a', 'c', 19)} ${mix('c', 'b', 'a', 4)}
    ${increase('place', i32(12))}
    (br $twelve)))
  ${increase('c', `(i32.shl ${word(8)} ${i32(8)})`)} ${increase('b', word(4))} ${increase('a', word(0))}
  ${finish('c', 'b', 14)} ${finish('a', 'c', 11)} ${finish('b', 'a', 25)}
  ${finish('c', 'b', 16)} ${finish('a', 'c', 4)} ${finish('b', 'a', 14)} ${finish('c', 'b', 24)}
  (if ${get('isBelow')} (then (if ${get('amount')} (then ${set('c', `(i32.xor ${get('c')} (i32.const 0x3c6ef372))`)}))))`

const writeTuple = `
  (i32.store ${get('out')} ${get('c')})
  (i32.store offset=4 ${get('out')} ${add(get('at'), get('base'))})
  (i32.store offset=8 ${get('out')} ${get('amount')})
  (i32.store offset=12 ${get('out')} (i32.or ${get('length')} ${get('currency')}))
  ${increase('out', `(i32.and ${add(get('length'), i32(19))} ${i32(-4)})`)}`

/** See `addToFingerprint`. */
const count = `
  ${increase('rows', i32(1))}
  (if (i32.gt_s ${get('day')} ${get('newest')}) (then ${set('newest', get('day'))}))
  ${set('a', `(i32.xor (i32.mul (i32.xor ${get('c')} ${get('amount')}) (i32.const 0x5bd1e995)) (i32.xor ${get('day')} ${get('flip')}))`)}
  ${increase('print0', get('a'))}
  ${increase('print1', `(i32.mul (i32.xor ${get('a')} (i32.shr_u ${get('a')} ${i32(15)})) (i32.const 0x2c1b3c6d))`)}`

const numbers = [
  ...['width', 'keyField', 'amountField', 'dateField', 'mark', 'exponent', 'currency', 'flip'],
  ...['place', 'count', 'found', 'start', 'to', 'byte', 'next', 'decimals', 'isBelow', 'amount'],
  ...['year', 'month', 'day', 'length', 'a', 'b', 'c', 'out', 'rows', 'newest', 'print0', 'print1'],
]
const splat = (byte: string) => `(i8x16.splat ${byte})`

/** The module's text. */
export const rowsText = `(module
  (memory (export "memory") 13)

  ;; Reads rows that begin at $at to before $stop and end before $end; gives where it stopped. What is added to an address gives
  ;; the place in the file: $base.
  (func (export "read") (param $at i32) (param $stop i32) (param $end i32) (param $base i32) (result i32)
    ${numbers.map((name) => `(local $${name} i32)`).join(' ')}
    (local $value i64) (local $bytes v128) (local $separators v128) (local $feeds v128) (local $quotes v128)
    ${['width', 'mark', 'exponent', 'currency', 'flip'].map((name) => set(name, setting(name))).join(' ')}
    ${['key', 'amount', 'date'].map((name) => set(`${name}Field`, setting(name))).join(' ')}
    ${set('separators', splat(setting('separator')))} ${set('feeds', splat(i32(feed)))} ${set('quotes', splat(i32(quote)))}
    ${set('out', i32(tuples))}
    (block $stop (loop $rows
      ${stopIf(`(i32.ge_u ${get('at')} ${get('stop')})`)}
      ${stopIf(`(i32.gt_u ${get('out')} ${i32(lastTuple)})`)}
      ${findFields}
      ${readAmount}
      ${readDay}
      ${copyName}
      ${hashName}
      ${writeTuple}
      ${count}
      ${set('at', get('next'))}
      (br $rows)))
    (i32.store offset=${result('used')} (i32.const 0) (i32.sub ${get('out')} ${i32(tuples)}))
    ${['rows', 'newest', 'print0', 'print1'].map((name) => `(i32.store offset=${result(name)} (i32.const 0) ${get(name)})`).join(' ')}
    (local.get $at)))
`
