import { chdbPeer } from './store/chdb-engine.ts'
import { questionRow } from './store/question-row.ts'

/** How many lines have a word that a quarter of them have, beside the index of texts of ClickHouse. */
export const benchmark = questionRow({
  name: 'logs/store-count-common-token-chdb',
  target: 1.3,
  peers: [chdbPeer('chdb-text')],
  ask: (engine) => engine.tokens(['failed']),
})
