import { add, get, i32, increase, locals, set, subtract } from '../../../scripts/wasm/text.ts'
import { f64, legAt, load, nodesOf, numberAt, plus, word } from './anneal-layout.ts'

/** Two numbers side by side, of the row of a task: the distances to two nodes. */
const distancesTo = (offset: number) => {
  const to = (at: number) => numberAt(get('row'), `(i32.load offset=${at} ${get('nodes')})`)
  return `(v128.load64_lane 1 ${to(offset + 4)} (v128.load64_zero ${to(offset)}))`
}
const upperThenLower = (first: string, second: string) =>
  `(i8x16.shuffle 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 ${get(first)} ${get(second)})`

/** What it costs to put a task behind each of four positions, two of them in `one` and two in `two`. */
const four = [
  set('next', distancesTo(4)),
  set('one', `(f64x2.sub (f64x2.add ${upperThenLower('before', 'next')} ${get('next')}) (v128.load ${get('legs')}))`),
  set('before', distancesTo(12)),
  set(
    'two',
    `(f64x2.sub (f64x2.add ${upperThenLower('next', 'before')} ${get('before')}) (v128.load offset=16 ${get('legs')}))`,
  ),
  increase('nodes', 16),
  increase('legs', 32),
].join('\n')

const begin = [
  set('legs', load('route')),
  set('nodes', nodesOf(get('legs'))),
  set('before', `(v128.load64_splat ${numberAt(get('row'), word(get('nodes')))})`),
].join('\n')

/** A scan over the positions of a route, four at a time. */
export const positionsText = `
  ;; What a task costs where it is cheapest in a route: \`insertPlain\`.
  (func $find (param $row i32) (param $vehicle i32) (result f64)
    ${locals('i32', 'legs', 'nodes', 'end')} ${locals('v128', 'least', 'before', 'next', 'one', 'two')}
    ${begin}
    ${set('end', legAt(get('legs'), load('size')))}
    ${set('least', `(f64x2.splat ${f64('inf')})`)}
    (loop $positions
      ${four}
      ${set('least', `(f64x2.pmin (f64x2.pmin ${get('least')} ${get('one')}) ${get('two')})`)}
      (br_if $positions (i32.le_u ${get('legs')} ${get('end')})))
    ${set('least', `(f64x2.pmin ${get('least')} ${upperThenLower('least', 'least')})`)}
    (if (i32.eqz ${load('size')}) (then
      (return ${plus(`(f64x2.extract_lane 0 ${get('least')})`, load('fixed'))})))
    (f64x2.extract_lane 0 ${get('least')}))

  ;; The first position behind which a task costs so much.
  (func $locate (param $row i32) (param $vehicle i32) (param $cost f64) (result i32)
    ${locals('i32', 'legs', 'nodes', 'which')} ${locals('v128', 'costs', 'before', 'next', 'one', 'two')}
    (if (i32.eqz ${load('size')}) (then (return ${i32(0)})))
    ${begin}
    ${set('costs', `(f64x2.splat ${get('cost')})`)}
    (loop $positions
      ${four}
      ${set(
        'which',
        `(i32.or (i64x2.bitmask (f64x2.eq ${get('one')} ${get('costs')}))
          (i32.shl (i64x2.bitmask (f64x2.eq ${get('two')} ${get('costs')})) ${i32(2)}))`,
      )}
      (br_if $positions (i32.eqz ${get('which')})))
    ${add(subtract(`(i32.shr_u ${subtract(get('legs'), load('route'))} ${i32(3)})`, i32(4)), `(i32.ctz ${get('which')})`)})

  ;; The position of a task.
  (func $positionOf (param $task i32) (param $vehicle i32) (result i32)
    ${locals('i32', 'nodes', 'which')} ${locals('v128', 'tasks')}
    ${set('nodes', nodesOf(load('route')))}
    ${set('tasks', `(i32x4.splat ${get('task')})`)}
    (loop $positions
      ${set('which', `(i32x4.bitmask (i32x4.eq (v128.load ${get('nodes')}) ${get('tasks')}))`)}
      ${increase('nodes', 16)}
      (br_if $positions (i32.eqz ${get('which')})))
    ${add(subtract(`(i32.shr_u ${subtract(get('nodes'), nodesOf(load('route')))} ${i32(2)})`, i32(4)), `(i32.ctz ${get('which')})`)})`
