import { amexReasons } from './amex-reasons.ts'
import { discoverReasons } from './discover-reasons.ts'
import { mastercardReasons, broadMastercardReasons } from './mastercard-reasons.ts'
import { paypalReasons } from './paypal-reasons.ts'
import { stripeReasons } from './stripe-reasons.ts'
import { visaReasons } from './visa-reasons.ts'

/** What a dispute is about, whoever's code says so. */
export type ReasonFamily =
  | 'fraud'
  | 'not_received'
  | 'not_as_described'
  | 'cancelled'
  | 'credit_not_processed'
  | 'duplicate'
  | 'authorisation'
  | 'processing_error'
  | 'other'

/** Families by code. */
export type ReasonTable = Readonly<Record<string, ReasonFamily>>

const networks: Readonly<Record<string, ReasonTable>> = {
  visa: visaReasons,
  mastercard: mastercardReasons,
  amex: amexReasons,
  american_express: amexReasons,
  discover: discoverReasons,
  diners: discoverReasons,
}

/** What is known of a dispute's reason. */
export interface DisputeReason {
  /** The network of the card, in lower case. */
  readonly network?: string | undefined
  /** The network's code, such as `10.4`, `4853`, `F29`, `UA02`. */
  readonly networkReason?: string | undefined
  /** The gateway's word, such as `fraudulent` or `MERCHANDISE_OR_SERVICE_NOT_RECEIVED`. */
  readonly reason?: string | undefined
}

/**
 * The family of a reason. The network's code decides; where that is broad (Mastercard puts half of all quarrels under 4853) or
 * not known, the gateway's word does.
 *
 * @example
 * ```ts
 * import { reasonFamily } from '@exprsn/payments/dispute'
 *
 * console.log(reasonFamily({ network: 'visa', networkReason: '13.1' })) // not_received
 * console.log(reasonFamily({ network: 'mastercard', networkReason: '4853', reason: 'subscription_canceled' })) // cancelled
 * console.log(reasonFamily({ reason: 'UNAUTHORISED' })) // fraud
 * ```
 */
export function reasonFamily({ network = '', networkReason = '', reason = '' }: DisputeReason): ReasonFamily {
  const code = networkReason.trim().toUpperCase()
  const byCode = network === '' ? anyNetwork(code) : at(at(networks, network.toLowerCase()), code)
  const byWord = at(stripeReasons, reason.toLowerCase()) ?? at(paypalReasons, reason.toUpperCase())
  const isBroad = byCode === undefined || (network.toLowerCase() === 'mastercard' && broadMastercardReasons.has(code))
  if (isBroad && byWord !== undefined && byWord !== 'other') return byWord
  return byCode ?? byWord ?? 'other'
}

/** Codes look different in each network, so that most files leave its name out. */
function anyNetwork(code: string): ReasonFamily | undefined {
  return [visaReasons, mastercardReasons, amexReasons, discoverReasons].map((table) => at(table, code)).find(Boolean)
}

/** What a file says is no name of a property that every object has. */
function at<Value>(table: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined
}
