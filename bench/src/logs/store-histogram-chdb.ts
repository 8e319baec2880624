import { chdbPeer } from './store/chdb-engine.ts'
import { questionRow } from './store/question-row.ts'

/** Lines by service and five minutes, beside ClickHouse, which reads no index for that. */
export const benchmark = questionRow({
  name: 'logs/store-histogram-chdb',
  target: 2,
  peers: [chdbPeer('chdb-bloom')],
  ask: (engine) => engine.histogram(),
})
