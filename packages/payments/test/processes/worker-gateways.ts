import { request, type IncomingMessage, type RequestOptions } from 'node:http'
import type { Clock } from '@exprsn/core'
import { Client } from '@paypal/paypal-server-sdk'
import Stripe from 'stripe'
import { authorizeNetGateway } from '../../src/drivers/authorizenet.ts'
import { paypalGateway } from '../../src/drivers/paypal.ts'
import { stripeGateway } from '../../src/drivers/stripe.ts'

/** What a worker is told: it stands in its command line. */
export interface WorkerSettings {
  readonly connection: Readonly<Record<string, unknown>> & { readonly host: string }
  readonly stripe: { readonly apiKey: string; readonly host: string; readonly port: number }
  readonly paypal: { readonly url: string; readonly clientId: string; readonly clientSecret: string }
  readonly authorizenet: { readonly url: string; readonly apiLoginId: string; readonly transactionKey: string }
  readonly orders: readonly WorkerOrder[]
}

/** An order of the test. */
export interface WorkerOrder {
  readonly id: string
  readonly gateway: 'stripe' | 'paypal' | 'authorizenet'
  readonly cents: number
  readonly currency: string
  readonly token: string
}

/** The three gateways, led to the simulators of the test's own process. */
export function workerGateways({ stripe, paypal, authorizenet }: WorkerSettings, clock?: Clock) {
  const { host, port } = stripe
  const client = new Stripe(stripe.apiKey, { host, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false })
  return {
    stripe: stripeGateway({ client, clock }),
    paypal: paypalGateway({ client: paypalClient(paypal), baseUrl: paypal.url, clock }),
    authorizenet: authorizeNetGateway({
      ...{ apiLoginId: authorizenet.apiLoginId, transactionKey: authorizenet.transactionKey },
      ...{ baseUrl: authorizenet.url, clock },
    }),
  }
}

function paypalClient({ url, clientId: oAuthClientId, clientSecret: oAuthClientSecret }: WorkerSettings['paypal']) {
  return new Client({
    clientCredentialsAuthCredentials: { oAuthClientId, oAuthClientSecret },
    unstable_httpClientOptions: { transport: transportTo(new URL(url)), maxRedirects: 0 },
  })
}

/** The SDK has no option for another address: a transport leads it there. */
function transportTo({ hostname: host, port }: URL) {
  return {
    request: ({ method, path, headers }: RequestOptions, onResponse: (response: IncomingMessage) => void) =>
      request({ method: method ?? 'GET', path: path ?? '/', headers: headers ?? {}, host, port }, onResponse),
  }
}
