import { sqlitePeer } from './store/engines.ts'
import { questionRow } from './store/question-row.ts'

/** How many lines have two words. */
export const benchmark = questionRow({
  name: 'logs/store-count-two-tokens',
  target: 1,
  peers: [sqlitePeer],
  ask: (engine) => engine.tokens(['error', 'w0']),
})
