import { add, get, i32, increase, locals, set, subtract } from '../../../scripts/wasm/text.ts'
import type { Distances } from './anneal-distances.ts'
import {
  entryAt,
  f64,
  global,
  load,
  minus,
  nodeAt,
  nodesOf,
  number,
  numberAt,
  plus,
  rowOf,
  setGlobal,
  setting,
  store,
  word,
  wordAt,
} from './anneal-layout.ts'

const renew = `
    ${setGlobal('version', add(global('version'), i32(1)))}
    ${store('version', global('version'))}`

/** Changes of what stands in a route: `route-updates.ts`. */
export function updatesText({ shift, ...distances }: Distances): string {
  const bytes = 1 << shift
  const legAt = (route: string, index: string) => entryAt(route, index, shift)
  const distance = (row: string, to: string) => distances.load(entryAt(row, to, shift))
  /** Where sixteen bytes each of the legs of four positions begin. */
  const legBlocks = shift === 2 ? [0] : [0, 16]
  return `
  ;; Copies so many positions of a route to those of another place, and up to three more, or four in place of none.
  (func $copy (param $to i32) (param $toAt i32) (param $from i32) (param $fromAt i32) (param $count i32)
    ${locals('i32', 'nodesTo', 'nodesFrom', 'end')}
    ${set('nodesTo', nodeAt(get('to'), get('toAt')))}
    ${set('nodesFrom', nodeAt(get('from'), get('fromAt')))}
    ${set('end', wordAt(get('nodesFrom'), get('count')))}
    ${set('to', legAt(get('to'), get('toAt')))}
    ${set('from', legAt(get('from'), get('fromAt')))}
    (loop $blocks
      ${legBlocks.map((at) => `(v128.store offset=${at} ${get('to')} (v128.load offset=${at} ${get('from')}))`).join('\n')}
      (v128.store ${get('nodesTo')} (v128.load ${get('nodesFrom')}))
      ${increase('from', 4 * bytes)}
      ${increase('to', 4 * bytes)}
      ${increase('nodesTo', 16)}
      ${increase('nodesFrom', 16)}
      (br_if $blocks (i32.lt_u ${get('nodesFrom')} ${get('end')}))))

  ;; Works out the leg that leads to a position.
  (func $join (param $vehicle i32) (param $route i32) (param $at i32) ${locals('i32', 'node')}
    ${set('node', nodeAt(get('route'), get('at')))}
    ${distances.store(
      subtract(legAt(get('route'), get('at')), i32(bytes)),
      distance(rowOf(word(subtract(get('node'), i32(4)))), word(get('node'))),
    )})

  ;; Drops all positions from $begin to before $tail but for $kept of them, which are $gap behind the first.
  (func $drop (param $vehicle i32) (param $begin i32) (param $gap i32) (param $kept i32) (param $tail i32)
    ${locals('i32', 'from', 'to', 'leg', 'node', 'end', 'last')} ${locals('f64', 'cost', 'sum')}
    ${setGlobal('travel', minus(global('travel'), load('cost')))}
    (call $change ${get('vehicle')})
    ${set('from', load('spare'))}
    ${set('to', load('route'))}
    (call $copy ${get('to')} ${i32(0)} ${get('from')} ${i32(0)} ${get('begin')})
    (call $copy ${get('to')} ${get('begin')} ${get('from')} ${add(get('begin'), get('gap'))} ${get('kept')})
    ${set('last', add(get('begin'), get('kept')))}
    (call $copy ${get('to')} ${get('last')} ${get('from')} ${get('tail')} ${subtract(add(load('size'), i32(5)), get('tail'))})
    ${store('size', subtract(load('size'), subtract(get('tail'), get('last'))))}
    (call $join ${get('vehicle')} ${get('to')} ${get('begin')})
    (call $join ${get('vehicle')} ${get('to')} ${get('last')})
    (if ${load('size')}
      (then
        ${set('leg', get('to'))}
        ${set('node', nodesOf(get('to')))}
        ${set('end', wordAt(get('node'), load('size')))}
        ${set('cost', distances.load(get('leg')))}
        (loop $positions
          ${increase('leg', bytes)}
          ${increase('node', 4)}
          ${set('cost', plus(get('cost'), distances.load(get('leg'))))}
          ${set('sum', plus(get('sum'), number(numberAt(setting('amounts'), word(get('node'))))))}
          (br_if $positions (i32.lt_u ${get('node')} ${get('end')})))
        ${store('cost', plus(get('cost'), load('fixed')))}
        ${renew})
      (else
        ${store('cost', f64(0))}
        ${distances.store(get('to'), f64(0))}
        ;; All empty routes of a vehicle are the same.
        ${store('version', i32(-2))}))
    ${store('sum', get('sum'))}
    (call $publish ${get('vehicle')})
    ${setGlobal('travel', plus(global('travel'), load('cost')))})

  ;; Puts a task between position $after and the next one.
  (func $insert (param $task i32) (param $vehicle i32) (param $after i32)
    ${locals('i32', 'leg', 'node', 'legs', 'nodes', 'row', 'blocks')} ${locals('f64', 'replaced', 'added', 'into', 'out')}
    (if (i32.eqz ${load('changed')}) (then
      (call $change ${get('vehicle')})
      (call $copy ${load('route')} ${i32(0)} ${load('spare')} ${i32(0)} ${add(load('size'), i32(5))})))
    ${setGlobal('travel', minus(global('travel'), load('cost')))}
    ${set('leg', legAt(load('route'), get('after')))}
    ${set('node', nodeAt(load('route'), get('after')))}
    ${set('row', rowOf(get('task')))}
    ${set('replaced', distances.load(get('leg')))}
    ${set('into', distance(get('row'), word(get('node'))))}
    ${set('out', distance(get('row'), `(i32.load offset=4 ${get('node')})`))}
    ;; What stands behind moves on by one, four positions at a time and the last ones first.
    ${set('blocks', `(i32.shr_u ${subtract(add(load('size'), i32(3)), get('after'))} ${i32(2)})`)}
    ${set('legs', add(get('leg'), `(i32.mul ${get('blocks')} ${i32(4 * bytes)})`))}
    ${set('nodes', add(get('node'), `(i32.shl ${get('blocks')} ${i32(4)})`))}
    (loop $shift
      ${legBlocks
        .toReversed()
        .map(
          (at) =>
            `(v128.store offset=${at + 2 * bytes} ${get('legs')} (v128.load offset=${at + bytes} ${get('legs')}))`,
        )
        .join('\n')}
      (v128.store offset=8 ${get('nodes')} (v128.load offset=4 ${get('nodes')}))
      ${increase('legs', -4 * bytes)}
      ${increase('nodes', -16)}
      (br_if $shift (i32.ge_u ${get('nodes')} ${get('node')})))
    ${distances.store(get('leg'), get('into'))}
    ${distances.store(add(get('leg'), i32(bytes)), get('out'))}
    (i32.store offset=4 ${get('node')} ${get('task')})
    ${store('size', add(load('size'), i32(1)))}
    ${set('added', plus(get('into'), get('out')))}
    (if (i32.eq ${load('size')} ${i32(1)})
      (then ${store('cost', plus(get('added'), load('fixed')))})
      (else ${store('cost', minus(plus(load('cost'), get('added')), get('replaced')))}))
    ${store('sum', plus(load('sum'), number(numberAt(setting('amounts'), get('task')))))}
    ${renew}
    (call $publish ${get('vehicle')})
    ${setGlobal('travel', plus(global('travel'), load('cost')))}
    (i32.store ${wordAt(setting('vehicleOf'), get('task'))} ${get('vehicle')})
    ${setGlobal('absence', minus(global('absence'), number(numberAt(setting('absences'), get('task')))))})`
}
