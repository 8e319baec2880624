import { add, get, i32, increase, set, times } from '../../../scripts/wasm/text.ts'

const [feed, carriageReturn, quote] = [10, 13, 34]
/** Where the fields of a row end, 4 bytes each; the byte before the row counts as the end of one. */
const fields = 128

/** Leaves the row, and all behind it, to others. */
export const stopIf = (condition: string) => `(br_if $stop ${condition})`
const equals = (byte: string) => `(i8x16.eq ${get('bytes')} ${byte})`

/** Sets `start` and `to` to where a field, by its place in the table, begins and ends. */
export const bounds = (field: string) => `
  ${set('start', add(`(i32.load offset=${fields - 4} ${get(field)})`, i32(1)))}
  ${set('to', `(i32.load offset=${fields} ${get(field)})`)}`

/** Finds the fields of the row at `at`; `next` is where it ends. Sixteen bytes are compared with what ends a field at once. */
export const findFields = `
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

/** See `readAmount`. */
export const readAmount = `
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

/** See `readDay`. */
export const readDay = `
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

/** Locals of 32 bits that these need, and what of them is set before the first row. */
export const fieldNumbers = [
  ...[
    'width',
    'amountField',
    'dateField',
    'mark',
    'exponent',
    'place',
    'count',
    'found',
    'start',
    'to',
    'byte',
    'next',
  ],
  ...['decimals', 'isBelow', 'amount', 'year', 'month', 'day'],
]
/** Their other locals. */
export const fieldLocals = `
    (local $value i64) (local $bytes v128) (local $separators v128) (local $feeds v128) (local $quotes v128)`

const splat = (byte: string) => `(i8x16.splat ${byte})`

/** Takes settings, by what gives one. */
export const fieldSettings = (setting: (name: string) => string) => `
    ${['width', 'mark', 'exponent'].map((name) => set(name, setting(name))).join(' ')}
    ${['amount', 'date'].map((name) => set(`${name}Field`, setting(name))).join(' ')}
    ${set('separators', splat(setting('separator')))} ${set('feeds', splat(i32(feed)))} ${set('quotes', splat(i32(quote)))}`
