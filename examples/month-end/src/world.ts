import { systemClock, type Clock } from '@exprsn/core'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { authorizeNetGateway } from '@exprsn/payments/drivers/authorizenet'
import { paypalGateway } from '@exprsn/payments/drivers/paypal'
import { stripeGateway } from '@exprsn/payments/drivers/stripe'
import { simulateAuthorizeNet, simulatePaypal, simulateStripe } from '@exprsn/payments/testing'
import { Client } from '@paypal/paypal-server-sdk'
import Stripe from 'stripe'

/** Three gateways in this process, on a calendar that can be moved on. In production these are the gateways alone. */
export async function openWorld(begin: Date) {
  const calendar = new SimulatedClock({ now: begin.getTime() })
  // Days go by as we want them to; waiting for an answer takes as long as it takes.
  const clock: Clock = {
    now: () => calendar.now(),
    monotonic: () => systemClock.monotonic(),
    setTimer: (...timer) => systemClock.setTimer(...timer),
  }
  const random = new SeededRandom(11)
  const stripe = await simulateStripe({ clock: calendar, random: random.fork('stripe') })
  const paypal = await simulatePaypal({ clock: calendar, random: random.fork('paypal') })
  const authorizenet = await simulateAuthorizeNet({ clock: calendar, random: random.fork('authorizenet') })
  const { apiLoginId, transactionKey } = authorizenet
  const gateways = {
    stripe: stripeGateway({ client: new Stripe(stripe.apiKey, stripe.clientConfig), clock }),
    paypal: paypalGateway({ client: new Client(paypal.clientConfig), baseUrl: paypal.url, clock }),
    authorizenet: authorizeNetGateway({ apiLoginId, transactionKey, baseUrl: authorizenet.url, clock }),
  }
  const close = async (): Promise<void> => {
    await Promise.all([stripe, paypal, authorizenet].map((each) => each.close()))
  }
  return {
    calendar,
    clock,
    random,
    gateways,
    simulators: { stripe, paypal, authorizenet },
    tokens: {
      stripe: () => 'pm_card_visa',
      paypal: () => paypal.createToken(),
      authorizenet: () => authorizenet.createToken(),
    },
    [Symbol.asyncDispose]: close,
  }
}

/** What {@link openWorld} gives. */
export type World = Awaited<ReturnType<typeof openWorld>>
