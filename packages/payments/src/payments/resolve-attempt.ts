import { conclusiveAfter } from '../gateway/conclusive-after.ts'
import type { LookupQuery } from '../gateway/lookup.ts'
import type { GatewaySnapshot } from '../gateway/snapshot.ts'
import { moneyOperations, type Attempt } from './attempt.ts'
import type { Engine } from './engine.ts'
import { recordAnswer } from './record-answer.ts'
import { operationAnswer, paymentAnswer, type Answer } from './send-command.ts'

/**
 * How often a gateway has to say, with growing pauses, that it does not know a command before that is believed. A clock that
 * jumps makes a command look older than it is; it does not shorten all of the pauses.
 */
const confirmations = 5

/**
 * Finds out what became of a command that no answer came for, by asking and never by doing it again. True when it is known
 * now. When the gateway cannot tell yet, it is asked again later, the longer the later.
 */
export async function resolveAttempt(
  engine: Engine,
  attempt: Attempt,
  signal?: AbortSignal,
  asked = askAbout(engine, attempt, signal),
): Promise<boolean> {
  const { store, database } = engine
  const harmless = isHarmless(attempt)
  const answer = await asked
  if (answer !== 'not_done' && answer.known) {
    await recordAnswer(engine, attempt, answer)
    return true
  }
  return database.transaction(async (tx) => {
    const now = await store.lockAttempt(tx, attempt.key)
    if (now?.status !== 'sent' && now?.status !== 'unknown') return true
    // Sent again since it was asked about: of this sending nothing is known.
    if (now.sentAt !== attempt.sentAt) return false
    if (answer === 'not_done' && (harmless || now.tries >= confirmations)) {
      await store.setAttempt(tx, attempt.key, 'not_done', { due: engine.now(), tries: 0 })
      return true
    }
    // Whoever asks before it is due learns what there is, and does not bring the end nearer.
    const early = now.status === 'unknown' && now.dueAt > engine.now()
    const tries = early ? now.tries : now.tries + 1
    const due = early ? now.dueAt : engine.now() + Math.min(600_000, 5_000 * 2 ** Math.min(tries, 10))
    await store.setAttempt(tx, attempt.key, 'unknown', { due, tries })
    return false
  })
}

/** Asks the gateway, where that is needed. Several are best asked about before the first answer is recorded. */
export async function askAbout(
  engine: Engine,
  attempt: Attempt,
  signal: AbortSignal | undefined,
): Promise<Answer | 'not_done'> {
  return isHarmless(attempt) ? 'not_done' : ask(engine, attempt, signal)
}

/** Whether the gateway is asked about the command itself, and not about what it was to change. */
export function isLookedUp(attempt: Attempt): boolean {
  return !isHarmless(attempt) && !isAskedForState(attempt)
}

function isAskedForState({ operation }: Attempt): boolean {
  return operation === 'resume' || operation === 'acceptDispute' || operation === 'submitEvidence'
}

/** Without effect on money: it is simply done again. */
function isHarmless({ operation }: Attempt): boolean {
  return !moneyOperations.has(operation)
}

async function ask(engine: Engine, attempt: Attempt, signal: AbortSignal | undefined): Promise<Answer | 'not_done'> {
  const { operation } = attempt
  if (isAskedForState(attempt)) return askForState(engine, attempt, signal)
  const query = await queryOf(engine, attempt, operation as LookupQuery['operation'], signal)
  const found = await engine.lookup(attempt.gateway, query)
  if (!found.found) return found.conclusive ? 'not_done' : { known: false, reason: 'The gateway does not know it yet.' }
  return found.operation === 'charge' ? paymentAnswer(found.outcome) : operationAnswer(found.outcome)
}

async function queryOf(
  engine: Engine,
  attempt: Attempt,
  operation: LookupQuery['operation'],
  signal: AbortSignal | undefined,
): Promise<LookupQuery> {
  const { key, command, payment } = attempt
  const stored = payment === undefined ? undefined : await engine.store.payment(engine.database, payment)
  const amount = command['amount'] ?? stored?.payment.amount
  return {
    operation,
    key,
    sentAt: new Date(attempt.sentAt ?? engine.now()),
    amount: amount as LookupQuery['amount'],
    payment: stored?.payment.reference,
    customer: (command['customer'] as string | undefined) ?? stored?.customer,
    signal,
  }
}

/** Commands that lookups do not know show in the state of what they are about. */
async function askForState(
  engine: Engine,
  attempt: Attempt,
  signal: AbortSignal | undefined,
): Promise<Answer | 'not_done'> {
  const { operation, command, sentAt = 0 } = attempt
  const reference = String(command[operation === 'resume' ? 'payment' : 'dispute'])
  const kind = operation === 'resume' ? 'payment' : 'dispute'
  const report = await engine.gateway(attempt.gateway).fetch({ kind, reference }, { signal })
  if (report !== undefined && wentOn(report, attempt))
    return { known: true, result: { status: 'succeeded', reference }, reports: [report] }
  return engine.now() - sentAt >= conclusiveAfter ? 'not_done' : { known: false, reason: 'Nothing has changed yet.' }
}

/**
 * Whether a state is there because of the command. A dispute may also be lost or decided without us: then it is not known, and
 * the command is sent again in the end, under the same key; a gateway that did it says so, another refuses.
 */
function wentOn(report: GatewaySnapshot, { operation, command }: Attempt): boolean {
  if (report.kind === 'payment') return !['created', 'requires_action'].includes(report.state)
  if (report.kind !== 'dispute') return false
  const { state, submissions } = report
  if (operation !== 'submitEvidence') return state === 'accepted'
  const after = command['after']
  return submissions === undefined || typeof after !== 'number' ? state === 'under_review' : submissions > after
}
