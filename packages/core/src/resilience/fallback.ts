import type { PolicyLayer } from './policy.ts'

/** Options of {@link fallback}. */
export interface FallbackOptions {
  /** Whether an error is answered by the fallback; others are thrown on. @default every error */
  readonly when?: ((error: unknown) => boolean) | undefined
}

/**
 * Answers with something else when everything below has failed.
 *
 * @param answer What to return instead; it may be asynchronous, and may throw.
 * @example
 * ```ts
 * import { fallback, policy, retry } from '@exprsn/core/resilience'
 *
 * const lenient = policy(fallback(() => 'yesterday’s rates'), retry({ attempts: 2, initial: '1ms' }))
 * console.log(await lenient(() => Promise.reject(new Error('down')))) // yesterday’s rates
 * ```
 */
export function fallback<Answer>(
  answer: (error: unknown) => Answer | Promise<Answer>,
  { when = () => true }: FallbackOptions = {},
): PolicyLayer<Answer> {
  return {
    kind: 'fallback',
    name: 'fallback',
    settings: {},
    wrap: (next) => async (scope) => {
      try {
        return await next(scope)
      } catch (error) {
        // Somebody who gave up does not want another answer.
        if (scope.aborted || !when(error)) throw error
        return answer(error)
      }
    },
  }
}
