import { add, get, i32, increase, locals, loopWhile, set, subtract } from '../../../scripts/wasm/text.ts'
import { vehicleBytes } from '../src/optimise/search/kernel/kernel-layout.ts'
import { f64, global, load, number, numberAt, rowOffset, setGlobal, setting, word, wordAt } from './anneal-layout.ts'

/** Of two vehicles by bits whether they have room. */
const roomy = (at: number) =>
  `(i64x2.bitmask (f64x2.le (f64x2.add (v128.load offset=${at} ${get('sum')}) ${get('amounts')}) (v128.load offset=${at} ${get('capacity')})))`

const wide = (name: string) => `(i64.extend_i32_u ${get(name)})`

/** Without a branch, as the processor cannot foresee which one it is. */
const lesserOf = (left: string, right: string) =>
  `(f64x2.extract_lane 0 (f64x2.pmin (f64x2.splat ${left}) (f64x2.splat ${right})))`

/** Does something for each vehicle with room for `amounts`, `each` by its place, of those whose sums stand from `sum` to `end`. */
const forRoomy = (end: string, ...body: readonly string[]) => `
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
        (br_if $four (i32.and (i32.lt_u ${get('sum')} ${end}) (i32.lt_u ${get('shift')} ${i32(64)}))))
      (block $none (loop $vehicles
        (br_if $none (i64.eqz ${get('roomy')}))
        ${set('each', add(get('first'), `(i32.wrap_i64 (i64.ctz ${get('roomy')}))`))}
        ${set('roomy', `(i64.and ${get('roomy')} (i64.sub ${get('roomy')} (i64.const 1)))`)}
        ${body.join('\n')}
        (br $vehicles)))
      ${increase('first', 64)}
      (br_if $many (i32.lt_u ${get('sum')} ${end})))`
const scanLocals = `${locals('i32', 'first', 'shift', 'four', 'each', 'sum', 'capacity')} ${locals('i64', 'roomy')} ${locals('v128', 'amounts')}`

const gather = `
  ;; Lists the vehicles that have room for the least of what is left out: no other one has any until the next ruin.
  (func $gather ${scanLocals} ${locals('i32', 'at', 'end', 'openSum', 'openCapacity', 'open')}
    (if ${global('isUnsorted')} (then (call $passOverUnused)))
    ${set('amounts', `(f64x2.splat ${f64('inf')})`)}
    ${loopWhile(
      'tasks',
      `(i32.lt_s ${get('at')} ${global('poolCount')})`,
      set(
        'amounts',
        `(f64x2.pmin ${get('amounts')} (v128.load64_splat ${numberAt(setting('amounts'), word(wordAt(setting('sorted'), get('at'))))}))`,
      ),
      increase('at', 1),
    )}
    ${set('sum', setting('sums'))}
    ${set('capacity', setting('capacities'))}
    ${set('end', numberAt(get('sum'), setting('lanes')))}
    ${set('open', setting('openVehicles'))}
    ${set('openSum', setting('openSums'))}
    ${set('openCapacity', setting('openCapacities'))}
    ${forRoomy(
      get('end'),
      `(i32.store ${get('open')} (i32.mul ${get('each')} ${i32(vehicleBytes)}))`,
      `(f64.store ${get('openSum')} ${number(numberAt(setting('sums'), get('each')))})`,
      `(f64.store ${get('openCapacity')} ${number(numberAt(setting('capacities'), get('each')))})`,
      increase('open', 4),
      increase('openSum', 8),
      increase('openCapacity', 8),
    )}
    ${setGlobal('openSumsEnd', get('openSum'))}
    (v128.store ${get('openSum')} (f64x2.splat ${f64('inf')}))
    (v128.store offset=16 ${get('openSum')} (f64x2.splat ${f64('inf')})))`

/** Looks at one vehicle with room: some are passed over by chance. */
const consider = `
  ${set('offset', word(wordAt(setting('openVehicles'), get('each'))))}
  ${set('vehicle', add(setting('vehicles'), get('offset')))}
  ${set('left', subtract(get('left'), load('used')))}
  (if (i32.eqz ${get('left')}) (then
    ${set('left', '(call $gap)')}
    (br $vehicles)))
  ${set('cell', add(get('known'), `(i32.shr_u ${get('offset')} ${i32(3)})`))}
  (if (i32.eq (i32.load offset=8 ${get('cell')}) ${load('version')})
    (then ${set('cost', number(get('cell')))})
    (else
      ${set('cost', `(call $find ${add(load('distances'), get('row'))} ${get('vehicle')})`)}
      (f64.store ${get('cell')} ${get('cost')})
      (i32.store offset=8 ${get('cell')} ${load('version')})))
  ${set('best', `(select ${get('each')} ${get('best')} (f64.lt ${get('cost')} ${get('least')}))`)}
  ${set('least', lesserOf(get('least'), get('cost')))}`

const choose = `
  ;; Into which route a task goes best, by the place of its vehicle in the list of those with room, and in $chosenCost what that
  ;; costs, Infinity where it goes into none.
  (func $choose (param $task i32) (result i32)
    ${scanLocals} ${locals('i32', 'vehicle', 'offset', 'row', 'known', 'cell', 'left', 'best')} ${locals('f64', 'cost', 'least')}
    (if ${global('isUnsorted')} (then (call $gather)))
    ${set('amounts', `(v128.load64_splat ${numberAt(setting('amounts'), get('task'))})`)}
    ${set('least', f64('inf'))}
    ${set('row', rowOffset(get('task')))}
    ${set('left', global('blink'))}
    ${set('known', add(setting('known'), `(i32.mul ${get('task')} ${setting('knownBytes')})`))}
    ${set('sum', setting('openSums'))}
    ${set('capacity', setting('openCapacities'))}
    ${forRoomy(global('openSumsEnd'), consider)}
    ${setGlobal('blink', get('left'))}
    ${setGlobal('chosenCost', get('least'))}
    ${get('best')})`

/** Into which route a task goes best: `Insertions`. */
export const chooseText = `
  (global $openSumsEnd (mut i32) ${i32(0)})
  (global $chosenCost (mut f64) ${f64(0)})
  ${gather}
  ${choose}`
