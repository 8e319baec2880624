import { add, get, i32, increase, locals, loopWhile, set, subtract } from '../../../scripts/wasm/text.ts'
import { vehicleBytes } from '../src/optimise/search/kernel/kernel-layout.ts'
import {
  distance,
  f64,
  global,
  indexOf,
  legAt,
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

/** Changes of routes, and how they are taken back: `State` with `route-updates.ts`. */
export const routesText = `
  ;; Writes what room there is where the scan over all vehicles reads it.
  (func $publish (param $vehicle i32) ${locals('i32', 'used')}
    (f64.store ${numberAt(setting('sums'), indexOf(get('vehicle')))} ${load('sum')})
    ${set('used', `(i32.gt_s ${load('size')} ${i32(0)})`)}
    (if (i32.ne ${get('used')} ${load('used')}) (then
      ${store('used', get('used'))}
      ${setGlobal('usedCount', add(global('usedCount'), `(select ${i32(1)} ${i32(-1)} ${get('used')})`))}
      ${setGlobal('isUnsorted', i32(1))})))

  ;; Of unused vehicles that are alike, the scan passes over all but one, and over those that are closed.
  (func $passOverUnused ${locals('i32', 'vehicle', 'kind')}
    ${setGlobal('isUnsorted', i32(0))}
    ${setGlobal('round', add(global('round'), i32(1)))}
    ${set('vehicle', setting('vehicles'))}
    ${loopWhile(
      'vehicles',
      `(i32.lt_u ${get('vehicle')} ${setting('vehiclesEnd')})`,
      `(if (i32.eqz ${load('size')}) (then
        ${set('kind', wordAt(setting('kindSeen'), load('kind')))}
        (f64.store ${numberAt(setting('sums'), indexOf(get('vehicle')))}
          (select ${f64('inf')} ${f64(0)} (i32.or ${load('closed')} (i32.eq ${word(get('kind'))} ${global('round')}))))
        (if (i32.eqz ${load('closed')}) (then (i32.store ${get('kind')} ${global('round')})))))`,
      increase('vehicle', vehicleBytes),
    )})

  (func (export "publish") ${locals('i32', 'vehicle')}
    ${setGlobal('isUnsorted', i32(1))}
    ${set('vehicle', setting('vehicles'))}
    ${loopWhile('vehicles', `(i32.lt_u ${get('vehicle')} ${setting('vehiclesEnd')})`, `(call $publish ${get('vehicle')})`, increase('vehicle', vehicleBytes))})

  ;; Copies so many bytes, and up to fifteen more.
  (func $copy (param $to i32) (param $from i32) (param $bytes i32) ${locals('i32', 'end')}
    ${set('end', add(get('from'), get('bytes')))}
    (loop $blocks
      (v128.store ${get('to')} (v128.load ${get('from')}))
      ${increase('from', 16)}
      ${increase('to', 16)}
      (br_if $blocks (i32.lt_u ${get('from')} ${get('end')}))))

  ;; Copies so many positions of a route to another place, and perhaps some more.
  (func $copyPositions (param $to i32) (param $toAt i32) (param $from i32) (param $fromAt i32) (param $count i32)
    (call $copy ${legAt(get('to'), get('toAt'))} ${legAt(get('from'), get('fromAt'))} (i32.shl ${get('count')} ${i32(3)}))
    (call $copy ${nodeAt(get('to'), get('toAt'))} ${nodeAt(get('from'), get('fromAt'))} (i32.shl ${get('count')} ${i32(2)})))

  ;; Keeps a route that is going to be changed for the first time since the last change was accepted or taken back; the other place
  ;; becomes that of the route.
  (func $change (param $vehicle i32) ${locals('i32', 'route')}
    ${set('route', load('route'))}
    ${store('route', load('spare'))} ${store('spare', get('route'))}
    ${store('sizeBefore', load('size'))} ${store('versionBefore', load('version'))}
    ${store('sumBefore', load('sum'))} ${store('costBefore', load('cost'))}
    ${store('changed', i32(1))}
    (i32.store ${wordAt(setting('changed'), global('changedCount'))} ${get('vehicle')})
    ${setGlobal('changedCount', add(global('changedCount'), i32(1)))})

  ;; Drops all positions from $begin to before $tail but for $kept of them, which are $gap behind the first.
  (func $drop (param $vehicle i32) (param $begin i32) (param $gap i32) (param $kept i32) (param $tail i32)
    ${locals('i32', 'from', 'to', 'leg', 'node', 'end', 'last')} ${locals('f64', 'cost', 'sum')}
    ${setGlobal('travel', minus(global('travel'), load('cost')))}
    (call $change ${get('vehicle')})
    ${set('from', load('spare'))}
    ${set('to', load('route'))}
    (call $copyPositions ${get('to')} ${i32(0)} ${get('from')} ${i32(0)} ${get('begin')})
    (call $copyPositions ${get('to')} ${get('begin')} ${get('from')} ${add(get('begin'), get('gap'))} ${get('kept')})
    ${set('last', add(get('begin'), get('kept')))}
    (call $copyPositions ${get('to')} ${get('last')} ${get('from')} ${get('tail')}
      ${subtract(add(load('size'), i32(5)), get('tail'))})
    ${store('size', subtract(load('size'), subtract(get('tail'), get('last'))))}
    (call $join ${get('to')} ${get('begin')})
    (call $join ${get('to')} ${get('last')})
    (if ${load('size')}
      (then
        ${set('leg', get('to'))}
        ${set('node', nodesOf(get('to')))}
        ${set('end', legAt(get('to'), load('size')))}
        ${set('cost', number(get('leg')))}
        (loop $positions
          ${increase('leg', 8)}
          ${increase('node', 4)}
          ${set('cost', plus(get('cost'), number(get('leg'))))}
          ${set('sum', plus(get('sum'), number(numberAt(setting('amounts'), word(get('node'))))))}
          (br_if $positions (i32.lt_u ${get('leg')} ${get('end')})))
        ${store('cost', plus(get('cost'), load('fixed')))}
        ${renew})
      (else
        ${store('cost', f64(0))}
        (f64.store ${get('to')} ${f64(0)})
        ;; All empty routes of a vehicle are the same.
        ${store('version', i32(-2))}))
    ${store('sum', get('sum'))}
    (call $publish ${get('vehicle')})
    ${setGlobal('travel', plus(global('travel'), load('cost')))})

  ;; Works out the leg that leads to a position.
  (func $join (param $route i32) (param $at i32) ${locals('i32', 'node')}
    ${set('node', nodeAt(get('route'), get('at')))}
    (f64.store ${subtract(legAt(get('route'), get('at')), i32(8))}
      ${distance(rowOf(word(subtract(get('node'), i32(4)))), word(get('node')))}))

  ;; Puts a task between position $after and the next one.
  (func $insert (param $task i32) (param $vehicle i32) (param $after i32)
    ${locals('i32', 'leg', 'node', 'at', 'block', 'row')} ${locals('f64', 'replaced', 'added', 'into', 'out')}
    (if (i32.eqz ${load('changed')}) (then
      (call $change ${get('vehicle')})
      (call $copyPositions ${load('route')} ${i32(0)} ${load('spare')} ${i32(0)} ${add(load('size'), i32(5))})))
    ${setGlobal('travel', minus(global('travel'), load('cost')))}
    ${set('leg', legAt(load('route'), get('after')))}
    ${set('node', nodeAt(load('route'), get('after')))}
    ${set('row', rowOf(get('task')))}
    ${set('replaced', number(get('leg')))}
    ${set('into', distance(get('row'), word(get('node'))))}
    ${set('out', distance(get('row'), `(i32.load offset=4 ${get('node')})`))}
    ${set('at', subtract(add(load('size'), i32(3)), get('after')))}
    ${set('block', add(get('leg'), `(i32.and (i32.shl ${get('at')} ${i32(3)}) ${i32(-16)})`))}
    (loop $legs
      (v128.store offset=16 ${get('block')} (v128.load offset=8 ${get('block')}))
      ${increase('block', -16)}
      (br_if $legs (i32.ge_u ${get('block')} ${get('leg')})))
    ${set('block', add(get('node'), `(i32.and (i32.shl ${get('at')} ${i32(2)}) ${i32(-16)})`))}
    (loop $nodes
      (v128.store offset=8 ${get('block')} (v128.load offset=4 ${get('block')}))
      ${increase('block', -16)}
      (br_if $nodes (i32.ge_u ${get('block')} ${get('node')})))
    ${store('size', add(load('size'), i32(1)))}
    (f64.store ${get('leg')} ${get('into')})
    (f64.store offset=8 ${get('leg')} ${get('out')})
    (i32.store offset=4 ${get('node')} ${get('task')})
    ${set('added', plus(get('into'), get('out')))}
    (if (i32.eq ${load('size')} ${i32(1)})
      (then ${store('cost', plus(get('added'), load('fixed')))})
      (else ${store('cost', minus(plus(load('cost'), get('added')), get('replaced')))}))
    ${store('sum', plus(load('sum'), number(numberAt(setting('amounts'), get('task')))))}
    ${renew}
    (call $publish ${get('vehicle')})
    ${setGlobal('travel', plus(global('travel'), load('cost')))}
    (i32.store ${wordAt(setting('vehicleOf'), get('task'))} ${get('vehicle')})
    ${setGlobal('absence', minus(global('absence'), number(numberAt(setting('absences'), get('task')))))})

  ;; Takes changes back, those of routes and of who is served by whom.
  (func $undo ${locals('i32', 'at', 'vehicle', 'spare')}
    ${loopWhile(
      'routes',
      `(i32.lt_u ${get('at')} ${global('changedCount')})`,
      set('vehicle', word(wordAt(setting('changed'), get('at')))),
      set('spare', load('route')),
      store('route', load('spare')),
      store('spare', get('spare')),
      store('size', load('sizeBefore')),
      store('version', load('versionBefore')),
      store('sum', load('sumBefore')),
      store('cost', load('costBefore')),
      `(call $publish ${get('vehicle')})`,
      store('changed', i32(0)),
      increase('at', 1),
    )}
    ${setGlobal('changedCount', i32(0))}
    ${set('at', i32(0))}
    ${loopWhile('absent', `(i32.lt_u ${get('at')} ${global('absentCount')})`, `(i32.store ${wordAt(setting('vehicleOf'), word(wordAt(setting('absent'), get('at'))))} ${i32(0)})`, increase('at', 1))}
    ${set('at', setting('removed'))}
    ${loopWhile(
      'removed',
      `(i32.lt_u ${get('at')} ${global('removedEnd')})`,
      `(i32.store ${wordAt(setting('vehicleOf'), word(get('at')))} (i32.load offset=4 ${get('at')}))`,
      increase('at', 8),
    )})

  ;; Makes changes final.
  (func $keep ${locals('i32', 'at')}
    ${loopWhile('routes', `(i32.lt_u ${get('at')} ${global('changedCount')})`, store('changed', i32(0), word(wordAt(setting('changed'), get('at')))), increase('at', 1))}
    ${setGlobal('changedCount', i32(0))}
    ${setGlobal('absentCount', global('poolCount'))}
    ${set('at', i32(0))}
    ${loopWhile('absent', `(i32.lt_u ${get('at')} ${global('absentCount')})`, `(i32.store ${wordAt(setting('absent'), get('at'))} ${word(wordAt(setting('pool'), get('at')))})`, increase('at', 1))})

  ;; Rids sums of what rounding has left.
  (func $recount ${locals('i32', 'vehicle', 'at')}
    ${setGlobal('travel', f64(0))} ${setGlobal('absence', f64(0))}
    ${set('vehicle', setting('vehicles'))}
    ${loopWhile('routes', `(i32.lt_u ${get('vehicle')} ${setting('vehiclesEnd')})`, setGlobal('travel', plus(global('travel'), load('cost'))), increase('vehicle', vehicleBytes))}
    ${loopWhile('absent', `(i32.lt_u ${get('at')} ${global('absentCount')})`, setGlobal('absence', plus(global('absence'), number(numberAt(setting('absences'), word(wordAt(setting('absent'), get('at'))))))), increase('at', 1))})`
