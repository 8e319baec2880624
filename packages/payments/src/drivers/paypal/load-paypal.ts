import { gatewayErrors } from '../../gateway/errors.ts'
import type { PaypalSdk } from './paypal-client.ts'

/** The server SDK, loaded with the first use. */
export async function loadPaypal(): Promise<PaypalSdk> {
  try {
    return (await import('@paypal/paypal-server-sdk')) as unknown as PaypalSdk
  } catch (cause) {
    throw gatewayErrors.PAYMENTS_GATEWAY_PEER_MISSING(
      { gateway: 'paypal', package: '@paypal/paypal-server-sdk' },
      { cause },
    )
  }
}
