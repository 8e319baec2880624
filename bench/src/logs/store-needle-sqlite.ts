import { needle } from './store/corpus.ts'
import { sqlitePeer } from './store/engines.ts'
import { questionRow } from './store/question-row.ts'

/** The one line that has an id, beside SQLite, whose full-text index knows the row: a loss that is published. */
export const benchmark = questionRow({
  name: 'logs/store-needle-sqlite',
  target: 1,
  peers: [sqlitePeer],
  ask: (engine) => engine.needle(needle),
})
