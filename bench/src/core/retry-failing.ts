import { policy, retry } from '@exprsn/core/resilience'
import pRetry from 'p-retry'
import { ours } from '../../../scripts/bench/benchmark.ts'
import { compareCalls, npmPeer, type Call } from './resilience/compare-calls.ts'

/** Made once: a stack trace for each failure would cost both sides more than the retry itself. */
const busy = new Error('busy')

const workUntil = async (attempt: number): Promise<number> => {
  if (attempt < 3) throw busy
  return attempt
}

const ourRetry = (): Call => {
  const patient = policy(retry({ attempts: 3, initial: 0, budget: false }))
  return () => patient(({ attempt }) => workUntil(attempt))
}

const peerRetry = (): Call => () => pRetry(workUntil, { retries: 2, minTimeout: 0, maxTimeout: 0, factor: 1 })

/**
 * A call that succeeds at its third attempt, without waits between them. Two rejections that are caught cost about four
 * fifths of ours in the engine itself: a bare loop of try and catch reaches twice the peer's rate at most.
 */
export const benchmark = compareCalls({
  name: 'core/retry-failing',
  target: 1.3,
  peers: [npmPeer('p-retry')],
  subjects: { [ours]: ourRetry, 'p-retry': peerRetry },
  calls: { [ours]: 400_000, 'p-retry': 40_000 },
})
