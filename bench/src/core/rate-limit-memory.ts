import { memoryRateLimiter } from '@exprsn/core/resilience'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { ours } from '../../../scripts/bench/benchmark.ts'
import { compareCalls, npmPeer, type Call } from './resilience/compare-calls.ts'

const keys = Array.from({ length: 1_000 }, (_, index) => `198.51.100.${index}`)
const points = 10_000_000

const ourLimiter = (): Call => {
  const limiter = memoryRateLimiter({ limit: points, per: '1h' })
  return (index) => (limiter.take(keys[index % keys.length]!).allowed ? 1 : 0)
}

const peerLimiter = (): Call => {
  const limiter = new RateLimiterMemory({ points, duration: 3_600 })
  return async (index) => ((await limiter.consume(keys[index % keys.length]!)).remainingPoints >= 0 ? 1 : 0)
}

/** One unit for one of 1,000 keys. Ours answers at once; the peer's answer is a promise that its user has to await. */
export const benchmark = compareCalls({
  name: 'core/rate-limit-memory',
  target: 4,
  peers: [npmPeer('rate-limiter-flexible')],
  subjects: { [ours]: ourLimiter, 'rate-limiter-flexible': peerLimiter },
  calls: { [ours]: 1_500_000, 'rate-limiter-flexible': 500_000 },
})
