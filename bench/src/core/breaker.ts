import { circuitBreaker, policy } from '@exprsn/core/resilience'
import Opossum from 'opossum'
import { ours } from '../../../scripts/bench/benchmark.ts'
import { compareCalls, npmPeer, type Call } from './resilience/compare-calls.ts'

const work = async (): Promise<number> => 1

const ourBreaker = (): Call => {
  const guarded = policy(circuitBreaker())
  return () => guarded(work)
}

/** Without its own timeout, which ours would be another layer. */
const opossum = (): Call => {
  const breaker = new Opossum(work, { timeout: false })
  return () => breaker.fire()
}

/** A call that succeeds, through a closed circuit breaker alone. */
export const benchmark = compareCalls({
  name: 'core/breaker',
  target: 4,
  peers: [npmPeer('opossum')],
  subjects: { [ours]: ourBreaker, opossum },
  calls: { [ours]: 2_000_000, opossum: 600_000 },
})
