import { get, i32, increase, locals, loopWhile, set, subtract } from '../../../scripts/wasm/text.ts'
import { global, numberAt, setting, word, wordAt } from './anneal-layout.ts'

const keyAt = (index: string) => numberAt(setting('keys'), index)
const below = (bound: number) => `(i32.lt_s ${get('draw')} ${i32(bound)})`

/** Comparisons that hold come to −1. */
const placeOf = (lane: number) =>
  subtract(setting('sorted'), `(i32.shl (i32x4.extract_lane ${lane} ${get('before')}) ${i32(2)})`)

/** How `Recreate` sorts. */
export const sortText = `
  ;; Puts the tasks that are left out in one of several orders, by chance: that of a key and, where keys are the same, that in which
  ;; they are. How many go before each is counted, two at a time, which needs no branches.
  (func $sort ${locals('i32', 'draw', 'at', 'ranks', 'key', 'other', 'end')} ${locals('v128', 'keys', 'before')}
    ${set('draw', `(call $below ${i32(11)})`)}
    ${set(
      'ranks',
      `(select ${setting('largestFirst')} (select ${setting('farthestFirst')} ${setting('nearestFirst')} ${below(10)}) ${below(8)})`,
    )}
    ${loopWhile(
      'keys',
      `(i32.lt_s ${get('at')} ${global('poolCount')})`,
      `(if ${below(4)}
        (then ${set('key', '(call $word)')})
        (else ${set('key', word(wordAt(get('ranks'), word(wordAt(setting('pool'), get('at'))))))}))`,
      `(i32.store ${keyAt(get('at'))} ${get('at')})`,
      `(i32.store offset=4 ${keyAt(get('at'))} ${get('key')})`,
      increase('at', 1),
    )}
    ${set('end', keyAt(get('at')))}
    ;; Two at a time: behind the last one stands what comes last.
    (i64.store ${get('end')} (i64.const ${2n ** 63n - 1n}))
    ${set('at', i32(0))}
    ${loopWhile(
      'tasks',
      `(i32.lt_s ${get('at')} ${global('poolCount')})`,
      set('keys', `(v128.load ${keyAt(get('at'))})`),
      set('before', `(i64x2.splat (i64.const 0))`),
      set('other', setting('keys')),
      `(loop $others
        ${set('before', `(i64x2.add ${get('before')} (i64x2.gt_s ${get('keys')} (v128.load64_splat ${get('other')})))`)}
        ${increase('other', 8)}
        (br_if $others (i32.lt_u ${get('other')} ${get('end')})))`,
      `(i32.store ${placeOf(0)} ${word(wordAt(setting('pool'), get('at')))})`,
      `(i32.store ${placeOf(2)} (i32.load offset=4 ${wordAt(setting('pool'), get('at'))}))`,
      increase('at', 2),
    )})`
