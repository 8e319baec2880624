import { add, get, i32, increase, locals, set, subtract } from '../../../scripts/wasm/text.ts'
import { shuffle, type Distances } from './anneal-distances.ts'
import { entryAt, load, nodesOf, plus, word } from './anneal-layout.ts'

/** Scans over the positions of a route, four at a time. */
export function positionsText(distances: Distances): string {
  const { shift, toNodes, most, splat, lesser, same, first } = distances
  const costs = shift === 2 ? ['one'] : ['one', 'two']
  const lanes = 4 / costs.length
  const begin = [
    set('legs', load('route')),
    set('nodes', nodesOf(get('legs'))),
    // Of these only the last one counts.
    set('before', `(v128.load${8 << shift}_splat ${entryAt(get('row'), word(get('nodes')), shift)})`),
  ].join('\n')
  /** What it costs to put a task behind each of four positions. */
  const four = [
    ...costs.flatMap((cost, at) => {
      const replaced = `(v128.load offset=${16 * at} ${get('legs')})`
      const into = shuffle(get('before'), get('next'), 16 - (1 << shift))
      return [
        set('next', toNodes(4 + 4 * lanes * at)),
        set(cost, distances.subtract(distances.add(into, get('next')), replaced)),
        set('before', get('next')),
      ]
    }),
    increase('nodes', 16),
    increase('legs', 4 << shift),
  ].join('\n')
  const which = costs
    .map((cost, at) => `(i32.shl ${same(get(cost), get('costs'))} ${i32(lanes * at)})`)
    .reduce((bits, more) => `(i32.or ${bits} ${more})`)
  return `
  ;; What a task costs where it is cheapest in a route: \`insertPlain\`.
  (func $find (param $row i32) (param $vehicle i32) (result f64)
    ${locals('i32', 'legs', 'nodes', 'end')} ${locals('v128', 'least', 'before', 'next', ...costs)}
    ${begin}
    ${set('end', entryAt(get('legs'), load('size'), shift))}
    ${set('least', most)}
    (loop $positions
      ${four}
      ${costs.map((cost) => set('least', lesser(get('least'), get(cost)))).join('\n')}
      (br_if $positions (i32.le_u ${get('legs')} ${get('end')})))
    ${(shift === 2 ? [8, 4] : [8]).map((by) => set('least', lesser(get('least'), shuffle(get('least'), get('least'), by)))).join('\n')}
    (if (i32.eqz ${load('size')}) (then (return ${plus(first(get('least')), load('fixed'))})))
    ${first(get('least'))})

  ;; The first position behind which a task costs so much.
  (func $locate (param $row i32) (param $vehicle i32) (param $cost f64) (result i32)
    ${locals('i32', 'legs', 'nodes', 'which')} ${locals('v128', 'costs', 'before', 'next', ...costs)}
    (if (i32.eqz ${load('size')}) (then (return ${i32(0)})))
    ${begin}
    ${set('costs', splat(get('cost')))}
    (loop $positions
      ${four}
      ${set('which', which)}
      (br_if $positions (i32.eqz ${get('which')})))
    ${add(subtract(`(i32.shr_u ${subtract(get('legs'), load('route'))} ${i32(shift)})`, i32(4)), `(i32.ctz ${get('which')})`)})

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
}
