import { ours } from '../../../scripts/bench/benchmark.ts'
import { compareCalls, npmPeer } from './resilience/compare-calls.ts'
import { cockatielStack, ourStack } from './resilience/stacks.ts'

const work = async (): Promise<number> => 1

/** A call that succeeds at once, through retry, timeout, circuit breaker and bulkhead; it does not look at its signal. */
export const benchmark = compareCalls({
  name: 'core/policy-success-path',
  target: 20,
  peers: [npmPeer('cockatiel')],
  subjects: { [ours]: () => ourStack(work), cockatiel: () => cockatielStack(work) },
  calls: { [ours]: 1_000_000, cockatiel: 50_000 },
})
