import { ours } from '../../../scripts/bench/benchmark.ts'
import { compareCalls, npmPeer } from './resilience/compare-calls.ts'
import { cockatielStack, ourStack } from './resilience/stacks.ts'

/** Puts a listener on its signal and takes it off again, as `fetch` does. */
const work = async ({ signal }: { readonly signal: AbortSignal }): Promise<number> => {
  const onAbort = (): void => {}
  signal.addEventListener('abort', onAbort)
  signal.removeEventListener('abort', onAbort)
  return 1
}

/** The same stack around work that listens to its signal, which therefore has to be made. */
export const benchmark = compareCalls({
  name: 'core/policy-success-path-signal',
  target: 5,
  peers: [npmPeer('cockatiel')],
  subjects: { [ours]: () => ourStack(work), cockatiel: () => cockatielStack(work) },
  calls: { [ours]: 300_000, cockatiel: 50_000 },
})
