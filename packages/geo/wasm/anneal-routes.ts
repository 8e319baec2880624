import { add, get, i32, increase, locals, loopWhile, set } from '../../../scripts/wasm/text.ts'
import { vehicleBytes } from '../src/optimise/search/kernel/kernel-layout.ts'
import {
  f64,
  global,
  indexOf,
  load,
  number,
  numberAt,
  plus,
  setGlobal,
  setting,
  store,
  word,
  wordAt,
} from './anneal-layout.ts'

/** Which routes are changed, and how changes are taken back: `State`. */
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
