import { policy, retry } from '@exprsn/core/resilience'
import pRetry from 'p-retry'
import { ours } from '../../../scripts/bench/benchmark.ts'
import { compareCalls, npmPeer, type Call } from './resilience/compare-calls.ts'

const work = async (): Promise<number> => 1

const ourRetry = (): Call => {
  const patient = policy(retry({ attempts: 4 }))
  return () => patient(work)
}

/** A call that succeeds at its first attempt. A bare awaited call is a fourth to a third of what is left to win. */
export const benchmark = compareCalls({
  name: 'core/retry',
  target: 10,
  peers: [npmPeer('p-retry')],
  subjects: { [ours]: ourRetry, 'p-retry': () => () => pRetry(work, { retries: 3 }) },
  calls: { [ours]: 2_000_000, 'p-retry': 600_000 },
})
