import { grepPeer, ripgrepPeer } from './store/engines.ts'
import { questionRow } from './store/question-row.ts'
import { needle } from './store/corpus.ts'

/** The one line that has an id, among all: a program that reads everything, beside a look at the filters. */
export const benchmark = questionRow({
  name: 'logs/store-needle',
  target: 25,
  peers: [grepPeer, ripgrepPeer],
  measure: 'wall',
  ask: (engine) => engine.needle(needle),
})
