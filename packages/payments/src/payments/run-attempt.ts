import { ExprsnError } from '@exprsn/core'
import { gatewayErrors } from '../gateway/errors.ts'
import type { Attempt } from './attempt.ts'
import { lease, type Engine } from './engine.ts'
import { recordAnswer } from './record-answer.ts'
import { sendCommand, type Answer } from './send-command.ts'

/**
 * Sends a command that has been claimed and records the answer. The claim was committed before: whatever happens from here
 * on, others find it and ask the gateway. Gives the command as it is then; rejects with the fault of one that was certainly
 * not done.
 */
export async function runAttempt(engine: Engine, attempt: Attempt, signal: AbortSignal | undefined): Promise<Attempt> {
  const { store, database } = engine
  let answer: Answer
  try {
    answer = await sendCommand(engine.gateway(attempt.gateway), attempt, signal)
  } catch (error) {
    if (!isCertainlyNotDone(error)) answer = { known: false, reason: reasonOf(error) }
    else {
      await store.setAttempt(database, attempt.key, 'not_done', { due: engine.now(), tries: attempt.tries })
      throw error
    }
  }
  if (answer.known) return recordAnswer(engine, attempt, answer)
  engine.logger.warn(
    { gateway: attempt.gateway, key: attempt.key, reason: answer.reason },
    'A payment command has no answer yet.',
  )
  // It may have become known meanwhile, through a webhook.
  return database.transaction(async (tx) => {
    const now = (await store.lockAttempt(tx, attempt.key))!
    if (now.status !== 'sent') return now
    const due = engine.now()
    await store.setAttempt(tx, attempt.key, 'unknown', { due, tries: 0 })
    return { ...now, status: 'unknown', tries: 0, dueAt: due }
  })
}

/** Takes a command that is ready, or that was certainly not done; false when somebody else has. */
export function claim(engine: Engine, key: string): Promise<boolean> {
  const now = engine.now()
  return engine.store.claimAttempt(engine.database, key, now, now + lease)
}

/**
 * Gateways promise that what they throw was not done. What is not one of the gateways' own errors comes from somewhere
 * else, and promises nothing.
 */
function isCertainlyNotDone(error: unknown): boolean {
  // Amounts are converted before anything is sent.
  if (ExprsnError.is(error) && error.code === 'PAYMENTS_AMOUNT_NOT_REPRESENTABLE') return true
  return (
    ExprsnError.is(error) &&
    Object.hasOwn(gatewayErrors.definitions, error.code) &&
    error.code !== 'PAYMENTS_GATEWAY_UNAVAILABLE' &&
    error.code !== 'PAYMENTS_GATEWAY_ANSWER_INVALID'
  )
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
