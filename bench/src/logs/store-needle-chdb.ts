import { chdbPeer } from './store/chdb-engine.ts'
import { needle } from './store/corpus.ts'
import { questionRow } from './store/question-row.ts'

/** The one line that has an id, beside ClickHouse with either of its indexes of tokens. */
export const benchmark = questionRow({
  name: 'logs/store-needle-chdb',
  target: 1,
  peers: [chdbPeer('chdb-bloom'), chdbPeer('chdb-text')],
  ask: (engine) => engine.needle(needle),
})
