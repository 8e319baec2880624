import { duckdbPeer } from './store/duckdb-engine.ts'
import { questionRow } from './store/question-row.ts'

/** A pattern that no index answers: every message is looked at. DuckDB's patterns are those of RE2 as well. */
export const benchmark = questionRow({
  name: 'logs/store-regex',
  target: 0.7,
  peers: [duckdbPeer],
  ask: (engine) => engine.pattern('user w[0-9a-f]+ completed in 4[0-9]+ ms'),
})
