import fc from 'fast-check'
import type { RateRule } from '../../src/resilience/gcra.ts'

/** What happens to limiters: time passes, or somebody takes. */
export type LimiterStep = { readonly wait: number } | { readonly key: string; readonly cost: number }

/** Rules whose times are long enough that no store forgets a key during a test. */
export const anyRule: fc.Arbitrary<RateRule> = fc.record({
  limit: fc.integer({ min: 1, max: 50 }),
  per: fc.integer({ min: 1_000, max: 3_600_000 }),
  burst: fc.integer({ min: 1, max: 20 }),
})

/** Parts of a millisecond that both scales of a clock hold exactly: other fractions would be rounded apart. */
const eighths = fc.integer({ min: 1, max: 40 }).map((count) => count / 8)

/** Sequences that reach every branch: empty and full buckets, several keys, costs above the burst, long pauses. */
export const anySteps: fc.Arbitrary<LimiterStep[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ key: fc.constantFrom('a', 'b', 'ключ'), cost: fc.integer({ min: 1, max: 25 }) }),
    },
    { weight: 2, arbitrary: fc.record({ key: fc.constant('a'), cost: fc.constant(1) }) },
    { weight: 2, arbitrary: fc.record({ wait: fc.integer({ min: 1, max: 60_000 }) }) },
    { weight: 1, arbitrary: fc.record({ wait: eighths }) },
    { weight: 1, arbitrary: fc.record({ wait: fc.integer({ min: 60_000, max: 7_200_000 }) }) },
  ),
  { minLength: 1, maxLength: 20 },
)
