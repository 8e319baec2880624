import { add, get, i32, increase, locals, loopWhile, set } from '../../../scripts/wasm/text.ts'
import { chooseText } from './anneal-choose.ts'
import {
  f64,
  global,
  load,
  number,
  numberAt,
  plus,
  product,
  rowOf,
  setGlobal,
  setting,
  word,
  wordAt,
} from './anneal-layout.ts'
import { sortText } from './anneal-sort.ts'

/** Greedy insertion with blinks: `Recreate` and `Insertions`. */
export const recreateText = `
  ${chooseText}
  ${sortText}

  ;; Inserts what is left out; 0 as soon as that costs as much as $most.
  (func $recreate (param $most f64) (result i32)
    ${locals('i32', 'at', 'kept', 'task', 'vehicle', 'open')} ${locals('f64', 'left', 'absence', 'tooMuch')}
    ;; Roundings apart: what will cost that much need not be inserted to know it.
    ${set('tooMuch', plus(get('most'), product('(f64.abs (local.get $most))', f64(1e-9))))}
    (call $sort)
    (call $gather)
    ${loopWhile(
      'tasks',
      `(i32.lt_s ${get('at')} ${global('poolCount')})`,
      set('task', word(wordAt(setting('sorted'), get('at')))),
      set('absence', number(numberAt(setting('absences'), get('task')))),
      set('open', `(call $choose ${get('task')})`),
      `(block $inserted
        (if (f64.lt ${global('chosenCost')} ${get('absence')}) (then
          (if (f64.ge ${plus(plus(global('travel'), get('left')), global('chosenCost'))} ${get('tooMuch')}) (then (return ${i32(0)})))
          ${set('vehicle', add(setting('vehicles'), word(wordAt(setting('openVehicles'), get('open')))))}
          (call $insert ${get('task')} ${get('vehicle')} (call $locate ${rowOf(get('task'))} ${get('vehicle')} ${global('chosenCost')}))
          (f64.store ${numberAt(setting('openSums'), get('open'))} ${load('sum')})
          (br $inserted)))
        (i32.store ${wordAt(setting('pool'), get('kept'))} ${get('task')})
        ${increase('kept', 1)}
        ${set('left', plus(get('left'), get('absence')))})`,
      `(if (f64.ge ${plus(global('travel'), get('left'))} ${get('most')}) (then (return ${i32(0)})))`,
      increase('at', 1),
    )}
    ${setGlobal('poolCount', get('kept'))}
    ${i32(1)})`
