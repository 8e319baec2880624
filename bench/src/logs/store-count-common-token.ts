import { duckdbPeer } from './store/duckdb-engine.ts'
import { sqlitePeer } from './store/engines.ts'
import { questionRow } from './store/question-row.ts'

/** How many lines have a word that a quarter of them have. */
export const benchmark = questionRow({
  name: 'logs/store-count-common-token',
  target: 1,
  peers: [sqlitePeer, duckdbPeer],
  ask: (engine) => engine.tokens(['failed']),
})
