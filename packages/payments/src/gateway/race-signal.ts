import { gatewayErrors } from './errors.ts'

/**
 * Sends a command unless its signal was aborted before, and stops waiting for the answer when it is aborted on the way: then
 * it rejects with `PAYMENTS_GATEWAY_UNAVAILABLE`, because the command may have been done.
 */
export async function raceSignal<Answer>(
  gateway: string,
  send: () => Promise<Answer>,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  signal?.throwIfAborted()
  if (signal === undefined) return send()
  let onAbort = (): void => {}
  const givenUp = new Promise<never>((_, reject) => {
    onAbort = () =>
      reject(
        gatewayErrors.PAYMENTS_GATEWAY_UNAVAILABLE({ gateway, reason: 'the caller gave up' }, { cause: signal.reason }),
      )
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([send(), givenUp])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
