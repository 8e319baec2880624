import { gatewayErrors } from '../../gateway/errors.ts'
import type { PaypalSdk } from './paypal-client.ts'

/** The server SDK, loaded with the first use. */
export async function loadPaypal(importPaypal?: () => Promise<unknown>): Promise<PaypalSdk> {
  try {
    const loaded = importPaypal === undefined ? await import('@paypal/paypal-server-sdk') : await importPaypal()
    return loaded as PaypalSdk
  } catch (cause) {
    throw gatewayErrors.PAYMENTS_GATEWAY_PEER_MISSING(
      { gateway: 'paypal', package: '@paypal/paypal-server-sdk' },
      { cause },
    )
  }
}
