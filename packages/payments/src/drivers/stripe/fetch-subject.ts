import type { EventSubject } from '../../gateway/gateway-event.ts'
import type { GatewaySnapshot } from '../../gateway/snapshot.ts'
import type { StripeClientLike } from './stripe-client.ts'
import {
  disputeFromStripe,
  idOf,
  intentExpansion,
  methodFromStripe,
  paymentFromIntent,
  payoutFromStripe,
  refundFromStripe,
} from './stripe-snapshot.ts'

/** How something stands at Stripe. A capture is told with the payment that it belongs to. */
export async function fetchSubject(
  client: StripeClientLike,
  kind: EventSubject['kind'],
  reference: string,
): Promise<GatewaySnapshot | undefined> {
  switch (kind) {
    case 'payment':
      return paymentFromIntent(await client.paymentIntents.retrieve(reference, { expand: intentExpansion } as never))
    case 'refund':
      return refundFromStripe(await client.refunds.retrieve(reference))
    case 'payout':
      return payoutFromStripe(await client.payouts.retrieve(reference))
    case 'dispute':
      return disputeFromStripe(await client.disputes.retrieve(reference))
    case 'method':
      return methodFromStripe(await client.paymentMethods.retrieve(reference))
    case 'capture': {
      const charge = await client.charges.retrieve(reference.split(':')[0]!)
      const payment = idOf(charge.payment_intent)
      return payment === undefined ? undefined : fetchSubject(client, 'payment', payment)
    }
  }
}
