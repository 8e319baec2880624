import { sqlitePeer } from './store/engines.ts'
import { questionRow } from './store/question-row.ts'
import { corpusStart } from './store/corpus.ts'

/** Lines of a level in a span of time. */
export const benchmark = questionRow({
  name: 'logs/store-time-range',
  target: 3,
  peers: [sqlitePeer],
  ask: (engine) => engine.timeRange(corpusStart + 2_000_000, corpusStart + 5_600_000, 50),
})
