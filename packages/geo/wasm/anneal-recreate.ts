import { add, get, i32, increase, locals, loopWhile, set, subtract } from '../../../scripts/wasm/text.ts'
import { vehicleBytes } from '../src/optimise/search/kernel/kernel-layout.ts'
import {
  distance,
  f64,
  global,
  leg,
  load,
  minus,
  node,
  number,
  numberAt,
  plus,
  rowOf,
  setGlobal,
  setting,
  word,
  wordAt,
} from './anneal-layout.ts'

/** Remembers where a task is cheapest in a route: `insertPlain`. The cell is the place in tables per task and vehicle. */
const find = `
  (func $find (param $cell i32) (param $row i32) (param $vehicle i32)
    ${locals('i32', 'at', 'end', 'best')} ${locals('f64', 'least', 'cost', 'here', 'next')}
    ${set('at', load('route'))}
    ${set('end', add(get('at'), `(i32.shl ${load('size')} ${i32(4)})`))}
    ${set('least', f64('inf'))}
    ${set('here', distance(get('row'), node(get('at'))))}
    (loop $positions
      ${set('next', distance(get('row'), `(i32.load offset=24 ${get('at')})`))}
      ${set('cost', minus(plus(get('here'), get('next')), leg(get('at'))))}
      (if (f64.lt ${get('cost')} ${get('least')}) (then ${set('least', get('cost'))} ${set('best', get('at'))}))
      ${set('here', get('next'))}
      ${increase('at', 16)}
      (br_if $positions (i32.le_u ${get('at')} ${get('end')})))
    (if (i32.eqz ${load('size')}) (then ${set('least', plus(get('least'), load('fixed')))}))
    (f64.store ${numberAt(setting('costs'), get('cell'))} ${get('least')})
    (i32.store ${wordAt(setting('versions'), get('cell'))} ${load('version')})
    (i32.store ${wordAt(setting('positions'), get('cell'))} (i32.shr_u ${subtract(get('best'), load('route'))} ${i32(4)})))`

/** Gives vehicles that are passed over by chance in this scan an infinite sum; how many is left in `blinked`. */
const blink = `
  (func $blink (result i32) ${locals('i32', 'vehicle', 'left', 'unseen', 'count')}
    ${set('left', global('blink'))}
    ${set('unseen', global('usedCount'))}
    ${set('vehicle', setting('vehicles'))}
    ${loopWhile(
      'blinks',
      `(i32.le_s ${get('left')} ${get('unseen')})`,
      set('unseen', subtract(get('unseen'), get('left'))),
      `(loop $used
        ${set('left', subtract(get('left'), load('used')))}
        ${increase('vehicle', vehicleBytes)}
        (br_if $used ${get('left')}))`,
      `(i32.store ${wordAt(setting('blinked'), get('count'))} ${subtract(get('vehicle'), i32(vehicleBytes))})`,
      increase('count', 1),
      `(f64.store ${numberAt(setting('sums'), load('index', subtract(get('vehicle'), i32(vehicleBytes))))} ${f64('inf')})`,
      set('left', '(call $gap)'),
    )}
    ${setGlobal('blink', subtract(get('left'), get('unseen')))}
    ${get('count')})`

const pair = (table: string, at: number) => `(v128.load offset=${at} ${get(table)})`
/** Of two vehicles those that have room. */
const roomy = (at: number) => `(f64x2.le (f64x2.add ${pair('sum', at)} ${get('amounts')}) ${pair('capacity', at)})`
const least = (name: string) =>
  [
    set(
      'cost',
      `(v128.bitselect (v128.load offset=${name === 'A' ? 0 : 16} ${get('costs')}) ${get('none')} ${get(`room${name}`)})`,
    ),
    set('isLess', `(f64x2.lt ${get('cost')} ${get(`least${name}`)})`),
    set(`least${name}`, `(v128.bitselect ${get('cost')} ${get(`least${name}`)} ${get('isLess')})`),
    set(`best${name}`, `(v128.bitselect (i32x4.splat ${get('cell')}) ${get(`best${name}`)} ${get('isLess')})`),
  ].join('\n')
/** Takes the cheapest of a lane, of those that cost the same the first. */
const take = (name: string, lane: number) => `
    ${set('other', `(f64x2.extract_lane ${lane} ${get(`least${name}`)})`)}
    ${set('at', add(`(i32x4.extract_lane ${2 * lane} ${get(`best${name}`)})`, i32((name === 'A' ? 0 : 2) + lane)))}
    (if (i32.or (f64.lt ${get('other')} ${global('chosenCost')})
        (i32.and (f64.eq ${get('other')} ${global('chosenCost')}) (i32.lt_s ${get('at')} ${get('chosen')}))) (then
      ${setGlobal('chosenCost', get('other'))}
      ${set('chosen', get('at'))}))`

const choose = `
  ;; The cell of the vehicle into whose route a task goes best, and in $chosenCost what that costs, Infinity where it goes into none.
  (func $choose (param $task i32) (result i32)
    ${locals('i32', 'cell', 'last', 'row', 'sum', 'capacity', 'version', 'versions', 'costs', 'stale', 'at', 'chosen', 'blinks', 'first')}
    ${locals('f64', 'other')}
    ${locals('v128', 'amounts', 'none', 'roomA', 'roomB', 'leastA', 'leastB', 'bestA', 'bestB', 'cost', 'isLess')}
    (if ${global('isUnsorted')} (then (call $passOverUnused)))
    ${set('blinks', '(call $blink)')}
    ${set('amounts', `(f64x2.splat ${number(numberAt(setting('amounts'), get('task')))})`)}
    ${set('none', `(f64x2.splat ${f64('inf')})`)}
    ${set('leastA', get('none'))} ${set('leastB', get('none'))}
    ${set('first', `(i32.mul ${get('task')} ${setting('lanes')})`)}
    ${set('cell', get('first'))}
    ${set('last', add(get('cell'), setting('lanes')))}
    ${set('costs', numberAt(setting('costs'), get('cell')))}
    ${set('versions', wordAt(setting('versions'), get('cell')))}
    ${set('sum', setting('sums'))} ${set('capacity', setting('capacities'))} ${set('version', setting('currentVersions'))}
    ${set('row', rowOf(get('task')))}
    (loop $four
      ${set('roomA', roomy(0))} ${set('roomB', roomy(16))}
      (if (v128.any_true (v128.or ${get('roomA')} ${get('roomB')})) (then
        ${set(
          'stale',
          `(i32.and
          (i32.or (i64x2.bitmask ${get('roomA')}) (i32.shl (i64x2.bitmask ${get('roomB')}) ${i32(2)}))
          (i32x4.bitmask (i32x4.ne (v128.load ${get('version')}) (v128.load ${get('versions')}))))`,
        )}
        ${loopWhile(
          'stale',
          get('stale'),
          set('at', add(get('cell'), `(i32.ctz ${get('stale')})`)),
          `(call $find ${get('at')} ${get('row')} (i32.add ${setting('vehicles')} (i32.mul ${subtract(get('at'), get('first'))} ${i32(vehicleBytes)})))`,
          set('stale', `(i32.and ${get('stale')} ${subtract(get('stale'), i32(1))})`),
        )}
        ${least('A')}
        ${least('B')}))
      ${['costs', 'sum', 'capacity'].map((name) => increase(name, 32)).join('\n')}
      ${['versions', 'version'].map((name) => increase(name, 16)).join('\n')}
      ${increase('cell', 4)}
      (br_if $four (i32.lt_u ${get('cell')} ${get('last')})))
    ${loopWhile(
      'blinks',
      get('blinks'),
      increase('blinks', -1),
      set('at', word(wordAt(setting('blinked'), get('blinks')))),
      `(f64.store ${numberAt(setting('sums'), load('index', get('at')))} ${load('sum', get('at'))})`,
    )}
    ${setGlobal('chosenCost', f64('inf'))}
    ${set('chosen', i32(-1))}
    ${[take('A', 0), take('A', 1), take('B', 0), take('B', 1)].join('\n')}
    ${get('chosen')})`

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
  ${blink}
  ${choose}
  ${sort}

  ;; Inserts what is left out; 0 as soon as that costs as much as $most.
  (func $recreate (param $most f64) (result i32)
    ${locals('i32', 'at', 'kept', 'task', 'cell')} ${locals('f64', 'left', 'absence')}
    (call $sort)
    ${loopWhile(
      'tasks',
      `(i32.lt_s ${get('at')} ${global('poolCount')})`,
      set('task', word(wordAt(setting('pool'), get('at')))),
      set('absence', number(numberAt(setting('absences'), get('task')))),
      set('cell', `(call $choose ${get('task')})`),
      `(block $inserted
        (if (f64.lt ${global('chosenCost')} ${get('absence')}) (then
          (call $insert ${get('task')}
            (i32.add ${setting('vehicles')} (i32.mul (i32.rem_u ${get('cell')} ${setting('lanes')}) ${i32(vehicleBytes)}))
            ${word(wordAt(setting('positions'), get('cell')))})
          (br $inserted)))
        (i32.store ${wordAt(setting('pool'), get('kept'))} ${get('task')})
        ${increase('kept', 1)}
        ${set('left', plus(get('left'), get('absence')))})`,
      `(if (f64.ge ${plus(global('travel'), get('left'))} ${get('most')}) (then (return ${i32(0)})))`,
      increase('at', 1),
    )}
    ${setGlobal('poolCount', get('kept'))}
    ${i32(1)})`
