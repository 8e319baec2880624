import { gatewayErrors } from './errors.ts'

/**
 * Asks a gateway something after it was sent a command. Whatever goes wrong now – too many requests, a refused connection –
 * says nothing of the command: it may have been done, and the rejection says so with `PAYMENTS_GATEWAY_UNAVAILABLE`.
 */
export async function afterwards<Answer>(gateway: string, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (cause) {
    throw gatewayErrors.PAYMENTS_GATEWAY_UNAVAILABLE(
      { gateway, reason: 'what became of the command could not be asked' },
      { cause },
    )
  }
}
