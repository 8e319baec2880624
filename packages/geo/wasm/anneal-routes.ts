import { add, get, i32, increase, locals, loopWhile, set, subtract } from '../../../scripts/wasm/text.ts'
import { vehicleBytes } from '../src/optimise/search/kernel/kernel-layout.ts'
import {
  distance,
  f64,
  global,
  indexOf,
  leg,
  load,
  minus,
  node,
  number,
  numberAt,
  plus,
  positionAt,
  rowOf,
  setGlobal,
  setting,
  store,
  word,
  wordAt,
} from './anneal-layout.ts'

const copyPosition = (to: string, from: string) => `(v128.store ${to} (v128.load ${from}))`
const renew = `
    ${setGlobal('version', add(global('version'), i32(1)))}
    ${store('version', global('version'))}
    (call $publish ${get('vehicle')})`

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

  ;; Keeps a copy of a route that is going to be changed for the first time since the last change was accepted or taken back.
  (func $change (param $vehicle i32) ${locals('i32', 'from', 'to', 'end')}
    (if ${load('changed')} (then (return)))
    ${set('from', load('route'))}
    ${set('to', load('spare'))}
    ${store('route', get('to'))} ${store('spare', get('from'))}
    ${store('sizeBefore', load('size'))} ${store('versionBefore', load('version'))}
    ${store('sumBefore', load('sum'))} ${store('costBefore', load('cost'))}
    ${store('changed', i32(1))}
    ${set('end', positionAt(get('from'), add(load('size'), i32(2))))}
    ${loopWhile('copy', `(i32.lt_u ${get('from')} ${get('end')})`, copyPosition(get('to'), get('from')), increase('from', 16), increase('to', 16))}
    (i32.store ${wordAt(setting('changed'), global('changedCount'))} ${get('vehicle')})
    ${setGlobal('changedCount', add(global('changedCount'), i32(1)))})

  ;; Drops the tasks that are marked.
  (func $drop (param $vehicle i32)
    ${locals('i32', 'from', 'to', 'end', 'node')} ${locals('f64', 'cost', 'sum', 'leg')}
    (call $change ${get('vehicle')})
    ${setGlobal('travel', minus(global('travel'), load('cost')))}
    ${set('to', load('route'))}
    ${set('from', add(get('to'), i32(16)))}
    ${set('end', positionAt(get('to'), load('size')))}
    ${set('leg', leg(get('to')))}
    (loop $positions
      ${set('node', node(get('from')))}
      (if ${`(i32.and (i32.le_u ${get('from')} ${get('end')}) (i32.load8_u ${add(setting('marks'), get('node'))}))`}
        (then (local.set $leg (f64.const -1)))
        (else
          (if (f64.lt ${get('leg')} ${f64(0)}) (then ${set('leg', distance(rowOf(node(get('to'))), get('node')))}))
          (f64.store ${get('to')} ${get('leg')})
          ${set('cost', plus(get('cost'), get('leg')))}
          ${increase('to', 16)}
          ${set('leg', leg(get('from')))}
          (i32.store offset=8 ${get('to')} ${get('node')})
          (if (i32.le_u ${get('from')} ${get('end')}) (then
            ${set('sum', plus(get('sum'), number(numberAt(setting('amounts'), get('node')))))}))))
      ${increase('from', 16)}
      (br_if $positions (i32.le_u ${get('from')} ${add(get('end'), i32(16))})))
    (f64.store ${get('to')} ${f64('-inf')})
    ${store('size', subtract(`(i32.shr_u ${subtract(get('to'), load('route'))} ${i32(4)})`, i32(1)))}
    (if ${load('size')}
      (then ${store('cost', plus(get('cost'), load('fixed')))})
      (else
        ${store('cost', f64(0))}
        (f64.store ${load('route')} ${f64(0)})))
    ${store('sum', get('sum'))}
    ${renew}
    ${setGlobal('travel', plus(global('travel'), load('cost')))})

  ;; Puts a task between position $after and the next one.
  (func $insert (param $task i32) (param $vehicle i32) (param $after i32)
    ${locals('i32', 'at', 'position', 'row')} ${locals('f64', 'replaced', 'added', 'into', 'out')}
    (call $change ${get('vehicle')})
    ${setGlobal('travel', minus(global('travel'), load('cost')))}
    ${set('position', positionAt(load('route'), get('after')))}
    ${set('at', positionAt(load('route'), add(load('size'), i32(1))))}
    ${loopWhile('shift', `(i32.gt_u ${get('at')} ${get('position')})`, copyPosition(add(get('at'), i32(16)), get('at')), increase('at', -16))}
    ${store('size', add(load('size'), i32(1)))}
    ${set('row', rowOf(get('task')))}
    ${set('replaced', leg(get('position')))}
    ${set('into', distance(get('row'), node(get('position'))))}
    ${set('out', distance(get('row'), `(i32.load offset=40 ${get('position')})`))}
    (f64.store ${get('position')} ${get('into')})
    (f64.store offset=16 ${get('position')} ${get('out')})
    (i32.store offset=24 ${get('position')} ${get('task')})
    ${set('added', plus(get('into'), get('out')))}
    (if (i32.eq ${load('size')} ${i32(1)})
      (then ${store('cost', plus(get('added'), load('fixed')))})
      (else ${store('cost', minus(plus(load('cost'), get('added')), get('replaced')))}))
    ${store('sum', plus(load('sum'), number(numberAt(setting('amounts'), get('task')))))}
    ${renew}
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
