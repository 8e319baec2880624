import { add, get, i32, increase, locals, loopWhile, set, subtract } from '../../../scripts/wasm/text.ts'
import { vehicleBytes } from '../src/optimise/search/kernel/kernel-layout.ts'
import { f64, global, load, number, numberAt, plus, rowOf, setGlobal, setting, word, wordAt } from './anneal-layout.ts'

/** Of two vehicles by bits whether they have room. */
const roomy = (at: number) =>
  `(i64x2.bitmask (f64x2.le (f64x2.add (v128.load offset=${at} ${get('sum')}) ${get('amounts')}) (v128.load offset=${at} ${get('capacity')})))`

const wide = (name: string) => `(i64.extend_i32_u ${get(name)})`

/** Without a branch, as the processor cannot foresee which one it is. */
const lesserOf = (left: string, right: string) =>
  `(f64x2.extract_lane 0 (f64x2.pmin (f64x2.splat ${left}) (f64x2.splat ${right})))`

const gather = `
  ;; Lists the vehicles that have room for the least of what is left out: no other one has any until the next ruin.
  (func $gather ${locals('i32', 'at', 'lanes', 'open', 'sum', 'capacity')} ${locals('f64', 'amount', 'used', 'most')}
    (if ${global('isUnsorted')} (then (call $passOverUnused)))
    ${set('amount', f64('inf'))}
    ${loopWhile(
      'tasks',
      `(i32.lt_s ${get('at')} ${global('poolCount')})`,
      set(
        'amount',
        lesserOf(get('amount'), number(numberAt(setting('amounts'), word(wordAt(setting('sorted'), get('at')))))),
      ),
      increase('at', 1),
    )}
    ${set('sum', setting('openSums'))}
    ${set('capacity', setting('openCapacities'))}
    ${set('lanes', setting('lanes'))}
    ${set('at', i32(0))}
    (loop $vehicles
      ${set('used', number(numberAt(setting('sums'), get('at'))))}
      ${set('most', number(numberAt(setting('capacities'), get('at'))))}
      (i32.store ${wordAt(setting('openVehicles'), get('open'))} (i32.mul ${get('at')} ${i32(vehicleBytes)}))
      (f64.store ${numberAt(get('sum'), get('open'))} ${get('used')})
      (f64.store ${numberAt(get('capacity'), get('open'))} ${get('most')})
      ;; The next one is written over one that has none.
      ${increase('open', `(f64.le ${plus(get('used'), get('amount'))} ${get('most')})`)}
      ${increase('at', 1)}
      (br_if $vehicles (i32.lt_u ${get('at')} ${get('lanes')})))
    ${set('sum', numberAt(get('sum'), get('open')))}
    ${setGlobal('openSumsEnd', get('sum'))}
    (v128.store ${get('sum')} (f64x2.splat ${f64('inf')}))
    (v128.store offset=16 ${get('sum')} (f64x2.splat ${f64('inf')})))`

/** Looks at one vehicle with room: some are passed over by chance. */
const consider = `
  ${set('open', add(get('first'), `(i32.wrap_i64 (i64.ctz ${get('roomy')}))`))}
  ${set('roomy', `(i64.and ${get('roomy')} (i64.sub ${get('roomy')} (i64.const 1)))`)}
  ${set('offset', word(wordAt(setting('openVehicles'), get('open'))))}
  ${set('vehicle', add(setting('vehicles'), get('offset')))}
  ${set('left', subtract(get('left'), load('used')))}
  (if (i32.eqz ${get('left')}) (then
    ${set('left', '(call $gap)')}
    (br $vehicles)))
  ${set('cell', add(get('known'), `(i32.shr_u ${get('offset')} ${i32(3)})`))}
  (if (i32.eq (i32.load offset=8 ${get('cell')}) ${load('version')})
    (then ${set('cost', number(get('cell')))})
    (else
      ${set('cost', `(call $find ${get('row')} ${get('vehicle')})`)}
      (f64.store ${get('cell')} ${get('cost')})
      (i32.store offset=8 ${get('cell')} ${load('version')})))
  ${set('best', `(select ${get('open')} ${get('best')} (f64.lt ${get('cost')} ${get('least')}))`)}
  ${set('least', lesserOf(get('least'), get('cost')))}`

const choose = `
  ;; Into which route a task goes best, by the place of its vehicle in the list of those with room, and in $chosenCost what that
  ;; costs, Infinity where it goes into none.
  (func $choose (param $task i32) (result i32)
    ${locals('i32', 'vehicle', 'offset', 'first', 'shift', 'four', 'open', 'row', 'sum', 'capacity', 'known', 'cell', 'left', 'best')}
    ${locals('i64', 'roomy')} ${locals('f64', 'cost', 'least')} ${locals('v128', 'amounts')}
    (if ${global('isUnsorted')} (then (call $gather)))
    ${set('amounts', `(v128.load64_splat ${numberAt(setting('amounts'), get('task'))})`)}
    ${set('least', f64('inf'))}
    ${set('row', rowOf(get('task')))}
    ${set('left', global('blink'))}
    ${set('known', add(setting('known'), `(i32.mul ${get('task')} ${setting('knownBytes')})`))}
    ${set('sum', setting('openSums'))}
    ${set('capacity', setting('openCapacities'))}
    ;; Of sixty-four at a time it is found out which ones have room, so that what follows is one loop over those.
    (loop $many
      ${set('shift', i32(0))}
      ${set('roomy', '(i64.const 0)')}
      (loop $four
        ${set('four', `(i32.or ${roomy(0)} (i32.shl ${roomy(16)} ${i32(2)}))`)}
        ${set('roomy', `(i64.or ${get('roomy')} (i64.shl ${wide('four')} ${wide('shift')}))`)}
        ${increase('sum', 32)}
        ${increase('capacity', 32)}
        ${increase('shift', 4)}
        (br_if $four (i32.and (i32.lt_u ${get('sum')} ${global('openSumsEnd')}) (i32.lt_u ${get('shift')} ${i32(64)}))))
      (block $none (loop $vehicles
        (br_if $none (i64.eqz ${get('roomy')}))
        ${consider}
        (br $vehicles)))
      ${increase('first', 64)}
      (br_if $many (i32.lt_u ${get('sum')} ${global('openSumsEnd')})))
    ${setGlobal('blink', get('left'))}
    ${setGlobal('chosenCost', get('least'))}
    ${get('best')})`

/** Into which route a task goes best: `Insertions`. */
export const chooseText = `
  (global $openSumsEnd (mut i32) ${i32(0)})
  (global $chosenCost (mut f64) ${f64(0)})
  ${gather}
  ${choose}`
