import { duckdbPeer } from './store/duckdb-engine.ts'
import { sqlitePeer } from './store/engines.ts'
import { questionRow } from './store/question-row.ts'

/** Lines by service and five minutes. */
export const benchmark = questionRow({
  name: 'logs/store-histogram',
  target: 3,
  peers: [sqlitePeer, duckdbPeer],
  ask: (engine) => engine.histogram(),
})
