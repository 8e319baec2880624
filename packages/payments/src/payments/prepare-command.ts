import { hash } from 'node:crypto'
import type { Queryable } from '@exprsn/core/database'
import { checkCommand } from '../gateway/check-command.ts'
import type { Refusal } from '../gateway/decline.ts'
import { isCurrency } from '../money/currency.ts'
import type { Money } from '../money/money.ts'
import type { Attempt, Operation } from './attempt.ts'
import { lease, type Engine } from './engine.ts'
import { paymentErrors } from './errors.ts'
import type { Payment } from './payment.ts'
import { encodeJson } from './stored-json.ts'

/** A command before it is written down. */
export interface Draft {
  readonly gateway: string
  readonly operation: Operation
  readonly payment?: string | undefined
  readonly command: Attempt['command']
  /** `ready`: to be sent later; else it is sent at once. @default false */
  readonly later?: boolean | undefined
}

/** What writing a command down gave. */
export type Prepared =
  /** New: send it. */
  | { readonly kind: 'fresh'; readonly attempt: Attempt }
  /** Written down before. */
  | { readonly kind: 'known'; readonly attempt: Attempt }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

/** Checks what every gateway wants. @throws `PAYMENTS_GATEWAY_INPUT_INVALID`, `PAYMENTS_CARD_NUMBER_REFUSED` */
export function checkDraft({ gateway, command }: Draft): void {
  checkCommand(gateway, command)
  const amount = command['amount'] as Money | undefined
  if (amount !== undefined && !isCurrency(amount.currency))
    throw paymentErrors.PAYMENTS_COMMAND_INVALID({ field: 'amount.currency', reason: 'is not a currency of ISO 4217' })
  if (amount !== undefined && amount.amount > 2n ** 53n)
    throw paymentErrors.PAYMENTS_COMMAND_INVALID({ field: 'amount', reason: 'is beyond what any gateway takes' })
}

/** What may be known of a command before it is written down. */
interface Beforehand {
  /** The record of the key, read under its lock in this transaction; left out, it is read. */
  readonly before?: Attempt | undefined
  /** May refuse it, under the payment's lock. */
  readonly refusalOf?: ((tx: Queryable) => Promise<Refusal | undefined>) | undefined
}

/** Writes a command down, unless its key is taken. */
export async function prepareCommand(
  engine: Engine,
  tx: Queryable,
  draft: Draft,
  beforehand: Beforehand = {},
): Promise<Prepared> {
  const { gateway, operation, payment, command, later = false } = draft
  const digest = hash(
    'sha256',
    encodeJson([gateway, operation, operation === 'charge' ? '' : payment, sorted(command)]),
    'hex',
  )
  const before = 'before' in beforehand ? beforehand.before : await engine.store.lockAttempt(tx, command.key)
  if (before !== undefined && (later || before.status !== 'not_done')) return known(before, digest)
  const again = before && known(before, digest)
  const refusal = await beforehand.refusalOf?.(tx)
  if (refusal !== undefined) return { kind: 'refused', refusal }
  const now = engine.now()
  // What was certainly not done held nothing back: it is checked and taken anew.
  if (again?.kind === 'known') {
    await engine.store.claimAttempt(tx, command.key, now, now + lease)
    return { kind: 'fresh', attempt: { ...again.attempt, status: 'sent', sentAt: now } }
  }
  const attempt: Attempt = {
    key: command.key,
    gateway,
    operation,
    payment,
    amount: (command['amount'] as Money | undefined)?.amount ?? 0n,
    digest,
    command,
    status: later ? 'ready' : 'sent',
    result: undefined,
    sentAt: later ? undefined : now,
    tries: 0,
    dueAt: later ? now : now + lease,
  }
  if (await engine.store.insertAttempt(tx, attempt)) return { kind: 'fresh', attempt }
  // Somebody else was faster, and has ended by now.
  return known((await engine.store.attempt(tx, command.key))!, digest)
}

function known(attempt: Attempt, digest: string): Prepared {
  if (attempt.digest !== digest) throw paymentErrors.PAYMENTS_KEY_REUSED({ key: attempt.key })
  return { kind: 'known', attempt }
}

function sorted(command: Attempt['command']): unknown {
  return Object.entries(command)
    .filter(([, value]) => value !== undefined)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
}

/** A payment that nothing has happened to yet. */
export function newPayment(
  id: string,
  {
    gateway,
    key,
    order,
    amount,
    now,
  }: Pick<Payment, 'gateway' | 'key' | 'order' | 'amount'> & { readonly now: number },
): Payment {
  const nothing = { amount: 0n, currency: amount.currency }
  return {
    id,
    gateway,
    reference: undefined,
    key,
    order,
    state: 'created',
    amount,
    authorised: nothing,
    captured: nothing,
    refunded: nothing,
    method: undefined,
    decline: undefined,
    nextAction: undefined,
    createdAt: new Date(now),
    updatedAt: new Date(now),
  }
}
