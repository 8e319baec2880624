import { get, i32, increase, locals, loopWhile, set } from '../../../scripts/wasm/text.ts'
import type { Distances } from './anneal-distances.ts'
import { f64, global, plus, product, setGlobal, setting, word, wordAt } from './anneal-layout.ts'
import { randomText } from './anneal-random.ts'
import { positionsText } from './anneal-positions.ts'
import { recreateText } from './anneal-recreate.ts'
import { routesText } from './anneal-routes.ts'
import { ruinText } from './anneal-ruin.ts'
import { updatesText } from './anneal-updates.ts'

const numbers = ['travel', 'absence']
const words = ['absentCount', 'blink', 'version']
const inside = ['usedCount', 'isUnsorted', 'round', 'poolCount', 'removedEnd', 'changedCount']

const run = `
  ;; So many iterations at a temperature, or fewer: it stops behind one that comes to less than $least. Gives how many.
  (func (export "run") (param $iterations i32) (param $temperature f64) (param $least f64) (result i32)
    ${locals('i32', 'done', 'at')} ${locals('f64', 'travel', 'absence', 'most')}
    ${loopWhile(
      'iterations',
      `(i32.lt_s ${get('done')} ${get('iterations')})`,
      increase('done', 1),
      set('travel', global('travel')),
      set('absence', global('absence')),
      set('most', plus(plus(get('travel'), get('absence')), product(get('temperature'), '(call $exponential)'))),
      setGlobal('removedEnd', setting('removed')),
      setGlobal('poolCount', global('absentCount')),
      set('at', i32(0)),
      loopWhile(
        'absent',
        `(i32.lt_s ${get('at')} ${global('absentCount')})`,
        `(i32.store ${wordAt(setting('pool'), get('at'))} ${word(wordAt(setting('absent'), get('at')))})`,
        increase('at', 1),
      ),
      '(call $ruin)',
      `(if (call $recreate ${get('most')})
        (then
          (if (f64.lt ${plus(global('travel'), global('absence'))} ${get('most')})
            (then
              (call $keep)
              (if (f64.lt ${plus(global('travel'), global('absence'))} ${get('least')}) (then
                (call $recount)
                (return ${get('done')})))
              (br $iterations)))))`,
      '(call $undo)',
      setGlobal('travel', get('travel')),
      setGlobal('absence', get('absence')),
    )}
    ${get('done')})`

/** The module's text: annealing over ruin and recreate, for stops that ask for nothing but room on board, as `Anneal` does it. */
export const annealText = (distances: Distances) => `(module
  (memory (export "memory") 1)
  ${numbers.map((name) => `(global $${name} (export "${name}") (mut f64) ${f64(0)})`).join('\n')}
  ${words.map((name) => `(global $${name} (export "${name}") (mut i32) ${i32(0)})`).join('\n')}
  ${inside.map((name) => `(global $${name} (mut i32) ${i32(0)})`).join('\n')}
  ${randomText}
  ${routesText}
  ${updatesText(distances)}
  ${positionsText(distances)}
  ${ruinText}
  ${recreateText}
  ${run})
`
