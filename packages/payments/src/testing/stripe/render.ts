import type { StripeAccount } from './stripe-account.ts'
import type {
  ChargeRecord,
  CustomerRecord,
  DisputeRecord,
  EventRecord,
  IntentRecord,
  MethodRecord,
  PayoutRecord,
  RefundRecord,
} from './stripe-objects.ts'
import type { BalanceEntry } from '../simulator/balance-book.ts'
import { testMethodOf } from './test-methods.ts'

/** Paths that `expand` names, without the leading `data.` of lists. */
export type Expansion = ReadonlySet<string>

// The shapes follow the response types of the stripe package; fields that no payment flow reads are left out.

export function renderIntent(account: StripeAccount, intent: IntentRecord, expand: Expansion): unknown {
  const charge = intent.charge === undefined ? undefined : account.charges.get(intent.charge)
  const redirect = intent.returnUrl !== undefined
  return {
    id: intent.id,
    object: 'payment_intent',
    amount: intent.amount,
    amount_capturable: intent.capturable,
    amount_received: intent.received,
    canceled_at: seconds(intent.canceledAt),
    cancellation_reason: intent.cancellationReason ?? null,
    capture_method: intent.captureMethod,
    client_secret: `${intent.id}_secret_simulated`,
    confirmation_method: 'automatic',
    created: seconds(intent.createdAt),
    currency: intent.currency,
    customer: intent.customer ?? null,
    description: intent.description ?? null,
    last_payment_error: intent.lastError ?? null,
    latest_charge:
      charge !== undefined && expand.has('latest_charge')
        ? renderCharge(account, charge, below(expand, 'latest_charge'))
        : (intent.charge ?? null),
    livemode: false,
    metadata: { ...intent.metadata },
    next_action:
      intent.status !== 'requires_action'
        ? null
        : redirect
          ? {
              type: 'redirect_to_url',
              redirect_to_url: { url: `https://hooks.stripe.com/simulated/${intent.id}`, return_url: intent.returnUrl },
            }
          : { type: 'use_stripe_sdk', use_stripe_sdk: {} },
    payment_method: intent.method ?? null,
    payment_method_types: ['card'],
    setup_future_usage: intent.keepMethod ? 'off_session' : null,
    status: intent.status,
  }
}

export function renderCharge(account: StripeAccount, charge: ChargeRecord, expand: Expansion): unknown {
  const intent = account.intents.get(charge.intent)!
  const entry = account.book.entries.find(({ id }) => id === charge.balanceTransaction)
  return {
    id: charge.id,
    object: 'charge',
    amount: charge.amount,
    amount_captured: charge.amountCaptured,
    amount_refunded: charge.amountRefunded,
    balance_transaction:
      entry !== undefined && expand.has('balance_transaction')
        ? renderBalanceTransaction(account, entry)
        : (charge.balanceTransaction ?? null),
    captured: charge.captured,
    created: seconds(charge.createdAt),
    currency: charge.currency,
    customer: intent.customer ?? null,
    disputed: charge.disputed,
    failure_code: charge.status === 'failed' ? (intent.lastError?.['code'] ?? null) : null,
    livemode: false,
    metadata: { ...intent.metadata },
    paid: charge.status === 'succeeded',
    payment_intent: charge.intent,
    payment_method: charge.method,
    payment_method_details: methodDetails(account.methods.get(charge.method)?.token ?? charge.method),
    refunded: charge.amountRefunded === charge.amountCaptured && charge.amountRefunded > 0,
    ...(expand.has('refunds')
      ? {
          refunds: renderList(
            [...account.refunds.values()].filter((each) => each.charge === charge.id).map(renderRefund),
          ),
        }
      : {}),
    status: charge.status,
  }
}

function methodDetails(token: string): unknown {
  const method = testMethodOf(token) ?? { type: 'card', brand: 'visa', last4: '4242' }
  return {
    type: method.type,
    [method.type]: { brand: method.brand, last4: method.last4, exp_month: 12, exp_year: 2034 },
  }
}

export function renderRefund(refund: RefundRecord): unknown {
  return {
    id: refund.id,
    object: 'refund',
    amount: refund.amount,
    balance_transaction: refund.balanceTransaction,
    charge: refund.charge,
    created: seconds(refund.createdAt),
    currency: refund.currency,
    ...(refund.failureReason === undefined ? {} : { failure_reason: refund.failureReason }),
    metadata: { ...refund.metadata },
    payment_intent: refund.intent,
    reason: refund.reason ?? null,
    status: refund.status,
  }
}

export function renderDispute(account: StripeAccount, dispute: DisputeRecord): unknown {
  const entries = account.book.entries.filter(({ id }) => dispute.balanceTransactions.includes(id))
  return {
    id: dispute.id,
    object: 'dispute',
    amount: dispute.amount,
    balance_transactions: entries.map((entry) => renderBalanceTransaction(account, entry)),
    charge: dispute.charge,
    created: seconds(dispute.createdAt),
    currency: dispute.currency,
    evidence: dispute.evidence,
    evidence_details: {
      due_by: seconds(dispute.dueBy),
      has_evidence: Object.keys(dispute.evidence).length > 0,
      past_due: dispute.dueBy <= account.clock.now(),
      submission_count: dispute.submissions,
    },
    is_charge_refundable: dispute.status.startsWith('warning'),
    livemode: false,
    metadata: {},
    payment_intent: dispute.intent,
    payment_method_details: disputedMethod(account, dispute),
    reason: dispute.reason,
    status: dispute.status,
  }
}

function disputedMethod(account: StripeAccount, { charge, networkReason, status }: DisputeRecord): unknown {
  const { method } = account.charges.get(charge)!
  const { brand = 'visa' } = testMethodOf(account.methods.get(method)?.token ?? method) ?? {}
  const caseType = status.startsWith('warning') ? 'inquiry' : 'chargeback'
  return {
    type: 'card',
    card: { brand, case_type: caseType, network: brand, network_reason_code: networkReason ?? null },
  }
}

export function renderPayout(payout: PayoutRecord): unknown {
  return {
    id: payout.id,
    object: 'payout',
    amount: payout.amount,
    arrival_date: seconds(payout.arrivalAt),
    automatic: payout.automatic,
    balance_transaction: payout.balanceTransaction,
    created: seconds(payout.createdAt),
    currency: payout.currency,
    description: payout.description ?? null,
    failure_code: payout.failureCode ?? null,
    livemode: false,
    metadata: { ...payout.metadata },
    method: 'standard',
    status: payout.status,
    type: 'bank_account',
  }
}

const entryTypes = {
  charge: 'charge',
  refund: 'refund',
  refund_failure: 'refund_failure',
  dispute: 'adjustment',
  dispute_reversal: 'adjustment',
  payout: 'payout',
  payout_failure: 'payout_failure',
} as const

const reportingCategories = {
  charge: 'charge',
  refund: 'refund',
  refund_failure: 'refund_failure',
  dispute: 'dispute',
  dispute_reversal: 'dispute_reversal',
  payout: 'payout',
  payout_failure: 'payout_reversal',
} as const

export function renderBalanceTransaction(
  account: StripeAccount,
  entry: BalanceEntry,
  expand: Expansion = new Set(),
): unknown {
  return {
    id: entry.id,
    object: 'balance_transaction',
    amount: Number(entry.gross),
    available_on: seconds(entry.availableAt),
    created: seconds(entry.at),
    currency: entry.currency,
    fee: Number(entry.fee),
    net: Number(entry.gross - entry.fee),
    reporting_category: reportingCategories[entry.kind],
    source: expand.has('source') ? renderSource(account, entry.source) : entry.source,
    status: entry.availableAt <= account.clock.now() ? 'available' : 'pending',
    type: entryTypes[entry.kind],
  }
}

function renderSource(account: StripeAccount, id: string): unknown {
  const charge = account.charges.get(id)
  if (charge !== undefined) return renderCharge(account, charge, new Set())
  const refund = account.refunds.get(id)
  if (refund !== undefined) return renderRefund(refund)
  const dispute = account.disputes.get(id)
  if (dispute !== undefined) return renderDispute(account, dispute)
  const payout = account.payouts.get(id)
  return payout === undefined ? id : renderPayout(payout)
}

export function renderCustomer(customer: CustomerRecord): unknown {
  return {
    id: customer.id,
    object: 'customer',
    created: seconds(customer.createdAt),
    email: customer.email ?? null,
    name: customer.name ?? null,
    livemode: false,
    metadata: { ...customer.metadata },
  }
}

export function renderMethod(_account: StripeAccount, method: MethodRecord): unknown {
  const details = testMethodOf(method.token)!
  return {
    id: method.id,
    object: 'payment_method',
    created: seconds(method.createdAt),
    customer: method.customer ?? null,
    livemode: false,
    metadata: {},
    type: details.type,
    [details.type]: { brand: details.brand, last4: details.last4, exp_month: 12, exp_year: 2034 },
  }
}

/** An event with the object as it was when the event happened. */
export function renderEvent(event: EventRecord, apiVersion: string): unknown {
  return {
    id: event.id,
    object: 'event',
    api_version: apiVersion,
    created: seconds(event.createdAt),
    data: { object: event.object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: event.type,
  }
}

/** A list that is whole. */
export function renderList(data: readonly unknown[], more = false): unknown {
  return { object: 'list', data, has_more: more, url: '/v1/simulated' }
}

/** What remains of the paths below a field. */
function below(expand: Expansion, field: string): Expansion {
  const prefix = `${field}.`
  return new Set([...expand].filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length)))
}

/** Expanding `a.b` expands `a`. */
export function expansionOf(paths: readonly string[]): Expansion {
  return new Set(paths.flatMap((path) => path.split('.').map((_, index, parts) => parts.slice(0, index + 1).join('.'))))
}

function seconds(milliseconds: number | undefined): number | null {
  return milliseconds === undefined ? null : Math.floor(milliseconds / 1000)
}
