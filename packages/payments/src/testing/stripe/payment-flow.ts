import type { StripeAccount } from './stripe-account.ts'
import { authorisationLifetime, disputeFee, settlementDelay } from './stripe-account.ts'
import { renderIntent } from './render.ts'
import type { ChargeRecord, DisputeRecord, IntentRecord } from './stripe-objects.ts'
import { StripeRefusal } from './stripe-refusal.ts'
import { testMethodOf, type TestMethod } from './test-methods.ts'

/** Tries to pay an intent with its method, as confirming it does. @throws StripeRefusal for declines */
export function confirmIntent(
  account: StripeAccount,
  intent: IntentRecord,
  { authenticated = false, offSession = false } = {},
): void {
  const method = testMethodOf(account.methods.get(intent.method ?? '')?.token ?? intent.method ?? '')
  if (method === undefined || intent.method === undefined)
    throw new StripeRefusal(400, {
      type: 'invalid_request_error',
      code: 'resource_missing',
      param: 'payment_method',
      message: `No such PaymentMethod: '${intent.method}'`,
    })
  if (method.behaviour === 'declines') throw decline(account, intent, method)
  if (method.behaviour === 'authenticates' && !authenticated) {
    if (offSession)
      throw decline(account, intent, {
        ...method,
        errorCode: 'authentication_required',
        declineCode: 'authentication_required',
      })
    intent.status = 'requires_action'
    account.emitIntent('payment_intent.requires_action', intent)
    return
  }
  const charge = openCharge(account, intent, method.behaviour === 'processes' ? 'pending' : 'succeeded')
  if (method.behaviour === 'processes') {
    intent.status = 'processing'
    account.emitIntent('payment_intent.processing', intent)
    return
  }
  if (intent.captureMethod === 'manual') {
    Object.assign(intent, { status: 'requires_capture', capturable: intent.amount })
    account.emitCharge('charge.succeeded', charge)
    account.emitIntent('payment_intent.amount_capturable_updated', intent)
    return
  }
  takeMoney(account, intent, charge, intent.amount, true)
  account.emitCharge('charge.succeeded', charge)
  if (method.behaviour === 'disputes')
    openDispute(account, charge, { amount: charge.amount, reason: 'fraudulent', inquiry: false })
}

/** The end of a payment that was processing. */
export function finishProcessing(account: StripeAccount, intent: IntentRecord, succeeds: boolean): void {
  const charge = account.charges.get(intent.charge!)!
  if (succeeds) {
    account.charges.set(charge.id, { ...charge, status: 'succeeded' })
    takeMoney(account, intent, account.charges.get(charge.id)!, intent.amount, true)
    account.emitCharge('charge.succeeded', account.charges.get(charge.id)!)
    return
  }
  account.charges.set(charge.id, { ...charge, status: 'failed' })
  failIntent(account, intent, { code: 'payment_method_provider_decline', declineCode: undefined })
}

/** Moves money of an authorised or new charge to the balance. The last capture gives the rest of the reservation free. */
export function takeMoney(
  account: StripeAccount,
  intent: IntentRecord,
  charge: ChargeRecord,
  amount: number,
  final: boolean,
): void {
  const entry = account.enter({
    kind: 'charge',
    gross: BigInt(amount),
    fee: BigInt(account.feeOf(amount, charge.currency)),
    currency: charge.currency,
    availableAt: account.clock.now() + settlementDelay,
    source: charge.id,
    payment: intent.id,
  })
  charge.balanceTransaction ??= entry.id
  charge.amountCaptured += amount
  charge.captured = true
  intent.received += amount
  intent.capturable = final ? 0 : intent.capturable - amount
  // With several captures the intent keeps waiting until the last of them.
  intent.status = final || intent.capturable === 0 ? 'succeeded' : 'requires_capture'
  if (intent.status === 'succeeded') account.emitIntent('payment_intent.succeeded', intent)
  else account.emitIntent('payment_intent.amount_capturable_updated', intent)
}

/** A buyer's bank takes the money back, or only asks. */
export function openDispute(
  account: StripeAccount,
  charge: ChargeRecord,
  {
    amount,
    reason,
    inquiry,
    networkReason,
  }: {
    readonly amount: number
    readonly reason: string
    readonly inquiry: boolean
    readonly networkReason?: string | undefined
  },
): DisputeRecord {
  const dispute: DisputeRecord = {
    id: account.createId('du'),
    createdAt: account.clock.now(),
    intent: charge.intent,
    charge: charge.id,
    amount,
    currency: charge.currency,
    reason,
    dueBy: account.clock.now() + 9 * 86_400_000,
    status: inquiry ? 'warning_needs_response' : 'needs_response',
    balanceTransactions: [],
    networkReason,
    evidence: {},
    submissions: 0,
  }
  account.disputes.set(dispute.id, dispute)
  charge.disputed = true
  if (!inquiry) moveDisputedMoney(account, dispute, 'dispute')
  account.emitDispute('charge.dispute.created', dispute)
  if (!inquiry) account.emitDispute('charge.dispute.funds_withdrawn', dispute)
  return dispute
}

/** The end of a dispute. Whoever wins gets the amount back, and in this account the fee as well. */
export function closeDispute(account: StripeAccount, dispute: DisputeRecord, won: boolean): void {
  const inquiry = dispute.status.startsWith('warning')
  dispute.status = inquiry ? 'warning_closed' : won ? 'won' : 'lost'
  if (won && !inquiry) moveDisputedMoney(account, dispute, 'dispute_reversal')
  account.emitDispute('charge.dispute.closed', dispute)
  if (won && !inquiry) account.emitDispute('charge.dispute.funds_reinstated', dispute)
}

function moveDisputedMoney(account: StripeAccount, dispute: DisputeRecord, kind: 'dispute' | 'dispute_reversal'): void {
  const sign = kind === 'dispute' ? 1n : -1n
  const entry = account.enter({
    kind,
    gross: -sign * BigInt(dispute.amount),
    fee: sign * BigInt(disputeFee),
    currency: dispute.currency,
    availableAt: account.clock.now(),
    source: dispute.id,
    payment: dispute.intent,
  })
  dispute.balanceTransactions.push(entry.id)
}

function openCharge(account: StripeAccount, intent: IntentRecord, status: ChargeRecord['status']): ChargeRecord {
  const charge: ChargeRecord = {
    id: account.createId('ch'),
    createdAt: account.clock.now(),
    intent: intent.id,
    amount: intent.amount,
    currency: intent.currency,
    method: intent.method!,
    status,
    captured: false,
    amountCaptured: 0,
    amountRefunded: 0,
    disputed: false,
    balanceTransaction: undefined,
    captureBefore: account.clock.now() + authorisationLifetime,
  }
  account.charges.set(charge.id, charge)
  intent.charge = charge.id
  intent.lastError = undefined
  return charge
}

function decline(account: StripeAccount, intent: IntentRecord, method: TestMethod): StripeRefusal {
  const charge = openCharge(account, intent, 'failed')
  failIntent(account, intent, { code: method.errorCode ?? 'card_declined', declineCode: method.declineCode })
  account.emitCharge('charge.failed', charge)
  return new StripeRefusal(402, {
    ...(intent.lastError as { readonly message: string }),
    type: 'card_error',
    charge: charge.id,
    payment_intent: renderIntent(account, intent, new Set()),
  })
}

/** An attempt that ends without money: the intent waits for another method. */
export function failIntent(
  account: StripeAccount,
  intent: IntentRecord,
  { code, declineCode }: { readonly code: string; readonly declineCode: string | undefined },
): void {
  intent.status = 'requires_payment_method'
  intent.lastError = {
    type: 'card_error',
    code,
    ...(declineCode === undefined ? {} : { decline_code: declineCode }),
    message: `The payment was declined (${declineCode ?? code}).`,
  }
  account.emitIntent('payment_intent.payment_failed', intent)
  intent.method = undefined
}
