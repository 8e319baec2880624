import { add, get, i32, increase, locals, set } from '../../../scripts/wasm/text.ts'

/**
 * What `PartJoiner` does with one part, as WebAssembly text: for rows of one currency on the left, with amounts and places of 32
 * bits. The tuples of the left lie in memory one behind the other; each holds how it stands, and then the place of its right one.
 * The table has a slot of 8 bytes for each: hash, and address of the tuple, 0 where it is free.
 *
 * Memory: 0 results (left, right, pairs, and at 16 their sum: i64) · 256 tuples of the right · 16896 places of the right ·
 * 32768 tuples of the left, and behind them the table. It becomes the places of the left and, from its middle on, of the right.
 */

/** How a tuple of the left stands, in bits of its fourth word that the currency leaves free. One that is not in the table is alone. */
const [state, alone, paired, unequal, many] = [24, 0, 1, 2, 3]
const rightPlaces = 16_896

/** The fourth word of a tuple: length of its name, currency, how it stands, and whether it is a wide one. */
const meta = (tuple: string) => `(i32.load offset=12 ${get(tuple)})`
const currency = (tuple: string) => `(i32.and (i32.shr_u ${meta(tuple)} ${i32(8)}) (i32.const 0x7fff))`
const stateOf = (tuple: string) => `(i32.and (i32.shr_u ${meta(tuple)} ${i32(state)}) ${i32(3)})`
const setState = (tuple: string, value: string) =>
  `(i32.store offset=12 ${get(tuple)} (i32.or (i32.and ${meta(tuple)} ${i32(~(3 << state))}) ${value}))`
const is = (value: number) => i32(value << state)

/** `at` is the tuple behind this one. */
const next = increase('at', add(i32(16), `(i32.and ${add(`(i32.load8_u offset=12 ${get('at')})`, i32(3))} ${i32(-4)})`))
const isWide = `(i32.lt_s ${meta('at')} ${i32(0)})`

/** Finds the slot of the name of the tuple at `at`; `known` is the tuple of the left that has it, or 0. */
const find = `
  ${set('hash', `(i32.load ${get('at')})`)}
  ${set('from', `(i32.and (i32.shr_u (i32.mul ${get('hash')} (i32.const ${0x9e3779b1 | 0})) ${i32(5)}) ${get('mask')})`)}
  (block $found (loop $slots
    ${set('slot', add(get('table'), get('from')))}
    ${set('known', `(i32.load offset=4 ${get('slot')})`)}
    (br_if $found (i32.eqz ${get('known')}))
    (block $another
      (br_if $another (i32.ne (i32.load ${get('slot')}) ${get('hash')}))
      ${set('length', `(i32.load8_u offset=12 ${get('at')})`)}
      (br_if $another (i32.ne (i32.load8_u offset=12 ${get('known')}) ${get('length')}))
      ${set('length', `(i32.and ${add(get('length'), i32(3))} ${i32(-4)})`)}
      (loop $words
        (br_if $found (i32.eqz ${get('length')}))
        ${increase('length', i32(-4))}
        (br_if $words (i32.eq
          (i32.load offset=16 ${add(get('at'), get('length'))})
          (i32.load offset=16 ${add(get('known'), get('length'))})))))
    ${set('from', `(i32.and ${add(get('from'), i32(8))} ${get('mask')})`)}
    (br $slots)))`

const tell = (place: string) => `
  (i32.store offset=${rightPlaces} ${get('told')} ${place})
  ${increase('told', i32(4))}`

const isEqual = `(i32.and
  (i32.eq (i32.load offset=8 ${get('known')}) (i32.load offset=8 ${get('at')}))
  (i32.eq ${currency('known')} ${currency('at')}))`

const probed = `
  (if (i32.eqz ${get('known')}) (then ${tell(`(i32.load offset=4 ${get('at')})`)})
  (else (if (i32.eq ${stateOf('known')} ${i32(alone)})
    (then
      ${setState('known', `(select ${is(paired)} ${is(unequal)} ${isEqual})`)}
      ;; The hash is in the table.
      (i32.store ${get('known')} (i32.load offset=4 ${get('at')})))
    (else
      (if (i32.ne ${stateOf('known')} ${i32(many)}) (then ${tell(`(i32.load ${get('known')})`)}))
      ${setState('known', is(many))}
      ${tell(`(i32.load offset=4 ${get('at')})`)}))))`

const searching = ['hash', 'from', 'slot', 'known', 'length']

/** The module's text. */
export const joinText = `(module
  (memory (export "memory") 1)

  ;; Puts tuples of the left into the table, whose last slot is at $mask of it. Gives 1 when it cannot: one is wide, or currencies differ.
  (func (export "fill") (param $at i32) (param $to i32) (param $table i32) (param $mask i32) (result i32)
    ${locals('i32', 'currency', ...searching)}
    ${set('currency', currency('at'))}
    (block $all (loop $tuples
      (br_if $all (i32.ge_u ${get('at')} ${get('to')}))
      (if (i32.or ${isWide} (i32.ne ${currency('at')} ${get('currency')})) (then (return ${i32(1)})))
      ${find}
      (if ${get('known')}
        (then ${setState('known', is(many))})
        (else
          (i32.store ${get('slot')} ${get('hash')})
          (i32.store offset=4 ${get('slot')} ${get('at')})))
      ${next}
      (br $tuples)))
    ${i32(0)})

  ;; Looks tuples of the right up; gives how many bytes of places it told that have no partner, or -1 when one is wide.
  (func (export "probe") (param $at i32) (param $to i32) (param $table i32) (param $mask i32) (result i32)
    ${locals('i32', 'told', ...searching)}
    (block $all (loop $tuples
      (br_if $all (i32.ge_u ${get('at')} ${get('to')}))
      (if ${isWide} (then (return ${i32(-1)})))
      ${find}
      ${probed}
      ${next}
      (br $tuples)))
    ${get('told')})

  ;; Tells what became of the tuples of the left: places without a partner from $left and $right on.
  (func (export "collect") (param $at i32) (param $to i32) (param $left i32) (param $right i32)
    ${locals('i32', 'state', 'toLeft', 'toRight', 'pairs')} (local $sum i64)
    ${set('toLeft', get('left'))} ${set('toRight', get('right'))}
    (block $all (loop $tuples
      (br_if $all (i32.ge_u ${get('at')} ${get('to')}))
      ${set('state', stateOf('at'))}
      (if (i32.eq ${get('state')} ${i32(paired)})
        (then
          ${increase('pairs', i32(1))}
          ${set('sum', `(i64.add ${get('sum')} (i64.load32_s offset=8 ${get('at')}))`)})
        (else
          (i32.store ${get('toLeft')} (i32.load offset=4 ${get('at')}))
          ${increase('toLeft', i32(4))}
          (if (i32.eq ${get('state')} ${i32(unequal)}) (then
            (i32.store ${get('toRight')} (i32.load ${get('at')}))
            ${increase('toRight', i32(4))}))))
      ${next}
      (br $tuples)))
    (i32.store (i32.const 0) (i32.sub ${get('toLeft')} ${get('left')}))
    (i32.store offset=4 (i32.const 0) (i32.sub ${get('toRight')} ${get('right')}))
    (i32.store offset=8 (i32.const 0) ${get('pairs')})
    (i64.store offset=16 (i32.const 0) ${get('sum')})))
`
