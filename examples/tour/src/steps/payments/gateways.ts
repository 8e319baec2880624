import { systemClock, type Clock } from '@exprsn/core'
import { SeededRandom, type SimulatedClock } from '@exprsn/core/testing'
import { authorizeNetGateway } from '@exprsn/payments/drivers/authorizenet'
import { paypalGateway } from '@exprsn/payments/drivers/paypal'
import { stripeGateway } from '@exprsn/payments/drivers/stripe'
import type { PaymentGateway } from '@exprsn/payments/gateway'
import { simulateAuthorizeNet, simulatePaypal, simulateStripe, type GatewaySimulator } from '@exprsn/payments/testing'
import { Client } from '@paypal/paypal-server-sdk'
import Stripe from 'stripe'

/** A simulated gateway and our driver to it. */
export interface Counter {
  readonly simulator: GatewaySimulator
  readonly gateway: PaymentGateway
  readonly currency: string
  /** What the log of the simulator calls a charge. */
  readonly charge: string
  /** What the gateway's form in the browser gives for a card that pays, or for one that is declined. */
  token(declined: boolean): string
}

/** How long a client waits for a gateway that does not answer, in milliseconds. */
const patience = 2_000

/** Stripe, PayPal and Authorize.Net in this process; their SDKs are the real ones. */
export async function openCounters(clock: SimulatedClock): Promise<Readonly<Record<string, Counter>>> {
  const random = new SeededRandom('gateways')
  // What a gateway dates goes by the simulated clock, waiting for it by the real one.
  const time: Clock = {
    now: () => clock.now(),
    monotonic: () => systemClock.monotonic(),
    setTimer: (...timer) => systemClock.setTimer(...timer),
  }
  const stripe = await simulateStripe({ clock, random })
  const paypal = await simulatePaypal({ clock, random })
  const authorizenet = await simulateAuthorizeNet({ clock, random })
  const { webhookId, certificates: webhookCertificates, roots: webhookRoots } = paypal
  const { apiLoginId, transactionKey, signatureKey } = authorizenet
  return {
    stripe: {
      simulator: stripe,
      gateway: stripeGateway({
        client: new Stripe(stripe.apiKey, { ...stripe.clientConfig, timeout: patience }),
        webhookSecrets: [stripe.webhookSecret],
        clock: time,
      }),
      currency: 'EUR',
      charge: 'POST /v1/payment_intents',
      token: (declined) => (declined ? 'pm_card_visa_chargeDeclined' : 'pm_card_visa'),
    },
    paypal: {
      simulator: paypal,
      gateway: paypalGateway({
        client: new Client({ ...paypal.clientConfig, timeout: patience }),
        baseUrl: paypal.url,
        clock: time,
        webhookIds: [webhookId],
        webhookCertificates,
        webhookRoots,
      }),
      currency: 'EUR',
      charge: 'POST /v2/checkout/orders',
      token: (declined) => paypal.createToken(declined ? 'declines' : 'pays'),
    },
    authorizenet: {
      simulator: authorizenet,
      gateway: authorizeNetGateway({
        ...{ apiLoginId, transactionKey, baseUrl: authorizenet.url, timeout: patience, clock: time },
        signatureKeys: [signatureKey],
      }),
      currency: 'USD',
      charge: 'createTransactionRequest',
      token: (declined) => authorizenet.createToken(declined ? 'declines' : 'pays'),
    },
  }
}
