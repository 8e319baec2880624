import { add, get, i32, increase, locals, loopWhile, set, subtract } from '../../../scripts/wasm/text.ts'
import {
  distance,
  f64,
  global,
  leg,
  load,
  minus,
  node,
  number,
  positionAt,
  vehicleAt,
  numberAt,
  plus,
  rowOf,
  setGlobal,
  setting,
  word,
  wordAt,
} from './anneal-layout.ts'

/** Two numbers side by side, from two addresses. */
const pair = (first: string, second: string) => `(v128.load64_lane 1 ${second} (v128.load64_zero ${first}))`
const from = (offset: number) => numberAt(get('row'), `(i32.load offset=${offset} ${get('at')})`)

/** What a task costs where it is cheapest in a route: `insertPlain`, two positions at a time. */
const find = `
  (func $find (param $row i32) (param $vehicle i32) (result f64)
    ${locals('i32', 'at', 'end')} ${locals('v128', 'least', 'before', 'next')}
    ${set('at', load('route'))}
    ${set('end', positionAt(get('at'), load('size')))}
    ${set('least', `(f64x2.splat ${f64('inf')})`)}
    ${set('before', `(v128.load64_splat ${from(8)})`)}
    (loop $positions
      ${set('next', pair(from(24), from(40)))}
      ${set(
        'least',
        `(f64x2.pmin ${get('least')} (f64x2.sub
          (f64x2.add (i8x16.shuffle 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 ${get('before')} ${get('next')}) ${get('next')})
          ${pair(get('at'), add(get('at'), i32(16)))}))`,
      )}
      ${set('before', get('next'))}
      ${increase('at', 32)}
      (br_if $positions (i32.le_u ${get('at')} ${get('end')})))
    (f64.add
      (f64.min (f64x2.extract_lane 0 ${get('least')}) (f64x2.extract_lane 1 ${get('least')}))
      (select ${f64(0)} ${load('fixed')} ${load('size')})))`

const locate = `
  ;; The first position behind which a task costs so much.
  (func $locate (param $row i32) (param $vehicle i32) (param $cost f64) (result i32)
    ${locals('i32', 'at')} ${locals('f64', 'before', 'next')}
    (if (i32.eqz ${load('size')}) (then (return ${i32(0)})))
    ${set('at', load('route'))}
    ${set('next', distance(get('row'), node(get('at'))))}
    (loop $positions
      ${set('before', get('next'))}
      ${set('next', distance(get('row'), `(i32.load offset=24 ${get('at')})`))}
      ${increase('at', 16)}
      (br_if $positions (f64.ne ${get('cost')} ${minus(plus(get('before'), get('next')), leg(subtract(get('at'), i32(16))))})))
    ${subtract(`(i32.shr_u ${subtract(get('at'), load('route'))} ${i32(4)})`, i32(1))})`

/** Looks at one vehicle with room: some are passed over by chance. */
const consider = `
  ${set('index', add(get('first'), `(i32.ctz ${get('roomy')})`))}
  ${set('roomy', `(i32.and ${get('roomy')} ${subtract(get('roomy'), i32(1))})`)}
  ${set('vehicle', vehicleAt(get('index')))}
  (if ${load('size')} (then
    ${set('left', subtract(get('left'), i32(1)))}
    (if (i32.eqz ${get('left')}) (then
      ${set('left', '(call $gap)')}
      (br $vehicles)))))
  ${set('version', wordAt(get('versions'), get('index')))}
  ${set('known', numberAt(get('costs'), get('index')))}
  (if (i32.eq ${word(get('version'))} ${load('version')})
    (then ${set('cost', number(get('known')))})
    (else
      ${set('cost', `(call $find ${get('row')} ${get('vehicle')})`)}
      (f64.store ${get('known')} ${get('cost')})
      (i32.store ${get('version')} ${load('version')})))
  (if (f64.lt ${get('cost')} ${get('least')}) (then
    ${set('least', get('cost'))}
    ${set('best', get('vehicle'))}))`

/** Which of two vehicles have room, by bits. */
const roomy = (at: number) =>
  `(i64x2.bitmask (f64x2.le (f64x2.add (v128.load offset=${at} ${get('sum')}) ${get('amounts')}) (v128.load offset=${at} ${get('capacity')})))`

const choose = `
  ;; The vehicle into whose route a task goes best, and in $chosenCost what that costs; 0 where it goes into none.
  (func $choose (param $task i32) (result i32)
    ${locals('i32', 'vehicle', 'first', 'index', 'row', 'sum', 'capacity', 'version', 'versions', 'costs', 'known', 'roomy', 'left', 'best')}
    ${locals('f64', 'cost', 'least')} ${locals('v128', 'amounts')}
    (if ${global('isUnsorted')} (then (call $passOverUnused)))
    ${set('amounts', `(v128.load64_splat ${numberAt(setting('amounts'), get('task'))})`)}
    ${set('least', f64('inf'))}
    ${set('row', rowOf(get('task')))}
    ${set('left', global('blink'))}
    ${set('index', `(i32.mul ${get('task')} ${setting('lanes')})`)}
    ${set('costs', numberAt(setting('costs'), get('index')))}
    ${set('versions', wordAt(setting('versions'), get('index')))}
    ${set('sum', setting('sums'))}
    ${set('capacity', setting('capacities'))}
    (loop $four
      ${set('roomy', `(i32.or ${roomy(0)} (i32.shl ${roomy(16)} ${i32(2)}))`)}
      (block $none (loop $vehicles
        (br_if $none (i32.eqz ${get('roomy')}))
        ${consider}
        (br $vehicles)))
      ${increase('sum', 32)}
      ${increase('capacity', 32)}
      ${increase('first', 4)}
      (br_if $four (i32.lt_u ${get('first')} ${setting('lanes')})))
    ${setGlobal('blink', get('left'))}
    ${setGlobal('chosenCost', get('least'))}
    ${get('best')})`

const key = (test: string, value: string, otherwise: string) =>
  `(if (result f64) ${test} (then ${value}) (else ${otherwise}))`
const below = (bound: number) => `(i32.lt_s ${get('draw')} ${i32(bound)})`
const keyOf = (table: 'sizes' | 'farness') => number(numberAt(setting(table), get('task')))

const sort = `
  ;; Puts the tasks that are left out in one of several orders, by chance.
  (func $sort ${locals('i32', 'draw', 'at', 'before', 'task')} ${locals('f64', 'key', 'other')}
    ${set('draw', `(call $below ${i32(11)})`)}
    ${loopWhile(
      'tasks',
      `(i32.lt_s ${get('at')} ${global('poolCount')})`,
      set('task', word(wordAt(setting('pool'), get('at')))),
      set(
        'key',
        key(
          below(4),
          '(f64.convert_i32_s (call $word))',
          key(
            below(8),
            `(f64.neg ${keyOf('sizes')})`,
            key(below(10), `(f64.neg ${keyOf('farness')})`, keyOf('farness')),
          ),
        ),
      ),
      set('before', get('at')),
      `(block $placed (loop $earlier
        (br_if $placed (i32.eqz ${get('before')}))
        ${set('other', number(numberAt(setting('keys'), subtract(get('before'), i32(1)))))}
        (br_if $placed (i32.eqz (f64.gt ${get('other')} ${get('key')})))
        (f64.store ${numberAt(setting('keys'), get('before'))} ${get('other')})
        (i32.store ${wordAt(setting('pool'), get('before'))} ${word(wordAt(setting('pool'), subtract(get('before'), i32(1))))})
        ${increase('before', -1)}
        (br $earlier)))`,
      `(f64.store ${numberAt(setting('keys'), get('before'))} ${get('key')})`,
      `(i32.store ${wordAt(setting('pool'), get('before'))} ${get('task')})`,
      increase('at', 1),
    )})`

/** Greedy insertion with blinks: `Recreate` and `Insertions`. */
export const recreateText = `
  (global $chosenCost (mut f64) ${f64(0)})
  ${find}
  ${locate}
  ${choose}
  ${sort}

  ;; Inserts what is left out; 0 as soon as that costs as much as $most.
  (func $recreate (param $most f64) (result i32)
    ${locals('i32', 'at', 'kept', 'task', 'vehicle')} ${locals('f64', 'left', 'absence')}
    (call $sort)
    ${loopWhile(
      'tasks',
      `(i32.lt_s ${get('at')} ${global('poolCount')})`,
      set('task', word(wordAt(setting('pool'), get('at')))),
      set('absence', number(numberAt(setting('absences'), get('task')))),
      set('vehicle', `(call $choose ${get('task')})`),
      `(block $inserted
        (if (f64.lt ${global('chosenCost')} ${get('absence')}) (then
          (call $insert ${get('task')} ${get('vehicle')} (call $locate ${rowOf(get('task'))} ${get('vehicle')} ${global('chosenCost')}))
          (br $inserted)))
        (i32.store ${wordAt(setting('pool'), get('kept'))} ${get('task')})
        ${increase('kept', 1)}
        ${set('left', plus(get('left'), get('absence')))})`,
      `(if (f64.ge ${plus(global('travel'), get('left'))} ${get('most')}) (then (return ${i32(0)})))`,
      increase('at', 1),
    )}
    ${setGlobal('poolCount', get('kept'))}
    ${i32(1)})`
