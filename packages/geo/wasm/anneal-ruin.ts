import { add, get, i32, increase, locals, loopWhile, set, subtract } from '../../../scripts/wasm/text.ts'
import { averageRemoved, longestString, splitGrowth, splitShare } from '../src/optimise/search/string-removal.ts'
import {
  both,
  double,
  f64,
  global,
  load,
  nodeAt,
  minus,
  number,
  numberAt,
  plus,
  product,
  setGlobal,
  setting,
  store,
  whole,
  word,
  wordAt,
} from './anneal-layout.ts'

/** The ruin of SISR: `Ruin`. */
export const ruinText = `
  ;; Leaves out a task; it stays in its route until that is worked out anew.
  (func $leaveOut (param $task i32) (param $vehicle i32)
    (i32.store ${global('removedEnd')} ${get('task')})
    (i32.store offset=4 ${global('removedEnd')} ${get('vehicle')})
    ${setGlobal('removedEnd', add(global('removedEnd'), i32(8)))}
    (i32.store ${wordAt(setting('vehicleOf'), get('task'))} ${i32(0)})
    (i32.store ${wordAt(setting('pool'), global('poolCount'))} ${get('task')})
    ${setGlobal('poolCount', add(global('poolCount'), i32(1)))}
    ${setGlobal('absence', plus(global('absence'), number(numberAt(setting('absences'), get('task')))))})

  (func $removeString (param $task i32) (param $vehicle i32) (param $limit f64)
    ${locals('i32', 'position', 'size', 'length', 'kept', 'span', 'first', 'last', 'begin', 'gap', 'at', 'end')}
    ${set('size', load('size'))}
    ${set('position', `(call $positionOf ${get('task')} ${get('vehicle')})`)}
    ${set('length', whole(plus(product('(call $fraction)', `(f64.min ${double(get('size'))} ${get('limit')})`), f64(1))))}
    (if ${both(`(i32.gt_s ${get('length')} ${i32(1)})`, `(i32.lt_s ${get('length')} ${get('size')})`)} (then
      (if (f64.lt (call $fraction) ${f64(splitShare)}) (then
        ${set('kept', i32(1))}
        (block $grown (loop $grow
          (br_if $grown (i32.ge_s ${add(get('length'), get('kept'))} ${get('size')}))
          (br_if $grown (f64.lt (call $fraction) ${f64(splitGrowth)}))
          ${increase('kept', 1)}
          (br $grow)))))))
    ${set('span', add(get('length'), get('kept')))}
    ${set('first', add(subtract(get('position'), get('span')), i32(1)))}
    (if (i32.lt_s ${get('first')} ${i32(1)}) (then ${set('first', i32(1))}))
    ${set('last', add(subtract(get('size'), get('span')), i32(1)))}
    (if (i32.gt_s ${get('last')} ${get('position')}) (then ${set('last', get('position'))}))
    ${set('begin', add(get('first'), `(call $below ${add(subtract(get('last'), get('first')), i32(1))})`))}
    (if ${get('kept')} (then ${set('gap', add(i32(1), `(call $below ${subtract(get('length'), i32(1))})`))}))
    (if (i32.eqz ${get('kept')}) (then ${set('gap', get('span'))}))
    ${set('at', nodeAt(load('route'), get('begin')))}
    ${set('end', wordAt(get('at'), get('gap')))}
    (loop $before
      (call $leaveOut ${word(get('at'))} ${get('vehicle')})
      ${increase('at', 4)}
      (br_if $before (i32.lt_u ${get('at')} ${get('end')})))
    (if ${get('kept')} (then
      ${set('at', wordAt(get('at'), get('kept')))}
      ${set('end', wordAt(get('end'), subtract(get('span'), get('gap'))))}
      (loop $behind
        (call $leaveOut ${word(get('at'))} ${get('vehicle')})
        ${increase('at', 4)}
        (br_if $behind (i32.lt_u ${get('at')} ${get('end')})))))
    (call $drop ${get('vehicle')} ${get('begin')} ${get('gap')} ${get('kept')} ${add(get('begin'), get('span'))}))

  (func $ruin ${locals('i32', 'task', 'near', 'nearEnd', 'vehicle', 'ruinedCount', 'strings', 'at')} ${locals('f64', 'limit', 'used')}
    ${set('used', double(global('usedCount')))}
    (if (f64.gt ${get('used')} ${f64(0)}) (then
      ${set('limit', `(f64.div ${double(subtract(setting('nodes'), global('absentCount')))} ${get('used')})`)}))
    ${set('limit', `(f64.max ${f64(1)} (f64.min ${f64(longestString)} ${get('limit')}))`)}
    ${set('strings', whole(plus(product('(call $fraction)', minus(`(f64.div ${f64(4 * averageRemoved)} ${plus(f64(1), get('limit'))})`, f64(1))), f64(1))))}
    ${set('task', word(wordAt(setting('nodeOf'), `(call $below ${setting('nodes')})`)))}
    ${set('near', wordAt(setting('near'), `(i32.mul ${get('task')} ${setting('nearWidth')})`))}
    ${set('nearEnd', wordAt(get('near'), setting('nearWidth')))}
    (block $done (loop $strings
      (br_if $done (i32.ge_s ${get('ruinedCount')} ${get('strings')}))
      ${set('vehicle', word(wordAt(setting('vehicleOf'), get('task'))))}
      (if ${get('vehicle')} (then
        (if (i32.eqz ${load('ruined')}) (then
          (call $removeString ${get('task')} ${get('vehicle')} ${get('limit')})
          ${store('ruined', i32(1))}
          (i32.store ${wordAt(setting('ruined'), get('ruinedCount'))} ${get('vehicle')})
          ${increase('ruinedCount', 1)}))))
      (br_if $done (i32.ge_u ${get('near')} ${get('nearEnd')}))
      ${set('task', word(get('near')))}
      ${increase('near', 4)}
      (br $strings)))
    ${set('at', i32(0))}
    ${loopWhile(
      'routes',
      `(i32.lt_s ${get('at')} ${get('ruinedCount')})`,
      store('ruined', i32(0), word(wordAt(setting('ruined'), get('at')))),
      increase('at', 1),
    )})`
